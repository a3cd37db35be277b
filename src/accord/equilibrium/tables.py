"""A market laid out good by good: the arrays of a closure as tables (good, origin, destination).

Every good has the same number of places for origins and for destinations, the largest any good
needs; what is left over stays empty: no weight, no tonnes. So one NumPy call works on all goods,
and a good's lanes are one dense table. Sizes: G goods, N origins and B destinations a good.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np

from accord.equilibrium.arrays import Arrays, BuyerArrays, Index, Matrix, Vector
from accord.equilibrium.state import bin_sum

Tables = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]


class Entries(NamedTuple):
    """A sparse table: value (k,) in row (k,) and column (k,)."""

    row: Index
    column: Index
    value: Vector

    def times(self, vector: Vector, rows: int) -> Vector:
        """Return table · vector (rows,)."""
        return bin_sum(self.row, self.value * vector[self.column], rows)

    def across(self, vector: Vector, columns: int) -> Vector:
        """Return tableᵀ · vector (columns,)."""
        return bin_sum(self.column, self.value * vector[self.row], columns)


@dataclass(frozen=True)
class Shifters:
    """What moves landed costs besides prices (E): rents, then traced shares of nodes' supply.

    Entry k says that shifter ``which`` adds shifter·(slope·p + intercept) to the cost of the lane
    in place ``lane``. ``share_of`` (tracer, node) of every shifter that is a traced share.
    """

    which: Index
    lane: Index
    slope: Vector
    intercept: Vector
    rents: int
    share_of: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        """Number of shifters."""
        return self.rents + len(self.share_of)


class Spots(NamedTuple):
    """Which places of two goods' tables pairs belong to (k,).

    ``rows``, ``columns`` the same, as a slice where they are 0, 1, 2 and so on: much faster;
    ``single``: no row and no column comes twice.
    """

    row: Index
    column: Index
    rows: Index | slice
    columns: Index | slice
    single: bool

    @classmethod
    def of(cls, row: Index, column: Index) -> Spots:
        """Look at the places once, so that no solve has to."""
        single = len(np.unique(row)) == len(row) and len(np.unique(column)) == len(column)
        return cls(row, column, _sliced(row), _sliced(column), single)


def _sliced(places: Index) -> Index | slice:
    in_order = bool(np.array_equal(places, np.arange(len(places))))
    return slice(0, len(places)) if in_order else places


class Pairs(NamedTuple):
    """Two entries of the same activities, good by good.

    ``at`` places in their goods' tables; ``activity`` (k,); ``value`` the product of coefficients
    (k,)
    """

    at: Spots
    activity: Index
    value: Vector


# Which pairs: all, an entry with itself, or an entry with another.
Kind = Literal["all", "alone", "joint"]
Coupling = dict[tuple[int, int], Pairs]


@dataclass(frozen=True)
class Layout:
    """The arrays of a market as tables, and where everything has its place in them.

    ``node``, ``buyer``, ``lane``  places of nodes (n,), buyers (b,), lanes (l,) in flat tables
    ``bare``, ``fall``  ln α − θ·intercept and θ·slope of lanes (G, N, B): ln(α e^(−θc)) is
                  bare − fall·price where no rent and no traced share adds to the cost
    ``slope``, ``shipped``  of lanes (G, N, B);  ``buyers``  padded to (G·B,)
    ``lossless``  whether all that is shipped arrives
    ``outputs`` (place of node, activity), ``inputs`` (place of buyer, activity), ``members``
                  (limit, place of lane it counts)
    ``making``, ``feeding``, ``needing``  pairs output–output, output–input, input–output of the
                  same activity, by (good of row, of column)
    ``alone``, ``joint``  pairs input–input: an input with itself, and with another
    """

    arrays: Arrays
    size: tuple[int, int, int]
    node: Index
    buyer: Index
    lane: Index
    bare: Tables
    fall: Tables
    slope: Tables
    shipped: Tables
    lossless: bool
    buyers: BuyerArrays
    outputs: Entries
    inputs: Entries
    members: Entries
    shifters: Shifters
    making: Coupling
    feeding: Coupling
    needing: Coupling
    alone: Coupling
    joint: Coupling

    def spread_nodes(self, values: Vector) -> Vector:
        """Lay node values (n,) out as (G·N,)."""
        return _padded(values, self.node, self.size[0] * self.size[1], 0.0)

    def buyer_of(self, lane: Index) -> Index:
        """Return the places of buyers (k,) from those of lanes (k,)."""
        _, n, b = self.size
        return lane // (n * b) * b + lane % b


@lru_cache(maxsize=16)
def layout_of(arrays: Arrays) -> Layout | None:
    """Return the tables of a market; ``None`` where metal is sold on, so that traces travel."""
    universe = arrays.universe
    if arrays.tracers.passes:
        return None
    node_good, buyer_good = universe.goods_of_nodes_and_buyers
    goods = int(max(node_good.max(initial=-1), buyer_good.max(initial=-1))) + 1
    node_place, n = _places(node_good, goods)
    buyer_place, b = _places(buyer_good, goods)
    node, buyer = node_good * n + node_place, buyer_good * b + buyer_place
    lane = node[arrays.lanes.node] * b + buyer_place[arrays.lanes.buyer]
    size = (goods, n, b)

    def table(values: Vector, empty: float) -> Tables:
        return _padded(values, lane, goods * n * b, empty).reshape(size)

    lanes, buyers = arrays.lanes, _padded_buyers(arrays.buyers, buyer, goods * b)
    theta, slope = buyers.theta.reshape(goods, 1, b), table(lanes.slope, 0.0)
    bare = table(lanes.log_weight, -np.inf) - theta * table(lanes.intercept, 0.0)
    outputs = _entries(arrays.activities.outputs, node)
    inputs = _entries(arrays.activities.inputs, buyer)
    return Layout(
        arrays, size, node, buyer, lane, bare, theta * slope, slope, table(lanes.shipped, 0.0),
        bool(np.all(lanes.shipped == 1.0)), buyers, outputs, inputs,
        _transposed(_entries(arrays.limits.member.T, lane)), _shifters(arrays, lane),
        _coupling(outputs, n, outputs, n), _coupling(outputs, n, inputs, b),
        _coupling(inputs, b, outputs, n),
        _coupling(inputs, b, inputs, b, "alone"), _coupling(inputs, b, inputs, b, "joint"),
    )  # fmt: skip


def _places(good: Index, goods: int) -> tuple[Index, int]:
    """Number the members of each good from zero; return the numbers and the largest count."""
    counts = np.bincount(good, minlength=goods)
    place = np.zeros(len(good), dtype=np.intp)
    for g in range(goods):
        place[good == g] = np.arange(counts[g])
    return place, max(int(counts.max(initial=0)), 1)


def _padded(values: Vector, place: Index, size: int, empty: float) -> Vector:
    whole = np.full(size, empty)
    whole[place] = values
    return whole


def _padded_buyers(buyers: BuyerArrays, place: Index, size: int) -> BuyerArrays:
    empty = {"theta": 1.0, "price": 1.0, "choke": 2.0, "gamma": 1.0}
    names = ("theta", "constant", "quantity", "price", "choke", "gamma", "home_elasticity")
    return BuyerArrays(
        **{x: _padded(getattr(buyers, x), place, size, empty.get(x, 0.0)) for x in names}
    )


def _entries(table: Matrix, place: Index) -> Entries:
    row, column = np.nonzero(table != 0.0)  # of truth values it is ten times as fast
    return Entries(place[row], column, table[row, column])


def _transposed(entries: Entries) -> Entries:
    return Entries(entries.column, entries.row, entries.value)


def _shifters(arrays: Arrays, place: Index) -> Shifters:
    limits, lanes, tracers = arrays.limits, arrays.lanes, arrays.tracers
    which, lane = np.nonzero((limits.rent_slope != 0.0) | (limits.rent_intercept != 0.0))
    slope, intercept = limits.rent_slope[which, lane], limits.rent_intercept[which, lane]
    charged = (lanes.traced_slope != 0.0) | (lanes.traced_intercept != 0.0)
    made_at = tracers.made.any(axis=2)
    share_of: list[tuple[int, int]] = []
    count = len(limits.bound)
    for t, at in zip(*np.nonzero(made_at), strict=True):
        its = np.flatnonzero(charged[t] & (lanes.node == at))
        if not its.size:
            continue
        which = np.append(which, np.full(len(its), count + len(share_of)))
        lane = np.append(lane, its)
        slope = np.append(slope, lanes.traced_slope[t, its])
        intercept = np.append(intercept, lanes.traced_intercept[t, its])
        share_of.append((int(t), int(at)))
    return Shifters(which, place[lane], slope, intercept, count, tuple(share_of))


class _Match(NamedTuple):
    """Which entries make a pair, and their places in their goods' tables."""

    one: Index
    other: Index
    at: Spots


