"""A tariff-rate quota: a low duty up to a quantity, a higher one beyond it."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.duty import Duty
from accord.instruments.fields import MassRate, Price, Rate, about
from accord.instruments.problem import Problem
from accord.instruments.quota import RentTo, rent_earner, rent_problems
from accord.market import Lane, Limit, Market, Wedge


class TariffRateQuota(Duty):
    """A duty with two steps on one lane: the flow is one flow, its rent is capped.

    The in-quota duty is a wedge on the lanes; the limit's rent can rise no further than the
    difference of the two duties, which is due on what passes the quota:
    0 ≤ ρ ≤ (τ_out − τ_in)·base ⟂ q − x. Exporters named together share the quota. With equal rates
    it is a duty; with a quota of 0 it is the over-quota duty.
    """

    ramped: ClassVar[tuple[str, ...]] = ("quantity",)

    kind: str = "tariff_rate_quota"
    quantity: MassRate = about("0 t/yr or more", '"18 kt/yr"')
    in_quota: Rate = about("a percentage of the customs value", '"0 %"', 0.0)
    over_quota: Rate = about("a percentage of the customs value", '"10 %"', 0.0)
    in_quota_specific: Price = about("a price per mass", '"0 USD/t"', 0.0)
    over_quota_specific: Price = about("a price per mass", '"100 USD/t"', 0.0)
    rent_to: RentTo = about(
        'who holds the licences: "importer", "exporter", "nobody" or a country',
        '"importer"',
        "importer",
    )

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        problems = super().disagreements()
        if not {"over_quota", "over_quota_specific"} & self.model_fields_set:
            allowed = "over_quota, over_quota_specific, or both"
            fix, concerns = 'add over_quota = "10 %"', ("over_quota", "over_quota_specific")
            problems.append(Problem((), "no over-quota duty", allowed, fix, concerns))
            return problems
        pairs = (
            ("over_quota", self.in_quota, self.over_quota, 100.0, "%"),
            ("over_quota_specific", self.in_quota_specific, self.over_quota_specific, 1.0, "USD/t"),
        )
        for field, inside, beyond, scale, unit in pairs:
            if beyond < inside:
                found = f"{beyond * scale:g} {unit}, below the in-quota {inside * scale:g} {unit}"
                fix = "exchange the two rates"
                problems.append(Problem((field,), found, "the in-quota rate or more", fix))
        return problems

    def apply(self, market: Market) -> Market:
        """Return the market with the in-quota duty, and the limit where the rates differ."""
        prepared = self.prepared(market)
        if self.quantity == 0.0:
            return self.charged(prepared, self.over_quota, self.over_quota_specific)
        charged = self.charged(prepared, self.in_quota, self.in_quota_specific)
        lanes = [charged.lane_by_key[key] for key in self.lanes(market)]
        if not lanes or not self._steps_up():
            return charged
        return charged.with_limit(self._limit(charged, lanes))

    def faults(self, market: Market) -> list[Problem]:
        """Return what is wrong with the term in this market."""
        return super().faults(market) or rent_problems(self, self.rent_to, market)

    def _limit(self, market: Market, lanes: list[Lane]) -> Limit:
        return Limit(
            measure=self.id,
            sense="at_most",
            lanes=tuple(lane.key for lane in lanes),
            bound=self.quantity,
            rent_to=rent_earner(self, self.rent_to, market),
            over=self._extra(lanes[0], market),
        )

    def _steps_up(self) -> bool:
        return (self.over_quota, self.over_quota_specific) != (
            self.in_quota,
            self.in_quota_specific,
        )

    def _extra(self, lane: Lane, market: Market) -> Wedge:
        return self.wedge(
            self.over_quota - self.in_quota,
            self.over_quota_specific - self.in_quota_specific,
            lane,
            market,
        )
