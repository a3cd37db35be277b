"""∂F/∂z of one draw, factored, in plain loops to be compiled: see ``many_slope``, ``many_system``.

Levels are eliminated; what is left is a table of blocks by good, bordered by the shifters in play.
"""

from __future__ import annotations

import numpy as np

from accord.equilibrium.arrays import Vector
from accord.equilibrium.fast_arrays import Numbers, Places, Room, System
from accord.equilibrium.fast_border import border, shifters_of
from accord.equilibrium.fast_compiled import SUMS, compiled
from accord.equilibrium.fast_linear import eliminate, less_rows, less_sums, solve, through
from accord.equilibrium.share_slope import LEAST_USED
from accord.equilibrium.share_system import SMALLEST_PIVOT


@compiled(SUMS)
def factored(places: Places, of: Numbers, room: Room, system: System, z: Vector) -> None:
    """Factor the slope at the point that ``room`` is worked out for; ``system`` has its rows."""
    _tables(places, of, room, system)
    _levels(places, of, system, z)
    shifters_of(places, of, room, system, z)
    _blocks(places, of, room, system)
    eliminate(system.blocks, system.pivots, places.present)
    if system.width[0] > 0:
        border(places, of, room, system)


@compiled(SUMS)
def _tables(places: Places, of: Numbers, room: Room, system: System) -> None:
    """S, Σ and θQ + D′."""
    ship, by_price = system.ship.reshape(-1), system.by_price.reshape(-1)
    if places.full[0] != 0:
        for lane in range(len(ship)):
            ship[lane] = room.share[lane] * places.shipped[lane]
            by_price[lane] = room.share[lane] * of.slope[lane]
    else:
        ship[:] = 0.0
        by_price[:] = 0.0
        for lane in range(len(places.lane_spot)):
            spot = places.lane_spot[lane]
            ship[spot] = room.share[lane] * places.shipped[lane]
            by_price[spot] = room.share[lane] * of.slope[lane]
    for k in range(len(places.which)):
        lane = places.entry_lane[k]
        added = room.shifter[places.which[k]] * of.charge_slope[k]
        by_price[places.lane_spot[lane]] += room.share[lane] * added
    for b in range(len(system.bend)):
        system.bend[b] = of.theta[b] * room.wanted[b] + room.demand_slope[b]


@compiled(SUMS)
def _levels(places: Places, of: Numbers, system: System, z: Vector) -> None:
    """What levels' rows are divided by, and how much levels answer to margins."""
    n, a = places.size[3], places.size[4]
    for j in range(a):
        capacity = of.capacity[j] if of.capacity[j] > 0.0 else 1.0
        power = of.inverse_curvature[j]
        row = system.row[n + j]
        steep = 0.0
        if row != 0.0 and of.rising_cost[j] != 0.0:
            used = max(z[n + j] / capacity, LEAST_USED)
            steep = of.rising_cost[j] * power / capacity * used ** (power - 1.0)
        smallest = SMALLEST_PIVOT / max(of.capacity[j], 1e-300)
        system.pivot[j] = max(row * steep + system.diagonal[n + j], smallest)
        system.weight[j] = row / system.pivot[j]


@compiled(SUMS)
def _blocks(  # noqa: C901 - block by block
    places: Places, of: Numbers, room: Room, system: System
) -> None:
    """diag(row)·(∂excess/∂p without levels) + diag(diagonal), block by block."""
    goods, nodes, n = places.size[0], places.size[1], places.size[3]
    blocks = system.blocks
    for g in range(goods):
        for h in range(goods):
            if places.present[g, h] != 0:
                blocks[g, h, :, :] = 0.0
    _by_activities(places, of, system)
    _by_buyers(places, system)
    row, diagonal, own = np.zeros(goods * nodes), np.ones(goods * nodes), system.places
    _own(places, of, room, system)
    for k in range(n):
        row[places.node[k]] = system.row[k]
        diagonal[places.node[k]] = system.diagonal[k]
    for g in range(goods):
        for h in range(goods):
            if places.present[g, h] != 0:
                for i in range(nodes):
                    scale, its = row[g * nodes + i], blocks[g, h, i]
                    for j in range(nodes):
                        its[j] *= scale
        for i in range(nodes):
            at = g * nodes + i
            blocks[g, g, i, i] += row[at] * own[at] + diagonal[at]


