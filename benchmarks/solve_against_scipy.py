"""Time accord's solve beside scipy.optimize.root on the same markets, from the same start.

    python benchmarks/solve_against_scipy.py [--runs N]

SciPy's hybr solves equations, so it gets the natural residual of the complementarity problem, in
accord's scaled units, once with accord's analytic Jacobian and once without. ``reached`` is the
largest scaled residual where each ended; 1e-10 or less is a solution. The last columns are hybr's
median over accord's, with the Jacobian and without; times are of the processor. Needs
accord[bench].
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
# More unknowns than this hybr is not given: it factors the dense matrix of all of them by QR.
MOST_FOR_HYBR = 1000


@dataclass(frozen=True)
class Timing:
    """Median processor seconds of a solver on a problem and the residual where it ended."""

    seconds: float
    reached: float

    def __str__(self) -> str:
        mark = "" if self.reached <= SOLVED else " no"
        return f"{1e3 * self.seconds:10.1f} ms {self.reached:8.0e}{mark:3}"


def markets() -> Iterator[tuple[str, Market]]:
    """The markets to solve, smallest first."""
    for stages, regions in ((2, 3), (5, 12), (4, 30), (5, 40), (10, 200)):
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
    """Solve ``runs`` times from the cold start; a run includes stating the problem.

    A first run, which warms caches up and lays the market out as tables, is not counted.
    """
    seconds: list[float] = []
    for _ in range(runs + 1):
        began = time.process_time()
        problem = Share().problem(arrays)
        z = solver(problem, cold_start(arrays))
        seconds.append(time.process_time() - began)
    residual = problem.natural_residual(z, problem.value(z))
    return Timing(float(np.median(seconds[1:])), float(np.max(np.abs(residual))))


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
    ratios = "".join(f"{head:>14}" for head in ("hybr J / acc.", "hybr / acc."))
    print(f"{'market':18}{'lanes':>8}{'unknowns':>10}{heads}{ratios}")
    for name, market in markets():
        print(row(name, market, runs), flush=True)
    print(
        f"medians of {runs} runs, processor time of one thread; reached: largest scaled residual, "
        f"'no' above {SOLVED:.0e}; – not run: above {MOST_FOR_HYBR:,} unknowns hybr's dense QR of "
        "all of them takes minutes a try"
    )


def row(name: str, market: Market, runs: int) -> str:
    """Return the line of a market."""
    arrays = without_the_impossible(compile_market(market, universe_of(market)))
    unknowns = len(cold_start(arrays))
    head = f"{name:18}{len(market.lanes):8,}{unknowns:10,}"
    solvers = tuple(SOLVERS.values()) if unknowns <= MOST_FOR_HYBR else (by_accord,)
    ours, *theirs = (timed(solver, arrays, runs) for solver in solvers)
    missing = len(SOLVERS) - 1 - len(theirs)
    times = "".join(f" {t!s:>25}" for t in (ours, *theirs)) + f"{'–':>26}" * missing
    ratios = "".join(f"{t.seconds / ours.seconds:13.1f}×" for t in theirs) + f"{'–':>14}" * missing
    return f"{head}{times}{ratios}"


if __name__ == "__main__":
    main()
