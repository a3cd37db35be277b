"""What an ensemble is asked: a deal, a pack's market, a day, and how trade is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accord.deal import Deal
from accord.market import Market
from accord.pack import Calibration, Pack

MIXED = "mixed"


@dataclass(frozen=True)
class Ask:
    """Before is the law of the day ``as_of``, after has the deal on top.

    ``closure`` names one closure for all draws; ``mixed``: each draw has one of its own.
    """

    deal: Deal
    pack: Pack
    as_of: date
    closure: str = "share"

    @property
    def year(self) -> int:
        """The year whose market is asked about."""
        return self.pack.default_year(self.as_of)

    @cached_property
    def calibration(self) -> Calibration:
        """The market without law, with all numbers at their central values."""
        return self.pack.calibration(self.year)

    @cached_property
    def markets(self) -> tuple[Market, Market]:
        """The central markets before and after."""
        before = self.pack.under_law(self.calibration.market, self.as_of)
        return before, self.deal.apply(before)
