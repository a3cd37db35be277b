"""Terms about something else than the trade of a market: budgets, projects, minerals."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.term import Term
from accord.market import Market


class DomainTerm(Term):
    """A term that is answered in a part of its own and leaves the market as it is.

    A subclass names its ``domain``; ``accord.assessment.parts`` has what answers it. What can be
    wrong with it beside the market is told there too.
    """

    domain: ClassVar[str] = ""

    def apply(self, market: Market) -> Market:
        """Return the market as it is."""
        return market
