"""What ranges on every effect cost: accounts before and after of many draws, and their quantiles.

    python benchmarks/accounts_of_draws.py [--draws N] [--runs N]

The shipped deal between the United States and Russia on the aluminium market. The draws stand near
the two answers without being solved: what is timed is what follows a solve. Times are of the
processor, medians; one BLAS thread. ``one``: the accounts of a single equilibrium.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from accord import deal as deals
from accord import pack as packs
from accord.claims import words_of
from accord.effects import accounts_of, compare
from accord.effects.many import ManyAccounts, accounts_of_many
from accord.effects.many_effects import ManyEffects, many_effects
from accord.equilibrium import Equilibrium, solve_market, universe_of
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.stack import Stack

PACK, DEAL = "aluminium", "us-russia-2025"


def near(solved: Equilibrium, count: int) -> tuple[Stack, np.ndarray]:
    """Return draws around an equilibrium, θ, weights, demand and costs apart, and points."""
    rng, base = np.random.default_rng(0), solved.state.arrays

    def drawn(values: np.ndarray) -> np.ndarray:
        return values * rng.uniform(0.999, 1.001, (count, len(values)))

    lanes, buyers, activities = base.lanes, base.buyers, base.activities
    stack = Stack(
        base=base,
        count=count,
        lanes=replace(lanes, log_weight=drawn(lanes.log_weight)),
        buyers=replace(
            buyers,
            theta=drawn(buyers.theta),
            gamma=drawn(buyers.gamma),
            choke=drawn(buyers.choke),
        ),
        activities=replace(
            activities,
            fixed_cost=drawn(activities.fixed_cost),
            rising_cost=drawn(activities.rising_cost),
            inverse_curvature=drawn(activities.inverse_curvature),
        ),
        limits=base.limits,
    )
    return stack, drawn(solved.state.z)


def median(task: Callable[[], object], runs: int) -> float:
    """Return the median processor milliseconds of a task, run once before."""
    task()
    times: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return 1e3 * float(np.median(times))


def main() -> None:
    """Time the stages and all of them together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--runs", type=int, default=15)
    asked = parser.parse_args()
    path = deals.shipped_deals()[DEAL]
    deal, pack = deals.load(path, words_of(path)), packs.load(PACK)
    before = pack.under_law(pack.calibration(pack.default_year(deal.as_of)).market, deal.as_of)
    after = deal.apply(before)
    universe = universe_of(before, after)
    solved = [solve_market(m, universe=universe) for m in (before, after)]
    central = compare(*solved)
    draws = [near(x, asked.draws) for x in solved]

    def accounts(side: int) -> ManyAccounts:
        return accounts_of_many(solved[side].market, ManyState(*draws[side]))

    def ranged(effects: ManyEffects) -> object:
        return effects.before_spread, effects.after_spread, effects.change_spread

    sides = accounts(0), accounts(1)
    stages: dict[str, Callable[[], object]] = {
        "one": lambda: dict(accounts_of(solved[1]).tables),
        "state": lambda: ManyState(*draws[1]).shipped,
        # Every measure is asked for: they are worked out when they are.
        "state and accounts, one side": lambda: dict(accounts(1).tables),
        "rows and quantiles": lambda: ranged(many_effects(central, *sides)),
        "all: both sides, rows, quantiles": lambda: ranged(
            many_effects(central, accounts(0), accounts(1))
        ),
    }
    print(f"{asked.draws} draws, {len(central.rows)} rows, {len(universe.lanes)} lanes: ms")
    for name, stage in stages.items():
        print(f"{name:34}{median(stage, asked.runs):8.1f}")


if __name__ == "__main__":
    main()
