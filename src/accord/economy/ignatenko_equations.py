"""The equations of the tariff model of 2025 at x = (ln w, ln E, ln L), new over old.

Two forms: a fixed-point map that touches the (N, N) matrices in three products with a vector and
never in a power, which is what makes a step cheap; and a residual whose markets are measured by
the balance of trade, which stays exact where countries trade next to nothing with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from accord.economy.complex_newton import Columns
from accord.economy.ignatenko_world import PLACE, Parameters, TariffWorld
from accord.economy.multilateral import without_home
from accord.errors import Fault, InputError

Array = NDArray[np.float64]
RevenueUse = Literal["income tax", "lump sum"]


@dataclass(frozen=True)
class Tariffs:
    """What is imposed, and how the money moves.

    ``duty``         (N importer, N exporter) rates, 0.1 for 10 %
    ``revenue_use``  what a country does with its revenue
    ``transfer``     (N,) T, money of the table, adds up to 0; ``None``: the world's own
    ``forgone``      (N,) sales of a market that nobody earns, growing with world output. Only to
                     repeat published figures whose markets do not clear; never certified
    """

    duty: Array
    revenue_use: RevenueUse = "income tax"
    transfer: Array | None = None
    forgone: Array | None = None

    def __post_init__(self) -> None:
        """Raise ``InputError`` for a use of revenue that the model has not."""
        if self.revenue_use not in get_args(RevenueUse):
            allowed = ", ".join(get_args(RevenueUse))
            fix = "say what a country does with its revenue"
            raise InputError([Fault(PLACE, self.revenue_use, allowed, fix, field="revenue_use")])

    def part(self, world: TariffWorld, s: float) -> Tariffs:
        """Return the tariffs on the way from the base, at s = 0, to these, at 1."""
        transfer = self.transfer_of(world)
        return Tariffs(
            (1.0 + self.duty) ** s - 1.0,
            self.revenue_use,
            (1.0 - s) * world.transfer + s * transfer,
            None if self.forgone is None else s * self.forgone,
        )

    def transfer_of(self, world: TariffWorld) -> Array:
        """Return T (N,)."""
        return world.transfer if self.transfer is None else self.transfer

    def forgone_of(self, world: TariffWorld) -> Array:
        """Return the sales that nobody earns (N,)."""
        return np.zeros(world.count) if self.forgone is None else self.forgone


@dataclass(frozen=True)
class Equations:
    """One experiment on one world."""

    world: TariffWorld
    parameters: Parameters
    tariffs: Tariffs

    @cached_property
    def response(self) -> Array:
        """φ (N,)."""
        return self.parameters.duty_response(self.world.local_share)

    @cached_property
    def kernel(self) -> Array:
        """K (N importer, N exporter)."""
        power = -self.parameters.trade_elasticity * self.response[:, None]
        return self.world.share * (1.0 + self.tariffs.duty) ** power

    @cached_property
    def net_kernel(self) -> Array:
        """K over 1 + duty: what is left for sellers and local costs."""
        return self.kernel / (1.0 + self.tariffs.duty)

    @cached_property
    def sold_kernel(self) -> Array:
        """What reaches the exporter."""
        return (1.0 - self.world.local_share)[:, None] * self.net_kernel

    @property
    def relieves(self) -> bool:
        """Whether revenue relieves the income tax."""
        return self.tariffs.revenue_use == "income tax"

    def step(self, x: Array) -> Array:
        """Return the map's next x (3N,): the wage moves by what would clear its own market."""
        world, elasticity = self.world, self.parameters.trade_elasticity
        base, n = world.expenditure, world.count
        wage, spending, labour = x[:n], x[n : 2 * n], x[2 * n :]
        strength = np.exp(-elasticity * (wage - self.parameters.scale * labour))
        total = self.kernel @ strength
        spent = np.exp(spending) * base
        demand = spent / total
        net = demand * (self.net_kernel @ strength)
        earned = np.exp(wage + labour) * world.output
        growth = earned.sum() / world.output.sum()
        sales = strength * (demand @ self.sold_kernel) + world.local_share * net
        wanted = earned + self.tariffs.forgone_of(world) * growth
        revenue = spent - net
        price = (1.0 - self.response) * (spending - wage) - np.log(total) / elasticity
        relief = np.log1p(-revenue / earned) if self.relieves else 0.0
        income = revenue + earned + self.tariffs.transfer_of(world) * growth
        level = np.log(np.exp(price) @ base / base.sum())
        return np.concatenate([
            wage + np.log(sales / wanted) / (1.0 + elasticity) - level,
            np.log(income / base) - level,
            self.parameters.labour_supply * (wage - price - relief),
        ])  # fmt: skip

    def residual(self, x: Columns) -> Columns:
        """Return how far x (3N, k), real or complex, is from a solution, (3N, k).

        First, of each country: exports − imports + transfer over trade, plus the price level;
        then what is spent at home and abroad over what may be, then labour over its supply, both
        in logarithms.
        """
        world, elasticity = self.world, self.parameters.trade_elasticity
        base, kept = world.expenditure[:, None], 1.0 - world.local_share[:, None]
        wage, spending, labour = np.split(x, 3)
        strength = np.exp(-elasticity * (wage - self.parameters.scale * labour))
        total = self.kernel @ strength
        demand = np.exp(spending) * base / total
        net = demand * (self.net_kernel @ strength)
        revenue = demand * (self._taxed @ strength)
        earned = np.exp(wage + labour) * world.output[:, None]
        growth = earned.sum(axis=0) / world.output.sum()
        received = strength * (without_home(self.sold_kernel).T @ demand)
        paid = kept * demand * (without_home(self.net_kernel) @ strength)
        moved = (self.tariffs.transfer_of(world) - self.tariffs.forgone_of(world))[:, None] * growth
        size = np.abs(received.real) + np.abs(paid.real)
        price = (1.0 - self.response[:, None]) * (spending - wage) - np.log(total) / elasticity
        level = np.log((np.exp(price) * base).sum(axis=0) / base.sum())
        relief = np.log(1.0 - revenue / earned) if self.relieves else 0.0
        transfer = self.tariffs.transfer_of(world)[:, None] * growth
        return np.concatenate([
            (received - paid + moved) / np.where(size > 0.0, size, 1.0) + level,
            np.log(net / (earned + transfer)),
            labour - self.parameters.labour_supply * (wage - price - relief),
        ])  # fmt: skip

    @cached_property
    def _taxed(self) -> Array:
        """Return K·t/(1+t): revenue without the difference of two large numbers."""
        return self.net_kernel * self.tariffs.duty
