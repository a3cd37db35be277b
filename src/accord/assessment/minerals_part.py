"""The answer to terms about deposits: their faults, and the part of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accord.assessment import minerals_tables, minerals_words
from accord.assessment.minerals_case import MineralsCase
from accord.assessment.minerals_summary import draws, range_notes, summary
from accord.assessment.part import Part, PartCheck, PartSource
from accord.assessment.parts import Wrong
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.assessment.shipped_packs import loaded
from accord.deal import Deal
from accord.errors import NoCertifiedAnswer
from accord.instruments import Term
from accord.instruments.countries import country_names
from accord.instruments.joint_exploration import JointExploration
from accord.instruments.joint_project import CLOSE
from accord.instruments.offtake import Offtake
from accord.instruments.price_floor import PriceFloor
from accord.instruments.problem import Problem, listed, nearest
from accord.instruments.scope import code_problems, good_problems
from accord.market import Market
from accord.minerals.study import Question, Study
from accord.pack import Pack
from accord.pack.chain import STEPS, Chain

PACK = "rare_earths"
ELEMENTS, IDENTITY = 1e-9, 1e-9
NOT_MODELLED = (
    (
        "the market in the years ahead",
        "new makers are put into the market of the base year: demand, other mines and law stay",
    ),
    (
        "sanctions: whether banks lend, builders come and dividends leave",
        "no figure for it; the odds of each step stand for every cause of failure together",
    ),
    (
        "niobium and other metals of the same ore",
        "the pack has no market for them; for Tomtor they may be worth as much",
    ),
    ("who keeps which secret of separation", "the odds of that step stand for it"),
)


def faults(terms: Sequence[Term], deal: Deal, as_of: date) -> list[Wrong]:
    """Return unknown regions, deposits, projects and goods, and more sold than is made."""
    del deal
    return list(_Asked(tuple(terms), as_of).faults())


def answer(terms: Sequence[Term], deal: Deal, as_of: date, market: Pack | None = None) -> Part:
    """Return what joint work on deposits comes to. ``faults`` has been asked before."""
    del deal
    asked = _Asked(tuple(terms), as_of, market if market and market.name == PACK else None)
    case = asked.case()
    pack = asked.pack
    return Part(
        id="minerals",
        title="Rare earths",
        headline=minerals_words.headline(case),
        because=minerals_words.because(case),
        rows=minerals_tables.rows(case),
        tables=minerals_tables.tables(case),
        assumptions=_assumptions(case),
        sources=tuple(
            PartSource(x.id, x.title, x.publisher, x.year, x.licence, x.url, x.note)
            for x in pack.sources
        ),
        not_modelled=_not_modelled(case),
        checks=_checks(case),
        packs=(Reference(pack.name, pack.version, pack.digest),),
        summary=summary(case),
        draws=draws(case),
        range_notes=range_notes(case),
    )


@dataclass(frozen=True)
class _Asked:
    terms: tuple[Term, ...]
    as_of: date
    market_pack: Pack | None = None

    @cached_property
    def pack(self) -> Pack:
        return self.market_pack or loaded(PACK)

    @property
    def chain(self) -> Chain:
        chain = self.pack.chain
        if chain is None:
            raise NoCertifiedAnswer(f"the pack {PACK} has no chain", "add its folder chain/")
        return chain

    @cached_property
    def market(self) -> Market:
        return self.pack.calibration(self.pack.default_year(self.as_of)).market

    @property
    def explorations(self) -> tuple[JointExploration, ...]:
        return tuple(t for t in self.terms if isinstance(t, JointExploration))

    @property
    def deals_in_output(self) -> tuple[Offtake | PriceFloor, ...]:
        return tuple(t for t in self.terms if isinstance(t, Offtake | PriceFloor))

    def case(self) -> MineralsCase:
        (term,) = self.explorations
        start = self.as_of.year if term.starts is None else term.starts.year
        chosen = tuple(
            d
            for d in self.chain.deposits
            if (d.deposit in term.deposits if term.deposits else d.region == term.region)
        )
        question = Question(
            region=self.market.region_of(term.region) or term.region,
            deposits=chosen,
            start=start,
            horizon=term.horizon_years,
            through=term.through,
            lead_years=term.lead_years.stated,
            target_factor=term.target_factor,
        )
        year = self.pack.default_year(self.as_of)
        study = Study(self.pack, self.chain, question, year, self.as_of)
        offtakes = tuple(t for t in self.terms if isinstance(t, Offtake))
        floors = tuple(t for t in self.terms if isinstance(t, PriceFloor))
        return MineralsCase(study, term, offtakes, floors)

    # ------------------------------------------------------------------------------ faults

    def faults(self) -> Iterator[Wrong]:
        for term in self.explorations:
            yield from ((term.id, problem) for problem in self._of_deposits(term))
        fix = "give each a deal file of its own"
        for term in self.explorations[1:]:
            problem = Problem(("kind",), "a second joint_exploration", "one in a deal", fix)
            yield term.id, problem
        for term in self.deals_in_output:
            yield from ((term.id, problem) for problem in self._of_output(term))
        yield from self._oversold()

    def _of_deposits(self, term: JointExploration) -> Iterator[Problem]:
        wrong = code_problems("region", (term.region,), self.market)
        yield from wrong
        known = {d.deposit: d for d in self.chain.deposits}
        region = self.market.region_of(term.region)
        for place, name in enumerate(term.deposits):
            if name not in known:
                likely = nearest(name, known)
                fix = f'write "{likely}"' if likely else "name a deposit of the pack"
                found, allowed = f'the unknown deposit "{name}"', f"one of {listed(list(known))}"
                yield Problem(("deposits", place), found, allowed, fix)
            elif not wrong and known[name].region != region:
                found = f'"{name}", which is in {known[name].region}'
                fix = f'write region = "{known[name].region}", or leave it out'
                allowed = f"deposits in {term.region}"
                yield Problem(("deposits", place), found, allowed, fix, ("region",))
        if not wrong and not term.deposits and all(d.region != region for d in known.values()):
            allowed = (
                f"a region with deposits: {listed(sorted({d.region for d in known.values()}))}"
            )
            fix = "name another region, or add its deposits to projects/deposits.csv of the pack"
            yield Problem(("region",), f"no deposit in {term.region}", allowed, fix)
        for s in term.share:
            yield from self._nobody("share", s.country)

    def _of_output(self, term: Offtake | PriceFloor) -> Iterator[Problem]:
        ids = [t.id for t in self.explorations]
        if term.project not in ids:
            likely = nearest(term.project, ids) or (ids[0] if ids else None)
            fix = f'write project = "{likely}"' if likely else "add a joint_exploration"
            allowed = "the id of a joint_exploration of this deal"
            yield Problem(("project",), f'"{term.project}"', allowed, fix)
        unknown = good_problems("good", (term.good,), self.market)
        yield from unknown
        if not unknown and term.project in ids:
            yield from self._unmade(term)
        field, code = ("buyer", term.buyer) if isinstance(term, Offtake) else ("payer", term.payer)
        yield from self._nobody(field, code)

    def _nobody(self, field: str, code: str) -> list[Problem]:
        """Return that a code is no country: a party may be at home outside the pack's regions."""
        known = code in country_names() or self.market.region_of(code) is not None
        return [] if known else code_problems(field, (code,), self.market)

    def _unmade(self, term: Offtake | PriceFloor) -> Iterator[Problem]:
        project = next(t for t in self.explorations if t.id == term.project)
        made = sold_goods(self.chain, project.through)
        if term.good not in made:
            found = f"{term.good}, which a project through {project.through} does not sell"
            fix = "name another good, or a later step in through"
            yield Problem(("good",), found, f"one of {listed(made)}", fix)

    def _oversold(self) -> Iterator[Wrong]:
        total: dict[tuple[str, str], float] = {}
        for term in self.terms:
            if not isinstance(term, Offtake):
                continue
            key = (term.project, term.good)
            total[key] = total.get(key, 0.0) + term.share
            if total[key] > 1.0 + CLOSE:
                found = f"{100.0 * total[key]:.6g} % of the {term.good} of {term.project} sold"
                fix = "lower a share; shares are of one output"
                yield term.id, Problem(("share",), found, "100 % or less in all", fix)


