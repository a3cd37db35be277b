"""What the tools answer, without the SDK: numbers with ranges, and words for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.assessment.serialise import to_json
from accord.deal import template
from accord.errors import AccordError, InputError
from accord.mcp_server import tools
from accord.mcp_server.asked import Asked

DEAL = """
[deal]
title = "<script>alert('x')</script>"
date = 2020-07-01
status = "hypothetical"
pack = ["toyland"]

[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"

[[party]]
code = "NOR"
name = "Norway"

[[term]]
id = "end-duty"
kind = "lift"
title = "Cormark ends its duty on Borland's metal"
measures = ["ccc.metal_duty_2020"]
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
source = "own"

[variant.nothing]
title = "Nothing that counts"
drop = ["end-duty"]

[[variant.nothing.term]]
id = "friendship"
kind = "unmodelled"
what = "a festival of friendship"
why = "nobody has measured one"
source = "own"
"""


def text(text: str, variant: str | None = None) -> Asked:
    return Asked(text=text, variant=variant)


def test_what_there_is_to_ask_about() -> None:
    names = [row["name"] for row in tools.list_deals(None)["deals"]]
    assert "us-russia-2025" in names
    assert "toyland" in [row["name"] for row in tools.list_packs()["packs"]]
    assert tools.new_deal()["text"] == template()


def test_numbers_are_those_of_the_answer() -> None:
    found = tools.run_deal(Asked("us-russia-2025"), None, draws=40)
    expected = to_json(assess_named("us-russia-2025", sampling=Sampling(40)))
    rows = {(x["measure"], x["region"], x["good"]): x for x in expected["effects"]}
    flow = next(x for x in found["numbers"] if x["measure"] == "flow")
    row = rows[flow["measure"], flow["region"], flow["good"]]
    for name in ("before", "after", "change", "low", "high", "unit"):
        assert flow[name] == row[name]
    assert flow["low"] < flow["after"] < flow["high"]
    assert flow["low_access"] < flow["after"] < flow["high_access"]
    assert found["certificate"]["ok"] is True
    assert found["headline"] == expected["headline"]
    assert found["draws"] == expected["draws"]
    assert [x["region"] for x in found["gains"]][-1] == "WORLD"
    for x in found["gains"]:
        parts = sum(x[name] for name in ("users", "makers", "treasury", "rents"))
        assert parts == pytest.approx(x["total"])
        assert x["low"] < x["high"]


def test_caveats_come_with_the_numbers() -> None:
    """C17."""
    found = tools.run_deal(text(DEAL, "nothing"), None)
    assert found["caveats"]["not_modelled_of_the_deal"] == ["a festival of friendship"]
    explained = tools.explain_deal(text(DEAL, "nothing"), None)
    assert len(explained["not_modelled"]) == found["caveats"]["not_modelled_in_all"]
    assert len(explained["assumptions"]) == found["caveats"]["assumed_in_all"]


def test_everything_is_plain_json_without_nan() -> None:
    for found in (
        tools.run_deal(Asked("us-russia-2025"), None, years="2025-2026", draws=0),
        tools.explain_deal(Asked("us-russia-2025"), None, draws=20),
        tools.run_deal(Asked("halve-defence-2025"), None),
        tools.explain_deal(Asked("halve-defence-2025"), None),
        tools.list_deals(None),
        tools.list_packs(),
    ):
        assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(found))


def test_a_text_is_answered_and_no_place_of_this_machine_is_told() -> None:
    found = tools.run_deal(text(DEAL), None)
    assert found["title"] == "<script>alert('x')</script>"
    assert found["reproduce"].startswith("accord run deal.toml ")
    assert "accord-" not in json.dumps(found)


def test_a_check_names_every_fault_with_its_fix() -> None:
    faulty = DEAL.replace("2020-07-01", '"soon"').replace('goods = ["metal"]', 'goods = ["mettal"]')
    found = tools.check_deal(text(faulty), None)
    assert found["ok"] is False
    assert {x["file"] for x in found["faults"]} == {"deal.toml"}
    assert all(x["fix"] and x["allowed"] for x in found["faults"])
    assert tools.check_deal(text(DEAL), None)["ok"] is True
    assert tools.check_deal(Asked("us-russia-2025"), None)["ok"] is True


def test_a_text_over_a_megabyte_is_left_unread() -> None:
    with pytest.raises(InputError, match=r"a text of 1\.2 MB, left unread"):
        tools.run_deal(text("#" * 1_200_000), None)
    assert tools.check_deal(text("#" * 1_200_000), None)["ok"] is False


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "deal.toml", "", "..", "a" * 5000, "us-russia-2025/../x",
     "\x00", "~/x.toml", "file:///etc/passwd"],
)  # fmt: skip
def test_no_path_is_ever_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deal.toml").write_text(DEAL, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="a deal by name"):
        tools.run_deal(Asked(name), None)


def test_files_of_the_folder_may_be_named_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "deals"
    folder.mkdir()
    (folder / "mine.toml").write_text(DEAL, "utf-8")
    (tmp_path / "secret.toml").write_text(DEAL, "utf-8")
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    assert tools.list_deals(folder)["files"] == ["mine.toml"]
    assert tools.run_deal(Asked("mine.toml:nothing"), folder)["variant"] == "nothing"
    for name in ("link.toml", "../secret.toml", str(tmp_path / "secret.toml")):
        with pytest.raises(InputError, match="a deal by name"):
            tools.run_deal(Asked(name), folder)


def test_a_text_names_no_folder_as_its_pack(tmp_path: Path) -> None:
    for pack in (str(tmp_path), "../mine", "./mine"):
        with pytest.raises(InputError, match="packs that ship"):
            tools.run_deal(text(DEAL.replace('"toyland"', f'"{pack}"')), None)


@pytest.mark.parametrize(
    ("asked", "options", "says"),
    [
        (Asked(), {}, "one of the two"),
        (Asked("us-russia-2025", DEAL), {}, "one of the two"),
        (Asked("us-russia-2025:nope"), {}, "unknown variant"),
        (Asked(text=DEAL, variant="<b>"), {}, "unknown variant"),
        (Asked("us-russia-2025"), {"as_of": "<img>"}, "YYYY-MM-DD"),
        (Asked("us-russia-2025"), {"closure": "<img>"}, "closure"),
        (Asked("us-russia-2025"), {"years": "1-2"}, "two years"),
        (Asked("us-russia-2025"), {"draws": -1}, "0 to 2,000 draws"),
        (Asked("us-russia-2025"), {"draws": 10**9}, "0 to 2,000 draws"),
        (Asked(text="\ud800"), {}, "UTF-8"),
        (Asked(text="\x00"), {}, "UTF-8"),
    ],
)
def test_what_is_wrong_is_said_in_words(asked: Asked, options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        tools.run_deal(asked, None, **options)


@given(st.text(min_size=1, max_size=200))
@settings(max_examples=30, deadline=None)
def test_no_text_ends_otherwise_than_in_words(garbage: str) -> None:
    for asked in (Asked(deal=garbage), Asked(text=garbage)):
        assert tools.check_deal(asked, None)["faults"]
    with pytest.raises(AccordError, match="found"):
        tools.run_deal(Asked("us-russia-2025", variant=garbage), None)


def test_a_number_may_be_fixed() -> None:
    fix = {"sigma.aluminium": 6.0}
    found = tools.run_deal(Asked("us-russia-2025"), None, draws=0, fix=fix)
    assert [(x["name"], x["value"]) for x in found["fixed"]] == list(fix.items())
    assert "--fix sigma.aluminium=6" in found["reproduce"]
    why = tools.explain_deal(Asked("us-russia-2025"), None, draws=0, fix=fix)
    assert why["assumptions"][0]["where"] == "fixed"
    with pytest.raises(InputError, match="sigma"):
        tools.explain_deal(Asked("us-russia-2025"), None, draws=0, fix={"sigma": 6.0})
