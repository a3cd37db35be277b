"""Cost as the world grows: time and memory of chains of 1 to 10 stages and 5 to 200 regions.

    python benchmarks/growth.py [--runs N] [--write docs]

Every size has a process of its own, so that its peak memory is its own. ``make ready`` goes from a
market to arrays and tables; ``solve`` from a cold start; ``again`` from that answer, after a change
of every duty by 1 % of itself. Times are of the processor, medians; one BLAS thread. ``--write``
puts the table into the folder's speed.md, between its marks, and draws growth.svg beside it.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from chains import chain
from growth_picture import picture

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.share import Share
from accord.equilibrium.tables import layout_of
from accord.equilibrium.universe import Universe
from accord.market import Lane, Market

STAGES = (1, 2, 5, 10)
REGIONS = (5, 10, 20, 40, 80, 200)
CHANGE = 1.01
BEGIN, END = "<!-- growth: begin -->\n", "<!-- growth: end -->\n"


@dataclass(frozen=True)
class Cost:
    """What one size costs: medians in milliseconds, steps, and the process's peak in megabytes."""

    stages: int
    regions: int
    lanes: int
    unknowns: int
    ready: float
    solve: float
    steps: int
    again: float
    again_steps: int
    megabytes: float


def ready(market: Market, universe: Universe) -> Arrays:
    """Return a market's arrays, laid out as tables too."""
    arrays = without_the_impossible(compile_market(market, universe))
    layout_of(arrays)
    return arrays


def with_other_duties(market: Market) -> Market:
    """Every duty changed by 1 % of itself."""

    def changed(lane: Lane) -> Lane:
        wedges = (replace(w, ad_valorem=CHANGE * w.ad_valorem) for w in lane.wedges)
        return replace(lane, wedges=tuple(wedges))

    return market.map_lanes(lambda x: bool(x.wedges), changed)


def median(task: Callable[[], object], runs: int) -> float:
    """Return the median processor milliseconds; the first run warms caches up."""
    seconds: list[float] = []
    for _ in range(runs + 1):
        began = time.process_time()
        task()
        seconds.append(time.process_time() - began)
    return 1e3 * float(np.median(seconds[1:]))


def cost(stages: int, regions: int, runs: int) -> Cost:
    """Measure one size in this process."""
    market = chain(stages, regions)
    universe, how = universe_of(market), Share()
    arrays, changed = ready(market, universe), ready(with_other_duties(market), universe)
    cold = how.solve(arrays, None)
    warm = how.solve(changed, cold.z)
    if not (cold.solved and warm.solved):
        raise SystemExit(f"{stages} × {regions}: {cold.cause or warm.cause}")
    many = runs if regions < max(REGIONS) else max(3, runs // 5)
    return Cost(
        stages, regions, len(market.lanes), len(cold.z),
        ready=median(lambda: ready(market, universe_of(market)), max(3, many // 3)),
        solve=median(lambda: how.solve(arrays, None), many),
        steps=cold.total_steps,
        again=median(lambda: how.solve(changed, cold.z), many),
        again_steps=warm.total_steps,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
    )  # fmt: skip


def in_its_own_process(stages: int, regions: int, runs: int) -> Cost:
    """Measure one size in a new process."""
    command = [sys.executable, __file__, "--runs", str(runs), "--only", f"{stages}x{regions}"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(**json.loads(shown.stdout))


HEADS = (
    "stages × regions", "lanes", "unknowns", "make ready, ms", "solve, ms", "steps", "again, ms",
    "steps", "again / solve", "memory, MB",
)  # fmt: skip


def table(costs: list[Cost]) -> str:
    """Return the costs as a table in Markdown."""
    lines = [f"| {' | '.join(HEADS)} |", "|---|" + "---:|" * (len(HEADS) - 1)]
    for c in costs:
        cells = (
            f"{c.stages} × {c.regions}", f"{c.lanes:,}", f"{c.unknowns:,}", _ms(c.ready),
            _ms(c.solve), str(c.steps), _ms(c.again), str(c.again_steps),
            f"{c.again / c.solve:.2f}", f"{c.megabytes:.0f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 100.0 else f"{value:.0f}"


def write(folder: Path, costs: list[Cost], runs: int) -> None:
    """Put the table between the marks of speed.md, and draw growth.svg."""
    page = folder / "speed.md"
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    said = f"Medians of {runs} runs (fewer for 200 regions).\n\n"
    page.write_text(before + BEGIN + said + table(costs) + END + after)
    points = [(c.stages, c.regions, c.solve, c.megabytes) for c in costs]
    (folder / "growth.svg").write_text(picture(points))


def main() -> None:
    """Measure every size and print the table; write the page if asked to."""
    parser = argparse.ArgumentParser(description="Cost as the world grows.")
    parser.add_argument("--runs", type=int, default=25, help="runs of each; the median is shown")
    parser.add_argument("--write", type=Path, help="folder of speed.md and growth.svg")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        stages, regions = (int(x) for x in asked.only.split("x"))
        print(json.dumps(asdict(cost(stages, regions, asked.runs))))
        return
    costs = [in_its_own_process(s, r, asked.runs) for s in STAGES for r in REGIONS]
    print(table(costs))
    if asked.write:
        write(asked.write, costs, asked.runs)


if __name__ == "__main__":
    main()
