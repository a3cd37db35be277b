"""Who gets and who pays what at one equilibrium: the accounts that welfare is the sum of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from accord.effects.columns import Key, Table
from accord.effects.many import accounts_of_quantities
from accord.effects.quantities import Quantities
from accord.equilibrium import Equilibrium

__all__ = ["Accounts", "Key", "Table", "accounts_of"]


@dataclass(frozen=True)
class Accounts:
    """Amounts by measure, then by (region or lane, good). See conventions C47 for each measure.

    ``dissipated`` is the rent of limits that nobody earns (USD a year), a real cost.
    """

    tables: dict[str, Table]
    dissipated: float

    @cached_property
    def _totals(self) -> dict[tuple[str, str], float]:
        totals: defaultdict[tuple[str, str], float] = defaultdict(float)
        for measure, table in self.tables.items():
            for (region, _), amount in table.items():
                totals[measure, region] += amount
        return dict(totals)

    def total(self, measure: str, region: str) -> float:
        """Return a measure summed over goods; 0 where the region has no entry."""
        return self._totals.get((measure, region), 0.0)


def accounts_of(equilibrium: Equilibrium) -> Accounts:
    """Return all accounts of an equilibrium: those of many draws, of which it is the only one."""
    only = accounts_of_quantities(equilibrium.market, Quantities.of_one(equilibrium.state))
    return Accounts(only.tables_of(0), float(only.dissipated[0]))
