"""What amounts at different times are worth today: present values, annuities, payback.

Amounts are a vector, one a period, the first at time 0; a rate is a fraction a period. Several
streams at once are rows: amounts (..., periods), rate scalar or (...,).
Formulas: R. Brealey, S. Myers and F. Allen, *Principles of Corporate Finance*, chapters 2 and 5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def discount_factors(rate: float | Array, periods: int) -> Array:
    """Return ``(1 + rate)^−t`` for t = 0 … periods − 1, shape (..., periods).

    Raises ``ValueError`` for a rate of −100 % or less.
    """
    rates = np.asarray(rate, dtype=float)
    if np.any(rates <= -1.0):
        msg = "a rate must be more than -100 % a period"
        raise ValueError(msg)
    return np.power(1.0 + rates[..., None], -np.arange(periods, dtype=float))


def present_value(rate: float | Array, amounts: Array) -> Array:
    """Return ``Σ amounts_t (1 + rate)^−t``, the first amount undiscounted; shape (...,)."""
    flows = np.asarray(amounts, dtype=float)
    return np.sum(discount_factors(rate, flows.shape[-1]) * flows, axis=-1)


def annuity_factor(rate: float | Array, periods: float) -> Array:
    """Return what 1 a period, paid at the end of each of ``periods``, is worth today; (...,)."""
    rates = np.asarray(rate, dtype=float)
    some = np.where(rates == 0.0, 1.0, rates)
    return np.where(rates == 0.0, periods, -np.expm1(-periods * np.log1p(some)) / some)


def annuity(principal: float | Array, rate: float | Array, periods: float) -> Array:
    """Return the level payment at the end of each period that repays a principal; (...,).

    Raises ``ValueError`` where there is no period to pay in.
    """
    if periods <= 0:
        msg = "a loan needs at least one period to be repaid in"
        raise ValueError(msg)
    return principal / annuity_factor(rate, periods)


def payback(amounts: Array) -> float | None:
    """Return the time at which the running sum of amounts turns positive for good.

    Within a period the amount comes evenly. ``None`` where the sum ends below 0; 0 where nothing
    is ever owed.
    """
    total = np.cumsum(np.asarray(amounts, dtype=float))
    if total[-1] < 0.0:
        return None
    below = np.flatnonzero(total < 0.0)
    if below.size == 0:
        return 0.0
    last = int(below[-1])
    return float(last + -total[last] / (total[last + 1] - total[last]))


def discounted_payback(rate: float, amounts: Array) -> float | None:
    """Return the payback of amounts discounted to time 0."""
    flows = np.asarray(amounts, dtype=float)
    return payback(flows * discount_factors(rate, flows.shape[-1]))
