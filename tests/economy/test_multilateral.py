"""Multilateral resistance: its own equations, a world by hand, the exact-hat model's answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.economy.baseline import Baseline, Shock
from accord.economy.full_endowment import full_endowment
from accord.economy.hat import ExactHat
from accord.economy.multilateral import (
    GravityWorld,
    conditional,
    resistances,
)
from accord.errors import InputError, NoCertifiedAnswer


def world(seed: int = 0, n: int = 6, substitution: float = 5.0) -> GravityWorld:
    rng = np.random.default_rng(seed)
    trade = rng.lognormal(0.0, 1.0, (n, n)) + np.diag(rng.lognormal(2.0, 0.5, n))
    return GravityWorld(tuple(f"r{k}" for k in range(n)), trade, substitution, "r1")


def costs(seed: int, n: int = 6) -> np.ndarray:
    change = np.random.default_rng(seed).uniform(0.3, 3.0, (n, n))
    np.fill_diagonal(change, 1.0)
    return change


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_resistances_solve_their_equations(seed: int) -> None:
    base, kernel = world(seed), costs(seed)
    found, power = resistances(base, kernel), 1.0 - base.substitution
    shares = base.output / base.output.sum()
    inward, outward = found.inward**power, found.outward**power
    assert inward == pytest.approx(kernel @ (shares / outward), rel=1e-8)
    spent = base.expenditure / base.output.sum()
    assert outward == pytest.approx((spent / inward) @ kernel, rel=1e-8)
    assert found.inward[1] == pytest.approx(1.0, abs=1e-12)
    assert found.trade.sum(axis=1) == pytest.approx(base.expenditure, rel=1e-9)


def test_without_costs_all_resist_alike() -> None:
    found = resistances(world(), np.ones((6, 6)))
    assert found.inward == pytest.approx(np.ones(6), abs=1e-10)
    assert found.outward == pytest.approx(np.ones(6), abs=1e-10)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_full_equilibrium_is_the_exact_hat_model(seed: int) -> None:
    """Another solver, another file: Armington with multiplicative deficits."""
    base, change = world(seed), costs(seed + 1)
    answer = full_endowment(base, change)
    theta = base.substitution - 1.0
    table = Baseline(
        regions=base.regions, sectors=("goods",), theta=np.array([theta]),
        share=(base.trade / base.expenditure[:, None])[None], tariff=np.zeros((1, 6, 6)),
        value_added=np.ones((1, 6)), inputs=np.zeros((6, 1, 1)), final=np.ones((1, 6)),
        expenditure=base.expenditure[None], wages=base.output,
        deficit=base.expenditure - base.output,
    )  # fmt: skip
    shock = Shock(trade_cost=change[None] ** (-1.0 / theta), deficits="multiplicative")
    other = ExactHat(table).counterfactual(shock)
    assert answer.welfare == pytest.approx(other.welfare, rel=1e-7)
    assert answer.real_wage == pytest.approx(other.real_wage, rel=1e-7)


def test_three_countries_by_hand() -> None:
    """Three alike, costs between them vanish: shares become a third each, prices stay alike.

    P'^(1−σ) = λ_ii + 2 λ_ij φ with φ = λ_ii/λ_ij makes 3 λ_ii.
    """
    home, sigma = 0.7, 4.0
    trade = np.full((3, 3), 0.15) + np.diag([home - 0.15] * 3)
    base = GravityWorld(("a", "b", "c"), trade, sigma, "a")
    change = np.where(np.eye(3) == 1.0, 1.0, home / 0.15)
    answer = full_endowment(base, change)
    assert answer.trade[0] == pytest.approx(np.full((3, 3), 1.0 / 3.0) * answer.wage[0], rel=1e-9)
    assert answer.real_wage == pytest.approx(np.full(3, (3.0 * home) ** (1.0 / (sigma - 1.0))))
    fixed = conditional(base, change)
    assert fixed.trade == pytest.approx(np.full((3, 3), 1.0 / 3.0), rel=1e-9)
    assert fixed.inward == pytest.approx(np.ones(3), abs=1e-9)


def test_no_change_is_no_change() -> None:
    base = world(2)
    answer, fixed = full_endowment(base, np.ones((6, 6))), conditional(base, np.ones((6, 6)))
    assert answer.welfare == pytest.approx(np.ones(6), abs=1e-9)
    assert fixed.inward == pytest.approx(np.ones(6), abs=1e-9)
    assert fixed.trade == pytest.approx(base.trade, rel=1e-9)


def test_full_equilibrium_reports_resistances_that_solve_their_equations() -> None:
    base, change = world(3), costs(4)
    answer, power = full_endowment(base, change), 1.0 - base.substitution
    before = resistances(base, base.trade)
    parts = answer.decomposition
    inward = (before.inward * parts["inward resistance, ratio"]) ** power
    outward = (before.outward * parts["outward resistance, ratio"]) ** power
    output = answer.after.output[0]
    kernel = base.trade * change
    assert inward == pytest.approx(kernel @ (output / output.sum() / outward), rel=1e-7)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-6, 1e9))
def test_units_order_and_reference_change_nothing_real(seed: int, factor: float) -> None:
    base, change = world(seed), costs(seed)
    order = np.random.default_rng(seed).permutation(6)
    moved = GravityWorld(
        tuple(base.regions[k] for k in order), factor * base.trade[np.ix_(order, order)], 5.0, "r4"
    )
    first, second = (
        full_endowment(base, change),
        full_endowment(moved, change[np.ix_(order, order)]),
    )
    assert second.welfare == pytest.approx(first.welfare[order], rel=1e-8)


def test_zeros_without_room_are_refused() -> None:
    base = GravityWorld(("a", "b"), np.array([[1.0, 4.0], [1.0, 1.0]]), 5.0, "a")
    with pytest.raises(NoCertifiedAnswer, match="these costs"):
        resistances(base, np.eye(2))


def test_faults_come_all_at_once() -> None:
    with pytest.raises(InputError) as refused:
        GravityWorld(("a", "a"), np.array([[-1.0, 0.0], [np.inf, 0.0]]), 1.0, "x")
    assert len(refused.value.faults) == 6
    with pytest.raises(InputError, match=r"\(2, 3\)"):
        GravityWorld(("a", "b"), np.ones((2, 3)), 5.0, "a")
    with pytest.raises(InputError) as refused:
        full_endowment(world(), np.where(np.eye(6) == 1.0, -1.0, np.nan))
    assert len(refused.value.faults) == 36
    with pytest.raises(InputError, match=r"\(3, 3\)"):
        conditional(world(), np.ones((3, 3)))
