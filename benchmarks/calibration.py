"""Does a posterior cover the truth as often as it says? Simulation-based calibration on toyland.

    python benchmarks/calibration.py [--replications N] [--seed S]

Two numbers of toyland are taken for uncertain, how readily Cormark switches between origins (σ) and
the supply elasticity of smelters. In each replication both are drawn from their prior, the market
is solved under a duty on Arvland's metal, and what is seen of it (two flows, two outputs) gets
noise. From these data the posterior is computed in two ways:

table   importance sampling from the prior: the market solved once at the points of a
        low-discrepancy sequence, weighted anew by each replication's likelihood
fit     as the back-cast does it (``accord.backcast.fit``): the mode, a normal there, widened, and
        weighted points of it. The market's answers are those of a polynomial through solved ones,
        whose error at the truths, which are all solved, is printed

Over the replications the 80 % range should hold the truth in 80 %, and the truth's place in the
posterior be uniform.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any, cast

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from numpy.typing import NDArray

from accord import pack
from accord.backcast.fit import Mode, Sample, climb, sample
from accord.effects import accounts_of
from accord.equilibrium import solve_market
from accord.instruments import enact, read_term
from accord.pack import PriorKey
from accord.probability import normal, points
from accord.probability.calibration_check import coverage, place, uniformity
from accord.probability.distribution import Distribution

Vector = NDArray[np.float64]

# The experiment, not the world: two numbers even in logarithms, and a duty large enough to tell.
KEYS = (PriorKey("sigma", "metal", "CCC"), PriorKey("supply_elasticity:smelter", "metal", "*"))
NAMES = ("σ", "supply elasticity")
PRIOR = (Distribution("lognormal", 9.0, 4.5, 18.0), Distribution("lognormal", 4.0, 2.0, 8.0))
DUTY = {
    "kind": "import_duty",
    "id": "experiment",
    "goods": ["metal"],
    "exporters": ["AAA"],
    "importers": ["CCC"],
    "specific": "400 USD/t",
}
SEEN = (
    ("flow", "AAA>CCC"),
    ("flow", "BBB>CCC"),
    ("output", "AAA"),
    ("output", "BBB"),
)
NOISE = np.array([0.06, 0.04, 0.02, 0.02])
LAW = date(2020, 7, 1)
TABLE_POINTS, TABLE_SEED = 2048, 11
NODES, REACH = 17, 4.5
DRAWS = 256


def answers(scores: Vector) -> Vector:
    """Return logarithms of what is seen (n, 4) at normal scores of the two numbers (n, 2)."""
    toyland = pack.load("toyland")
    term = read_term(dict(DUTY))
    rows: list[list[float]] = []
    for pair in values(scores):
        chosen = dict(zip(KEYS, map(float, pair), strict=True))
        solved = solve_market(enact(toyland.market(2020, LAW, priors=chosen), [term]))
        tables = accounts_of(solved).tables
        rows.append([math.log(tables[name][where, "metal"]) for name, where in SEEN])
    return np.array(rows)


def values(scores: Vector) -> Vector:
    """Return the two numbers (n, 2) at normal scores (n, 2)."""
    return np.column_stack([d.at_score(scores[:, i]) for i, d in enumerate(PRIOR)])


@dataclass(frozen=True)
class Emulator:
    """A polynomial in two scores through solved answers: ``weights`` (degree, degree, 4)."""

    weights: Vector

    @classmethod
    def solved(cls, nodes: int) -> Emulator:
        """Return the one through answers at Chebyshev's points of the square ±``REACH``."""
        at = np.cos(np.pi * (np.arange(nodes) + 0.5) / nodes)
        seen = answers(REACH * np.array(list(product(at, at)))).reshape(nodes, nodes, len(SEEN))
        inverse = np.linalg.inv(chebvander(at, nodes - 1))
        return cls(np.einsum("ik,jl,klm->ijm", inverse, inverse, seen))

    def __call__(self, scores: Vector) -> Vector:
        """Return the answers (n, 4) at scores (n, 2); beyond the square those at its edge."""
        inside = np.clip(scores / REACH, -1.0, 1.0)
        one, other = (chebvander(inside[:, i], len(self.weights) - 1) for i in (0, 1))
        return np.einsum("ni,nj,ijm->nm", one, other, self.weights, optimize=True)


