"""From a deal and a date to an Assessment: the one place where all rooms meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accord import deal as deals
from accord import pack as packs
from accord.assessment import parts as domains
from accord.assessment.assessment import (
    LANE_WEIGHTS,
    AccessCase,
    Answer,
    Assessment,
    BaselineRow,
    Check,
    LawLine,
)
from accord.assessment.baseline import compare_with_world, law_day
from accord.assessment.because import because
from accord.assessment.deal_lines import (
    deal_file,
    deal_shown,
    own_assumptions,
    own_not_modelled,
    term_lines,
    versions,
)
from accord.assessment.focus import Focus, focus_of
from accord.assessment.headline import Names, headline
from accord.assessment.part import Part
from accord.assessment.part_results import results_of
from accord.assessment.paths import PathQuestion, Years
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.assessment.ranges import said_of
from accord.assessment.reference import DealReference, find
from accord.assessment.rests_on import RestsOn, rests_on
from accord.assessment.sampling import POINT, Sampling
from accord.assessment.shipped_packs import loaded
from accord.claims import Scene, words_of
from accord.deal import Deal
from accord.effects import Effects, compare
from accord.ensemble.ask import MIXED, Ask
from accord.ensemble.ensemble import Ensemble
from accord.ensemble.run import run as run_ensemble
from accord.equilibrium import (
    CLOSURES,
    Equilibrium,
    Universe,
    closure_named,
    point_at,
    same_names,
    solve_market,
    universe_of,
)
from accord.equilibrium.arrays import Vector
from accord.errors import Fault, InputError, NoCertifiedAnswer
from accord.market import Market
from accord.pack import Calibration, LaneWeights, Pack

IDENTITY_TOLERANCE = 1e-8
DEFAULT_CLOSURE = "share"


def assess_named(
    text: str,
    *,
    as_of: date | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | None = None,
    sampling: Sampling = POINT,
) -> Answer:
    """Return the answer of ``path-or-name[:variant]``. Raises as ``assess``."""
    reference = find(text)
    return assess_reference(reference, as_of=as_of, closure=closure, years=years, sampling=sampling)


def assess_reference(
    reference: DealReference,
    *,
    as_of: date | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | None = None,
    sampling: Sampling = POINT,
) -> Answer:
    """Return the answer of a deal file that has been found. Raises as ``assess``."""
    deal = deals.load(reference.path, words_of(reference.path))
    return assess(
        deal,
        variant=reference.variant,
        as_of=as_of or reference.as_of,
        closure=closure,
        years=years,
        sampling=sampling,
    )


def assess(  # noqa: PLR0913 - the question has as many parts
    deal: Deal,
    *,
    variant: str | None = None,
    as_of: date | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | None = None,
    sampling: Sampling = POINT,
) -> Answer:
    """Answer a deal as of a day: before is the law of that day, after has the deal on top.

    Without ``as_of`` it is the day of the variant, else of the deal. With ``years``, first and
    last, their path is answered too; with draws in ``sampling`` every effect has its range. A deal
    about a market has an ``Assessment``, any other an ``Answer`` that is all parts. Raises
    ``InputError`` where the deal does not fit the pack, ``NoCertifiedAnswer`` where a check fails.
    """
    chosen = deal.variant(variant)
    day = as_of or chosen.as_of
    if not chosen.has_market:
        return _without_market(chosen, day, years, closure)
    if closure == MIXED and sampling.draws == 0:
        raise InputError([_no_draws()])
    central_closure = DEFAULT_CLOSURE if closure == MIXED else closure
    question = _Question(chosen, _pack_of(chosen), day, central_closure)
    question.refuse_faults()
    path = question.path(years)
    cases = question.access_cases()
    central = next(case for case in cases if case.weights == "central")
    check = _check(central.effects)
    if not check.ok:
        raise NoCertifiedAnswer(*_why_not(central.effects))
    # What is not about the market needs nothing of the draws: one waits for the other, or neither.
    parts: list[Part] = []
    ensemble = question.ensemble(
        central.effects, sampling, closure, lambda: parts.extend(domains.answers(chosen, day))
    )
    answer = question.answer(central, cases, check, tuple(parts), ensemble)
    if path is None:
        return answer
    return replace(answer, paths=path.answer(), because=(*path.never_begun(), *answer.because))


def _pack_of(deal: Deal) -> Pack:
    """Return the pack of the market: the only one, or the first that has one beside those of parts.

    Raises ``InputError`` where that is not told.
    """
    if len(deal.packs) == 1:
        return loaded(deal.packs[0])
    markets = [name for name in deal.packs if packs.kind_of(name) == "market"]
    if len(markets) == 1 or (markets and len(deal.domains) > 1):
        return loaded(markets[0])
    found = f"{len(deal.packs)} packs: {', '.join(deal.packs) or 'none'}"
    fix = "name the one pack whose market the deal is about"
    raise InputError([Fault(deal.file, found, "one pack", fix, field="packs")])


def _without_market(deal: Deal, day: date, years: Years | None, closure: str) -> Answer:
    """Answer a deal whose terms are all about something else than a market."""
    _refuse_market_options(deal, years, closure)
    wrong = [*deals.check_parties(deal), *domains.faults(deal, day)]
    if wrong:
        raise InputError(wrong)
    parts = domains.answers(deal, day)
    return Answer(
        deal=deal_shown(deal),
        deal_file=deal_file(deal),
        packs=_packs_of(parts),
        as_of=day,
        headline=" ".join(part.headline for part in parts),
        terms=term_lines(deal),
        assumptions=(*own_assumptions(deal), *(x for p in parts for x in p.assumptions)),
        not_modelled=(*own_not_modelled(deal), *(x for p in parts for x in p.not_modelled)),
        scene=Scene(deal, day, parts=results_of(parts)),
        versions=versions(),
        parts=parts,
    )


def _refuse_market_options(deal: Deal, years: Years | None, closure: str) -> None:
    """Raise ``InputError`` where something is asked of a market that is not there."""
    asked = {"years": years is not None, "closure": closure != DEFAULT_CLOSURE}
    faults = [
        Fault(
            "command line",
            f"--{name} with {deal.slug}, which has no term about a market",
            f"--{name} for a deal about a market",
            f"leave --{name} out",
            field=name,
        )
        for name, given in asked.items()
        if given
    ]
    if faults:
        raise InputError(faults)


def _packs_of(parts: tuple[Part, ...], *market: Reference) -> tuple[Reference, ...]:
    """Return the packs that went into an answer, each once."""
    return tuple(dict.fromkeys((*market, *(x for part in parts for x in part.packs))))


@dataclass(frozen=True)
class _Question:
    deal: Deal
    pack: Pack
    as_of: date
    closure: str

    @property
    def year(self) -> int:
        return self.pack.default_year(self.as_of)

    def before(self, weights: LaneWeights) -> Market:
        if weights == "central":
            return self._central
        return self.pack.reweighted(self._central, self.year, weights)

    @cached_property
    def _calibration(self) -> Calibration:
        return self.pack.calibration(self.year)

    @cached_property
    def _central(self) -> Market:
        return self.pack.under_law(self._calibration.market, self.as_of)

    def baseline(self, before: Equilibrium) -> tuple[BaselineRow, ...]:
        """Return the world of the level year beside the model under the law of that year."""
        own_day = law_day(self.pack, self.year)
        if self.pack.law(own_day) == self.pack.law(self.as_of):
            return compare_with_world(self.pack.observed(self.year), before, fitted=self._fitted)
        market = self.pack.under_law(self._calibration.market, own_day)
        universe = universe_of(market)
        start = before.state.z if same_names(universe, before.universe) else None
        equilibrium = solve_market(market, closure=self.closure, universe=universe, start=start)
        return compare_with_world(self.pack.observed(self.year), equilibrium, fitted=self._fitted)

    @property
    def _fitted(self) -> bool | None:
        """``None``: as the pack says; ``False`` where the closure has nothing that fits trade."""
        return None if closure_named(self.closure).fits_trade else False

    def refuse_faults(self) -> None:
        """Raise for a day before the pack's first year, an unfit closure, a faulty deal."""
        first = min(self.pack.years)
        if self.as_of.year < first:
            fix = f"choose a day in {first} or later"
            allowed = f"a day that the pack {self.pack.name} knows the market of"
            place = "command line"
            raise InputError([Fault(place, f"the day {self.as_of}", allowed, fix, field="as_of")])
        if not closure_named(self.closure).certifies_welfare:
            raise InputError([_no_welfare(self.closure)])
        faults = deals.check(
            self.deal, self._central, [m.id for m in self.pack.measures], self.as_of
        )
        faults += domains.faults(self.deal, self.as_of)
        if faults:
            raise InputError(faults)

    def path(self, years: Years | None) -> PathQuestion | None:
        """Return the question of a path. Raises ``InputError`` for years that have no answer."""
        if years is None:
            return None
        path = PathQuestion(
            self.deal, self.pack, self.as_of, self.closure, years, IDENTITY_TOLERANCE
        )
        path.refuse()
        return path

    def access_cases(self) -> tuple[AccessCase, ...]:
        """Solve before and after at each weight of lanes that were closed; central comes first."""
        found: dict[str, AccessCase] = {}
        near: Effects | None = None
        for weights in ("central", "low", "high"):
            near = self._effects(weights, near)
            focus = focus_of(near, self._parties())
            found[weights] = AccessCase(weights, near, self._headline(near, focus))
        return tuple(found[weights] for weights in LANE_WEIGHTS)

    def ensemble(
        self, central: Effects, sampling: Sampling, closure: str, meanwhile: Callable[[], None]
    ) -> Ensemble | None:
        """Return the answer over draws of what is uncertain; ``None`` where none are asked for.

        ``closure`` is that of the draws: under ``mixed`` each has one of its own. ``meanwhile`` is
        done in any case, beside the draws where other processes work on them.
        """
        if sampling.draws == 0:
            meanwhile()
            return None
        ask = Ask(self.deal, self.pack, self.as_of, closure)
        return run_ensemble(
            ask,
            sampling.draws,
            sampling.seed,
            how=sampling.how,
            central=central,
            meanwhile=meanwhile,
        )

    def _effects(self, weights: LaneWeights, near: Effects | None) -> Effects:
        """Solve before and after, each from the nearest point known."""
        market = self.before(weights)
        after = self.deal.apply(market)
        if near is not None and same_open_trade(market, near.before.market):
            # Weights differ on closed lanes only: before is what it was.
            first = replace(near.before, market=market)
            return compare(first, self._after(after, first.universe, near.after.state.z))
        universe = universe_of(market, after)
        # Numbering is by name, so the point of another case fits wherever the names are the same.
        if near is not None and same_names(universe, near.before.universe):
            starts = near.before.state.z, near.after.state.z
        else:
            known = self._calibration
            starts = point_at(universe, known.producer_price, known.level), None
        first = solve_market(market, closure=self.closure, universe=universe, start=starts[0])
        start = first.state.z if starts[1] is None else starts[1]
        return compare(first, self._after(after, universe, start))

    def _after(self, market: Market, universe: Universe, start: Vector) -> Equilibrium:
        return solve_market(market, closure=self.closure, universe=universe, start=start)

    def _parties(self) -> tuple[str, ...]:
        codes = (self._region_of(p.country or p.code or "") for p in self.deal.parties)
        return tuple(dict.fromkeys(code for code in codes if code))

    def _region_of(self, country: str) -> str | None:
        return next(
            (r.code for r in self.pack.regions if country == r.code or country in r.members), None
        )

    def _headline(self, effects: Effects, focus: Focus) -> str:
        return headline(effects, focus, Names(self.region_names, self.good_names))

    @property
    def region_names(self) -> dict[str, str]:
        return {region.code: region.name for region in self.pack.regions}

    @property
    def good_names(self) -> dict[str, str]:
        return {good.code: good.name for good in self.pack.goods}

    def answer(
        self,
        central: AccessCase,
        cases: tuple[AccessCase, ...],
        check: Check,
        parts: tuple[Part, ...],
        ensemble: Ensemble | None,
    ) -> Assessment:
        effects = central.effects
        focus = focus_of(effects, self._parties())
        law = self.pack.law(self.as_of)
        ranged = said_of(focus, ensemble)
        return Assessment(
            deal=deal_shown(self.deal),
            deal_file=deal_file(self.deal),
            packs=_packs_of(parts, Reference(self.pack.name, self.pack.version, self.pack.digest)),
            as_of=self.as_of,
            level_year=self.year,
            closure=self.closure,
            effects=effects,
            focus=focus,
            parties=self._parties(),
            headline=" ".join(x for x in (central.headline, ranged) if x),
            because=self._because(effects, focus),
            check=check,
            baseline=self.baseline(effects.before),
            terms=term_lines(self.deal),
            law=tuple(LawLine(m.id, m.title, m.term.starts) for m in law),
            access=cases,
            assumptions=(*self._assumptions(), *(x for p in parts for x in p.assumptions)),
            not_modelled=(*self._not_modelled(), *(x for p in parts for x in p.not_modelled)),
            scene=self._scene(cases, focus, parts, ensemble),
            versions=versions(),
            region_names=self.region_names,
            good_names=self.good_names,
            parts=parts,
            ensemble=ensemble,
            rests_on=self._rests_on(ensemble, focus),
        )

    def _rests_on(self, ensemble: Ensemble | None, focus: Focus) -> RestsOn | None:
        if ensemble is None:
            return None
        return rests_on(ensemble, self.pack.uncertainty(self.year), focus)

    def _scene(
        self,
        cases: tuple[AccessCase, ...],
        focus: Focus,
        parts: tuple[Part, ...],
        ensemble: Ensemble | None,
    ) -> Scene:
        """Return what claims are judged by: the markets that are solved already, and the parts."""
        return Scene(
            self.deal,
            self.as_of,
            self.closure,
            self.pack,
            {case.weights: case.effects for case in cases},
            focus.lane,
            results_of(parts, self.region_names),
            ensemble,
        )

    def _because(self, effects: Effects, focus: Focus) -> tuple[str, ...]:
        names = Names(self.region_names, self.good_names)
        notes = self.deal.notes(effects.before.market, self.as_of)
        return (*self._levels_that_stand_in(), *notes, *because(effects, focus, names))

    def _levels_that_stand_in(self) -> tuple[str, ...]:
        """Say so where the levels are not those of the last full year before the day (C32)."""
        wanted = self.as_of.year - 1
        if self.year == wanted:
            return ()
        line = f"The pack has no levels of {wanted}; those of {self.year} stand in for them."
        return (line,)

    def _assumptions(self) -> tuple[Assumption, ...]:
        shared = (Assumption(self.pack.name, a.says, a.matters_for) for a in self.pack.assumptions)
        return (*own_assumptions(self.deal), *shared)

    def _not_modelled(self) -> tuple[NotModelled, ...]:
        shared = (NotModelled(self.pack.name, x.what, x.why) for x in self.pack.not_modelled)
        return (*own_not_modelled(self.deal), *shared)


