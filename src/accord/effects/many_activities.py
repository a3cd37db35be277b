"""What activities earn, burn and emit, in many draws at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from accord.effects.columns import Columns, Entry, Key
from accord.effects.measures import WORLD
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.equilibrium.groups import Groups
from accord.market import Activity, Wedge


def book_profit(q: Quantities, its: Index, activities: Sequence[Activity]) -> Iterable[Entry]:
    """Book profit to owners."""
    owners: list[Key] = [(a.owner or a.region, a.outputs[0][0]) for a in activities]
    yield Entry("profit", owners, _profit(q, its))


def book_power(q: Quantities, its: Index, activities: Sequence[Activity]) -> Iterable[Entry]:
    """Book power to regions."""
    power = np.array([a.power for a in activities])
    return _per_level("power", activities, power, q.level.take(its, axis=1))


def book_power_cost(q: Quantities, its: Index, activities: Sequence[Activity]) -> Iterable[Entry]:
    """Book what power costs to regions."""
    power = np.array([a.power for a in activities])
    cost = power * [a.power_price for a in activities]
    return _per_level("power_cost", activities, power, q.level.take(its, axis=1), cost)


def book_emissions(q: Quantities, its: Index, activities: Sequence[Activity]) -> Iterable[Entry]:
    """Book emissions to regions."""
    emissions = np.array([a.emissions for a in activities])
    return _per_level("emissions", activities, emissions, q.level.take(its, axis=1))


def book_output_wedges(
    q: Quantities, its: Index, activities: Sequence[Activity]
) -> Iterable[Entry]:
    """Book taxes and subsidies on output to treasuries."""
    for i, a in zip(its.tolist(), activities, strict=True):
        for wedge in a.wedges:
            if wedge.in_force:
                yield from _output_wedge(q, a, wedge, q.level[:, i])


def _profit(q: Quantities, its: Index) -> Matrix:
    arrays = q.activities
    exponent = arrays.inverse_curvature[..., its] + 1.0
    full = arrays.rising_cost[..., its] * arrays.capacity[..., its] / exponent
    rising = full * q.utilisation.take(its, axis=1) ** exponent
    margin = q.revenue.take(its, axis=1) - q.flat_cost.take(its, axis=1)
    return q.level.take(its, axis=1) * margin - rising


def _per_level(
    measure: str,
    activities: Sequence[Activity],
    has: Vector,
    level: Matrix,
    per_unit: Vector | None = None,
) -> Iterable[Entry]:
    """Book an amount per unit made (``has`` itself by default) of the activities that have any."""
    some = np.flatnonzero(has)
    if some.size:
        amount = level.take(some, axis=1) * (has if per_unit is None else per_unit)[some]
        chosen = [activities[k] for k in some.tolist()]
        yield Entry(measure, [(a.region, a.outputs[0][0]) for a in chosen], amount)


def _output_wedge(q: Quantities, a: Activity, wedge: Wedge, level: Vector) -> Iterable[Entry]:
    if wedge.revenue_to is not None:
        node = q.base.universe.node_index
        sales = sum(t * q.price[:, node[good, a.region]] for good, t in a.outputs)
        amount = (wedge.ad_valorem * sales + wedge.specific) * level
        yield Entry("subsidy_cost", [(wedge.revenue_to, a.outputs[0][0])], -amount[:, None])


def book_rate(rate: str, above: Columns, below: Columns, counts: Flags) -> Iterable[Entry]:
    """Book one measure over another by region and in the world: over what ``counts`` (D, k)."""
    keys = above.keys
    amount = np.where(counts, above.values, 0.0)
    base = np.where(counts, below.filled(keys, 0.0), 0.0)
    each = amount / np.where(base != 0.0, base, np.nan)
    some = np.flatnonzero(counts.any(axis=0))
    yield Entry(rate, [keys[k] for k in some.tolist()], each.take(some, axis=1))
    goods = list(dict.fromkeys(good for _, good in keys))
    by_good = Groups.of(
        np.array([goods.index(good) for _, good in keys], dtype=np.intp), len(goods)
    )
    whole = by_good.sums(base)
    mean = by_good.sums(amount) / np.where(whole != 0.0, whole, np.nan)
    shown = np.flatnonzero(~np.isnan(mean).all(axis=0))
    yield Entry(rate, [(WORLD, goods[g]) for g in shown.tolist()], mean.take(shown, axis=1))
