"""The numbers to remember: at most four, with units, ranges only where there are any."""

from __future__ import annotations

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.report.tiles import tiles, tiles_html


def test_four_numbers_of_a_market_with_their_ranges(drawn: Assessment) -> None:
    found = tiles(drawn)
    assert [x.name for x in found] == [
        "Russia → United States",
        "Buyers in the United States pay, change",
        "Gain of the United States",
        "Gain of Russia",
    ]
    assert all(x.span and x.span_is == "8 of 10 draws" for x in found)
    assert all(x.unit for x in found)


def test_without_draws_the_range_is_that_of_access(founding: Assessment) -> None:
    assert {x.span_is for x in tiles(founding)} == {"low … high access"}


def test_a_number_without_a_range_says_so(free: Assessment) -> None:
    found = tiles(free)
    assert [x.span for x in found] == [""] * 4
    assert tiles_html(found).count("no range computed") == 4


@pytest.mark.parametrize(
    ("name", "least"), [("halve-defence-2025", 2), ("krasnoyarsk-2025", 4), ("rare-earths-2025", 4)]
)
def test_every_deal_has_numbers(name: str, least: int) -> None:
    found = tiles(assess_named(name))
    assert least <= len(found) <= 4
    assert all(x.value not in ("", "—") for x in found)


def test_money_of_one_kind_is_in_one_unit() -> None:
    found = tiles(assess_named("halve-defence-2025"))
    assert {x.unit for x in found} == {"bn USD a year"}


def test_no_number_is_no_list() -> None:
    assert tiles_html(()) == ""
