"""The path from the market before to the market after: what is where at a fraction u of the way.

Costs, duties and capacities move in a straight line; capacity that comes from nothing or goes to
nothing, along a curve that lingers there. Lanes that open or close fade in or out by weight; limits
that come or go start or end just as loose as it takes not to bind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import (
    ActivityArrays,
    Arrays,
    LaneArrays,
    LimitArrays,
    Vector,
)
from accord.equilibrium.state import State, bin_sum

T = TypeVar("T", LaneArrays, ActivityArrays, LimitArrays)
# Next to no capacity its price runs off like −ln K; along K = u² its path is smooth.
LINGER = 2
# How far, in logarithms, a lane that fades alone goes beyond the price that nobody pays.
BEYOND = 30.0


def blend(before: State, after: State, u: float, *, steep: bool = False) -> Arrays:
    """Return the market a fraction u of the way from before to after."""
    a, b = before.arrays, after.arrays
    mixed = _mix(
        a.lanes, b.lanes, u, skip=("node", "buyer", "shipped", "log_weight", "ceiling", "home")
    )
    weights = _blend_weights(before, after, u, steep=steep)
    settled = _settled(mixed, a.lanes, b.lanes)
    lanes = replace(settled, log_weight=weights, ceiling=_ceilings(before, after, u))
    activities = _mix(a.activities, b.activities, u, only=("kept", "fixed_cost", "unit_tax"))
    return replace(
        b,
        lanes=lanes,
        activities=replace(activities, capacity=capacity_at(before, after, u)),
        limits=_blend_limits(before, after, u),
    )


def capacity_at(before: State, after: State, u: float) -> Vector:
    """Return the capacity of every activity a fraction u of the way (A,)."""
    a, b = before.arrays.activities.capacity, after.arrays.activities.capacity
    straight = (1.0 - u) * a + u * b
    coming = np.where((a == 0.0) & (b > 0.0), u**LINGER * b, straight)
    return np.where((b == 0.0) & (a > 0.0), (1.0 - u) ** LINGER * a, coming)


def capacity_rate(before: State, after: State, u: float) -> Vector:
    """Return d capacity / du (A,)."""
    a, b = before.arrays.activities.capacity, after.arrays.activities.capacity
    coming = np.where((a == 0.0) & (b > 0.0), LINGER * u ** (LINGER - 1) * b, b - a)
    leaving = -LINGER * (1.0 - u) ** (LINGER - 1) * a
    return np.where((b == 0.0) & (a > 0.0), leaving, coming)


def _ceilings(before: State, after: State, u: float) -> Vector:
    """Return the most that lanes open at one end only may carry on the way (L,).

    Where flows are unknowns such a lane is let in in proportion to what it carries at its own end.
    """
    a, b = before.arrays.lanes, after.arrays.lanes
    coming, going = _closed_in(a, b), _closed_in(b, a)
    fading = np.where(going, (1.0 - u) * before.flow, np.inf)
    return np.where(coming, u * after.flow, fading)


def _mix(a: T, b: T, u: float, *, skip: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> T:
    names = only or tuple(n for n in vars(b) if n not in skip)
    return replace(b, **{n: (1.0 - u) * getattr(a, n) + u * getattr(b, n) for n in names})


COSTS = ("slope", "intercept", "real_slope", "real_intercept", "traced_slope", "traced_intercept")


def _settled(mixed: LaneArrays, a: LaneArrays, b: LaneArrays) -> LaneArrays:
    """Give lanes that are open at one end only the costs of that end all along.

    What a closed lane would have cost is of no consequence, and a duty of 200 % on it would only
    make the path steep.
    """
    coming, going = _closed_in(a, b), _closed_in(b, a)
    if not (coming.any() or going.any()):
        return mixed

    def settled(name: str) -> Vector:
        start: Vector = getattr(a, name)
        end: Vector = getattr(b, name)
        middle: Vector = getattr(mixed, name)
        return np.where(coming, end, np.where(going, start, middle))

    return replace(mixed, **{name: settled(name) for name in COSTS})


def _closed_in(one: LaneArrays, other: LaneArrays) -> NDArray[np.bool_]:
    """Return the lanes closed in ``one`` and open in ``other`` (L,)."""
    return np.isfinite(other.log_weight) & ~np.isfinite(one.log_weight)


def _blend_weights(before: State, after: State, u: float, *, steep: bool) -> Vector:
    coming, going = fades(before, after, steep=steep)
    mixed = (1.0 - u) * going.log_weight + u * coming.log_weight
    shut = np.where(coming.both, mixed, -np.inf)
    fading = np.where(going.lanes, going.log_grown(1.0 - u), shut)
    return np.where(coming.lanes, coming.log_grown(u), fading)


def _blend_limits(before: State, after: State, u: float) -> LimitArrays:
    a, b = before.arrays.limits, after.arrays.limits
    mixed = _mix(a, b, u, only=("rent_slope", "rent_intercept", "bound", "grows", "top"))
    only_before, only_after = a.active & ~b.active, b.active & ~a.active
    # A limit that comes or goes starts or ends exactly as loose as it must be not to bind, and
    # the extra duty of a tariff-rate quota fades in or out.
    loose_after, loose_before = _slack_needed(b, before), _slack_needed(a, after)
    bound = np.where(only_after, _tightened(b.bound, loose_after, u), mixed.bound)
    bound = np.where(only_before, _tightened(a.bound, loose_before, 1.0 - u), bound)
    fade = np.where(only_after, u, np.where(only_before, 1.0 - u, np.nan))
    source_slope = np.where(only_before[:, None], a.rent_slope, b.rent_slope)
    source_cut = np.where(only_before[:, None], a.rent_intercept, b.rent_intercept)
    quota = (only_after | only_before) & (b.top == 1.0)
    whole = (only_after | only_before) & ~quota
    scale = np.where(quota, fade, 1.0)[:, None]
    change = (quota | whole)[:, None]
    bound = np.where(quota, np.where(only_before, a.bound, b.bound), bound)
    return replace(
        b,
        bound=bound,
        grows=np.where(
            only_before[:, None], a.grows, np.where(only_after[:, None], b.grows, mixed.grows)
        ),
        rent_slope=np.where(change, source_slope * scale, mixed.rent_slope),
        rent_intercept=np.where(change, source_cut * scale, mixed.rent_intercept),
        top=np.where(only_before, a.top, np.where(only_after, b.top, mixed.top)),
        active=a.active | b.active,
    )


def _tightened(bound: Vector, loose: Vector, v: float) -> Vector:
    """Return a bound a fraction v of its way from loose to tight: evenly in logs where it can be.

    A rent rises with the logarithm of the tonnes, so even steps of it are even steps of the rent.
    """
    start = bound + loose
    in_logs = (bound > 0.0) & (start > 0.0)
    ratio = np.where(in_logs, bound, 1.0) / np.where(in_logs, start, 1.0)
    return np.where(in_logs, start * ratio**v, start - v * loose)


def _slack_needed(limits: LimitArrays, state: State) -> Vector:
    """How far a limit must move not to bind at a state where it is absent."""
    arrays = replace(state.arrays, limits=limits)
    there = state.at(arrays, state.z)
    gap = there.counted_flow - there.bound
    return np.where(limits.sign > 0.0, np.maximum(gap, 0.0), np.minimum(gap, 0.0))


@dataclass(frozen=True)
class Fade:
    """How lanes that are open at one end of the path only gain their weight, from v = 0 to 1.

    With other supply beside them, w = (1−S)v/(1−Sv), where S is their share in the end: their share
    then moves nearly in a straight line and the quadrature converges fast. Where they are all the
    supply there is, ln w = −reach·(1−v): the price comes down evenly from where nobody buys. So do
    all lanes of a ``steep`` path, for those that carry goods even with next to no weight. Lanes
    from where all capacity comes or goes are ``held`` at their weight: tonnes end with what is
    made.
    """

    lanes: NDArray[np.bool_]
    both: NDArray[np.bool_]
    log_weight: Vector
    share: Vector
    alone: NDArray[np.bool_]
    reach: Vector
    held: NDArray[np.bool_]

    @classmethod
    def of(cls, state: State, other: State, *, steep: bool) -> Fade:
        """Return the fade of the lanes open at ``state`` and closed at ``other``."""
        arrays, buyer = state.arrays, state.arrays.lanes.buyer
        is_open = np.isfinite(arrays.lanes.log_weight)
        other_open = np.isfinite(other.arrays.lanes.log_weight)
        lanes = is_open & ~other_open
        total = bin_sum(buyer, np.where(lanes, state.mix, 0.0), len(state.served))
        return cls(
            lanes=lanes,
            both=is_open & other_open,
            log_weight=np.where(is_open, arrays.lanes.log_weight, 0.0),
            share=np.minimum(total, 1.0 - 1e-12)[buyer],
            alone=~other.served[buyer] | steep,
            reach=(arrays.buyers.theta * _price_nobody_pays(arrays))[buyer] + BEYOND,
            held=(_made(arrays) & ~_made(other.arrays))[arrays.lanes.node],
        )

    def rate(self, v: float) -> Vector:
        """Return d ln w/dv (L,)."""
        steady = 1.0 / v + self.share / (1.0 - self.share * v)
        return np.where(self.held, 0.0, np.where(self.alone, self.reach, steady))

    def log_grown(self, v: float) -> Vector:
        """Return ln α + ln w (L,)."""
        grown = np.log((1.0 - self.share) * v / (1.0 - self.share * v))
        gained = np.where(self.alone, -self.reach * (1.0 - v), grown)
        return self.log_weight + np.where(self.held, 0.0, gained)


def _made(arrays: Arrays) -> NDArray[np.bool_]:
    """Whether anything can be made at a node (N,)."""
    return arrays.activities.outputs @ arrays.activities.capacity > 0.0


def fades(before: State, after: State, *, steep: bool) -> tuple[Fade, Fade]:
    """Return the fades of what opens and of what closes along the path."""
    return Fade.of(after, before, steep=steep), Fade.of(before, after, steep=steep)


def _price_nobody_pays(arrays: Arrays) -> float:
    """Return a price at which neither final demand nor any plant buys a tonne of anything."""
    needs = arrays.activities.inputs
    least = float(np.min(needs, initial=1.0, where=needs > 0.0))
    wanted = arrays.buyers.quantity > 0.0
    return float(np.max(arrays.buyers.choke, initial=0.0, where=wanted)) / least
