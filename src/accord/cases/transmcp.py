"""TRANSMCP: Dantzig's transport problem by complementarity, with fixed and elastic demand.

    capacity_i − Σ_j flow_ij ≥ 0                       ⟂   price at plant_i ≥ 0
    Σ_i flow_ij − demand_j·(reference_j/price_j)^ε ≥ 0   ⟂   price_j ≥ 0
    price at plant_i + cost_ij − price_j ≥ 0           ⟂   flow_ij ≥ 0

Reference prices are those of the fixed case, where ε = 0. Flows of the fixed case are not unique
(both plants have capacity to spare), its prices are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.cases.case import Data, Quantity
from accord.cases.numerics import Vector, solve

LOWEST_PRICE = 1e-6
PRICE, CASES = 0.1, 100.0


@dataclass(frozen=True)
class _Answer:
    at_plant: Vector
    price: Vector
    flow: NDArray[np.float64]


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield market prices of the fixed case before and after, all of the flexible one."""
    cost = data["cost_per_thousand_miles"] * np.array(data["thousand_miles"], dtype=np.float64)
    halved = cost.copy()
    halved[0, 1] *= 0.5
    inelastic = np.zeros(len(data["markets"]))
    fixed = _solve(data, cost, inelastic, np.ones(len(inelastic)))
    after = _solve(data, halved, inelastic, np.ones(len(inelastic)))
    flexible = _solve(data, halved, np.array(data["elasticity"]), fixed.price)
    yield from _prices(data, "fixed", fixed)
    yield from _prices(data, "fixed_halved", after)
    yield from _prices(data, "flexible_halved", flexible, data["tolerance_as_printed"])
    yield from _flexible(data, flexible)


def _prices(
    data: Data, case: str, answer: _Answer, tolerance: float | None = None
) -> Iterator[Quantity]:
    allowed = data["tolerance"] if tolerance is None else tolerance
    shown = data["published"][case]["price"]
    for market, published, found in zip(data["markets"], shown, answer.price, strict=True):
        yield Quantity(f"price in {market} ({case})", published, float(found), allowed)


def _flexible(data: Data, answer: _Answer) -> Iterator[Quantity]:
    shown = data["published"]["flexible_halved"]
    for plant, published, found in zip(
        data["plants"], shown["price_at_plant"], answer.at_plant, strict=True
    ):
        name = f"price at {plant} (flexible_halved)"
        yield Quantity(name, published, float(found), data["tolerance_as_printed"])
    for plant, market, published in shown["flow"]:
        i, j = data["plants"].index(plant), data["markets"].index(market)
        name, found = f"flow {plant}>{market} (flexible_halved)", float(answer.flow[i, j])
        yield Quantity(name, published, found, data["tolerance_as_printed"])


def _solve(data: Data, cost: NDArray[np.float64], elasticity: Vector, reference: Vector) -> _Answer:
    capacity, demand = (np.array(data[k], dtype=np.float64) for k in ("capacity", "demand"))
    n, m = cost.shape

    def conditions(z: NDArray[Any]) -> NDArray[Any]:
        at_plant, price, flow = z[:n], z[n : n + m], z[n + m :].reshape(n, m)
        left = capacity - flow.sum(axis=1)
        short = flow.sum(axis=0) - demand * (reference / price) ** elasticity
        margin = at_plant[:, None] + cost - price
        return np.concatenate([left, short, margin.ravel()])

    prices, flows = n + m, n * m
    lower = np.repeat([0.0, LOWEST_PRICE, 0.0], [n, m, flows])
    z = solve(
        conditions,
        np.repeat([PRICE, 1.0], [prices, flows]),
        lower=lower,
        scale=np.repeat([PRICE, CASES], [prices, flows]),
        size=np.repeat([CASES, PRICE], [prices, flows]),
    )
    return _Answer(z[:n], z[n:prices], z[prices:].reshape(n, m))
