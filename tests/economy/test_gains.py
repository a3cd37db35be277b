"""Gains from trade: the formulas are what the exact-hat models find at autarky."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.economy.baseline import Baseline, Shock
from accord.economy.gains import (
    change_of_real_income,
    gains_from_trade,
    gains_from_trade_by_sector,
    gains_from_trade_with_inputs,
    one_way_bounds,
    one_way_costs,
    round_trip_costs,
)
from accord.economy.hat import ExactHat
from accord.errors import InputError


def balanced_world(seed: int, sectors: int, regions: int, inputs_share: float) -> Baseline:
    """A balanced world without duties, made from shares: spending follows from wages."""
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.01, 0.2, (sectors, regions, regions))
    for j in range(sectors):
        np.fill_diagonal(share[j], rng.uniform(1.0, 2.0, regions))
    share /= share.sum(axis=2, keepdims=True)
    value_added = np.full((sectors, regions), 1.0 - inputs_share)
    inputs = rng.uniform(0.1, 1.0, (regions, sectors, sectors))
    inputs *= inputs_share / inputs.sum(axis=1, keepdims=True)
    final = rng.dirichlet(np.ones(sectors), regions).T
    size = sectors * regions
    flow = np.zeros((size, size))  # sales of (k, i) spent on (j, n), for wages of 1 a country
    for n in range(regions):
        for j in range(sectors):
            for k in range(sectors):
                for m in range(regions):
                    spent = final[j, n] * value_added[k, n] + inputs[n, j, k]
                    flow[j * regions + m, k * regions + n] += spent * share[j, n, m]
    values, vectors = np.linalg.eig(flow)
    sales = np.abs(np.real(vectors[:, np.argmin(np.abs(values - 1.0))])).reshape(sectors, regions)
    wages = (value_added * sales).sum(axis=0)
    spending = final * wages + np.einsum("njk,kn->jn", inputs, sales)
    return Baseline(
        regions=tuple(f"r{k}" for k in range(regions)),
        sectors=tuple(f"s{k}" for k in range(sectors)),
        theta=rng.uniform(3.0, 9.0, sectors), share=share, tariff=np.zeros_like(share),
        value_added=value_added, inputs=inputs, final=final, expenditure=spending, wages=wages,
        deficit=np.zeros(regions),
    )  # fmt: skip


def autarky_gains(base: Baseline, cost: float) -> np.ndarray:
    change = np.where(np.eye(base.size[1]) == 1.0, 1.0, cost)
    shock = Shock(trade_cost=np.broadcast_to(change, base.share.shape).copy())
    return 1.0 - ExactHat(base).counterfactual(shock).real_wage


def home(base: Baseline) -> np.ndarray:
    return np.diagonal(base.share, axis1=1, axis2=2)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_one_sector_autarky_is_the_formula(seed: int) -> None:
    base = balanced_world(seed, 1, 5, 0.0)
    expected = gains_from_trade(home(base)[0], float(base.theta[0]))
    assert autarky_gains(base, 1e4) == pytest.approx(expected, abs=1e-7)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_many_sectors_with_inputs_at_autarky(seed: int) -> None:
    base = balanced_world(seed, 3, 4, 0.4)
    expected = gains_from_trade_with_inputs(home(base), base.theta, base.final, base.inputs)
    assert autarky_gains(base, 1e5) == pytest.approx(expected, abs=1e-7)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_shock_abroad_moves_one_sector_by_its_home_share(seed: int) -> None:
    base = balanced_world(seed, 1, 5, 0.0)
    cost = np.random.default_rng(seed).uniform(0.7, 2.0, base.share.shape)
    cost[0][np.eye(5) == 1.0] = 1.0
    answer = ExactHat(base).counterfactual(Shock(trade_cost=cost))
    after = np.diag(answer.trade[0]) / answer.trade[0].sum(axis=1)
    found = change_of_real_income(home(base)[0], after, float(base.theta[0]))
    assert found == pytest.approx(answer.real_wage, rel=1e-8)
    assert (found >= home(base)[0] ** (1.0 / base.theta[0])).all()


def test_sectors_without_inputs_are_inputs_of_nothing() -> None:
    base = balanced_world(1, 3, 4, 0.0)
    plain = gains_from_trade_by_sector(home(base), base.theta, base.final)
    none = gains_from_trade_with_inputs(home(base), base.theta, base.final, base.inputs)
    assert none == pytest.approx(plain, abs=1e-14)
    assert autarky_gains(base, 1e5) == pytest.approx(plain, abs=1e-7)


def test_by_hand() -> None:
    """Home share 0.9, ε = 5: gains are 1 − 0.9^(1/5); half of sales inputs doubles the exponent."""
    assert gains_from_trade(np.array([0.9]), 5.0) == pytest.approx([1.0 - 0.9**0.2])
    one = np.ones((1, 1))
    found = gains_from_trade_with_inputs(0.9 * one, np.array([5.0]), one, np.full((1, 1, 1), 0.5))
    assert found == pytest.approx([1.0 - 0.9**0.4])


def test_untraded_goods_gain_nothing() -> None:
    share = np.array([[0.8], [1.0]])
    final = np.array([[0.25], [0.75]])
    found = gains_from_trade_by_sector(share, np.array([4.0, np.inf]), final)
    assert found == pytest.approx([1.0 - 0.8 ** (0.25 / 4.0)])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_costs_that_made_the_shares_come_back(seed: int) -> None:
    rng, elasticity = np.random.default_rng(seed), 5.0
    cost = rng.uniform(1.0, 4.0, (6, 6))
    np.fill_diagonal(cost, 1.0)
    strength = rng.lognormal(size=6) * cost**-elasticity
    share = strength / strength.sum(axis=1, keepdims=True)
    price = strength.sum(axis=1) ** (-1.0 / elasticity)
    assert one_way_costs(share, elasticity, price) == pytest.approx(cost, rel=1e-10)
    assert round_trip_costs(share, elasticity) == pytest.approx(np.sqrt(cost * cost.T), rel=1e-10)
    low, high = one_way_bounds(share, elasticity)
    assert (low <= cost).all()
    assert (cost <= high * (1.0 + 1e-12)).all()


def test_no_trade_costs_without_end_and_impossible_shares_have_no_bounds() -> None:
    none = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert round_trip_costs(none, 4.0)[0, 1] == np.inf
    assert one_way_costs(none, 4.0, np.ones(2))[0, 1] == np.inf
    dear = np.array([[0.2, 0.8], [0.8, 0.2]])
    low, high = one_way_bounds(dear, 4.0)
    assert np.isnan(low[0, 1])
    assert np.isnan(high[0, 1])


def test_faults_come_all_at_once() -> None:
    with pytest.raises(InputError) as refused:
        change_of_real_income(np.array([0.5, 0.0]), np.array([1.5, 0.5]), -4.0)
    assert len(refused.value.faults) == 3
    with pytest.raises(InputError) as refused:
        gains_from_trade_by_sector(np.array([[0.0], [0.5]]), np.zeros(2), np.ones((2, 1)))
    assert len(refused.value.faults) == 4
    ones = np.ones((1, 1))
    with pytest.raises(InputError, match="input shares up to 1"):
        gains_from_trade_with_inputs(ones, np.ones(1), ones, np.ones((1, 1, 1)))
    with pytest.raises(InputError, match="country, input, user"):
        gains_from_trade_with_inputs(ones, np.ones(1), ones, np.ones((2, 1, 1)))
    with pytest.raises(InputError, match=r"\(J, N\)"):
        gains_from_trade_by_sector(ones, np.ones(2), ones)
    with pytest.raises(InputError, match="rows of 1"):
        round_trip_costs(np.array([[0.5, 0.6], [0.1, 0.9]]), 4.0)
    with pytest.raises(InputError, match="importers in rows"):
        one_way_costs(np.ones((1, 2)), 4.0, np.ones(1))
