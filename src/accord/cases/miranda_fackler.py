"""Miranda and Fackler's three countries: one good, inverse supply and demand, costly transport.

supply price_i(Σ_j x_ij) + cost_ij − demand price_j(Σ_i x_ij) ≥ 0   ⟂   x_ij ≥ 0
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.cases.case import Data, Quantity
from accord.cases.numerics import solve

PRICE, TONNES = 30.0, 10.0


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the price in each country and every flow."""
    supply, demand = data["supply"], data["demand"]
    cost = np.array(data["transport"]["cost"], dtype=np.float64)
    count = len(cost)

    def made_at(flow: NDArray[Any]) -> NDArray[Any]:
        return np.array(supply["constant"]) + np.array(supply["slope"]) * flow.sum(axis=1)

    def conditions(z: NDArray[Any]) -> NDArray[Any]:
        flow = z.reshape(count, count)
        paid = np.array(demand["constant"]) - np.array(demand["slope"]) * flow.sum(axis=0)
        return (made_at(flow)[:, None] + cost - paid).ravel()

    n = cost.size
    z = solve(
        conditions,
        np.ones(n),
        lower=np.zeros(n),
        scale=np.full(n, TONNES),
        size=np.full(n, PRICE),
    )
    flow = z.reshape(count, count)
    published, tolerance = data["published"], data["tolerance"]
    for i, (shown, found) in enumerate(zip(published["price"], made_at(flow), strict=True)):
        yield Quantity(f"price in country {i + 1}", shown, float(found), tolerance)
    for (i, j), found in np.ndenumerate(flow):
        name = f"flow from country {i + 1} to {j + 1}"
        yield Quantity(name, published["flow"][i][j], float(found), tolerance)
