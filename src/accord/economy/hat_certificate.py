"""What an exact-hat equilibrium must satisfy, from its wages, prices and spending alone."""

from __future__ import annotations

import numpy as np

from accord.economy.baseline import Array
from accord.economy.hat_sweep import SMALL, Equations, Point
from accord.economy.hat_trade import DenseTrade
from accord.economy.result import Certificate, Levels

TOLERANCE = 1e-9  # ten times the solver's: sums over sectors may add up


def levels_at(
    equations: Equations, trade: DenseTrade, tariff: Array, point: Point
) -> tuple[Levels, Array]:
    """Return the values of an equilibrium, and |Σ shares − 1| (J, N) at its prices."""
    base, e, p, x = equations.base, point.e, point.p, point.x
    cost = equations.unit_cost(e, p)
    middle = cost.mean(axis=1, keepdims=True)
    seller = np.exp(-equations.theta * (cost - middle))
    buyer = np.exp(equations.theta * (p - middle))
    weight = seller.transpose(0, 2, 1)[trade.traded]
    spent = x * buyer
    flow = np.zeros_like(base.share)
    if isinstance(trade.traded, slice):  # in place: these are the largest arrays
        np.multiply(trade.after_duty, weight, out=flow[trade.traded])
        flow[trade.traded] *= spent[trade.traded]
    else:
        flow[trade.traded] = trade.after_duty * weight * spent[trade.traded]
    place = np.arange(base.size[1], dtype=np.intp)
    home = trade.home * seller
    flow[:, place, place] = (home * spent)[:, :, 0]
    shares = (home * buyer)[:, :, 0]
    abroad = np.matmul(trade.before_duty, seller[trade.traded])
    shares[trade.traded] += (abroad * buyer[trade.traded])[:, :, 0]
    revenue = np.einsum("jni,jni->n", flow, tariff) if trade.dutiable else np.zeros(len(e))
    deficit = equations.deficits(e)[:, 0]
    levels = Levels(
        trade=flow,
        output=flow.sum(axis=1),
        expenditure=x[:, :, 0],
        income=base.wages * np.exp(e[:, 0]) + revenue + deficit,
        revenue=revenue,
    )
    return levels, np.abs(shares - 1.0)


def certify(  # noqa: PLR0913 — the answer's parts, and what it took
    equations: Equations, levels: Levels, unspent: Array, e: Array, *, steps: int, seconds: float
) -> Certificate:
    """Check goods and labour markets, each region's balance and budget, and the numeraire.

    ``unspent``  (J, N) |Σ shares − 1|;  ``e`` (N, 1) log wages
    """
    base, x, output = equations.base, levels.expenditure, levels.output
    size = np.maximum(x, SMALL * x.max(axis=0))
    needed = np.matmul(base.inputs, output.T[:, :, None])[:, :, 0].T
    paid = base.wages * np.exp(e[:, 0])
    sold, bought = levels.exports.sum(axis=0), levels.imports.sum(axis=0)
    balance = sold - bought + equations.deficits(e)[:, 0]
    checks = (
        unspent.max(),
        np.abs((needed + base.final * levels.income - x) / size).max(),
        np.abs((base.value_added * output).sum(axis=0) / paid - 1.0).max(),
        np.abs(balance / (sold + bought)).max(),
    )
    left = x.sum(axis=0) - needed.sum(axis=0)
    return Certificate(
        market_clearing=float(np.max(checks)),
        budget=float(np.abs(left / levels.income - 1.0).max()),
        numeraire=float(abs(paid.sum() / base.wages.sum() - 1.0)),
        steps=steps,
        seconds=seconds,
        tolerance=TOLERANCE,
    )
