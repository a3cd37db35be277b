"""What `accord run` answers to a cut of budgets: alone, and beside a market."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accord.assessment import Answer, Assessment, parts
from accord.assessment.assess import assess, assess_named
from accord.assessment.part import PartCheck
from accord.assessment.serialise import to_json
from accord.assessment.words import half_up
from accord.deal import load
from accord.errors import InputError, NoCertifiedAnswer
from accord.instruments import KINDS
from accord.report.page import page
from accord.report.tables import write_answer
from accord.report.terminal import screen

DEAL = "halve-defence-2025"
BOTH = """
[deal]
title = "Duty and budgets"
date = 2021-06-01
status = "offer"
pack = [{packs}]

[[source]]
id = "report"
title = "A report"
publisher = "A paper"

[[party]]
code = "USA"

[[term]]
id = "duty"
kind = "export_tax"
goods = ["metal"]
exporters = ["{exporter}"]
importers = "all"
ad_valorem = "5 %"
source = "report"
"""
CUT = """
[[term]]
id = "cut"
kind = "budget_cut"
countries = ["USA"]
cut = "10 %"
years = 2
from = 2031-01-01
base_year = 2023
source = "report"
"""


@pytest.fixture(scope="module")
def answer() -> Answer:
    return assess_named(DEAL)


def mixed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "both.toml"
    path.write_text(text, "utf-8")
    return path


# -------------------------------------------------------------------------------------- alone


def test_a_deal_without_a_market_is_all_parts(answer: Answer) -> None:
    assert not isinstance(answer, Assessment)
    (part,) = answer.parts
    assert part.id == "budget"
    assert all(check.ok for check in part.checks)
    assert len(part.checks) >= 3
    assert [x.name for x in answer.packs] == ["budgets"]


def test_the_headline_has_both_halves_and_both_ratios(answer: Answer) -> None:
    for said in ("498.7 bn USD", "74.5 bn USD", "6.7 to 1 in dollars", "2.1 to 1"):
        assert said in answer.headline


def test_the_screen_shows_the_base_rate_and_is_short(answer: Answer) -> None:
    text = screen(answer)
    assert "9 of 983 country-years" in text
    assert "4 of 606" in text
    lines = text.splitlines()
    assert len(lines) < 30
    assert max(map(len, lines)) <= 100
    narrow = screen(answer, width=80)
    assert max(map(len, narrow.splitlines())) <= 80


def test_the_rows_are_effects(answer: Answer) -> None:
    (part,) = answer.parts
    last = part.row("military_spending", "USA")
    assert last is not None
    assert (last.year, last.before, last.after) == (2029, 997.3e9, 498.65e9)
    assert last.change_pct == pytest.approx(-50.0)
    found = to_json(answer)
    assert found["effects"] == found["parts"][0]["rows"]
    assert {row["measure"] for row in found["effects"]} == {
        "military_spending", "military_spending_ppp", "military_spending_local",
        "government_balance", "central_debt", "gdp_response",
    }  # fmt: skip
    text = json.dumps(found, allow_nan=False)
    assert found["closure"] is None
    assert found["certificate"]["market_clearing"] is None
    assert found["certificate"]["ok"] is True
    assert json.loads(text)["packs"] == ["budgets"]


def test_output_falls_within_the_range_of_the_literature(answer: Answer) -> None:
    row = answer.parts[0].row("gdp_response", "USA")
    assert row is not None
    assert row.low is not None
    assert row.high is not None
    assert row.after is not None
    assert row.low < row.after < 0.0
    assert row.high == 0.0


@pytest.mark.parametrize(
    ("variant", "countries"),
    [("only-russia", {"RUS"}), ("only-united-states", {"USA"}),
     ("three-sided", {"USA", "RUS", "CHN"})],
)  # fmt: skip
def test_one_two_and_three_sides(variant: str, countries: set[str]) -> None:
    (part,) = assess_named(f"{DEAL}:{variant}").parts
    assert {row.region for row in part.rows} == countries
    table = next(x for x in part.tables if x.name == "sides")
    assert {row[3] for row in table.rows} >= {"USA", "RUS"}


def test_the_page_and_the_folder_hold_every_table(answer: Answer, tmp_path: Path) -> None:
    shown = page(answer)
    for table in answer.parts[0].tables:
        assert f"<h3>{table.title.replace(chr(39), '&#x27;')}</h3>" in shown
    assert "498.7" in shown
    write_answer(answer, tmp_path / "out", ["accord", "run", DEAL])
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"budget_{x.name}.csv" for x in answer.parts[0].tables} <= files
    assert {"effects.csv", "parts_checks.csv", "parts_sources.csv", "answer.html"} <= files


def test_a_check_that_fails_is_no_answer(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = replace(answer.parts[0], checks=(PartCheck("money adds up", 0.5, 1e-9),))
    domain = parts.Domain(lambda *_: bad, lambda *_: [], ("budgets",))
    monkeypatch.setitem(parts.DOMAINS, "budget", lambda: domain)
    with pytest.raises(NoCertifiedAnswer, match="money adds up: off by 5"):
        assess_named(DEAL)


def test_every_domain_has_an_answer() -> None:
    domains = {kind.domain for kind in KINDS.values()} - {"", "market"}
    assert domains <= set(parts.DOMAINS)


def test_years_and_comparisons_are_of_markets(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        assess_named(DEAL, years=(2025, 2030), closure="homogeneous")
    assert [fault.field for fault in error.value.faults] == ["years", "closure"]
    code = "import sys; from accord.cli import main; sys.argv = sys.argv[1:]; main()"
    out = tmp_path / "out"
    command = ["accord", "compare", DEAL, f"{DEAL}:at-once", "--out", str(out)]
    found = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert (found.returncode, found.stdout) == (2, "")
    assert "no term about a market" in found.stderr
    assert not out.exists()


def test_all_of_a_budget_can_go(tmp_path: Path) -> None:
    text = BOTH.format(packs='"budgets"', exporter="RUS").partition("[[term]]")[0] + CUT
    text = text.replace('cut = "10 %"', 'cut = "100 %"').replace('["USA"]', '["RUS", "CHN"]')
    (part,) = assess(load(mixed(tmp_path, text)), as_of=date(2025, 3, 1)).parts
    row = part.row("military_spending", "RUS")
    assert row is not None
    assert row.after == 0.0
    assert all(check.ok for check in part.checks)


def test_no_deal_that_ships_has_a_fault() -> None:
    from accord.assessment.check import faults_of

    path = Path(__file__).resolve().parents[2] / "src" / "accord" / "deals" / f"{DEAL}.toml"
    assert faults_of(path) == ()


def test_the_numbers_of_the_docs_are_the_programs(answer: Answer) -> None:
    page_of_docs = (Path(__file__).resolve().parents[2] / "docs" / "budgets.md").read_text("utf-8")
    tables = {table.name: table for table in answer.parts[0].tables}
    for row in tables["by_definition"].rows:
        if row[2] != "NATO":
            assert f"{half_up(row[3], 1):,.1f}" in page_of_docs
    for row in tables["ratios"].rows:
        assert f"| {half_up(row[3], 1):.1f} | {half_up(row[4], 1):.1f} |" in page_of_docs
    for row in tables["base_rates"].rows:
        if row[3:6] == (50.0, 5, 10.0):
            said = f"{row[1]} | {row[6]} country-years | {row[7]} | {half_up(row[8], 2):.2f} % |"
            assert said in page_of_docs


def test_it_is_quick_and_repeats() -> None:
    command = [sys.executable, "-m", "accord", "run", DEAL, "--json"]
    code = "import sys; from accord.cli import main; sys.argv = sys.argv[1:]; main()"
    command[1:3] = ["-c", code, "accord"]
    started = time.perf_counter()
    first = subprocess.run(command, capture_output=True, check=True)
    assert time.perf_counter() - started < 5.0  # a busy machine; alone it takes half a second
    again = subprocess.run(command, capture_output=True, check=True)
    assert first.stdout == again.stdout
    assert first.stderr == b""


# ------------------------------------------------------------------------------ beside a market


def test_beside_a_market_the_market_is_as_without(tmp_path: Path) -> None:
    code = _toyland_exporter()
    market = BOTH.format(packs='"toyland"', exporter=code)
    both_text = BOTH.format(packs='"toyland", "budgets"', exporter=code) + CUT
    both = assess(load(mixed(tmp_path, both_text)), as_of=date(2025, 3, 1))
    alone = assess(load(mixed(tmp_path, market)), as_of=date(2025, 3, 1))
    assert isinstance(alone, Assessment)
    assert isinstance(both, Assessment)
    assert alone.parts == ()
    assert "parts" not in to_json(alone)
    assert alone.effects.rows == both.effects.rows
    assert [x.name for x in both.packs] == ["toyland", "budgets"]
    found = to_json(both)
    assert len(found["effects"]) == len(both.effects.rows) + len(both.parts[0].rows)
    assert "Defence budgets" in screen(both)
    assert "Defence budgets" in page(both)


def test_a_pack_that_is_not_named_is_said_with_all_other_faults(tmp_path: Path) -> None:
    text = BOTH.format(packs='"toyland"', exporter="XXX") + CUT
    with pytest.raises(InputError) as error:
        assess(load(mixed(tmp_path, text)), as_of=date(2025, 3, 1))
    said = str(error.value)
    assert 'write pack = ["toyland", "budgets"]' in said
    assert '"XXX"' in said


def _toyland_exporter() -> str:
    from accord import pack

    return pack.load("toyland").regions[0].code
