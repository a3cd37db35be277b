"""A deal's market once more, with the spending and the wages that the whole economy answers with.

One way: the economy is answered first, for the deal as it is; the market then has the final demand
and the other costs that follow (``economy.link``), and changes nothing in the economy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accord.assessment.assess import assess_named
from accord.assessment.assessment import Assessment
from accord.assessment.economy_answer import EconomyAnswer, of_deal
from accord.assessment.economy_wide import BothEngines
from accord.economy.from_deal import NotModelled
from accord.economy.link import DEFLATOR, Shifts, shifted, shifts
from accord.economy.models import Setting
from accord.economy.world import WorldTable
from accord.effects import Effects, compare
from accord.equilibrium import solve_market
from accord.errors import Fault, InputError

# Measured on a demand curve, which has moved: no gain of anybody.
ON_DEMAND = frozenset({"consumer_surplus", "user_surplus", "welfare"})
BEYOND = (
    NotModelled(
        "gains of buyers and welfare in the market",
        "they are read off demand curves, and these have moved; `accord economy run` has real "
        "income instead",
    ),
    NotModelled("what the market then does to wages and spending", "the link goes one way"),
)


@dataclass(frozen=True)
class LinkAnswer:
    """A deal in its market, at given wages and with those of the economy.

    ``wide``    the economy-wide answer;  ``by`` what it changes in the market
    ``linked``  from before the deal, at the wages of then, to after it with the economy's
    """

    wide: EconomyAnswer
    both: BothEngines
    by: Shifts
    linked: Effects

    @property
    def market(self) -> Assessment:
        """The answer of the market alone, at given wages and spending."""
        return self.both.answer

    @property
    def alone(self) -> Effects:
        """The deal's effects at given wages and spending."""
        return self.both.answer.effects

    @property
    def not_modelled(self) -> tuple[NotModelled, ...]:
        """What is left out, and why."""
        apart = self.by.apart
        why = f"the table {self.wide.table.name} has no region for them"
        kept = [NotModelled(f"wages and spending in {', '.join(apart)}", why)] if apart else []
        return tuple(dict.fromkeys((*BEYOND, *kept, *self.wide.not_modelled)))


def link_of(
    deal: str,
    table: WorldTable,
    setting: Setting | None = None,
    as_of: date | None = None,
    deflator: str = DEFLATOR,
) -> LinkAnswer:
    """Return the answer to a deal by reference, its market solved with the economy's answer.

    Raises ``InputError`` as ``of_deal``, and for a deflator that the table lacks;
    ``NoCertifiedAnswer``.
    """
    answer = assess_named(deal, as_of=as_of)
    wide = of_deal(answer, table, setting) if isinstance(answer, Assessment) else None
    both = None if wide is None else wide.both
    if wide is None or both is None:
        found = f"{answer.deal.title}: no term about a market"
        fix = "name another deal; `accord run` answers this one"
        raise InputError([Fault("command line", found, "a deal with terms about trade", fix)])
    after = both.answer.effects.after
    by = shifts(wide.result, wide.table, after.market, deflator)
    moved = solve_market(
        shifted(after.market, by),
        closure=after.closure,
        universe=after.universe,
        start=after.state.z,
    )
    return LinkAnswer(wide, both, by, compare(both.answer.effects.before, moved))
