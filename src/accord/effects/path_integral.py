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

from accord.equilibrium import Equilibrium, name_row
from accord.equilibrium.arrays import (
    ActivityArrays,
    Arrays,
    LaneArrays,
    LimitArrays,
    Matrix,
    Vector,
)
from accord.equilibrium.state import State, bin_sum
from accord.errors import NoCertifiedAnswer

T = TypeVar("T", LaneArrays, ActivityArrays, LimitArrays)
ORDER = 8
EDGE = 2e-8
KINK_WIDTH = 2e-6
NEGLIGIBLE = 1e-9
MUCH = 1e-4
BEYOND = 30.0
SMOOTH_ENOUGH = 3e-9
MOST_SPLITS = 300
MOST_SOLVES = 4000
DEGREE = 4


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

    @property
    def signature(self) -> bytes:
        """Which unknowns are at which bound, and which buyers are priced out."""
        return (self.gaps <= 0.0).tobytes()

    @cached_property
    def gaps(self) -> Vector:
        """How far every unknown is from its bounds and every buyer from leaving; ≤ 0 if there."""
        problem = self.state.closure.problem(self.state.arrays)
        target = self.state.z / problem.z_scale - self.state.conditions / problem.f_scale
        pinned = problem.upper <= problem.lower
        above = target - problem.lower / problem.z_scale - NEGLIGIBLE
        below = problem.upper / problem.z_scale - target - NEGLIGIBLE
        wants = self.state.arrays.buyers.choke / self.state.buyer_price - 1.0
        return np.concatenate([np.where(pinned, 1.0, above), np.where(pinned, 1.0, below), wants])


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
    steep: bool = False
    solves: int = 0
    kinks: int = 0

    def run(self) -> PathIntegral:
        """Integrate, a hair's breadth inside the ends.

        At the very ends a lane or plant about to come has no price yet, and a limit about to bind
        does not bind yet; the slivers beside them are taken at their inner side.
        """
        start, end = Point(0.0, self.before), Point(1.0, self.after)
        first, last = self._at(EDGE, [start]), self._at(1.0 - EDGE, [end])
        if _lingers(start, first) or _lingers(end, last):
            self.steep = True
            first, last = self._at(EDGE, [start]), self._at(1.0 - EDGE, [end])
        total = self._between(first, last, MOST_SPLITS)
        total += _sliver(self, [start, first], 1) + _sliver(self, [last, end], 0)
        return PathIntegral(total, self.solves, self.kinks)

    def _at(self, u: float, known: list[Point]) -> Point:
        """Solve at u, starting from the polynomial through points known of the same stretch."""
        arrays = blend(self.before, self.after, u, steep=self.steep)
        closure, near = self.before.closure, min(known, key=lambda p: abs(p.u - u))
        outcome = closure.follow(arrays, _through(known, u))
        if not outcome.solved:
            outcome = closure.solve(arrays, near.state.z)
        self.solves += 1
        if not outcome.solved:
            stuck = name_row(self.before.at(arrays, outcome.z), outcome.worst)
            raise NoCertifiedAnswer(
                f"the second computation of welfare stops {100 * u:.1f} % of the way, at {stuck}",
                "put the deal's terms in files of their own to find the one it cannot follow",
            )
        return Point(u, self.before.at(arrays, outcome.z))

    def _between(self, a: Point, b: Point, splits: int) -> float:
        if splits == 0 or b.u - a.u <= KINK_WIDTH or self.solves > 2 * MOST_SOLVES:
            return _trapezoid(self, a, b)
        if a.signature != b.signature:
            return self._across_a_kink(a, b, splits)
        points = self._panel(a, b)
        changed = _first_change(points)
        if changed is not None:
            middle = points[changed]
            return self._between(a, middle, splits - 1) + self._between(middle, b, splits - 1)
        fine, coarse = _quadrature(self, points), _quadrature(self, points[::2])
        # Past the budget what is reached is returned, and the tolerance of C41 judges it.
        if abs(fine - coarse) <= SMOOTH_ENOUGH * self.size or self.solves > MOST_SOLVES:
            return fine
        middle = points[len(points) // 2]
        return self._between(a, middle, splits - 1) + self._between(middle, b, splits - 1)

    def _panel(self, a: Point, b: Point) -> list[Point]:
        nodes, _, _ = chebyshev(ORDER)
        points = [a]
        for node in nodes[1:-1]:
            u = a.u + 0.5 * (b.u - a.u) * (node + 1.0)
            points.append(self._at(float(u), [*points[-DEGREE:], b]))
        return [*points, b]

    def _across_a_kink(self, a: Point, b: Point, splits: int) -> float:
        low, high = a, b
        trust = np.ones(2)
        while high.u - low.u > KINK_WIDTH:
            middle = self._at(_kink_between(low, high, trust), [low, high])
            # The end that stays is trusted half as much next time (the Illinois rule).
            if middle.signature == a.signature:
                low, trust = middle, np.array([1.0, 0.5 * trust[1]])
            else:
                high, trust = middle, np.array([0.5 * trust[0], 1.0])
        self.kinks += 1
        left = self._between(a, low, splits - 1)
        right = self._between(high, b, splits - 1)
        return left + _trapezoid(self, low, high) + right


def _through(known: list[Point], u: float) -> Vector:
    """Return the unknowns at u on the polynomial through known points (Lagrange)."""
    at = np.array([p.u for p in known])
    gaps = at[:, None] - at[None, :] + np.eye(len(at))
    ahead = np.where(np.eye(len(at), dtype=np.bool_), 1.0, (u - at)[None, :])
    weights = np.prod(ahead, axis=1) / np.prod(gaps, axis=1)
    return weights @ np.array([p.state.z for p in known])


def _kink_between(low: Point, high: Point, trust: Vector) -> float:
    """Estimate where the first of the conditions that differ changes, by false position."""
    changed = (low.gaps <= 0.0) != (high.gaps <= 0.0)
    left, right = trust[0] * low.gaps[changed], trust[1] * high.gaps[changed]
    fraction = float(np.min(left / (left - right)))
    inside = low.u + fraction * (high.u - low.u)
    return float(np.clip(inside, low.u + 0.5 * KINK_WIDTH, high.u - 0.5 * KINK_WIDTH))


def _lingers(end: Point, inner: Point) -> bool:
    """Whether lanes shut at an end of the path still carry much a hair's breadth inside."""
    shut = ~np.isfinite(end.state.arrays.lanes.log_weight)
    total = float(np.sum(inner.state.flow))
    return float(np.sum(inner.state.flow[shut])) > MUCH * total


def _first_change(points: list[Point]) -> int | None:
    for i in range(1, len(points) - 1):
        if points[i].signature != points[0].signature:
            return i
    return None


def _trapezoid(walk: _Walk, a: Point, b: Point) -> float:
    """Integrate over an interval so short that a straight line will do."""
    return _sum_over(walk, [a, b], np.array([0.5, 0.5]), np.array([[-1.0, 1.0], [-1.0, 1.0]]))


def _sliver(walk: _Walk, points: list[Point], inner: int) -> float:
    """Integrate beside an end of the path, by the integrand at the inner one of two points."""
    weights = np.zeros(2)
    weights[inner] = 1.0
    return _sum_over(walk, points, weights, np.array([[-1.0, 1.0], [-1.0, 1.0]]))


def _quadrature(walk: _Walk, points: list[Point]) -> float:
    _, weights, slope = chebyshev(len(points) - 1)
    return _sum_over(walk, points, 0.5 * weights, 2.0 * slope)


def _sum_over(walk: _Walk, points: list[Point], weights: Vector, slope: Matrix) -> float:
    """Σ weights · integrand, with derivatives along the unit interval by ``slope``."""
    width = points[-1].u - points[0].u
    flow = slope @ np.array([p.state.flow for p in points])
    level = slope @ np.array([p.state.level for p in points])
    price = slope @ np.array([p.state.price for p in points])
    total = 0.0
    for i in np.flatnonzero(weights):
        state = points[i].state
        moved = transfer_per_tonne(state) @ flow[i] + transfer_per_unit(state) @ level[i]
        moved -= used_up_by_price(state) @ price[i]
        total += weights[i] * (moved + width * _drift(walk, points[i]))
    return float(total)


def transfer_per_tonne(state: State) -> Vector:
    """Return t_l: landed cost less what is really used up, and what a ceiling holds back (L,)."""
    lanes = state.arrays.lanes
    real = lanes.real_slope * state.price[lanes.node] + lanes.real_intercept
    return state.landed_cost - real + state.barrier


def used_up_by_price(state: State) -> Vector:
    """Return what a dollar on each price adds to wedges that nobody receives (N,)."""
    lanes = state.arrays.lanes
    return bin_sum(lanes.node, state.flow * (lanes.real_slope - lanes.shipped), len(state.price))


def transfer_per_unit(state: State) -> Vector:
    """Return t_a: output taxes per unit of each activity (A,)."""
    activities = state.arrays.activities
    return (1.0 - activities.kept) * (state.price @ activities.outputs) + activities.unit_tax


def _drift(walk: _Walk, point: Point) -> float:
    """dW/du by the data that move along the path: weights, real costs, capacities."""
    state, start, end = point.state, walk.before.arrays, walk.after.arrays
    lanes = state.arrays.lanes
    price = state.price[lanes.node]
    real = (end.lanes.real_slope - start.lanes.real_slope) * price
    real = real + end.lanes.real_intercept - start.lanes.real_intercept
    open_at_one_end = np.isfinite(end.lanes.log_weight) ^ np.isfinite(start.lanes.log_weight)
    real = np.where(open_at_one_end, 0.0, real)
    real_fixed = _real_cost(end) - _real_cost(start)
    capacity = end.activities.capacity - start.activities.capacity
    total = _weight_gain(walk, point) - state.flow @ real - state.level @ real_fixed
    return float(total + value_of_capacity(state) @ capacity)


def _real_cost(arrays: Arrays) -> Vector:
    return arrays.activities.fixed_cost - arrays.activities.unit_tax


def _weight_gain(walk: _Walk, point: Point) -> float:
    """Σ (value of weight) d ln α / du over the lanes whose weights move."""
    state, u = point.state, point.u
    coming, going = fades(walk.before, walk.after, steep=walk.steep)
    steady = np.where(coming.both, coming.log_weight - going.log_weight, 0.0)
    rate = np.where(coming.lanes, coming.rate(u), steady)
    rate = np.where(going.lanes, -going.rate(1.0 - u), rate)
    return float(np.sum(state.weight_value * rate))


@dataclass(frozen=True)
class Fade:
    """How lanes that are open at one end of the path only gain their weight, from v = 0 to 1.

    With other supply beside them, w = (1−S)v/(1−Sv), where S is their share in the end: their share
    then moves nearly in a straight line and the quadrature converges fast. Where they are all the
    supply there is, ln w = −reach·(1−v): the price comes down evenly from where nobody buys. So do
    all lanes of a ``steep`` path, for those that carry goods even with next to no weight.
    """

    lanes: NDArray[np.bool_]
    both: NDArray[np.bool_]
    log_weight: Vector
    share: Vector
    alone: NDArray[np.bool_]
    reach: Vector

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
        )

    def rate(self, v: float) -> Vector:
        """Return d ln w/dv (L,)."""
        return np.where(self.alone, self.reach, 1.0 / v + self.share / (1.0 - self.share * v))

    def log_grown(self, v: float) -> Vector:
        """Return ln α + ln w (L,)."""
        grown = np.log((1.0 - self.share) * v / (1.0 - self.share * v))
        return self.log_weight + np.where(self.alone, -self.reach * (1.0 - v), grown)


