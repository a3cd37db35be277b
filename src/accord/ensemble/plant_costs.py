"""Activities' costs in every draw, also of plants that law or deal make or change.

A new plant costs what its model costs, or the mean of several, save for what the deal says of it.
Terms work that out by arithmetic on the activities of a market. So they are put into effect once,
on activities whose costs are the vectors of all draws: the same arithmetic, entry by entry. A term
that asks for more than arithmetic (a comparison) is put into effect draw by draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from accord.ensemble.ask import Ask
from accord.ensemble.drawn import Matrix, Vector
from accord.market import Activity, Market
from accord.pack.parameters import CostCurves


@dataclass(frozen=True, eq=False)
class Costs:
    """An activity's costs over draws (D,): other and rising, USD per unit, and curvature."""

    other: Vector
    rising: Vector
    curvature: Vector


def same_costs(one: Activity, other: Activity) -> bool:
    """Return whether two activities agree in every parameter that is drawn."""
    return _costs(one) == _costs(other)


def _costs(a: Activity) -> tuple[float, float, float]:
    return a.other_cost, a.rising_cost, a.curvature


def changed_costs(
    ask: Ask, names: frozenset[str], curves: CostCurves
) -> tuple[Mapping[str, Costs], Mapping[str, Costs]]:
    """Return the costs of the named activities in every draw, before and after the deal.

    ``curves``  of the calibrated market's activities (D, A)
    """
    try:
        markets = _enacted(ask, _carrying(ask.calibration.market, curves))
    except (TypeError, ValueError):  # a vector has no truth and is no number: draw by draw then
        return _one_by_one(ask, names, curves)
    count = len(curves.other)
    before, after = (
        {
            name: Costs(*(np.broadcast_to(np.asarray(x, float), count) for x in _costs(a)))
            for name, a in market.activity_by_name.items()
            if name in names
        }
        for market in markets
    )
    return before, after


def _enacted(ask: Ask, market: Market) -> tuple[Market, Market]:
    before = ask.pack.under_law(market, ask.as_of)
    return before, ask.deal.apply(before)


def _carrying(market: Market, curves: CostCurves) -> Market:
    """Return the market with vectors over draws for costs, which the type of a cost hides."""

    def vectors(i: int) -> tuple[float, float, float]:
        columns = curves.other[:, i], curves.rising[:, i], curves.curvature[:, i]
        return cast("tuple[float, float, float]", columns)

    return _with_costs(market, [vectors(i) for i in range(len(market.activities))])


def _with_costs(market: Market, costs: list[tuple[float, float, float]]) -> Market:
    activities = (
        replace(a, other_cost=other, rising_cost=rising, curvature=curvature)
        for a, (other, rising, curvature) in zip(market.activities, costs, strict=True)
    )
    return replace(market, activities=tuple(activities))


def _one_by_one(
    ask: Ask, names: frozenset[str], curves: CostCurves
) -> tuple[Mapping[str, Costs], Mapping[str, Costs]]:
    table: Matrix = np.stack([curves.other, curves.rising, curves.curvature], axis=-1)
    found: tuple[dict[str, list[tuple[float, float, float]]], ...] = ({}, {})
    for draw in table.tolist():
        costs = [(other, rising, curvature) for other, rising, curvature in draw]
        markets = _enacted(ask, _with_costs(ask.calibration.market, costs))
        for side, market in zip(found, markets, strict=True):
            for name, a in market.activity_by_name.items():
                if name in names:
                    side.setdefault(name, []).append(_costs(a))
    before, after = (
        {name: Costs(*np.array(rows).T) for name, rows in side.items()} for side in found
    )
    return before, after
