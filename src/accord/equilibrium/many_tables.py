"""Many markets of one universe laid out good by good: the tables of ``tables``, draw by draw.

Every array has a leading axis: of the draws (D), or of length 1 where all draws agree, so that
NumPy broadcasts it. Where everything has its place is the same for all and is ``shape``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index
from accord.equilibrium.bounds import Bounds, bounds_of
from accord.equilibrium.many_shape import Shape
from accord.equilibrium.stack import Stack

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BUYERS = {"theta": 1.0, "constant": 0.0, "quantity": 0.0, "price": 1.0, "choke": 2.0, "gamma": 1.0}


@dataclass(frozen=True, eq=False)
class Rows:
    """Arrays with a leading axis of draws, or of length 1 where all draws agree."""

    def rows(self, draws: Index | slice) -> Self:
        """Return some draws."""
        parts = ((x.name, getattr(self, x.name)) for x in fields(self))
        return replace(self, **{k: cut(x, draws) for k, x in parts if hasattr(x, "take")})


def cut(values: Array, draws: Index | slice) -> Array:
    """Return the rows of some draws; values that are the same for all as they are."""
    if len(values) == 1:
        return values
    return values[draws] if isinstance(draws, slice) else values.take(draws, axis=0)


@dataclass(frozen=True, eq=False)
class Tabled(Rows):
    """What may differ by draw.

    ``bare``, ``fall``, ``slope``  of lanes (D, L), in the shape's order, else as in ``tables``
    ``theta`` … ``gamma``  of buyers (D, G·B), with the ``span`` from the choke price to the
                 reference price, and the price of those whom nobody serves, ``priced_out``
    ``kept`` … ``capacity``  of activities (D, A);  ``per_capacity`` 1/capacity, 0 without any
    ``bound``, ``grows``  of limits (D, M), (D, M, A)
    ``charge_slope``, ``charge_intercept``  of the shifters' entries (D, k)
    ``lower`` … ``f_scale``  bounds and sizes (D, n);  ``y_lower``, ``y_upper`` the bounds in units
                 of z's sizes
    """

    bare: Array
    fall: Array
    slope: Array
    theta: Array
    constant: Array
    quantity: Array
    choke: Array
    gamma: Array
    span: Array
    priced_out: Array
    kept: Array
    fixed_cost: Array
    rising_cost: Array
    inverse_curvature: Array
    capacity: Array
    per_capacity: Array
    bound: Array
    grows: Array
    charge_slope: Array
    charge_intercept: Array
    lower: Array
    upper: Array
    z_scale: Array
    f_scale: Array
    y_lower: Array
    y_upper: Array


@dataclass(frozen=True, eq=False)
class ManyLayout:
    """``count`` markets on tables."""

    shape: Shape
    count: int
    of: Tabled

    def rows(self, draws: Index) -> ManyLayout:
        """Return some of the markets (k,)."""
        return ManyLayout(self.shape, len(draws), self.of.rows(draws))

    def clip(self, z: Array) -> Array:
        """Return points (D, n) moved into their bounds."""
        return np.clip(z, self.of.lower, self.of.upper)

    def standing(self, z: Array, f: Array) -> Standing:
        """Return where points (D, n) with F(z) = f stand."""
        of = self.of
        y, g = z / of.z_scale, f / of.f_scale
        aim = y - g
        low, high = aim <= of.y_lower, aim >= of.y_upper
        # F itself where it is free: see ``Problem.natural_residual``.
        residual = np.where(low, y - of.y_lower, np.where(high, y - of.y_upper, g))
        size = np.max(np.abs(residual), axis=1, initial=0.0)
        size[~(np.all(np.isfinite(f), axis=1) & np.isfinite(size))] = np.inf
        return Standing(z, f, size, low, high)


class Standing(NamedTuple):
    """Points z and F there (D, n), and where they stand.

    ``size``  largest scaled natural residual (D,), infinite where F is not a number
    ``low``, ``high``  whether a row is at its lower, its upper bound (D, n)
    """

    z: Array
    f: Array
    size: Array
    low: Mask
    high: Mask

    def rows(self, draws: Index | Mask) -> Standing:
        """Return some draws."""
        return Standing(
            self.z[draws], self.f[draws], self.size[draws], self.low[draws], self.high[draws]
        )


def many_layout(shape: Shape, stack: Stack) -> ManyLayout:
    """Return the tables of a stack's markets."""
    layout, lanes = shape.layout, stack.lanes
    goods, _, b = shape.size
    buyers = {
        x: _placed(getattr(stack.buyers, x), layout.buyer, goods * b, empty)
        for x, empty in BUYERS.items()
    }
    weight, slope, intercept = (
        shape.open(np.atleast_2d(x).take(shape.order, axis=1))
        for x in (lanes.log_weight, lanes.slope, lanes.intercept)
    )
    theta = shape.from_buyers(buyers["theta"])
    bare, fall = weight - theta * intercept, theta * slope
    names = ("kept", "fixed_cost", "rising_cost", "inverse_curvature", "capacity")
    activities = {x: np.atleast_2d(getattr(stack.activities, x)) for x in names}
    charge_slope, charge_intercept = _charges(shape, stack)
    bounds: Bounds = bounds_of(stack.base, stack.activities, stack.limits)
    sizes = {x.name: np.atleast_2d(getattr(bounds, x.name)) for x in fields(bounds)}
    grows, capacity = stack.limits.grows, activities["capacity"]
    reference = buyers.pop("price")
    of = Tabled(
        bare=bare.reshape(len(bare), -1),
        fall=fall.reshape(len(fall), -1),
        slope=slope.reshape(len(slope), -1),
        **buyers,
        span=buyers["choke"] - reference,
        priced_out=1e3 * np.maximum(np.abs(buyers["constant"]), buyers["choke"]),
        **activities,
        per_capacity=np.where(capacity > 0.0, 1.0 / np.where(capacity > 0.0, capacity, 1.0), 0.0),
        bound=np.atleast_2d(stack.limits.bound),
        grows=grows if grows.ndim > stack.base.limits.grows.ndim else grows[None],
        charge_slope=charge_slope,
        charge_intercept=charge_intercept,
        **sizes,
        y_lower=sizes["lower"] / sizes["z_scale"],
        y_upper=sizes["upper"] / sizes["z_scale"],
    )
    return ManyLayout(shape, stack.count, of)


