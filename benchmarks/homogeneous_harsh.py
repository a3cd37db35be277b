"""Solve harsh chains under the homogeneous closure and count how each ended, and by which method.

    python benchmarks/homogeneous_harsh.py [--count N] [--seed N] [--regions N] [--jobs N]

Every chain should end with a certified answer or with a minimum that is shown to be out of reach.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy; one thread a process

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from harsh import Ending, report
from harsh_chains import harsh

from accord.equilibrium import solve_market
from accord.errors import Infeasible, NoCertifiedAnswer

LAST = "corner Newton"


def ending(most_regions: int, seed: int) -> Ending:
    """Solve the chain of a seed; the method named is the one that led to the corner."""
    market = harsh(seed, most_regions=most_regions)
    began = time.perf_counter()
    try:
        found = solve_market(market, closure="homogeneous")
    except NoCertifiedAnswer as refusal:
        kind = "infeasible" if isinstance(refusal, Infeasible) else "neither"
        return Ending(seed, kind, kind, time.perf_counter() - began, words=refusal.cause)
    check = found.certificate
    worst = max(check.market_clearing, check.complementarity, check.mass_balance)
    led = [x.method for x in found.outcome.steps if x.method != LAST]
    name = f"{led[-1]} ({len(led)})" if led else LAST
    return Ending(seed, "solved", name, time.perf_counter() - began, worst)


def main() -> None:
    """Print the table; behind a method stands which try it was."""
    parser = argparse.ArgumentParser(description="Solve harsh chains with flows as unknowns.")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first chain")
    parser.add_argument("--regions", type=int, default=20, help="most regions of a chain")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    with ProcessPoolExecutor(asked.jobs) as pool:
        endings = list(pool.map(partial(ending, asked.regions), seeds, chunksize=4))
    print("\n".join(report(endings)))


if __name__ == "__main__":
    main()