def same_open_trade(one: Market, other: Market) -> bool:
    """Return whether two markets of one pack differ at most in the weights of closed lanes."""
    return one.limits == other.limits and all(
        a is b or a == b or (not a.is_open and replace(a, log_weight=b.log_weight) == b)
        for a, b in zip(one.lanes, other.lanes, strict=True)
    )


def _no_draws() -> Fault:
    return Fault(
        file="command line",
        field="closure",
        found=f"{MIXED}, in an answer without draws",
        allowed=f"{MIXED} with draws: it gives each draw a closure of its own",
        fix="ask for draws, or name one closure",
    )


def _no_welfare(closure: str) -> Fault:
    return Fault(
        file="command line",
        field="closure",
        found=f"{closure}, which is linear and has no welfare that could be certified",
        allowed=", ".join(c for c in CLOSURES if closure_named(c).certifies_welfare),
        fix="name one of the allowed closures; solve_market has this one for prices and flows",
    )


def _check(effects: Effects) -> Check:
    both = (effects.before.certificate, effects.after.certificate)
    identity = effects.welfare_identity
    return Check(
        market_clearing=max(c.market_clearing for c in both),
        complementarity=max(c.complementarity for c in both),
        mass_balance=max(c.mass_balance for c in both),
        welfare_identity=identity,
        steps=sum(c.steps for c in both) + effects.path.solves,
        seconds=sum(c.seconds for c in both),
        ok=all(c.ok for c in both) and identity <= IDENTITY_TOLERANCE,
    )


def _why_not(effects: Effects) -> tuple[str, str]:
    cause = (
        "the two computations of the change of welfare differ by "
        f"{effects.welfare_identity:.1e} of the gross change (allowed {IDENTITY_TOLERANCE:.0e}): "
        f"{effects.welfare_by_parts:,.0f} and {effects.path.total:,.0f} USD a year"
    )
    return cause, "apply the deal's terms one by one to find the one that cannot be followed"
