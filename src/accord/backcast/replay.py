"""The years after the base, replayed: the world of the base year under the law of each day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accord.backcast.evidence import Observed
from accord.backcast.quantities import FromModel
from accord.equilibrium import Equilibrium, solve_market
from accord.market import Market
from accord.pack import Pack
from accord.pack.priors import PriorKey
from accord.years import YearEquilibrium, solve_year

FREIGHT = "freight_level"
DRIFT = "drift"
Values = Mapping[PriorKey, float]
NO_VALUES: Values = {}


@dataclass(frozen=True)
class World:
    """The base year without law, made from chosen parameters; ``law_date`` is its own law's day.

    ``freight`` multiplies freight in later years.
    """

    pack: Pack
    market: Market
    law_date: date
    freight: float = 1.0

    @cached_property
    def good(self) -> str:
        """The good that is quoted: what the back-cast is about."""
        return self.market.hubs[0].good

    @cached_property
    def base(self) -> Equilibrium:
        """The base year under its own law: it reproduces the benchmark."""
        return solve_market(self.pack.under_law(self.market, self.law_date))

    @cached_property
    def later(self) -> Market:
        """The world of later years, before their law: freight at its level."""
        if self.freight == 1.0:
            return self.market
        return self.market.map_lanes(
            lambda lane: lane.origin != lane.destination,
            lambda lane: replace(lane, freight=lane.freight * self.freight),
        )

    def replay(
        self,
        years: Iterable[int],
        change: Callable[[Market, int], Market] | None = None,
        closure: str = "share",
    ) -> Replay:
        """Solve years under their law; ``change`` makes the world of a year from the later one.

        Raises ``NoCertifiedAnswer`` naming the year and the days that have no answer.
        """
        start: YearEquilibrium | None = None
        solved: dict[int, YearEquilibrium] = {}
        for year in sorted(years):
            market = self.later if change is None else change(self.later, year)
            start = solve_year(self.pack, market, year, closure=closure, start=start)
            solved[year] = start
        return Replay(self, solved)


@dataclass(frozen=True)
class Replay:
    """Years solved one after the other, from one world."""

    world: World
    years: Mapping[int, YearEquilibrium]

    @cached_property
    def at_base(self) -> FromModel:
        """The base year under its own law."""
        return FromModel(self.world.market, self.world.good, self.world.base)

    def at(self, row: Observed) -> FromModel | None:
        """Return the year of an observation, or the law of its day at annual rates."""
        year = self.years.get(row.year)
        if year is None:
            return None
        state = year if row.day is None else _on(year, row.day)
        return FromModel(self.world.market, self.world.good, state)

    def year(self, year: int) -> FromModel:
        """Return a whole year."""
        return FromModel(self.world.market, self.world.good, self.years[year])


def _on(year: YearEquilibrium, day: date) -> Equilibrium:
    return next(p.equilibrium for p in year.parts if p.regime.starts <= day <= p.regime.ends)


def world_of(pack: Pack, base: int, values: Values = NO_VALUES, freight: float = 1.0) -> World:
    """Return the world of the base year with ``values`` in place of the priors' medians."""
    # From the priors, never from what an earlier back-cast found.
    market = pack.calibration(base, priors={**pack.prior_medians, **values}).market
    return World(pack, market, pack.benchmarks[base].law_date, freight)
