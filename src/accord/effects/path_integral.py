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
from functools import cached_property

import numpy as np

from accord.effects.path import blend, capacity_rate, fades
from accord.effects.quadrature import chebyshev
from accord.equilibrium import Equilibrium, name_row
from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.state import State, bin_sum
from accord.errors import NoCertifiedAnswer

# Points of a smooth piece less one, and degree of the curve that predicts the next.
ORDER = 8
DEGREE = 4
# How far inside the ends the integration starts, and how closely a kink is located.
EDGE = 2e-8
KINK_WIDTH = 2e-6
# A gap below this is none; shut lanes that still carry more than this share linger.
NEGLIGIBLE = 1e-9
MUCH = 1e-4
# A piece is smooth enough when the coarse quadrature differs by less than this part of the size.
SMOOTH_ENOUGH = 3e-9
# Past these the path is given up, and the tolerance of C41 judges what was reached.
MOST_SPLITS = 300
MOST_SOLVES = 4000


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
    capacity = capacity_rate(walk.before, walk.after, point.u)
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


def value_of_capacity(state: State) -> Vector:
    """Return v_a, what a unit of capacity earns a year (A,): κ plus the rising cost it saves."""
    activities = state.arrays.activities
    margin = np.maximum(state.revenue - state.flat_cost, 0.0)
    rising = np.where(activities.rising_cost > 0.0, activities.rising_cost, 1.0)
    used = np.clip((margin / rising) ** (1.0 / activities.inverse_curvature), 0.0, 1.0)
    power = activities.inverse_curvature
    saved = activities.rising_cost * power / (power + 1.0) * used ** (power + 1.0)
    return np.maximum(margin - activities.rising_cost, 0.0) + saved
