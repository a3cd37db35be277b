"""Who gets and who pays what, in many draws at once: the accounts that welfare is the sum of.

``accounts_of`` is this for one equilibrium. An amount or a flow that a draw has not is 0; a price
or a rate that it has not is NaN (conventions C14). What no draw has is no column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from accord.effects.columns import Columns, Entry, Key, Table, summed
from accord.effects.many_activities import book_activities, book_per_unit
from accord.effects.many_law import LaneLaw
from accord.effects.many_limits import Binding, book_over_quota, book_rents, in_force, rebates
from accord.effects.many_prices import book_prices, priced
from accord.effects.measures import MEASURE_BY_NAME, MEASURES, USER, WELFARE_PARTS, WORLD
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Matrix, Vector
from accord.equilibrium.groups import Groups
from accord.equilibrium.many_state import ManyState
from accord.market import Market


@dataclass(frozen=True, eq=False)
class ManyAccounts:
    """Amounts by measure, then by key: see ``Columns``, and conventions C47 for each measure.

    ``dissipated`` is the rent of limits that nobody earns (D,), USD a year, a real cost.
    """

    tables: dict[str, Columns]
    dissipated: Vector

    @property
    def count(self) -> int:
        """Number of draws D."""
        return len(self.dissipated)

    def tables_of(self, draw: int) -> dict[str, Table]:
        """Return one draw's tables; a price or a rate that it has not is left out."""
        return {measure: columns.table(draw) for measure, columns in self.tables.items()}

    def of(self, measure: str, region: str, good: str | None = None) -> Vector | None:
        """Return one amount over the draws (D,), or ``None`` where no draw has it."""
        return self.tables[measure].of((region, good))


def absent(measure: str) -> float:
    """Return what stands where a draw has no entry: 0 for amounts and flows, NaN otherwise."""
    has_zero = MEASURE_BY_NAME[measure].additive or measure == "flow"
    return 0.0 if has_zero else float("nan")


def joined(parts: Sequence[ManyAccounts]) -> ManyAccounts:
    """Return the draws of several parts, one part after the other."""
    tables: dict[str, Columns] = {}
    for measure in MEASURES:
        found = [part.tables[measure.name] for part in parts]
        keys = tuple(dict.fromkeys(key for columns in found for key in columns.keys))
        filled = [columns.filled(keys, absent(measure.name)) for columns in found]
        tables[measure.name] = Columns(keys, np.concatenate(filled))
    return ManyAccounts(tables, np.concatenate([part.dissipated for part in parts]))


def accounts_of_many(market: Market, state: ManyState) -> ManyAccounts:
    """Return the accounts of D solved draws of a market (see ``ManyState``).

    ``market`` is what all draws share: its law, hubs, users, power and emissions per unit.
    """
    return accounts_of_quantities(market, Quantities.of_many(state))


def accounts_of_quantities(market: Market, q: Quantities) -> ManyAccounts:
    """Return the accounts of one equilibrium or of many."""
    here = priced(q)
    rent_entries, dissipated = book_rents(q, limits := in_force(q))
    law = LaneLaw(market, q.base)
    entries = [
        *book_prices(market, q, here),
        *_flows(law, q),
        *_law(law, q, limits, here),
        *rent_entries,
        *_surplus(market, q),
        *book_activities(market, q),
    ]
    tables = summed(entries, q.count)
    tables |= summed(book_per_unit(tables, q, here), q.count)
    tables |= summed(_welfare(tables), q.count)
    return ManyAccounts(_with_world(tables, q.count), dissipated)


def _buyer_keys(q: Quantities) -> list[Key]:
    return [(buyer.region, buyer.good) for buyer in q.base.universe.buyers]


def _node_keys(q: Quantities) -> list[Key]:
    return [(region, good) for good, region in q.base.universe.nodes]


# ---------------------------------------------------------------------------------------- flows


def _flows(law: LaneLaw, q: Quantities) -> Iterable[Entry]:
    lanes = q.base.lanes
    moving = np.flatnonzero(q.flow.any(axis=0))
    yield Entry("flow", law.keys(moving), q.flow.take(moving, axis=1))
    buyers, nodes = _buyer_keys(q), _node_keys(q)
    into = Groups.of(lanes.buyer, len(buyers), moving)
    yield _grouped("freight_cost", q.flow * law.freight_of(q), into, buyers)
    abroad = moving[~lanes.home[moving]]
    yield _grouped("imports", q.flow, Groups.of(lanes.buyer, len(buyers), abroad), buyers)
    left = q.flow * lanes.shipped
    yield _grouped("exports", left, Groups.of(lanes.node, len(nodes), abroad), nodes)
    yield Entry("output", nodes, q.supply)
    yield Entry("use", buyers, q.use)
    yield Entry("final_use", buyers, q.final_use)


def _grouped(measure: str, values: Matrix, groups: Groups, keys: Sequence[Key]) -> Entry:
    """Book (D, k) by group; a group without members has no entry."""
    sums = groups.sums(values).take(groups.full, axis=1)
    return Entry(measure, [keys[g] for g in groups.full.tolist()], sums)


# ------------------------------------------------------------------------------------------ law


