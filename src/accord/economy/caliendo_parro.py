"""Many sectors with input–output links and tariff revenue: Caliendo and Parro (2015).

    ĉ_n^j  = ŵ_n^γ Π_k (P̂_n^k)^γ(k,j)                                     eq. 10
    P̂_n^j  = [Σ_i π_ni (κ̂_ni ĉ_i)^(−θ_j)]^(−1/θ_j)                       eq. 11
    π′_ni  = π_ni (κ̂_ni ĉ_i / P̂_n)^(−θ_j),    κ̂ = d̂ (1+τ′)/(1+τ)        eq. 12
    X′_n^j = Σ_k γ_n^(j,k) Σ_i π′_in X′_i/(1+τ′_in) + α_n^j I′_n          eq. 13
    I′_n   = ŵ_n wages_n + duties′_n + deficit′_n;   trade balances up to deficit′   eq. 14
    welfare_n = Î_n / Π_j (P̂_n^j)^α

Units: money of the table; θ_j > 1 by sector (the paper's run from 1.45 to 64.85); duties are ad
valorem fractions. Labour moves freely between sectors and not between countries.

Welfare is the exact change of real income. The paper prints a first-order decomposition evaluated
at large changes, (ratio − 1): it adds up to something else, and both are given, side by side.

Source: Caliendo and Parro, "Estimates of the trade and welfare effects of NAFTA", Review of
Economic Studies 82 (2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from accord.economy.baseline import Array, Baseline, Shock
from accord.economy.baseline_faults import refuse_baseline, refuse_shock
from accord.economy.hat import ExactHat, Solution
from accord.economy.result import Counterfactual

NAME = "Caliendo–Parro"
TERMS, VOLUME = "terms of trade", "volume of trade"
PRINTED = "first order at (ratio − 1), as the paper prints it, %"
LOGS = "first order in logs, log points × 100"
EXACT = "real income, exact, %"
SMALLEST = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class CaliendoParro:
    """A world of many sectors, ready to be asked.

    ``base``   a baseline whose markets clear (``caliendo_parro_data`` builds one)
    ``notes``  what was done to the data, one sentence each; results carry them
    ``imported_only``  allow sectors that a region only imports

    Raises ``InputError`` with all faults of the baseline at once.
    """

    base: Baseline
    notes: tuple[str, ...] = ()
    imported_only: bool = False

    def __post_init__(self) -> None:
        refuse_baseline(self.base, imported_only=self.imported_only)

    @cached_property
    def hat(self) -> ExactHat:
        """The core, which keeps what depends on the baseline alone."""
        return ExactHat(self.base, NAME)

    def counterfactual(self, shock: Shock) -> Counterfactual:
        """Return the answer to a shock. Raises ``InputError`` or ``NoCertifiedAnswer``."""
        refuse_shock(self.base, shock)
        solution = self.hat.solve(shock)
        answer = self.hat.answer(solution)
        parts = decomposition(self.base, solution, answer.welfare)
        return replace(answer, decomposition=parts, notes=self.notes)

    def parts(self, shock: Shock, *, logs: bool = False) -> Parts:
        """Return the first-order parts of welfare by sector and partner."""
        refuse_shock(self.base, shock)
        return parts_of(self.base, self.hat.solve(shock), logs=logs)


@dataclass(frozen=True)
class Parts:
    """First-order parts of the change of welfare, in per cent of income (or log points × 100).

    ``terms_of_trade``, ``volume_of_trade``  (J, N country, N partner)

    Terms of trade: exports to the partner at the change of own cost, less imports from it at the
    change of its cost. Volume of trade: duty collected at the old rates on the change of imports.
    """

    terms_of_trade: Array
    volume_of_trade: Array

    @property
    def by_sector(self) -> tuple[Array, Array]:
        """Terms and volume of trade (J, N)."""
        return self.terms_of_trade.sum(axis=2), self.volume_of_trade.sum(axis=2)

    @property
    def by_partner(self) -> tuple[Array, Array]:
        """Terms and volume of trade (N country, N partner)."""
        return self.terms_of_trade.sum(axis=0), self.volume_of_trade.sum(axis=0)

    @property
    def total(self) -> tuple[Array, Array]:
        """Terms and volume of trade (N,)."""
        return self.terms_of_trade.sum(axis=(0, 2)), self.volume_of_trade.sum(axis=(0, 2))


def parts_of(base: Baseline, solution: Solution, *, logs: bool = False) -> Parts:
    """Return the parts of welfare by sector and partner (the paper's equation 16).

    ``logs``  evaluate changes as logs; else as (ratio − 1), as the paper prints them
    """
    place = np.arange(base.size[1], dtype=np.intp)
    flow = base.trade.copy()
    flow[:, place, place] = 0.0
    ratio = np.divide(solution.levels.trade, flow, out=np.ones_like(flow), where=flow > 0.0)
    log_cost = solution.equations.unit_cost(solution.point.e, solution.point.p)[:, :, 0]
    trade = np.log(np.maximum(ratio, SMALLEST)) if logs else ratio - 1.0
    cost = log_cost if logs else np.expm1(log_cost)
    percent = 100.0 / base.levels.income[None, :, None]
    sold = flow.transpose(0, 2, 1) * cost[:, :, None]  # (J, country, partner) at own cost
    return Parts(
        terms_of_trade=percent * (sold - flow * cost[:, None, :]),
        volume_of_trade=percent * flow * base.tariff * (trade - cost[:, None, :]),
    )


def decomposition(base: Baseline, solution: Solution, welfare: Array) -> Mapping[str, Array]:
    """Return the printed parts, the same in logs, and the exact change, labelled, (N,) each.

    The sums over sectors and partners of ``parts_of``, without making them.
    """
    found: dict[str, Array] = {}
    log_cost = solution.equations.unit_cost(solution.point.e, solution.point.p)[:, :, 0]
    by_price, by_wage = solution.price_index, solution.wage
    for label, logs in ((PRINTED, False), (LOGS, True)):
        cost = log_cost if logs else np.expm1(log_cost)
        terms = _terms_of_trade(base, cost)
        volume = _volume_of_trade(base, solution, cost, logs=logs)
        found[f"{TERMS}, {label}"] = terms
        found[f"{VOLUME}, {label}"] = volume
        found[f"welfare, {label}"] = terms + volume
    found["real wage, exact, %"] = 100.0 * (by_wage / by_price - 1.0)
    found[EXACT] = 100.0 * (welfare - 1.0)
    return MappingProxyType(found)


def _terms_of_trade(base: Baseline, cost: Array) -> Array:
    bought = np.matmul(base.trade, cost[:, :, None])[:, :, 0]  # home sales cancel
    exports, imports = (base.levels.output * cost).sum(axis=0), bought.sum(axis=0)
    return 100.0 * (exports - imports) / base.levels.income


def _volume_of_trade(base: Baseline, solution: Solution, cost: Array, *, logs: bool) -> Array:
    at = base.traded
    before, after, duty = base.trade[at], solution.levels.trade[at], base.duty[at]
    if logs:  # a flow that ends has no log: it is taken as the smallest number there is
        ratio = np.divide(after, before, out=np.ones_like(before), where=duty > 0.0)
        grown = (duty * np.log(np.maximum(ratio, SMALLEST))).sum(axis=(0, 2))
    else:
        grown = np.einsum("jni,jni->n", after, base.tariff[at]) - base.levels.revenue
    dearer = np.matmul(duty, cost[at, :, None]).sum(axis=(0, 2))
    return 100.0 * (grown - dearer) / base.levels.income
