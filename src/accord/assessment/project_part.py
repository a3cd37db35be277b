"""The answer to a term about a joint project: its faults, and the part of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accord import pack as packs
from accord.assessment import project_rows, project_tables, project_words
from accord.assessment.part import Part, PartCheck, PartSource
from accord.assessment.parts import Wrong
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.assessment.project_case import ProjectCase
from accord.assessment.project_summary import draws, summary
from accord.assessment.project_words import name_of
from accord.assessment.shipped_packs import loaded
from accord.deal import Deal
from accord.instruments import Term
from accord.instruments.countries import country_names
from accord.instruments.joint_project import JointProject
from accord.instruments.problem import Problem, listed, nearest
from accord.instruments.scope import code_problems
from accord.invest.case import REGIONAL, Case
from accord.invest.comparables import price_range
from accord.invest.feedback import Technique, technique_of
from accord.invest.study import study
from accord.invest.tables import ProjectTables, read_tables
from accord.market import Market
from accord.pack import Pack

TOLERANCE = 1e-9
NOT_MODELLED = (
    (
        "sanctions: whether banks lend, builders come and dividends leave",
        "no figure for it; the high end of the country's risk premium is the nearest thing",
    ),
    (
        "the world in the year of the first metal",
        "the market is that of the levels year; by then demand, other plants and law have moved",
    ),
    (
        "a grid connection, roads, resettlement, flooded land",
        "not in the deal; comparable plants report a total only",
    ),
    ("dry and wet years", "hydropower makes what it makes in a mean year"),
    (
        "inflation, exchange rates, working capital",
        "dollars are constant, and so depreciation is worth more here than on paper",
    ),
)


def faults(terms: Sequence[Term], deal: Deal, as_of: date) -> list[Wrong]:
    """Return unknown regions and smelters, regions without figures, a second project."""
    projects = _projects_of(terms)
    pack = _market_pack(deal)
    if pack is None:
        return []
    market = pack.calibration(pack.default_year(as_of)).market
    book = read_tables()
    found = [(term.id, p) for term in projects for p in _problems(term, market, book)]
    fix = "give each project a deal file of its own"
    second = Problem(("kind",), "a second joint_project", "one joint project in a deal", fix)
    return [*found, *((term.id, second) for term in projects[1:])]


def answer(terms: Sequence[Term], deal: Deal, as_of: date, market: Pack | None = None) -> Part:
    """Return what the project of a deal comes to. ``faults`` has been asked before."""
    (term,) = _projects_of(terms)
    question = _Question(term, deal, market or _pack_or_raise(deal), as_of)
    return question.part(question.case())


def case_of(deal: Deal, as_of: date) -> ProjectCase:
    """Return the study behind the answer, for a look at any number of it."""
    (term,) = _projects_of(deal.terms)
    return _Question(term, deal, _pack_or_raise(deal), as_of).case()


def _pack_or_raise(deal: Deal) -> Pack:
    pack = _market_pack(deal)
    if pack is None:
        msg = f"no pack of {', '.join(deal.packs)} has a market"
        raise ValueError(msg)
    return pack


def _projects_of(terms: Iterable[Term]) -> tuple[JointProject, ...]:
    return tuple(term for term in terms if isinstance(term, JointProject))


def _market_pack(deal: Deal) -> Pack | None:
    names = [name for name in deal.packs if packs.kind_of(name) == "market"]
    return loaded(names[0]) if names else None


def _problems(term: JointProject, market: Market, book: ProjectTables) -> Iterator[Problem]:
    """Yield what is wrong with a project in a market and the tables."""
    unknown = code_problems("region", (term.region,), market)
    region = None if unknown else market.region_of(term.region)
    yield from unknown
    yield from _owner_problems(term, market)
    if region is not None:
        yield from _figure_problems(region, book)
    if term.asset_of("smelter") is not None:
        yield from _smelter_problems(term, region, market)


def _owner_problems(term: JointProject, market: Market) -> Iterator[Problem]:
    names = country_names()
    for i, share in enumerate(term.share):
        if share.country in names or share.country in market.region_by_code:
            continue
        allowed = "a country code of ISO 3166 alpha-3, or a region of the pack"
        fix = "write the code of the country where the party is at home"
        yield Problem(("share", i, "country"), f'"{share.country}"', allowed, fix)


def _figure_problems(region: str, book: ProjectTables) -> Iterator[Problem]:
    missing = [name for name in REGIONAL if not book.knows(name, region)]
    if missing:
        known = sorted({r for name, r in book.ranges if name == missing[0]})
        what = listed([name_of(name) for name in missing], "and")
        fix = f"name one of them, or add rows of {region} to packs/projects/parameters.csv"
        allowed = f"a country with figures: {listed(known)}"
        yield Problem(("region",), f"{region}, with no figure for {what}", allowed, fix)


def _smelter_problems(term: JointProject, region: str | None, market: Market) -> Iterator[Problem]:
    every = sorted({a.name for a in market.activities if a.kind == "smelter"})
    whole = sorted({f"smelter.{a.region}" for a in market.activities if a.kind == "smelter"})
    if term.like is not None and term.like not in {*every, *whole}:
        likely = nearest(term.like, [*every, *whole])
        fix = f'write "{likely}"' if likely else "name one as smelter.REGION"
        yield Problem(("like",), f'the unknown smelter "{term.like}"', "a smelter of the pack", fix)
    elif term.like is None and region is not None and f"smelter.{region}" not in whole:
        fix = "name another region, or add like = a smelter it is modelled on"
        yield Problem(("region",), f"no smelter in {region}", listed(whole), fix)


@dataclass(frozen=True)
class _Question:
    term: JointProject
    deal: Deal
    pack: Pack
    as_of: date

    @property
    def year(self) -> int:
        return self.pack.default_year(self.as_of)

    @cached_property
    def law(self) -> Market:
        return self.pack.market(self.year, self.as_of)

    @property
    def region(self) -> str:
        return self.law.region_of(self.term.region) or self.term.region

    @property
    def technique(self) -> Technique | None:
        if self.term.asset_of("smelter") is None:
            return None
        return technique_of(self.law, self.term.like or f"smelter.{self.region}")

    @property
    def power_price(self) -> float:
        """Return the deal's price of power, else that of the smelter it is modelled on."""
        if self.term.power_price is not None:
            return self.term.power_price
        technique = self.technique or technique_of(self.law, f"smelter.{self.region}")
        return 0.0 if technique is None else technique.activity.power_price

    @property
    def partner(self) -> str | None:
        """Return the first region besides the project's own among owners, then parties."""
        named = [s.country for s in self.term.share]
        named += [p.country or p.code or "" for p in self.deal.parties]
        regions = (self.law.region_of(code) for code in named)
        return next((r for r in regions if r is not None and r != self.region), None)

    def case(self) -> ProjectCase:
        """Solve the market with and without the project and judge it."""
        case = Case(
            self.term,
            self.region,
            read_tables(),
            self.technique,
            self.power_price,
            self.pack.price_year,
        )
        names = {hub.good: hub.quote for hub in self.pack.hubs}
        metal = None if case.technique is None else case.technique.metal
        quote = names.get(metal or "", self.pack.hubs[0].quote)
        quotes = {y: v for (name, y), v in self.pack.hub_prices.items() if name == quote}
        spread = price_range(quotes, self.year, case.tables)
        done = study(case, self.law, self.deal.apply(self.law), spread, self.partner)
        regions = {region.code: region.name for region in self.pack.regions}
        return ProjectCase(done, quote, regions, self.year, self.as_of)

    def part(self, case: ProjectCase) -> Part:
        place = self.term.place or case.regions[self.region]
        return Part(
            id="project",
            title=self.term.title or f"Joint project in {place}",
            headline=project_words.headline(case),
            because=project_words.because(case),
            rows=project_rows.rows(case),
            tables=project_tables.tables(case),
            assumptions=tuple(self._assumptions(case)),
            sources=tuple(self._sources(case)),
            not_modelled=tuple(NotModelled(self.term.id, what, why) for what, why in NOT_MODELLED),
            checks=tuple(
                PartCheck(name, value, TOLERANCE) for name, value in case.study.identities.items()
            ),
            packs=(
                Reference(self.pack.name, self.pack.version, self.pack.digest),
                Reference("projects", "1", case.study.case.tables.digest),
            ),
            summary=summary(case),
            draws=draws(case),
            range_notes=project_rows.range_notes(case),
        )

    def _assumptions(self, case: ProjectCase) -> Iterator[Assumption]:
        """Yield every number that is assumed, with its range, and what follows from the form."""
        for name, found in case.study.case.assumed.items():
            says = project_words.range_in_words(name, found)
            yield Assumption("projects", says, found.note or "worth of the project")
        yield Assumption(
            "projects",
            "prices of metal, alumina and power stay what they are in constant dollars",
            "worth of the project; the draws move them once for all years",
        )
        yield Assumption(
            "projects",
            "everything that is drawn is independent of everything else",
            "the range: metal and alumina move together in the world, which narrows it",
        )

    def _sources(self, case: ProjectCase) -> Iterator[PartSource]:
        for x in case.study.case.tables.sources:
            yield PartSource(x.id, x.title, x.publisher, x.year, x.licence, x.url)
