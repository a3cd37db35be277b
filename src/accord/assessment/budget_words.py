"""What cuts of budgets come to, in sentences made from the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from accord.assessment import words
from accord.assessment.budget_case import BudgetCase
from accord.budget import Cut, CutPath, PublicMoney
from accord.instruments.problem import listed
from accord.pack.budgets import CountedCuts

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def headline(case: BudgetCase) -> str:
    """Return what is freed once all is cut, and how the parties compare."""
    freed = [
        f"{billions(p.cut.level.dollars * p.cut.share)} a year in {place(case, p)}"
        for p in case.paths
    ]
    said = f"{_what(case)} frees, once all of it is made, {listed(freed, 'and')}"
    ratios = _ratios(case)
    return f"{said}{f': {ratios}' if ratios else ''}."


def _what(case: BudgetCase) -> str:
    """Return what is cut: "A cut of 50 % of the budgets of 2024 (SIPRI)"."""
    cuts = case.cuts
    sizes = list(dict.fromkeys(f"{100.0 * cut.share:g} %" for cut in cuts))
    years = list(dict.fromkeys(str(cut.level.year) for cut in cuts))
    titles = list(dict.fromkeys(title(case, cut) for cut in cuts))
    noun = "budgets" if len(cuts) > 1 else "budget"
    defence = f"the defence {noun} of {listed(years, 'and')} ({listed(titles, 'and')})"
    return f"A cut of {listed(sizes, 'and')} of {defence}"


def title(case: BudgetCase, cut: Cut) -> str:
    """Return the name of the definition of the budget that is cut."""
    return case.pack.definitions[cut.level.definition].title


def place(case: BudgetCase, path: CutPath) -> str:
    """Return a country's name as a sentence has it."""
    return words.place(case.pack.names[path.cut.level.country])


def billions(dollars: float) -> str:
    """Return dollars in bn USD with one digit after the point, rounded as people round."""
    return f"{words.half_up(dollars / 1e9, 1):,.1f} bn USD"


def _ratios(case: BudgetCase) -> str:
    """Return how the first two cuts compare in dollars and at purchasing power."""
    if len(case.paths) < 2:  # noqa: PLR2004 - it takes two
        return ""
    ordered = sorted(case.paths, key=lambda p: -p.total)[:2]
    first, second = (p.cut.level.dollars * p.cut.share for p in ordered)
    ppp = [p.ppp_per_dollar for p in ordered]
    if not second:
        return ""
    who = ", ".join(place(case, p) for p in ordered)
    lead = f"{who.replace(', ', ' to ', 1)} " if len(case.paths) > 2 else ""  # noqa: PLR2004
    said = f"{lead}{first / second:.1f} to 1 in dollars"
    if ppp[0] is not None and ppp[1] is not None:
        said += f", {first * ppp[0] / (second * ppp[1]):.1f} to 1 at purchasing power"
    return said


def because(case: BudgetCase) -> tuple[str, ...]:
    """Return what a reader should know beside the amounts, most telling first."""
    return (
        *_base_rates(case),
        *(_money(case, p, m) for p, m in zip(case.paths, case.money, strict=True) if m),
        _definitions(case),
        *_sides(case),
    )


def _base_rates(case: BudgetCase) -> list[str]:
    """Return how often such a cut happened: the cited count, and the pack's own beside it."""
    cut = max(case.cuts, key=lambda c: c.level.dollars)
    cited, own = case.cited(cut.years), case.counted(cut.share, cut.years)
    said: list[str] = []
    if cited is not None:
        said.append(f"{counted(cited)} in SIPRI's series ({cited.first}–{cited.last})")
    if own is not None:
        source = f"by the World Bank's shares of GDP (from {own.first})"
        lead = f"{own.cuts} of {own.observed:,}" if cited is not None and _alike(cited, own) else ""
        said.append(f"{lead or counted(own)} {source}")
    return [f"{'; '.join(said)}."] if said else []


def _alike(one: CountedCuts, other: CountedCuts) -> bool:
    return (one.cut, one.horizon, one.minimum) == (other.cut, other.horizon, other.minimum)


def counted(row: CountedCuts) -> str:
    """Return a base rate: what was counted, how many of how many."""
    years = NUMBERS[row.horizon] if row.horizon < len(NUMBERS) else str(row.horizon)
    within = "year" if row.horizon == 1 else "years"
    half = "A halving" if row.cut == 0.5 else f"A fall by {100.0 * row.cut:g} %"  # noqa: PLR2004
    return (
        f"{half} within {years} {within} by a state that spends over {row.minimum:g} bn USD: "
        f"{row.cuts} of {row.observed:,} country-years"
    )


def _money(case: BudgetCase, path: CutPath, money: PublicMoney) -> str:
    share = 100.0 * float(money.freed[-1])
    said = f"In {place(case, path)} that is {share:.1f} % of GDP a year"
    if money.balance is not None:
        kind = "a deficit" if money.balance < 0.0 else "a surplus"
        size = 100.0 * abs(money.balance)
        said += f", against {kind} of {size:.1f} % in {money.balance_year}"
    if money.debt is not None:
        saved = 100.0 * float(money.saved[-1])
        debt = f"of {100.0 * money.debt:.0f} %"
        said += f" and, by {path.years[-1]}, {saved:.1f} % of GDP off a debt {debt}"
    low, _, high = (100.0 * abs(float(x)) for x in money.output[:, -1])
    return f"{said}; output is {low:.1f} to {high:.1f} % lower if nothing is spent instead."


def _definitions(case: BudgetCase) -> str:
    """Return how far definitions of the largest budget lie apart."""
    spans = [
        f"{billions(min(known))} to {billions(max(known))} in {place(case, path)}"
        for path in case.paths
        if len(known := [x.dollars * path.cut.share for x in case.levels(path.cut)]) > 1
    ]
    if not spans:
        return "Only one definition of these budgets is in the pack."
    return f"What is freed depends on what counts as the budget: {listed(spans, 'and')}."


def _sides(case: BudgetCase) -> Sequence[str]:
    alone = [side for side in case.sides if len(side.who) < len(side.countries)]
    if not alone:
        return ()
    low, high = (f"{x:+g}".replace("-", words.MINUS) for x in _ends(case))
    said = "Whether others answer a cut is not known: studies of rivals find no race in budgets."
    given = f"{low} to {high} % for each per cent, zero in the middle"
    return (f"{said} Who does not cut is given a response of {given}.",)


def _ends(case: BudgetCase) -> tuple[float, float]:
    return case.elasticity.low, case.elasticity.high