def _placed(values: Array, place: Index, size: int, empty: float) -> Array:
    """Lay values (k,) or (D, k) out in their places (1 or D, size)."""
    rows = np.atleast_2d(values)
    whole = np.full((len(rows), size), empty)
    whole[:, place] = rows
    return whole


def _charges(shape: Shape, stack: Stack) -> tuple[Array, Array]:
    """Return slope and intercept of every entry of the shifters (D, k)."""
    shifters, limits, lanes = shape.layout.shifters, stack.limits, stack.lanes
    lane, rented = shape.order[shape.number[shifters.lane]], shifters.which < shifters.rents
    tracer = np.array([t for t, _ in shifters.share_of], dtype=np.intp)
    of_rent = (shifters.which[rented], lane[rented])
    of_trace = (tracer[shifters.which[~rented] - shifters.rents], lane[~rented])
    return (
        _chosen(limits.rent_slope, of_rent, lanes.traced_slope, of_trace),
        _chosen(limits.rent_intercept, of_rent, lanes.traced_intercept, of_trace),
    )


def _chosen(
    rents: Array, of_rent: tuple[Index, Index], traces: Array, of_trace: tuple[Index, Index]
) -> Array:
    # Entries of rents come first in a layout, those of traced shares after them.
    one, other = (
        np.atleast_2d(rents[..., of_rent[0], of_rent[1]]),
        np.atleast_2d(traces[..., of_trace[0], of_trace[1]]),
    )
    count = max(len(one), len(other))
    parts = [np.broadcast_to(x, (count, x.shape[1])) for x in (one, other)]
    return np.concatenate(parts, axis=1)
