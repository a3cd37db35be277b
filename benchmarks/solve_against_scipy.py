"""Time accord's solve beside scipy.optimize.root on the same markets, from the same start.

    python benchmarks/solve_against_scipy.py [--runs N]

SciPy's hybr solves equations, so it gets the natural residual of the complementarity problem, in
accord's scaled units, once with accord's analytic Jacobian and once without. ``reached`` is the
largest scaled residual where each ended; 1e-10 or less is a solution. Needs accord[bench].
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy; one thread for both

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from chains import chain, strained
from numpy.typing import NDArray
from scipy.optimize import root

from accord import pack
from accord.equilibrium import universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.closure import cold_start
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.share import Share
from accord.market import Market
from accord.solve import Ladder, Problem

Vector = NDArray[np.float64]
Solver = Callable[[Problem, Vector], Vector]
SOLVED = 1e-10


@dataclass(frozen=True)
class Timing:
    """Median seconds of a solver on a problem and the residual where it ended."""

    seconds: float
    reached: float

    def __str__(self) -> str:
        mark = "" if self.reached <= SOLVED else " no"
        return f"{1e3 * self.seconds:10.1f} ms {self.reached:8.0e}{mark:3}"


def markets() -> Iterator[tuple[str, Market]]:
    """The markets to solve, smallest first."""
    for stages, regions in ((2, 3), (5, 12), (4, 30), (5, 40)):
        yield f"chain {stages} × {regions}", chain(stages, regions)
    for stages, regions in ((5, 12), (4, 30)):
        yield f"{stages} × {regions}, strained", strained(chain(stages, regions))
    aluminium = pack.load("aluminium")
    day = date(2025, 2, 24)
    yield "aluminium", aluminium.market(aluminium.default_year(day), day)


def by_accord(problem: Problem, start: Vector) -> Vector:
    """Solve with accord's ladder of methods."""
    return Ladder().solve(problem, start).z


def by_scipy(problem: Problem, start: Vector, *, with_jacobian: bool) -> Vector:
    """Solve the natural residual with SciPy's hybr (MINPACK's Powell hybrid method)."""

    def residual(y: Vector) -> Vector:
        z = y * problem.z_scale
        return problem.natural_residual(z, problem.value(z))

    def slope(y: Vector) -> Vector:
        z = y * problem.z_scale
        rows = problem.jacobian(z) * problem.z_scale / problem.f_scale[:, None]
        target = y - problem.value(z) / problem.f_scale
        low, high = problem.lower / problem.z_scale, problem.upper / problem.z_scale
        bound = (target <= low) | (target >= high)
        rows[bound] = np.eye(len(y))[bound]
        return rows

    found = root(
        residual,
        problem.clip(start) / problem.z_scale,
        jac=slope if with_jacobian else None,
        method="hybr",
        options={"xtol": 1e-13},
    )
    return np.asarray(found.x) * problem.z_scale


def timed(solver: Solver, arrays: Arrays, runs: int) -> Timing:
    """Solve ``runs`` times from the cold start; a run includes stating the problem."""
    seconds: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        problem = Share().problem(arrays)
        z = solver(problem, cold_start(arrays))
        seconds.append(time.perf_counter() - began)
    residual = problem.natural_residual(z, problem.value(z))
    return Timing(float(np.median(seconds)), float(np.max(np.abs(residual))))


SOLVERS: dict[str, Solver] = {
    "accord": by_accord,
    "hybr with Jacobian": partial(by_scipy, with_jacobian=True),
    "hybr without": partial(by_scipy, with_jacobian=False),
}


def main() -> None:
    """Print one line a market: unknowns, and of each solver the median time and the residual."""
    parser = argparse.ArgumentParser(description="Time accord's solve beside scipy.optimize.root.")
    parser.add_argument("--runs", type=int, default=5, help="runs of each; the median is shown")
    runs = parser.parse_args().runs
    heads = "".join(f"{name:>26}" for name in SOLVERS)
    print(f"{'market':18}{'lanes':>7}{'unknowns':>10}{heads}{'hybr / accord':>22}")
    for name, market in markets():
        arrays = without_the_impossible(compile_market(market, universe_of(market)))
        found = [timed(solver, arrays, runs) for solver in SOLVERS.values()]
        ratios = " ".join(f"{t.seconds / found[0].seconds:10.1f}" for t in found[1:])
        size = f"{len(market.lanes):7}{len(cold_start(arrays)):10}"
        print(f"{name:18}{size} {' '.join(f'{t!s:>25}' for t in found)} {ratios}")
    print(f"medians of {runs} runs; reached: largest scaled residual, 'no' above {SOLVED:.0e}")


if __name__ == "__main__":
    main()
