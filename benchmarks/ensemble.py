"""Time many draws solved at once beside a loop of single solves and beside scipy.optimize.root.

    python benchmarks/ensemble.py [--draws N] [--aluminium N]

Chains: θ of every good, demand elasticity, supply elasticity, costs and capacities of plants are
drawn, lane weights follow θ so that flows stay of the size they were; every draw is one solve from
the answer of the market they are drawn around. The loop solves a sample of the draws one by one
from the same start, and SciPy's hybr the same sample with accord's analytic Jacobian. Aluminium:
the founding deal before and after at draws of the pack's priors, the market after a deal from the
draw's own answer without it. Times are of one processor, one BLAS thread; making the draws is not
in them. Where accord[fast] is installed and warm (``python -m accord.equilibrium.fast``) the same
draws are solved by compiled kernels too, and how far apart the answers are is said beside them, in
units of prices' and levels' sizes. Needs accord[bench].
"""

from __future__ import annotations

import argparse
import math
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from chains import chain
from numpy.typing import NDArray
from scipy.optimize import root

from accord import deal as deals
from accord import pack as packs
from accord.claims import words_of
from accord.equilibrium import universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.fast import kernel_in_use, load
from accord.equilibrium.many import CHUNK, Many, solve_many
from accord.equilibrium.share import Share
from accord.equilibrium.stack import Stack, stacked
from accord.solve import Problem

Vector = NDArray[np.float64]

SIZES = ((5, 12), (5, 40))
# Draws that are held in memory at once; in the sample of single solves, and of hybr's.
HELD, SAMPLE, HYBR = 8 * CHUNK, 40, 3
# Standard deviations of logarithms: θ and elasticities, costs, capacities.
ELASTICITY, COST, CAPACITY = 0.3, 0.2, 0.1


def drawn(market: Arrays, count: int, rng: np.random.Generator) -> Stack:
    """``count`` draws of a compiled market."""
    lanes, buyers, plants = market.lanes, market.buyers, market.activities
    goods = sorted({x.good for x in market.universe.buyers})
    good = np.array([goods.index(x.good) for x in market.universe.buyers])

    def factor(spread: float, columns: int) -> Vector:
        return np.exp(spread * rng.normal(size=(count, columns)))

    theta = buyers.theta * factor(ELASTICITY, len(goods))[:, good]
    cost = lanes.slope * market.reference_price[lanes.node] + lanes.intercept
    weight = lanes.log_weight + (theta - buyers.theta)[:, lanes.buyer] * cost
    every = len(plants.capacity)
    return Stack(
        base=market,
        count=count,
        lanes=replace(lanes, log_weight=weight),
        buyers=replace(buyers, theta=theta, gamma=buyers.gamma * factor(ELASTICITY, 1)),
        activities=replace(
            plants,
            rising_cost=plants.rising_cost * factor(COST, every),
            inverse_curvature=plants.inverse_curvature * factor(ELASTICITY, 1),
            capacity=plants.capacity * factor(CAPACITY, every),
        ),
        limits=market.limits,
    )


def seconds(task: Callable[[], Many]) -> tuple[float, Many]:
    """Return the processor seconds of a task and its result."""
    began = time.process_time()
    result = task()
    return time.process_time() - began, result


def singly(stack: Stack, start: Vector) -> float:
    """Return milliseconds a draw of single solves."""
    markets = [stack.one(d) for d in range(min(SAMPLE, stack.count))]
    began = time.process_time()
    for market in markets:
        Share().solve(market, start)
    return 1e3 * (time.process_time() - began) / len(markets)


def _residual(problem: Problem, y: Vector) -> Vector:
    z = y * problem.z_scale
    return problem.natural_residual(z, problem.value(z))


def _slope(problem: Problem, y: Vector) -> Vector:
    """The Jacobian where no unknown is at a bound, as in the chains at their answers."""
    slope = problem.jacobian(y * problem.z_scale)
    return slope * problem.z_scale / problem.f_scale[:, None]


def by_hybr(stack: Stack, start: Vector) -> float:
    """Return milliseconds a draw of SciPy's hybr on the natural residual, scaled."""
    problems = [Share().problem(stack.one(d)) for d in range(min(HYBR, stack.count))]
    began = time.process_time()
    for problem in problems:
        root(
            partial(_residual, problem),
            start / problem.z_scale,
            jac=partial(_slope, problem),
            method="hybr",
        )
    return 1e3 * (time.process_time() - began) / len(problems)


