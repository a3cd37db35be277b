"""Newton steps for the homogeneous closure's form with slacks, on prices only.

Every inequality of the form has a variable z and a slack s, both positive at a solution's
neighbours, z·s = 0 at a solution. In the order of ``Pairs``: prices and their balances; room below
a price's top and what presses against it; drives and their costs; room below a level's highest and
what presses against it. Levels are eliminated, so that a step costs one dense solve for prices:
with 200 regions 400 unknowns rather than 40,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.homogeneous_form import Form, Values
from accord.equilibrium.homogeneous_linear import PriceSystem


@dataclass(frozen=True)
class Pairs:
    """Which places of z and s stand for what."""

    form: Form

    @cached_property
    def price(self) -> Index:
        """Balances with a say."""
        return np.flatnonzero(~self.form.held)

    @cached_property
    def topped(self) -> Index:
        """Balances with a say whose price has a top."""
        return np.flatnonzero(~self.form.held & np.isfinite(self.form.top))

    @cached_property
    def capped(self) -> Index:
        """Processes with a highest level."""
        return np.flatnonzero(np.isfinite(self.form.most))

    @cached_property
    def cuts(self) -> tuple[int, int, int]:
        """Where the second, third and fourth kind begin."""
        first, second = len(self.price), len(self.topped)
        return first, first + second, first + second + len(self.form.fixed)

    def split(self, z: Vector) -> tuple[Vector, Vector, Vector, Vector]:
        """Return the four kinds."""
        i, j, k = self.cuts
        return z[:i], z[i:j], z[j:k], z[k:]

    def joined(self, price: Vector, drive: Vector) -> Vector:
        """Return z from prices (N,) and drives (K,)."""
        level, _ = self.form.curves.level(drive)
        return np.concatenate([
            price[self.price],
            self.form.top[self.topped] - price[self.topped],
            drive,
            self.form.most[self.capped] - level[self.capped],
        ])  # fmt: skip

    def prices(self, z: Vector) -> Vector:
        """Return all prices (N,)."""
        price = self.form.start_price.copy()
        price[self.price] = z[: self.cuts[0]]
        return price

    def drives(self, z: Vector) -> Vector:
        """Return all drives (K,)."""
        return z[self.cuts[1] : self.cuts[2]]


@dataclass(frozen=True)
class Place:
    """A point (z, s) with positive entries, and what is not yet met there."""

    pairs: Pairs
    z: Vector
    s: Vector

    @cached_property
    def at(self) -> Values:
        """The form at the point."""
        return self.pairs.form.values(self.pairs.prices(self.z), self.pairs.drives(self.z))

    @cached_property
    def open(self) -> tuple[Vector, Vector, Vector, Vector]:
        """Residuals: balances, room of prices, costs, room of levels."""
        pairs, form = self.pairs, self.pairs.form
        _, room, _, left = pairs.split(self.z)
        slack, pressed, cost, full = pairs.split(self.s)
        balance = self.at.balance - _spread(slack, pairs.price, len(form.top))
        balance += _spread(pressed, pairs.topped, len(form.top))
        price = pairs.prices(self.z)
        return (
            balance[pairs.price],
            room - (form.top - price)[pairs.topped],
            self.at.cost - cost + _spread(full, pairs.capped, len(form.fixed)),
            left - (form.most - self.at.level)[pairs.capped],
        )

    @cached_property
    def distance(self) -> float:
        """Euclidean size of the residuals."""
        return float(np.sqrt(sum(float(part @ part) for part in self.open)))

    @cached_property
    def worst(self) -> float:
        """Largest residual."""
        return max(float(np.max(np.abs(part), initial=0.0)) for part in self.open)

    @cached_property
    def _stiffness(self) -> tuple[Vector, Vector]:
        """How each price's and each drive's own row resists a step (N,), (K,)."""
        pairs = self.pairs
        ratio = pairs.split(self.s / self.z)
        price = _spread(ratio[0], pairs.price, len(pairs.form.top))
        price += _spread(ratio[1], pairs.topped, len(price))
        drive = self.at.cost_slope + ratio[2]
        steep = ratio[3] * self.at.level_slope[pairs.capped]
        return price, drive + _spread(steep, pairs.capped, len(drive))

    @cached_property
    def _system(self) -> PriceSystem:
        form, (price, drive) = self.pairs.form, self._stiffness
        matrix = form.response(self.at, self.at.level_slope / drive)
        matrix[np.diag_indices_from(matrix)] += price
        return PriceSystem(form, matrix, self.pairs.price)

    def step(self, product: Vector) -> tuple[Vector, Vector]:
        """Return (dz, ds) that meet all residuals to first order, with s·dz + z·ds = ``product``.

        Raises ``LinAlgError`` where the system is singular.
        """
        pairs, form = self.pairs, self.pairs.form
        pull, ratio = pairs.split(product / self.z), pairs.split(self.s / self.z)
        balance, room, cost, left = self.open
        count = len(form.top)
        price_side = _spread(pull[0] - balance, pairs.price, count)
        price_side -= _spread(pull[1] + ratio[1] * room, pairs.topped, count)
        drive_side = pull[2] - cost
        drive_side -= _spread(pull[3] + ratio[3] * left, pairs.capped, len(drive_side))
        _, stiff = self._stiffness
        moved = form.effects(self.at.level_slope * drive_side / stiff)
        price = self._system.solve(price_side - moved)
        drive = (drive_side - form.charges(self.at, price)) / stiff
        dz = np.concatenate([
            price[pairs.price],
            -price[pairs.topped] - room,
            drive,
            -(self.at.level_slope * drive)[pairs.capped] - left,
        ])  # fmt: skip
        return dz, (product - self.s * dz) / self.z


def _spread(values: Vector, where: Index, count: int) -> Vector:
    whole = np.zeros(count)
    whole[where] = values
    return whole
