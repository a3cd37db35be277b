"""The rest of the report at any position: the same numbers as above it, the report's own words."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from accord import deal as deals
from accord.assessment import Assessment
from accord.assessment.assess import assess
from accord.assessment.sampling import Sampling
from accord.claims import words_of
from accord.report.export import MAKERS
from accord.report.figures import Figures
from accord.report.sections import sections
from accord.web.ground import DRAWS, SEED
from accord.web.library import Asked, Library
from accord.web.moved import fixed_of, values_of
from accord.web.position import position_of

POSITIONS = (
    "",
    "duty=3",
    "t.supply.up_to=50",
    "t.krasnoyarsk.budget=20",
    "t.krasnoyarsk.share.0.share=30",
    "v=two-million&t.supply.at_least=1500",
    "v=duty-free&day=2025-07-01",
    "a.sigma.aluminium=6&duty=5&t.halve-defence-budgets.cut=30",
)


def answer(library: Library, kind: str, query: str, text: str = "") -> dict[str, Any]:
    return json.loads(library.answer(Asked(kind, position_of(query), text)))


@pytest.mark.parametrize("query", POSITIONS)
def test_sections_have_the_numbers_of_the_tables_above(library: Library, query: str) -> None:
    view, more = (answer(library, kind, query) for kind in ("view", "more"))
    assert more["ok"], more
    assert more["query"] == view["query"]
    assert more["headline"].startswith(view["headline"])
    assert len(view["numbers"]) == len(more["numbers"])
    for mine, its in zip(view["numbers"], more["numbers"], strict=True):
        for name in ("before", "after", "low", "high"):
            assert mine[name] == pytest.approx(its[name], rel=1e-7)
    for mine, its in zip(view["parts"], more["parts"], strict=True):
        assert not mine["known"] or mine == its
        assert its["known"]


def test_sections_are_the_reports_own(library: Library) -> None:
    """Nothing of the report is missing from the page, and what is there is word for word alike."""
    run = assess(library._own, sampling=Sampling(DRAWS, SEED))
    assert isinstance(run, Assessment)
    report = {x.name: x.html for x in sections(run, None, Figures(charts=True)) if x.html}
    here = {
        x["name"]: x["html"]
        for kind in ("more", "claims")
        for x in answer(library, kind, "")["sections"]
    }
    above = {"numbers", "trade", "gains", "certificate"}
    assert set(report) - set(here) == above
    for name in set(report) & set(here) - {"accuracy", "certificate"}:
        assert _plain(here[name]) == _plain(report[name]), name


def _plain(html: str) -> str:
    """Return the words and numbers, without seconds that a solve took."""
    return re.sub(r"\d+(\.\d+)? (m?s|seconds)\b", "", re.sub(r"<[^>]+>", " ", html))


def test_what_is_above_is_not_shown_twice(library: Library) -> None:
    names = [x["name"] for x in answer(library, "more", "")["sections"]]
    assert len(names) == len(set(names))
    assert "certificate" not in names
    ids = re.findall(r' id="([^"]+)"', "".join(
        x["html"] for kind in ("more", "claims", "years")
        for x in answer(library, kind, "duty=3")["sections"]
    ))  # fmt: skip
    assert len(ids) == len(set(ids))


def test_why_adds_up_and_has_the_term_that_was_set_on_the_page(library: Library) -> None:
    more = answer(library, "more", "duty=3")
    why = next(x["html"] for x in more["sections"] if x["name"] == "why")
    assert "duty-set-on-the-page" in why
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", why, re.DOTALL)[1:]
    for line in lines:
        cells = [x.replace(",", "").replace("−", "-") for x in re.findall(r">([+−\d.,]+)<", line)]
        *shares, total = (float(x) for x in cells)
        digits = max(len(x.partition(".")[2]) for x in cells)
        assert sum(shares) == pytest.approx(total, abs=0.51 * 10.0**-digits)


def test_the_years_are_those_after_the_day(library: Library) -> None:
    (section,) = answer(library, "years", "duty=3")["sections"]
    assert section["name"] == "years"
    assert "2025" in section["html"]
    assert "2035" in section["html"]


def test_years_that_have_no_answer_say_why(library: Library) -> None:
    (section,) = answer(library, "years", "day=2090-01-01")["sections"]
    assert "There is no path over the years 2090 to 2100 here" in section["html"]


# ------------------------------------------------------------------------------------- parts


@pytest.mark.parametrize(("key", "moved"), [
    ("t.krasnoyarsk.budget", "project"),
    ("t.rare-earths.horizon_years", "minerals"),
    ("t.halve-defence-budgets.cut", "budget"),
    ("t.halve-defence-budgets.years", "budget"),
])  # fmt: skip
def test_a_slider_of_a_part_moves_its_part_and_nothing_else(
    library: Library, key: str, moved: str
) -> None:
    home = answer(library, "view", "")
    there = answer(library, "view", f"{key}=12")
    for name in ("headline", "blocks", "gains", "numbers", "big", "certificate", "draws"):
        assert there[name] == home[name]
    changed = {
        x["name"] for x, y in zip(home["parts"], there["parts"], strict=True) if x != y
    }  # fmt: skip
    assert changed == {f"offer-{moved}"}
    assert there["values"] == {key: 12.0}
    assert len(there["moved"]) == 1


def test_the_market_is_not_solved_again_for_a_part(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = library._desk(Asked("view", position_of("")))
    asked: list[str] = []
    solve = desk.solve
    monkeypatch.setattr(desk, "solve", lambda at: asked.append(at.query) or solve(at))
    answer(library, "view", "duty=4&t.halve-defence-budgets.cut=10")
    assert asked == ["duty=4"]


def test_a_part_that_the_market_moves_comes_with_the_whole_answer(library: Library) -> None:
    parts = {x["name"]: x for x in answer(library, "view", "duty=3")["parts"]}
    assert not parts["offer-project"]["known"]
    assert "Being worked out" in parts["offer-project"]["html"]
    assert parts["offer-budget"]["known"]
    assert parts["offer-minerals"]["known"]


def test_two_holders_have_the_whole(library: Library) -> None:
    desk = library._desk(Asked("view", position_of("")))
    whole = answer(library, "more", "t.krasnoyarsk.share.0.share=30")
    dial = desk.scenario.dials["t.krasnoyarsk.share.0.share"]
    assert dial.rest == "share.1.share"
    html = next(x["html"] for x in whole["sections"] if x["name"] == "part-project")
    assert "Rusal, 70 %" in html


# ------------------------------------------------------------------------------------- files


def file_of(library: Library, kind: str, query: str) -> tuple[str, bytes]:
    found = answer(library, kind, query)
    assert found["ok"], found
    return found["name"], base64.b64decode(found["data"])


@pytest.mark.parametrize("query", POSITIONS[5:])
def test_the_deal_file_says_what_was_moved_and_answers_alike(
    library: Library, tmp_path: Path, query: str
) -> None:
    name, text = file_of(library, "deal.toml", query)
    path = library._beside(tmp_path, text.decode())
    assert name == path.name
    own = deals.load(path, words_of(path))
    desk = library._desk(Asked("view", position_of(query)))
    values = values_of(desk.scenario.dials, position_of(query).moved)
    fixed = fixed_of(desk.scenario.dials, values)
    moves_terms = len(values) > len(fixed)
    assert ("Moved on the live page" in text.decode()) is moves_terms
    run = assess(own, as_of=None if moves_terms else desk.scenario.answer.as_of,
                 variant=None if moves_terms else desk.scenario.deal.active,
                 sampling=Sampling(DRAWS, SEED), fixed=fixed)  # fmt: skip
    assert run.as_of == desk.scenario.answer.as_of
    assert run.headline == answer(library, "more", query)["headline"]


def test_reports_are_what_the_command_writes_of_that_deal(library: Library, tmp_path: Path) -> None:
    query = "t.supply.up_to=50&t.halve-defence-budgets.cut=30"
    _, text = file_of(library, "deal.toml", query)
    path = library._beside(tmp_path, text.decode())
    run = assess(deals.load(path, words_of(path)), years=(2025, 2035),
                 sampling=Sampling(DRAWS, SEED))  # fmt: skip
    name, page = file_of(library, "report.html", query)
    assert name == "us-russia-2025-moved.html"
    said = page.decode()
    assert "50 kt/yr, in place of 2,000 kt/yr" in said
    assert "30 %, in place of 50 %" in said
    assert "us-russia-2025.toml:moved" in said
    assert _plain(said) == _plain(MAKERS[".html"](run).decode())
    name, packed = file_of(library, "report.zip", query)
    assert name == "us-russia-2025-moved.zip"
    assert text in _members(packed).values()


def _members(data: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {x: archive.read(x) for x in archive.namelist()}


def test_at_home_the_report_is_of_the_file_itself(library: Library) -> None:
    name, page = file_of(library, "report.html", "")
    assert name == "us-russia-2025-common-duty.html"
    assert "accord run us-russia-2025:common-duty" in page.decode()
    _, text = file_of(library, "deal.toml", "")
    assert text == library._served.path.read_bytes()


def test_an_infeasible_position_has_no_sections_and_says_why(library: Library) -> None:
    for kind in ("more", "claims", "report.html"):
        found = answer(library, kind, "v=two-million&t.supply.at_least=5000")
        assert not found["ok"]
        assert "capacity" in found["cause"]
