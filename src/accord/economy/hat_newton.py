"""Newton's method on the exact-hat equations, for worlds the iteration does not settle.

Prices and spending are eliminated exactly; what is left is dense in the log wages. Balances are
judged against trade, so a region that trades little weighs as much as any other. Steps are halved
until the largest residual falls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.economy.baseline import Array
from accord.economy.hat_anderson import Reached
from accord.economy.hat_linear import Derivative
from accord.economy.hat_sweep import Equations, Point, Sweep
from accord.economy.hat_trade import DenseTrade

STRIDE = 2.0
HALVINGS = 12


@dataclass(frozen=True)
class Eliminated:
    """Responses to de: prices and spending (J, N, N), and the balances (N, N), money."""

    dp: Array
    dx: Array
    balance: Array

    def system(self, derivative: Derivative) -> Array:
        """Return the matrix (N, N) of balances over trade, the numeraire built in."""
        weight = (derivative.paid / derivative.paid.sum())[:, 0]
        return self.balance / derivative.traded + weight


def derivative_at(
    equations: Equations, trade: DenseTrade, tariff: Array, point: Point, found: Sweep
) -> Derivative:
    """Return the derivative at a point of one counterfactual."""
    buyers, sellers = 1.0 / found.phi, found.a.transpose(0, 2, 1)
    count, regions = equations.base.size
    place = np.arange(regions, dtype=np.intp)
    share, flow = np.zeros((count, regions, regions)), np.zeros((count, regions, regions))
    at = trade.traded
    share[at] = trade.before_duty * sellers[at] * buyers[at]
    flow[at] = trade.after_duty * sellers[at] * found.v[at]
    share[:, place, place] = (trade.home * found.a * buyers)[:, :, 0]
    flow[:, place, place] = (trade.home * found.a * found.v)[:, :, 0]
    return Derivative(equations, point, share, flow, tariff)


def eliminate(derivative: Derivative) -> Eliminated:
    """Return the responses of everything to each region's wage."""
    regions = derivative.paid.shape[0]
    unit, none = np.eye(regions), np.zeros((1, 1, 1))
    dp = derivative.prices_by(unit, none)
    dc = derivative.unit_cost(unit, dp)
    dx = derivative.spending_by(unit, dp, dc, none)
    return Eliminated(dp, dx, derivative.balance_by(unit, dp, dc, dx))


def newton(  # noqa: PLR0913, PLR0917 — the problem's four parts, and when to stop
    equations: Equations, trade: DenseTrade, tariff: Array, start: Point,
    tolerance: float, most: int,
) -> Reached:  # fmt: skip
    """Iterate from ``start`` until the error is within ``tolerance``, or nothing improves."""
    point, found, steps = start, equations.sweep(start), 1
    for _ in range(most):
        error = float(found.error[0])
        if error <= tolerance or not np.isfinite(error):
            break
        move = newton_move(derivative_at(equations, trade, tariff, point, found), found)
        size = min(1.0, STRIDE / max(float(np.abs(move.e).max()), 1e-300))
        for _ in range(HALVINGS):
            trial = Point(point.e + size * move.e, point.p + size * move.p, point.x + size * move.x)
            if (trial.x > 0.0).all() or (point.x <= 0.0).any():
                tried = equations.sweep(trial)
                steps += 1
                if float(tried.error[0]) < (1.0 - 0.1 * size) * error:
                    point, found = trial, tried
                    break
            size *= 0.5
        else:
            break
    return Reached(point, found, found.error, steps)


def newton_move(derivative: Derivative, found: Sweep) -> Point:
    """Return the full Newton step."""
    responses = eliminate(derivative)
    still = np.zeros_like(found.balance)
    gap = found.spending_gap * derivative.equations.scale
    dp = derivative.prices_by(still, found.price_gap)
    dc = derivative.unit_cost(still, dp)
    dx = derivative.spending_by(still, dp, dc, gap)
    moved = derivative.balance_by(still, dp, dc, dx) / derivative.traded
    right = found.balance + moved + found.numeraire
    de = -np.asarray(np.linalg.solve(responses.system(derivative), right), dtype=np.float64)
    return Point(de, dp + np.matmul(responses.dp, de), dx + np.matmul(responses.dx, de))
