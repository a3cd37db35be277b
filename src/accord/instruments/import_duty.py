"""A duty on imports: ad valorem, specific, or both."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.duty import Duty, no_rate
from accord.instruments.fields import Price, Rate, about
from accord.instruments.problem import Problem
from accord.market import Market


class ImportDuty(Duty):
    """A duty on imports, collected by the importer's treasury.

    ``ad_valorem`` is a share of the customs value, ``specific`` USD per tonne; with both the duty
    is compound. Duties on one base add and do not compound. With ``mode = "replaces"`` the duty
    stands in place of the measures in ``replaces``, or of every import duty on its lanes; lifting
    it puts them back.
    """

    ramped: ClassVar[tuple[str, ...]] = ("ad_valorem", "specific")

    kind: str = "import_duty"
    ad_valorem: Rate | None = about("a percentage of the customs value", '"10 %"', None)
    specific: Price | None = about("a price per mass", '"100 USD/t"', None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.ad_valorem is None and self.specific is None:
            problems.append(no_rate("ad_valorem, specific", 'ad_valorem = "10 %"'))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with the duty on its lanes."""
        return self.charged(self.prepared(market), self.ad_valorem or 0.0, self.specific or 0.0)
