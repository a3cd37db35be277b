"""F(z) of one draw under the share closure, in plain loops to be compiled: see ``many_point``."""

from __future__ import annotations

import numpy as np

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.fast_arrays import Numbers, Places, Room
from accord.equilibrium.fast_compiled import EXACT, SUMS, compiled

# As in ``many_point``.
NOTHING = -300.0
# For e^x by 2^k · e^r: adding the first to a number rounds it and leaves k in its lowest bits.
ROUNDER = 6755399441055744.0
PER_LN2, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10


@compiled(SUMS)
def conditions(places: Places, of: Numbers, room: Room, z: Vector, f: Vector) -> None:
    """Work out everything at z, and F there into ``f``."""
    n, a, m = places.size[3], places.size[4], places.size[5]
    room.price[:] = 0.0
    for i in range(n):
        room.price[places.node[i]] = z[i]
    room.supply[:] = 0.0
    for j in range(a):
        for k in range(places.out_first[j], places.out_first[j + 1]):
            room.supply[places.out_place[k]] += places.out_value[k] * z[n + j]
    _shifters(places, of, room, z)
    _terms(places, of, room)
    room.wanted[:] = 0.0
    for j in range(a):
        for k in range(places.in_first[j], places.in_first[j + 1]):
            room.wanted[places.in_place[k]] += places.in_value[k] * z[n + j]
    room.shipped[:] = 0.0
    _choices(places, of, room)
    _wanted(of, room)
    _ship(places, room)
    for i in range(n):
        f[i] = room.supply[places.node[i]] - room.shipped[places.node[i]]
    _margins(places, of, room, z, f)
    for k in range(m):
        f[n + a + k] = places.force[k] * _slack(places, of, room, z, k)


@compiled(SUMS)
def _shifters(places: Places, of: Numbers, room: Room, z: Vector) -> None:
    n, a, m, shares = places.size[3], places.size[4], places.size[5], places.size[6]
    for k in range(m):
        room.shifter[k] = z[n + a + k]
    for s in range(shares):
        supply = room.supply[places.share_place[s]]
        traced = 0.0
        for j in range(a):
            traced += places.share_made[s, j] * z[n + j]
        room.shifter[m + s] = traced / supply if supply > 0.0 else 0.0
    for k in range(len(places.which)):
        price = room.price[places.lane_node[places.entry_lane[k]]]
        room.charge[k] = of.charge_slope[k] * price + of.charge_intercept[k]