def sold_goods(chain: Chain, through: str) -> list[str]:
    """Return the goods that a project through a step can sell."""
    goods = list(dict.fromkeys(good for good, _ in chain.content))
    ends = ["_oxide"] * (STEPS.index(through) >= STEPS.index("separation"))
    ends += ["_metal"] * (STEPS.index(through) >= STEPS.index("metal"))
    made = [g for g in goods if g.endswith(tuple(ends))] if ends else []
    if through == "mine":
        made = [g for g in goods if not g.endswith(("_oxide", "_metal", "magnet", "swarf"))]
    return [*made, "magnet"] if through == "magnet" else made


def _checks(case: MineralsCase) -> tuple[PartCheck, ...]:
    worst = max(abs(row.gap) for row in case.elements)
    return (
        PartCheck("elements dug up are used, lost or left over", worst, ELEMENTS),
        PartCheck("sales by oxide add up to the value of the basket", case.basket_gap, IDENTITY),
        PartCheck("deposits add up to each step", case.deposits_gap, IDENTITY),
    )


def _assumptions(case: MineralsCase) -> tuple[Assumption, ...]:
    study = case.study
    own = [
        Assumption(
            study.pack.name,
            f"{d.name}: {d.output.low:,.0f} to {d.output.high:,.0f} t a year, {d.note}",
            "all tonnes of this part",
        )
        for d in study.question.deposits
        if d.status == "assumed"
    ]
    steps = Assumption(
        study.pack.name,
        "years and odds of each step are ranges by judgement; deposits succeed or fail apart",
        "when anything comes, and how much",
    )
    weights = Assumption(
        study.pack.name,
        "a new seller gets in each market what a seller of its size gets at the mean landed cost",
        "where it sells and at which price",
    )
    shared = [Assumption(study.pack.name, x.says, x.matters_for) for x in study.pack.assumptions]
    return (*own, steps, weights, *shared)


def _not_modelled(case: MineralsCase) -> tuple[NotModelled, ...]:
    pack = case.study.pack
    return (
        *(NotModelled(case.term.id, what, why) for what, why in NOT_MODELLED),
        *(NotModelled(pack.name, x.what, x.why) for x in pack.not_modelled),
    )
