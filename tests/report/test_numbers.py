from __future__ import annotations

import pytest

from accord.report.numbers import (
    DOLLARS,
    TONNES,
    Unit,
    amount,
    column,
    percent,
    rate,
    small,
    unit_for,
)

KT = Unit("kt", 1e3)


@pytest.mark.parametrize(
    ("value", "digits", "signed", "shown"),
    [
        (1_234_567.0, 0, False, "1,235"),
        (-1_234_567.0, 0, False, "−1,235"),
        (1_234_567.0, 1, True, "+1,234.6"),
        (0.0, 2, True, "0"),
        (-0.0, 2, True, "0"),
        (4.0, 1, True, "0.0"),
        (-4.0, 1, True, "0.0"),
        (None, 0, True, "—"),
    ],
)
def test_amounts(value: float | None, digits: int, signed: bool, shown: str) -> None:  # noqa: FBT001
    """C14: absent is a dash, never a zero."""
    assert amount(value, KT, digits, signed=signed) == shown


def test_a_column_has_one_number_of_digits() -> None:
    assert column([123_000.0, 4_560.0, None], KT) == ["123", "5", "—"]
    assert column([12_300.0, 4_560.0], KT) == ["12.3", "4.6"]


def test_units_follow_the_largest_value() -> None:
    assert unit_for([3e6, 1.0], TONNES).name == "kt"
    assert unit_for([300e6], TONNES).name == "Mt"
    assert unit_for([-2.5e9], DOLLARS).name == "mn USD"
    assert unit_for([0.0, None], TONNES).name == "t"


def test_rates_and_percentages() -> None:
    assert rate(2.0) == "200 %"
    assert rate(0.105) == "10.5 %"
    assert rate(0.0) == "0 %"
    assert rate(None) == "—"
    assert percent(-1.234, signed=True) == "−1.2 %"


def test_residuals() -> None:
    assert small(0.0) == "0"
    assert small(3.4e-12) == "3e−12"
    assert small(1e-9) == "1e−9"
