"""A price floor: a payer makes up what the market pays less than a price for a project's output."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.domain_term import DomainTerm
from accord.instruments.fields import Code, Price, Slug, about
from accord.instruments.term import NotModelled


class PriceFloor(DomainTerm):
    """``payer`` pays the gap between ``floor`` and the price that ``project`` gets for ``good``.

    Nothing is paid back when the price is above the floor.
    """

    domain: ClassVar[str] = "minerals"

    kind: str = "price_floor"
    project: Slug = about("the id of a joint_exploration of this deal", '"exploration"')
    good: Slug = about("a good of the pack", '"ndpr_oxide"')
    floor: Price = about("a price per mass", '"110 USD/kg"')
    payer: Code = about("the country that pays", '"USA"')

    @property
    def never_modelled(self) -> tuple[NotModelled, ...]:
        """What terms of this kind do and no model here shows."""
        why = "the odds of each step are those of the pack, with or without a floor"
        return (NotModelled(what="that a floor makes a project easier to finance", why=why),)
