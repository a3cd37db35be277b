"""The most that final users could take, at the largest rebates the model allows."""

from __future__ import annotations

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector


def demand_ceiling(arrays: Arrays, closure: str) -> Vector:
    """Return a bound on final use (B,), in t/yr; infinite where this closure has none to give.

    Under the share closure the buyer price is never below its value with all lanes open, producer
    prices at 0 and every minimum's rebate at its largest; demand there bounds it everywhere.
    Homogeneous buyers may throw away what is free, and armington's do not count in tonnes.
    """
    buyers, lanes = arrays.buyers, arrays.lanes
    wanted = buyers.quantity > 0.0
    if closure != "share":
        return np.where(wanted | (closure == "homogeneous"), np.inf, 0.0)
    cost = _lowest_cost(arrays)
    # A lane that is shut now counts as open where it has a weight: the universe remembers it.
    weight = np.array([x.log_weight for x in arrays.universe.lanes])
    exponent = weight - buyers.theta[lanes.buyer] * cost
    total = np.full(len(buyers.theta), -np.inf)
    with np.errstate(over="ignore"):
        np.logaddexp.at(total, lanes.buyer, exponent)
        price = buyers.constant - np.where(np.isfinite(total), total, 0.0) / buyers.theta
        gap = np.maximum(buyers.choke - price, 0.0) / (buyers.choke - buyers.price)
        most = buyers.quantity * gap**buyers.gamma
    reached = np.isfinite(total) | np.isneginf(total)
    return np.where(wanted, np.where(reached & np.isfinite(most), most, np.inf), 0.0)


def _lowest_cost(arrays: Arrays) -> Vector:
    """Return a cost that no tonne on a lane can land below (L,); −∞ where a price could lower it.

    Rents of upper limits only add to it. Traced duties are left out where they add as well.
    """
    lanes, limits = arrays.lanes, arrays.limits
    rebate = limits.active & (limits.sign < 0.0)
    cost = lanes.intercept + np.where(rebate, limits.top, 0.0) @ np.minimum(
        limits.rent_intercept, 0.0
    )
    if arrays.tracers.count:
        cost = cost + np.minimum(lanes.traced_intercept, 0.0).sum(axis=0)
    slope = lanes.slope + np.minimum(limits.rent_slope, 0.0).sum(axis=0)
    if arrays.tracers.count:
        slope = slope + np.minimum(lanes.traced_slope, 0.0).sum(axis=0)
    return np.where(slope >= 0.0, cost, -np.inf)
