"""What a path over years takes for granted and leaves out, said with the path's own numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accord.assessment.words import good, percent, place, tonnes
from accord.effects import Effects
from accord.effects.measures import WORLD
from accord.pack import Pack
from accord.pack.outlook import Project
from accord.years import Paths

Pair = tuple[str, str]

NO_STOCKS = (
    "stocks: metal bought before a duty begins, or kept for better prices",
    "each stretch of days under one law is a market of its own at annual rates",
)
NO_INVESTMENT = "plants that are built, or never built, because of the deal"
PLANTS_STAND = (
    "nobody in the model invests: but for the deal's own terms capacities are the same with it and "
    "without it, so the long-run effect is that of plants as they stand"
)
NO_EXPECTATIONS = (
    "expectations of law or prices to come",
    "each year answers to its own law alone",
)
MINES_LAST = "reserves grow with prices and search; what is mined is only set beside them"


@dataclass(frozen=True)
class PathNotes:
    """The notes of one path. A pair is what is said, and what it matters for or why."""

    pack: Pack
    paths: Paths

    def assumptions(self) -> Iterable[Pair]:
        """Return what the path takes for granted."""
        day, base = self.paths.as_of, self.paths.base_year
        law = (
            f"law enacted by {day} counts on the day it takes effect; what holds then holds until "
            f"a change that had been enacted; terms of the deal without a first day hold from "
            f"{day} on"
        )
        growth = (
            f"demand and capacity grow as outlook/growth.csv says (median, assumed){self._growth()}"
            f"; capacity that it does not state keeps pace with demand at the prices of {base}"
        )
        ends = "levels, more than the deal's effect; the last year is also shown at slow and fast"
        prices = f"prices are in dollars of {base}; costs, freight and tastes stand still"
        yield law, "duties and bans of all later years"
        yield growth, f"{ends} growth"
        yield prices, "every price after the first year"
        counted = [p for p in self._projects() if p.counted]
        if counted:
            named = "; ".join(f"{_project(p)} from {p.starts}" for p in counted)
            yield f"announced plants that are counted: {named}", "who makes the growth of output"

    def not_modelled(self) -> Iterable[Pair]:
        """Return what the path leaves out."""
        yield NO_STOCKS
        yield NO_INVESTMENT, PLANTS_STAND
        yield NO_EXPECTATIONS
        waiting = [p for p in self._projects() if not p.counted]
        if waiting:
            named = "; ".join(map(_project, waiting))
            yield f"announced plants that are not counted: {named}", "no dated start in the sources"
        exhausted = "; ".join(self._exhausted())
        what = f"mines that run out: in this path {exhausted}" if exhausted else ""
        yield what or "mines that run out", MINES_LAST

    @property
    def _span(self) -> str:
        return f"{self.paths.years[0].year}-{self.paths.long_run.year}"

    @property
    def _good(self) -> str:
        hubs = self.paths.long_run.effects.after.market.hubs
        return hubs[0].good if hubs else self.pack.goods[-1].code

    @property
    def _name(self) -> str:
        return good(next(g.name for g in self.pack.goods if g.code == self._good))

    def _growth(self) -> str:
        """Return how fast the world's use grows without the deal; nothing for a single year."""
        years = self.paths.years
        ends = [year.effects.row("use", WORLD, self._good) for year in (years[0], years[-1])]
        first, last = (None if row is None else row.before for row in ends)
        if not first or not last or len(years) == 1:
            return ""
        rate = percent(100.0 * ((last / first) ** (1.0 / (len(years) - 1)) - 1.0))
        return f": use of {self._name} in the world by {rate} a year {self._span}"

    def _projects(self) -> list[Project]:
        """Return the plants that had been announced by the year of the question."""
        outlook, year = self.pack.outlook, self.paths.as_of.year
        return [] if outlook is None else [p for p in outlook.projects if p.known <= year]

    def _exhausted(self) -> Iterable[str]:
        """Return where more is mined over the path than the reserves that are stated."""
        outlook = self.pack.outlook
        reserves = {} if outlook is None else outlook.reserves or {}
        names = {r.code: place(r.name) for r in self.pack.regions}
        for (ore, region), reserve in reserves.items():
            mined = sum(_output(year.effects, ore, region) for year in self.paths.years)
            if mined > reserve:
                yield (
                    f"{tonnes(mined)} of {ore} come out of {names[region]} {self._span}, more than "
                    f"its reserves of {tonnes(reserve)}"
                )


def _project(project: Project) -> str:
    return f"{project.name}, {tonnes(project.capacity)} a year"


def _output(effects: Effects, ore: str, region: str) -> float:
    row = effects.row("output", region, ore)
    return 0.0 if row is None else row.before or 0.0
