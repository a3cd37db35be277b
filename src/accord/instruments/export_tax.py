"""A tax on exports."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.duty import no_rate
from accord.instruments.fields import Price, Rate, about
from accord.instruments.problem import Problem
from accord.instruments.scope import LaneTerm
from accord.market import Lane, Market, Wedge


class ExportTax(LaneTerm):
    """A tax on exports, on the producer price, collected by the exporter's treasury.

    It is part of the price at the border, so import duties are charged on it.
    """

    ramped: ClassVar[tuple[str, ...]] = ("ad_valorem", "specific")

    kind: str = "export_tax"
    ad_valorem: Rate | None = about("a percentage of the producer price", '"7 %"', None)
    specific: Price | None = about("a price per mass", '"100 USD/t"', None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.ad_valorem is None and self.specific is None:
            problems.append(no_rate("ad_valorem, specific", 'ad_valorem = "7 %"'))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with the tax on its lanes."""
        return market.map_lanes(
            self.scope(market).covers, lambda lane: lane.with_wedge(self._wedge(lane))
        )

    def _wedge(self, lane: Lane) -> Wedge:
        return Wedge(
            measure=self.id,
            side="export",
            ad_valorem=self.ad_valorem or 0.0,
            specific=self.specific or 0.0,
            revenue_to=lane.origin,
        )
