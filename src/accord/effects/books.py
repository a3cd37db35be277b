"""What is booked on each measure at one equilibrium or at many: worked out when it is asked for.

Few measures are asked for at a time where answers must come quickly; each brings what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from accord.effects.chart import ChartOfAccounts
from accord.effects.columns import Columns, Entry, Key, summed
from accord.effects.many_activities import (
    book_emissions,
    book_output_wedges,
    book_power,
    book_power_cost,
    book_profit,
    book_rate,
)
from accord.effects.many_law import LaneLaw
from accord.effects.many_limits import Binding, book_over_quota, book_rents, in_force, rebates
from accord.effects.many_prices import book_buyer_price, book_hubs, book_producer_price, negligible
from accord.effects.measures import MEASURE_BY_NAME, MEASURES, USER, WELFARE_PARTS, WORLD
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.equilibrium.groups import Groups
from accord.market import Activity


@dataclass(frozen=True, eq=False)
class Books:
    """D equilibria, and what several measures need of them."""

    chart: ChartOfAccounts
    q: Quantities
    _columns: dict[str, Columns] = field(default_factory=dict[str, Columns])

    def columns(self, measure: str) -> Columns:
        """Return what is booked on a measure, the world's sums not among it."""
        if measure not in self._columns:
            found = summed(BOOKED[measure](self), self.q.count)
            none = Columns((), np.zeros((self.q.count, 0)))
            self._columns[measure] = found.get(measure, none)
        return self._columns[measure]

    @cached_property
    def negligible(self) -> Matrix:
        """Tonnes of each good below which nothing counts as moving (D, goods)."""
        return negligible(self.q)

    @cached_property
    def priced(self) -> Flags:
        """Whether a node's good moves, so that its producer price is one (D, N)."""
        nodes, _ = self.q.base.universe.goods_of_nodes_and_buyers
        return self.q.shipped > self.negligible.take(nodes, axis=1)

    @cached_property
    def running(self) -> tuple[Index, list[Activity]]:
        """The activities that run in any draw: their numbers, and themselves."""
        some = np.flatnonzero(self.q.level.any(axis=0))
        return some, [self.chart.activities[i] for i in some.tolist()]

    def told(self, has: Columns) -> Flags:
        """Return where a rate may be told (D, k): there is some, and the good has a price.

        Without a price nothing to speak of is made (conventions C16).
        """
        node = self.q.base.universe.node_index
        at = np.array([node[good or "", region] for region, good in has.keys], dtype=np.intp)
        return self.priced.take(at, axis=1) & (has.values != 0.0)

    # ------------------------------------------------------------------ law

    @property
    def law(self) -> LaneLaw:
        """What the law takes on lanes."""
        return self.chart.law

    @cached_property
    def limits(self) -> list[Binding]:
        """The limits in force."""
        return in_force(self.q)

    @cached_property
    def rebate(self) -> Matrix:
        """What sellers' rebates take off the customs value of a tonne (D or 1, L)."""
        return rebates(self.q, self.limits)

    @cached_property
    def levied(self) -> Matrix:
        """What each levy takes a year (D, k)."""
        return self.law.amounts(self.q, self.rebate)

    @cached_property
    def over_quota(self) -> tuple[list[Entry], list[tuple[Index, Matrix]]]:
        """Duties beyond quotas: as booked to treasuries, and by lane."""
        return book_over_quota(self.q, self.law, self.limits)

    @cached_property
    def rents(self) -> tuple[list[Entry], Vector]:
        """Limits' rents as booked to who earns or pays them, and what nobody earns (D,)."""
        return book_rents(self.q, self.limits)

    @cached_property
    def area(self) -> Matrix:
        """Area under final demand above the buyer price, up to the choke price (D, B)."""
        buyers = self.q.buyers
        span = buyers.choke - buyers.price
        gap = np.maximum((buyers.choke - self.q.buyer_price) / span, 0.0)
        return buyers.quantity * span / (buyers.gamma + 1.0) * gap ** (buyers.gamma + 1.0)


