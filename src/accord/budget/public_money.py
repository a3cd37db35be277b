"""What a cut frees, beside a state's balance, debt and output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.budget.cut import CutPath, Vector
from accord.budget.multiplier import MultiplierRange
from accord.pack.budgets import BudgetPack


@dataclass(frozen=True, slots=True)
class PublicMoney:
    """A state's money while a budget is cut; fractions of GDP, arrays with one entry a year.

    ``freed``    what is not spent;  ``saved`` all of it so far
    ``balance``  revenue less expense of the last year with both, before investment, and that year
    ``debt``     central government debt of the last year that has it, and that year
    ``output``   change of GDP in each year at the low, middle and high multiplier, if what is freed
                 is not spent on anything else (rows: low, middle, high)
    """

    country: str
    gdp: float
    freed: Vector
    saved: Vector
    balance: float | None
    balance_year: int | None
    debt: float | None
    debt_year: int | None
    output: Vector


def public_money(
    pack: BudgetPack, path: CutPath, multiplier: MultiplierRange
) -> PublicMoney | None:
    """Return a cut as shares of GDP of its base year; ``None`` where that GDP is not known."""
    level = path.cut.level
    gdp = pack.value(level.country, level.year, "gdp")
    if not gdp:
        return None
    freed = path.freed / gdp
    sizes = np.array([[multiplier.low], [multiplier.middle], [multiplier.high]])
    balance, balance_year = _balance(pack, level.country, level.year)
    debt, debt_year = _last(pack, level.country, level.year, "debt")
    return PublicMoney(
        country=level.country,
        gdp=gdp,
        freed=freed,
        saved=np.cumsum(freed),
        balance=balance,
        balance_year=balance_year,
        debt=debt,
        debt_year=debt_year,
        output=0.0 - sizes * freed,  # a multiplier of 0 takes 0, not −0
    )


def _last(pack: BudgetPack, country: str, year: int, item: str) -> tuple[float | None, int | None]:
    """Return the last value up to a year, and its year."""
    years = [y for c, y, i in pack.figures if (c, i) == (country, item) and y <= year]
    return (pack.value(country, max(years), item), max(years)) if years else (None, None)


def _balance(pack: BudgetPack, country: str, year: int) -> tuple[float | None, int | None]:
    for past in range(year, min(pack.years) - 1, -1):
        revenue = pack.value(country, past, "revenue")
        expense = pack.value(country, past, "expense")
        if revenue is not None and expense is not None:
            return revenue - expense, past
    return None, None
