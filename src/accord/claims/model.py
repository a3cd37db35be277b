"""The solved markets that readings look at: the deal's own, its variants', and levers turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from accord.claims.figures import region_in_words
from accord.claims.levers import Lever, levers_of
from accord.deal import Deal
from accord.effects import Effects
from accord.effects.accounts import Accounts, accounts_of
from accord.effects.measures import MEASURE_BY_NAME, WORLD
from accord.ensemble.ask import MIXED, Ask
from accord.ensemble.at_scores import AFTER, BEFORE, AtScores
from accord.ensemble.chunk import BATCHED
from accord.ensemble.drawn import Matrix, Vector
from accord.ensemble.ensemble import Ensemble
from accord.ensemble.markets import markets_of
from accord.ensemble.run import run
from accord.equilibrium import Equilibrium, same_names, solve_market, universe_of
from accord.errors import NoCertifiedAnswer
from accord.market import LaneKey, Market
from accord.pack import Pack
from accord.pack.uncertain import Uncertainty

CENTRAL = "central"
FEWEST_DRAWS, ONE_IN, DRAWS_ONE_BY_ONE = 32, 16, 16
"""Draws of a variant that only claims ask about: one in so many, so many at least where they are
solved together; at most where they are solved one by one."""
Key = tuple[str | None, str, float]
"""A variant, the weights or the lever that was turned, and where to (0 where none was)."""
Place = tuple[str, str | None]
"""A region (or a lane, ``RUS>USA``) and a good."""


def plain(name: str) -> str:
    """Return a name without what stands in brackets after it."""
    return name.partition(" (")[0]


def lowered(name: str) -> str:
    """Return a name as it stands within a sentence."""
    return name if name.isupper() else f"{name[:1].lower()}{name[1:]}"


@dataclass(frozen=True)
class Model:
    """A deal's answer and what else must be solved, each market once.

    ``effects``  by weights of lanes that were closed (low, central, high): solved already
    ``lane``     the trade that the deal is about, if it is about one
    ``ensemble`` the deal's answer over draws, ``None`` without draws
    """

    deal: Deal
    pack: Pack
    as_of: date
    closure: str
    effects: Mapping[str, Effects]
    lane: LaneKey | None
    ensemble: Ensemble | None = None
    _ensembles: dict[str, Ensemble | None] = field(
        default_factory=dict["str", "Ensemble | None"], repr=False
    )
    _at_scores: dict[str | None, AtScores | None] = field(
        default_factory=dict["str | None", "AtScores | None"], repr=False
    )
    _solved: dict[Key, Equilibrium | None] = field(
        default_factory=dict["Key", "Equilibrium | None"], repr=False
    )
    _markets: dict[Key, Market] = field(default_factory=dict["Key", Market], repr=False)
    _accounts: dict[int, tuple[Equilibrium, Accounts]] = field(
        default_factory=dict[int, "tuple[Equilibrium, Accounts]"], repr=False
    )

    def region(self, code: str) -> str:
        """Return a region as a sentence has it."""
        return region_in_words(code, {r.code: plain(r.name) for r in self.pack.regions})

    def before(self, weights: str = CENTRAL) -> Equilibrium:
        """Return the market under the law of the day, without the deal."""
        return self.effects[weights].before

    def after(self, variant: str | None = None, weights: str = CENTRAL) -> Equilibrium | None:
        """Return the market with the deal under a variant; ``None`` where it has no answer."""
        if variant in (None, self.deal.active):
            return self.effects[weights].after
        key = variant, weights, 0.0
        if key not in self._solved:
            central = self.after(variant) if weights != CENTRAL else None
            near = central or self.effects[weights].after
            self._solved[key] = self._solve(self.market(variant, weights), near)
        return self._solved[key]

    def market(self, variant: str | None, weights: str = CENTRAL) -> Market:
        """Return the market with the deal under a variant."""
        if variant in (None, self.deal.active):
            return self.effects[weights].after.market
        key = variant, weights, 0.0
        if key not in self._markets:
            before = self.before(weights).market
            self._markets[key] = self.deal.variant(variant).apply(before)
        return self._markets[key]

    def levers(self, variant: str | None) -> tuple[Lever, ...]:
        """Return what can be turned on the deal's own lane under a variant."""
        return () if self.lane is None else levers_of(self.market(variant), self.lane)

    def turned(self, variant: str | None, lever: Lever, value: float) -> Equilibrium | None:
        """Return the market with the deal under a variant and a lever at a value."""
        key = variant, lever.name, value
        if key not in self._solved:
            market = lever.turned(self.market(variant), value)
            near = self._nearest(variant, lever, value)
            # A lever changes numbers, never names, so the numbering stays.
            self._solved[key] = near and self._solve(market, near, same=True)
        return self._solved[key]

    def _nearest(self, variant: str | None, lever: Lever, value: float) -> Equilibrium | None:
        """Return the solved market whose lever stands nearest to a value."""
        turns = self.turns(variant, lever)
        nearest = min((lever.now, *turns), key=lambda x: lever.apart(x, value))
        if nearest == lever.now:
            return self.after(variant)
        return self._solved[variant, lever.name, nearest]

    def _solve(
        self, market: Market, near: Equilibrium, *, same: bool = False
    ) -> Equilibrium | None:
        """Solve a market from the nearest point known; ``None`` where it has no answer."""
        universe, start = near.universe, near.state.z
        if not same:
            universe = universe_of(self.before().market, market)
            start = near.state.z if same_names(universe, near.universe) else None
        try:
            return solve_market(market, closure=self.closure, universe=universe, start=start)
        except NoCertifiedAnswer:
            return None

    def amount(self, eq: Equilibrium, measure: str, place: Place) -> float | None:
        """Return one measure in one equilibrium, ``None`` where there is none (conventions C14)."""
        region, good = place
        if measure == "flow" and good is not None:
            origin, _, destination = region.partition(">")
            return eq.flow(good, origin, destination)
        if measure == "hub_price" and good is not None:
            return eq.hub_price.get(good)
        if measure == "buyer_price" and good is not None:
            return eq.buyer_price(good, region)
        if measure == "producer_price" and good is not None:
            return eq.producer_price(good, region)
        found = self._accounts_of(eq).tables.get(measure, {}).get(place)
        return 0.0 if found is None and MEASURE_BY_NAME[measure].additive else found

    def _accounts_of(self, eq: Equilibrium) -> Accounts:
        key = id(eq)  # the equilibrium itself is kept, so that its number stays its own
        if key not in self._accounts:
            self._accounts[key] = eq, accounts_of(eq)
        return self._accounts[key][1]

    def compared(
        self, pair: tuple[Equilibrium, Equilibrium], measure: str, place: Place, form: str
    ) -> float | None:
        """Return a measure before, after, its change, or its relative change as a fraction."""
        if form in ("before", "after"):
            return self.amount(pair[form == "after"], measure, place)
        was, now = (self.amount(eq, measure, place) for eq in pair)
        if was is None or now is None:
            return None
        if form == "change":
            return now - was
        return (now - was) / abs(was) if was else None

    # ------------------------------------------------------------------ draws

    def in_draws(self, variant: str | None, measure: str, place: Place, form: str) -> Vector:
        """Return a measure in every draw done (D,), in the form of ``compared``.

        NaN where a draw has no answer or does not have the measure, and beyond the first draws of a
        variant that only claims ask about. Empty without draws, and for what is in no row of the
        effects.
        """
        if self.ensemble is None:
            return np.zeros(0)
        column = self.ensemble.effects.place.get((measure, *place))
        if column is None:
            return np.zeros(0)
        effects = self.ensemble.effects
        before = np.where(effects.solved, effects.before[:, column], np.nan)
        if variant in (None, self.deal.active):
            after = np.where(effects.solved, effects.after[:, column], np.nan)
        else:
            after = self._variant_in_draws(variant, measure, place)
        return compared_in_draws(before, after, form)

    def _variant_in_draws(self, variant: str, measure: str, place: Place) -> Vector:
        """Return a measure with the deal under a variant beside the deal's own, by draw (D,)."""
        own = self._known_ensemble
        found = np.full(own.done, np.nan)
        few = min(own.done, max(FEWEST_DRAWS, own.done // ONE_IN))
        if self.solved_together:
            side = self.after_at_scores(variant)
            if side is not None:
                found[:few] = side.values(self.scores[:few], measure, place)
            return found
        drawn = self._drawn_alone(variant)
        column = None if drawn is None else drawn.effects.place.get((measure, *place))
        if drawn is not None and column is not None:
            values = np.where(drawn.effects.solved, drawn.effects.after[:, column], np.nan)
            found[np.isin(own.draws, drawn.draws)] = values[np.isin(drawn.draws, own.draws)]
        return found

    @property
    def solved_together(self) -> bool:
        """Whether all draws are of the closure whose draws are solved together."""
        weights = () if self.ensemble is None else self.ensemble.choice.weights
        return self.closure == BATCHED and {row.closure for row in weights} <= {BATCHED}

    def _drawn_alone(self, variant: str) -> Ensemble | None:
        """Return a variant's answer over a few draws under a closure that is solved one by one."""
        if variant not in self._ensembles:
            own = self._known_ensemble
            closure = self.closure if len(own.choice.weights) == 1 else MIXED
            ask = Ask(self.deal.variant(variant), self.pack, self.as_of, closure)
            try:
                few = run(ask, min(own.wanted, DRAWS_ONE_BY_ONE), own.seed)
            except NoCertifiedAnswer:
                few = None
            self._ensembles[variant] = few
        return self._ensembles[variant]

    @property
    def _known_ensemble(self) -> Ensemble:
        if self.ensemble is None:
            raise ValueError("the deal has not been answered over draws")
        return self.ensemble

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """What is not known about the market."""
        return self.pack.uncertainty(self.before().market.year)

    @cached_property
    def scores(self) -> Matrix:
        """The draws done as normal scores of the numbers (D, k)."""
        own = self._known_ensemble
        return self.uncertainty.scores(own.wanted, own.seed)[own.draws]

    def at_scores(self, variant: str | None) -> tuple[AtScores, AtScores] | None:
        """Return the markets before and after at any scores; ``None`` without a central answer."""
        after = self.after_at_scores(variant)
        return None if after is None else (self._before_at_scores, after)

    def after_at_scores(self, variant: str | None) -> AtScores | None:
        """Return the market after at any scores; ``None`` without a central answer."""
        name = None if variant == self.deal.active else variant
        if name not in self._at_scores:
            after = self.after(name)
            self._at_scores[name] = None if after is None else self._made(name, after, AFTER)
        return self._at_scores[name]

    @cached_property
    def _before_at_scores(self) -> AtScores:
        """The market before at any scores: the same whatever the variant."""
        return self._made(None, self.before(), BEFORE)

    def _made(self, variant: str | None, central: Equilibrium, side: int) -> AtScores:
        ask = Ask(self.deal.variant(variant or self.deal.active), self.pack, self.as_of)
        markets = markets_of(ask, central.universe)
        return AtScores(markets, self.uncertainty, side, central.state.z)

    def weights(self, variant: str | None) -> tuple[str, ...]:
        """Return the weights of closed lanes that matter under a variant, central ones first.

        Where the deal's own lane stays closed, or a minimum says what flows on it, none else does.
        """
        if variant not in (None, self.deal.active):
            levers = self.levers(variant)
            if not levers or levers[0].name == "quantity":
                return (CENTRAL,)
        return (CENTRAL, *(name for name in self.effects if name != CENTRAL))

    def turns(self, variant: str | None, lever: Lever) -> tuple[float, ...]:
        """Return where a lever has been turned to, with an answer."""
        return tuple(
            key[2]
            for key, eq in self._solved.items()
            if eq is not None and key[0] == variant and key[1] == lever.name
        )


def place_of(
    measure: str, region: str | None, partner: str | None, good: str | None
) -> tuple[str, Place]:
    """Return measure and key of a reading: imports from a partner are the flow on a lane."""
    if partner and measure == "imports":
        return "flow", (f"{partner}>{region}", good)
    if partner and measure == "exports":
        return "flow", (f"{region}>{partner}", good)
    if partner and measure in {"flow", "duty_rate_statutory", "duty_rate_collected"}:
        return measure, (f"{partner}>{region}", good)
    return measure, (region or WORLD, good)


def compared_in_draws(before: Vector, after: Vector, form: str) -> Vector:
    """Return a measure of draws before, after, its change, or its relative change (D,)."""
    if form in ("before", "after"):
        return before if form == "before" else after
    change = after - before
    if form == "change":
        return change
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = change / np.abs(before)
    return np.where(np.isfinite(relative), relative, np.nan)
