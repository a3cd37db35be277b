"""A joint project judged whole: with and without price feedback, what would make it pay, draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from accord.invest.appraisal import (
    Appraisal,
    Share,
    appraise,
    break_even_power_price,
    break_even_price,
)
from accord.invest.case import Case
from accord.invest.cash_flow import CashFlow
from accord.invest.comparables import Chain, Spread, planned_chains
from accord.invest.feedback import Feedback, Sold, feedback
from accord.invest.plan import Plan, Prices, hydropower_alone, smelter_alone
from accord.invest.present_value import Array, present_value
from accord.invest.uncertainty import Uncertainty, over_draws
from accord.market import Market

POWER_PRICES = (10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0)
"""USD/MWh for which the metal price that a smelter needs is told."""


@dataclass(frozen=True)
class Bought:
    """What a sum of money buys at one level of cost."""

    label: str
    chain: Chain


@dataclass(frozen=True)
class Study:
    """A joint project and what is known of its worth.

    ``feedback``  ``None`` without a smelter;  ``metal`` how the world price ranged, as factors
    ``partner``   the region that the offer is made to, ``None`` where there is none
    """

    case: Case
    feedback: Feedback | None
    metal: Spread
    partner: str | None

    @property
    def sold(self) -> Sold | None:
        """What the project finds in the market, its own output in it."""
        return None if self.feedback is None else self.feedback.with_project

    def plan_at(self, sold: Sold | None) -> Plan:
        """Return the base case at the prices of a solved market."""
        if sold is None:
            return self.case.plan(Prices(0.0, 0.0, self.case.power_price))
        prices = sold.prices(self.case.power_price)
        return self.case.plan(prices, sold.export_rate)

    @cached_property
    def base(self) -> Appraisal:
        """The base case, price feedback included."""
        return self._appraised(self.plan_at(self.sold))

    @cached_property
    def without_feedback(self) -> Appraisal:
        """The plain spreadsheet: prices as if the project sold nothing."""
        return self._appraised(
            self.plan_at(None if self.feedback is None else self.feedback.without)
        )

    def _appraised(self, plan: Plan) -> Appraisal:
        return appraise(plan, self.case.owners(), self.case.public_rate)

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """The worth over draws, price feedback included."""
        return over_draws(self.case, self.base.plan, self.metal)

    def world_price(self, price: float | None) -> float | None:
        """Return the quoted world price that goes with a price of the project's metal.

        The gap between the two is the market's, the export tax of the law taken off.
        """
        if price is None or self.sold is None or self.sold.hub is None:
            return None
        return price * (1.0 - self.sold.export_rate) + self.sold.hub - self.sold.gate

    @cached_property
    def power_needed(self) -> float | None:
        """USD/MWh that the hydropower must get to earn what its capital costs, sold at its gate."""
        if not self.case.size("hydropower"):
            return None
        plan = hydropower_alone(self.base.plan)
        return _single(break_even_power_price(plan, self.base.capital.rate, _capital))

    @cached_property
    def power_affordable(self) -> float | None:
        """USD/MWh that a smelter buying all its power could pay, at the market's metal price.

        ``None`` where it could not pay at any price of power.
        """
        if not self.case.size("smelter"):
            return None
        plan = smelter_alone(self.base.plan)
        return _single(break_even_power_price(plan, self.base.capital.rate, _capital))

    def metal_needed(self, power: Array) -> Array | None:
        """Return metal prices that a smelter needs that buys power at the prices given, USD/t."""
        plan = smelter_alone(self.base.plan)
        priced = replace(plan, prices=replace(plan.prices, power=power))
        return break_even_price(priced, np.full(len(power), self.base.capital.rate), _capital)

    @cached_property
    def bought(self) -> tuple[Bought, ...]:
        """What the project's cost buys at the costs of comparable plants, and of older plans."""
        if self.case.technique is None:
            return ()
        money, year = self.case.capex, self.case.price_year
        labels = {"low": "cheapest plants", "median": "middle of them", "high": "dearest plants"}
        rows = [Bought(label, self.case.buys(money, which)) for which, label in labels.items()]
        for name, when, plan in planned_chains(self.case.tables, year):
            scale = money / plan.capex
            told = name if str(when) in name else f"{name}, {when}"
            chain = Chain(plan.metal * scale, plan.hydropower * scale, money)
            rows.append(Bought(told, chain))
        alone = self.case.buys(money, with_power=False)
        return (*rows, Bought("smelter only, power bought", alone))

    @property
    def identities(self) -> Mapping[str, float]:
        """What must be 0: each as a part of what it is about."""
        flow, plan = self.base.flow, self.base.plan
        capex = float(np.sum(flow.capex))
        lent = float(np.sum(flow.drawn)) or 1.0
        return {
            "parties' cash flows sum to the project's": self.base.identity,
            "all that is built is written off or left": abs(
                float(np.sum(flow.depreciation) + np.sum(flow.residual)) - capex
            )
            / capex,
            "what is built is what it costs": abs(capex - float(plan.capex)) / capex,
            "loans are repaid": abs(float(flow.debt[-1])) / lent,
            "lenders earn their rate": abs(self.base.lenders.npv) / lent,
            "it runs as the plant in the market does": self._cost_apart,
            "worth is 0 at each rate of return": max(
                (_left_over(share, rate) for share in self._shares for rate in share.rates.rates),
                default=0.0,
            ),
            "worth is 0 at the price that breaks even": self._left_at_break_even,
        }

    @property
    def _shares(self) -> tuple[Share, ...]:
        return (self.base.project, self.base.capital, *self.base.owners)

    @property
    def _cost_apart(self) -> float:
        """How far marginal cost at the market's use of the plant is from that of the spreadsheet.

        As a part of the price: costs are compared because use is steep where a plant barely runs.
        """
        if self.sold is None or self.sold.utilisation is None:
            return 0.0
        plan, power = self.base.plan, 1.0 / float(self.base.plan.operation.curvature)
        gap = self.sold.utilisation**power - float(plan.utilisation) ** power
        return abs(gap * float(plan.operation.rising_cost)) / self.sold.gate

    @property
    def _left_at_break_even(self) -> float:
        price = self.base.capital.break_even
        if price is None:
            return 0.0
        plan = self.base.plan
        there = self._appraised(replace(plan, prices=replace(plan.prices, metal=price)))
        return _left_over(there.capital, there.capital.rate)


def study(case: Case, law: Market, deal: Market, metal: Spread, partner: str | None) -> Study:
    """Return the study of a project in the market of a deal.

    ``law`` is the market before the deal, ``deal`` with its terms; ``metal`` how the world price
    ranges, as factors. Raises ``NoCertifiedAnswer`` where a market has no answer.
    """
    size, technique = case.size("smelter"), case.technique
    if technique is None or not size:
        return Study(case, None, metal, partner)
    plant = technique.plant(case.term.id, case.region, size, case.power_price, deal)
    found = feedback(law, deal, plant, technique, partner or case.region)
    return Study(case, found, metal, partner)


def _capital(flow: CashFlow) -> Array:
    return flow.capital


def _single(found: Array | None) -> float | None:
    return None if found is None or not np.isfinite(found) else float(found)


def _left_over(share: Share, rate: float) -> float:
    """Return the present value at a rate, as a part of the sum of its parts' sizes."""
    size = float(present_value(rate, np.abs(share.flow))) or 1.0
    return abs(float(present_value(rate, share.flow))) / size