class _Shape(NamedTuple):
    """Rows and activities of two tables' entries, as bytes."""

    row: bytes
    activity: bytes
    other_row: bytes
    other_activity: bytes


def _coupling(
    one: Entries, width: int, other: Entries, other_width: int, kind: Kind = "all"
) -> Coupling:
    """Return the pairs of an entry of ``one`` and one of ``other`` of the same activity."""
    shape = _Shape(*(x.tobytes() for x in (one.row, one.column, other.row, other.column)))
    matches = _matches(shape, width, other_width, kind)
    return {
        goods: Pairs(x.at, one.column[x.one], one.value[x.one] * other.value[x.other])
        for goods, x in matches.items()
    }


# Which entries meet depends on the shape of the market only, and that is the same from solve to
# solve; so it is worked out once.
@lru_cache(maxsize=32)
def _matches(
    shape: _Shape, width: int, other_width: int, kind: Kind
) -> dict[tuple[int, int], _Match]:
    first, made, second, used = (np.frombuffer(x, dtype=np.intp) for x in shape)
    rows, columns = _paired(made, used)
    if kind != "all":
        wanted = (first[rows] == second[columns]) == (kind == "alone")
        rows, columns = rows[wanted], columns[wanted]
    at, to = first[rows], second[columns]
    group = np.stack([at // width, to // other_width], axis=1)
    found: dict[tuple[int, int], _Match] = {}
    for g, h in np.unique(group, axis=0):
        mine = np.flatnonzero((group[:, 0] == g) & (group[:, 1] == h))
        spots = Spots.of(at[mine] % width, to[mine] % other_width)
        found[int(g), int(h)] = _Match(rows[mine], columns[mine], spots)
    return found


def _paired(one: Index, other: Index) -> tuple[Index, Index]:
    """Return positions (k,) in ``one`` and ``other`` of all pairs with equal values."""
    order = np.argsort(other, kind="stable")
    first = np.searchsorted(other[order], one, side="left")
    many = np.searchsorted(other[order], one, side="right") - first
    left = np.repeat(np.arange(len(one)), many)
    start = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    return left, order[start + np.arange(len(left))]
