"""Draws of a market for tests of what solves many at once: its numbers varied, its shape kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.stack import Stack, stacked
from accord.market import Market

Vector = NDArray[np.float64]


def compiled(market: Market) -> Arrays:
    """The market as arrays, ready to be solved."""
    return without_the_impossible(compile_market(market, universe_of(market)))


def draw_of(arrays: Arrays, rng: np.random.Generator, spread: float) -> Arrays:
    """One draw: θ, weights, elasticities, costs, capacities and bounds, each times e^(spread·x)."""

    def by(values: Vector) -> Vector:
        return values * np.exp(spread * rng.normal(size=values.shape))

    lanes, buyers, plants, limits = (
        arrays.lanes,
        arrays.buyers,
        arrays.activities,
        arrays.limits,
    )
    theta = by(buyers.theta)
    # Weights go with θ, so that shares stay of the same size.
    cost = lanes.slope * arrays.reference_price[lanes.node] + lanes.intercept
    weight = lanes.log_weight + (theta - buyers.theta)[lanes.buyer] * cost
    weight = weight + spread * rng.normal(size=weight.shape)
    return replace(
        arrays,
        lanes=replace(lanes, log_weight=weight),
        buyers=replace(buyers, theta=theta, gamma=by(buyers.gamma)),
        activities=replace(
            plants,
            rising_cost=by(plants.rising_cost),
            fixed_cost=by(plants.fixed_cost),
            inverse_curvature=by(plants.inverse_curvature),
            capacity=by(plants.capacity),
        ),
        limits=replace(limits, bound=by(limits.bound)),
    )


def drawn(market: Market, count: int, *, seed: int = 0, spread: float = 0.1) -> Stack:
    """``count`` draws side by side, the market itself the first."""
    arrays, rng = compiled(market), np.random.default_rng(seed)
    return stacked([arrays, *(draw_of(arrays, rng, spread) for _ in range(count - 1))])
