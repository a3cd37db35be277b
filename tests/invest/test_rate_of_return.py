"""Internal rates of return: printed cases, streams made from known rates, none and several."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.invest.present_value import present_value
from accord.invest.rate_of_return import rate_of_return, rates_of_return, rates_over_draws


@pytest.mark.parametrize(
    ("amounts", "rate"),
    [
        # numpy-financial, documentation and tests of irr.
        ([-100, 39, 59, 55, 20], 0.28094842115996066),
        ([-100, 0, 0, 74], 0.74 ** (1 / 3) - 1),
        ([-150000, 15000, 25000, 35000, 45000, 60000], 0.05243288885941433),
        # One year, and a bond at par: exact.
        ([-100, 110], 0.1),
        ([-1000, 80, 80, 80, 80, 1080], 0.08),
        ([-100] + [0] * 9 + [100 * 1.07**10], 0.07),
        # Nothing, one sign: there is no rate.
        ([0, 0, 0], None),
        ([100, 10, 10], None),
        ([-1, -2], None),
    ],
)
def test_printed_cases(amounts: list[float], rate: float | None) -> None:
    found = rate_of_return(np.array(amounts, dtype=float))
    if rate is None:
        assert found is None
    else:
        assert found == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(
    ("amounts", "one_of_them"),
    [([-5, 10.5, 1, -8, 1], 0.08859833852775534), ([-100, 100, 0, -7], -0.08329966618493256)],
)
def test_where_the_reference_picks_one_rate_all_are_given(
    amounts: list[float], one_of_them: float
) -> None:
    """numpy-financial returns the rate nearest to 0 of these streams; there are more."""
    found = rates_of_return(np.array(amounts, dtype=float))
    assert len(found.rates) > 1
    assert min(found.rates, key=abs) == pytest.approx(one_of_them, abs=1e-9)


def stream(rates: list[float]) -> np.ndarray:
    """Return amounts whose internal rates of return are exactly those given."""
    amounts = np.array([-1.0])
    for rate in rates:
        amounts = np.convolve(amounts, [1.0, -(1.0 + rate)])
    return amounts


@pytest.mark.parametrize(
    "rates",
    [
        [0.1, 0.2],
        # The pump of Lorie and Savage (1955): -1,600, 10,000, -10,000.
        [0.25, 4.0],
        [0.05, 0.1, 0.15],
        [-0.5, 0.0, 0.5, 1.0],
        [-0.9, 0.2],
        [0.0, 9.0],
        [0.1, 0.2, 0.3, 0.4, 0.5],
    ],
)
def test_every_rate_of_a_stream_is_found(rates: list[float]) -> None:
    found = rates_of_return(stream(rates))
    assert found.rates == pytest.approx(rates, abs=1e-9)
    assert found.sign_changes >= len(rates)
    assert found.only is None


def test_the_pump_has_two_rates() -> None:
    found = rates_of_return(np.array([-1600.0, 10_000.0, -10_000.0]))
    assert found.rates == pytest.approx((0.25, 4.0), abs=1e-9)


def test_two_rates_that_have_met_are_one() -> None:
    found = rates_of_return(stream([0.1, 0.1]))
    assert found.rates == pytest.approx((0.1,), abs=1e-6)


def left_over(amounts: np.ndarray, rate: float) -> float:
    """Return the present value at a rate, as a part of the sum of its parts' sizes."""
    return float(present_value(rate, amounts) / present_value(rate, np.abs(amounts)))


@given(
    st.lists(st.floats(-1e6, -1.0), min_size=1, max_size=10),
    st.lists(st.just(0.0) | st.floats(1.0, 1e6), min_size=1, max_size=40),
)
def test_spend_then_earn_has_one_rate_at_most(spent: list[float], earned: list[float]) -> None:
    amounts = np.array([*spent, *earned])
    found = rates_of_return(amounts)
    assert len(found.rates) == (1 if max(earned) > 0.0 else 0)
    for rate in found.rates:
        assert abs(left_over(amounts, rate)) <= 1e-8


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.floats(0.001, 1e6))
def test_scale_changes_no_rate(amounts: list[float], scale: float) -> None:
    one = rates_of_return(np.array(amounts))
    other = rates_of_return(np.array(amounts) * scale)
    assert len(one.rates) <= one.sign_changes
    for rate in one.rates:
        if rate > -0.99:
            assert abs(left_over(np.array(amounts), rate)) <= 1e-7
    if len(one.rates) == len(other.rates):
        assert other.rates == pytest.approx(one.rates, abs=1e-6, rel=1e-6)


def test_a_delay_changes_no_rate() -> None:
    amounts = np.array([-100.0, 39.0, 59.0, 55.0, 20.0])
    delayed = np.concatenate([np.zeros(5), amounts])
    assert rate_of_return(delayed) == pytest.approx(rate_of_return(amounts), abs=1e-12)


def test_many_streams_at_once_agree_with_one_at_a_time() -> None:
    random = np.random.default_rng(3)
    spent = -random.uniform(1.0, 100.0, (50, 5))
    earned = random.uniform(0.0, 60.0, (50, 25))
    flows = np.concatenate([spent, earned], axis=1)
    flows = np.concatenate([flows, [stream([0.1, 0.4] + [-1.0] * 27)[:30]]])
    many = rates_over_draws(flows)
    for row, rate in zip(flows[:-1], many[:-1], strict=True):
        assert rate == pytest.approx(rate_of_return(row), abs=1e-9)
    assert np.isnan(many[-1])
