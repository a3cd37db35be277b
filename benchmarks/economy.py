"""Cost of economy-wide counterfactuals against regions and sectors, and gegravity beside it.

    python benchmarks/economy.py [--runs N] [--gegravity PYTHON] [--write docs]

Worlds are made up (``economy_worlds.py``): all regions trade in all sectors, use inputs from all
and charge duties. A counterfactual raises every duty by up to 20 points, to 1e-10, and ends with a
certified result; ``prepare`` is what is done once for a baseline. The limit is the time one core
needs to read the (J, N, N) and (N, J, J) arrays once for each use of them. Times are of
the processor, medians; one BLAS thread.
``--gegravity`` names an interpreter that has the package; it answers its own sample, where
$ACCORD_CASES has it. ``--write`` puts tables into the folder's economy.md, between marks, and draws
economy.svg beside it.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from economy_picture import picture
from economy_worlds import Kind, made_up

from accord.cases import caliendo_parro_2015 as paper
from accord.cases import case
from accord.cases.published import published_folder
from accord.economy.baseline import Baseline, Shock
from accord.economy.caliendo_parro import CaliendoParro
from accord.economy.hat import ExactHat
from accord.economy.hat_batch import solve_many
from accord.economy.one_sector import OneSector, one_sector_baseline

SIZES = (
    (40, 31),
    (45, 77),
    (65, 160),
    (10, 31),
    (10, 77),
    (10, 160),
    (40, 10),
    (40, 77),
    (40, 160),
)
TARGETS = {(40, 31): 10.0, (45, 77): 30.0, (65, 160): 160.0}
READS = 3  # of (J, N, N) arrays in one evaluation: B once, B/(1+τ) twice
LINKS = 4  # of (N, J, J) arrays: input shares twice, their loop's inverse twice
MANY = 1000


@dataclass(frozen=True)
class Cost:
    """One size: milliseconds to prepare and to answer, evaluations, and the bandwidth's limit."""

    sectors: int
    regions: int
    prepare: float
    answer: float
    steps: int
    limit: float


def milliseconds(do: Callable[[], object], runs: int) -> float:
    """Return the median processor time of ``do``."""
    do()
    times: list[float] = []
    for _ in range(runs):
        began = time.process_time()
        do()
        times.append(1000.0 * (time.process_time() - began))
    return float(np.median(times))


def world(sectors: int, regions: int) -> Baseline:
    """Return a made-up world in which all trade everything."""
    return made_up(1, Kind(sectors, regions, openness=(-0.5, 0.0), size=(-2.0, 0.0), nontraded=0))


def raised(base: Baseline) -> Shock:
    """Return every duty raised by up to 20 points."""
    random = np.random.default_rng(2)
    tariff = base.tariff + random.uniform(0.0, 0.2, base.tariff.shape)
    place = np.arange(base.size[1])
    tariff[:, place, place] = 0.0
    return Shock(tariff=tariff)


