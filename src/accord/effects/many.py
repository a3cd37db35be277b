"""Who gets and who pays what, in many draws at once: the accounts that welfare is the sum of.

``accounts_of`` is this for one equilibrium. An amount or a flow that a draw has not is 0; a price
or a rate that it has not is NaN (conventions C14). What no draw has is no column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.effects.books import Books, Tables
from accord.effects.chart import ChartOfAccounts
from accord.effects.columns import Columns, Table
from accord.effects.measures import MEASURE_BY_NAME, MEASURES
from accord.effects.quantities import Quantities
from accord.equilibrium.arrays import Vector
from accord.equilibrium.many_state import ManyState
from accord.market import Market


@dataclass(frozen=True, eq=False)
class ManyAccounts:
    """Amounts by measure, then by key: see ``Columns``, and conventions C47 for each measure.

    ``tables``  of an equilibrium work a measure out when it is asked for, and hold its quantities
    ``dissipated`` is the rent of limits that nobody earns (D,), USD a year, a real cost.
    """

    tables: Mapping[str, Columns]
    dissipated: Vector

    @property
    def count(self) -> int:
        """Number of draws D."""
        return len(self.dissipated)

    def tables_of(self, draw: int) -> dict[str, Table]:
        """Return one draw's tables; a price or a rate that it has not is left out."""
        return {measure: columns.table(draw) for measure, columns in self.tables.items()}

    def of(self, measure: str, region: str, good: str | None = None) -> Vector | None:
        """Return one amount over the draws (D,), or ``None`` where no draw has it."""
        return self.tables[measure].of((region, good))


def absent(measure: str) -> float:
    """Return what stands where a draw has no entry: 0 for amounts and flows, NaN otherwise."""
    has_zero = MEASURE_BY_NAME[measure].additive or measure == "flow"
    return 0.0 if has_zero else float("nan")


def joined(parts: Sequence[ManyAccounts]) -> ManyAccounts:
    """Return the draws of several parts, one part after the other."""
    tables: dict[str, Columns] = {}
    for measure in MEASURES:
        found = [part.tables[measure.name] for part in parts]
        keys = tuple(dict.fromkeys(key for columns in found for key in columns.keys))
        filled = [columns.filled(keys, absent(measure.name)) for columns in found]
        tables[measure.name] = Columns(keys, np.concatenate(filled))
    return ManyAccounts(tables, np.concatenate([part.dissipated for part in parts]))


def accounts_of_many(market: Market, state: ManyState) -> ManyAccounts:
    """Return the accounts of D solved draws of a market (see ``ManyState``).

    ``market`` is what all draws share: its law, hubs, users, power and emissions per unit.
    """
    return accounts_on(ChartOfAccounts(market, state.stack.base), state)


def accounts_on(chart: ChartOfAccounts, state: ManyState) -> ManyAccounts:
    """Return the accounts of D solved draws of a market whose chart of accounts is there."""
    return _accounts(chart, Quantities.of_many(state))


def accounts_of_quantities(market: Market, q: Quantities) -> ManyAccounts:
    """Return the accounts of one equilibrium or of many."""
    return _accounts(ChartOfAccounts(market, q.base), q)


def _accounts(chart: ChartOfAccounts, q: Quantities) -> ManyAccounts:
    books = Books(chart, q)
    return ManyAccounts(Tables(books), books.rents[1])
