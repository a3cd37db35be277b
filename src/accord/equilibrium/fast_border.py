"""The rows and columns of shifters around one draw's factored slope, to be compiled."""

from __future__ import annotations

from accord.equilibrium.arrays import Vector
from accord.equilibrium.fast_arrays import Numbers, Places, Room, System
from accord.equilibrium.fast_compiled import SUMS, compiled
from accord.equilibrium.fast_linear import factor, less_sums, through


@compiled(SUMS)
def shifters_of(places: Places, of: Numbers, room: Room, system: System, z: Vector) -> None:
    """Find the shifters in play: rents that do not rest at a bound, then all traced shares."""
    n, a, m, shares = places.size[3], places.size[4], places.size[5], places.size[6]
    width = 0
    for k in range(m):
        at = n + a + k
        resting = system.inside[at] == 0 and (z[at] == of.lower[at] or z[at] == of.upper[at])
        if not resting:
            system.live[width] = k
            width += 1
    for s in range(shares):
        system.live[width] = m + s
        width += 1
    system.width[0] = width
    for e in range(width):
        _by_shifter(places, room, system, e)


@compiled(SUMS)
def _by_shifter(places: Places, room: Room, system: System, e: int) -> None:
    """∂P/∂e and ∂margin/∂e of a shifter."""
    index = system.index_by[e]
    index[:] = 0.0
    for k in range(len(places.which)):
        if places.which[k] == system.live[e]:
            lane = places.entry_lane[k]
            index[places.lane_buyer[lane]] += room.share[lane] * room.charge[k]
    for j in range(places.size[4]):
        total = 0.0
        for k in range(places.in_first[j], places.in_first[j + 1]):
            total += places.in_value[k] * index[places.in_place[k]]
        system.margin_by[e, j] = total


@compiled(SUMS)
def border(places: Places, of: Numbers, room: Room, system: System) -> None:
    """Work out columns, rows and corner, solve with the columns, factor what is left."""
    n, a, m, width = places.size[3], places.size[4], places.size[5], system.width[0]
    for e in range(width):
        shifter = system.live[e]
        if shifter < m:
            _limit_row(places, of, room, system, e)
        else:
            _share_row(places, of, room, system, e)
    for e in range(width):
        _column(places, of, room, system, e)
        through(system.blocks, system.pivots, places.present, system.column[e])
    for e in range(width):
        shifter = system.live[e]
        row, added = 1.0, 0.0
        if shifter < m:
            row, added = system.row[n + a + shifter], system.diagonal[n + a + shifter]
        for other in range(width):
            total = system.corner[e, other]
            for j in range(a):
                total -= system.by_level[e, j] * system.weight[j] * system.margin_by[other, j]
            total *= row
            for i in range(len(system.places)):
                total -= system.bottom[e, i] * system.column[other, i]
            system.corner[e, other] = total + (added if e == other else 0.0)
    factor(system.corner, system.corner_pivots, width)


@compiled(SUMS)
def _column(places: Places, of: Numbers, room: Room, system: System, e: int) -> None:
    """diag(row)·∂excess/∂e, levels eliminated."""
    goods, nodes, buyers = places.size[0], places.size[1], places.size[2]
    column, wanted = system.column[e], system.buyers
    column[:] = 0.0
    for b in range(len(wanted)):
        wanted[b] = system.bend[b] * system.index_by[e, b]
    for j in range(places.size[4]):
        margin = system.weight[j] * system.margin_by[e, j]
        if margin != 0.0:
            for k in range(places.in_first[j], places.in_first[j + 1]):
                wanted[places.in_place[k]] -= places.in_value[k] * margin
            for k in range(places.out_first[j], places.out_first[j + 1]):
                column[places.out_place[k]] -= places.out_value[k] * margin
    for g in range(goods):
        less_sums(
            column[g * nodes : (g + 1) * nodes], wanted, system.ship, g * buyers, (g + 1) * buyers
        )
    for k in range(len(places.which)):
        if places.which[k] == system.live[e]:
            lane = places.entry_lane[k]
            b = places.lane_buyer[lane]
            pull = of.theta[b] * room.wanted[b] * room.share[lane] * places.shipped[lane]
            column[places.lane_node[lane]] += pull * room.charge[k]
    _scaled(places, system, column)


@compiled(SUMS)
def _scaled(places: Places, system: System, column: Vector) -> None:
    """Multiply places by their rows; empty ones are nought."""
    row = system.places
    row[:] = 0.0
    for k in range(places.size[3]):
        row[places.node[k]] = system.row[k]
    for i in range(len(column)):
        column[i] *= row[i]


