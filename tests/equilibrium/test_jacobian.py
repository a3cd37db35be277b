"""The analytic Jacobian of the share closure against central differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.share import Share
from accord.market import Market
from worlds import (
    LANE_AB,
    LANE_CB,
    LANE_DB,
    SOURCE_A,
    duty,
    is_lane,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)


def as_it_is(market: Market) -> Market:
    return market


def with_limits(market: Market) -> Market:
    most = replace(limit(20e3), measure="most", rent_to=None)
    least = limit(9e3, LANE_CB, sense="at_least", rent_to="C", lowers_customs_value=True)
    return market.with_limit(most).with_limit(least)


def with_growing_bound(market: Market) -> Market:
    return market.with_limit(limit(5e3, per_activity=(("smelter.B", 0.7),)))


def with_tariff_rate_quota(market: Market) -> Market:
    return market.with_limit(quota(20e3, duty(0.3, basis="cif", specific=40.0)))


def pro_rata(market: Market) -> Market:
    return origin_duty(market, 0.5, "pro rata")


def pro_rata_and_specific(market: Market) -> Market:
    return with_duty(market, duty(0.2, specific=90.0, tracer=SOURCE_A.name, basis="cif"), LANE_DB)


def segregated(market: Market) -> Market:
    return origin_duty(market, 0.5, "segregated")


def everything(market: Market) -> Market:
    changed = with_tariff_rate_quota(with_limits(pro_rata(market)))
    return changed.map_lanes(is_lane(LANE_AB), lambda x: replace(x, loss=0.03))


CASES: dict[str, Callable[[Market], Market]] = {
    "plain": as_it_is,
    "limits": with_limits,
    "growing bound": with_growing_bound,
    "tariff-rate quota": with_tariff_rate_quota,
    "tracer pro rata": pro_rata,
    "tracer pro rata, specific": pro_rata_and_specific,
    "clean supply": segregated,
    "everything": everything,
}


@pytest.mark.parametrize(
    ("case", "entrepot"),
    # The lane of the specific origin duty starts at the entrepot.
    [(c, e) for c in CASES for e in (True, False) if e or c != "tracer pro rata, specific"],
)
def test_jacobian_is_that_of_central_differences(case: str, *, entrepot: bool) -> None:
    market = CASES[case](toy(entrepot=entrepot))
    arrays = compile_market(market, universe_of(market))
    problem = Share().problem(arrays)
    rng = np.random.default_rng(3)
    n, a, m, t = arrays.sizes
    y = np.concatenate(
        [
            rng.uniform(0.85, 1.15, n),
            rng.uniform(0.4, 0.95, a),
            np.full(m, 0.02),
            rng.uniform(0.1, 0.6, t),
        ]
    )
    exact = problem.jacobian(y * problem.z_scale) * problem.z_scale / problem.f_scale[:, None]
    numeric = _central_differences(
        lambda x: problem.value(x * problem.z_scale) / problem.f_scale, y
    )
    assert np.abs(exact - numeric).max() < 1e-7 * max(1.0, np.abs(exact).max())
    assert np.abs(exact).max() > 0.1


def _central_differences(function: Callable[[np.ndarray], np.ndarray], y: np.ndarray) -> np.ndarray:
    step = 1e-5 * np.eye(len(y))
    rows = [(function(y + e) - function(y - e)) / 2e-5 for e in step]
    return np.array(rows).T


def test_the_comparison_sees_a_missing_term() -> None:
    """The check can fail."""
    arrays = compile_market(toy(), universe_of(toy()))
    problem = Share().problem(arrays)
    y = np.concatenate([np.full(6, 1.05), np.full(6, 0.8)])
    exact = problem.jacobian(y * problem.z_scale) * problem.z_scale / problem.f_scale[:, None]
    other = Share().problem(
        replace(arrays, buyers=replace(arrays.buyers, quantity=1.01 * arrays.buyers.quantity))
    )
    numeric = _central_differences(lambda x: other.value(x * problem.z_scale) / problem.f_scale, y)
    assert np.abs(exact - numeric).max() > 1e-4