def fades(before: State, after: State, *, steep: bool) -> tuple[Fade, Fade]:
    """Return the fades of what opens and of what closes along the path."""
    return Fade.of(after, before, steep=steep), Fade.of(before, after, steep=steep)


def _price_nobody_pays(arrays: Arrays) -> float:
    """Return a price at which neither final demand nor any plant buys a tonne of anything."""
    needs = arrays.activities.inputs
    least = float(np.min(needs, initial=1.0, where=needs > 0.0))
    wanted = arrays.buyers.quantity > 0.0
    return float(np.max(arrays.buyers.choke, initial=0.0, where=wanted)) / least


def value_of_capacity(state: State) -> Vector:
    """Return v_a, what a unit of capacity earns a year (A,): κ plus the rising cost it saves."""
    activities = state.arrays.activities
    margin = np.maximum(state.revenue - state.flat_cost, 0.0)
    rising = np.where(activities.rising_cost > 0.0, activities.rising_cost, 1.0)
    used = np.clip((margin / rising) ** (1.0 / activities.inverse_curvature), 0.0, 1.0)
    power = activities.inverse_curvature
    saved = activities.rising_cost * power / (power + 1.0) * used ** (power + 1.0)
    return np.maximum(margin - activities.rising_cost, 0.0) + saved


def blend(before: State, after: State, u: float, *, steep: bool = False) -> Arrays:
    """Return the market a fraction u of the way from before to after."""
    a, b = before.arrays, after.arrays
    mixed = _mix(
        a.lanes, b.lanes, u, skip=("node", "buyer", "shipped", "log_weight", "ceiling", "home")
    )
    weights = _blend_weights(before, after, u, steep=steep)
    settled = _settled(mixed, a.lanes, b.lanes)
    lanes = replace(settled, log_weight=weights, ceiling=_ceilings(before, after, u))
    return replace(
        b,
        lanes=lanes,
        activities=_mix(
            a.activities, b.activities, u, only=("kept", "fixed_cost", "unit_tax", "capacity")
        ),
        limits=_blend_limits(before, after, u),
    )


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
