"""A subsidy to output or to use."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from accord.instruments.duty import no_rate
from accord.instruments.fields import Code, Codes, Price, Share, Slugs, about
from accord.instruments.problem import Problem, listed
from accord.instruments.scope import code_problems, good_problems, regions_named
from accord.instruments.term import Term
from accord.market import Activity, Lane, Market, Wedge


class Subsidy(Term):
    """A payment per unit made (``to = "output"``) or bought (``to = "use"``) in some regions.

    ``ad_valorem`` is a share of the price (of the customs value of what is bought), ``specific``
    USD per tonne. The treasury of ``payer`` pays; without it, the region's own.
    """

    ramped: ClassVar[tuple[str, ...]] = ("ad_valorem", "specific")

    kind: str = "subsidy"
    to: Literal["output", "use"] = about('"output" or "use"', '"output"')
    goods: Slugs = about("a good of the pack, or a list of them", '["aluminium"]')
    regions: Codes = about("the countries whose makers or users are paid", '["USA"]')
    payer: Code | None = about("the country that pays", '"USA"', None)
    ad_valorem: Share | None = about("more than 0 % and at most 100 %", '"10 %"', None)
    specific: Price | None = about("a price per mass", '"100 USD/t"', None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.ad_valorem is None and self.specific is None:
            problems.append(no_rate("ad_valorem, specific", 'specific = "100 USD/t"'))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with the subsidy on makers or on buyers."""
        if self.to == "use":
            return market.map_lanes(
                lambda lane: self._bought(lane, market),
                lambda lane: lane.with_wedge(self._wedge(lane.destination, market)),
            )
        return market.map_activities(
            lambda activity: self._made(activity, market), lambda a: self._paid(a, market)
        )

    def faults(self, market: Market) -> list[Problem]:
        """Return unknown goods and codes, or that nobody there makes or buys the good."""
        problems = [
            *good_problems("goods", self.goods, market),
            *code_problems("regions", self.regions, market),
        ]
        if self.payer is not None:
            problems += code_problems("payer", (self.payer,), market)
        if problems or self._touches(market):
            return problems
        who = "makers" if self.to == "output" else "buyers"
        found = f"no {who} of {listed(self.goods)} in {listed(self.regions)}"
        allowed = f"{who} that the pack holds"
        return [Problem(("regions",), found, allowed, "check goods, regions and to")]

    def _touches(self, market: Market) -> bool:
        if self.to == "use":
            return any(self._bought(lane, market) for lane in market.lanes)
        return any(self._made(activity, market) for activity in market.activities)

    def _bought(self, lane: Lane, market: Market) -> bool:
        return lane.good in self.goods and lane.destination in regions_named(self.regions, market)

    def _made(self, activity: Activity, market: Market) -> bool:
        makes = {good for good, _ in activity.outputs}
        return bool(makes & set(self.goods)) and activity.region in regions_named(
            self.regions, market
        )

    def _paid(self, activity: Activity, market: Market) -> Activity:
        wedge = self._wedge(activity.region, market)
        return replace(activity, wedges=(*activity.wedges, wedge))

    def _wedge(self, region: str, market: Market) -> Wedge:
        return Wedge(
            measure=self.id,
            side=self.to,
            ad_valorem=-(self.ad_valorem or 0.0),
            specific=-(self.specific or 0.0),
            basis=market.region_by_code[region].customs_basis,
            revenue_to=region if self.payer is None else market.region_of(self.payer),
        )
