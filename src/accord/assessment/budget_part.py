"""The answer to terms about public budgets: their faults, and the part of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from accord.assessment import budget_tables, budget_words
from accord.assessment.budget_case import BudgetCase
from accord.assessment.budget_summary import summary
from accord.assessment.part import Part, PartCheck, PartSource
from accord.assessment.parts import Wrong
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.budget import Cut, Level, NoLevel, level_of, total_in_closed_form, years_known
from accord.deal import Deal
from accord.instruments import Term
from accord.instruments.budget_cut import BudgetCut
from accord.instruments.countries import code_for, country_names
from accord.instruments.problem import Problem, listed, nearest
from accord.pack import Pack
from accord.pack.budgets import BudgetPack
from accord.pack.read_budgets import load_budgets

ROUNDING = 1e-12
"""Relative: what adding up a few numbers may lose."""


def faults(terms: Sequence[Term], deal: Deal, as_of: date) -> list[Wrong]:
    """Return unknown countries, definitions and years, missing rates, budgets cut twice."""
    del deal
    question = _Question(_cuts_of(terms), as_of)
    return [*question.faults(), *question.twice()]


def answer(terms: Sequence[Term], deal: Deal, as_of: date, market: Pack | None = None) -> Part:
    """Return what the cuts of a deal come to. ``faults`` has been asked before."""
    del market
    question = _Question(_cuts_of(terms), as_of)
    case = question.case(deal)
    pack = question.pack
    return Part(
        id="budget",
        title="Defence budgets",
        headline=budget_words.headline(case),
        because=budget_words.because(case),
        rows=budget_tables.rows(case),
        tables=budget_tables.tables(case),
        assumptions=_assumptions(case),
        sources=tuple(
            PartSource(x.id, x.title, x.publisher, x.year, x.licence, x.url, x.note)
            for x in pack.sources
        ),
        not_modelled=tuple(NotModelled(pack.name, x.what, x.why) for x in pack.not_modelled),
        checks=_checks(case),
        packs=(Reference(pack.name, pack.version, pack.digest),),
        summary=summary(case),
        range_notes=budget_tables.range_notes(case),
    )


def _cuts_of(terms: Sequence[Term]) -> tuple[BudgetCut, ...]:
    return tuple(term for term in terms if isinstance(term, BudgetCut))


@cache
def _shipped() -> BudgetPack:
    """Return the pack that ships: looking for faults and answering need not read it twice."""
    return load_budgets()


@dataclass(frozen=True)
class _Question:
    terms: tuple[BudgetCut, ...]
    as_of: date

    @property
    def pack(self) -> BudgetPack:
        return _shipped()

    def case(self, deal: Deal) -> BudgetCase:
        """Return all cuts with their levels, and the parties beside them that cut nothing."""
        cuts = tuple(
            self._cut(term, country, year)
            for term in self.terms
            if (year := self._base_year(term)) is not None
            for country in term.countries
        )
        return BudgetCase(self.pack, cuts, tuple(self._beside(deal, cuts)), self.as_of)

    def _cut(self, term: BudgetCut, country: str, year: int) -> Cut:
        level = level_of(self.pack, term.definition, country, year)
        start = year + 1 if term.starts is None else term.starts.year
        return Cut(term.id, level, term.cut, term.years, start)

    def _beside(self, deal: Deal, cuts: Sequence[Cut]) -> Iterator[Level]:
        """Yield the budgets of parties that cut nothing, under the first term's definition."""
        first = cuts[0].level
        there = {cut.level.country for cut in cuts}
        codes = dict.fromkeys(p.country or p.code or "" for p in deal.parties)
        for code in codes:
            if code in there or code not in self.pack.names:
                continue
            try:
                yield level_of(self.pack, first.definition, code, first.year)
            except NoLevel:
                continue

    def _base_year(self, term: BudgetCut) -> int | None:
        """Return the year whose budgets are cut: the last full one with a level for all."""
        if term.base_year is not None:
            return term.base_year
        common = self._usable(term.definition, term.countries[0])
        for country in term.countries[1:]:
            common &= self._usable(term.definition, country)
        limit = self.as_of.year if term.starts is None else min(self.as_of.year, term.starts.year)
        return max((year for year in common if year < limit), default=None)

    def _usable(self, definition: str, country: str) -> set[int]:
        """Return the years in which a budget can be told in dollars."""
        found: set[int] = set()
        for year in years_known(self.pack, definition, country):
            try:
                level_of(self.pack, definition, country, year)
            except NoLevel:
                continue
            found.add(year)
        return found

    def faults(self) -> Iterator[Wrong]:
        """Yield what is wrong with each term."""
        for term in self.terms:
            problems = [*self._unknown_countries(term), *self._unknown_definition(term)]
            for problem in problems or [*self._without_level(term)]:
                yield term.id, problem

    def twice(self) -> Iterator[Wrong]:
        """Yield budgets that two terms cut."""
        first: dict[str, str] = {}
        for term in self.terms:
            for place, country in enumerate(term.countries):
                other = first.setdefault(country, term.id)
                if other != term.id:
                    found = f'"{country}", whose budget "{other}" cuts too'
                    fix = f"take {country} out of one of the two"
                    problem = Problem(("countries", place), found, "one cut for a budget", fix)
                    yield term.id, problem

    def _unknown_countries(self, term: BudgetCut) -> Iterator[Problem]:
        names = country_names()
        for place, code in enumerate(term.countries):
            if code in self.pack.names:
                continue
            likely = code_for(code)
            likely = likely if likely in self.pack.names and likely != code else None
            fix = f'write "{likely}" ({names[likely]})' if likely else "leave the country out"
            found = f'"{code}", of whose military spending the pack {self.pack.name} has nothing'
            if code not in names:
                found = f'the unknown country "{code}"'
            allowed = f"one of the {len(self.pack.names)} countries of `accord pack show budgets`"
            yield Problem(("countries", place), found, allowed, fix)

    def _unknown_definition(self, term: BudgetCut) -> Iterator[Problem]:
        known = self.pack.definitions
        if term.definition not in known:
            likely = nearest(term.definition, known)
            fix = f'write "{likely}"' if likely else 'write "wdi", which all countries have'
            found = f'the unknown definition "{term.definition}"'
            yield Problem(("definition",), found, listed(list(known)), fix)

    def _without_level(self, term: BudgetCut) -> Iterator[Problem]:
        """Yield countries without a figure under the definition, or without a rate for the year."""
        for place, country in enumerate(term.countries):
            years = sorted(self._usable(term.definition, country))
            if not years and not years_known(self.pack, term.definition, country):
                found = f'"{country}", of which there is no figure under "{term.definition}"'
                others = [d for d in self.pack.definitions if self._usable(d, country)]
                fix = f'write definition = "{others[0]}" for it, or leave it out'
                allowed = f"for {country} one of the definitions {listed(others)}"
                yield Problem(("countries", place), found, allowed, fix, ("definition",))
            elif term.base_year is not None:
                yield from self._base_year_problem(term, country, years)
        if term.base_year is None and self._base_year(term) is None:
            yield from self._no_common_year(term)

    def _base_year_problem(
        self, term: BudgetCut, country: str, years: Sequence[int]
    ) -> Iterator[Problem]:
        try:
            level_of(self.pack, term.definition, country, term.base_year or 0)
        except NoLevel as missing:
            fix = f"write base_year = {years[-1]}" if years else 'write definition = "wdi"'
            allowed = f"for {country}: {listed([str(y) for y in years]) or 'another definition'}"
            found = f"{term.base_year}: {missing}"
            yield Problem(("base_year",), found, allowed, fix, ("countries", "definition"))

    def _no_common_year(self, term: BudgetCut) -> Iterator[Problem]:
        if any(not years_known(self.pack, term.definition, c) for c in term.countries):
            return
        found = f'no year before {self.as_of.year} with all of them under "{term.definition}"'
        rates = [
            f"{self.pack.currencies[c]} has no rate for the year"
            for c in term.countries
            if not self._usable(term.definition, c)
        ]
        found = f"{found}: {listed(rates, 'and')}" if rates else found
        fix = 'write definition = "wdi", or a term for each country'
        allowed = "countries with a figure of one year, and a rate for it"
        yield Problem(("definition",), found, allowed, fix, ("countries",))