@compiled(SUMS)
def _limit_row(  # noqa: C901 - short loops, one after the other
    places: Places, of: Numbers, room: Room, system: System, e: int
) -> None:
    """A limit's row: by price, by level, by shifter."""
    a, nodes = places.size[4], places.size[1]
    limit = system.live[e]
    counted, bottom = system.buyers, system.bottom[e]
    force = places.force[limit]
    counted[:] = 0.0
    bottom[:] = 0.0
    system.corner[e, :] = 0.0
    for k in range(len(places.member_row)):
        if places.member_row[k] == limit:
            lane = places.member_lane[k]
            b, at = places.lane_buyer[lane], places.lane_node[lane]
            share = places.member_value[k] * room.share[lane]
            counted[b] += share
            bottom[at] += (
                force * of.theta[b] * room.wanted[b] * places.member_value[k]
                * system.by_price[b, at % nodes]
            )  # fmt: skip
    for j in range(a):
        total = of.grows[limit, j]
        for k in range(places.in_first[j], places.in_first[j + 1]):
            total -= places.in_value[k] * counted[places.in_place[k]]
        if places.clean_place[limit] >= 0:
            total -= places.clean_made[limit, j]
            for k in range(places.out_first[j], places.out_first[j + 1]):
                if places.out_place[k] == places.clean_place[limit]:
                    total += places.out_value[k]
        system.by_level[e, j] = force * total
    for other in range(system.width[0]):
        total = 0.0
        for b in range(len(counted)):
            total += counted[b] * system.bend[b] * system.index_by[other, b]
        system.corner[e, other] = -force * total
    _meetings_of(places, of, room, system, e)
    for b in range(len(counted)):
        counted[b] *= force * system.bend[b]
    _row_by_price(places, of, system, e)


@compiled(SUMS)
def _meetings_of(places: Places, of: Numbers, room: Room, system: System, e: int) -> None:
    """Add to a limit's row by shifter what shifters do on the lanes it counts."""
    limit = system.live[e]
    for x in range(len(places.meet_member)):
        member, entry = places.meet_member[x], places.meet_entry[x]
        if places.member_row[member] != limit:
            continue
        for other in range(system.width[0]):
            if system.live[other] == places.which[entry]:
                lane = places.member_lane[member]
                b = places.lane_buyer[lane]
                pull = of.theta[b] * room.wanted[b] * room.share[lane]
                system.corner[e, other] += (
                    places.force[limit] * places.member_value[member] * pull * room.charge[entry]
                )


@compiled(SUMS)
def _share_row(places: Places, of: Numbers, room: Room, system: System, e: int) -> None:
    """The row that defines a traced share: by price through levels only, by level, itself."""
    a, m = places.size[4], places.size[5]
    s = system.live[e] - m
    at = places.share_place[s]
    supply = room.supply[at]
    system.bottom[e, :] = 0.0
    system.corner[e, :] = 0.0
    system.corner[e, e] = 1.0
    for j in range(a):
        change = places.share_made[s, j]
        for k in range(places.out_first[j], places.out_first[j + 1]):
            if places.out_place[k] == at:
                change -= room.shifter[m + s] * places.out_value[k]
        system.by_level[e, j] = -change / supply if supply > 0.0 else 0.0
    system.buyers[:] = 0.0
    _row_by_price(places, of, system, e)


@compiled(SUMS)
def _row_by_price(places: Places, of: Numbers, system: System, e: int) -> None:
    """Finish a row by price: buyers' parts are in ``system.buyers``, levels are eliminated."""
    n, a, m = places.size[3], places.size[4], places.size[5]
    row = system.row[n + a + system.live[e]] if system.live[e] < m else 1.0
    goods, nodes, buyers = places.size[0], places.size[1], places.size[2]
    bottom, bought = system.bottom[e], system.buyers
    for j in range(places.size[4]):
        back = system.by_level[e, j] * system.weight[j]
        if back != 0.0:
            for k in range(places.in_first[j], places.in_first[j + 1]):
                bought[places.in_place[k]] += places.in_value[k] * back
            for k in range(places.out_first[j], places.out_first[j + 1]):
                bottom[places.out_place[k]] += places.out_value[k] * of.kept[j] * back
    for g in range(goods):
        less_sums(
            bottom[g * nodes : (g + 1) * nodes],
            bought,
            system.by_price,
            g * buyers,
            (g + 1) * buyers,
        )
    for i in range(len(bottom)):
        bottom[i] *= row
