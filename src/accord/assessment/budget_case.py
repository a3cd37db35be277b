"""All that is worked out about the cuts of one deal, before any of it is put in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accord.budget import (
    Cut,
    CutPath,
    Level,
    MultiplierRange,
    PublicMoney,
    Side,
    count_cuts,
    cut_path,
    levels_of,
    multiplier_range,
    public_money,
    sides,
)
from accord.pack.budgets import BudgetPack, Choice, CountedCuts

HORIZONS = (1, 2, 3, 5, 10)
SIZES = (0.1, 0.25, 0.5)


@dataclass(frozen=True)
class BudgetCase:
    """Cuts with what follows from them. ``beside`` are budgets of parties that cut nothing."""

    pack: BudgetPack
    cuts: tuple[Cut, ...]
    beside: tuple[Level, ...]
    as_of: date

    @cached_property
    def paths(self) -> tuple[CutPath, ...]:
        """Each budget year by year."""
        return tuple(cut_path(cut) for cut in self.cuts)

    @property
    def elasticity(self) -> Choice:
        """How much others follow a change of spending."""
        return self.pack.choices["reaction_elasticity"]

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """Who could cut alone or together."""
        levels = [*(cut.level for cut in self.cuts), *self.beside]
        shares = [*(cut.share for cut in self.cuts), *(0.0 for _ in self.beside)]
        return sides(levels, shares, (self.elasticity.low, self.elasticity.high))

    @cached_property
    def multiplier(self) -> MultiplierRange:
        """What the literature says of output."""
        return multiplier_range(self.pack.multipliers)

    @cached_property
    def money(self) -> tuple[PublicMoney | None, ...]:
        """What each cut frees beside balance, debt and output, in the order of ``paths``."""
        return tuple(public_money(self.pack, path, self.multiplier) for path in self.paths)

    @property
    def minimum(self) -> float:
        """Spending from which on a state is a large one, bn USD of 2023."""
        return self.pack.choices["base_rate_minimum"].value

    def levels(self, cut: Cut) -> tuple[Level, ...]:
        """Return the budget that is cut under every definition that is known for its year."""
        return levels_of(self.pack, cut.level.country, cut.level.year)

    def counted(self, cut: float, horizon: int) -> CountedCuts | None:
        """Return how often large states cut by so much, counted on the pack's own history."""
        found = count_cuts(
            self.pack.history, horizon=horizon, minimum=self.minimum, cut=cut, source="wdi"
        )
        if found is None:
            return None
        country, _, year = found.where.partition(" ")
        return replace(found, where=f"{self.pack.names[country]} {year}")

    def cited(self, horizon: int) -> CountedCuts | None:
        """Return the cited count of halvings by large states, of the horizon nearest to this."""
        rows = [x for x in self.pack.base_rates if x.minimum == self.minimum]
        return min(rows, key=lambda x: (abs(x.horizon - horizon), -x.horizon), default=None)
