"""A commitment to supply: at least a quantity, with who pays for it, or up to a quantity."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.fields import Code, Flag, MassRate, about
from accord.instruments.problem import Problem, listed
from accord.instruments.quota import RentTo, rent_earner, rent_problems
from accord.instruments.scope import LaneTerm, code_problems
from accord.market import Limit, Market


class SupplyCommitment(LaneTerm):
    """A commitment to supply goods from exporters to importers, in tonnes a year.

    ``at_least`` is a lower limit: 0 ≤ ρ ⟂ x − q ≥ 0, with landed cost c − ρ and ``payer`` debited
    ρ·x. ``lowers_customs_value`` says whether import duties are charged on the price after the
    rebate (a seller's discount) or before it (a grant paid apart). ``up_to`` is an upper limit and
    obliges nobody; its rent goes to ``rent_to``.
    """

    ramped: ClassVar[tuple[str, ...]] = ("at_least", "up_to")

    kind: str = "supply_commitment"
    at_least: MassRate | None = about("0 t/yr or more", '"500 kt/yr"', None)
    up_to: MassRate | None = about("0 t/yr or more", '"2 Mt/yr"', None)
    payer: Code | None = about("the country that pays to fulfil at_least", '"RUS"', None)
    lowers_customs_value: Flag = about(
        "true or false: whether duties are charged on the price after the rebate",
        "false",
        default=False,
    )
    rent_to: RentTo = about(
        'who earns the rent of up_to: "importer", "exporter", "nobody" or a country',
        '"exporter"',
        "exporter",
    )

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if self.at_least is None and self.up_to is None:
            allowed = "at_least, up_to, or both"
            fix, concerns = 'add up_to = "2 Mt/yr"', ("at_least", "up_to")
            problems.append(Problem((), "no quantity", allowed, fix, concerns))
        if self.at_least is not None and self.payer is None:
            fix = 'add payer = "RUS", or whoever makes up the difference'
            problems.append(
                Problem(("payer",), "nothing", "the country that pays to fulfil at_least", fix)
            )
        if self.at_least is None:
            problems += self._only_for_at_least()
        elif self.up_to is not None and self.at_least > self.up_to:
            found = f"{self.at_least / 1e3:g} kt/yr, above up_to ({self.up_to / 1e3:g} kt/yr)"
            fix = "exchange the two, or take one out"
            problems.append(Problem(("at_least",), found, "up_to or less", fix))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with a lower limit, an upper limit, or both."""
        lanes = self.lanes(market)
        if self.at_least is not None:
            payer = None if self.payer is None else market.region_of(self.payer)
            market = market.with_limit(
                Limit(
                    measure=self.id,
                    sense="at_least",
                    lanes=lanes,
                    bound=self.at_least,
                    rent_to=payer,
                    lowers_customs_value=self.lowers_customs_value,
                )
            )
        if self.up_to is not None:
            earner = rent_earner(self, self.rent_to, market)
            market = market.with_limit(
                Limit(self.id, "at_most", lanes, bound=self.up_to, rent_to=earner)
            )
        return market

    def faults(self, market: Market) -> list[Problem]:
        """Return what is wrong with the term in this market."""
        problems = super().faults(market)
        if self.payer is not None:
            problems += code_problems("payer", (self.payer,), market)
        if not problems and self.up_to is not None:
            problems += rent_problems(self, self.rent_to, market)
        return problems

    def result_faults(self, after: Market) -> list[Problem]:
        """Return that at_least cannot be met: every lane of the term is closed."""
        lanes = [after.lane_by_key[key] for key in self.lanes(after)]
        if not self.at_least or not lanes or any(lane.is_open for lane in lanes):
            return []
        why = listed(sorted({m for lane in lanes for m in lane.closed_by}), "and")
        cause = f"closed by {why}" if why else "closed: the pack has no estimate of such trade"
        found = f"at least {self.at_least / 1e3:g} kt/yr of trade that is {cause}"
        fix = f'add a term of kind "lift" with measures = ["{why}"]' if why else "take the term out"
        return [Problem(("at_least",), found, "a commitment on open trade", fix)]

    def _only_for_at_least(self) -> list[Problem]:
        fix = "take it out, or add at_least"
        return [
            Problem((name,), f"{name} without at_least", f"{name} only beside at_least", fix)
            for name in ("payer", "lowers_customs_value")
            if name in self.model_fields_set
        ]
