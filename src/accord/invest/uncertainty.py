"""What a project is worth when its numbers are drawn from their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.invest.appraisal import break_even_price, cost_of_capital
from accord.invest.case import Case
from accord.invest.cash_flow import cash_flow, owner_flow
from accord.invest.draws import Between, percentiles
from accord.invest.plan import Plan
from accord.invest.present_value import Array, present_value
from accord.invest.rate_of_return import rates_over_draws

DRAWS = 400
SEED = 1
CLOSE = 1e-4
"""Prices that break even are told to this part of themselves: they are for ranges."""


@dataclass(frozen=True)
class Worth:
    """One party's values over draws: NPV in USD.

    Of all capital also its rate of return and the metal price that breaks even, NaN where a draw
    has no single one.
    """

    party: str
    npv: Array
    rate: Array | None = None
    break_even: Array | None = None

    @property
    def pays(self) -> float:
        """The part of draws in which the net present value is above 0."""
        return float(np.mean(self.npv > 0.0))

    @staticmethod
    def interval(values: Array | None) -> tuple[float | None, float | None]:
        """Return the 5th and 95th percentile of a value; ``None`` where a draw there has none."""
        if values is None:
            return None, None
        low, high = percentiles(values, (0.05, 0.95))
        return (low if np.isfinite(low) else None, high if np.isfinite(high) else None)


@dataclass(frozen=True)
class Uncertainty:
    """A project over draws; ``drivers`` orders what is drawn by how much NPV moves with it."""

    draws: int
    seed: int
    capital: Worth
    owners: tuple[Worth, ...]
    drivers: tuple[tuple[str, float], ...]

    def of(self, party: str) -> Worth | None:
        """Return the values of one party."""
        return next((w for w in (self.capital, *self.owners) if w.party == party), None)


def over_draws(
    case: Case, base: Plan, metal: Between, *, draws: int = DRAWS, seed: int = SEED
) -> Uncertainty:
    """Return what a project is worth over draws of everything that is not known.

    ``base``  the base case, whose prices and export tax the draws start from
    ``metal`` how the world price ranges, as factors
    """
    values = case.draws(metal, draws, seed)
    plan = case.plan(base.prices, float(base.taxes.export), values)
    flow = cash_flow(plan)
    owners = case.owners(values)
    cost = cost_of_capital(plan, owners)
    capital = Worth(
        "capital",
        present_value(np.asarray(cost, dtype=float), flow.capital),
        rates_over_draws(flow.capital),
        break_even_price(plan, cost, lambda f: f.capital, CLOSE),
    )
    tax = plan.taxes.withholding
    shares = tuple(
        Worth(
            o.name,
            present_value(np.asarray(o.required_return, dtype=float), owner_flow(flow, o, tax)),
        )
        for o in owners
    )
    return Uncertainty(draws, seed, capital, shares, _drivers(values, capital.npv))


def _drivers(values: Mapping[str, Array], npv: Array) -> tuple[tuple[str, float], ...]:
    """Return rank correlations of what is drawn with the net present value, largest first."""
    rank = _ranks(npv)
    found = [(name, float(np.corrcoef(_ranks(x), rank)[0, 1])) for name, x in values.items()]
    return tuple(sorted(found, key=lambda pair: -abs(pair[1])))


def _ranks(values: Array) -> Array:
    return np.argsort(np.argsort(values)).astype(float)
