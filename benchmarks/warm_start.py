"""What warm starts save: the shipped deals on the aluminium market, and welfare's path integral.

    python benchmarks/warm_start.py [--runs N]

``after``: the market with a deal's terms, solved from a cold start and from the answer without
them. ``path``: the integral that computes welfare a second time, which solves the market many times
between the two; its points are followed from their neighbours, or each solved from a cold start.
Times are of the processor, medians; one BLAS thread. The law is that of each variant's own day.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from accord import deal as deals
from accord import pack as packs
from accord.claims import words_of
from accord.effects import compare
from accord.effects.path_integral import integrate
from accord.equilibrium import solve_market, universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.share import Share
from accord.market import Market
from accord.solve import Outcome

PACK = "aluminium"


@dataclass(frozen=True)
class Row:
    """Milliseconds and steps of one deal: cold and warm; the path's solves, cold and followed."""

    name: str
    cold: float
    cold_steps: int
    warm: float
    warm_steps: int
    solves: int
    path_cold: float
    path_warm: float

    def __str__(self) -> str:
        ends = (
            f"{self.name:34}{self.cold:8.1f}{self.cold_steps:7}{self.warm:8.1f}"
            f"{self.warm_steps:7}{self.cold / self.warm:7.1f}×{self.solves:8}"
        )
        if not self.solves:  # nothing changes: there is no path
            return ends + f"{'–':>10}{'–':>10}{'–':>8}"
        times = f"{self.path_cold:10.0f}{self.path_warm:10.0f}"
        return f"{ends}{times}{self.path_cold / self.path_warm:7.1f}×"


def pairs() -> Iterator[tuple[str, Market, Market]]:
    """Every shipped deal and variant on the pack's market: name, market without and with it."""
    pack = packs.load(PACK)
    for name, path in deals.shipped_deals().items():
        whole = deals.load(path, words_of(path))
        if PACK not in whole.packs:
            continue
        for variant in whole.variants or (None,):
            deal = whole.variant(variant)
            year = pack.default_year(deal.as_of)
            market = pack.under_law(pack.calibration(year).market, deal.as_of)
            yield f"{name}:{variant}" if variant else name, market, deal.apply(market)


def median(task: Callable[[], object], runs: int) -> float:
    """Return the median processor milliseconds."""
    seconds: list[float] = []
    for _ in range(runs):
        began = time.process_time()
        task()
        seconds.append(time.process_time() - began)
    return 1e3 * float(np.median(seconds))


def cold_follow(closure: Share, arrays: Arrays, near: NDArray[np.float64]) -> Outcome:
    """Stand in for ``Share.follow``: forget the neighbour."""
    del near
    return closure.solve(arrays, None)


def row(name: str, before: Market, after: Market, runs: int) -> Row:
    """Measure one deal."""
    universe, how = universe_of(before, after), Share()
    first = solve_market(before, universe=universe)
    last = solve_market(after, universe=universe, start=first.state.z)
    arrays = without_the_impossible(compile_market(after, universe))
    cold, warm = how.solve(arrays, None), how.solve(arrays, first.state.z)
    size = compare(first, last).gross_change

    def path() -> int:
        return integrate(first, last, size=size).solves

    solves, followed = path(), median(path, 3)
    with patch.object(Share, "follow", cold_follow):
        forgotten = median(path, 3)
    return Row(
        name,
        median(lambda: how.solve(arrays, None), runs), cold.total_steps,
        median(lambda: how.solve(arrays, first.state.z), runs), warm.total_steps,
        solves, forgotten, followed,
    )  # fmt: skip


def main() -> None:
    """Print a line for every deal that changes the market, and the medians."""
    parser = argparse.ArgumentParser(description="What warm starts save.")
    parser.add_argument("--runs", type=int, default=15, help="runs of each; the median is shown")
    runs = parser.parse_args().runs
    print(f"{'deal':34}{'cold ms':>8}{'steps':>7}{'warm ms':>8}{'steps':>7}{'saved':>8}"
          f"{'solves':>8}{'cold path':>10}{'followed':>10}{'saved':>8}")  # fmt: skip
    rows: list[Row] = []
    for name, before, after in pairs():
        if before != after:
            rows.append(row(name, before, after, runs))
            print(rows[-1], flush=True)
    ends = np.median([r.cold / r.warm for r in rows])
    paths = np.median([r.path_cold / r.path_warm for r in rows if r.solves])
    print(f"medians over {len(rows)} deals: warm {ends:.1f}× faster, path {paths:.1f}× faster")


if __name__ == "__main__":
    main()
