"""Takayama and Judge 1964: three regions, two goods, linear supply and demand, costly transport.

    supply_i + arrivals_i − shipments_i − demand_i ≥ 0   ⟂   price_i ≥ 0      (each good)
    price_i + transport_ij − price_j ≥ 0                 ⟂   flow_ij ≥ 0

Demand and supply of a good are linear in the prices of both. In the article the cross coefficient
multiplies the other good's price (``cross``); the library's program multiplies the good's own
(``own``). Its objective is Σ αP + P′βP of demand less that of supply less transport, with
own coefficients of β halved and the cross ones not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.cases.case import Data, Quantity
from accord.cases.numerics import Vector, solve

PRICE, TONNES = 10.0, 100.0


@dataclass(frozen=True)
class _Lanes:
    """Lanes with a good each: positions of origin and destination in the list of prices."""

    origin: NDArray[np.intp]
    destination: NDArray[np.intp]
    cost: Vector
    names: tuple[tuple[str, str, str], ...]


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield prices, flows and transport cost of both forms, and the library's objective."""
    lanes = _lanes(data)
    for form in ("cross", "own"):
        price, flow = _solve(data, lanes, cross=form == "cross")
        yield from _compared(data, lanes, form, price, flow)


def _compared(
    data: Data, lanes: _Lanes, form: str, price: Vector, flow: Vector
) -> Iterator[Quantity]:
    published, tolerance = data["published"][form], data["tolerance"]
    places = [(r, g) for r in data["regions"] for g in data["goods"]]
    shown_prices = [x for row in published["price"] for x in row]
    for (region, good), shown, found in zip(places, shown_prices, price, strict=True):
        name = f"price of {good} in {region} ({form})"
        yield Quantity(name, float(shown), float(found), tolerance)
    known = {
        (origin, to, good): x
        for origin, to, *xs in published["flow"]
        for good, x in zip(data["goods"], xs, strict=True)
    }
    for key, found in zip(lanes.names, flow, strict=True):
        name = f"flow of {key[2]} {key[0]}>{key[1]} ({form})"
        yield Quantity(name, float(known.get(key, 0.0)), float(found), tolerance)
    transport = float(lanes.cost @ flow)
    yield Quantity(f"transport cost ({form})", published["transport_cost"], transport, tolerance)
    if "objective" in published:
        reached = _integral(data["demand"], price) - _integral(data["supply"], price) - transport
        yield Quantity(f"objective ({form})", published["objective"], reached, tolerance)


def _lanes(data: Data) -> _Lanes:
    at = {
        (r, g): i for i, (r, g) in enumerate((r, g) for r in data["regions"] for g in data["goods"])
    }
    rows = [
        (origin, to, good, cost)
        for origin, to, *costs in data["transport"]["cost"]
        for good, cost in zip(data["goods"], costs, strict=True)
    ]
    return _Lanes(
        origin=np.array([at[o, g] for o, _, g, _ in rows], dtype=np.intp),
        destination=np.array([at[d, g] for _, d, g, _ in rows], dtype=np.intp),
        cost=np.array([float(c) for *_, c in rows]),
        names=tuple((o, d, g) for o, d, g, _ in rows),
    )


def _slopes(table: Data, *, cross: bool) -> NDArray[np.float64]:
    """Return ∂quantity/∂price over all regions and goods, block by block."""
    blocks = np.array(table["slope"], dtype=np.float64)
    count, goods, _ = blocks.shape
    whole = np.zeros((count * goods, count * goods))
    for i, block in enumerate(blocks):
        place = slice(i * goods, (i + 1) * goods)
        whole[place, place] = block if cross else np.diag(block.sum(axis=1))
    return whole


def _solve(data: Data, lanes: _Lanes, *, cross: bool) -> tuple[Vector, Vector]:
    slope = _slopes(data["supply"], cross=cross) - _slopes(data["demand"], cross=cross)
    supply, demand = (np.ravel(data[side]["constant"]) for side in ("supply", "demand"))
    n, count = len(slope), len(lanes.cost)
    ships = np.zeros((n, count))
    ships[lanes.origin, np.arange(count)] += 1.0
    ships[lanes.destination, np.arange(count)] -= 1.0
    constant = np.concatenate([supply - demand, lanes.cost])
    matrix = np.block([[slope, -ships], [ships.T, np.zeros((count, count))]])

    def conditions(z: NDArray[Any]) -> NDArray[Any]:
        return constant + matrix @ z

    scale = np.repeat([PRICE, TONNES], [n, count])
    size = np.repeat([TONNES, PRICE], [n, count])
    start = np.repeat([PRICE, 1.0], [n, count])
    z = solve(conditions, start, lower=np.zeros(n + count), scale=scale, size=size)
    return z[:n], z[n:]


def _integral(table: Data, price: Vector) -> float:
    slope = _slopes(table, cross=True)
    halved = slope - 0.5 * np.diag(np.diag(slope))
    return float(np.ravel(table["constant"]) @ price + price @ halved @ price)