class Tables(Mapping[str, Columns]):
    """Every measure of some books with the world's sums, each worked out when it is asked for."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._known: dict[str, Columns] = {}

    def __getitem__(self, measure: str) -> Columns:
        """Return the columns of a measure."""
        if measure not in self._known:
            columns = self._books.columns(measure)
            additive = MEASURE_BY_NAME[measure].additive
            self._known[measure] = _with_world(columns) if additive else columns
        return self._known[measure]

    def __iter__(self) -> Iterator[str]:
        """Iterate over all measures."""
        return (measure.name for measure in MEASURES)

    def __len__(self) -> int:
        """Return how many measures there are."""
        return len(MEASURES)


def _with_world(columns: Columns) -> Columns:
    """Return columns and their sums over all regions, by good."""
    if not columns.keys:
        return columns
    goods = {good: i for i, good in enumerate(dict.fromkeys(good for _, good in columns.keys))}
    group = np.array([goods[good] for _, good in columns.keys], dtype=np.intp)
    world: tuple[Key, ...] = tuple((WORLD, good) for good in goods)
    sums = Groups.of(group, len(goods)).sums(columns.values)
    return Columns(columns.keys + world, np.hstack([columns.values, sums]))


# ---------------------------------------------------------------------------------------- flows


def _flow(books: Books) -> Iterable[Entry]:
    moving = _moving(books)
    yield Entry("flow", books.law.keys(moving), books.q.flow.take(moving, axis=1))


def _moving(books: Books) -> Index:
    return np.flatnonzero(books.q.flow.any(axis=0))


def _freight_cost(books: Books) -> Iterable[Entry]:
    into = Groups.of(books.q.base.lanes.buyer, len(books.chart.buyer_keys), _moving(books))
    freight = books.q.flow * books.law.freight_of(books.q)
    yield _grouped("freight_cost", freight, into, books.chart.buyer_keys)


def _imports(books: Books) -> Iterable[Entry]:
    lanes, keys = books.q.base.lanes, books.chart.buyer_keys
    into = Groups.of(lanes.buyer, len(keys), _abroad(books))
    yield _grouped("imports", books.q.flow, into, keys)


def _exports(books: Books) -> Iterable[Entry]:
    lanes, keys = books.q.base.lanes, books.chart.node_keys
    out = Groups.of(lanes.node, len(keys), _abroad(books))
    yield _grouped("exports", books.q.flow * lanes.shipped, out, keys)


def _abroad(books: Books) -> Index:
    moving = _moving(books)
    return moving[~books.q.base.lanes.home[moving]]


def _grouped(measure: str, values: Matrix, groups: Groups, keys: Sequence[Key]) -> Entry:
    """Book (D, k) by group; a group without members has no entry."""
    sums = groups.sums(values).take(groups.full, axis=1)
    return Entry(measure, [keys[g] for g in groups.full.tolist()], sums)


# ------------------------------------------------------------------------------------------ law


def _collected(books: Books) -> Iterable[Entry]:
    """Book the import duty paid over the customs value, by lane and by region (C27)."""
    law, q = books.law, books.q
    duty = law.duties(books.levied)
    for lanes, beyond in books.over_quota[1]:
        duty[:, lanes] += beyond
    its = np.flatnonzero(law.traded & (q.flow > 0.0).any(axis=0))
    value = law.customs_value(q, books.rebate)
    value *= q.flow
    yield Entry("duty_rate_collected", law.keys(its), _ratio(duty, value).take(its, axis=1))
    by_buyer = Groups.of(q.base.lanes.buyer, len(books.chart.buyer_keys), its)
    rate = _ratio(by_buyer.sums(duty), by_buyer.sums(value)).take(by_buyer.full, axis=1)
    keys = [books.chart.buyer_keys[int(b)] for b in by_buyer.full]
    yield Entry("duty_rate_collected", keys, rate)


def _ratio(above: Matrix, below: Matrix) -> Matrix:
    """Return a fraction (D, k), NaN of nothing."""
    return above / np.where(below != 0.0, below, np.nan)


def _statutory(books: Books) -> Iterable[Entry]:
    """Book the rate the law asks on a lane, over-quota and origin duties at their full rate."""
    law, q = books.law, books.q
    rate, specific = (x.copy() for x in law.statutory)
    limited = np.zeros(len(rate), dtype=np.bool_)
    for x in books.limits:
        limited[x.lanes] = True
        if x.limit.over is not None:
            rate[x.lanes] += x.limit.over.ad_valorem * x.limit.over.content
            specific[x.lanes] += x.limit.over.specific
    its = np.flatnonzero(law.traded & (law.taxed | limited))
    customs = law.customs_value(q, books.rebate, its)
    # Without a price there is no fraction of the value that dollars per tonne would be.
    valued = (customs > 0.0) & books.priced.take(q.base.lanes.node[its], axis=1)
    usd = specific[its]
    whole = rate[its] + usd / np.where(valued, customs, np.nan)
    asked = np.where(usd == 0.0, rate[its], whole)
    some = np.flatnonzero(~np.isnan(asked).all(axis=0))
    yield Entry("duty_rate_statutory", law.keys(its[some]), asked.take(some, axis=1))


# -------------------------------------------------------------------------------------- surplus


def _consumer_surplus(books: Books) -> Iterable[Entry]:
    some = np.flatnonzero(books.area.any(axis=0))
    keys = [books.chart.buyer_keys[b] for b in some.tolist()]
    yield Entry("consumer_surplus", keys, books.area.take(some, axis=1))


def _user_surplus(books: Books) -> Iterable[Entry]:
    """Share buyers' surplus out among the groups of users they are made of."""
    has = set(np.flatnonzero(books.area.any(axis=0)).tolist())
    place = {key: b for b, key in enumerate(books.chart.buyer_keys)}
    users = [
        (place[d.region, d.good], share, (f"{d.region}{USER}{user}", d.good))
        for d in books.chart.market.demands
        for user, share in d.users
        if place.get((d.region, d.good)) in has
    ]
    if users:
        whole = books.area.take(np.array([b for b, _, _ in users], dtype=np.intp), axis=1)
        part = whole * np.array([share for _, share, _ in users])
        parts = np.where(whole != 0.0, part, np.nan)
        yield Entry("user_surplus", [key for _, _, key in users], parts)


