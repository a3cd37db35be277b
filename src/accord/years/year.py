"""One calendar year: an equilibrium for each law the year had, and what they come to together.

A market is not linear in a duty, so a year in which the law changed is not the year of the mean
duty. Each regime (days in a row under one law) is solved as a year of its own at annual rates, and
the year is their mean by days (conventions C49). So a quota of 100 kt a year that holds for half
of the year lets 50 kt in. The regimes know nothing of each other: no stocks are built up before a
duty begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from accord.equilibrium import Certificate, Equilibrium, Universe, solve_market, universe_of
from accord.equilibrium.arrays import Vector
from accord.errors import NoCertifiedAnswer
from accord.instruments import Term, enact
from accord.market import Market
from accord.pack import Pack, Regime
from accord.years.start import point_in

Timed = tuple[tuple[Regime, Market], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a year under one law, and the market's answer to it at annual rates."""

    regime: Regime
    equilibrium: Equilibrium


@dataclass(frozen=True)
class YearEquilibrium:
    """A calendar year: the mean of its parts by days. Units are those of ``Equilibrium``.

    Tonnes and levels are what the year comes to; prices are means over its days, as quotes are,
    over those days on which there is a price.
    """

    year: int
    parts: tuple[Part, ...]

    @property
    def universe(self) -> Universe:
        """The numbering that all parts share."""
        return self.last.universe

    @property
    def last(self) -> Equilibrium:
        """The equilibrium of the year's last days: where the next year may start from."""
        return self.parts[-1].equilibrium

    def mean(self, value: Callable[[Equilibrium], float | None]) -> float | None:
        """Return the mean of a number by days; days without one are left out."""
        found = [(p.regime.share, value(p.equilibrium)) for p in self.parts]
        known = [(share, x) for share, x in found if x is not None]
        if len({x for _, x in known}) <= 1:
            return known[0][1] if known else None
        return sum(share * x for share, x in known) / sum(share for share, _ in known)

    def flow(self, good: str, origin: str, destination: str) -> float:
        """Return the tonnes delivered in the year; 0 where there is no lane."""
        return self.mean(lambda eq: eq.flow(good, origin, destination)) or 0.0

    def output(self, activity: str) -> float:
        """Return what an activity did in the year, in its own units."""
        return self.mean(lambda eq: eq.output(activity)) or 0.0

    def utilisation(self, activity: str) -> float | None:
        """Return an activity's level over its capacity; ``None`` where it has no capacity."""
        return self.mean(lambda eq: _utilisation(eq, activity))

    def buyer_price(self, good: str, region: str) -> float | None:
        """Return what buyers pay per tonne (mean by days); ``None`` if none is bought all year."""
        return self.mean(lambda eq: eq.buyer_price(good, region))

    def producer_price(self, good: str, region: str) -> float | None:
        """Return the price at the gate (mean by days); ``None`` if nothing moves all year."""
        return self.mean(lambda eq: eq.producer_price(good, region))

    @cached_property
    def hub_price(self) -> dict[str, float | None]:
        """Return each quoted world price by good (mean by days)."""
        goods = self.last.hub_price
        return {good: self.mean(lambda eq, g=good: eq.hub_price[g]) for good in goods}

    @cached_property
    def certificate(self) -> Certificate:
        """The checks of all parts: the worst of each, the steps and seconds of all."""
        each = [p.equilibrium.certificate for p in self._solved]
        worst = max(each, key=lambda c: c.market_clearing)
        return Certificate(
            market_clearing=worst.market_clearing,
            complementarity=max(c.complementarity for c in each),
            mass_balance=max(c.mass_balance for c in each),
            steps=sum(c.steps for c in each),
            seconds=sum(c.seconds for c in each),
            markets=worst.markets,
        )

    @property
    def _solved(self) -> list[Part]:
        """The parts, those that share an equilibrium once."""
        return list({id(p.equilibrium): p for p in self.parts}.values())

    def __repr__(self) -> str:
        """Answer first: prices, then how many laws the year had."""
        hubs = ", ".join(f"{g} {p:,.0f}" for g, p in self.hub_price.items() if p is not None)
        return f"<Year {self.year}: {hubs} USD/t; {len(self.parts)} regimes>"


def _utilisation(equilibrium: Equilibrium, activity: str) -> float | None:
    index = equilibrium.universe.activity_index[activity]
    if equilibrium.state.arrays.activities.capacity[index] <= 0.0:
        return None
    return float(equilibrium.state.utilisation[index])


def year_markets(
    pack: Pack, market: Market, regimes: Iterable[Regime], deal_terms: Iterable[Term] = ()
) -> Timed:
    """Return each regime with its market: the law of its days, then the deal's terms.

    ``market`` is without law, at the levels of the year; terms count from their first day to
    their last, phased in as far as they are then. Regimes of one market share it.
    """
    terms = tuple(deal_terms)
    found: list[tuple[Regime, Market]] = []
    for regime in regimes:
        day = regime.starts
        bare = market if market.year == day.year else replace(market, year=day.year)
        held = [t.scaled(t.share_on(day)) for t in terms if t.in_force(day)]
        legal = pack.under_law(bare, day)
        legal = enact(legal, held) if held else legal
        same = found and found[-1][1] == legal
        found.append((regime, found[-1][1] if same else legal))
    return tuple(found)


def solve_year(  # noqa: PLR0913 - the world, the deal, and three ways to be quicker
    pack: Pack,
    market: Market,
    year: int,
    *,
    closure: str = "share",
    deal_terms: Iterable[Term] = (),
    universe: Universe | None = None,
    start: YearEquilibrium | Vector | None = None,
) -> YearEquilibrium:
    """Solve a year: ``market`` without law (levels of the year) under the law of its days.

    ``deal_terms`` come on top of the law. ``universe`` fixes the numbering and the market that
    closures with parameters of their own set them by (for comparisons; it must hold all markets of
    the year), ``start`` is another year or a point in that numbering.
    Raises ``NoCertifiedAnswer`` naming the year and the days, else as ``solve_market``.
    """
    terms = tuple(deal_terms)
    timed = year_markets(pack, market, pack.regimes(year, terms), terms)
    names = universe or universe_of(*(market for _, market in timed))
    near = point_in(names, start.last) if isinstance(start, YearEquilibrium) else start
    parts: list[Part] = []
    for regime, legal in timed:
        if parts and parts[-1].equilibrium.market is legal:
            parts.append(Part(regime, parts[-1].equilibrium))
            continue
        equilibrium = solve_part(regime, legal, closure, names, near)
        near = equilibrium.state.z
        parts.append(Part(regime, equilibrium))
    return YearEquilibrium(year, tuple(parts))


def solve_part(
    regime: Regime, market: Market, closure: str, universe: Universe, near: Vector | None
) -> Equilibrium:
    """Solve the market of one regime; what goes wrong is told with the year and the days.

    Raises ``NoCertifiedAnswer`` and ``InputError`` as ``solve_market``.
    """
    try:
        return solve_market(market, closure=closure, universe=universe, start=near)
    except NoCertifiedAnswer as error:
        days = f"{regime.starts} to {regime.ends}"
        raise NoCertifiedAnswer(f"{market.year} ({days}): {error.cause}", error.remedy) from error
