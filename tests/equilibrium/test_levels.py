"""Steep final demands turned around: the same market, solved where its price says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accord.equilibrium import solve_market, universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.climb import QUICK
from accord.equilibrium.closure import cold_start
from accord.equilibrium.levels import in_levels
from accord.equilibrium.share import Share
from accord.market import Market
from worlds import limit, toy


def steep(market: Market, choke: float = 1.2) -> Market:
    """The market with final demands that end at ``choke`` times their price: γ well below 1."""
    demands = tuple(replace(d, choke=choke * d.price) for d in market.demands)
    return replace(market, demands=demands)


@pytest.fixture(scope="module")
def market() -> Market:
    return steep(toy())


def test_demands_below_gamma_one_are_turned_and_no_others(market: Market) -> None:
    arrays = compile_market(market, universe_of(market))
    turned = in_levels(Share(), arrays)
    expected = (arrays.buyers.quantity > 0.0) & (arrays.buyers.gamma < 1.0)
    assert list(turned.buyers) == list(np.flatnonzero(expected))
    assert len(turned.buyers) > 0
    gentle = in_levels(Share(), compile_market(steep(toy(), 20.0), universe_of(toy())))
    assert len(gentle.buyers) == 0


def test_the_same_solution_either_way(market: Market) -> None:
    arrays = compile_market(market, universe_of(market))
    turned = in_levels(Share(), arrays)
    cold = cold_start(arrays)
    plain = QUICK.solve(Share().problem(arrays), cold)
    other = QUICK.solve(turned.problem, turned.lifted(cold))
    assert plain.solved
    assert other.solved
    np.testing.assert_allclose(turned.lowered(other.z), plain.z, rtol=1e-9, atol=1e-9)


def test_a_point_goes_up_and_comes_down_unchanged(market: Market) -> None:
    arrays = compile_market(market, universe_of(market))
    turned, z = in_levels(Share(), arrays), cold_start(arrays)
    assert len(turned.lifted(z)) == len(z) + len(turned.buyers)
    np.testing.assert_array_equal(turned.lowered(turned.lifted(z)), z)


def test_at_the_choke_price_tonnes_are_known_though_the_price_is_not(market: Market) -> None:
    """A minimum of next to nothing on a lane whose buyers are all but priced out."""
    arrays = compile_market(market, universe_of(market))
    turned = in_levels(Share(), arrays)
    found = QUICK.solve(turned.problem, turned.lifted(cold_start(arrays)))
    known = turned.as_known(found)
    assert known.aside is not None
    state = replace(Share().state(arrays, known.reached), known_demand=known.aside)
    at_price = Share().state(arrays, known.reached)
    np.testing.assert_allclose(state.final_demand, at_price.final_demand, rtol=1e-6)
    np.testing.assert_allclose(
        state.final_demand[turned.buyers], known.aside[turned.buyers], rtol=0.0
    )
    assert state.at(arrays, known.reached).known_demand is None


def test_a_minimum_is_met_among_steep_demands(market: Market) -> None:
    least = replace(limit(9e3, sense="at_least"), measure="least")
    found = solve_market(market.with_limit(least))
    assert found.certificate.ok
    assert found.flow(*least.lanes[0]) >= 9e3 * (1.0 - 1e-9)
