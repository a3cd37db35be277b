"""The second computation of the change of welfare: an integral along a path of deals.

Along a path u from the market before (0) to the market after (1), with t_l the duty and rent per
tonne on lane l and t_a the tax per unit of activity a,

    dW = Σ t_l dx_l + Σ t_a dz_a + Σ (x_l/θ) d ln α_l
         − Σ x_l d(real cost)_l − Σ z_a d(cost)_a + Σ v_a dK_a

A lane that opens starts with no weight and ends with all of it, one that closes the other way
round: nothing jumps. v is what one more unit of capacity earns. Only flows, duties and prices
enter, none of the surplus formulas, so agreement with the sum of the parts is evidence. Source:
A. Harberger, "The measurement of waste", American Economic Review 54 (1964), taken along a finite
path; quadrature by Clenshaw and Curtis (1960), split where what binds changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium import Equilibrium
from accord.equilibrium.arrays import (
    ActivityArrays,
    Arrays,
    LaneArrays,
    LimitArrays,
    Matrix,
    Vector,
)
from accord.equilibrium.share import State, bin_sum, problem_of
from accord.errors import NoCertifiedAnswer
from accord.solve import Ladder

T = TypeVar("T", LaneArrays, ActivityArrays, LimitArrays)
ORDER = 8
KINK_WIDTH = 2e-6
SMOOTH_ENOUGH = 3e-7
MOST_SPLITS = 40


@dataclass(frozen=True, slots=True)
class PathIntegral:
    """The integral, the solves it took, and the kinks it met on the way."""

    total: float
    solves: int
    kinks: int

    def minus(self, amount: float) -> PathIntegral:
        """Return the integral less ``amount`` (rents that nobody earns)."""
        return replace(self, total=self.total - amount)


@dataclass(frozen=True)
class Point:
    """A state on the path at ``u``, with which conditions bind there."""

    u: float
    state: State

    @cached_property
    def signature(self) -> bytes:
        """Which unknowns are at which bound, and which buyers are priced out."""
        problem = problem_of(self.state.arrays)
        target = self.state.z / problem.z_scale - self.state.conditions / problem.f_scale
        low = target <= problem.lower / problem.z_scale
        high = target >= problem.upper / problem.z_scale
        out = self.state.buyer_price >= self.state.arrays.buyers.choke
        free_to_move = problem.upper > problem.lower
        return np.concatenate([low & free_to_move, high & free_to_move, out]).tobytes()


def integrate(before: Equilibrium, after: Equilibrium, *, size: float) -> PathIntegral:
    """Integrate dW from before to after; ``size`` (USD) is what errors are judged against.

    Raises ``NoCertifiedAnswer`` where the path cannot be followed.
    """
    if size == 0.0:
        return PathIntegral(0.0, 0, 0)
    walk = _Walk(before.state, after.state, size)
    return walk.run()


@dataclass
class _Walk:
    before: State
    after: State
    size: float
    solves: int = 0
    kinks: int = 0

    def run(self) -> PathIntegral:
        ends = Point(0.0, self.before), Point(1.0, self.after)
        total = self._between(*ends, MOST_SPLITS)
        return PathIntegral(total, self.solves, self.kinks)

    def _at(self, u: float, near: Point) -> Point:
        arrays = blend(self.before, self.after, u)
        outcome = Ladder().solve(problem_of(arrays), near.state.z)
        self.solves += 1
        if not outcome.solved:
            raise NoCertifiedAnswer(
                f"the second computation of welfare stops at {100 * u:.1f} % of the way: "
                f"{outcome.cause}",
                "apply the deal's terms one by one to find the one that cannot be followed",
            )
        return Point(u, State(arrays, outcome.z))

    def _between(self, a: Point, b: Point, splits: int) -> float:
        if splits == 0 or b.u - a.u <= KINK_WIDTH:
            return _trapezoid(self, a, b)
        if a.signature != b.signature:
            return self._across_a_kink(a, b, splits)
        points = self._panel(a, b)
        changed = _first_change(points)
        if changed is not None:
            middle = points[changed]
            return self._between(a, middle, splits - 1) + self._between(middle, b, splits - 1)
        fine, coarse = _quadrature(self, points), _quadrature(self, points[::2])
        if abs(fine - coarse) <= SMOOTH_ENOUGH * self.size:
            return fine
        middle = points[len(points) // 2]
        return self._between(a, middle, splits - 1) + self._between(middle, b, splits - 1)

    def _panel(self, a: Point, b: Point) -> list[Point]:
        nodes, _, _ = chebyshev(ORDER)
        points = [a]
        for node in nodes[1:-1]:
            u = a.u + 0.5 * (b.u - a.u) * (node + 1.0)
            points.append(self._at(float(u), points[-1]))
        return [*points, b]

    def _across_a_kink(self, a: Point, b: Point, splits: int) -> float:
        low, high = a, b
        while high.u - low.u > KINK_WIDTH:
            middle = self._at(0.5 * (low.u + high.u), low)
            low, high = (middle, high) if middle.signature == a.signature else (low, middle)
        self.kinks += 1
        left = self._between(a, low, splits - 1)
        right = self._between(high, b, splits - 1)
        return left + _trapezoid(self, low, high) + right


def _first_change(points: list[Point]) -> int | None:
    for i in range(1, len(points) - 1):
        if points[i].signature != points[0].signature:
            return i
    return None


def _trapezoid(walk: _Walk, a: Point, b: Point) -> float:
    """Integrate over an interval so short that a straight line will do."""
    return _sum_over(walk, [a, b], np.array([0.5, 0.5]), np.array([[-1.0, 1.0], [-1.0, 1.0]]))


def _quadrature(walk: _Walk, points: list[Point]) -> float:
    _, weights, slope = chebyshev(len(points) - 1)
    return _sum_over(walk, points, 0.5 * weights, 2.0 * slope)


def _sum_over(walk: _Walk, points: list[Point], weights: Vector, slope: Matrix) -> float:
    """Σ weights · integrand, with derivatives along the unit interval by ``slope``."""
    width = points[-1].u - points[0].u
    flow = slope @ np.array([p.state.flow for p in points])
    level = slope @ np.array([p.state.level for p in points])
    total = 0.0
    for i, point in enumerate(points):
        moved = (
            transfer_per_tonne(point.state) @ flow[i] + transfer_per_unit(point.state) @ level[i]
        )
        total += weights[i] * (moved + width * _drift(walk.before, walk.after, point))
    return float(total)


def transfer_per_tonne(state: State) -> Vector:
    """Return t_l: landed cost less what is really used up (L,)."""
    lanes = state.arrays.lanes
    real = lanes.real_slope * state.price[lanes.node] + lanes.real_intercept
    return state.landed_cost - real


def transfer_per_unit(state: State) -> Vector:
    """Return t_a: output taxes per unit of each activity (A,)."""
    activities = state.arrays.activities
    return (1.0 - activities.kept) * (state.price @ activities.outputs) + activities.unit_tax


def _drift(before: State, after: State, point: Point) -> float:
    """dW/du by the data that move along the path: weights, real costs, capacities."""
    state, start, end = point.state, before.arrays, after.arrays
    lanes = state.arrays.lanes
    price = state.price[lanes.node]
    real = (end.lanes.real_slope - start.lanes.real_slope) * price
    real = real + end.lanes.real_intercept - start.lanes.real_intercept
    real_fixed = _real_cost(end) - _real_cost(start)
    capacity = end.activities.capacity - start.activities.capacity
    total = _weight_gain(before, after, point) - state.flow @ real - state.level @ real_fixed
    return float(total + value_of_capacity(state) @ capacity)


def _real_cost(arrays: Arrays) -> Vector:
    return arrays.activities.fixed_cost - arrays.activities.unit_tax


def _weight_gain(before: State, after: State, point: Point) -> float:
    """Σ (x/θ) d ln α / du over the lanes whose weights move."""
    state, u = point.state, point.u
    start, end = before.arrays, after.arrays
    theta = state.arrays.buyers.theta[state.arrays.lanes.buyer]
    first, last = start.lanes.log_weight, end.lanes.log_weight
    was, will = np.isfinite(first), np.isfinite(last)
    steady = np.where(will, last, 0.0) - np.where(was, first, 0.0)
    gain = np.where(was & will, state.flow * steady, 0.0)
    opening, closing = will & ~was, was & ~will
    if opening.any():
        gain += np.where(opening, _growth(state, end, u, share_of(after, opening, before)), 0.0)
    if closing.any():
        fading = _growth(state, start, 1.0 - u, share_of(before, closing, after))
        gain -= np.where(closing, fading, 0.0)
    return float(np.sum(gain / theta))


def _growth(state: State, weights: Arrays, v: float, share: Vector) -> Vector:
    """Return x · d ln w / dv for w = (1−S)v/(1−Sv), in the limit where v = 0 (L,)."""
    per_v = _unweighted_flow(state, weights) * (1.0 - share) if v == 0.0 else state.flow / v
    return per_v + state.flow * share / (1.0 - share * v)


def share_of(state: State, lanes: NDArray[np.bool_], other: State) -> Vector:
    """Return S (L,): the share that ``lanes`` have of their buyer's tonnes at ``state``.

    0 where the buyer has no other supply, so that w = v there. With w = (1−S)v/(1−Sv) the lanes'
    share moves nearly in a straight line, which is what makes the quadrature converge fast.
    """
    buyer = state.arrays.lanes.buyer
    total = bin_sum(buyer, np.where(lanes, state.share, 0.0), len(state.served))
    return np.where(other.served, np.minimum(total, 1.0 - 1e-12), 0.0)[buyer]


def _unweighted_flow(state: State, weights: Arrays) -> Vector:
    """Return what lanes would add per unit of a vanishing weight: Q α e^(−θ(c − …)) / Σ (L,)."""
    lanes, buyers = state.arrays.lanes, state.arrays.buyers
    theta = buyers.theta[lanes.buyer]
    # P = constant − ln(Σ)/θ, so dividing by Σ is multiplying by e^(θ(P − constant)).
    log_total = theta * (buyers.constant - state.buyer_price)[lanes.buyer]
    exponent = weights.lanes.log_weight - theta * state.landed_cost - log_total
    return np.exp(np.minimum(exponent, 700.0)) * state.use[lanes.buyer]


def value_of_capacity(state: State) -> Vector:
    """Return v_a, what a unit of capacity earns a year (A,): κ plus the rising cost it saves."""
    activities = state.arrays.activities
    margin = np.maximum(state.revenue - state.flat_cost, 0.0)
    rising = np.where(activities.rising_cost > 0.0, activities.rising_cost, 1.0)
    used = np.clip((margin / rising) ** (1.0 / activities.inverse_curvature), 0.0, 1.0)
    power = activities.inverse_curvature
    saved = activities.rising_cost * power / (power + 1.0) * used ** (power + 1.0)
    return np.maximum(margin - activities.rising_cost, 0.0) + saved


def blend(before: State, after: State, u: float) -> Arrays:
    """Return the market a fraction u of the way from before to after."""
    a, b = before.arrays, after.arrays
    lanes = replace(
        _mix(a.lanes, b.lanes, u, skip=("node", "buyer", "shipped", "log_weight")),
        log_weight=_blend_weights(before, after, u),
    )
    return replace(
        b,
        lanes=lanes,
        activities=_mix(
            a.activities, b.activities, u, only=("kept", "fixed_cost", "unit_tax", "capacity")
        ),
        limits=_blend_limits(before, after, u),
    )


def _mix(a: T, b: T, u: float, *, skip: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> T:
    names = only or tuple(n for n in vars(b) if n not in skip)
    return replace(b, **{n: (1.0 - u) * getattr(a, n) + u * getattr(b, n) for n in names})


def _blend_weights(before: State, after: State, u: float) -> Vector:
    first, last = before.arrays.lanes.log_weight, after.arrays.lanes.log_weight
    was, will = np.isfinite(first), np.isfinite(last)
    both, opening, closing = was & will, will & ~was, was & ~will
    mixed = (1.0 - u) * np.where(was, first, 0.0) + u * np.where(will, last, 0.0)
    rising = last + _log_grown(u, share_of(after, opening, before))
    fading = first + _log_grown(1.0 - u, share_of(before, closing, after))
    return np.where(both, mixed, np.where(opening, rising, np.where(closing, fading, -np.inf)))


def _log_grown(v: float, share: Vector) -> Vector:
    """Return ln w for w = (1−S)v/(1−Sv)."""
    if v == 0.0:
        return np.full_like(share, -np.inf)
    return np.log((1.0 - share) * v / (1.0 - share * v))


def _blend_limits(before: State, after: State, u: float) -> LimitArrays:
    a, b = before.arrays.limits, after.arrays.limits
    mixed = _mix(a, b, u, only=("rent_slope", "rent_intercept", "bound", "grows", "top"))
    only_before, only_after = a.active & ~b.active, b.active & ~a.active
    # A limit that comes or goes starts or ends exactly as loose as it must be not to bind, and
    # the extra duty of a tariff-rate quota fades in or out.
    loose_after, loose_before = _slack_needed(b, before), _slack_needed(a, after)
    bound = np.where(only_after, b.bound + (1.0 - u) * loose_after, mixed.bound)
    bound = np.where(only_before, a.bound + u * loose_before, bound)
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


def _slack_needed(limits: LimitArrays, state: State) -> Vector:
    """How far a limit must move not to bind at a state where it is absent."""
    arrays = replace(state.arrays, limits=limits)
    there = State(arrays, state.z)
    gap = there.counted_flow - there.bound
    return np.where(limits.sign > 0.0, np.maximum(gap, 0.0), np.minimum(gap, 0.0))


@lru_cache(maxsize=8)
def chebyshev(order: int) -> tuple[Vector, Vector, NDArray[np.float64]]:
    """Return nodes on [−1, 1] (Chebyshev–Lobatto), quadrature weights, differentiation matrix."""
    angle = np.pi * np.arange(order, -1, -1) / order
    nodes = np.cos(angle)
    edge = np.where((np.arange(order + 1) == 0) | (np.arange(order + 1) == order), 2.0, 1.0)
    scale = edge * (-1.0) ** np.arange(order + 1)
    gaps = nodes[:, None] - nodes[None, :] + np.eye(order + 1)
    slope = scale[:, None] / scale[None, :] / gaps
    slope -= np.diag(slope.sum(axis=1))
    return nodes, _clenshaw_curtis(order, angle), slope


def _clenshaw_curtis(order: int, angle: Vector) -> Vector:
    harmonics = np.arange(0, order + 1, 2)
    integral = 2.0 / (1.0 - harmonics**2)
    table = np.cos(np.outer(angle, harmonics))
    table[:, 0] *= 0.5
    if order % 2 == 0:
        table[:, -1] *= 0.5
    weights = table @ integral * 2.0 / order
    weights[[0, -1]] *= 0.5
    return weights
