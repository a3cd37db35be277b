"""A cheap approximate inverse of the equations, read off one point and used for many.

Within a region the input–output loop is solved exactly at home shares h; what comes from abroad is
left to the iteration. With L_n = (I − Γ_n diag(h_n))⁻¹ and m the pass-through of a region's own
wage to its own costs,

    ln ĉ ≈ m e,     e ← e − K⁻¹ balance,     p ← p + Lᵀ price_gap + …,    x ← x + L spending_gap + …

where K is the derivative of the balances by e at those costs, prices of inputs from abroad held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.economy.baseline import Array
from accord.economy.hat_sweep import Equations, Point, Sweep, by_region
from accord.economy.hat_trade import DenseTrade

TINY = 1e-300


@dataclass(frozen=True)
class Chord:
    """The approximate inverse.

    ``local``, ``local_t``  (N, J, J): L and its transpose
    ``wage``   (N, N): −K⁻¹, from balances as ``Sweep`` states them, the numeraire built in
    ``ahead``  whether wages answer at once to what the correction of spending will buy abroad: a
               quarter fewer steps in most worlds, none at all where inputs are nearly everything
    ``price_by_wage``, ``spending_by_wage``  (J, N, 1): own response of p, and of x in money
    """

    local: Array
    local_t: Array
    wage: Array
    price_by_wage: Array
    spending_by_wage: Array
    has_inputs: bool
    ahead: bool

    def correction(self, equations: Equations, found: Sweep) -> Point:
        """Return what to add to the point at which ``found`` was evaluated."""
        gap = found.spending_gap * equations.scale
        price = by_region(self.local_t, found.price_gap) if self.has_inputs else found.price_gap
        spending = by_region(self.local, gap) if self.has_inputs else gap
        balance = found.balance + found.numeraire
        if self.ahead:
            bought = (found.imports * spending / np.maximum(found.v * found.phi, TINY)).sum(axis=0)
            balance = balance - bought / (found.exports + found.imports).sum(axis=0)
        e = self.wage @ balance
        return Point(e, price + self.price_by_wage * e, spending + self.spending_by_wage * e)


def chord(
    equations: Equations, point: Point, found: Sweep, trade: DenseTrade, *, ahead: bool
) -> Chord:
    """Return the approximate inverse at a point of one counterfactual."""
    base = equations.base
    count, regions = base.size
    home = (equations.trade.home * found.a / found.phi)[:, :, 0]
    within = base.inputs * home.T[:, None, :]
    local = inverse(np.eye(count) - within) if equations.has_inputs else within
    local_t = local.transpose(0, 2, 1)
    own = (home * base.value_added)[:, :, None]  # response of p to e before the loop
    by_wage = by_region(local_t, own) if equations.has_inputs else own
    pass_through = equations.unit_cost(np.ones((regions, 1)), by_wage) - equations.cost
    paid = equations.wages * np.exp(point.e)
    # spending moves with the wage, prices of own goods held: nominal values scale
    spent = np.broadcast_to(point.x, by_wage.shape)
    balance, traded = _balance_by_wage(equations, found, trade, pass_through[:, :, 0])
    matrix = balance / traded[:, None] + (paid / paid.sum())[:, 0]
    return Chord(
        local, local_t, -inverse(matrix), by_wage, spent, equations.has_inputs, ahead,
    )  # fmt: skip


def inverse(matrix: Array) -> Array:
    """Return the inverses of (..., n, n)."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _balance_by_wage(
    equations: Equations, found: Sweep, trade: DenseTrade, pass_through: Array
) -> tuple[Array, Array]:
    """Return ∂(exports − imports + deficit)/∂e (N, N), and exports + imports (N,), in money."""
    a, v = found.a[trade.traded], found.v[trade.traded]
    flow = v * trade.after_duty * a.transpose(0, 2, 1)  # (Jt, importer, exporter)
    share = trade.before_duty * a.transpose(0, 2, 1) / found.phi[trade.traded]
    regions = share.shape[1]
    place = np.arange(regions, dtype=np.intp)
    share[:, place, place] = (found.a * equations.trade.home / found.phi)[trade.traded][:, :, 0]
    theta = equations.theta[trade.traded]
    moved = theta * pass_through[trade.traded][:, None, :]  # −∂ ln a_i/∂e_i, (Jt, 1, N)
    exported, imported = flow.sum(axis=1), flow.sum(axis=2)
    # ∂ ln flow_ni = e_n − moved_i e_i + Σ_k share_nk moved_k e_k
    relative = (share * moved).reshape(-1, regions)
    by_pair = flow.transpose(2, 0, 1).reshape(regions, -1)
    matrix = by_pair @ relative + flow.sum(axis=0).T
    matrix -= np.einsum("jn,jnk->nk", imported, share * moved)
    matrix += (flow * moved).sum(axis=0)
    matrix[place, place] -= (moved[:, 0] * exported).sum(axis=0) + imported.sum(axis=0)
    return matrix, (exported + imported).sum(axis=0)
