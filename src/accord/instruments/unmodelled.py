"""A term that is recorded and has no effect in the model."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.fields import Text, about
from accord.instruments.term import Term
from accord.market import Market


class Unmodelled(Term):
    """A part of the deal that the model does not cover; reports list it as not modelled."""

    domain: ClassVar[str] = ""

    kind: str = "unmodelled"
    what: Text = about("text: what the term would do", '"joint exploration of deposits"')
    why: Text = about("text: why the model does not cover it", '"no market for it in the pack"')

    def apply(self, market: Market) -> Market:
        """Return the market as it is."""
        return market
