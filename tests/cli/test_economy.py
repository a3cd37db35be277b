"""``accord economy`` and ``accord data`` as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from accord.cases.published import published_folder
from accord.cli import cli

Accord = Callable[..., "CompletedProcess[str]"]
DUTY = "USA:CHN:*=10%"
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"


def invoke(*arguments: object) -> CompletedProcess[str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return CompletedProcess([], done.exit_code, done.stdout, done.stderr)


def test_duties_are_answered_on_one_screen(accord: Accord) -> None:
    done = accord("economy", "run", "--duty", DUTY)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("USA charges 10 % more on everything from CHN\n")
    for part in ("Who gains, who loses", "Certified:", "Assumed (", "Not modelled (", "Data ("):
        assert part in done.stdout, part


def test_json_is_one_object_without_nan() -> None:
    done = invoke("economy", "run", "--duty", DUTY, "--model", "one-sector", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    assert answer["model"] == "one-sector"
    assert answer["certificate"]["ok"] is True
    assert {r["measure"] for r in answer["effects"]} >= {"welfare", "real wage", "tariff revenue"}
    assert answer["duties"] == [
        {"importer": "USA", "exporter": "CHN", "sector": "*", "rate": pytest.approx(0.1)}
    ]


def test_a_deal_is_answered_by_both_engines(accord: Accord) -> None:
    done = accord("economy", "run", "us-russia-2025:duty-free")
    assert done.returncode == 0
    for part in ("Both engines", "The deal as the economy sees it", "trade begins", "same sign"):
        assert part in done.stdout, part


def test_tables_are_written_whole_with_a_manifest(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = invoke("economy", "run", "--duty", DUTY, "--out", out)
    assert done.returncode == 0
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    names = {f["name"] for f in manifest["files"]}
    assert names | {"manifest.json"} == {p.name for p in out.iterdir()}
    assert len(list(out.glob("*.html"))) == 1
    assert (out / "trade.csv").read_text("utf-8").splitlines()[1].endswith(",assumed")
    assert manifest["command"][:3] == ["accord", "economy", "run"]
    assert (out / "effects.csv").read_text("utf-8").startswith("region,sector,measure,before")


def test_the_command_of_a_manifest_gives_the_same_answer(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    invoke("economy", "run", "--duty", DUTY, "--duty", "CHN:USA:GOODS=5%", "--out", out)
    command = json.loads((out / "manifest.json").read_text("utf-8"))["command"]
    again = tmp_path / "again"
    invoke(*command[1:], "--out", again)
    assert (again / "effects.csv").read_bytes() == (out / "effects.csv").read_bytes()


USAGE = [
    ["economy"],
    ["economy", "optimal"],
    ["economy", "optimal", "--region", "USA", "--war", "USA,CHN"],
    ["economy", "optimal", "--war", "USA"],
    ["economy", "optimal", "--war", "USA,USA"],
    ["economy", "optimal", "--region", "USA,CHN"],
    ["economy", "optimal", "--region", "QQQ", "--out", "t"],
    ["economy", "optimal", "--war", "USA,CHN", "--model", "tariffs-2025"],
    ["economy", "optimal", "--region", "USA", "--model", "tariffs-2025", "--by", "sector"],
    ["economy", "optimal", "--region", "QQQ", "--model", "tariffs-2025", "--out", "t"],
    ["economy", "optimal", "--region", "USA", "--model", "tariffs-2025", "--local-share", "1"],
    [
        "economy",
        "optimal",
        "--region",
        "USA",
        "--model",
        "tariffs-2025",
        "--deficits",
        "multiplicative",
    ],
    ["economy", "optimal", "--region", "USA", "--revenue", "lump sum"],
    ["economy", "optimal", "--region", "USA", "--model", "gtap"],
    ["economy", "link"],
    ["economy", "link", "no-such-deal", "--out", "t"],
    ["economy", "link", "us-russia-2025", "--deflator", "QQQ", "--out", "t"],
    ["economy", "link", "us-russia-2025", "--model", "tariffs-2025"],
    ["economy", "link", "us-russia-2025", "--table", "nowhere"],
    ["economy", "link", "halve-defence-2025"],
    ["economy", "gains", "--region", "QQQ", "--out", "t"],
    ["economy", "gravity", "nowhere.csv", "--on", "border"],
    ["economy", "gravity", ".", "--on", "border", "--out", "t"],
    ["economy", "run", "--duty", DUTY, "--as-of", "2025-01-01"],
    ["economy", "run", "--duty", DUTY, "--local-share", "0.1"],
    ["economy", "run", "--duty", DUTY, "--model", "tariffs-2025", "--local-share", "1"],
    ["economy", "run", "us-russia-2025", "--model", "tariffs-2025"],
    ["economy", "run"],
    ["economy", "run", "us-russia-2025", "--duty", DUTY],
    ["economy", "run", "us-russia-2025", "--deficits", "balanced"],
    ["economy", "run", "--duty", DUTY, "--deficits", "none"],
    ["economy", "run", "--duty", "x"],
    ["economy", "run", "--duty", DUTY, "--model", "gtap"],
    ["economy", "run", "--duty", DUTY, "--table", "nowhere"],
    ["economy", "run", "no-such-deal"],
    ["economy", "run", "halve-defence-2025"],
    ["economy", "validate", "no_such_case"],
    ["economy", "build", "icio", "--out", "t"],
    ["economy", "build", "eora", "--sources", ".", "--out", "t"],
    ["economy", "build", "open-2022", "--sources", "nowhere", "--out", "t"],
    ["data"],
    ["data", "get"],
    ["data", "get", "nothing"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_input_is_status_2_with_nothing_on_standard_output(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_table_is_refused_with_amounts_and_places(tmp_path: Path) -> None:
    from accord.economy.data.load import SHIPPED

    folder = tmp_path / "mine"
    folder.mkdir()
    for path in (SHIPPED / "open-2022").iterdir():
        text = path.read_text("utf-8")
        if path.name == "accounts.csv":
            lines = text.splitlines()
            assert lines[1].startswith("ARE,GOODS,value_added,206354.3,")
            lines[1] = lines[1].replace("206354.3", "1.0")
            text = "\n".join(lines) + "\n"
        (folder / path.name).write_text(text, "utf-8")
    done = invoke("economy", "run", "--duty", DUTY, "--table", folder)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "off at 1 places" in done.stderr
    assert "ARE GOODS" in done.stderr


def test_tables_and_data_are_listed() -> None:
    assert invoke("economy", "tables").stdout.startswith("open-2022: Open world of 2022")
    listed = json.loads(invoke("economy", "tables", "--json").stdout)
    assert listed["recipes"] == ["open-2022", "world-2022"]
    assert "no checksum known" in invoke("data", "list").stdout
    assert json.loads(invoke("data", "list", "--json").stdout)["data"]


def test_nothing_is_fetched_on_a_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("fetched")

    monkeypatch.setattr("accord.economy.data.fetch.urlopen", refuse)
    done = invoke("data", "get", "itpd-e-r02", "--dry-run", "--to", tmp_path / "x")
    assert done.returncode == 0
    assert done.stdout == ""
    for part in ("from", "size", "licence", "check", "no checksum is known"):
        assert part in done.stderr, part
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(not FACTS.is_dir(), reason="the sources are not here")
def test_a_table_is_built_and_answers(tmp_path: Path) -> None:
    out = tmp_path / "world"
    refused = invoke("economy", "build", "world-2022", "--sources", FACTS, "--out", out)
    assert refused.returncode == 2
    assert not out.exists()
    done = invoke("economy", "build", "world-2022", "--sources", FACTS, "--out", out, "--repair")
    assert done.returncode == 0
    assert "Mended (3)" in done.stdout
    answer = invoke("economy", "run", "--duty", "USA:*:STEEL=25%", "--table", out)
    assert answer.returncode == 0
    assert "Sectors in the United States" in answer.stdout


def test_validate_runs_the_economy_wide_cases_only() -> None:
    done = invoke("economy", "validate", "gegravity_sample", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)["rows"]
    assert {row["case"] for row in rows} == {"gegravity_sample"}
    assert invoke("economy", "validate", "hansmcp").returncode == 2


def test_a_page_says_what_the_screen_says(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = invoke("economy", "run", "us-russia-2025", "--out", out)
    page = (out / "answer.html").read_text("utf-8")
    assert done.returncode == 0
    assert "Trade between pairs of regions is assumed in this table, not observed" in page
    assert "Trade between pairs of regions is assumed" in done.stdout
    assert "http" not in page.replace("https://", "").split("<body>")[0]
    for part in ("Who gains, who loses", "Both engines", "Not modelled", "Certified:"):
        assert part in page, part


def test_an_answer_never_takes_the_place_of_a_table(tmp_path: Path) -> None:
    rows = ["2020,A,A,x,80", "2020,A,B,x,10", "2020,B,A,x,12", "2020,B,B,x,60"]
    source, table = tmp_path / "t.csv", tmp_path / "mine"
    source.write_text("\n".join(["year,exporter,importer,sector,value", *rows]), "utf-8")
    build = ("economy", "build", "trade", "--sources", source, "--year", 2020, "--theta", 5)
    assert invoke(*build, "--out", table).returncode == 0
    before = {p.name: p.read_bytes() for p in table.iterdir()}
    done = invoke("economy", "run", "--duty", "A:B:*=10%", "--table", table, "--out", table)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "a world table" in done.stderr
    assert {p.name: p.read_bytes() for p in table.iterdir()} == before
    again = invoke("economy", "run", "--duty", "A:B:*=10%", "--table", table)
    assert "Trade between pairs" not in again.stdout  # it is the user's own, reported


def test_the_best_duties_of_one_region_are_certified(tmp_path: Path) -> None:
    out = tmp_path / "best"
    done = invoke("economy", "optimal", "--region", "USA", "--by", "sector", "--json", "--out", out)
    assert done.returncode == 0
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    choice = answer["choice"]
    assert choice["players"] == ["USA"]
    assert {row["group"] for row in choice["rates"]} == {"GOODS", "SERVICES"}
    assert choice["condition_off_by"]["USA"] < 1e-7
    assert choice["best_deviation"]["USA"] < 1e-8
    # No duty that is tried beside them does better: the same table, the same model.
    welfare = {r["region"]: r["after"] for r in answer["effects"] if r["measure"] == "welfare"}
    rate = 100 * choice["rates"][0]["rate"]
    for beside in (rate - 3.0, rate + 3.0):
        other = json.loads(
            invoke("economy", "run", "--duty", f"USA:*:*={beside}%", "--json").stdout
        )
        worse = {r["region"]: r["after"] for r in other["effects"] if r["measure"] == "welfare"}
        assert worse["USA"] < welfare["USA"]
    assert (out / "best_duties.csv").read_text("utf-8").startswith("player,group,rate,condition")


def test_a_tariff_war_is_told_with_its_conditions() -> None:
    done = invoke("economy", "optimal", "--war", "USA,CHN")
    assert done.returncode == 0
    for part in ("Tariff war", "Best duties", "first-order condition off by", "No proof"):
        assert part in done.stdout, part


def test_gains_from_trade_and_costs_of_trade(tmp_path: Path) -> None:
    out = tmp_path / "gains"
    done = invoke("economy", "gains", "--region", "RUS", "--out", out)
    assert done.returncode == 0
    assert "Gains from trade" in done.stdout
    assert "is assumed in this table" in done.stdout
    assert {"gains.csv", "trade_costs.csv", "answer.html"} <= {p.name for p in out.iterdir()}
    plain = json.loads(invoke("economy", "gains", "--json").stdout, parse_constant=pytest.fail)
    assert len(plain["gains"]) == 27
    assert plain["trade_costs"] == []


def gravity_file(folder: Path) -> Path:
    """Four countries whose trade falls with distance by 0.8 and at borders by 1.2, exactly."""
    import numpy as np

    names = ("Arv", "Bel", "Cor", "Dun")
    place, size = np.array([0.0, 1.0, 3.0, 6.0]), np.array([4.0, 2.0, 9.0, 1.0])
    distance = 1.0 + np.abs(place[:, None] - place)
    trade = np.outer(size, size) * distance**-0.8 * np.exp(-1.2 * (1.0 - np.eye(4)))
    rows = [
        f"{names[e]},{names[i]},{float(trade[i, e])!r},{float(distance[i, e])!r}"
        for e in range(4)
        for i in range(4)
    ]
    path = folder / "trade.csv"
    path.write_text("\n".join(["exporter,importer,trade,km", *rows]), "utf-8")
    return path


def test_gravity_on_a_file_of_ones_own(tmp_path: Path) -> None:
    path, out = gravity_file(tmp_path), tmp_path / "out"
    asked = ("economy", "gravity", path, "--on", "log(km),border", "--remove", "border")
    done = invoke(*asked, "--reference", "Cor", "--json", "--out", out)
    assert done.returncode == 0
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    found = {row["variable"]: row["coefficient"] for row in answer["coefficients"]}
    assert found == {"log(km)": pytest.approx(-0.8), "border": pytest.approx(-1.2)}
    # As on the page of gravity, which has the same world in Python.
    welfare = {row["region"]: 100 * (row["real_output"] - 1) for row in answer["regions"]}
    assert [round(welfare[x], 1) for x in ("Arv", "Bel", "Cor", "Dun")] == [8.3, 18.8, 1.8, 22.1]
    assert {"coefficients.csv", "regions.csv", "trade.csv"} <= {p.name for p in out.iterdir()}
    assert "−1.2000" in invoke(*asked).stdout


def test_what_is_wrong_with_a_file_of_flows_comes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("exporter,importer,trade,km\nA,B,many,1\nA,B,2,0\nA,,3,1\nA\n", "utf-8")
    done = invoke("economy", "gravity", path, "--on", "log(km)")
    assert done.returncode == 2
    assert done.stdout == ""
    for part in ("line 5", "line 4", '"many" in line 2', "line 3", "told before"):
        assert part in done.stderr, part


def test_the_model_of_2025_answers_duties(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    asked = ("economy", "run", "--duty", DUTY, "--model", "tariffs-2025", "--revenue", "lump sum")
    done = invoke(*asked, "--local-share", "0.1", "--json", "--out", out)
    assert done.returncode == 0
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    assert {r["measure"] for r in answer["effects"]} >= {"employment"}
    assert any("labour supply" in note for note in answer["notes"])
    command = json.loads((out / "manifest.json").read_text("utf-8"))["command"]
    assert json.loads(invoke(*command[1:], "--json").stdout)["headline"] == answer["headline"]


def test_gravity_on_the_published_files_gives_the_published_figures() -> None:
    """Yotov and others (2016): borders in 2006, and trade agreements in the panel."""
    folder = published_folder("agtpa_ch2")
    if folder is None:
        pytest.skip("the published files of agtpa_ch2 are not here")
    year, panel = folder / "app1_trade_2006.csv.gz", folder / "app2_panel.csv.gz"
    asked = ("--on", "log(DIST),CNTG,border", "--remove", "border", "--reference", "DEU", "--json")
    one = json.loads(invoke("economy", "gravity", year, *asked).stdout)
    found = [row["coefficient"] for row in one["coefficients"]]
    assert found == pytest.approx([-0.7912879, 0.6736456, -2.47445], abs=5e-6)
    asked = ("--on", "RTA", "--year", "year", "--pairs", "symmetric", "--drop-separated", "--json")
    many = json.loads(invoke("economy", "gravity", panel, *asked).stdout)
    assert many["coefficients"][0]["coefficient"] == pytest.approx(0.5571853, abs=1e-6)
