"""One question about joint work on deposits, answered: tonnes by step and year, prices, money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from accord.equilibrium import Equilibrium, point_at, solve_market, universe_of
from accord.market import Activity, Market
from accord.minerals.observed import mined
from accord.minerals.project_market import NEW, NewMaker, new_activities, with_maker
from accord.minerals.prospects import Array, Index, Plan, Prospects, prospects
from accord.minerals.recipe import recipe
from accord.pack import Pack
from accord.pack.chain import Chain, Deposit

LOW, HIGH = 0.1, 0.9
"""Quantiles that a range runs between."""
EXPECTED = "expected"
USED = 0.8
"""Level over capacity that new plants are tried at first."""
OUTER = 0.2
"""Part of the draws that the worst and the best cases are the mean of."""
PRODUCT = {"mine": "reo", "separation": "ndpr_oxide", "metal": "ndpr_metal", "magnet": "magnet"}
"""What each step is told by: tonnes of REO mined, then of one good."""
ABROAD = ("JPN", "EUN", "USA")
RECYCLING = f"{NEW}recycling"


@dataclass(frozen=True)
class StepPath:
    """A step year by year: tonnes of its product, expected and between the quantiles."""

    step: str
    product: str
    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class Outcome:
    """A case of what gets built, in the market of the base year.

    ``reached``  tonnes of ore that get to each step, by (ore, step)
    """

    name: str
    reached: Mapping[tuple[str, str], float]
    after: Equilibrium

    @property
    def makers(self) -> tuple[Activity, ...]:
        """The activities that are new."""
        return new_activities(self.after.market)

    def made(self, good: str) -> float:
        """Return tonnes of a good that new makers make in this market, not counting scrap again."""
        return sum(x * self.after.output(a.name) for a, x in self._makers_of(good))

    def could_make(self, good: str) -> float:
        """Return tonnes of a good that new makers could make, not counting scrap again."""
        return sum(x * a.capacity.level for a, x in self._makers_of(good))

    def _makers_of(self, good: str) -> Iterator[tuple[Activity, float]]:
        for a in self.makers:
            if a.kind != RECYCLING and good in dict(a.outputs):
                yield a, dict(a.outputs)[good]

    @property
    def value_added(self) -> float:
        """USD a year that new makers sell for at their gate, less the inputs they buy."""
        return sum(self._earned(a) for a in self.makers)

    @property
    def surplus(self) -> float:
        """USD a year that is left of it after running costs, before capital."""
        return self.value_added - sum(
            _running_cost(a, self.after.output(a.name)) for a in self.makers
        )

    def _earned(self, a: Activity) -> float:
        price, cost = self.after.producer_price, self.after.buyer_price
        unit = sum(x * (price(good, a.region) or 0.0) for good, x in a.outputs)
        unit -= sum(x * (cost(good, a.region) or 0.0) for good, x in a.inputs)
        return unit * self.after.output(a.name)


def _running_cost(a: Activity, level: float) -> float:
    """Return the area under the marginal cost of an activity up to its level."""
    power = 1.0 + 1.0 / a.curvature
    bent = a.rising_cost * a.capacity.level / power * (level / a.capacity.level) ** power
    return (a.other_cost + a.power * a.power_price) * level + bent


@dataclass(frozen=True)
class Question:
    """What is asked: deposits in a region, from which day, how far, how many years ahead."""

    region: str
    deposits: tuple[Deposit, ...]
    start: int
    horizon: int
    through: str
    lead_years: Mapping[str, int]
    target_factor: float | None


@dataclass(frozen=True)
class Study:
    """The answer to a question. Prices are those of the base year's market with the maker in it."""

    pack: Pack
    chain: Chain
    question: Question
    year: int
    day: date

    @cached_property
    def bare(self) -> Market:
        """The market without law, in which recipes are read."""
        return self.pack.calibration(self.year).market

    @property
    def abroad(self) -> tuple[str, ...]:
        """The buyers outside China whose prices are told."""
        return tuple(r for r in ABROAD if r != self.question.region)

    @cached_property
    def before(self) -> Equilibrium:
        """The market under the law, without the project."""
        return self._solve(self.pack.market(self.year, self.day))

    def _solve(self, market: Market, near: Equilibrium | None = None) -> Equilibrium:
        """Solve from a point nearby: another case of the project, else the benchmark."""
        known = self.pack.calibration(self.year)
        price, level = dict(known.producer_price), dict(known.level)
        used: dict[str, float] = {}
        if near is not None:
            price |= zip(near.universe.nodes, near.state.price.tolist(), strict=True)
            level |= {a.name: near.output(a.name) for a in near.market.activities}
            makers = new_activities(near.market)
            used = {a.name: level[a.name] / a.capacity.level for a in makers}
        for a in new_activities(market):
            level[a.name] = used.get(a.name, USED) * a.capacity.level
        universe = universe_of(market)
        elsewhere = {good: x for (good, _), x in price.items()}
        price = {node: price.get(node, elsewhere[node[0]]) for node in universe.nodes}
        return solve_market(market, universe=universe, start=point_at(universe, price, level))

    @cached_property
    def prospects(self) -> Prospects:
        """Tonnes that get to each step, over the draws."""
        q = self.question
        years = range(q.start, q.start + q.horizon + 1)
        plan = Plan(q.through, q.lead_years)
        return prospects(self.chain, q.deposits, tuple(years), plan)

    @property
    def last_year(self) -> int:
        """The horizon."""
        return self.prospects.years[-1]

    @property
    def ores(self) -> tuple[str, ...]:
        """The ores of the deposits."""
        return tuple(dict.fromkeys(d.ore for d in self.question.deposits))

    def rate(self, ore: str, step: str, good: str) -> float:
        """Return tonnes of a good from a tonne of ore once a step is done."""
        return dict(recipe(self.chain, self.bare, ore, step).outputs).get(good, 0.0)

    @cached_property
    def paths(self) -> tuple[StepPath, ...]:
        """Each step year by year."""
        return tuple(self._path(step) for step in self.prospects.steps)

    def _path(self, step: str) -> StepPath:
        total = self.total(step)
        low, high = np.quantile(total, (LOW, HIGH), axis=0)
        return StepPath(step, PRODUCT[step], total.mean(axis=0), low, high)

    def total(self, step: str) -> Array:
        """Return tonnes of a step's product that are added: (draws, years)."""
        return self._totals[step]

    @cached_property
    def _totals(self) -> dict[str, Array]:
        return {step: self._total(step) for step in self.prospects.steps}

    def _total(self, step: str) -> Array:
        product = PRODUCT[step]
        weight = {
            ore: 1.0 if step == "mine" else self.rate(ore, step, product) for ore in self.ores
        }
        return self.prospects.total(step, weight)

    # -------------------------------------------------------------------------------- cases

    @cached_property
    def expected(self) -> Outcome | None:
        """The market with what is expected at the horizon; ``None`` where that is nothing."""
        return self._outcome(EXPECTED, lambda x: float(x.mean()))

    @cached_property
    def worst(self) -> Outcome | None:
        """The market in the fifth of the draws in which least is mined."""
        return self._outcome("worst fifth of the draws", lambda x: float(x[self._ranked[0]].mean()))

    @cached_property
    def best(self) -> Outcome | None:
        """The market in the fifth of the draws in which most is mined."""
        return self._outcome("best fifth of the draws", lambda x: float(x[self._ranked[1]].mean()))

    @cached_property
    def complete(self) -> Outcome | None:
        """The market if every step of every deposit succeeds at the central size."""
        reached: dict[tuple[str, str], float] = {}
        for d in self.question.deposits:
            for step in self.prospects.steps:
                reached[d.ore, step] = reached.get((d.ore, step), 0.0) + d.output.central
        return self._solved("every step succeeds", reached)

    @cached_property
    def _ranked(self) -> tuple[Index, Index]:
        order = np.argsort(self.total("mine")[:, -1], kind="stable")
        part = int(OUTER * len(order))
        return order[:part], order[-part:]

    def _outcome(self, name: str, of: Callable[[Array], float]) -> Outcome | None:
        reached: dict[tuple[str, str], float] = {}
        for d in self.question.deposits:
            for step in self.prospects.steps:
                value = of(self.prospects.reached[d.deposit, step][:, -1])
                reached[d.ore, step] = reached.get((d.ore, step), 0.0) + value
        return self._solved(name, reached)

    def _solved(self, name: str, reached: Mapping[tuple[str, str], float]) -> Outcome | None:
        maker = NewMaker(self.question.region, reached)
        if maker.nothing:
            return None
        market = with_maker(self.pack, self.chain, self.year, self.day, maker)
        near = None if name == EXPECTED or self.expected is None else self.expected.after
        return Outcome(name, reached, self._solve(market, near))

    # ----------------------------------------------------------------------------- findings

    @property
    def base_output(self) -> float:
        """Tonnes of REO that the region mines in the base year."""
        return mined(self.chain, self.before).get(self.question.region, 0.0)

    def base_of(self, step: str) -> float:
        """Return tonnes of a step's product that the region makes in the base year."""
        if step == "mine":
            return self.base_output
        region, good = self.question.region, PRODUCT[step]
        return sum(
            dict(a.outputs).get(good, 0.0) * self.before.output(a.name)
            for a in self.before.market.activities
            if a.region == region and a.kind != "recycling"
        )

    @property
    def world_output(self) -> float:
        """Tonnes of REO that the world mines in the base year."""
        return sum(mined(self.chain, self.before).values())

    def passing(self) -> tuple[tuple[str, float], ...]:
        """Return each step with the part of what got to the step before that gets through it.

        The first is measured against all deposits at their central size.
        """
        return self._passed

    @cached_property
    def _passed(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._parts_that_pass())

    def _parts_that_pass(self) -> Iterator[tuple[str, float]]:
        known = sum(d.output.central for d in self.question.deposits)
        for step in self.prospects.steps:
            through = float(self.prospects.total(step)[:, -1].mean())
            yield step, through / known if known > 0.0 else 0.0
            known = through

    @property
    def bottleneck(self) -> tuple[str, float]:
        """The step that lets least of what reaches it through by the horizon, and that part."""
        return min(self.passing(), key=lambda x: x[1])

    def chance_of(self, tonnes: float) -> float:
        """Return the part of the draws that mine at least so much more at the horizon."""
        return float((self.total("mine")[:, -1] >= tonnes).mean())

    def first_year_of(self, tonnes: float) -> int | None:
        """Return the first year in which so much more is expected to be mined."""
        path = self.paths[0].mean
        found = np.flatnonzero(path >= tonnes)
        return self.prospects.years[int(found[0])] if len(found) else None

    def capital(self) -> tuple[float, float, float]:
        """Return USD to build what is expected at the horizon: low, central, high unit costs."""
        costs = [0.0, 0.0, 0.0]
        for path in self.paths:
            span = self.chain.steps[path.step].capex
            # Separation is paid for by the tonne of ore it takes in, the rest by what it makes.
            tonnes = float(path.mean[-1])
            if path.step == "separation":
                tonnes = float(self.prospects.total("separation")[:, -1].mean())
            for i, cost in enumerate((span.low, span.central, span.high)):
                costs[i] += cost * tonnes
        return costs[0], costs[1], costs[2]

    def abroad_share(self, step: str) -> float:
        """Return the part of a step's world capacity that stands outside China."""
        kind = {"mine": "mine_", "separation": "separation_", "metal": "metal_ndpr"}.get(step, step)
        room: dict[bool, float] = {True: 0.0, False: 0.0}
        for a in self.before.market.activities:
            if a.kind.startswith(kind):
                room[a.region == "CHN"] += a.capacity.level * a.outputs[0][1]
        return room[False] / (room[True] + room[False])