def _welfare(books: Books) -> Iterable[Entry]:
    for measure, sign in WELFARE_PARTS:
        columns = books.columns(measure)
        if columns.keys:
            keys: list[Key] = [(region, None) for region, _ in columns.keys]
            yield Entry("welfare", keys, sign * columns.values)


# ---------------------------------------------------------------------------------------- ledger

BOOKED: Mapping[str, Callable[[Books], Iterable[Entry]]] = {
    "hub_price": lambda x: book_hubs(x.chart.hubs, x.q, x.priced, x.negligible),
    "buyer_price": lambda x: book_buyer_price(x.q, x.chart.buyer_keys, x.negligible),
    "producer_price": lambda x: book_producer_price(x.q, x.chart.node_keys, x.priced),
    "flow": _flow,
    "imports": _imports,
    "exports": _exports,
    "output": lambda x: [Entry("output", x.chart.node_keys, x.q.supply)],
    "use": lambda x: [Entry("use", x.chart.buyer_keys, x.q.use)],
    "final_use": lambda x: [Entry("final_use", x.chart.buyer_keys, x.q.final_use)],
    "duty_rate_statutory": _statutory,
    "duty_rate_collected": _collected,
    "duty_revenue": lambda x: [*x.law.booked("duty_revenue", x.levied), *x.over_quota[0]],
    "export_tax_revenue": lambda x: x.law.booked("export_tax_revenue", x.levied),
    "subsidy_cost": lambda x: [
        *x.law.booked("subsidy_cost", x.levied),
        *book_output_wedges(x.q, *x.running),
    ],
    "limit_rent": lambda x: x.rents[0],
    "consumer_surplus": _consumer_surplus,
    "user_surplus": _user_surplus,
    "profit": lambda x: book_profit(x.q, *x.running),
    "freight_cost": _freight_cost,
    "welfare": _welfare,
    "power": lambda x: book_power(x.q, *x.running),
    "power_cost": lambda x: book_power_cost(x.q, *x.running),
    "emissions": lambda x: book_emissions(x.q, *x.running),
    "power_price": lambda x: book_rate(
        "power_price", x.columns("power_cost"), x.columns("power"), x.told(x.columns("power"))
    ),
    "carbon_intensity": lambda x: book_rate(
        "carbon_intensity",
        x.columns("emissions"),
        x.columns("output"),
        x.told(x.columns("emissions")),
    ),
}
"""What is booked on each measure."""
