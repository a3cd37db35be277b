"""What deposits may come to: against closed forms, and what must never happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from accord.minerals.prospects import PRODUCING, Plan, Sampling, prospects, triangular
from accord.pack import Pack
from accord.pack.chain import STEPS, Chain, Deposit, Span, Step

YEARS = tuple(range(2025, 2046))


@pytest.fixture
def chain(pack: Pack) -> Chain:
    assert pack.chain is not None
    return pack.chain


def sure(chain: Chain, probability: float, years: float) -> Chain:
    """Return the chain with steps of one probability and length."""
    odds, length = Span(*(probability,) * 3), Span(*(years,) * 3)
    return replace(
        chain,
        steps={
            name: replace(step, probability=odds, years=length)
            for name, step in chain.steps.items()
        },
    )


@given(
    st.tuples(st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(0.0, 10.0)),
    st.floats(0.001, 0.999),
)
def test_triangular_quantiles_are_scipys(ends: tuple[float, float, float], u: float) -> None:
    low, mode, high = sorted(ends)
    if high - low < 1e-6:
        return
    ours = triangular(Span(low, mode, high), np.array([u]))[0]
    theirs = stats.triang.ppf(u, (mode - low) / (high - low), low, high - low)
    assert ours == pytest.approx(theirs, abs=1e-9 * max(high, 1.0))


def test_expected_tonnes_are_size_times_odds(chain: Chain) -> None:
    p, years = 0.6, 2.0
    deposit = replace(chain.deposits[0], output=Span(1000.0, 1000.0, 1000.0))
    assert deposit.done == "resource"
    found = prospects(
        sure(chain, p, years), [deposit], YEARS, Plan("magnet"), Sampling(draws=40_000)
    )
    for k, step in enumerate(PRODUCING, start=1):
        there = [year - YEARS[0] >= k * years for year in YEARS]
        expected = 1000.0 * p**k * np.array(there)
        assert found.mean(deposit.deposit, step) == pytest.approx(expected, abs=12.0)


def test_nothing_gets_past_the_step_that_ends_it(chain: Chain) -> None:
    found = prospects(chain, chain.deposits, YEARS, Plan("separation"))
    assert found.steps == ("mine", "separation")
    whole = prospects(chain, chain.deposits, YEARS, Plan("magnet"))
    for key, values in found.reached.items():
        assert np.array_equal(values, whole.reached[key])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.05, 1.0), st.floats(0.0, 6.0))
def test_order_in_time_and_along_the_chain(seed: int, p: float, years: float) -> None:
    span = Span(0.0, years, 2.0 * years)
    steps = {
        name: Step(name, span, Span(0.0, p, 1.0), Span(0.0, 0.0, 0.0), "s", "assumed")
        for name in STEPS
    }
    deposit = Deposit("d", "D", "RUS", "loparite", "none", Span(1.0, 2.0, 3.0), None, None, "s",
                      "assumed")  # fmt: skip
    chain = Chain({}, {}, (), (deposit,), steps)
    found = prospects(chain, [deposit], YEARS, Plan("magnet"), Sampling(200, seed))
    before = np.full((200, len(YEARS)), np.inf)
    for step in PRODUCING:
        now = found.reached["d", step]
        assert (np.diff(now, axis=1) >= 0.0).all()
        assert (now <= before).all()
        assert (now <= 3.0).all()
        before = now


def test_another_deposit_changes_none_before_it(chain: Chain) -> None:
    alone = prospects(chain, chain.deposits[:1], YEARS, Plan("magnet"))
    both = prospects(chain, chain.deposits[:2], YEARS, Plan("magnet"))
    for key, values in alone.reached.items():
        assert np.array_equal(values, both.reached[key])


def test_stated_years_replace_the_packs(chain: Chain) -> None:
    slow = prospects(chain, chain.deposits[:1], YEARS, Plan("mine", {"mine": 20}))
    assert slow.total("mine")[:, :20].max() == 0.0
    fast = prospects(chain, chain.deposits[:1], YEARS, Plan("mine", {"mine": 0}))
    assert fast.total("mine")[:, 0].mean() == pytest.approx(slow.total("mine")[:, 20].mean())


def test_the_same_seed_gives_the_same_answer(chain: Chain) -> None:
    first = prospects(chain, chain.deposits, YEARS, Plan("magnet"))
    second = prospects(chain, chain.deposits, YEARS, Plan("magnet"))
    for key, values in first.reached.items():
        assert np.array_equal(values, second.reached[key])
