"""The exact derivative of the exact-hat equations at a point, and solves with it.

With s the shares and T the trade (without duty) at the point, τ the duties, and d ln x written ξ:

    dc_i = γ_i de_i + Γᵀ dp_i                                           (by region)
    dp_n = Σ_i s_ni dc_i                                                (prices)
    dT_ni = T_ni (ξ_n + θ dp_n − θ dc_i)                                (trade)
    dx   = Γ dY + α (wages ŵ de + d revenue + d deficit)                (spending)
    d balance = d exports − d imports + d deficit                       (trade balance)

Prices are eliminated by (I − sΓᵀ)⁻¹ and spending by (I − ΓTᵀ/x − …)⁻¹: both iterations with the
region's own loop solved exactly, accelerated column by column. What is left is N × N in de.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.economy.baseline import Array
from accord.economy.hat_anderson import History
from accord.economy.hat_chord import inverse
from accord.economy.hat_sweep import Equations, Point, by_region
from accord.errors import NoCertifiedAnswer

ACCURACY = 1e-13
MOST = 400
MEMORY = 4  # of many columns at once: memory is the limit


@dataclass(frozen=True)
class Derivative:
    """The derivative at one counterfactual's point.

    ``share``  (J, N, N) with home;  ``trade`` (J, N, N) without duty, with home;  ``tariff`` the
    duties that apply there
    """

    equations: Equations
    point: Point
    share: Array
    trade: Array
    tariff: Array

    # -- what follows from the point -----------------------------------------------------------

    @cached_property
    def spending(self) -> Array:
        """(J, N, 1) x, never 0."""
        return np.maximum(self.point.x, 1e-300)

    @cached_property
    def abroad(self) -> Array:
        """(J, N, N) trade without home sales."""
        place = np.arange(self.trade.shape[1], dtype=np.intp)
        found = self.trade.copy()
        found[:, place, place] = 0.0
        return found

    @cached_property
    def duty(self) -> Array:
        """(J, N, N) duty paid on each flow."""
        return self.trade * self.tariff

    @cached_property
    def paid(self) -> Array:
        """(N, 1) wages at the point."""
        return self.equations.wages * np.exp(self.point.e)

    @cached_property
    def deficit_by_wage(self) -> Array:
        """(N, N) ∂ deficit / ∂ e."""
        ratio = self.equations.share_of_wages
        if ratio is None:
            return np.zeros((self.paid.size, self.paid.size))
        part = self.paid / self.paid.sum()
        mean = float((part * ratio).sum())
        by_mean = -self.paid * (1.0 + ratio) / (1.0 + mean) ** 2
        own = self.paid * (ratio - mean) / (1.0 + mean)
        return np.diag(own[:, 0]) + by_mean @ (part * (ratio - mean)).T

    @cached_property
    def traded(self) -> Array:
        """(N, 1) exports + imports, what balances are judged against."""
        return self.abroad.sum(axis=(0, 1))[:, None] + self.abroad.sum(axis=(0, 2))[:, None]

    @cached_property
    def income(self) -> Array:
        """(N,) what is spent on final goods: wages, tariff revenue and deficit."""
        deficit = self.equations.deficits(self.point.e)[:, 0]
        return self.paid[:, 0] + self.duty.sum(axis=(0, 2)) + deficit

    @cached_property
    def _home(self) -> tuple[Array, Array]:
        """Home share of spending, and home sales over spending: (J, N) both."""
        share = np.diagonal(self.share, axis1=1, axis2=2)
        return share, np.diagonal(self.trade, axis1=1, axis2=2) / self.spending[:, :, 0]

    @cached_property
    def _local(self) -> tuple[Array, Array]:
        """(N, J, J) inverses of the regions' own loops, of prices and of spending."""
        inputs, eye = self.equations.base.inputs, np.eye(self.share.shape[0])
        prices, sales = self._home
        own = inputs * sales.T[:, None, :]
        own += self.equations.base.final.T[:, :, None] * self._own_duty.T[:, None, :]
        by_price = inverse(eye - inputs * prices.T[:, None, :]).transpose(0, 2, 1)
        return by_price, inverse(eye - own)

    @cached_property
    def _own_duty(self) -> Array:
        """(J, N) duty paid per unit of spending."""
        return self.duty.sum(axis=2) / self.spending[:, :, 0]

    # -- operators: (J, N, M) → (J, N, M) --------------------------------------------------------

    def cost(self, dp: Array) -> Array:
        """Return dc from prices."""
        return by_region(self.equations.inputs_by_user, dp)

    def cost_transposed(self, dc: Array) -> Array:
        """Return Γ dc, the transpose of ``cost``."""
        return by_region(self.equations.base.inputs, dc)

    def bought(self, flow: Array, relative: Array, dc: Array) -> Array:
        """Return Σ_i of the change of ``flow`` (J, N, N), by importer; relative: ξ + θ dp."""
        theta = self.equations.theta
        return flow.sum(axis=2)[:, :, None] * relative - theta * np.matmul(flow, dc)

    def sold(self, flow: Array, relative: Array, dc: Array) -> Array:
        """Return Σ_n of the change of ``flow``, by exporter."""
        theta = self.equations.theta
        onto = np.matmul(flow.transpose(0, 2, 1), relative)
        return onto - theta * flow.sum(axis=1)[:, :, None] * dc

    def solve_prices(self, right: Array) -> Array:
        """Return y with y − s Γᵀ y = right."""
        local = self._local[0]
        return iterate(
            right,
            lambda y: y - np.matmul(self.share, self.cost(y)),
            lambda r: by_region(local, r),
            "prices",
        )

    def solve_prices_transposed(self, right: Array) -> Array:
        """Return y with y − Γ sᵀ y = right."""
        local = self._local[0].transpose(0, 2, 1)
        shares = self.share.transpose(0, 2, 1)
        return iterate(
            right,
            lambda y: y - self.cost_transposed(np.matmul(shares, y)),
            lambda r: by_region(local, r),
            "prices, transposed",
        )

    def from_spending(self, dx: Array) -> Array:
        """Return what spending dx (money) makes of spending: inputs bought and duty spent."""
        relative = dx / self.spending
        output = np.matmul(self.trade.transpose(0, 2, 1), relative)
        revenue = (self._own_duty[:, :, None] * dx).sum(axis=0)
        return by_region(self.equations.base.inputs, output) + self._final * revenue

    def from_spending_transposed(self, y: Array) -> Array:
        """Return the transpose of ``from_spending``."""
        output = by_region(self.equations.inputs_by_user, y)
        revenue = (self._final * y).sum(axis=0)
        return np.matmul(self.trade, output) / self.spending + self._own_duty[:, :, None] * revenue

    def solve_spending(self, right: Array) -> Array:
        """Return y with y − from_spending(y) = right."""
        local = self._local[1]
        return iterate(
            right,
            lambda y: y - self.from_spending(y),
            lambda r: by_region(local, r),
            "spending",
        )

    def solve_spending_transposed(self, right: Array) -> Array:
        """Return y with y − from_spending_transposed(y) = right."""
        local = self._local[1].transpose(0, 2, 1)
        return iterate(
            right,
            lambda y: y - self.from_spending_transposed(y),
            lambda r: by_region(local, r),
            "spending, transposed",
        )

    @cached_property
    def _final(self) -> Array:
        return self.equations.base.final[:, :, None]

    # -- elimination -----------------------------------------------------------------------------

    def prices_by(self, de: Array, gap: Array) -> Array:
        """Return dp (J, N, M) for de (N, M) and price gaps (J, N, M)."""
        direct = self.equations.base.value_added[:, :, None] * de
        return self.solve_prices(np.matmul(self.share, direct) + gap)

    def unit_cost(self, de: Array, dp: Array) -> Array:
        """Return dc (J, N, M)."""
        return self.equations.base.value_added[:, :, None] * de + self.cost(dp)

    def spending_by(self, de: Array, dp: Array, dc: Array, gap: Array) -> Array:
        """Return dx (J, N, M), money, for de, dp, dc and gaps of spending, money."""
        relative = self.equations.theta * dp
        income = self.paid * de + self.deficit_by_wage @ de
        income = income + self.bought(self.duty, relative, dc).sum(axis=0)
        output = self.sold(self.trade, relative, dc)
        right = by_region(self.equations.base.inputs, output) + self._final * income + gap
        return self.solve_spending(right)

    def balance_by(self, de: Array, dp: Array, dc: Array, dx: Array) -> Array:
        """Return d balance (N, M), money."""
        relative = dx / self.spending + self.equations.theta * dp
        exports = self.sold(self.abroad, relative, dc).sum(axis=0)
        imports = self.bought(self.abroad, relative, dc).sum(axis=0)
        return exports - imports + self.deficit_by_wage @ de


