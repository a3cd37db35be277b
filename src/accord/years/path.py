"""Years in a row without a deal and with it, each solved from what is known of its neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.equilibrium import Equilibrium, Universe, point_at, universe_of
from accord.equilibrium.arrays import Vector
from accord.errors import Fault, InputError
from accord.instruments import Term
from accord.market import Market
from accord.pack import Pack
from accord.pack.outlook import Case
from accord.years.drift import Drift
from accord.years.effects import YearEffects, compare_years
from accord.years.year import Part, Timed, YearEquilibrium, solve_part, year_markets


@dataclass(frozen=True)
class PathYear:
    """One year of a path: without the deal, with it, and what the deal changes in it."""

    year: int
    before: YearEquilibrium
    after: YearEquilibrium
    effects: YearEffects


@dataclass(frozen=True)
class Paths:
    """The years of a path. ``base_year`` is that of the levels it starts from."""

    base_year: int
    as_of: date
    case: Case
    years: tuple[PathYear, ...]

    @property
    def long_run(self) -> PathYear:
        """The last year: what the deal changes once it and the market have had their time."""
        return self.years[-1]

    def __repr__(self) -> str:
        """Answer first."""
        first, last = self.years[0].year, self.years[-1].year
        return f"<Paths {first}-{last} from levels of {self.base_year}, law known on {self.as_of}>"


@dataclass(frozen=True)
class Question:
    """What a path is asked about. ``first`` and ``last`` are years, both included.

    ``terms`` are the deal's, ``closure`` how trade is closed, ``case`` which growth is taken. Law
    enacted after ``as_of`` does not count; a term without a first day holds from ``as_of`` on.
    """

    pack: Pack
    as_of: date
    first: int
    last: int
    terms: tuple[Term, ...] = ()
    closure: str = "share"
    case: Case = "median"


def solve_paths(question: Question) -> Paths:
    """Return the years asked for, without the deal's terms and with them.

    Raises ``InputError`` for years that the pack has no outlook for, ``NoCertifiedAnswer`` naming
    the year that has no answer.
    """
    refuse_years(question)
    q, base_year = question, question.pack.default_year(question.as_of)
    calibration = q.pack.calibration(base_year)
    assert q.pack.outlook is not None  # noqa: S101 - refuse_years has looked
    drift = Drift(calibration, q.pack.outlook, q.as_of.year, q.case)
    timed = [_timed(q, drift, year) for year in range(q.first, q.last + 1)]
    reference = q.pack.under_law(calibration.market, q.as_of)
    universe = universe_of(reference, *_markets(timed))
    start = point_at(universe, calibration.producer_price, calibration.level)
    walk = _Walk(universe, q.closure, start)
    return Paths(base_year, q.as_of, q.case, tuple(walk.year(*pair) for pair in timed))


def dated(terms: Iterable[Term], as_of: date) -> tuple[Term, ...]:
    """Return the terms that do anything, those without a first day in force from ``as_of`` on."""
    return tuple(
        t if t.starts is not None else t.model_copy(update={"starts": as_of})
        for t in terms
        if t.kind != "unmodelled"
    )


def _timed(q: Question, drift: Drift, year: int) -> tuple[Timed, Timed]:
    """Return a year's regimes and markets, without the deal and with it, split alike."""
    known, market = q.pack.as_known_on(q.as_of), drift.market(year)
    terms = dated(q.terms, q.as_of)
    regimes = known.regimes(year, terms)
    return (
        year_markets(known, market, regimes),
        year_markets(known, market, regimes, terms),
    )


def _markets(timed: Iterable[tuple[Timed, Timed]]) -> list[Market]:
    """Return every market of a path once."""
    every = (market for pair in timed for side in pair for _, market in side)
    return list({id(market): market for market in every}.values())


@dataclass
class _Walk:
    """Goes from year to year. What the deal did to the unknowns a year ago is where to start."""

    universe: Universe
    closure: str
    near: Vector | None
    shift: Vector | None = None

    def year(self, without: Timed, with_deal: Timed) -> PathYear:
        """Solve one year without the deal and with it, regime by regime."""
        before: list[Part] = []
        after: list[Part] = []
        for (regime, plain), (_, dealt) in zip(without, with_deal, strict=True):
            first = self._again(before, plain) or solve_part(
                regime, plain, self.closure, self.universe, self.near
            )
            self.near = first.state.z
            same = first if dealt == plain else self._again(after, dealt)
            second = same or solve_part(
                regime, dealt, self.closure, self.universe, self._moved(first.state.z)
            )
            self.shift = second.state.z - first.state.z
            before.append(Part(regime, first))
            after.append(Part(regime, second))
        year = before[0].equilibrium.market.year
        pair = YearEquilibrium(year, tuple(before)), YearEquilibrium(year, tuple(after))
        return PathYear(year, *pair, compare_years(*pair))

    @staticmethod
    def _again(parts: list[Part], market: Market) -> Equilibrium | None:
        """Return the equilibrium of the days before where they had the same market."""
        if parts and parts[-1].equilibrium.market == market:
            return parts[-1].equilibrium
        return None

    def _moved(self, z: Vector) -> Vector:
        return z if self.shift is None else np.maximum(z + self.shift, 0.0)


USUAL_SPAN = 10
"""Years after the first that a fix proposes where nothing of what was asked can be kept."""


def refuse_years(question: Question) -> None:
    """Raise ``InputError`` for years before the levels of the day, or beyond the outlook."""
    outlook = question.pack.outlook
    name = question.pack.name
    if outlook is None:
        found = f"{question.first}-{question.last}, and a pack without an outlook"
        fix = "leave --years out, or add outlook/growth.csv to the pack"
        raise _fault(found, f"years only with a pack that has an outlook; {name} has none", fix)
    base = question.pack.default_year(question.as_of)
    if base + 1 < outlook.first:
        found = f"the day {question.as_of}: its levels are those of {base}"
        allowed = f"a day whose levels are those of {outlook.first - 1} or later"
        fix = f"use --as-of {outlook.first}-01-01 or later"
        raise _fault(found, allowed, fix)
    first, last = base + 1, outlook.horizon
    if first <= question.first <= question.last <= last:
        return
    found = f"{question.first}-{question.last}"
    ends = [min(max(year, first), last) for year in (question.first, question.last)]
    if question.last < first or question.first > last:
        ends = [first, min(first + USUAL_SPAN, last)]
    if question.first > question.last:
        allowed, fix = "the first year, then the last", "exchange the two"
    else:
        allowed = f"years from {first}, the first after the pack's levels of {base}, to {last}"
        fix = f"use --years {min(ends)}-{max(ends)}"
    raise _fault(found, allowed, fix)


def _fault(found: str, allowed: str, fix: str) -> InputError:
    return InputError([Fault("command line", found, allowed, fix, field="years")])
