"""Who gets and who pays what at one equilibrium: the accounts that welfare is the sum of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.effects.columns import Columns, Key, Table
from accord.effects.many import accounts_of_quantities
from accord.effects.quantities import Quantities
from accord.equilibrium import Equilibrium

__all__ = ["Accounts", "Key", "Table", "accounts_of"]


@dataclass(frozen=True)
class Accounts:
    """Amounts by measure, then by (region or lane, good). See conventions C47 for each measure.

    ``dissipated`` is the rent of limits that nobody earns (USD a year), a real cost.
    """

    tables: Mapping[str, Table]
    dissipated: float

    @cached_property
    def _totals(self) -> dict[str, dict[str, float]]:
        return {}

    def total(self, measure: str, region: str) -> float:
        """Return a measure summed over goods; 0 where the region has no entry."""
        if measure not in self._totals:
            totals: defaultdict[str, float] = defaultdict(float)
            for (where, _), amount in self.tables.get(measure, {}).items():
                totals[where] += amount
            self._totals[measure] = dict(totals)
        return self._totals[measure].get(region, 0.0)


class _OneByOne(Mapping[str, Table]):
    """The tables of the only draw there is, each made when it is asked for."""

    def __init__(self, columns: Mapping[str, Columns]) -> None:
        self._columns = columns
        self._known: dict[str, Table] = {}

    def __getitem__(self, measure: str) -> Table:
        if measure not in self._known:
            self._known[measure] = self._columns[measure].table(0)
        return self._known[measure]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def accounts_of(equilibrium: Equilibrium) -> Accounts:
    """Return all accounts of an equilibrium: those of many draws, of which it is the only one."""
    only = accounts_of_quantities(equilibrium.market, Quantities.of_one(equilibrium.state))
    return Accounts(_OneByOne(only.tables), float(only.dissipated[0]))
