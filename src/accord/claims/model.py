"""The solved markets that readings look at: the deal's own, its variants', and levers turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from accord.claims.figures import region_in_words
from accord.claims.levers import Lever, levers_of
from accord.deal import Deal
from accord.effects import Effects
from accord.effects.accounts import Accounts, accounts_of
from accord.effects.measures import MEASURE_BY_NAME, WORLD
from accord.ensemble.ask import Ask
from accord.ensemble.ensemble import Ensemble
from accord.ensemble.run import run
from accord.equilibrium import Equilibrium, same_names, solve_market, universe_of
from accord.errors import NoCertifiedAnswer
from accord.market import LaneKey, Market
from accord.pack import Pack

CENTRAL = "central"
DRAWS_OF_VARIANTS = 100
"""Draws at most of a variant that only a claim asks about."""
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

    def over_draws(self, variant: str | None) -> Ensemble | None:
        """Return the answer over draws under a variant; ``None`` without draws, or without any.

        A variant beside the deal's own is solved in the first of the same draws.
        """
        if self.ensemble is None or variant in (None, self.deal.active):
            return self.ensemble
        if variant not in self._ensembles:
            self._ensembles[variant] = self._drawn(variant, self.ensemble)
        return self._ensembles[variant]

    def _drawn(self, variant: str, own: Ensemble) -> Ensemble | None:
        ask = Ask(self.deal.variant(variant), self.pack, self.as_of, self.closure)
        try:
            return run(ask, min(own.wanted, DRAWS_OF_VARIANTS), own.seed)
        except NoCertifiedAnswer:
            return None

    def in_draws(
        self, variant: str | None, measure: str, place: Place, form: str
    ) -> tuple[float, ...]:
        """Return a measure in the solved draws, in the form of ``compared``; absent ones left out.

        Empty without draws, and for what is in no row of the effects.
        """
        ensemble = self.over_draws(variant)
        if ensemble is None:
            return ()
        column = ensemble.effects.place.get((measure, *place))
        if column is None:
            return ()
        solved = ensemble.effects.solved
        before, after = (x[solved, column] for x in (ensemble.effects.before, ensemble.effects.after))
        with np.errstate(divide="ignore", invalid="ignore"):
            values = {
                "before": before,
                "after": after,
                "change": after - before,
                "change_pct": (after - before) / np.abs(before),
            }[form]
        return tuple(values[np.isfinite(values)].tolist())

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
