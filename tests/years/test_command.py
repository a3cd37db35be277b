"""``accord run DEAL --years A-B``: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.paths import parse_years
from accord.assessment.serialise import to_json
from accord.cli import cli
from accord.errors import InputError
from accord.report import paths
from accord.report.main_results import Result as MainResult
from accord.report.paths_picture import years_picture
from accord.report.tables import write_answer
from accord.report.terminal import first_screen, screen

SPAN = "2025-2027"


@cache
def answered() -> Assessment:
    return assess_named("us-russia-2025", years=(2025, 2027))


def accord(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


# --------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("years", "says"),
    [
        ("2035-2025", "exchange the two: --years 2025-2035"),
        ("2025", "write --years 2025-2035"),
        ("soon", "write 2025-2035"),
        ("2025-", "write 2025-2035"),
        ("25-35", "write 2025-2035"),
        ("2025-2300", "use --years 2025-2040"),
        ("2024-2030", "use --years 2025-2030"),
        ("1990-2000", "use --years 2025-2035"),
        ("2050-2060", "use --years 2025-2035"),
        ("2020-2025", "use --years 2025-2025"),
        ("1990-1999", "years from 2025, the first after the pack's levels of 2024, to 2040"),
    ],
)
def test_years_that_cannot_be_are_status_2(years: str, says: str) -> None:
    done = accord("run", "us-russia-2025", "--years", years)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert "years" in done.stderr


def test_a_bad_span_is_refused_before_anything_is_solved() -> None:
    with pytest.raises(InputError):
        parse_years("2035-2025")
    assert parse_years(" 2025-2035 ") == (2025, 2035)


def test_nothing_is_left_behind_by_a_refusal(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = accord("run", "us-russia-2025", "--years", "2025-2300", "--out", str(out))
    assert done.exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize("command", [["compare", "us-russia-2025"], ["check"]])
def test_other_commands_say_where_years_belong(command: list[str]) -> None:
    done = accord(*command, "us-russia-2025", "--years", SPAN)
    assert done.exit_code == 2
    assert "--years is for accord run and report only" in done.stderr


def test_a_year_without_an_answer_is_status_1_and_named(tmp_path: Path) -> None:
    deal = tmp_path / "deal.toml"
    deal.write_text(
        """
