"""An offtake: a buyer takes a part of what joint work on deposits makes."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.domain_term import DomainTerm
from accord.instruments.fields import Code, Share, Slug, about
from accord.instruments.term import NotModelled


class Offtake(DomainTerm):
    """``buyer`` takes the fraction ``share`` of the ``good`` that ``project`` makes, at the market.

    It places output; it makes none. A price of its own is a ``price_floor``.
    """

    domain: ClassVar[str] = "minerals"

    kind: str = "offtake"
    project: Slug = about("the id of a joint_exploration of this deal", '"exploration"')
    good: Slug = about("a good of the pack", '"ndpr_oxide"')
    buyer: Code = about("the country that takes it", '"USA"')
    share: Share = about("more than 0 % and at most 100 %", '"50 %"')

    @property
    def never_modelled(self) -> tuple[NotModelled, ...]:
        """What terms of this kind do and no model here shows."""
        why = "the odds of each step are those of the pack, with or without a buyer"
        return (NotModelled(what="that a sure buyer makes a project easier to finance", why=why),)