def bandwidth(bytes_: int) -> float:
    """Return bytes a millisecond that one core reads of arrays of this size, times a vector."""
    side = 512
    count = max(1, bytes_ // (8 * side * side))
    matrix, vector = np.ones((count, side, side)), np.ones((count, side, 1))
    return matrix.nbytes / milliseconds(lambda: np.matmul(matrix, vector), 15)


def cost(sectors: int, regions: int, runs: int) -> Cost:
    """Measure one size."""
    base = world(sectors, regions)
    shock = raised(base)

    def prepare() -> ExactHat:
        model = ExactHat(Baseline(**{name: getattr(base, name) for name in FIELDS}))
        _ = model.chord, model.base.levels, model.base.log_duty
        return model

    model = prepare()
    steps = model.counterfactual(shock).certificate.steps
    pairs, links = 8 * sectors * regions**2, 8 * regions * sectors**2
    read = steps * (READS * pairs + LINKS * links)
    return Cost(
        sectors, regions, milliseconds(prepare, max(3, runs // 3)),
        milliseconds(lambda: model.counterfactual(shock), runs), steps,
        read / bandwidth(2 * pairs + 2 * links),
    )  # fmt: skip


FIELDS = tuple(Baseline.__dataclass_fields__)


def many(sectors: int, regions: int) -> tuple[float, int, int]:
    """Return seconds of 1,000 duties of one importer each, how many certified, and side by side."""
    base = world(sectors, regions)
    model = ExactHat(base)
    _ = model.chord

    def shocks() -> list[Shock]:
        found: list[Shock] = []
        for k in range(MANY):
            tariff = base.tariff.copy()
            n = k % regions
            tariff[:, n] += 0.01 + 0.3 * k / MANY
            tariff[:, n, n] = 0.0
            found.append(Shock(tariff=tariff))
        return found

    asked = shocks()
    began = time.process_time()
    batch = solve_many(model, asked)
    seconds = time.process_time() - began
    return seconds, sum(check is not None for check in batch.certificates), batch.together


def one_sector(regions: int, runs: int) -> float:
    """Return milliseconds of one sector without inputs, every trade cost changed."""
    random = np.random.default_rng(0)
    size = random.lognormal(0.0, 1.5, regions)
    trade = random.lognormal(0.0, 1.0, (regions, regions)) * np.outer(size, size) / size.sum()
    np.fill_diagonal(trade, 3.0 * size)
    labels = tuple(str(n) for n in range(regions))
    ready = OneSector(one_sector_baseline(labels, trade, 5.0))
    change = random.uniform(0.8, 1.2, (1, regions, regions))
    np.fill_diagonal(change[0], 1.0)
    return milliseconds(lambda: ready.counterfactual(Shock(trade_cost=change)), runs)


def nafta(runs: int) -> float | None:
    """Return milliseconds of the paper's own world and shock, its decomposition included."""
    folder = published_folder("caliendo_parro_2015")
    if folder is None:
        return None
    ready, cut = paper.nafta(folder / "inputs.npz")
    ready = CaliendoParro(ready.base, imported_only=True)
    return milliseconds(lambda: ready.counterfactual(Shock(tariff=cut)), runs)


def beside_gegravity(python: str, runs: int) -> list[str]:
    """Return a table of seconds and of how far each is from clearing its markets."""
    folder = published_folder("gegravity_sample")
    if folder is None:
        return ["The sample is not here."]
    script = Path(__file__).parent / "economy_gegravity.py"
    done = subprocess.run([python, script, folder], check=True, capture_output=True, text=True)
    theirs = json.loads(done.stdout)["B_can_jpn_pta_balanced"]
    data = case.read("gegravity_sample")
    regions = tuple(data["regions"])
    place = {label: n for n, label in enumerate(regions)}
    trade = np.array(data["trade"], dtype=np.float64).T
    power = np.ones_like(trade)
    for exporter, importer, ratio in data["experiments"][0]["cost_to_the_power_of_minus_theta"]:
        power[place[importer], place[exporter]] = ratio
    ready = OneSector(one_sector_baseline(regions, trade, data["theta"]))
    shock = Shock(trade_cost=power[None] ** (-1.0 / data["theta"]), deficits="multiplicative")
    ours = milliseconds(lambda: ready.counterfactual(shock), 20 * runs)
    answer = ready.counterfactual(shock)
    flow = np.zeros_like(trade)
    for exporter, importer, value in theirs["trade"]:
        flow[place[importer], place[exporter]] = value
    price = 1.0 + np.array([theirs["price"][region] for region in regions]) / 100.0
    made = trade.sum(axis=0) * price
    spent = trade.sum(axis=1) * price * made.sum() / (trade.sum(axis=1) * price).sum()
    rows = (
        ("gegravity 0.3", 1000.0 * theirs["seconds"],
         np.abs(flow.sum(axis=0) / made - 1.0).max(), np.abs(flow.sum(axis=1) / spent - 1.0).max()),
        ("accord", ours, answer.certificate.market_clearing, answer.certificate.budget),
    )  # fmt: skip
    return [
        (
            "| 30 countries, Canada and Japan agree | ms | sold against made, worst | "
            "spent against income, worst |"
        ),
        "|---|---:|---:|---:|",
        *(f"| {name} | {ms:,.2f} | {sold:.1e} | {spent_:.1e} |" for name, ms, sold, spent_ in rows),
        "",
        f"Ratio of times: {1000.0 * theirs['seconds'] / ours:,.0f}.",
    ]


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--gegravity", metavar="PYTHON")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    costs = [cost(sectors, regions, asked.runs) for sectors, regions in SIZES]
    lines = table(costs, asked.runs)
    seconds, certified, together = many(45, 77)
    lines += [
        "",
        (
            f"{MANY:,} counterfactuals on one baseline of 45 × 77 (one importer's duties each): "
            f"{seconds:.1f} s, {certified:,} certified, {together:,} solved side by side."
        ),
        (
            "One sector, every trade cost changed: 30 countries "
            f"{one_sector(30, asked.runs):.2f} ms, "
            f"150 countries {one_sector(150, asked.runs):.2f} ms."
        ),
    ]
    published = nafta(asked.runs)
    if published is not None:
        lines.append(f"NAFTA, 31 × 40, with the paper's decomposition: {published:.1f} ms.")
    if asked.gegravity:
        lines += ["", *beside_gegravity(asked.gegravity, asked.runs)]
    print("\n".join(lines))
    if asked.write:
        write(
            asked.write, lines, picture([(c.sectors, c.regions, c.answer, c.limit) for c in costs])
        )


def table(costs: list[Cost], runs: int) -> list[str]:
    """Return the table of sizes."""
    return [
        f"Medians of {runs} runs.",
        "",
        (
            "| sectors × regions | prepare, ms | counterfactual, ms | target, ms | evaluations "
            "| limit of bandwidth, ms |"
        ),
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {c.sectors} × {c.regions} | {c.prepare:.0f} | {c.answer:.1f} | "
            f"{TARGETS.get((c.sectors, c.regions), '')} | {c.steps} | {c.limit:.1f} |"
            for c in costs
        ),
    ]


def write(folder: Path, lines: list[str], svg: str) -> None:
    """Put the tables between the marks of economy.md and draw the picture beside it."""
    file = folder / "economy.md"
    head, rest = file.read_text("utf-8").split("<!-- cost: begin -->")
    tail = rest.split("<!-- cost: end -->")[1]
    middle = "\n".join(["<!-- cost: begin -->", *lines, "<!-- cost: end -->"])
    file.write_text(head + middle + tail, "utf-8")
    (folder / "economy.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