def _law(law: LaneLaw, q: Quantities, limits: list[Binding], here: Flags) -> Iterable[Entry]:
    """Book every duty, tax and subsidy on a lane to its treasury, and the rates on the lane."""
    rebate = rebates(q, limits)
    amounts = law.amounts(q, rebate)
    yield from law.booked(amounts)
    over, paid = book_over_quota(q, law, limits)
    yield from over
    duty = law.duties(amounts)
    for lanes, beyond in paid:
        duty[:, lanes] += beyond
    yield from _collected(law, q, duty, rebate)
    yield from _statutory(law, q, limits, here, rebate)


def _collected(law: LaneLaw, q: Quantities, duty: Matrix, rebate: Matrix) -> Iterable[Entry]:
    """Book the import duty paid over the customs value, by lane and by region (C27)."""
    its = np.flatnonzero(law.traded & (q.flow > 0.0).any(axis=0))
    value = law.customs_value(q, rebate)
    value *= q.flow
    yield Entry("duty_rate_collected", law.keys(its), _ratio(duty, value).take(its, axis=1))
    by_buyer = Groups.of(q.base.lanes.buyer, len(q.base.universe.buyers), its)
    all_keys = _buyer_keys(q)
    rate = _ratio(by_buyer.sums(duty), by_buyer.sums(value)).take(by_buyer.full, axis=1)
    yield Entry("duty_rate_collected", [all_keys[b] for b in by_buyer.full.tolist()], rate)


def _ratio(above: Matrix, below: Matrix) -> Matrix:
    """Return a fraction (D, k), NaN of nothing."""
    return above / np.where(below != 0.0, below, np.nan)


def _statutory(
    law: LaneLaw, q: Quantities, limits: list[Binding], here: Flags, rebate: Matrix
) -> Iterable[Entry]:
    """Book the rate the law asks on a lane, over-quota and origin duties at their full rate."""
    rate, specific = (x.copy() for x in law.statutory)
    limited = np.zeros(len(rate), dtype=np.bool_)
    for x in limits:
        limited[x.lanes] = True
        if x.limit.over is not None:
            rate[x.lanes] += x.limit.over.ad_valorem * x.limit.over.content
            specific[x.lanes] += x.limit.over.specific
    its = np.flatnonzero(law.traded & (law.taxed | limited))
    customs = law.customs_value(q, rebate, its)
    # Without a price there is no fraction of the value that dollars per tonne would be.
    valued = (customs > 0.0) & here.take(q.base.lanes.node[its], axis=1)
    usd = specific[its]
    whole = rate[its] + usd / np.where(valued, customs, np.nan)
    yield _present("duty_rate_statutory", law.keys(its), np.where(usd == 0.0, rate[its], whole))


def _present(measure: str, keys: Sequence[Key], values: Matrix) -> Entry:
    """Book (D, k) without the columns that no draw has."""
    some = np.flatnonzero(~np.isnan(values).all(axis=0))
    return Entry(measure, [keys[k] for k in some.tolist()], values.take(some, axis=1))


# -------------------------------------------------------------------------------------- surplus


def _surplus(market: Market, q: Quantities) -> Iterable[Entry]:
    """Area under final demand above the buyer price, up to the choke price."""
    buyers = q.buyers
    span = buyers.choke - buyers.price
    gap = np.maximum((buyers.choke - q.buyer_price) / span, 0.0)
    area = buyers.quantity * span / (buyers.gamma + 1.0) * gap ** (buyers.gamma + 1.0)
    some = np.flatnonzero(area.any(axis=0))
    keys = _buyer_keys(q)
    yield Entry("consumer_surplus", [keys[b] for b in some.tolist()], area.take(some, axis=1))
    place = {key: b for b, key in enumerate(keys)}
    has = set(some.tolist())
    users = [
        (place[d.region, d.good], share, (f"{d.region}{USER}{user}", d.good))
        for d in market.demands
        for user, share in d.users
        if place.get((d.region, d.good)) in has
    ]
    if users:
        of = np.array([b for b, _, _ in users], dtype=np.intp)
        part = area.take(of, axis=1) * np.array([share for _, share, _ in users])
        parts = np.where(area.take(of, axis=1) != 0.0, part, np.nan)
        yield Entry("user_surplus", [key for _, _, key in users], parts)


# -------------------------------------------------------------------------------------- totals


def _welfare(tables: dict[str, Columns]) -> Iterable[Entry]:
    for measure, sign in WELFARE_PARTS:
        if measure in tables:
            columns = tables[measure]
            keys: list[Key] = [(region, None) for region, _ in columns.keys]
            yield Entry("welfare", keys, sign * columns.values)


def _with_world(tables: dict[str, Columns], count: int) -> dict[str, Columns]:
    whole: dict[str, Columns] = {}
    none = Columns((), np.zeros((count, 0)))
    for measure in MEASURES:
        columns = tables.get(measure.name, none)
        world = _world(columns) if measure.additive else none
        both = np.hstack([columns.values, world.values]) if world.keys else columns.values
        whole[measure.name] = Columns(columns.keys + world.keys, both)
    return whole


def _world(columns: Columns) -> Columns:
    """Return the sums over all regions, by good."""
    goods = {good: i for i, good in enumerate(dict.fromkeys(good for _, good in columns.keys))}
    group = np.array([goods[good] for _, good in columns.keys], dtype=np.intp)
    keys = tuple((WORLD, good) for good in goods)
    return Columns(keys, Groups.of(group, len(goods)).sums(columns.values))