[deal]
title = "More than there is"
date = 2025-02-24
status = "hypothetical"
pack = ["aluminium"]
[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"
[[party]]
code = "CAN"
[[term]]
id = "supply"
kind = "supply_commitment"
goods = ["aluminium"]
exporters = ["CAN"]
importers = ["USA"]
at_least = "2.9 Mt/yr"
payer = "CAN"
source = "own"
[[term]]
id = "close"
kind = "closure"
region = "CAN"
activity = "smelter"
level = "2 Mt/yr"
from = 2026-01-01
until = 2027-01-01
source = "own"
""",
        "utf-8",
    )
    done = accord("run", str(deal), "--years", "2025-2026")
    assert done.exit_code in {1, 2}
    assert done.stdout == ""


# ---------------------------------------------------------------------------------------- answered


def test_the_answer_without_years_says_nothing_of_them() -> None:
    plain = assess_named("us-russia-2025")
    assert plain.paths is None
    assert paths.paths(plain) is None
    assert paths.long_run(plain) is None
    assert paths.certificate(plain) is None
    assert years_picture(plain) is None
    assert "paths" not in to_json(plain)
    first = first_screen(plain)
    assert screen(plain).startswith(first)
    assert screen(answered()).startswith(first)
    assert screen(answered()).endswith(screen(plain).removeprefix(first))


def test_the_screen_has_a_line_a_year_no_wider_than_it_may_be() -> None:
    for width in (80, 100):
        lines = screen(answered(), width=width).splitlines()
        assert max(map(len, lines)) <= width
        start = lines.index("Year by year, 2025-2027, under law enacted by 24 February 2025")
        years = [x.split()[0] for x in lines[start:] if re.match(r"20\d\d +[−+]?\d", x)]
        assert years == ["2025", "2026", "2027"]
        assert any(x.startswith("The long run: 2027") for x in lines)
        assert any(x.startswith("Every year certified (3)") for x in lines)


def test_the_rows_of_every_year_are_in_the_json() -> None:
    a = answered()
    answer = to_json(a)
    rows = answer["effects"]
    of_parts = [row for part in answer["parts"] for row in part["rows"]]
    assert rows[-len(of_parts) :] == of_parts
    rows = rows[: -len(of_parts)]
    assert {row["year"] for row in rows} == {2024, 2025, 2026, 2027}
    keys = [(r["measure"], r["region"], r["good"], r["year"]) for r in rows]
    assert len(keys) == len(set(keys))
    flow = {r["year"]: r for r in rows if (r["measure"], r["region"]) == ("flow", "RUS>USA")}
    assert a.paths is not None
    for year in a.paths.paths.years:
        assert flow[year.year]["after"] == year.after.flow("aluminium", "RUS", "USA")
        assert flow[year.year]["change"] == flow[year.year]["after"] - flow[year.year]["before"]
    assert json.dumps(answer, allow_nan=False)
    years = answer["paths"]
    assert (years["from"], years["until"], years["base_year"]) == (2025, 2027, 2024)
    assert [c["year"] for c in years["certificate"]] == [2025, 2026, 2027]
    assert max(c["welfare_identity"] for c in years["certificate"]) <= 1e-8
    assert [case["growth"] for case in years["long_run"]] == ["low", "median", "high"]
    assert years["long_run"][1]["flow"] == flow[2027]
    assert {x["what"].partition(":")[0] for x in years["not_modelled"]} >= {"stocks"}


def test_the_folder_has_the_paths_and_the_page_a_picture_with_its_table(tmp_path: Path) -> None:
    write_answer(answered(), tmp_path / "out", ["accord", "run", "us-russia-2025"])
    with (tmp_path / "out" / "paths.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["year"] for row in rows} == {"2025", "2026", "2027"}
    page = (tmp_path / "out" / "answer.html").read_text("utf-8")
    assert 'class="years"' in page or "path-flow-wide" in page
    assert "<h3>Year by year, 2025-2027" in page
    assert "<h3>The long run: 2027</h3>" in page
    paths = answered().paths
    assert paths is not None
    for says, _ in (*paths.assumptions, *paths.not_modelled):
        assert escape(says.rstrip(".")) in page
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert "paths.csv" in {f["name"] for f in manifest["files"]}


def test_the_picture_is_well_formed_and_stays_inside_its_frame() -> None:
    drawn = years_picture(answered())
    assert drawn is not None
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    _, _, width, height = (float(x) for x in root.attrib["viewBox"].split())
    lines = [x for x in root.iter() if x.tag.endswith("polyline")]
    assert len(lines) == 4  # two numbers, without the deal and with it
    for line in lines:
        points = [tuple(map(float, p.split(","))) for p in line.attrib["points"].split()]
        assert len(points) == 3
        assert all(0.0 <= x <= width and 0.0 <= y <= height for x, y in points)


def test_one_year_is_a_path_without_a_picture() -> None:
    a = assess_named("us-russia-2025", years=(2026, 2026))
    assert years_picture(a) is None
    block = paths.paths(a)
    assert block is not None
    assert len(block.lines) == 1


def test_plants_show_how_much_of_their_capacity_they_use() -> None:
    block = paths.plants(answered())
    assert block is not None
    names = [line.cells[0] for line in block.lines]
    assert "Russia, smelter bratsk" in names
    assert all(
        cell == "—" or cell.endswith(" %") for line in block.lines for cell in line.cells[1:]
    )


def test_what_is_mined_is_set_beside_reserves() -> None:
    a = assess_named("us-russia-2025", years=(2033, 2035))
    assert a.paths is not None
    (mines,) = [what for what, _ in a.paths.not_modelled if what.startswith("mines")]
    assert mines == "mines that run out"


def test_the_command_writes_itself_into_the_manifest(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = accord("run", "us-russia-2025", "--years", SPAN, "--out", str(out), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["paths"]["until"] == 2027
    command = json.loads((out / "manifest.json").read_text())["command"]
    assert command[-2:] == ["--years", SPAN]


def test_growth_that_opens_a_lane_is_shown_in_the_unit_of_its_tonnes() -> None:
    """A lane that nothing passes at median growth: 733 kt is not written in tonnes to the cent."""
    row = MainResult("Flow", "flow", "RUS>USA", "aluminium", "t/yr")
    cells = paths.long_run_cells(row, [(0.0, 0.0), (0.0, 733042.12), (0.0, 0.0)])
    assert cells == ("Flow", "kt/yr", "0", "0", "0", "+733 / 0")


def test_the_ends_of_growth_are_two_scenarios_and_no_range() -> None:
    block = paths.long_run(answered())
    assert block is not None
    assert block.columns[-1] == "slow / fast growth"
    assert all(" / " in line.cells[-1] and "…" not in line.cells[-1] for line in block.lines)
