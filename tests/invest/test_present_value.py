"""Standard formulas: cases from textbooks, and what every stream must satisfy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.invest.present_value import (
    annuity,
    annuity_factor,
    discounted_payback,
    payback,
    present_value,
)


def exact_present_value(rate: Fraction, amounts: list[int]) -> Fraction:
    return sum((Fraction(a) / (1 + rate) ** t for t, a in enumerate(amounts)), Fraction(0))


@pytest.mark.parametrize(
    ("rate", "amounts", "printed"),
    [
        # numpy-financial, documentation of npv.
        (0.08, [-40_000, 5_000, 8_000, 12_000, 30_000], 3065.22267),
        # Brealey, Myers and Allen, chapter 2: an office building at 12 %.
        (0.12, [-370_000, 420_000], 5_000.0),
        # The same at 12 % over two years: -370, 30, 450.
        (0.12, [-370_000, 30_000, 420_000], -8_392.857),
    ],
)
def test_present_value_of_printed_cases(rate: float, amounts: list[int], printed: float) -> None:
    value = float(present_value(rate, np.array(amounts, dtype=float)))
    assert value == pytest.approx(printed, abs=1e-3)
    exact = exact_present_value(Fraction(str(rate)), amounts)
    assert value == pytest.approx(float(exact), rel=1e-9)


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=50),
    st.fractions(Fraction(-1, 2), Fraction(2), max_denominator=1000),
)
def test_present_value_agrees_with_exact_fractions(amounts: list[int], rate: Fraction) -> None:
    value = float(present_value(float(rate), np.array(amounts, dtype=float)))
    exact = exact_present_value(rate, amounts)
    size = float(sum(abs(Fraction(a)) / (1 + rate) ** t for t, a in enumerate(amounts)))
    assert value == pytest.approx(float(exact), abs=1e-12 * size)


def test_rows_are_streams_of_their_own() -> None:
    amounts = np.array([[-100.0, 110.0], [-100.0, 121.0]])
    rate = np.array([0.1, 0.21])
    assert present_value(rate, amounts) == pytest.approx([0.0, 0.0], abs=1e-12)


def test_mortgage_of_the_textbook() -> None:
    """numpy-financial, documentation of pmt: 200,000 at 7.5 % over 15 years, by month."""
    assert annuity(200_000, 0.075 / 12, 12 * 15) == pytest.approx(1854.0247200054619, abs=1e-9)
    assert annuity(1_000.0, 0.0, 8) == pytest.approx(125.0, abs=1e-12)


def test_annuity_factor_is_the_sum_it_stands_for() -> None:
    for rate in (1e-12, 0.01, 0.08, 0.5):
        direct = sum((1.0 + rate) ** -t for t in range(1, 26))
        assert float(annuity_factor(rate, 25)) == pytest.approx(direct, rel=1e-12)


def test_payback_counts_parts_of_a_year() -> None:
    assert payback(np.array([-100.0, 40.0, 40.0, 40.0])) == pytest.approx(2.5, abs=1e-12)
    assert payback(np.array([-100.0, 40.0, 40.0])) is None
    assert payback(np.array([10.0, 5.0])) == 0.0
    assert discounted_payback(0.1, np.array([-100.0, 55.0, 60.5, 12.1])) == pytest.approx(2.0)


def test_payback_is_the_last_time_the_sum_turns_positive() -> None:
    """A project that must spend again halfway has not paid back the first time."""
    assert payback(np.array([-10.0, 20.0, -40.0, 60.0])) == pytest.approx(2.5, abs=1e-12)


@pytest.mark.parametrize("rate", [-1.0, -2.0])
def test_a_rate_of_minus_a_hundred_percent_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="more than -100 %"):
        present_value(rate, np.array([1.0, 2.0]))


def test_a_loan_without_a_period_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one period"):
        annuity(100.0, 0.1, 0)
