"""How every region's welfare moves with every duty, by the adjoint.

With t = ln(1+τ) of one flow (sector j, importer n, exporter i), share s, trade T without duty:

    direct effects of dt:  d price_n = s,   d trade = −(θ+1) T,   d revenue_n = T (1+τ) − (θ+1) τ T

Everything else follows from these through the equilibrium. The adjoint turns that round: for each
region's ln welfare, the worth μ of one unit more of each price, spending and trade balance is
found by one transposed solve; the derivative by any duty is then direct effects times worths. The
transposed systems are eliminated in the order of ``hat_linear``, backwards, all regions at once.

Valid where ``solve`` is certified; derivatives are of the certified point and exact to the solves'
1e-13. With additive deficits they are at the numeraire, world value added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.economy.baseline import Array
from accord.economy.hat import Solution
from accord.economy.hat_linear import Derivative
from accord.economy.hat_newton import eliminate
from accord.economy.hat_sweep import by_region


@dataclass(frozen=True)
class WelfareGradient:
    """∂ ln welfare of every region by every duty, in factors.

    ``by_log``, ``by_rate`` give the derivative of one region's ln welfare by ln(1+τ) and by τ.
    """

    derivative: Derivative
    price: Array
    output: Array
    income: Array
    balance: Array

    def by_log(self, region: int) -> Array:
        """Return ∂ ln welfare_region / ∂ ln(1+τ) (J, N importer, N exporter); 0 at home."""
        d, place = self.derivative, np.arange(self.balance.shape[0], dtype=np.intp)
        lost = (d.equations.theta + 1.0) * d.trade
        worth = self.output[:, None, :, region] + self.balance[None, None, :, region]
        worth = worth - self.balance[None, :, None, region]
        income = self.income[None, :, None, region]
        found = d.share * self.price[:, :, None, region] - lost * worth
        found += (d.trade * (1.0 + d.tariff) - d.tariff * lost) * income
        found[:, place, place] = 0.0
        return found

    def by_rate(self, region: int) -> Array:
        """Return ∂ ln welfare_region / ∂ τ (J, N importer, N exporter)."""
        return self.by_log(region) / (1.0 + self.derivative.tariff)


@dataclass(frozen=True)
class _Pulled:
    """Cotangents: of ξ + θ dp and of dc, (J, N, M); of de (N, M)."""

    relative: Array
    cost: Array
    wage: Array


def welfare_gradient(solution: Solution) -> WelfareGradient:
    """Return the derivative of all regions' ln welfare at a certified point.

    Raises ``NoCertifiedAnswer`` where a linear system is not solved.
    """
    d = solution.derivative
    regions = d.paid.shape[0]
    still = np.zeros((regions, regions))
    worth_of_income = np.diag(1.0 / d.income)
    wage = _worths(d, worth_of_income, still)[3]
    system = eliminate(d).system(d)
    balance = -np.asarray(np.linalg.solve(system.T, wage), dtype=np.float64) / d.traded
    price, output, income, _ = _worths(d, worth_of_income, balance)
    return WelfareGradient(d, price, output, income, balance)


def _worths(d: Derivative, objective: Array, balance: Array) -> tuple[Array, Array, Array, Array]:
    """Return worths of prices, output (J, N, M) and income (N, M), and what is left of de (N, M).

    ``objective``  (N, M) worth of income in the objective itself;  ``balance`` (N, M) of balances
    """
    none = np.zeros((*d.share.shape[:2], objective.shape[1]))
    seen = _pull(d, none, objective, balance)
    spending = d.solve_spending_transposed(seen.relative / d.spending)
    output = by_region(d.equations.inputs_by_user, spending)
    final = d.equations.base.final[:, :, None]
    income = objective + (final * spending).sum(axis=0)
    seen = _pull(d, output, income, balance)
    level = d.income[:, None] * objective
    right = d.equations.theta * seen.relative + d.cost_transposed(seen.cost) - final * level
    price = d.solve_prices_transposed(right)
    passed = np.matmul(d.share.transpose(0, 2, 1), price) + seen.cost
    value_added = d.equations.base.value_added[:, :, None]
    return price, output, income, seen.wage + (value_added * passed).sum(axis=0)


def _pull(d: Derivative, output: Array, income: Array, balance: Array) -> _Pulled:
    """Return what changes of output, income and balances are worth, in what they depend on."""
    theta = d.equations.theta
    sold, bought = d.trade.sum(axis=1)[:, :, None], d.duty.sum(axis=2)[:, :, None]
    exported, imported = d.abroad.sum(axis=1)[:, :, None], d.abroad.sum(axis=2)[:, :, None]
    duty_t, abroad_t = d.duty.transpose(0, 2, 1), d.abroad.transpose(0, 2, 1)
    wide_income = np.broadcast_to(income, output.shape)
    wide_balance = np.broadcast_to(balance, output.shape)
    relative = np.matmul(d.trade, output) + bought * income
    relative += np.matmul(d.abroad, wide_balance) - imported * balance
    cost = sold * output + np.matmul(duty_t, wide_income)
    cost += exported * balance - np.matmul(abroad_t, wide_balance)
    wage = d.paid * income + d.deficit_by_wage.T @ (income + balance)
    return _Pulled(relative, -theta * cost, wage)
