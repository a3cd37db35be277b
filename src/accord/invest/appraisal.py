"""What a project is worth: net present value, rate of return, payback, break-even price.

For the project before tax, for all its capital, and for each party; one case at a time, or many
draws at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Literal

import numpy as np

from accord.invest.cash_flow import CashFlow, cash_flow, owner_flow, treasury
from accord.invest.plan import Owner, Plan
from accord.invest.present_value import Array, discounted_payback, payback, present_value
from accord.invest.rate_of_return import RatesOfReturn, rates_of_return
from accord.invest.schedule import Number

Role = Literal["project", "capital", "owner", "lenders", "treasury"]

STEPS = 60
ENOUGH = 1e-12
"""A bracket of prices this narrow, as a part of the price, is one price."""
WIDEST = 64.0
"""Break-even prices above this many times the price of the plan are not looked for."""


@dataclass(frozen=True)
class Share:
    """What one party puts in and gets, and what that is worth to it.

    ``plan``  the case;  ``part`` what of its cash flow is the party's, which is ``flow``
    ``rate``  that its amounts are discounted at
    """

    party: str
    role: Role
    plan: Plan
    part: Callable[[CashFlow], Array]
    flow: Array
    rate: float

    @cached_property
    def npv(self) -> float:
        """Net present value on the day of signing, USD."""
        return float(present_value(self.rate, self.flow))

    @cached_property
    def rates(self) -> RatesOfReturn:
        """Its internal rates of return."""
        return rates_of_return(self.flow)

    @property
    def payback(self) -> float | None:
        """Years from signing until it has its money back."""
        return payback(self.flow)

    @property
    def discounted_payback(self) -> float | None:
        """Years from signing until it has its money back with what it must earn."""
        return discounted_payback(self.rate, self.flow)

    @cached_property
    def break_even(self) -> float | None:
        """The metal price at which ``npv`` is 0, USD per t; ``None`` where there is none.

        Lenders get their rate whatever metal costs, and the treasury never puts anything in.
        """
        if self.role in {"lenders", "treasury"}:
            return None
        price = break_even_price(self.plan, self.rate, self.part)
        return None if price is None or not np.isfinite(price) else float(price)


@dataclass(frozen=True)
class Appraisal:
    """One case of a project. ``capital``: owners and lenders together, after tax."""

    plan: Plan
    flow: CashFlow
    project: Share
    capital: Share
    owners: tuple[Share, ...]
    lenders: Share
    treasury: Share

    @property
    def parties(self) -> tuple[Share, ...]:
        """Everybody who puts in or gets money; their flows add up to the project's."""
        return (*self.owners, self.lenders, self.treasury)

    @property
    def identity(self) -> float:
        """How far the parties' flows are from the project's, against the largest of them."""
        total = np.sum([share.flow for share in self.parties], axis=0)
        size = float(np.abs(self.project.flow).max()) or 1.0
        return float(np.abs(total - self.project.flow).max()) / size


def cost_of_capital(plan: Plan, owners: tuple[Owner, ...]) -> Number:
    """Return what all capital must earn: loan rate and owners' returns by what each puts in."""
    equity: Number = sum((o.share * o.required_return for o in owners), start=np.zeros(()))
    return plan.loan.share * plan.loan.rate + (1.0 - plan.loan.share) * equity


def appraise(plan: Plan, owners: tuple[Owner, ...], public_rate: float) -> Appraisal:
    """Return what a plan of single numbers is worth to everybody.

    ``public_rate`` is what the treasury discounts at.
    """
    flow, cost = cash_flow(plan), float(cost_of_capital(plan, owners))
    tax = plan.taxes.withholding

    def share(party: str, role: Role, rate: float, part: Callable[[CashFlow], Array]) -> Share:
        return Share(party, role, plan, part, part(flow), rate)

    return Appraisal(
        plan,
        flow,
        share("project", "project", cost, lambda f: f.project),
        share("capital", "capital", cost, lambda f: f.capital),
        tuple(
            share(
                o.name,
                "owner",
                float(o.required_return),
                partial(owner_flow, owner=o, withholding=tax),
            )
            for o in owners
        ),
        share("lenders", "lenders", float(plan.loan.rate), lambda f: f.lenders),
        share("treasury", "treasury", public_rate, lambda f: treasury(f, owners, tax)),
    )


def break_even_price(
    plan: Plan, rate: Number, part: Callable[[CashFlow], Array], enough: float = ENOUGH
) -> Array | None:
    """Return the gate price of metal at which a part of the cash flow is worth 0 at a rate.

    ``None`` without metal; NaN for draws in which no price up to 64 times the plan's does it.
    """
    if not np.any(np.asarray(plan.operation.metal) > 0.0):
        return None

    def worth(price: Array) -> Array:
        priced = replace(plan, prices=replace(plan.prices, metal=price))
        return present_value(np.asarray(rate), part(cash_flow(priced)))

    return increasing_root(worth, np.asarray(plan.prices.metal, dtype=float), enough)


def break_even_power_price(
    plan: Plan, rate: Number, part: Callable[[CashFlow], Array]
) -> Array | None:
    """Return the power price at which a part of the cash flow is worth 0 at a rate.

    The most that a project that buys power can pay, the least that one that sells it must get, at
    the power that it buys or sells in the plan. ``None`` where it does neither; NaN where no price
    does it.
    """
    spare = np.asarray(plan.operation.power_made) - np.asarray(plan.power_used)
    if not np.any(spare):
        return None
    sign = np.sign(spare)

    def worth(price: Array) -> Array:
        priced = replace(plan, prices=replace(plan.prices, power=price))
        return sign * present_value(np.asarray(rate), part(cash_flow(priced)))

    return increasing_root(worth, np.asarray(plan.prices.power, dtype=float))


def increasing_root(worth: Callable[[Array], Array], guess: Array, enough: float = ENOUGH) -> Array:
    """Return where an increasing function is 0, for each of several at once: Illinois steps.

    Looks between 0 and ``WIDEST`` times the guess, to a part ``enough`` of it; NaN where the sign
    does not change there.
    """
    low, high, at_low, at_high = _bracket(worth, guess)
    there = (at_low <= 0.0) & (at_high >= 0.0)
    side = np.zeros(low.shape)
    for _ in range(STEPS):
        slope = at_high - at_low
        point = np.where(
            slope > 0.0, low - at_low * (high - low) / np.where(slope, slope, 1.0), low
        )
        value = worth(point)
        right = value >= 0.0
        # The end that stays twice counts half, so that the bracket closes from both sides.
        at_low = np.where(right, np.where(side > 0.0, 0.5 * at_low, at_low), value)
        at_high = np.where(right, value, np.where(side < 0.0, 0.5 * at_high, at_high))
        low, high = np.where(right, low, point), np.where(right, point, high)
        side = np.where(right, 1.0, -1.0)
        if np.all((high - low <= enough * high) | (value == 0.0) | ~there):
            break
    best = np.where(np.abs(at_high) < np.abs(at_low), high, low)
    return np.where(there, best, np.nan)


def _bracket(worth: Callable[[Array], Array], guess: Array) -> tuple[Array, Array, Array, Array]:
    """Return two points and their worths: close around the guess if all roots lie there."""
    for nearest, furthest in ((0.5, 2.0), (0.0, WIDEST)):
        low, high = nearest * guess, furthest * guess
        at_low, at_high = worth(low), worth(high)
        if np.all((at_low <= 0.0) & (at_high >= 0.0)):
            break
    shape = at_low.shape
    return np.broadcast_to(low, shape), np.broadcast_to(high, shape), at_low, at_high
