"""Solve many harsh chains and count how each ended and which step of the ladder ended it.

    python benchmarks/harsh.py [--count N] [--seed N] [--starts N] [--jobs N]

Every chain must end with a certified answer or with a proof that no answer exists. ``--starts``
solves the first 100 again from that many points and compares the prices of active nodes.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy; one thread a process

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from harsh_chains import harsh

from accord.equilibrium import Equilibrium, solve_market
from accord.errors import Infeasible, NoCertifiedAnswer

MULTI_START = 100
SAME = 1e-6


@dataclass(frozen=True)
class Ending:
    """How one chain ended: solved, proved infeasible, or neither; by which method; how long."""

    seed: int
    kind: str
    method: str
    seconds: float
    worst: float = float("nan")
    words: str = ""


def ending(seed: int) -> Ending:
    """Solve the chain of a seed."""
    market = harsh(seed)
    began = time.perf_counter()
    try:
        found = solve_market(market)
    except NoCertifiedAnswer as refusal:
        known = isinstance(refusal, Infeasible)
        kind = f"infeasible ({refusal.proof})" if known else "neither"
        return Ending(seed, kind, kind, time.perf_counter() - began, words=refusal.cause)
    check = found.certificate
    worst = max(check.market_clearing, check.complementarity, check.mass_balance)
    return Ending(seed, "solved", found.outcome.method, time.perf_counter() - began, worst)


def spread(starts: int, seed: int) -> float | None:
    """Return how far prices of active nodes differ among starts, in parts of a usual price.

    ``None`` where not all starts were solved.
    """
    market = harsh(seed)
    draw = np.random.default_rng(seed)
    try:
        first = solve_market(market)
        others = [_from(first, draw) for _ in range(starts - 1)]
    except NoCertifiedAnswer:
        return None
    active = first.state.shipped > 1e-9 * first.state.shipped.max()
    price = np.array([x.state.price[active] for x in (first, *others)])
    usual = first.state.arrays.reference_price[active]
    return float(np.max(np.ptp(price, axis=0) / np.maximum(price.mean(axis=0), usual), initial=0.0))


def _from(first: Equilibrium, draw: np.random.Generator) -> Equilibrium:
    """Solve again from prices between a third and three times the solution's, any levels."""
    n, a, m, t = first.state.arrays.sizes
    start = np.concatenate([
        np.exp(draw.uniform(-1.1, 1.1, n)) * first.state.arrays.reference_price,
        draw.uniform(0.0, 1.0, a) * first.state.arrays.activities.capacity,
        np.zeros(m + t),
    ])  # fmt: skip
    return solve_market(first.market, universe=first.universe, start=start)


def report(endings: list[Ending]) -> Iterator[str]:
    """Return the lines of the table."""
    kinds = Counter(x.kind for x in endings)
    by = Counter(x.method for x in endings)
    yield f"{len(endings)} chains: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    for method, n in by.most_common():
        seconds = [x.seconds for x in endings if x.method == method]
        yield f"  {method:22}{n:6}   median {1e3 * np.median(seconds):8.1f} ms"
    worst = max((x.worst for x in endings if x.kind == "solved"), default=0.0)
    slow = max(endings, key=lambda x: x.seconds)
    yield f"  worst certificate {worst:.1e}; slowest {slow.seconds:.1f} s (seed {slow.seed})"
    for x in endings:
        if x.kind == "neither":
            yield f"  seed {x.seed}: {x.words}"


def main() -> None:
    """Print the table, and the multi-start comparison where asked."""
    parser = argparse.ArgumentParser(description="Solve harsh chains and count how each ended.")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="seed of the first chain")
    parser.add_argument("--starts", type=int, default=0, help="starts of the first 100 chains")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    with ProcessPoolExecutor(asked.jobs) as pool:
        print("\n".join(report(list(pool.map(ending, seeds, chunksize=4)))))
        if asked.starts > 1:
            found = list(pool.map(partial(spread, asked.starts), seeds[:MULTI_START], chunksize=4))
            spreads = [x for x in found if x is not None]
            differ = [x for x in spreads if x > SAME]
            print(
                f"{len(differ)} of {len(spreads)} chains solved from {asked.starts} points have "
                f"active prices that differ by more than {SAME:.0e}"
                + (f" (at most {max(differ):.1e})" if differ else "")
            )


if __name__ == "__main__":
    main()
