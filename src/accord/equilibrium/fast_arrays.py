"""What the compiled kernels work on: a stack's tables as plain arrays, and room for one draw.

``Places`` is the same for all draws and made once for a shape; ``Numbers`` are the tables of
``many_tables``, draws (or 1) first; ``Room`` is overwritten draw by draw. Places are those of
``tables``: nodes in G·N, buyers in G·B, lanes in the order of ``many_shape``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.many_border import meetings
from accord.equilibrium.many_shape import Shape
from accord.equilibrium.many_tables import ManyLayout

Array = NDArray[np.float64]


class Places(NamedTuple):
    """Who is where (integers), and what no draw changes.

    ``size``         goods G, nodes N and buyers B a good, then nodes, activities, limits, shares
    ``node``         place of every node
    ``first``        where each buyer's lanes begin (G·B + 1,)
    ``lane_node``, ``lane_buyer``, ``lane_spot``  of lanes: places, and the one in (G·B, N) tables
    ``out_first``, ``out_place``, ``out_value``   outputs, activity by activity; ``in_…`` inputs
    ``which``, ``entry_lane``  of the shifters' entries
    ``member_row``, ``member_lane``, ``member_value``  lanes that limits count
    ``meet_member``, ``meet_entry``  members and entries on one lane
    ``force``        signs of limits, 0 where not in force
    ``clean_place``, ``clean_made``  of limits on clean supply: place (−1 for others), traced (M, A)
    ``share_place``, ``share_made``  of traced shares
    ``full``         1 where every buyer has a lane from every place of its good, in order
    ``present``      which blocks (G, G) a factored slope has
    """

    size: Index
    node: Index
    first: Index
    lane_node: Index
    lane_buyer: Index
    lane_spot: Index
    shipped: Vector
    out_first: Index
    out_place: Index
    out_value: Vector
    in_first: Index
    in_place: Index
    in_value: Vector
    which: Index
    entry_lane: Index
    member_row: Index
    member_lane: Index
    member_value: Vector
    meet_member: Index
    meet_entry: Index
    force: Vector
    clean_place: Index
    clean_made: Array
    share_place: Index
    share_made: Array
    full: Index
    present: Index


class Numbers(NamedTuple):
    """What draws may differ in, as in ``many_tables.Tabled``; of one draw, without its axis."""

    bare: Array
    fall: Array
    slope: Array
    theta: Array
    constant: Array
    quantity: Array
    choke: Array
    gamma: Array
    span: Array
    priced_out: Array
    kept: Array
    fixed_cost: Array
    rising_cost: Array
    inverse_curvature: Array
    capacity: Array
    per_capacity: Array
    bound: Array
    grows: Array
    charge_slope: Array
    charge_intercept: Array
    lower: Array
    upper: Array
    z_scale: Array
    f_scale: Array
    y_lower: Array
    y_upper: Array


class Room(NamedTuple):
    """One draw's quantities at a point; letters as in ``many_point``.

    ``turn``  the exponents of lanes on their way
    """

    price: Vector
    supply: Vector
    shifter: Vector
    charge: Vector
    share: Vector
    turn: Vector
    buyer_price: Vector
    wanted: Vector
    demand_slope: Vector
    shipped: Vector


class System(NamedTuple):
    """One draw's factored slope; letters as in ``many_system.Factors``.

    ``ship``, ``by_price``  S and Σ, transposed (G·B, N);  ``blocks`` (G, G, N, N) with their
    ``pivots`` (G, N)
    ``live``  shifters in play, ``width`` of them first
    ``index_by``, ``margin_by``, ``column``, ``bottom``, ``by_level``  of those (E, …)
    ``corner``, ``corner_pivots``  factored (E, E)
    """

    inside: Index
    row: Vector
    diagonal: Vector
    pivot: Vector
    weight: Vector
    bend: Vector
    ship: Array
    by_price: Array
    blocks: Array
    pivots: Index
    live: Index
    width: Index
    index_by: Array
    margin_by: Array
    column: Array
    bottom: Array
    by_level: Array
    corner: Array
    corner_pivots: Index
    known: Vector
    places: Vector
    buyers: Vector
    shifters: Vector


@lru_cache(maxsize=8)
def places_of(shape: Shape) -> Places:
    """Return the places of a shape."""
    layout, arrays = shape.layout, shape.arrays
    goods, nodes, buyers = shape.size
    n, a, m, _ = arrays.sizes
    limits, members, shifters = arrays.limits, layout.members, layout.shifters
    clean = limits.clean_node >= 0
    made = np.zeros((m, a))
    made[clean] = arrays.tracers.made[limits.clean_tracer[clean], limits.clean_node[clean]]
    clean_place = np.full(m, -1)
    clean_place[clean] = layout.node[limits.clean_node[clean]]
    member, entry = meetings(members.column, shifters.lane)
    return Places(
        _whole([goods, nodes, buyers, n, a, m, len(shape.nodes)]), _whole(layout.node),
        _whole(np.searchsorted(shape.lane_buyer, np.arange(goods * buyers + 1))),
        _whole(shape.lane_node), _whole(shape.lane_buyer),
        _whole(shape.lane_buyer * nodes + shape.lane_node % nodes), _plain(shape.shipped),
        *_by_column(shape.makes), *_by_column(shape.needs),
        _whole(shifters.which), _whole(shape.number[shifters.lane]),
        _whole(members.row), _whole(shape.number[members.column]), _plain(members.value),
        _whole(member), _whole(entry),
        _plain(np.where(limits.active, limits.sign, 0.0)), _whole(clean_place), _plain(made),
        _whole(shape.nodes), _plain(shape.made),
        _whole([len(shape.lane) == goods * nodes * buyers]), _present(shape),
    )  # fmt: skip


def numbers_of(layout: ManyLayout) -> Numbers:
    """Return the tables of draws."""
    return Numbers(*(_plain(getattr(layout.of, name)) for name in Numbers._fields))


def nothing() -> tuple[Places, Numbers]:
    """Return the tables of an empty market, for whoever needs their types only."""
    whole = [name for name, kind in Places.__annotations__.items() if "Index" in str(kind)]
    tables = ("clean_made", "share_made", "present")
    numbers = Numbers(*(np.zeros((1, 0)) for _ in Numbers._fields))
    places: dict[str, Any] = {
        name: np.zeros(
            (0, 0) if name in tables else 0, dtype=np.int64 if name in whole else np.float64
        )
        for name in Places._fields
    }
    places["size"], places["first"] = np.zeros(7, np.int64), np.zeros(1, np.int64)
    return Places(**places), numbers._replace(grows=np.zeros((1, 0, 0)))


def room_for(places: Places) -> tuple[Room, System]:
    """Return room for one draw."""
    goods, nodes, buyers, n, a, m, shares = (int(x) for x in places.size)
    gn, gb, most = goods * nodes, goods * buyers, m + shares
    lanes, every = len(places.lane_node), n + a + m
    room = Room(*_rooms(gn, gn, most, len(places.which), lanes, lanes, gb, gb, gb, gn))
    parts: list[Any] = [
        np.zeros(every, np.int64), *_rooms(every, every, a, a, gb), np.zeros((gb, nodes)),
        np.zeros((gb, nodes)), np.zeros((goods, goods, nodes, nodes)),
        np.zeros((goods, nodes), np.int64), np.zeros(most, np.int64), np.zeros(1, np.int64),
        np.zeros((most, gb)), np.zeros((most, a)), np.zeros((most, gn)), np.zeros((most, gn)),
        np.zeros((most, a)), np.zeros((most, most)), np.zeros(most, np.int64),
        *_rooms(a, gn, gb, most),
    ]  # fmt: skip
    return room, System(*parts)


def _rooms(*sizes: int) -> list[Vector]:
    return [np.zeros(size) for size in sizes]


def _whole(values: object) -> Index:
    return np.ascontiguousarray(values, dtype=np.int64)


def _plain(values: Array) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


def _by_column(table: Array) -> tuple[Index, Index, Vector]:
    """Return where each column's entries begin, their rows, their values."""
    columns = [np.flatnonzero(x) for x in table.T]
    first = np.cumsum([0, *map(len, columns)])
    row = np.concatenate([np.zeros(0, dtype=np.int64), *columns])
    column = np.repeat(np.arange(len(columns)), [len(x) for x in columns])
    return _whole(first), _whole(row), _plain(table[row, column])


def _present(shape: Shape) -> Index:
    """Return the blocks that a slope has, with those that elimination adds."""
    goods, layout = shape.size[0], shape.layout
    present = np.eye(goods, dtype=np.int64)
    for pairs in (layout.joint, layout.feeding, layout.needing, layout.making):
        for g, h in pairs:
            present[g, h] = 1
    for k in range(goods):
        below = np.flatnonzero(present[k + 1 :, k]) + k + 1
        right = np.flatnonzero(present[k, k + 1 :]) + k + 1
        present[np.ix_(below, right)] = 1
    return present
