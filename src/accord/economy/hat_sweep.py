"""The equations of exact-hat models, evaluated once at given wages, prices and spending.

Caliendo and Parro (2015), equations 10–14, with ŵ, P̂ and X as unknowns; one sector with value added
as its only input is Dekle, Eaton and Kortum (2008). With e = ln ŵ, p = ln P̂:

    ln ĉ_n^j = γ_n^j e_n + Σ_k γ_n^{k,j} p_n^k + ln of the shock to cost
    p_n^j    = −ln Φ_n^j / θ_j                                            (Φ: see hat_trade)
    X_n^j    = Σ_k γ_n^{j,k} Y_n^k + α_n^j (wages_n ŵ_n + revenue_n + deficit_n)
    exports_n − imports_n + deficit_n = 0,      Σ wages_n ŵ_n = Σ wages_n

Each region's balance is judged against its own trade, not its output: a region that trades little
is solved as exactly as one that trades much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.economy.baseline import Array, Baseline
from accord.economy.hat_trade import Trade

SMALL = 1e-6  # of a region's largest sector: spending below it is judged against this


@dataclass(frozen=True)
class Point:
    """Wages e (N, S) and prices p (J, N, S) in logs, spending x (J, N, S) in money."""

    e: Array
    p: Array
    x: Array


@dataclass(frozen=True)
class Sweep:
    """What the equations give at a point, and by how much it fails them.

    ``a``  ĉ^(−θ), shifted by sector;  ``phi``  Φ, shifted alike;  ``v``  X/Φ  (all (J, N, S))
    ``output``    (J, N, S) sales;  ``income`` (N, S);  ``deficit`` (N, S)
    ``exports``, ``imports``  (J, N, S) without duty;  ``revenue`` (N, S)
    ``price_gap``, ``spending_gap``, ``balance``  residuals: logs, money over ``scale``, and
        exports − imports + deficit over exports + imports;  ``numeraire`` (S,) log of world wages
    ``error``    (S,) the largest residual, prices counted as the shares they move (times θ)
    """

    a: Array
    phi: Array
    v: Array
    output: Array
    income: Array
    deficit: Array
    exports: Array
    imports: Array
    revenue: Array
    price_gap: Array
    spending_gap: Array
    balance: Array
    numeraire: Array
    error: Array


@dataclass(frozen=True)
class Equations:
    """A baseline's equations under one shock, or S shocks of its tariffs.

    ``trade``    shifted shares;  ``cost`` (J, N, 1) ln of the shock to unit costs
    ``fixed``    (N, S) deficit in money;  ``share_of_wages`` (N, 1) deficit over wages where
                 deficits are multiplicative, else ``None``
    """

    base: Baseline
    trade: Trade
    cost: Array
    fixed: Array
    share_of_wages: Array | None = None

    @cached_property
    def theta(self) -> Array:
        """(J, 1, 1)."""
        return self.base.theta[:, None, None]

    @cached_property
    def scale(self) -> Array:
        """(J, N, 1) what spending gaps are judged against."""
        x = self.base.expenditure
        return np.maximum(x, SMALL * x.max(axis=0))[:, :, None]

    @cached_property
    def wages(self) -> Array:
        """(N, 1)."""
        return self.base.wages[:, None]

    @cached_property
    def has_inputs(self) -> bool:
        """Whether any sector uses inputs."""
        return bool(self.base.inputs.any())

    @cached_property
    def inputs_by_user(self) -> Array:
        """(N, J user, J input)."""
        return self.base.inputs.transpose(0, 2, 1)

    @cached_property
    def start(self) -> Point:
        """The baseline, for one counterfactual."""
        count, regions = self.base.size
        zero = np.zeros((count, regions, 1))
        return Point(np.zeros((regions, 1)), zero, self.base.expenditure[:, :, None].copy())

    def unit_cost(self, e: Array, p: Array) -> Array:
        """Return ln ĉ (J, N, S)."""
        cost = self.base.value_added[:, :, None] * e + self.cost
        if self.has_inputs:
            cost += by_region(self.inputs_by_user, p)
        return cost

    def deficits(self, e: Array) -> Array:
        """Return deficits (N, S) at wages e."""
        if self.share_of_wages is None:
            return self.fixed
        paid = self.wages * np.exp(e)
        mean = (paid * self.share_of_wages).sum(axis=0) / paid.sum(axis=0)
        return paid * (self.share_of_wages - mean) / (1.0 + mean)

    def sweep(self, point: Point) -> Sweep:
        """Evaluate everything once."""
        e, p, x = point.e, point.p, point.x
        cost = self.unit_cost(e, p)
        low = cost.min(axis=1, keepdims=True)
        a = np.exp(-self.theta * (cost - low))
        at_home = self.trade.home * a
        from_abroad = self.trade.gross(a)
        phi = at_home + from_abroad
        v = x / phi
        gross = v * from_abroad
        imports = v * self.trade.net(a) if self.trade.dutiable else gross
        exports = a * self.trade.sold(v)
        output = v * at_home + exports
        deficit = self.deficits(e)
        revenue = (gross - imports).sum(axis=0) if self.trade.dutiable else np.zeros_like(e)
        paid = self.wages * np.exp(e)
        income = paid + revenue + deficit
        wanted = self.base.final[:, :, None] * income
        if self.has_inputs:
            wanted += by_region(self.base.inputs, output)
        bought, sold = imports.sum(axis=0), exports.sum(axis=0)
        price_gap = low - np.log(phi) / self.theta - p
        spending_gap = (wanted - x) / self.scale
        balance = (sold - bought + deficit) / (sold + bought)
        numeraire = np.log(paid.sum(axis=0) / self.wages.sum())
        return Sweep(
            a=a, phi=phi, v=v, output=output, income=income, deficit=deficit, exports=exports,
            imports=imports, revenue=revenue,
            price_gap=price_gap, spending_gap=spending_gap, balance=balance, numeraire=numeraire,
            error=worst_of(self.theta * price_gap, spending_gap, balance, numeraire),
        )  # fmt: skip


def worst_of(*parts: Array) -> Array:
    """Return (S,) the largest absolute entry of arrays (..., S); not a number where one is not."""
    if parts[0].shape[-1] == 1:  # the common case, without copies
        return np.array([np.max([max(float(part.max()), -float(part.min())) for part in parts])])
    worst = [np.abs(part).reshape(-1, part.shape[-1]).max(axis=0) for part in parts]
    return np.maximum.reduce(worst)


def by_region(matrix: Array, values: Array) -> Array:
    """Return Σ_k matrix[n, j, k] values[k, n, s] as (J, N, S)."""
    return np.matmul(matrix, values.transpose(1, 0, 2)).transpose(1, 0, 2)