def iterate(
    right: Array, times: Callable[[Array], Array], nearly: Callable[[Array], Array], what: str
) -> Array:
    """Return y with times(y) = right (J, N, M), ``nearly`` an approximate inverse of ``times``.

    Raises ``NoCertifiedAnswer`` where 400 rounds do not reach 1e-13 of each column's size.
    """
    shape = right.shape
    columns = shape[-1]
    size = np.abs(right).reshape(-1, columns).max(axis=0)
    size = np.where(size > 0.0, size, 1.0)
    y = nearly(right)
    history = History(right.size // columns, columns, MEMORY)
    best, best_error = y, float("inf")
    for _ in range(MOST):
        gap = right - times(y)
        error = float((np.abs(gap).reshape(-1, columns).max(axis=0) / size).max())
        if error < best_error:
            best, best_error = y, error
        elif best_error <= 1e3 * ACCURACY:  # rounding is reached
            break
        if error <= ACCURACY or not np.isfinite(error):
            break
        correction = nearly(gap).reshape(-1, columns) / size
        y = y + (history.move(correction) * size).reshape(shape)
    if best_error > 1e4 * ACCURACY:
        raise NoCertifiedAnswer(
            f"the linear system of {what} is solved only to {best_error:.0e}",
            "larger shares of value added or smaller duties",
        )
    return best
