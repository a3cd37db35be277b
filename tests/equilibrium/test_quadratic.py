"""Symmetric markets are quadratic programs: our own solver and Clarabel must agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plane import plane

from accord.equilibrium import Equilibrium, solve_market, universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.quadratic import Sparse, available, is_quadratic, solve_quadratic
from accord.market import LaneKey, Limit, Market, Wedge

needs_clarabel = pytest.mark.skipif(not available(), reason="needs the extra accord[clarabel]")


def arrays_of(market: Market) -> Arrays:
    return compile_market(market, universe_of(market))


def limited(market: Market) -> Market:
    free = solve_market(market, closure="homogeneous")
    lane = max(
        (x.key for x in market.lanes if x.origin != x.destination), key=lambda k: free.flow(*k)
    )
    return market.with_limit(Limit("quota", "at_most", (lane,), 0.5 * free.flow(*lane), "R000"))


def with_specific_duty(market: Market) -> Market:
    wedge = Wedge("duty", "import", specific=45.0, revenue_to="R001")
    return market.map_lanes(
        lambda x: x.destination == "R001" and x.origin != "R001", lambda x: x.with_wedge(wedge)
    )


@needs_clarabel
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("change", [lambda market: market, limited, with_specific_duty])
def test_both_solvers_agree_on_prices_and_totals(seed: int, change) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    market = change(plane(12, seed))
    own = solve_market(market, closure="homogeneous")
    z = solve_quadratic(arrays_of(market))
    assert z is not None
    theirs = own.state.at(own.state.arrays, z)
    assert agreement(own, theirs.price, "price") < 1e-8
    assert agreement(own, theirs.buyer_price, "buyer_price") < 1e-8
    assert agreement(own, theirs.level, "level") < 1e-8
    assert agreement(own, theirs.demand, "demand") < 1e-8


def agreement(own: Equilibrium, theirs: np.ndarray, name: str) -> float:
    mine = getattr(own.state, name)
    return float(np.max(np.abs(theirs - mine)) / np.max(np.abs(mine)))


def test_what_breaks_symmetry_is_noticed() -> None:
    market = plane(4, 1)
    assert is_quadratic(arrays_of(market))
    ad_valorem = market.map_lanes(
        lambda x: x.key == LaneKey("metal", "R000", "R001"),
        lambda x: x.with_wedge(Wedge("duty", "import", 0.1, revenue_to="R001")),
    )
    curved = market.map_activities(lambda _: True, lambda a: replace(a, curvature=2.0))
    bent = replace(market, demands=tuple(replace(d, choke=9000.0) for d in market.demands))
    for broken in (ad_valorem, curved, bent):
        assert not is_quadratic(arrays_of(broken))
        with pytest.raises(ValueError, match="not a quadratic program"):
            solve_quadratic(arrays_of(broken))


def test_a_sparse_matrix_is_gathered_by_columns() -> None:
    rows, columns = [np.array([1, 0]), np.array([2])], [np.array([0, 0]), np.array([1])]
    matrix = Sparse.of(rows, columns, [np.array([3.0, 4.0]), np.array([5.0])], (3, 2))
    assert matrix.data.tolist() == [4.0, 3.0, 5.0]
    assert matrix.indices.tolist() == [0, 1, 2]
    assert matrix.indptr.tolist() == [0, 2, 3]
