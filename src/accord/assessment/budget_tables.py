"""Cuts of budgets as tidy rows and small tables."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment.budget_case import HORIZONS, SIZES, BudgetCase
from accord.assessment.part import Cell, Column, PartTable, RangeNote
from accord.budget import CutPath, PublicMoney
from accord.effects import Row
from accord.pack.budgets import CountedCuts

BN = 1e9
DOLLARS = "bn USD"


def rows(case: BudgetCase) -> tuple[Row, ...]:
    """Return every effect of every year (conventions: the measures of parts)."""
    found: list[Row] = []
    for path, money in zip(case.paths, case.money, strict=True):
        found += _spending(path)
        found += [] if money is None else _public(path, money)
    return tuple(found)


def range_notes(case: BudgetCase) -> tuple[RangeNote, ...]:
    """Return what the ranges of these rows are, and why rows have none."""
    titles = (case.pack.definitions[path.cut.level.definition].title for path in case.paths)
    named = " and ".join(dict.fromkeys(titles))
    one = f"not drawn: the pack has no spread for budgets ({named}), and the deal states the cut"
    public = "not drawn: the pack has no spread for it, and what is freed follows from the budget"
    found = {row.measure: one for path in case.paths for row in _spending(path)}
    found |= dict.fromkeys(("government_balance", "central_debt"), public)
    multipliers = "at the lowest and the highest multiplier of the pack, the middle one between"
    return (
        *(RangeNote(measure, says) for measure, says in found.items()),
        RangeNote("gdp_response", multipliers, ranged=True),
    )


def _spending(path: CutPath) -> Iterator[Row]:
    level = path.cut.level
    units = (
        ("military_spending", "USD/yr", 1.0),
        ("military_spending_ppp", "USD at PPP/yr", path.ppp_per_dollar),
        ("military_spending_local", f"{level.currency}/yr", path.local_per_dollar),
    )
    for measure, unit, size in units:
        if size is None:
            continue
        for i, year in enumerate(path.years):
            before, after = float(path.before[i]) * size, float(path.after[i]) * size
            yield Row(measure, level.country, None, year, before, after, unit)


def _public(path: CutPath, money: PublicMoney) -> Iterator[Row]:
    country, unit = path.cut.level.country, "fraction of GDP"
    for i, year in enumerate(path.years):
        freed, saved = float(money.freed[i]), float(money.saved[i])
        if money.balance is not None:
            after = money.balance + freed
            yield Row("government_balance", country, None, year, money.balance, after, unit)
        if money.debt is not None:
            after = money.debt - saved
            yield Row("central_debt", country, None, year, money.debt, after, unit)
        low, middle, high = sorted(float(x) for x in money.output[:, i])
        yield Row("gdp_response", country, None, year, 0.0, middle, unit, low, high)


def tables(case: BudgetCase) -> tuple[PartTable, ...]:
    """Return every table; the first is on the screen too."""
    return (
        _by_country(case),
        _by_year(case),
        _by_definition(case),
        _ratios(case),
        _public_money(case),
        _base_rates(case),
        _sides(case),
        _multipliers(case),
        _reactions(case),
    )


def _times(value: float | None, size: float | None) -> float | None:
    return None if value is None or size is None else value * size


def _by_country(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = []
    for path in case.paths:
        level, share = path.cut.level, path.cut.share
        local = _times(level.local, share / 1e12)
        lines.append(
            (
                case.pack.names[level.country], level.dollars / BN, level.dollars * share / BN,
                _times(level.ppp, share / BN),
                "" if local is None else f"{local:,.2f} trn {level.currency}",
                path.total / BN, path.years[-1],
            )
        )  # fmt: skip
    columns = (
        Column("country"), Column("budget", DOLLARS, 1), Column("freed a year", DOLLARS, 1),
        Column("at PPP", DOLLARS, 1), Column("in its currency"),
        Column("freed in all", DOLLARS, 1), Column("by"),
    )  # fmt: skip
    return PartTable("by_country", "What a cut frees", columns, tuple(lines))


def _by_year(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (
            path.cut.level.country, year, float(path.before[i]) / BN, float(path.after[i]) / BN,
            float(path.freed[i]) / BN, _times(path.ppp_per_dollar, float(path.freed[i]) / BN),
            _times(path.local_per_dollar, float(path.freed[i]) / BN), path.cut.level.currency,
        )
        for path in case.paths
        for i, year in enumerate(path.years)
    ]  # fmt: skip
    columns = (
        Column("country"), Column("year"), Column("without", DOLLARS, 1),
        Column("with", DOLLARS, 1), Column("freed", DOLLARS, 1), Column("freed at PPP", DOLLARS, 1),
        Column("freed, local", "bn", 1), Column("currency"),
    )  # fmt: skip
    notes = ("In money of the base year: the budget without a cut stays at its level.",)
    return PartTable("by_year", "Year by year", columns, tuple(lines), notes)


def _by_definition(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (
            cut.level.country, cut.level.year, case.pack.definitions[level.definition].title,
            level.dollars / BN, level.dollars * cut.share / BN,
            _times(level.ppp, cut.share / BN), level.source, level.status,
        )
        for cut in case.cuts
        for level in case.levels(cut)
    ]  # fmt: skip
    columns = (
        Column("country"), Column("year"), Column("definition"), Column("budget", DOLLARS, 1),
        Column("freed a year", DOLLARS, 1), Column("at PPP", DOLLARS, 1), Column("source"),
        Column("status"),
    )  # fmt: skip
    used = {level.definition for cut in case.cuts for level in case.levels(cut)}
    notes = tuple(f"{x.title}: {x.says}." for x in case.pack.definitions.values() if x.id in used)
    heading = "The same cut under every definition of the budget"
    return PartTable("by_definition", heading, columns, tuple(lines), notes)


def _ratios(case: BudgetCase) -> PartTable:
    """Return each budget over the smallest, where a definition has more than one of them."""
    lines: list[tuple[Cell, ...]] = []
    for definition in case.pack.definitions.values():
        levels = [x for cut in case.cuts for x in case.levels(cut) if x.definition == definition.id]
        ordered = sorted(levels, key=lambda x: -x.dollars)
        for level in ordered[:-1]:
            last = ordered[-1]
            ppp = None if level.ppp is None or not last.ppp else level.ppp / last.ppp
            ratio = level.dollars / last.dollars if last.dollars else None
            lines.append((definition.title, level.country, last.country, ratio, ppp))
    columns = (Column("definition"), Column("budget of"), Column("over that of"),
               Column("in dollars", "to 1", 1), Column("at PPP", "to 1", 1))  # fmt: skip
    return PartTable("ratios", "How the budgets compare", columns, tuple(lines))


def _public_money(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = []
    for path, money in zip(case.paths, case.money, strict=True):
        if money is None:
            continue
        low, middle, high = sorted(100.0 * float(x) for x in money.output[:, -1])
        freed, saved = 100.0 * float(money.freed[-1]), 100.0 * float(money.saved[-1])
        lines.append(
            (
                path.cut.level.country, path.years[-1], freed, _times(money.balance, 100.0),
                money.balance_year, _times(money.debt, 100.0), money.debt_year, saved,
                low, middle, high,
            )
        )  # fmt: skip
    percent = "% of GDP"
    columns = (
        Column("country"), Column("year"), Column("freed a year", percent, 2),
        Column("balance", percent, 2), Column("of"), Column("debt", percent, 1), Column("of year"),
        Column("saved by then", percent, 2), Column("output, low", "%", 2),
        Column("middle", "%", 2), Column("high", "%", 2),
    )  # fmt: skip
    notes = (
        "Balance: revenue less expense, before investment; debt: of the central government.",
        "Output: lowest, median and highest multiplier of the literature below (not percentiles).",
    )
    heading = "Beside the balance, debt and output"
    return PartTable("public_money", heading, columns, tuple(lines), notes)


def _base_rates(case: BudgetCase) -> PartTable:
    asked = {(cut.share, cut.years) for cut in case.cuts}
    own = sorted({(size, h) for size in SIZES for h in HORIZONS} | asked)
    cited = sorted(case.pack.base_rates, key=lambda x: (x.horizon, x.minimum))
    counted = [case.counted(size, horizon) for size, horizon in own]
    lines = [
        *(_counted("SIPRI, constant dollars (cited)", x) for x in cited),
        *(_counted("World Bank, share of GDP at constant prices", x) for x in counted if x),
    ]
    columns = (
        Column("series"), Column("from"), Column("to"), Column("fell by", "%", 0),
        Column("within years"),
        Column("spending over", "bn USD of 2023", 0), Column("country-years"), Column("of them"),
        Column("share", "%", 2), Column("largest fall", "%", 0), Column("where"),
    )  # fmt: skip
    notes = (
        "A country-year counts if spending was at least the minimum and there is a later figure.",
        "SIPRI: deflated, then turned at one exchange rate; the series may not ship, so cited.",
        "World Bank: the pack's own history, a share of GDP times GDP at constant prices.",
    )
    heading = "How often military spending fell so far"
    return PartTable("base_rates", heading, columns, tuple(lines), notes)


def _counted(series: str, x: CountedCuts) -> tuple[Cell, ...]:
    return (
        series, x.first, x.last, 100.0 * x.cut, x.horizon, x.minimum, x.observed, x.cuts,
        100.0 * x.cuts / x.observed, 100.0 * x.largest, x.where,
    )  # fmt: skip


def _sides(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (
            " and ".join(side.who), side.freed / BN, _times(side.freed_ppp, 1.0 / BN), country,
            side.left[i] / BN, side.low[i] / BN, side.high[i] / BN,
        )
        for side in case.sides
        for i, country in enumerate(side.countries)
    ]  # fmt: skip
    columns = (
        Column("who cuts"), Column("freed a year", DOLLARS, 1), Column("at PPP", DOLLARS, 1),
        Column("country"), Column("then has", DOLLARS, 1), Column("low", DOLLARS, 1),
        Column("high", DOLLARS, 1),
    )  # fmt: skip
    low, high = case.elasticity.low, case.elasticity.high
    ends = f"from {low:g} to {high:g} per cent for each per cent by which the others' sum changes"
    notes = (f"Low and high: those who do not cut answer by {ends}; in the middle not at all.",)
    heading = "One side, two sides, all"
    return PartTable("sides", heading, columns, tuple(lines), notes)


def _multipliers(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (x.study, x.concept, x.low, x.high, "yes" if x.national else "no", x.status, x.note)
        for x in case.pack.multipliers
    ]
    columns = (Column("study"), Column("concept"), Column("low", "", 1), Column("high", "", 1),
               Column("used"), Column("status"), Column("note"))  # fmt: skip
    heading = "What the literature says a dollar adds to output"
    return PartTable("multipliers", heading, columns, tuple(lines))


def _reactions(case: BudgetCase) -> PartTable:
    lines: list[tuple[Cell, ...]] = [
        (x.subject, x.rival, x.value, x.standard_error, x.status) for x in case.pack.reactions
    ]
    columns = (Column("spending of"), Column("on that of"), Column("coefficient", "", 3),
               Column("standard error", "", 3), Column("status"))  # fmt: skip
    heading = "Does one state's spending follow another's?"
    found = [abs(x.value) / x.standard_error for x in case.pack.reactions if x.standard_error]
    far = f"The largest is {max(found, default=0.0):.1f} standard errors from zero."
    notes = (f"Growth of spending on last year's growth of the rival's. {far}",)
    return PartTable("reactions", heading, columns, tuple(lines), notes)
