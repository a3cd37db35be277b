"""What activities earn, burn and emit, in many draws at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from accord.effects.columns import Columns, Entry, Key
from accord.effects.measures import WORLD
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.equilibrium.groups import Groups
from accord.market import Activity, Market, Wedge


def book_activities(market: Market, q: Quantities) -> Iterable[Entry]:
    """Book profit to owners, power and emissions to regions, subsidies to treasuries."""
    own, shared = market.activity_by_name, q.base.universe.activities
    running = np.flatnonzero(q.level.any(axis=0))
    found = [own.get(shared[i].name, shared[i]) for i in running.tolist()]
    level = q.level.take(running, axis=1)
    owners: list[Key] = [(a.owner or a.region, a.outputs[0][0]) for a in found]
    yield Entry("profit", owners, _profit(q, running))
    power = np.array([a.power for a in found])
    yield from _per_level("power", found, power, level)
    yield from _per_level("power_cost", found, power, level, power * [a.power_price for a in found])
    yield from _per_level("emissions", found, np.array([a.emissions for a in found]), level)
    for k, a in enumerate(found):
        for wedge in a.active_wedges:
            yield from _output_wedge(q, a, wedge, level[:, k])


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


def book_per_unit(tables: Mapping[str, Columns], q: Quantities, here: Flags) -> Iterable[Entry]:
    """Book what a MWh costs makers, and what a tonne made emits, by region and in the world."""
    if "power" in tables:
        power = tables["power"]
        counts = _shown(power, q, here)
        yield from _rates("power_price", tables["power_cost"], power, counts)
    if "emissions" in tables:
        emitted = tables["emissions"]
        counts = _shown(emitted, q, here)
        yield from _rates("carbon_intensity", emitted, tables["output"], counts)


def _shown(has: Columns, q: Quantities, here: Flags) -> Flags:
    """Return where a rate may be told (D, k): something is burnt, and the good has a price.

    Without a price nothing to speak of is made (conventions C16).
    """
    node = q.base.universe.node_index
    at = np.array([node[good or "", region] for region, good in has.keys], dtype=np.intp)
    return here.take(at, axis=1) & (has.values != 0.0)


def _rates(rate: str, above: Columns, below: Columns, counts: Flags) -> Iterable[Entry]:
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
