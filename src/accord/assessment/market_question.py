"""What is asked of a market: a deal, a pack, a day and a closure, and the markets solved for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accord import deal as deals
from accord.assessment import parts as domains
from accord.assessment.assessment import LANE_WEIGHTS, AccessCase, BaselineRow
from accord.assessment.baseline import compare_with_world, law_day
from accord.assessment.certificate import IDENTITY_TOLERANCE
from accord.assessment.focus import Focus, focus_of
from accord.assessment.headline import Names, headline
from accord.assessment.paths import PathQuestion, Years
from accord.assessment.sampling import Sampling
from accord.assessment.shipped_packs import market_pack_of
from accord.deal import Deal
from accord.effects import Effects, compare
from accord.ensemble.ask import Ask
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
from accord.errors import Fault, InputError
from accord.market import Market
from accord.pack import Calibration, LaneWeights, Pack, Wished
from accord.pack.number_names import ACCESS

PLACE = "command line"


def question_of(deal: Deal, day: date, closure: str, fixed: Wished) -> MarketQuestion:
    """Return a question that can be answered.

    ``fixed``  numbers of the pack that stand at a chosen value. Raises ``InputError`` with what is
    wrong with them, with the day, the closure and the deal.
    """
    pack, wrong = market_pack_of(deal), tuple[Fault, ...]()
    if fixed:
        try:
            pack = pack.with_fixed(fixed, pack.default_year(day))
        except InputError as error:
            wrong = error.faults
    question = MarketQuestion(deal, pack, day, closure)
    faults = (*wrong, *question.faults())
    if faults:
        raise InputError(faults)
    return question


@dataclass(frozen=True)
class MarketQuestion:
    """Before is the law of the day ``as_of``, after has the deal on top (conventions C32, C33)."""

    deal: Deal
    pack: Pack
    as_of: date
    closure: str

    @property
    def year(self) -> int:
        """The year of the market's levels."""
        return self.pack.default_year(self.as_of)

    # ------------------------------------------------------------------ markets

    def before(self, weights: LaneWeights) -> Market:
        """Return the market without the deal at a weight of lanes that are closed today."""
        if weights == "central":
            return self._central
        return self.pack.reweighted(self._central, self.year, weights)

    @cached_property
    def _calibration(self) -> Calibration:
        return self.pack.calibration(self.year)

    @cached_property
    def _central(self) -> Market:
        return self.pack.under_law(self._calibration.market, self.as_of)

    # ------------------------------------------------------------------ what it cannot be

    def faults(self) -> tuple[Fault, ...]:
        """Return what is wrong: a day before the pack's first year, an unfit closure, the deal."""
        first = min(self.pack.years)
        if self.as_of.year < first:
            fix = f"choose a day in {first} or later"
            allowed = f"a day that the pack {self.pack.name} knows the market of"
            return (Fault(PLACE, f"the day {self.as_of}", allowed, fix, field="as_of"),)
        if not closure_named(self.closure).certifies_welfare:
            return (_no_welfare(self.closure),)
        measures = [m.id for m in self.pack.measures]
        found = deals.check(self.deal, self._central, measures, self.as_of)
        return (*found, *domains.faults(self.deal, self.as_of))

    # ------------------------------------------------------------------ answers

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
        """Solve before and after at each weight of lanes that were closed; central alone if fixed.

        Central is what the answer itself has: the pack's middle, or the access that is fixed.
        """
        found: dict[str, AccessCase] = {}
        near: Effects | None = None
        order: Iterable[LaneWeights] = ("central", "low", "high")
        if ACCESS in {number.key for number in self.pack.fixed}:
            order = ("central",)
        for weights in order:
            near = self._effects(weights, near)
            found[weights] = AccessCase(weights, near, self._headline(near))
        return tuple(found[weights] for weights in LANE_WEIGHTS if weights in found)

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

    # ------------------------------------------------------------------ what it is about

    def focus(self, effects: Effects) -> Focus:
        """Return which trade the deal is about."""
        return focus_of(effects, self.parties)

    @property
    def parties(self) -> tuple[str, ...]:
        """The regions of the deal's parties."""
        codes = (self._region_of(p.country or p.code or "") for p in self.deal.parties)
        return tuple(dict.fromkeys(code for code in codes if code))

    def _region_of(self, country: str) -> str | None:
        return next(
            (r.code for r in self.pack.regions if country == r.code or country in r.members), None
        )

    @cached_property
    def region_names(self) -> dict[str, str]:
        """What regions are called, by code."""
        return {region.code: region.name for region in self.pack.regions}

    @cached_property
    def good_names(self) -> dict[str, str]:
        """What goods are called, by code."""
        return {good.code: good.name for good in self.pack.goods}

    @property
    def names(self) -> Names:
        """Both."""
        return Names(self.region_names, self.good_names)

    def _headline(self, effects: Effects) -> str:
        return headline(effects, self.focus(effects), self.names)


def same_open_trade(one: Market, other: Market) -> bool:
    """Return whether two markets of one pack differ at most in the weights of closed lanes."""
    return one.limits == other.limits and all(
        a is b or a == b or (not a.is_open and replace(a, log_weight=b.log_weight) == b)
        for a, b in zip(one.lanes, other.lanes, strict=True)
    )


def _no_welfare(closure: str) -> Fault:
    return Fault(
        file=PLACE,
        field="closure",
        found=f"{closure}, which is linear and has no welfare that could be certified",
        allowed=", ".join(c for c in CLOSURES if closure_named(c).certifies_welfare),
        fix="name one of the allowed closures; solve_market has this one for prices and flows",
    )