def _checks(case: BudgetCase) -> tuple[PartCheck, ...]:
    by_sum = [abs(p.total / total_in_closed_form(p.cut) - 1.0) for p in case.paths if p.total]
    ends = [
        abs(float(p.after[-1]) - p.cut.level.dollars * (1.0 - p.cut.share)) / p.cut.level.dollars
        for p in case.paths
        if p.cut.level.dollars
    ]
    singles = sum(side.freed for side in case.sides if len(side.who) == 1)
    together = max((side.freed for side in case.sides), default=0.0)
    gap = abs(singles / together - 1.0) if together else 0.0
    return (
        PartCheck("the years add up to the sum in closed form", max(by_sum, default=0.0), ROUNDING),
        PartCheck("the last year is what the cut leaves", max(ends, default=0.0), ROUNDING),
        PartCheck("the sides alone add up to all together", gap, ROUNDING),
    )


def _assumptions(case: BudgetCase) -> tuple[Assumption, ...]:
    pack = case.pack
    shared = [Assumption(pack.name, x.says, x.matters_for) for x in pack.assumptions]
    guessed = [
        Assumption(
            path.cut.term,
            f"the budget of {path.cut.level.country} under {path.cut.level.definition} is "
            "recalled, not read at its source",
            "all of its amounts",
        )
        for path in case.paths
        if path.cut.level.status == "assumed"
    ]
    elasticity = case.elasticity
    reaction = Assumption(
        pack.name,
        f"who does not cut changes spending by {elasticity.low:g} to {elasticity.high:g} % for "
        f"each per cent elsewhere, {elasticity.value:g} in the middle",
        "what is left against each other; a wide range around zero, because the evidence finds no "
        "race in budgets",
    )
    return (*guessed, *shared, reaction)