@compiled(SUMS)
def _own(places: Places, of: Numbers, room: Room, system: System) -> None:
    """Tonnes that leave a place less per dollar on its price, indices held, to ``places``."""
    own, by_price = system.places, system.by_price.reshape(-1)
    for b in range(len(system.buyers)):
        system.buyers[b] = of.theta[b] * room.wanted[b]
    own[:] = 0.0
    if places.full[0] != 0:
        nodes, buyers = places.size[1], places.size[2]
        for b in range(len(system.buyers)):
            pull, at, lane = system.buyers[b], b // buyers * nodes, b * nodes
            for i in range(nodes):
                own[at + i] += pull * by_price[lane + i] * places.shipped[lane + i]
        return
    for lane in range(len(places.lane_node)):
        lost = by_price[places.lane_spot[lane]] * places.shipped[lane]
        own[places.lane_node[lane]] += system.buyers[places.lane_buyer[lane]] * lost


@compiled(SUMS)
def _by_buyers(places: Places, system: System) -> None:
    """− S (θQ + D′ less what activities give back) Σᵀ, good by good."""
    goods, nodes, buyers = places.size[0], places.size[1], places.size[2]
    spread = np.empty((nodes, buyers))
    for g in range(goods):
        for i in range(nodes):
            for b in range(buyers):
                spread[i, b] = system.ship[g * buyers + b, i] * system.buyers[g * buyers + b]
        by_price = system.by_price[g * buyers : (g + 1) * buyers]
        less_rows(system.blocks[g, g], 0, nodes, spread, by_price, 0, buyers, 0, nodes)


