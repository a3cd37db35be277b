"""A cut of military budgets: by how much, by when, of which definition of the budget."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import PlainValidator

from accord import units
from accord.instruments.domain_term import DomainTerm
from accord.instruments.fields import Codes, Slug, about
from accord.instruments.problem import FieldError, Problem, shown

LONGEST = 30
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _part(value: object) -> float:
    part = units.parse(value, units.SHARE)
    if 0.0 < part <= 1.0:
        return part
    fix = 'write "50 %" for a cut by half'
    if part > 1.0:
        fix = "nothing is left after a cut of 100 %; check the decimal point"
    elif part < 0.0:
        fix = f'write "{str(value).strip().lstrip("-−")}" for a cut; a rise is no cut'
    raise FieldError(shown(value), "more than 0 % and at most 100 %", fix)


def _whole(value: object, allowed: str, example: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise FieldError(shown(value), allowed, f"write for example {example}")


def _years(value: object) -> int:
    allowed = f"whole years, 1 to {LONGEST}"
    years = _whole(value, allowed, "5")
    if 1 <= years <= LONGEST:
        return years
    fix = f"write {-years}" if -LONGEST <= years < 0 else "write 1 for all of it in the first year"
    raise FieldError(
        shown(value), allowed, fix if years < 1 else "check the number: it is in years"
    )


def _year(value: object) -> int:
    allowed = "a year with four digits"
    year = _whole(value, allowed, "2024")
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year
    raise FieldError(shown(value), allowed, "write for example 2024")


class BudgetCut(DomainTerm):
    """Cuts the military budgets of ``countries`` by the fraction ``cut`` in ``years`` equal steps.

    The level cut from is that of ``base_year`` (without it the last full year that the pack has
    for all of them) under ``definition``. The first step falls in the year of ``from``, without it
    in the year after the base year.
    """

    domain: ClassVar[str] = "budget"

    kind: str = "budget_cut"
    countries: Codes = about("countries, as codes of ISO 3166 alpha-3", '["USA", "RUS"]')
    cut: Annotated[float, PlainValidator(_part)] = about("more than 0 %, at most 100 %", '"50 %"')
    years: Annotated[int, PlainValidator(_years)] = about(
        f"whole years until all of it is cut, 1 to {LONGEST}", "5", 1
    )
    definition: Slug = about("a definition of the budget, as the pack names it", '"sipri"', "wdi")
    base_year: Annotated[int, PlainValidator(_year)] | None = about(
        "the year whose budget is cut", "2024", None
    )

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.starts is not None and self.base_year is not None:
            first = self.starts.year
            if first <= self.base_year:
                found = f"{self.base_year}, and from = {self.starts}"
                fix = f"write base_year = {first - 1}, or a later from"
                allowed = "a base year before the first year of the cut"
                problems.append(Problem(("base_year",), found, allowed, fix, ("from",)))
        if self.until is not None:
            fix = "take until out; years says how long the cut takes"
            problems.append(Problem(("until",), f"{self.until}", "no end: a cut stays", fix))
        return problems
