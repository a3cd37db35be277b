"""Cuts of budgets in one line, to stand beside other offers."""

from __future__ import annotations

from accord.assessment import words
from accord.assessment.budget_case import BudgetCase
from accord.assessment.budget_words import place
from accord.assessment.part import Amount, Summary
from accord.budget import CutPath
from accord.instruments.problem import listed


def summary(case: BudgetCase) -> Summary:
    """Return what is freed a year once all is cut. Nothing physical follows from a budget."""
    money = tuple(_freed(case, path) for path in case.paths)
    last = max(path.years[-1] for path in case.paths)
    return Summary(
        name="Defence budgets",
        quantities=(),
        money=money,
        money_is=("budget freed a year", "freed/yr"),
        shown=max((x for x in money if x.low is not None), key=lambda x: x.value, default=None),
        year=last,
        when=f"from {last} on",
        needs=(_who(case), *_rarity(case)),
    )


def _freed(case: BudgetCase, path: CutPath) -> Amount:
    level, share = path.cut.level, path.cut.share
    known = [x.dollars * share for x in case.levels(path.cut)]
    low, high = (min(known), max(known)) if len(known) > 1 else (None, None)
    return Amount(
        "budget freed", level.dollars * share, "USD/yr", level.country, "", low, high,
        "definitions of the budget",
    )  # fmt: skip


def _who(case: BudgetCase) -> str:
    who = list(dict.fromkeys(place(case, path) for path in case.paths))
    sizes = listed([f"{x:g} %" for x in dict.fromkeys(100.0 * c.share for c in case.cuts)], "and")
    return f"cuts of {sizes} by {listed(who, 'and')}"


def _rarity(case: BudgetCase) -> tuple[str, ...]:
    cut = max(case.cuts, key=lambda c: c.level.dollars)
    cited = case.cited(cut.years)
    found = cited if cited and cited.cut == cut.share else case.counted(cut.share, cut.years)
    if found is None:
        return ()
    part = words.percent(100.0 * found.cuts / found.observed)
    within = f"within {found.horizon} {'year' if found.horizon == 1 else 'years'}"
    return (f"what {part} of large spenders' country-years saw, a fall so large {within}",)
