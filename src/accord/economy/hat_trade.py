"""What regions buy from each other at given costs: the only part that touches all (J, N, N).

    Φ_n^j = Σ_i B_ni^j a_i^j        B = π (d̂ (1+τ′)/(1+τ))^(−θ),  a = ĉ^(−θ),  P̂ = Φ^(−1/θ)

Home sales are kept apart from trade, so that a country that trades a millionth of a millionth of
what it makes has its trade balance computed without cancellation. Arrays of one counterfactual have
a last axis of 1; of a batch on one baseline, of S.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import Array, Baseline, Shock

Index = NDArray[np.intp]


class Trade(Protocol):
    """Shifted shares of one counterfactual, or of many on one baseline."""

    @property
    def home(self) -> Array:
        """Home shares (J, N, 1)."""
        ...

    @property
    def dutiable(self) -> bool:
        """Whether any duty is charged."""
        ...

    def gross(self, a: Array) -> Array:
        """Return Σ_{i≠n} B_ni a_i (J, N, S): spending on imports, duty included, over X/Φ."""
        ...

    def net(self, a: Array) -> Array:
        """Return Σ_{i≠n} B_ni a_i /(1+τ′) (J, N, S): the same without duty."""
        ...

    def sold(self, v: Array) -> Array:
        """Return Σ_{n≠i} B_ni v_n /(1+τ′) (J, N, S): exports over a."""
        ...


@dataclass(frozen=True)
class DenseTrade:
    """One counterfactual: B and B/(1+τ′) without their diagonals, over the sectors that trade."""

    home: Array
    traded: slice | Index
    before_duty: Array
    after_duty: Array
    dutiable: bool

    def gross(self, a: Array) -> Array:
        """See ``Trade``."""
        return self._times(self.before_duty, a)

    def net(self, a: Array) -> Array:
        """See ``Trade``."""
        return self._times(self.after_duty, a)

    def sold(self, v: Array) -> Array:
        """See ``Trade``."""
        return self._times(self.after_duty.transpose(0, 2, 1), v)

    def _times(self, matrix: Array, a: Array) -> Array:
        if len(matrix) == len(a):  # every sector trades
            return np.matmul(matrix, a)
        found = np.zeros_like(a)
        found[self.traded] = np.matmul(matrix, a[self.traded])
        return found


@dataclass(frozen=True)
class SharedTrade:
    """Many counterfactuals: one DenseTrade, and for each the few entries in which it differs.

    ``buyer``, ``seller``  (L,) flat places of (j, n, s) and (j, i, s)
    ``gross_change``, ``net_change``  (L,) what is added to B and to B/(1+τ′) there
    """

    base: DenseTrade
    buyer: Index
    seller: Index
    gross_change: Array
    net_change: Array
    dutiable: bool = True

    @property
    def home(self) -> Array:
        """See ``Trade``."""
        return self.base.home

    def gross(self, a: Array) -> Array:
        """See ``Trade``."""
        return self.base.gross(a) + _scattered(self.buyer, self.gross_change, self.seller, a)

    def net(self, a: Array) -> Array:
        """See ``Trade``."""
        return self.base.net(a) + _scattered(self.buyer, self.net_change, self.seller, a)

    def sold(self, v: Array) -> Array:
        """See ``Trade``."""
        return self.base.sold(v) + _scattered(self.seller, self.net_change, self.buyer, v)


def _scattered(to: Index, change: Array, place: Index, values: Array) -> Array:
    added = np.bincount(to, weights=change * values.ravel()[place], minlength=values.size)
    return np.asarray(added, dtype=np.float64).reshape(values.shape)


def dense_trade(base: Baseline, shock: Shock) -> DenseTrade:
    """Return what a shock makes of a baseline's shares."""
    at = base.traded
    share, rate = base.share[at], base.tariff[at] if shock.tariff is None else shock.tariff[at]
    dearer = 1.0 + rate
    power = np.zeros_like(share) if shock.tariff is None else np.log(dearer)
    if shock.tariff is not None:
        power -= base.log_duty
    if shock.trade_cost is not None:
        power += np.log(shock.trade_cost[at])
    power *= -base.theta[at, None, None]  # in place from here on: these are the largest arrays
    shifted = np.exp(power, out=power)
    shifted *= share
    diagonal = np.arange(base.share.shape[1], dtype=np.intp)
    shifted[:, diagonal, diagonal] = 0.0
    dutiable = bool(np.any(rate))
    return DenseTrade(
        home=np.diagonal(base.share, axis1=1, axis2=2)[:, :, None].copy(),
        traded=at,
        before_duty=shifted,
        after_duty=np.divide(shifted, dearer, out=dearer) if dutiable else shifted,
        dutiable=dutiable,
    )
