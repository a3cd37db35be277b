"""Solve the homogeneous closure on few lanes at a time.

A solution uses about as many lanes as there are buyers and nodes. The share closure with a sharp θ
says which: it is solved first, sharper step by step. The exact problem is then solved on the lanes
that are nearly cheapest there; lanes left out that would pay at its prices are let in, and it is
solved again, until none would. Source: the columns of G. Dantzig and P. Wolfe, "Decomposition
principle for linear programs", Operations Research 8 (1960), applied to complementarity.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.closure import cold_start
from accord.equilibrium.quadratic import available, is_quadratic, solve_quadratic
from accord.equilibrium.share import Share, ShareState
from accord.equilibrium.state import bin_sum
from accord.solve import ClippedNewton, FischerBurmeister, Ladder, Method, Outcome, Problem, Step
from accord.solve.ladder import judge

if TYPE_CHECKING:
    from accord.equilibrium.homogeneous import Homogeneous

Mask = NDArray[np.bool_]

# θ times the reference price: from as soft as buyers usually are, up by this factor. Past SHARP the
# lanes that matter are mostly told apart and the exact problem is tried; past SHARPEST for good.
SOFTEST, SHARPER, SHARP, SHARPEST = 30.0, 3.0, 1e5, 1e9
# A lane is let in where it costs at most this many times 1/θ more than the cheapest, and kept while
# it costs at most so many more.
NEAR, FAR = 12.0, 60.0
PAYS = 1e-12
# How near to the cheapest a lane is at the solution of the quadratic program.
TIES = 1e-8
MOST_ROUNDS = 40
# A world of this many lanes is worth starting Clarabel for, which takes a while to load.
MANY = 5000
CLOSE = 1e-3
SOLVED = 1e-10
ROUGH: tuple[Method, ...] = (ClippedNewton(CLOSE, polish=0), FischerBurmeister(CLOSE))
QUICK: tuple[Method, ...] = (ClippedNewton(max_steps=8),)
THOROUGH = Ladder().methods


def solve_by_columns(closure: Homogeneous, arrays: Arrays, start: Vector | None) -> Outcome:
    """Solve from a point of this closure, from one of ``share`` (without flows), or from cold."""
    began = time.perf_counter()
    run = _Run(closure, arrays, [])
    shared = sum(arrays.sizes)
    z = None
    if start is not None and len(start) > shared:
        z = run.exact(start, 0.0, QUICK)
    elif start is None and _program_pays(arrays):
        z = run.from_program()
    if z is None:
        z = run.sharpen(cold_start(arrays) if start is None else start[:shared])
    z = _with_least_cost(closure, arrays, z)
    seconds = time.perf_counter() - began
    return judge(closure.problem(arrays), z, tuple(run.steps), SOLVED, seconds)


def _program_pays(arrays: Arrays) -> bool:
    """Return whether the extra is there, the market a quadratic program, and large enough."""
    many = len(arrays.lanes.node) >= MANY and np.all(np.isinf(arrays.lanes.ceiling))
    return bool(many) and available() and is_quadratic(arrays)


@dataclass(frozen=True)
class _Run:
    """One solve: the market, and the steps taken so far."""

    closure: Homogeneous
    arrays: Arrays
    steps: list[Step]

    def sharpen(self, z: Vector) -> Vector:
        """Return the point reached by ever sharper shares and the exact problem behind them."""
        used = np.isfinite(self.arrays.lanes.log_weight)
        sharpness = SOFTEST
        while True:
            near = self._shares(used, z, sharpness)
            if sharpness >= SHARP:
                last = sharpness >= SHARPEST
                exact = self.exact(near, NEAR / sharpness, THOROUGH if last else QUICK)
                if exact is not None or last:
                    return near if exact is None else exact
            z = near[: sum(self.arrays.sizes)]
            used = _near(self.closure, self.arrays, near, FAR / sharpness)
            sharpness *= SHARPER

    def _shares(self, used: Mask, z: Vector, sharpness: float) -> Vector:
        """Return the point of the homogeneous problem (n,) that sharp shares among lanes reach."""
        few = _with_lanes(_sharpened(self.arrays, sharpness), used)
        z, _ = self._run(ROUGH, Share().problem(few), z, CLOSE)
        state = ShareState(few, z)
        least = _least_cost(few, state.landed_cost, state.buyer_price)
        whole = np.concatenate([z, least, state.flow])
        return _spread(self.arrays, whole, used)

    def from_program(self) -> Vector | None:
        """Solve as a quadratic program, then exactly from there; ``None`` where that fails."""
        z = solve_quadratic(self.arrays)
        return None if z is None else self.exact(z, TIES, QUICK)

    def _run(
        self, methods: tuple[Method, ...], problem: Problem, z: Vector, enough: float
    ) -> tuple[Vector, bool]:
        """Try methods in order; return the best point and whether it is near enough."""
        best, reached = problem.clip(z), np.inf
        for method in methods:
            z, step = method.run(problem, best)
            self.steps.append(step)
            if step.residual <= reached:
                best, reached = z, step.residual
            if reached <= enough:
                break
        return best, bool(reached <= enough)

    def exact(self, z: Vector, margin: float, methods: tuple[Method, ...]) -> Vector | None:
        """Solve the exact problem on the lanes that matter near z; ``None`` where that fails."""
        arrays, closure = self.arrays, self.closure
        used = _near(closure, arrays, z, margin)
        for _ in range(MOST_ROUNDS):
            few = _with_lanes(arrays, used)
            near = _restricted(arrays, z, used)
            found, solved = self._run(methods, closure.problem(few), near, SOLVED)
            if not solved:
                return None
            z = _spread(arrays, found, used)
            state = closure.state(arrays, z)
            floor = PAYS * state.buyer_price[arrays.lanes.buyer]
            may = np.isfinite(arrays.lanes.log_weight) & (arrays.lanes.ceiling > 0.0)
            pays = ~used & may & (state.excess_cost < -floor)
            if not pays.any():
                return z
            used = used | _best(arrays, state.excess_cost, pays)
        return None


def _sharpened(arrays: Arrays, sharpness: float) -> Arrays:
    """Return the arrays with one θ·price for all buyers and lanes that weigh the same."""
    theta = sharpness / np.maximum(np.abs(arrays.buyers.constant), 1e-12)
    weights = np.where(np.isfinite(arrays.lanes.log_weight), 0.0, -np.inf)
    return replace(
        arrays,
        buyers=replace(arrays.buyers, theta=theta, constant=np.zeros(len(theta))),
        lanes=replace(arrays.lanes, log_weight=weights),
    )


def _least_cost(arrays: Arrays, landed_cost: Vector, otherwise: Vector) -> Vector:
    """Return the least landed cost of each buyer (B,); ``otherwise`` where no lane is open."""
    lanes = arrays.lanes
    least = np.full(len(otherwise), np.inf)
    is_open = np.isfinite(lanes.log_weight)
    np.minimum.at(least, lanes.buyer[is_open], landed_cost[is_open])
    return np.where(np.isfinite(least), least, otherwise)


def _near(closure: Homogeneous, arrays: Arrays, z: Vector, margin: float) -> Mask:
    """Return the open lanes that carry something or cost little more than the cheapest (L,)."""
    state, lanes = closure.state(arrays, z), arrays.lanes
    price = np.maximum(np.abs(arrays.buyers.constant), 1e-12)
    least = _least_cost(arrays, state.landed_cost, state.buyer_price)
    close = state.landed_cost - least[lanes.buyer] <= margin * price[lanes.buyer]
    taken = bin_sum(lanes.buyer, state.flow, len(price))[lanes.buyer]
    return np.isfinite(lanes.log_weight) & (close | (state.flow > 1e-6 * taken))


def _best(arrays: Arrays, excess_cost: Vector, pays: Mask) -> Mask:
    """Return, of the lanes that would pay, the best of each buyer and of each node (L,)."""
    chosen = np.zeros(len(pays), np.bool_)
    for group, count in (
        (arrays.lanes.buyer, len(arrays.buyers.theta)),
        (arrays.lanes.node, len(arrays.reference_price)),
    ):
        least = np.full(count, np.inf)
        np.minimum.at(least, group[pays], excess_cost[pays])
        chosen |= pays & (excess_cost <= least[group])
    return chosen


def _with_lanes(arrays: Arrays, used: Mask) -> Arrays:
    """Return the arrays of a market with only some lanes."""
    lanes, limits = arrays.lanes, arrays.limits
    per_lane = {name: value[..., used] for name, value in vars(lanes).items()}
    return replace(
        arrays,
        lanes=replace(lanes, **per_lane),
        limits=replace(
            limits,
            member=limits.member[:, used],
            rent_slope=limits.rent_slope[:, used],
            rent_intercept=limits.rent_intercept[:, used],
        ),
    )


def _first(arrays: Arrays) -> int:
    """Return where flows begin among the unknowns."""
    return sum(arrays.sizes[:3]) + len(arrays.buyers.theta)


def _restricted(arrays: Arrays, z: Vector, used: Mask) -> Vector:
    first = _first(arrays)
    return np.concatenate([z[:first], z[first:][used]])


def _spread(arrays: Arrays, z: Vector, used: Mask) -> Vector:
    first = _first(arrays)
    flow = np.zeros(len(used))
    flow[used] = z[first:]
    return np.concatenate([z[:first], flow])


def _with_least_cost(closure: Homogeneous, arrays: Arrays, z: Vector) -> Vector:
    """Give buyers that take nothing the least landed cost as their price, if that changes nothing.

    Where nobody buys, any price up to the least landed cost is a solution.
    """
    state = closure.state(arrays, z)
    b, first = len(arrays.buyers.theta), _first(arrays)
    idle = state.demand <= 0.0
    least = _least_cost(arrays, state.landed_cost, state.buyer_price)
    moved = z.copy()
    moved[first - b : first] = np.where(
        idle, np.maximum(least, state.buyer_price), state.buyer_price
    )
    return moved