class Beside:
    """The same draws solved by compiled kernels: seconds, and how far answers are from NumPy's."""

    def __init__(self) -> None:
        self.there = kernel_in_use() == "numba"
        self.seconds, self.apart = 0.0, 0.0
        if self.there:
            load()

    def solve(self, stack: Stack, start: Vector, known: Many) -> None:
        """Solve a stack again and keep what it took."""
        if not self.there:
            return
        its, many = seconds(lambda: solve_many(stack, start, kernel="numba"))
        self.seconds += its
        sizes = np.maximum(np.abs(known.z[known.solved]).max(axis=0), 1e-9)
        apart = np.abs(many.z - known.z)[known.solved & many.solved] / sizes
        self.apart = max(self.apart, float(apart.max()))

    def line(self, draws: int, spent: float) -> str:
        """Return the milliseconds a draw, how much faster that is, and how far apart."""
        if not self.there:
            return ""
        return (
            f"    compiled kernels: {1e3 * self.seconds / draws:.3f} ms a draw, "
            f"{spent / self.seconds:.1f} times as fast, {self.seconds:.2f} s in all; "
            f"answers {self.apart:.0e} apart\n"
        )


def time_chain(stages: int, regions: int, draws: int) -> None:
    """Print one chain's line."""
    market = chain(stages, regions)
    arrays = compile_market(market, universe_of(market))
    start, rng = Share().solve(arrays, None).z, np.random.default_rng(1)
    spent, failed, steps, alone, hybr = 0.0, 0, 0, math.nan, math.nan
    beside = Beside()
    for begin in range(0, draws, HELD):
        stack = drawn(arrays, min(HELD, draws - begin), rng)
        its, many = seconds(lambda stack=stack: solve_many(stack, start))
        beside.solve(stack, start, many)
        spent, failed = spent + its, failed + int((~many.solved).sum())
        steps += int(many.steps.sum())
        if not begin:
            alone, hybr = singly(stack, start), by_hybr(stack, start)
    each = 1e3 * spent / draws
    print(
        f"{f'{stages} × {regions}':16}{draws:8,}{spent:9.2f}{each:10.3f}{steps / draws:8.1f}"
        f"{failed:8}{alone:10.2f}{alone / each:7.1f}×{hybr:10.1f}{hybr / each:8.0f}×"
    )
    print(beside.line(draws, spent), end="")


def time_aluminium(draws: int) -> None:
    """Print the founding deal's line: two solves a draw."""
    pack = packs.load("aluminium")
    path = deals.shipped_deals()["us-russia-2025"]
    deal = deals.load(path, words_of(path)).variant(None)
    year, rng = pack.default_year(deal.as_of), np.random.default_rng(1)
    sides: tuple[list[Arrays], list[Arrays]] = ([], [])
    universe = None
    for _ in range(draws):
        chosen = {
            x.key: math.exp(rng.uniform(math.log(x.low), math.log(x.high)))
            for x in pack.priors.rows
        }
        before = pack.under_law(pack.calibration(year, priors=chosen).market, deal.as_of)
        after = deal.apply(before)
        universe = universe or universe_of(before, after)
        for side, market in zip(sides, (before, after), strict=True):
            side.append(compile_market(market, universe))
    first, second = (stacked(x) for x in sides)
    start = Share().solve(first.one(0), None).z
    spent, before = seconds(lambda: solve_many(first, start))
    more, after = seconds(lambda: solve_many(second, before.z))
    beside = Beside()
    beside.solve(first, start, before)
    beside.solve(second, before.z, after)
    failed = int((~before.solved).sum() + (~after.solved).sum())
    steps = (before.steps.sum() + after.steps.sum()) / draws
    alone = singly(first, start) + singly(second, start)
    each = 1e3 * (spent + more) / draws
    print(
        f"{'aluminium, deal':16}{draws:8,}{spent + more:9.2f}{each:10.3f}{steps:8.1f}"
        f"{failed:8}{alone:10.2f}{alone / each:7.1f}×"
    )
    print(beside.line(draws, spent + more), end="")
    print(f"    before {1e3 * spent / draws:.2f} ms, after {1e3 * more / draws:.2f} ms a draw")


def main() -> None:
    """Print a line for every market."""
    parser = argparse.ArgumentParser(description="Many draws solved at once.")
    parser.add_argument("--draws", type=int, default=10_000, help="draws of each chain")
    parser.add_argument("--aluminium", type=int, default=500, help="draws of the founding deal")
    options = parser.parse_args()
    print(f"{'market':16}{'draws':>8}{'seconds':>9}{'ms/draw':>10}{'steps':>8}{'failed':>8}"
          f"{'singly ms':>10}{'':8}{'hybr ms':>10}")  # fmt: skip
    for stages, regions in SIZES:
        time_chain(stages, regions, options.draws)
    if options.aluminium:
        time_aluminium(options.aluminium)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest memory: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
