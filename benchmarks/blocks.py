"""Time `accord.solve.mcp` with a Jacobian in blocks beside the same Jacobian laid out whole.

    python benchmarks/blocks.py [--runs N]

The problem is the store of docs/solve.md, of several sizes: grains of some kinds, harvested, eaten
and stored in some periods. A run ends with a certificate, its conditioning included.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from accord.solve import BlockMatrix, mcp

Vector = NDArray[np.float64]
SIZES = ((10, 5), (20, 5), (40, 5), (80, 5), (20, 20), (50, 20), (100, 20))
KEPT, COST, CHOKE = 0.97, 0.1, 10.0
# Laid out whole, larger ones take minutes.
LARGEST_WHOLE = 2000


def store(periods: int, kinds: int) -> tuple[Callable[[Vector], Vector], BlockMatrix]:
    """Return F and ∂F/∂z of the store; the latter is the same everywhere."""
    harvest = np.random.default_rng(1).uniform(0.0, 8.0, (periods, kinds))
    slope = 2.0 * np.eye(kinds) - 0.5 / kinds

    def value(z: Vector) -> Vector:
        price, stock = z.reshape(periods, 2, kinds).transpose(1, 0, 2)
        old, later = np.zeros_like(stock), np.zeros_like(price)
        old[1:], later[:-1] = KEPT * stock[:-1], price[1:]
        balance = harvest + old - stock - CHOKE + price @ slope
        return np.stack([balance, price + COST - KEPT * later], axis=1).ravel()

    one, none = np.eye(kinds), np.zeros((kinds, kinds))
    blocks = {(t, t): np.block([[slope, -one], [one, none]]) for t in range(periods)}
    for t in range(1, periods):
        blocks[t, t - 1] = np.block([[none, KEPT * one], [none, none]])
        blocks[t - 1, t] = np.block([[none, none], [-KEPT * one, none]])
    return value, BlockMatrix(np.arange(2 * periods * kinds).reshape(periods, -1), blocks)


def median(periods: int, kinds: int, runs: int, *, whole: bool) -> float:
    """Return the median milliseconds of a solve from ones."""
    value, blocks = store(periods, kinds)
    slope = blocks.whole() if whole else blocks
    seconds: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        outcome = mcp(value, lambda _: slope, 0.0, np.inf, np.ones(blocks.size))
        seconds.append(time.perf_counter() - began)
        if not outcome.solved:
            raise SystemExit(f"{periods} × {kinds}: {outcome.cause}")
    return 1e3 * float(np.median(seconds))


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description="Time Jacobians in blocks and whole.")
    parser.add_argument("--runs", type=int, default=5, help="runs of each; the median is shown")
    runs = parser.parse_args().runs
    print("| periods × kinds | unknowns | whole, ms | in blocks, ms | whole / in blocks |")
    print("|---|---:|---:|---:|---:|")
    for periods, kinds in SIZES:
        size = 2 * periods * kinds
        blocks = median(periods, kinds, runs, whole=False)
        row = f"| {periods} × {kinds} | {size:,}"
        if size > LARGEST_WHOLE:
            print(f"{row} | – | {blocks:.0f} | – |")
            continue
        whole = median(periods, kinds, runs, whole=True)
        print(f"{row} | {whole:.0f} | {blocks:.0f} | {whole / blocks:.1f} |")


if __name__ == "__main__":
    main()