@compiled(SUMS)
def _terms(places: Places, of: Numbers, room: Room) -> None:
    nodes, buyers, share = places.size[1], places.size[2], room.share
    if places.full[0] != 0:
        for b in range(len(room.buyer_price)):
            price = room.price[b // buyers * nodes : (b // buyers + 1) * nodes]
            for i in range(nodes):
                lane = b * nodes + i
                share[lane] = of.bare[lane] - of.fall[lane] * price[i]
    else:
        for lane in range(len(share)):
            share[lane] = of.bare[lane] - of.fall[lane] * room.price[places.lane_node[lane]]
    for k in range(len(places.which)):
        lane = places.entry_lane[k]
        added = room.shifter[places.which[k]] * room.charge[k]
        share[lane] -= of.theta[places.lane_buyer[lane]] * added


@compiled(SUMS)
def _choices(places: Places, of: Numbers, room: Room) -> None:
    """Turn ln(α e^(−θc)) of lanes into shares, and find buyers' prices."""
    share, first = room.share, places.first
    for b in range(len(room.buyer_price)):
        top = _largest(share, first[b], first[b + 1])
        room.buyer_price[b] = top
        level = top if top > -np.inf else 0.0
        for lane in range(first[b], first[b + 1]):
            less = share[lane] - level
            share[lane] = less if less > NOTHING else NOTHING  # noqa: FURB136 - no call
    exponentials(share, room.turn, room.turn.view(np.int64))
    for b in range(len(room.buyer_price)):
        total, top = 0.0, room.buyer_price[b]
        for lane in range(first[b], first[b + 1]):
            total += share[lane]
        served = top > -np.inf
        part = 1.0 / total if served else 0.0
        for lane in range(first[b], first[b + 1]):
            share[lane] *= part
        if served:
            room.buyer_price[b] = of.constant[b] - (top + np.log(total)) / of.theta[b]
        else:
            room.buyer_price[b] = of.priced_out[b]


@compiled(SUMS)
def _largest(values: Vector, start: int, stop: int) -> float:
    """Return the largest of some values, of every fourth first: no step waits for the last.

    No ``max``: of two numbers one of which may be none it takes its time.
    """
    a = b = c = d = -np.inf
    i = start
    while i + 4 <= stop:
        a = values[i] if values[i] > a else a  # noqa: FURB136 - as above
        b = values[i + 1] if values[i + 1] > b else b  # noqa: FURB136 - as above
        c = values[i + 2] if values[i + 2] > c else c  # noqa: FURB136 - as above
        d = values[i + 3] if values[i + 3] > d else d  # noqa: FURB136 - as above
        i += 4
    while i < stop:
        a = values[i] if values[i] > a else a  # noqa: FURB136 - as above
        i += 1
    return max(a, b, c, d)


@compiled(SUMS)
def _ship(places: Places, room: Room) -> None:
    """Add what leaves every place."""
    nodes, buyers, shipped, share = places.size[1], places.size[2], room.shipped, room.share
    for b in range(len(room.buyer_price)):
        wanted = room.wanted[b]
        if places.full[0] == 0:
            for lane in range(places.first[b], places.first[b + 1]):
                shipped[places.lane_node[lane]] += share[lane] * places.shipped[lane] * wanted
        else:
            at, lane = b // buyers * nodes, b * nodes
            for i in range(nodes):
                shipped[at + i] += share[lane + i] * places.shipped[lane + i] * wanted


@compiled(EXACT)
def exponentials(x: Vector, turn: Vector, bits: Index) -> None:
    """Put e^x in place of x, for −700 < x < 700; ``bits`` are those of ``turn``.

    A call for every lane takes five times as long as these sweeps, which a processor does four or
    eight lanes at a time. Right to the last bit or the one before.
    """
    for i in range(len(x)):
        turn[i] = x[i] * PER_LN2 + ROUNDER
    for i in range(len(x)):
        k = turn[i] - ROUNDER
        r = x[i] - k * LN2_HIGH - k * LN2_LOW
        p = 1.0 / 479001600.0
        p = p * r + 1.0 / 39916800.0
        p = p * r + 1.0 / 3628800.0
        p = p * r + 1.0 / 362880.0
        p = p * r + 1.0 / 40320.0
        p = p * r + 1.0 / 5040.0
        p = p * r + 1.0 / 720.0
        p = p * r + 1.0 / 120.0
        p = p * r + 1.0 / 24.0
        p = p * r + 1.0 / 6.0
        p = p * r + 0.5
        x[i] = (p * r + 1.0) * r + 1.0
    for i in range(len(x)):
        bits[i] = (bits[i] + 1023) << 52
    for i in range(len(x)):
        x[i] *= turn[i]


@compiled(SUMS)
def _wanted(of: Numbers, room: Room) -> None:
    """Add buyers' final demand to what activities want, and find its slope."""
    for b in range(len(room.buyer_price)):
        gap = (of.choke[b] - room.buyer_price[b]) / of.span[b]
        if gap > 0.0 and of.quantity[b] != 0.0:
            steep = of.quantity[b] * gap ** (of.gamma[b] - 1.0)
            room.wanted[b] += steep * gap
            room.demand_slope[b] = -of.gamma[b] / of.span[b] * steep
        else:
            room.wanted[b] += 0.0 * gap  # not a number where the price is none
            room.demand_slope[b] = 0.0


@compiled(SUMS)
def _margins(places: Places, of: Numbers, room: Room, z: Vector, f: Vector) -> None:
    n, a = places.size[3], places.size[4]
    for j in range(a):
        margin = of.fixed_cost[j]
        used = max(z[n + j] * of.per_capacity[j], 0.0)
        if of.rising_cost[j] != 0.0:
            margin += of.rising_cost[j] * used ** of.inverse_curvature[j]
        for k in range(places.in_first[j], places.in_first[j + 1]):
            margin += places.in_value[k] * room.buyer_price[places.in_place[k]]
        sold = 0.0
        for k in range(places.out_first[j], places.out_first[j + 1]):
            sold += places.out_value[k] * room.price[places.out_place[k]]
        f[n + j] = margin - of.kept[j] * sold


@compiled(SUMS)
def _slack(places: Places, of: Numbers, room: Room, z: Vector, limit: int) -> float:
    """Tonnes left under a limit."""
    n, a = places.size[3], places.size[4]
    left = of.bound[limit]
    for j in range(a):
        left += of.grows[limit, j] * z[n + j]
    if places.clean_place[limit] >= 0:
        left += room.supply[places.clean_place[limit]]
        for j in range(a):
            left -= places.clean_made[limit, j] * z[n + j]
    for k in range(len(places.member_row)):
        if places.member_row[k] == limit:
            lane = places.member_lane[k]
            wanted = room.wanted[places.lane_buyer[lane]]
            left -= places.member_value[k] * room.share[lane] * wanted
    return left
