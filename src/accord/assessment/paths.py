"""The path of an answer: its years without the deal and with it, certified year by year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from accord.assessment.path_notes import PathNotes
from accord.deal import Deal
from accord.errors import Fault, InputError, NoCertifiedAnswer
from accord.pack import Pack
from accord.pack.outlook import Case, Growth
from accord.years import Paths, PathYear, Question, refuse_years, solve_paths

NO_RANGES = "not drawn: draws are of the one year of the answer; years have medians"
SPAN = re.compile(r"(\d{4})-(\d{4})")
Years = tuple[int, int]


@dataclass(frozen=True, slots=True)
class YearCheck:
    """The certificate of one year: the worst over its regimes, both sides, and the identity."""

    year: int
    market_clearing: float
    complementarity: float
    mass_balance: float
    welfare_identity: float
    steps: int


@dataclass(frozen=True)
class PathAnswer:
    """The years of an answer. ``slow`` and ``fast`` are the last year at low and high growth.

    ``growth`` are the rows of the outlook that all three rest on. ``assumptions`` and
    ``not_modelled`` are what the path adds to those of the answer: what is said, and what it
    matters for or why.
    """

    paths: Paths
    slow: PathYear
    fast: PathYear
    checks: tuple[YearCheck, ...]
    growth: tuple[Growth, ...]
    assumptions: tuple[tuple[str, str], ...]
    not_modelled: tuple[tuple[str, str], ...]

    @property
    def worst(self) -> YearCheck:
        """The worst of each number over all years; the year is that of the welfare identity."""
        return YearCheck(
            year=max(self.checks, key=lambda c: c.welfare_identity).year,
            market_clearing=max(c.market_clearing for c in self.checks),
            complementarity=max(c.complementarity for c in self.checks),
            mass_balance=max(c.mass_balance for c in self.checks),
            welfare_identity=max(c.welfare_identity for c in self.checks),
            steps=sum(c.steps for c in self.checks),
        )


def parse_years(text: str) -> Years:
    """Read ``2025-2035``. Raises ``InputError`` for anything else, or years that run backwards."""
    match = SPAN.fullmatch(text.strip())
    allowed = "two years with a hyphen between, the earlier one first"
    if match is None:
        year = re.fullmatch(r"\d{4}", text.strip())
        fix = f"write --years {text.strip()}-{int(year[0]) + 10}" if year else "write 2025-2035"
        raise _fault(f'"{text}"', allowed, fix)
    first, last = int(match[1]), int(match[2])
    if first > last:
        raise _fault(f'"{text}"', allowed, f"exchange the two: --years {last}-{first}")
    return first, last


def _fault(found: str, allowed: str, fix: str) -> InputError:
    return InputError([Fault("command line", found, allowed, fix, field="years")])


@dataclass(frozen=True)
class PathQuestion:
    """What is asked of a path: a deal under its variant, a day, a closure and years."""

    deal: Deal
    pack: Pack
    as_of: date
    closure: str
    years: Years
    tolerance: float

    def refuse(self) -> None:
        """Raise ``InputError`` for years that the pack cannot answer."""
        refuse_years(self._asked("median", *self.years))

    def never_begun(self) -> tuple[str, ...]:
        """Return which terms begin only after the last year, so that the years lack them."""
        last = self.years[1]
        return tuple(
            f"{term.id} begins on {term.begins}, after {last}: the years asked for are without it, "
            "the answer above them counts it as if in force in full."
            for term in self.deal.terms
            if term.domain == "market" and term.begins is not None and term.begins.year > last
        )

    def answer(self) -> PathAnswer:
        """Return the path. Raises ``NoCertifiedAnswer`` naming the year that has none."""
        first, last = self.years
        paths = solve_paths(self._asked("median", first, last))
        ends = [solve_paths(self._asked(case, last, last)).long_run for case in ("low", "high")]
        for year in (*paths.years, *ends):
            self._refuse_uncertified(year)
        notes = PathNotes(self.pack, paths)
        return PathAnswer(
            paths=paths,
            slow=ends[0],
            fast=ends[1],
            checks=tuple(_check(year) for year in paths.years),
            growth=() if self.pack.outlook is None else self.pack.outlook.growth,
            assumptions=tuple(notes.assumptions()),
            not_modelled=tuple(notes.not_modelled()),
        )

    def _asked(self, case: Case, first: int, last: int) -> Question:
        # What is not about the market cuts no year into regimes.
        terms = tuple(t for t in self.deal.terms if t.domain in {"market", ""})
        return Question(self.pack, self.as_of, first, last, terms, self.closure, case)

    def _refuse_uncertified(self, year: PathYear) -> None:
        effects = year.effects
        if effects.welfare_identity <= self.tolerance:
            return
        raise NoCertifiedAnswer(
            f"{year.year}: the two computations of the change of welfare differ by "
            f"{effects.welfare_identity:.1e} of the gross change (allowed {self.tolerance:.0e})",
            "ask for fewer years, or apply the deal's terms one by one",
        )


def _check(year: PathYear) -> YearCheck:
    both = year.before.certificate, year.after.certificate
    return YearCheck(
        year=year.year,
        market_clearing=max(c.market_clearing for c in both),
        complementarity=max(c.complementarity for c in both),
        mass_balance=max(c.mass_balance for c in both),
        welfare_identity=year.effects.welfare_identity,
        steps=sum(c.steps for c in both) + year.effects.path.solves,
    )
