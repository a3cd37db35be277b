"""The offers side by side on the screen, on the page and as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.offers import offers
from accord.report.offers import COLUMNS, as_rows, block, on_screen, one_offer
from accord.report.page import page
from accord.report.tables import write_answer
from accord.report.terminal import first_screen, screen


@pytest.mark.parametrize(("width", "most"), [(100, 8), (80, 10)])
def test_the_table_fits_the_screen(founding: Assessment, width: int, most: int) -> None:
    lines = [line.plain for line in on_screen(founding, width)]
    assert len(lines) <= most
    assert max(map(len, lines)) <= width
    assert lines[0] == "The offers side by side"
    for name in ("Aluminium", "Joint project", "Rare earths", "Defence budgets"):
        assert any(line.startswith(name) for line in lines)
    assert "never added up" in " ".join(lines)


def test_it_stands_between_the_headline_and_the_market(founding: Assessment) -> None:
    text = screen(founding)
    place = text.index("The offers side by side")
    assert text.index("Russia would sell") < place < text.index("Main results")
    assert place < len(first_screen(founding)) < text.index("Joint hydropower")


def test_the_budget_on_screen_is_that_of_its_own_block(founding: Assessment) -> None:
    line = next(x.plain for x in on_screen(founding, 100) if x.plain.startswith("Defence budgets"))
    assert "498.7 bn" in line
    assert "74.5 bn" in line
    assert "498.7 bn USD" in founding.parts[-1].headline


def test_a_single_offer_is_shown_without_a_table() -> None:
    answer = assess_named("halve-defence-2025")
    assert on_screen(answer, 100) == []
    assert block(answer) is None
    assert list(as_rows(answer)) == []
    assert "side by side" not in screen(answer)


def test_two_offers_without_a_market_have_a_table(tmp_path: Path) -> None:
    deal = tmp_path / "two.toml"
    deal.write_text(TWO, "utf-8")
    answer = assess_named(str(deal))
    assert not isinstance(answer, Assessment)
    text = screen(answer)
    assert text.index("The offers side by side") < text.index("Checked")
    assert "The offers side by side" in page(answer)
    found = offers(answer)
    assert found is not None
    assert [x.name for x in found.lines] == ["Defence budgets", "Rare earths"]


def test_the_page_and_the_file_have_every_number(founding: Assessment, tmp_path: Path) -> None:
    assert "The offers side by side" in page(founding)
    write_answer(founding, tmp_path / "out", ["accord"])
    with (tmp_path / "out" / "offers_side_by_side.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    found = offers(founding)
    assert found is not None
    amounts = [amount for x in found.lines for amount in x.amounts]
    assert [float(row["value"]) for row in rows] == [amount.value for amount in amounts]
    for row in rows:
        assert row["unit"]
        assert row["needs"]
        assert bool(row["money"]) == (row["kind"] == "money")
        assert bool(row["low"]) == bool(row["range"])


TWO = """
[deal]
title = "Budgets and deposits"
date = 2025-02-24
status = "hypothetical"
pack = ["budgets", "rare_earths"]

[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"

[[party]]
code = "USA"
name = "United States"

[[party]]
code = "RUS"
name = "Russia"

[[term]]
id = "cut"
kind = "budget_cut"
countries = ["USA", "RUS"]
cut = "10 %"
years = 2
definition = "sipri"
source = "own"

[[term]]
id = "dig"
kind = "joint_exploration"
region = "RUS"
through = "mine"
horizon_years = 12
source = "own"

[[term.share]]
party = "Both"
country = "RUS"
share = "100 %"
"""


def test_one_offer_by_itself_names_its_kind_of_money(founding: Assessment) -> None:
    found = offers(founding)
    assert found is not None
    for summary in found.lines:
        block = one_offer(summary)
        assert len(block.lines) == len(summary.amounts)
        for line, amount in zip(block.lines, summary.amounts, strict=True):
            name = line.cells[0]
            assert (summary.money_is[0] in name) is (amount in summary.money)
            assert not amount.holder or amount.holder in name
