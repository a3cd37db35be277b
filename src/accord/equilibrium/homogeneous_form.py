"""The homogeneous closure as processes that move goods, in scaled numbers.

Lanes, plants and final demand are all processes: each changes some balances (of nodes, of buyers,
of limits) by so much per unit, and costs so much at the balances' prices π = (p, P, r):

    balance_i = constant_i + Σ_k effect_ik level_k ≥ 0             ⟂   0 ≤ π_i ≤ top_i
    cost_k    = fixed_k + Σ_i charge_ki π_i + rising_k ≥ 0         ⟂   0 ≤ level_k ≤ most_k

Final demand is a process that takes one unit from its buyer and earns its choke price; its rising
cost is what users lose by wanting one unit more. This is activity analysis: T. Koopmans (ed.),
Activity Analysis of Production and Allocation (1951); L. Mathiesen, "Computation of economic
equilibria by a sequence of linear complementarity problems", Mathematical Programming Study 23
(1985). Everything here is divided by its typical size, so that 1 is ordinary throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector
from accord.equilibrium.state import bin_sum
from accord.solve import Problem

Mask = NDArray[np.bool_]


class Entries(NamedTuple):
    """A sparse table of processes by balances: (process, balance, value)."""

    process: Index
    balance: Index
    value: Vector


class Curves(NamedTuple):
    """How level and rising cost follow from a process's drive u: level u^a, cost rise·u^b.

    The larger of a and b is at least 1 and the other is 1, so that both are convex in u: Newton
    steps then overshoot on one side only. Beyond ``last`` both go on in a straight line.
    """

    level_power: Vector
    cost_power: Vector
    rise: Vector
    last: Vector

    @classmethod
    def of(cls, rise: Vector, power: Vector, last: Vector) -> Curves:
        """Return the curves of a rising cost rise·level^power; none where ``rise`` is 0."""
        by_cost = (rise > 0.0) & (power < 1.0)
        flat = np.where(by_cost | (rise <= 0.0), 1.0, power)
        return cls(np.where(by_cost, 1.0 / power, 1.0), flat, rise, last)

    def level(self, drive: Vector) -> tuple[Vector, Vector]:
        """Return levels (K,) and their slopes in the drive."""
        return _power(drive, self.level_power, self.last)

    def cost(self, drive: Vector) -> tuple[Vector, Vector]:
        """Return rising costs (K,) and their slopes in the drive."""
        value, slope = _power(drive, self.cost_power, self.last)
        return self.rise * value, self.rise * slope

    def drive(self, level: Vector) -> Vector:
        """Return the drive of given levels (K,)."""
        return np.maximum(level, 0.0) ** (1.0 / self.level_power)


def _power(u: Vector, power: Vector, last: Vector) -> tuple[Vector, Vector]:
    value, slope = u.copy(), np.ones_like(u)
    bent = np.flatnonzero(power != 1.0)
    e, end = power[bent], last[bent]
    inside = np.minimum(u[bent], end)
    slope[bent] = e * inside ** (e - 1.0)
    value[bent] = inside**e + slope[bent] * (u[bent] - inside)
    return value, slope


class Values(NamedTuple):
    """The form at a point: levels and slopes by drive (K,), balances (N,), costs (K,), ∂cost/∂π."""

    level: Vector
    level_slope: Vector
    cost_slope: Vector
    balance: Vector
    cost: Vector
    charge: Vector


@dataclass(frozen=True)
class Form:
    """A market in this form; K processes (lanes, plants, final demand), N balances.

    ``effect``, ``charge``  tables of the module's two lines; ``mixed`` the part of a lane's cost
                  that is a rent times its node's price, as ((process, limit), node, value)
    ``most``      highest level (K,);  ``top`` highest price (N,);  infinite where there is none
    ``held``      balances that have no say, and whose price stays at ``start_price`` (N,)
    ``lanes``, ``plants``, ``final``  which lanes, activities and buyers the processes are
    """

    arrays: Arrays
    problem: Problem
    lanes: Index
    plants: Index
    final: Index
    effect: Entries
    charge: Entries
    mixed: Entries
    mixed_limit: Index
    constant: Vector
    fixed: Vector
    curves: Curves
    most: Vector
    top: Vector
    held: Mask
    price_scale: Vector
    level_scale: Vector
    start_price: Vector
    start_level: Vector

    @cached_property
    def pattern(self) -> tuple[Index, Index, Index]:
        """Pairs of an effect and a charge of the same process: effect, charge, place (N·N)."""
        process = np.concatenate([self.charge.process, self.mixed.process, self.mixed.process])
        balance = self._charged
        order = np.argsort(process, kind="stable")
        count = np.bincount(process, minlength=len(self.fixed))
        first = np.cumsum(count) - count
        repeats = count[self.effect.process]
        effect = np.repeat(np.arange(len(repeats)), repeats)
        within = np.arange(len(effect)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        charge = order[first[self.effect.process][effect] + within]
        place = self.effect.balance[effect] * len(self.constant) + balance[charge]
        return effect, charge, place

    @cached_property
    def alone(self) -> Mask:
        """Buyers' balances that answer no other such buyer's price (N,)."""
        first = len(self.arrays.reference_price)
        alone = np.zeros(len(self.constant), np.bool_)
        alone[first : first + len(self.arrays.buyers.theta)] = True
        row, column = np.divmod(self.pattern[2], len(self.constant))
        tied = alone[row] & alone[column] & (row != column)
        alone[row[tied]] = False
        return alone

    @cached_property
    def _charged(self) -> Index:
        return np.concatenate([self.charge.balance, self.mixed.balance, self.mixed_limit])

    @cached_property
    def _charging(self) -> Index:
        return np.concatenate([self.charge.process, self.mixed.process, self.mixed.process])

    def values(self, price: Vector, drive: Vector) -> Values:
        """Return the form at prices (N,) and drives (K,)."""
        level, level_slope = self.curves.level(drive)
        rising, cost_slope = self.curves.cost(drive)
        rent, at_node = price[self.mixed_limit], price[self.mixed.balance]
        paid = bin_sum(self.charge.process, self.charge.value * price[self.charge.balance],
                       len(drive))  # fmt: skip
        if len(rent):
            paid += bin_sum(self.mixed.process, self.mixed.value * rent * at_node, len(drive))
        charge = np.concatenate(
            [self.charge.value, self.mixed.value * rent, self.mixed.value * at_node]
        )
        balance = self.constant + self.effects(level)
        return Values(
            level, level_slope, cost_slope, balance, self.fixed + paid + rising, charge
        )  # fmt: skip

    def effects(self, level: Vector) -> Vector:
        """Return what levels (K,) add to balances (N,)."""
        table = self.effect
        return bin_sum(table.balance, table.value * level[table.process], len(self.constant))

    def charges(self, at: Values, price: Vector) -> Vector:
        """Return what a change of prices (N,) adds to costs (K,), to first order."""
        return bin_sum(self._charging, at.charge * price[self._charged], len(self.fixed))

    def response(self, at: Values, reach: Vector) -> Matrix:
        """Return −Σ_k effect_ik reach_k charge_kj (N, N): how balances answer prices."""
        effect, charge, place = self.pattern
        strength = self.effect.value * reach[self.effect.process]
        size = len(self.constant)
        entries = bin_sum(place, -strength[effect] * at.charge[charge], size * size)
        return entries.reshape(size, size)

    def point(self, price: Vector, level: Vector) -> Vector:
        """Return z = (p, y, r, P, x) of prices (N,) and levels (K,), in the market's units."""
        n, a, _, _ = self.arrays.sizes
        b = len(self.arrays.buyers.theta)
        paid, tonnes = price * self.price_scale, level * self.level_scale
        y, x = np.zeros(a), np.zeros(len(self.arrays.lanes.node))
        x[self.lanes] = tonnes[: len(self.lanes)]
        y[self.plants] = tonnes[len(self.lanes) :][: len(self.plants)]
        return self.problem.clip(np.concatenate([paid[:n], y, paid[n + b :], paid[n : n + b], x]))

    def read(self, z: Vector) -> tuple[Vector, Vector]:
        """Return prices (N,) and drives (K,) of a point z = (p, y, r, P, x)."""
        n, a, m, _ = self.arrays.sizes
        buyers = self.arrays.buyers
        b = len(buyers.theta)
        paid = z[n + a + m : n + a + m + b]
        price = np.concatenate([z[:n], paid, z[n + a : n + a + m]]) / self.price_scale
        gap = np.maximum((buyers.choke - paid) / (buyers.choke - buyers.price), 0.0)
        wanted = (gap**buyers.gamma)[self.final]
        level = np.concatenate([z[n + a + m + b :][self.lanes], z[n : n + a][self.plants]])
        scaled = level / self.level_scale[: len(level)]
        return (
            np.where(self.held, self.start_price, price),
            self.curves.drive(np.concatenate([scaled, wanted])),
        )