@dataclass(frozen=True)
class Replication:
    """One set of data, as a problem of the back-cast's fit: x are logarithms of the numbers."""

    emulator: Emulator
    data: Vector
    centre: Vector = field(default_factory=lambda: np.log([d.median for d in PRIOR]))

    @cached_property
    def spread(self) -> Vector:
        """Prior standard deviations of the logarithms."""
        return np.array([math.log(d.high / d.median) / normal.NINETIETH for d in PRIOR])

    def predicted(self, x: Vector) -> Vector:
        """Return what would be seen (4,)."""
        return self.emulator(((x - self.centre) / self.spread)[None])[0]

    def log_density(self, x: Vector, found: Vector, panel_error: float | None = None) -> float:
        """Return the log posterior, less a constant."""
        del panel_error
        z, left = (x - self.centre) / self.spread, (found - self.data) / NOISE
        return -0.5 * float(z @ z + left @ left)


def fitted(emulator: Emulator, data: Vector) -> Sample:
    """Return the posterior as the back-cast's fit computes it."""
    problem = cast("Any", Replication(emulator, data))
    at, cover = climb(problem, problem, problem.centre)
    return sample(problem, Mode(at, cover, problem), DRAWS)


def weighted(table: Vector, seen: Vector, data: Vector) -> Sample:
    """Return the posterior as solved points of the prior (n, 2), weighted by the likelihood."""
    logs = -0.5 * np.square((seen - data) / NOISE).sum(axis=1)
    weight = np.exp(logs - logs.max())
    return Sample(np.log(values(table)), weight / weight.sum(), 0)


@dataclass(frozen=True)
class Result:
    """Truths, 10 and 90 % points and places of the truths (n, 2); what the draws are worth (n,)."""

    truth: Vector
    low: Vector
    high: Vector
    places: Vector
    effective: Vector


def replicate(posterior: Callable[[Vector], Sample], truth: Vector, data: Vector) -> Result:
    """Return how the posteriors of data (n, 4) hold the truths (n, 2, in logarithms)."""
    low, high, places = (np.empty(truth.shape) for _ in range(3))
    effective = np.empty(len(truth))
    for i, (true, seen) in enumerate(zip(truth, data, strict=True)):
        found = posterior(seen)
        effective[i] = found.effective
        for k in range(truth.shape[1]):
            low[i, k], high[i, k] = found.quantile(k, 0.1), found.quantile(k, 0.9)
            places[i, k] = place(found.draws[:, k], found.weight, float(true[k]))
    return Result(truth, low, high, places, effective)


@dataclass(frozen=True)
class Experiment:
    """Truths with their data, the table, and how far the polynomial is off at the truths."""

    truth: Vector
    data: Vector
    table: Vector
    seen: Vector
    emulator: Emulator
    emulator_error: float

    def by(self, method: str) -> Result:
        """Return the replications by ``table`` or ``fit``."""
        if method == "fit":
            return replicate(lambda data: fitted(self.emulator, data), self.truth, self.data)
        return replicate(lambda d: weighted(self.table, self.seen, d), self.truth, self.data)


def experiment(
    replications: int, seed: int, table_points: int = TABLE_POINTS, nodes: int = NODES
) -> Experiment:
    """Solve the table and the truths, and add noise to these."""
    chance = np.random.default_rng(seed)
    scores = chance.standard_normal((replications, len(KEYS)))
    exact = answers(scores)
    data = exact + NOISE * chance.standard_normal(exact.shape)
    table = points.normals(table_points, len(KEYS), TABLE_SEED)
    seen = answers(table)
    emulator = Emulator.solved(nodes)
    error = float((np.abs(emulator(scores) - exact) / NOISE).max())
    return Experiment(np.log(values(scores)), data, table, seen, emulator, error)


def main() -> None:
    """Run it and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--replications", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start = time.perf_counter()
    made = experiment(options.replications, options.seed)
    print(f"{options.replications} truths and {TABLE_POINTS} points solved", end="")
    print(f" in {time.perf_counter() - start:.0f} s")
    print(f"the polynomial is off by at most {made.emulator_error:.2g} of the noise")
    print(f"{'posterior':<10}{'number':<19}{'in 80 % range':>15}{'95 % error':>16}", end="")
    print(f"{'uniform: p':>12}{'draws worth':>13}   truths by tenth of the posterior")
    for method in ("table", "fit"):
        found = made.by(method)
        for k, name in enumerate(NAMES):
            held = coverage(found.low[:, k], found.high[:, k], found.truth[:, k])
            even = uniformity(found.places[:, k])
            span = f"{100 * held.low:.1f} to {100 * held.high:.1f} %"
            print(f"{method:<10}{name:<19}{100 * held.value:>13.1f} %{span:>16}", end="")
            worth = f"{np.median(found.effective):.0f}"
            print(f"{even.p_value:>12.3f}{worth:>13}   {' '.join(map(str, even.counts))}")
    print(f"{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
