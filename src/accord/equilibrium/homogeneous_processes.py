"""Read a market's arrays as the processes and balances of ``homogeneous_form``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Arrays, Index, Vector
from accord.equilibrium.homogeneous_form import Curves, Entries, Form, Mask
from accord.solve import Problem

# Parts of a reference price, of a rent's size, of capacity and demand at which a solve starts.
PRICE, RENT, LEVEL, WANTED = 0.95, 0.1, 0.5, 0.8
SMALLEST = 1e-12
# What unserved buyers pay, in choke prices.
PRICED_OUT = 2.0


def form_of(arrays: Arrays, problem: Problem) -> Form:
    """Return the form of arrays whose complementarity problem is ``problem``."""
    reading = _Reading(arrays, problem)
    price, balance = reading.price_scale, reading.balance_scale
    level, cost = reading.level_scale, reading.cost_scale
    effect, charge = _joined(reading.effects), _joined(reading.charges)
    mixed, limit = reading.mixed
    return Form(
        arrays=arrays,
        problem=problem,
        lanes=reading.lanes,
        plants=reading.plants,
        final=reading.final,
        effect=_scaled(effect, level[effect.process] / balance[effect.balance]),
        charge=_scaled(charge, price[charge.balance] / cost[charge.process]),
        mixed=_scaled(mixed, price[mixed.balance] * price[limit] / cost[mixed.process]),
        mixed_limit=limit,
        constant=reading.constant / balance,
        fixed=reading.fixed / cost,
        curves=reading.curves,
        most=reading.most / level,
        top=reading.top / price,
        held=reading.held,
        price_scale=price,
        level_scale=level,
        start_price=reading.start_price / price,
        start_level=reading.start_level,
    )


def _scaled(table: Entries, factor: Vector) -> Entries:
    return table._replace(value=table.value * factor)


def _joined(tables: list[Entries]) -> Entries:
    process, balance, value = (np.concatenate(part) for part in zip(*tables, strict=True))
    return Entries(process, balance, value)


@dataclass(frozen=True)
class _Reading:
    """Processes in the order lanes, plants, final demand; balances: nodes, buyers, limits.

    Everything is in the market's units.
    """

    arrays: Arrays
    problem: Problem

    @cached_property
    def lanes(self) -> Index:
        """Lanes that may carry anything."""
        lanes = self.arrays.lanes
        return np.flatnonzero(np.isfinite(lanes.log_weight) & (lanes.ceiling > 0.0))

    @cached_property
    def plants(self) -> Index:
        """Activities that may run."""
        return np.flatnonzero(self.arrays.activities.capacity > 0.0)

    @cached_property
    def served(self) -> Mask:
        """Buyers that any lane reaches."""
        reached = np.zeros(len(self.arrays.buyers.theta), np.bool_)
        reached[self.arrays.lanes.buyer[self.lanes]] = True
        return reached

    @cached_property
    def final(self) -> Index:
        """Buyers that are served and have final demand."""
        return np.flatnonzero((self.arrays.buyers.quantity > 0.0) & self.served)

    @cached_property
    def in_force(self) -> Mask:
        """Limits that may have a rent."""
        return self.arrays.limits.active & (self.arrays.limits.top > 0.0)

    @cached_property
    def first_buyer(self) -> int:
        """Where buyers begin among balances."""
        return len(self.arrays.reference_price)

    @cached_property
    def first_limit(self) -> int:
        """Where limits begin among balances."""
        return self.first_buyer + len(self.arrays.buyers.theta)

    @cached_property
    def node(self) -> Index:
        """Balance that each lane draws on."""
        return self.arrays.lanes.node[self.lanes]

    @cached_property
    def buyer(self) -> Index:
        """Balance that each lane adds to."""
        return self.first_buyer + self.arrays.lanes.buyer[self.lanes]

    @cached_property
    def sign(self) -> Vector:
        """+1 at most, −1 at least, 0 not in force (M,)."""
        return np.where(self.in_force, self.arrays.limits.sign, 0.0)

    @cached_property
    def top(self) -> Vector:
        """Highest price of each balance."""
        rents = np.where(self.in_force, self.arrays.limits.top, 0.0)
        return np.concatenate([np.full(self.first_limit, np.inf), rents])

    @cached_property
    def held(self) -> Mask:
        """Nodes whose price is pinned, buyers nobody serves, limits not in force."""
        first = self.first_buyer
        pinned = self.problem.lower[:first] == self.problem.upper[:first]
        return np.concatenate([pinned, ~self.served, ~self.in_force])

    @cached_property
    def balance_scale(self) -> Vector:
        """Size of each balance, in tonnes."""
        return self._balances(self.problem.f_scale)

    @cached_property
    def price_scale(self) -> Vector:
        """Size of each price."""
        size = self._balances(self.problem.z_scale)
        return np.where((self.top > 0.0) & (self.top < size), self.top, size)

    def _balances(self, z: Vector) -> Vector:
        """Pick prices of nodes, buyers and limits from a vector like z = (p, y, r, P, x)."""
        n, a, m, _ = self.arrays.sizes
        return np.concatenate([z[:n], z[n + a + m :][: self.first_limit - n], z[n + a : n + a + m]])

    @cached_property
    def level_scale(self) -> Vector:
        """Size of each process: of a lane, its part if all of its end's lanes carried the same."""
        ends = np.concatenate([self.node, self.buyer])
        even = self.balance_scale / np.maximum(np.bincount(ends, minlength=len(self.top)), 1)
        part = np.minimum(even[self.node], even[self.buyer])
        return np.concatenate([
            np.minimum(part, 0.5 * self.arrays.lanes.ceiling[self.lanes]),
            self.arrays.activities.capacity[self.plants],
            self.arrays.buyers.quantity[self.final],
        ])  # fmt: skip

    @cached_property
    def cost_scale(self) -> Vector:
        """Size of each process' cost per unit."""
        n, _, _, _ = self.arrays.sizes
        paid = np.maximum(np.abs(self.arrays.buyers.constant), SMALLEST)
        return np.concatenate([
            paid[self.arrays.lanes.buyer[self.lanes]],
            self.problem.f_scale[n + self.plants],
            paid[self.final],
        ])  # fmt: skip

    @cached_property
    def constant(self) -> Vector:
        """What balances hold without any process."""
        return np.concatenate([np.zeros(self.first_limit), self.sign * self.arrays.limits.bound])

    @cached_property
    def fixed(self) -> Vector:
        """What a process costs at prices 0 and at a standstill."""
        return np.concatenate([
            self.arrays.lanes.intercept[self.lanes],
            self.arrays.activities.fixed_cost[self.plants],
            -self.arrays.buyers.choke[self.final],
        ])  # fmt: skip

    @cached_property
    def most(self) -> Vector:
        """Highest level of each process."""
        capacity = self.arrays.activities.capacity[self.plants]
        ceiling = self.arrays.lanes.ceiling[self.lanes]
        return np.concatenate([ceiling, capacity, np.full(len(self.final), np.inf)])

    @cached_property
    def curves(self) -> Curves:
        """Rising costs: of plants, and of what users lose by wanting more."""
        activities, buyers, final = self.arrays.activities, self.arrays.buyers, self.final
        flat = np.zeros(len(self.lanes))
        span = (buyers.choke - buyers.price)[final]
        return Curves.of(
            np.concatenate([flat, activities.rising_cost[self.plants], span]) / self.cost_scale,
            np.concatenate(
                [flat + 1.0, activities.inverse_curvature[self.plants], 1.0 / buyers.gamma[final]]
            ),
            np.concatenate([flat + 1.0, np.ones(len(self.plants)), buyers.choke[final] / span]),
        )

    @cached_property
    def effects(self) -> list[Entries]:
        """What a unit of each process adds to balances."""
        every, lanes = np.arange(len(self.lanes)), self.arrays.lanes
        activities, limits = self.arrays.activities, self.arrays.limits
        final = len(self.lanes) + len(self.plants) + np.arange(len(self.final))
        return [
            Entries(every, self.node, -lanes.shipped[self.lanes]),
            Entries(every, self.buyer, np.ones(len(every))),
            self._per_lane(-self.sign[:, None] * limits.member),
            self._per_plant(activities.outputs, 0),
            self._per_plant(-activities.inputs, self.first_buyer),
            self._per_plant(self.sign[:, None] * limits.grows, self.first_limit),
            Entries(final, self.first_buyer + self.final, -np.ones(len(final))),
        ]

    @cached_property
    def charges(self) -> list[Entries]:
        """What each process pays per unit of a balance's price."""
        every, lanes = np.arange(len(self.lanes)), self.arrays.lanes
        activities, limits = self.arrays.activities, self.arrays.limits
        final = len(self.lanes) + len(self.plants) + np.arange(len(self.final))
        return [
            Entries(every, self.node, lanes.slope[self.lanes]),
            Entries(every, self.buyer, -np.ones(len(every))),
            self._per_lane(self.in_force[:, None] * limits.rent_intercept),
            self._per_plant(-activities.kept * activities.outputs, 0),
            self._per_plant(activities.inputs, self.first_buyer),
            Entries(final, self.first_buyer + self.final, np.ones(len(final))),
        ]

    @cached_property
    def mixed(self) -> tuple[Entries, Index]:
        """What lanes pay per rent times node price, and the limits' balances."""
        table = self._per_lane(self.in_force[:, None] * self.arrays.limits.rent_slope)
        return table._replace(balance=self.node[table.process]), table.balance

    def _per_lane(self, table: Vector) -> Entries:
        """Return a table of limits by lanes (M, L)."""
        few = table[:, self.lanes]
        limit, lane = np.nonzero(few)
        return Entries(lane, self.first_limit + limit, few[limit, lane])

    def _per_plant(self, table: Vector, first: int) -> Entries:
        """Return a table of balances from ``first`` on by activities (·, A)."""
        few = table[:, self.plants]
        balance, plant = np.nonzero(few)
        return Entries(len(self.lanes) + plant, first + balance, few[balance, plant])

    @cached_property
    def start_price(self) -> Vector:
        """Prices near the reference; what an unserved buyer would pay ends all demand."""
        buyers = self.arrays.buyers
        usual = np.maximum(np.abs(buyers.constant), SMALLEST)
        paid = np.where(self.served, usual, PRICED_OUT * np.maximum(buyers.choke, usual))
        reference = self.arrays.reference_price
        node = np.where(self.held[: len(reference)], reference, PRICE * reference)
        rent = np.where(self.in_force, RENT * self.price_scale[self.first_limit :], 0.0)
        return np.concatenate([node, paid, rent])

    @cached_property
    def start_level(self) -> Vector:
        """Levels of processes, as parts of their sizes."""
        sizes = (len(self.lanes), len(self.plants), len(self.final))
        return np.repeat([1.0, LEVEL, WANTED], sizes)
