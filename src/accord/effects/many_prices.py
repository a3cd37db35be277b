"""Prices people read, in many draws at once: absent where nothing moves (conventions C16, C21)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from accord.effects.columns import Entry, Key
from accord.effects.measures import WORLD
from accord.effects.quantities import Flags, Quantities
from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.equilibrium.equilibrium import NOTHING_MOVES
from accord.equilibrium.groups import Groups
from accord.equilibrium.universe import Universe
from accord.market import Hub, Lane, Market
from accord.market.landed_cost import border_price


def negligible(q: Quantities) -> Matrix:
    """Return tonnes of each good below which nothing counts as moving (D, goods)."""
    nodes, buyers = q.base.universe.goods_of_nodes_and_buyers
    goods = int(max(nodes.max(initial=-1), buyers.max(initial=-1))) + 1
    return NOTHING_MOVES * Groups.of(nodes, goods).sums(q.shipped)


class HubWeights(NamedTuple):
    """A quoted world price as a mean over exporters (k,): their nodes and weights.

    ``slope``, ``fixed``  the price at the border, per USD of producer price and USD per tonne
    """

    hub: Hub
    node: Index
    weight: Vector
    slope: Vector
    fixed: Vector


def hub_weights(market: Market, hub: Hub, universe: Universe) -> HubWeights:
    """Return who a hub is the mean of: its exporters that are nodes of the universe."""
    number, lanes = universe.node_index, market.lane_by_key
    weighted = [(key, w) for key, w in hub.weights if (key.good, key.origin) in number]
    node = np.array([number[key.good, key.origin] for key, _ in weighted], dtype=np.intp)
    border = np.array([_border(lanes.get(key)) for key, _ in weighted], dtype=np.float64)
    weight = np.array([w for _, w in weighted], dtype=np.float64)
    return HubWeights(hub, node, weight, *border.reshape(-1, 2).T)


def book_hubs(
    hubs: Sequence[HubWeights], q: Quantities, here: Flags, least: Matrix
) -> Iterable[Entry]:
    """Book quoted world prices; ``here`` where producers have a price (D, N).

    ``least``  see ``negligible``
    """
    nodes, _ = q.base.universe.goods_of_nodes_and_buyers
    sells = here & (_sold_abroad(q) > least.take(nodes, axis=1))
    for x in hubs:
        yield from _shown("hub_price", [(WORLD, x.hub.good)], _quote(x, q, sells)[:, None])


def book_buyer_price(q: Quantities, keys: Sequence[Key], least: Matrix) -> Iterable[Entry]:
    """Book what buyers pay; ``least``: see ``negligible``."""
    _, goods = q.base.universe.goods_of_nodes_and_buyers
    bought = q.served & (q.use > least.take(goods, axis=1))
    return _shown("buyer_price", keys, np.where(bought, q.buyer_price, np.nan))


def book_producer_price(q: Quantities, keys: Sequence[Key], here: Flags) -> Iterable[Entry]:
    """Book what makers get, ``here`` where they have a price (D, N)."""
    return _shown("producer_price", keys, np.where(here, q.price, np.nan))


def _shown(measure: str, keys: Sequence[Key], values: Matrix) -> Iterable[Entry]:
    """Yield prices (D, k) without the columns that no draw has."""
    some = np.flatnonzero(~np.isnan(values).all(axis=0))
    yield Entry(measure, [keys[k] for k in some.tolist()], values.take(some, axis=1))


def _sold_abroad(q: Quantities) -> Matrix:
    """Return tonnes that makers at each node sell outside it (D, N)."""
    lanes = q.base.lanes
    abroad = np.flatnonzero(~lanes.home)
    return Groups.of(lanes.node, len(q.base.universe.nodes), abroad).sums(q.flow)


def _quote(x: HubWeights, q: Quantities, sells: Flags) -> Vector:
    """Return a quoted world price (D,): see ``Equilibrium.hub_price``; NaN where none sells."""
    weight = np.where(sells.take(x.node, axis=1), x.weight, 0.0)
    total = (weight * (x.slope * q.price.take(x.node, axis=1) + x.fixed)).sum(axis=1)
    weights = weight.sum(axis=1)
    quote: Vector = total / np.where(weights > 0.0, weights, np.nan) + x.hub.offset
    return quote


def _border(lane: Lane | None) -> tuple[float, float]:
    """Return the price at the border: per USD of producer price, and USD per tonne besides."""
    if lane is None or all(w.side != "export" for w in lane.wedges):
        return 1.0, 0.0
    fixed = border_price(lane, 0.0)
    return border_price(lane, 1.0) - fixed, fixed
