"""What trade is worth to every region of a world table, and what trade must cost, from shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.economy.baseline import Array
from accord.economy.from_table import one_sector
from accord.economy.gains import (
    gains_from_trade,
    gains_from_trade_by_sector,
    gains_from_trade_with_inputs,
    round_trip_costs,
)
from accord.economy.world import UNITS, WorldTable
from accord.errors import Fault, InputError

DUTIES = "duties and what they bring in are not in these formulas, and trade is taken as balanced"


@dataclass(frozen=True)
class GainsAnswer:
    """Gains from trade (N,) as parts of real income lost in autarky, three ways.

    ``home``  (N,) share of spending on home goods, all sectors together
    ``one_sector``, ``by_sector``, ``with_inputs``  (N,) 0.1 is 10 %; see ``economy.gains``
    """

    table: WorldTable
    home: Array
    one_sector: Array
    by_sector: Array
    with_inputs: Array

    @property
    def worth(self) -> Array:
        """(N,) the gain with inputs at the table's final spending, USD a year."""
        spending = self.table.final_demand.sum(axis=1) * UNITS[self.table.unit]
        return self.with_inputs * spending

    @cached_property
    def trade_costs(self) -> Array:
        """(J, N, N) √(τ_ij τ_ji): cost of trade, mean of both ways; 1 free, ∞ without trade."""
        paid = self.table.trade * (1.0 + self.table.tariff)
        total = paid.sum(axis=2, keepdims=True)
        home = np.broadcast_to(np.eye(paid.shape[1]), paid.shape)
        share = np.divide(paid, total, out=home.copy(), where=total > 0.0)
        pairs = zip(share, self.table.theta, strict=True)
        return np.stack([round_trip_costs(s, float(theta)) for s, theta in pairs])

    @property
    def notes(self) -> tuple[str, ...]:
        """What the formulas leave out."""
        return (DUTIES,)

    def place(self, region: str) -> int:
        """Return where a region stands. Raises ``InputError`` for one the table has not."""
        if region not in self.table.regions:
            allowed = ", ".join(self.table.regions)
            fix = "correct it, or name another --table"
            raise InputError([Fault("command line", region, allowed, fix, field="region")])
        return self.table.regions.index(region)


def gains_of(table: WorldTable) -> GainsAnswer:
    """Return the gains from trade of every region of a table.

    A place that buys nothing of a sector counts as buying it at home. Raises ``InputError``.
    """
    whole = one_sector(table)
    alone = whole.home_share[0]
    home = np.where(np.isnan(table.home_share), 1.0, table.home_share)
    final = (table.final_demand / table.final_demand.sum(axis=1, keepdims=True)).T
    output = table.output[:, None, :]
    inputs = np.divide(table.io, output, out=np.zeros_like(table.io), where=output > 0.0)
    return GainsAnswer(
        table,
        alone,
        gains_from_trade(alone, float(whole.theta[0])),
        gains_from_trade_by_sector(home, table.theta, final),
        gains_from_trade_with_inputs(home, table.theta, final, inputs),
    )