@compiled(SUMS)
def _by_activities(  # noqa: C901 - every pair of an activity's entries
    places: Places, of: Numbers, system: System
) -> None:
    """− (O − S I) w (Iᵀ Σᵀ − kept Oᵀ), activity by activity; an input with itself is kept aside."""
    nodes, buyers = places.size[1], places.size[2]
    system.buyers[:] = system.bend
    for j in range(places.size[4]):
        weight = system.weight[j]
        if weight == 0.0:
            continue
        for k in range(places.in_first[j], places.in_first[j + 1]):
            b, needs = places.in_place[k], places.in_value[k]
            system.buyers[b] -= weight * needs * needs
            for x in range(places.in_first[j], places.in_first[j + 1]):
                if x != k:
                    both = weight * needs * places.in_value[x]
                    _joint(places, system, b, places.in_place[x], both)
            for x in range(places.out_first[j], places.out_first[j + 1]):
                at, made = places.out_place[x], places.out_value[x] * weight * needs
                g, i, h = at // nodes, at % nodes, b // buyers
                its, by_price, ship = system.blocks[g, h, i], system.by_price[b], system.ship[b]
                for c in range(nodes):
                    its[c] -= made * by_price[c]
                for c in range(nodes):
                    system.blocks[h, g, c, i] -= made * of.kept[j] * ship[c]
        for k in range(places.out_first[j], places.out_first[j + 1]):
            for x in range(places.out_first[j], places.out_first[j + 1]):
                at, to = places.out_place[k], places.out_place[x]
                both = places.out_value[k] * places.out_value[x] * weight * of.kept[j]
                system.blocks[at // nodes, to // nodes, at % nodes, to % nodes] += both


@compiled(SUMS)
def _joint(places: Places, system: System, one: int, other: int, value: float) -> None:
    """S I w Iᵀ Σᵀ of two inputs of an activity."""
    nodes, buyers = places.size[1], places.size[2]
    ship, by_price = system.ship[one], system.by_price[other]
    block = system.blocks[one // buyers, other // buyers]
    for i in range(nodes):
        by = value * ship[i]
        if by != 0.0:
            its = block[i]
            for c in range(nodes):
                its[c] += by * by_price[c]


@compiled(SUMS)
def direction(places: Places, of: Numbers, system: System, right: Vector, found: Vector) -> None:
    """Solve with a factored slope: right (n,) → found (n,)."""
    n, a, m = places.size[3], places.size[4], places.size[5]
    known, price, buyers, width = system.known, system.places, system.buyers, system.width[0]
    for j in range(a):
        known[j] = right[n + j] / system.pivot[j]
    _excess_of(places, system, known)
    for k in range(n):
        at = places.node[k]
        price[at] = right[k] - system.row[k] * price[at]
    through(system.blocks, system.pivots, places.present, price)
    for k in range(m):
        inside = system.inside[n + a + k] != 0
        found[n + a + k] = right[n + a + k] / (1.0 if inside else system.diagonal[n + a + k])
    if width > 0:
        _shifted(places, system, right, found)
    _prices_of_buyers(places, system)
    for j in range(a):
        margin, sold = 0.0, 0.0
        for k in range(places.in_first[j], places.in_first[j + 1]):
            margin += places.in_value[k] * buyers[places.in_place[k]]
        for k in range(places.out_first[j], places.out_first[j + 1]):
            sold += places.out_value[k] * price[places.out_place[k]]
        margin -= of.kept[j] * sold
        for e in range(width):
            margin += system.margin_by[e, j] * system.shifters[e]
        found[n + j] = known[j] - system.weight[j] * margin
    for k in range(n):
        found[k] = price[places.node[k]]


@compiled(SUMS)
def _excess_of(places: Places, system: System, levels: Vector) -> None:
    """(O − S I) · levels, into ``system.places``; empty places stay nought."""
    goods, nodes, buyers = places.size[0], places.size[1], places.size[2]
    price, wanted = system.places, system.buyers
    price[:] = 0.0
    wanted[:] = 0.0
    for j in range(len(levels)):
        if levels[j] != 0.0:
            for k in range(places.in_first[j], places.in_first[j + 1]):
                wanted[places.in_place[k]] += places.in_value[k] * levels[j]
            for k in range(places.out_first[j], places.out_first[j + 1]):
                price[places.out_place[k]] += places.out_value[k] * levels[j]
    for g in range(goods):
        less_sums(
            price[g * nodes : (g + 1) * nodes], wanted, system.ship, g * buyers, (g + 1) * buyers
        )


@compiled(SUMS)
def _prices_of_buyers(places: Places, system: System) -> None:
    """Σᵀ · prices, into ``system.buyers``."""
    nodes, buyers = places.size[1], places.size[2]
    for b in range(len(system.buyers)):
        its, total = system.by_price[b], 0.0
        first = b // buyers * nodes
        for i in range(nodes):
            total += its[i] * system.places[first + i]
        system.buyers[b] = total


@compiled(SUMS)
def _shifted(places: Places, system: System, right: Vector, found: Vector) -> None:
    """Find the shifters' steps, and take off prices what they move."""
    n, a, m, width = places.size[3], places.size[4], places.size[5], system.width[0]
    price = system.places
    for e in range(width):
        shifter = system.live[e]
        value, row = 0.0, 1.0
        if shifter < m:
            value, row = right[n + a + shifter], system.row[n + a + shifter]
        total = 0.0
        for j in range(a):
            total += system.by_level[e, j] * system.known[j]
        value -= row * total
        total = 0.0
        for i in range(len(price)):
            total += system.bottom[e, i] * price[i]
        system.shifters[e] = value - total
    solve(system.corner, system.corner_pivots, system.shifters, width)
    less_sums(price, system.shifters, system.column, 0, width)
    for e in range(width):
        if system.live[e] < m:
            found[n + a + system.live[e]] = system.shifters[e]
