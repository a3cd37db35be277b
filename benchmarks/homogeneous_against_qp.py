"""Time the homogeneous closure beside Clarabel and HiGHS on the same worlds, in one run.

    python benchmarks/homogeneous_against_qp.py [--regions N …] [--runs N] [--seed N] [--no-highs]

Worlds of one good with duties per tonne, so that the equilibrium is a quadratic program. A run
goes from the market's arrays to prices, levels and flows, the program's making included. Prices,
levels and what buyers take must agree with Clarabel's to 1e-8 of the largest of their kind.

HiGHS solves quadratic programs with an active-set method only (its interior-point methods take
linear ones). Without its regularisation it finds nothing, so that is set to 1e-9, which costs it no
time; the gap it leaves is shown. A linear program with supply and demand in steps would be another
problem: to agree to 1e-8 it would need some 10,000 steps a curve. Needs accord[clarabel], highspy.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy; one thread for all

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from plane import plane

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.homogeneous import Homogeneous
from accord.equilibrium.quadratic import Program, solve_quadratic
from accord.equilibrium.reach import without_the_impossible

Vector = NDArray[np.float64]
Solver = Callable[[Arrays], Vector | None]
AGREE = 1e-8


@dataclass(frozen=True)
class Timing:
    """Median seconds of a solver, and how far its prices and totals are from accord's."""

    seconds: float
    gap: float

    def __str__(self) -> str:
        if not np.isfinite(self.gap):
            return f"{'no answer':>12} {self.seconds:9.2f} s"
        return f"{1e3 * self.seconds:9.1f} ms {self.gap:10.0e}"


def by_accord(arrays: Arrays) -> Vector:
    """Solve with accord alone, from cold."""
    return Homogeneous().solve(arrays, None).z


def by_highs(arrays: Arrays, *, patience: float) -> Vector | None:
    """Solve with HiGHS's active-set method; bounds are given as bounds, not as rows."""
    program = Program(arrays)
    solver: Any = highspy.Highs()
    for name, value in {
        "output_flag": False, "threads": 1, "time_limit": patience, "qp_regularization_value": 1e-9,
        "primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9,
    }.items():  # fmt: skip
        solver.setOptionValue(name, value)
    solver.passModel(_model(arrays, program))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    duals = -np.array(solution.row_dual)
    return program.point(np.array(solution.col_value), duals)


def _model(arrays: Arrays, program: Program) -> highspy.HighsModel:
    """The program as HiGHS reads it: rows of balances and limits, the rest as bounds."""
    rows, count = sum(program.rows), len(program.slope)
    matrix = program.matrix
    column = np.repeat(np.arange(count), np.diff(matrix.indptr))
    kept = matrix.indices < rows
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, rows
    lp.col_cost_, lp.col_lower_ = program.slope, np.zeros(count)
    capacity = arrays.activities.capacity / program.tonnes
    free = np.full(count - len(capacity), highspy.kHighsInf)
    lp.col_upper_ = np.concatenate([capacity, free])
    lp.row_lower_, lp.row_upper_ = np.full(rows, -highspy.kHighsInf), program.bound[:rows]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.cumsum(np.bincount(column[kept], minlength=count))
    lp.a_matrix_.start_ = np.concatenate([[0], starts]).astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices[kept].astype(np.int32)
    lp.a_matrix_.value_ = matrix.data[kept]
    hessian = highspy.HighsHessian()
    hessian.dim_, hessian.format_ = count, highspy.HessianFormat.kTriangular
    hessian.start_ = program.curvature.indptr.astype(np.int32)
    hessian.index_ = program.curvature.indices.astype(np.int32)
    hessian.value_ = program.curvature.data
    model = highspy.HighsModel()
    model.lp_, model.hessian_ = lp, hessian
    return model


def unique(arrays: Arrays, z: Vector) -> tuple[Vector, ...]:
    """Return what an equilibrium leaves no choice in: prices, levels, what each buyer takes."""
    n, a, m, _ = arrays.sizes
    b = len(arrays.buyers.theta)
    paid, flow = z[n + a + m : n + a + m + b], z[n + a + m + b :]
    taken = np.bincount(arrays.lanes.buyer, flow, b)
    return z[:n], z[n : n + a], paid, taken


def gap(arrays: Arrays, one: Vector | None, other: Vector | None) -> float:
    """Return the largest difference of what is unique, relative to the largest of its kind.

    Infinite where there is no answer to compare.
    """
    if one is None or other is None or not np.all(np.isfinite(one)):
        return float("inf")
    pairs = zip(unique(arrays, one), unique(arrays, other), strict=True)
    return max(float(np.max(np.abs(x - y)) / np.max(np.abs(x))) for x, y in pairs)


def timed(solvers: dict[str, Solver], arrays: Arrays, runs: int) -> dict[str, Timing]:
    """Run the solvers in turn, ``runs`` times; one that takes over 5 s is run once."""
    seconds: dict[str, list[float]] = {name: [] for name in solvers}
    found: dict[str, Vector | None] = {}
    for _ in range(runs):
        for name, solver in solvers.items():
            if seconds[name] and seconds[name][0] > 5.0:
                continue
            began = time.perf_counter()
            found[name] = solver(arrays)
            seconds[name].append(time.perf_counter() - began)
    own = found["accord"]
    gaps = {k: gap(arrays, own, z) for k, z in found.items()}
    return {name: Timing(float(np.median(seconds[name])), gaps[name]) for name in solvers}


def main() -> None:
    """Print one line a world: of each solver the median and the gap, and the ratios to accord."""
    parser = argparse.ArgumentParser(description="Time accord beside Clarabel and HiGHS.")
    parser.add_argument("--regions", type=int, nargs="+", default=[25, 50, 100, 200])
    parser.add_argument("--runs", type=int, default=5, help="runs of each; the median is shown")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=120.0, help="most seconds for HiGHS")
    parser.add_argument("--no-highs", action="store_true", help="leave HiGHS out")
    asked = parser.parse_args()
    solvers: dict[str, Solver] = {"accord": by_accord, "Clarabel": solve_quadratic}
    if not asked.no_highs:
        solvers["HiGHS"] = partial(by_highs, patience=asked.patience)
    heads = "".join(f"{name:>24}" for name in solvers)
    ratios = "".join(f"{name + ' / accord':>20}" for name in solvers if name != "accord")
    print(f"{'regions':>7}{'lanes':>8}{heads}{ratios}")
    for regions in asked.regions:
        market = plane(regions, asked.seed)
        arrays = without_the_impossible(compile_market(market, universe_of(market)))
        found = timed(solvers, arrays, asked.runs)
        if not found["Clarabel"].gap <= AGREE:
            raise SystemExit(f"accord and Clarabel do not agree: {found}")
        own = found["accord"].seconds
        times = "".join(f"{x.seconds / own:20.1f}" for k, x in found.items() if k != "accord")
        shown = "".join(f"{x!s:>24}" for x in found.values())
        print(f"{regions:7}{len(market.lanes):8}{shown}{times}", flush=True)
    print(f"medians of {asked.runs} runs (1 where a run takes over 5 s), and the gap to accord")


if __name__ == "__main__":
    main()
