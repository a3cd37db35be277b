"""Everything that a part about minerals tells: the study, its terms, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accord.instruments.joint_exploration import JointExploration
from accord.instruments.offtake import Offtake
from accord.instruments.price_floor import PriceFloor
from accord.minerals.element_balance import ElementRow, element_balance
from accord.minerals.recipe import basket
from accord.minerals.study import Outcome, Study

MAGNET_METALS = ("ndpr_metal", "dy_metal", "tb_metal", "magnet")


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A buyer price outside China: without the project, with what is expected, and a range."""

    good: str
    region: str
    before: float
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class MineralsCase:
    """A study and the terms that it answers."""

    study: Study
    term: JointExploration
    offtakes: tuple[Offtake, ...]
    floors: tuple[PriceFloor, ...]

    @cached_property
    def elements(self) -> tuple[ElementRow, ...]:
        """Every element's balance over the world in the base year."""
        return element_balance(self.study.chain, self.study.before)

    def baskets(self) -> Iterator[tuple[str, dict[str, tuple[float, float]]]]:
        """Yield each ore with tonnes and USD of each oxide in a tonne of it, at China's quotes."""
        for ore in self.study.ores:
            yield ore, basket(self.study.chain, ore, self._quotes)

    @cached_property
    def _quotes(self) -> dict[str, float]:
        goods = (g.code for g in self.study.bare.goods if g.code.endswith("_oxide"))
        found = ((good, self.study.before.producer_price(good, "CHN")) for good in goods)
        return {good: price or 0.0 for good, price in found}

    @property
    def basket_gap(self) -> float:
        """Sales by oxide of a plant of the market against the value of its ore's basket."""
        worst = 0.0
        for ore, parts in self.baskets():
            plant = next(a for a in self.study.bare.activities if a.kind == f"separation_{ore}")
            per_ore = 1.0 / dict(plant.inputs)[ore]
            sales = sum(x * per_ore * self._quotes[good] for good, x in plant.outputs)
            value = sum(usd for _, usd in parts.values())
            worst = max(worst, abs(sales / value - 1.0))
        return worst

    @property
    def deposits_gap(self) -> float:
        """Expected tonnes of each step against the sum over deposits, over the largest step."""
        study, worst, largest = self.study, 0.0, 1.0
        for path in study.paths:
            parts = 0.0
            for d in study.question.deposits:
                rate = 1.0 if path.step == "mine" else study.rate(d.ore, path.step, path.product)
                parts += rate * float(study.prospects.mean(d.deposit, path.step)[-1])
            worst = max(worst, abs(parts - float(path.mean[-1])))
            largest = max(largest, parts)
        return worst / largest

    def prices(self) -> Iterator[PriceChange]:
        """Yield the prices of magnet metals and magnets that buyers outside China pay."""
        study = self.study
        for good in MAGNET_METALS:
            for region in study.abroad:
                before = study.before.buyer_price(good, region)
                if before is None:
                    continue
                cases = [
                    self._price(case, good, region, before)
                    for case in (study.expected, study.worst, study.best)
                ]
                yield PriceChange(good, region, before, cases[0], min(cases[1:]), max(cases[1:]))

    def _price(self, case: Outcome | None, good: str, region: str, before: float) -> float:
        if case is None:
            return before
        return case.after.buyer_price(good, region) or before

    def floor_cost(self, floor: PriceFloor) -> tuple[float, float, float] | None:
        """Return tonnes, the price the project gets, and USD a year the payer pays; or ``None``."""
        case = self.study.expected
        if case is None:
            return None
        price = case.after.producer_price(floor.good, self.study.question.region)
        if price is None:
            return None
        # Under a floor the project runs as full as it can: that is what the floor is for.
        tonnes = case.could_make(floor.good)
        return tonnes, price, max(floor.floor - price, 0.0) * tonnes
