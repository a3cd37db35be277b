"""Prices people read, in many draws at once: absent where nothing moves (conventions C16, C21)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from accord.effects.columns import Entry, Key
from accord.effects.measures import WORLD
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Matrix, Vector
from accord.equilibrium.equilibrium import NOTHING_MOVES
from accord.equilibrium.groups import Groups
from accord.market import Hub, Lane, Market
from accord.market.landed_cost import border_price


def _negligible(q: Quantities) -> Matrix:
    """Return tonnes of each good below which nothing counts as moving (D, goods)."""
    nodes, buyers = q.base.universe.goods_of_nodes_and_buyers
    goods = int(max(nodes.max(initial=-1), buyers.max(initial=-1))) + 1
    return NOTHING_MOVES * Groups.of(nodes, goods).sums(q.shipped)


def priced(q: Quantities) -> Flags:
    """Return whether a node's good moves, so that its producer price is one (D, N)."""
    nodes, _ = q.base.universe.goods_of_nodes_and_buyers
    return q.shipped > _negligible(q).take(nodes, axis=1)


def book_prices(market: Market, q: Quantities, here: Flags) -> Iterable[Entry]:
    """Book hub, buyer and producer prices; ``here`` where producers have one (D, N)."""
    universe, least = q.base.universe, _negligible(q)
    nodes, goods = universe.goods_of_nodes_and_buyers
    for hub in market.hubs:
        quote = _hub(market, hub, q, here & (_sold_abroad(q) > least.take(nodes, axis=1)))
        yield from _shown("hub_price", [(WORLD, hub.good)], quote[:, None])
    bought = q.served & (q.use > least.take(goods, axis=1))
    buyers: list[Key] = [(b.region, b.good) for b in universe.buyers]
    yield from _shown("buyer_price", buyers, np.where(bought, q.buyer_price, np.nan))
    makers: list[Key] = [(region, good) for good, region in universe.nodes]
    yield from _shown("producer_price", makers, np.where(here, q.price, np.nan))


def _shown(measure: str, keys: Sequence[Key], values: Matrix) -> Iterable[Entry]:
    """Yield prices (D, k) without the columns that no draw has."""
    some = np.flatnonzero(~np.isnan(values).all(axis=0))
    yield Entry(measure, [keys[k] for k in some.tolist()], values.take(some, axis=1))


def _sold_abroad(q: Quantities) -> Matrix:
    """Return tonnes that makers at each node sell outside it (D, N)."""
    lanes = q.base.lanes
    abroad = np.flatnonzero(~lanes.home)
    by_node = Groups.of(lanes.node[abroad], len(q.base.universe.nodes))
    return by_node.sums(q.flow.take(abroad, axis=1))


def _hub(market: Market, hub: Hub, q: Quantities, sells: Flags) -> Vector:
    """Return a quoted world price (D,): see ``Equilibrium.hub_price``; NaN where none sells."""
    number, lanes = q.base.universe.node_index, market.lane_by_key
    weighted = [(key, w) for key, w in hub.weights if (key.good, key.origin) in number]
    node = np.array([number[key.good, key.origin] for key, _ in weighted], dtype=np.intp)
    border = np.array([_border(lanes.get(key)) for key, _ in weighted], dtype=np.float64)
    slope, fixed = border.reshape(-1, 2).T
    weight = np.where(sells.take(node, axis=1), [w for _, w in weighted], 0.0)
    total = (weight * (slope * q.price.take(node, axis=1) + fixed)).sum(axis=1)
    weights = weight.sum(axis=1)
    quote: Vector = total / np.where(weights > 0.0, weights, np.nan) + hub.offset
    return quote


def _border(lane: Lane | None) -> tuple[float, float]:
    """Return the price at the border: per USD of producer price, and USD per tonne besides."""
    if lane is None or not lane.wedges:
        return 1.0, 0.0
    fixed = border_price(lane, 0.0)
    return border_price(lane, 1.0) - fixed, fixed
