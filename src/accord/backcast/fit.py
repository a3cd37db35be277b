"""Update the parameters with the evidence to 2022, and try each choice on the back-cast.

Parameters are lognormal a priori: the medians and 10-90 % of ``priors.csv`` and of
``parameters.csv``. The posterior's mode and curvature come from the model made linear there (three
rounds of Gauss-Newton); draws from that normal, a little widened, are then solved by the model
itself and weighted by exact posterior over proposal density (importance sampling). The draws are
points of low discrepancy, so that fewer do and the tables are the same each time.

Figures of 2023 and later never enter. Run by ``accord pack build``, read by ``accord backcast``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from accord.backcast.evidence import Evidence, Observed, Parameter
from accord.backcast.likelihood import (
    Predictions,
    covariance,
    evidence_rows,
    log_normal,
    predictions,
    supply_evidence,
)
from accord.backcast.replay import DRIFT, FREIGHT, Replay, world_of
from accord.errors import NoCertifiedAnswer
from accord.pack import Pack
from accord.pack.priors import PriorKey

Vector = NDArray[np.float64]
NINETIETH = 1.2815515655446004
"""The 90th percentile of a standard normal."""
DRAWS, WIDER = 256, 1.15
ROUNDS, STEP, HALVINGS, GOLDEN_STEPS = 3, 0.1, 30, 60
SUPPLY = PriorKey("supply_elasticity:smelter", "*", "*")


@dataclass(frozen=True)
class Problem:
    """The evidence and the parameters it may move, in logarithms."""

    pack: Pack
    evidence: Evidence

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, in the order of every vector here."""
        return self.evidence.parameters

    @cached_property
    def ranges(self) -> list[tuple[float, float, float]]:
        """Median, 10th and 90th percentile a priori."""
        return [self._range(p) for p in self.parameters]

    def _range(self, p: Parameter) -> tuple[float, float, float]:
        if p.range is not None:
            return p.range
        if p.parameter == DRIFT:
            moment = self.evidence.panel["drift_us"]
            wide = math.exp(NINETIETH * moment.error / moment.value)
            return moment.value, moment.value / wide, moment.value * wide
        prior = self.pack.priors.by_key[PriorKey(p.parameter, p.good, p.region)]
        return prior.median, prior.low, prior.high

    @cached_property
    def centre(self) -> Vector:
        """Prior means of the logarithms."""
        return np.log(np.array([median for median, _, _ in self.ranges]))

    @cached_property
    def spread(self) -> Vector:
        """Prior standard deviations of the logarithms."""
        return np.array([math.log(high / low) / (2.0 * NINETIETH) for _, low, high in self.ranges])

    @cached_property
    def drift(self) -> int:
        """Where the drift stands."""
        return next(i for i, p in enumerate(self.parameters) if p.parameter == DRIFT)

    @cached_property
    def supply(self) -> int:
        """Where the supply elasticity of most smelters stands."""
        keys = [PriorKey(p.parameter, p.good, p.region) for p in self.parameters]
        return keys.index(SUPPLY)

    @cached_property
    def rows(self) -> tuple[Observed, ...]:
        """The evidence."""
        return evidence_rows(self.evidence)

    def replay(self, x: Vector, years: Sequence[int]) -> Replay:
        """Return the years replayed with parameters at e^x."""
        values: dict[PriorKey, float] = {}
        freight = 1.0
        for p, value in zip(self.parameters, np.exp(x), strict=True):
            key = PriorKey(p.parameter, p.good, p.region)
            if key in self.pack.priors.by_key:
                values[key] = float(value)
            elif p.parameter == FREIGHT:
                freight = float(value)
        return world_of(self.pack, self.evidence.base, values, freight).replay(years)

    def predicted(self, x: Vector) -> Predictions:
        """Return what the model says of the evidence at e^x."""
        years = sorted({o.year for o in self.rows})
        return predictions(self.rows, self.replay(x, years), self.evidence)

    def log_density(self, x: Vector, found: Predictions, panel_error: float | None = None) -> float:
        """Return the log posterior at x, less a constant, given the model's predictions there.

        ``panel_error`` stands in for the error of the panel's supply slope (``inf``: not used).
        """
        z = (x - self.centre) / self.spread
        cover = covariance(self.rows, found.shares, float(np.exp(x[self.drift])), self.evidence)
        slope, error = supply_evidence(self.evidence)
        panel = (float(np.exp(x[self.supply])) - slope) / (panel_error or error)
        return -0.5 * float(z @ z) + log_normal(found.left, cover) - 0.5 * panel**2


@dataclass(frozen=True)
class Linear:
    """The model made linear at a point: predictions there and their slopes (n, k)."""

    at: Vector
    found: Predictions
    slopes: Vector

    def predicted(self, x: Vector) -> Predictions:
        """Return the linear predictions at x, with the shares of the point."""
        return Predictions(self.found.left + self.slopes @ (x - self.at), self.found.shares)


def linear_at(problem: Problem, x: Vector) -> Linear:
    """Return the model made linear at x, by central differences."""
    columns: list[Vector] = []
    for i in range(len(x)):
        if i == problem.drift:
            columns.append(np.zeros(len(problem.rows)))
            continue
        step = np.zeros(len(x))
        step[i] = STEP
        up, down = problem.predicted(x + step), problem.predicted(x - step)
        columns.append((up.left - down.left) / (2.0 * STEP))
    return Linear(x, problem.predicted(x), np.column_stack(columns))


@dataclass(frozen=True)
class Mode:
    """The posterior's mode and covariance in logarithms, and the model made linear near it."""

    at: Vector
    cover: Vector
    linear: Linear


def mode(problem: Problem) -> Mode:
    """Return the posterior's mode."""
    x, cover = problem.centre.copy(), np.diag(problem.spread**2)
    linear = linear_at(problem, x)
    for turn in range(ROUNDS):
        linear = linear if turn == 0 else linear_at(problem, x)
        x, cover = climb(problem, linear, x)
    return Mode(x, cover, linear)


def climb(
    problem: Problem, linear: Linear, start: Vector, panel_error: float | None = None
) -> tuple[Vector, Vector]:
    """Return the mode of the posterior of the linear model, and the covariance there."""
    return _climb(lambda y: problem.log_density(y, linear.predicted(y), panel_error), start)


def _climb(density: Callable[[Vector], float], start: Vector) -> tuple[Vector, Vector]:
    """Return the top of a smooth density and the inverse of its curvature, by Newton's method."""
    x = start
    cover = np.eye(len(x))
    for _ in range(HALVINGS):
        slope, curve = _derivatives(density, x)
        cover = _inverse(-curve)
        step = cover @ slope
        size, here = 1.0, density(x)
        while size > 1.0 / 2**10 and density(x + size * step) < here:
            size /= 2.0
        x = x + size * step
        if float(np.abs(step).max()) < 1e-6:  # noqa: PLR2004 - far below any spread
            break
    return x, cover


def _inverse(curvature: Vector) -> Vector:
    """Return the inverse of a curvature, made positive where the density is not concave.

    Its eigenvalues count by their size: far from the top the step stays as long as the curve says,
    where one that is cut off at nearly 0 would leap too far to be of use.
    """
    values, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    return (vectors / np.maximum(np.abs(values), 1e-2)) @ vectors.T


def _derivatives(density: Callable[[Vector], float], x: Vector) -> tuple[Vector, Vector]:
    """Return slope and curvature by central differences."""
    n, h = len(x), 1e-3
    here = density(x)
    unit = h * np.eye(n)
    up = np.array([density(x + unit[i]) for i in range(n)])
    down = np.array([density(x - unit[i]) for i in range(n)])
    curve = np.diag((up - 2.0 * here + down) / h**2)
    for i in range(n):
        for j in range(i):
            both = density(x + unit[i] + unit[j]) + density(x - unit[i] - unit[j])
            mixed = (both - up[i] - down[i] - up[j] - down[j] + 2.0 * here) / (2.0 * h**2)
            curve[i, j] = curve[j, i] = mixed
    return (up - down) / (2.0 * h), curve


@dataclass(frozen=True)
class Sample:
    """Weighted draws of the posterior (m, k) in logarithms; ``failed`` had no certified answer."""

    draws: Vector
    weight: Vector
    failed: int

    @property
    def effective(self) -> float:
        """The effective sample size, 1/Σw²."""
        return 1.0 / float(self.weight @ self.weight)

    @property
    def mean(self) -> Vector:
        """Posterior means of the logarithms."""
        return self.weight @ self.draws

    @cached_property
    def cover(self) -> Vector:
        """Posterior covariance of the logarithms."""
        left = self.draws - self.mean
        return left.T @ (self.weight[:, None] * left)

    def quantile(self, column: int, level: float) -> float:
        """Return a quantile of one logarithm, between draws by their weights."""
        values = self.draws[:, column]
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(self.weight[order]) - 0.5 * self.weight[order]
        i = min(max(int(np.searchsorted(reached, level)), 1), len(order) - 1)
        low, high = float(reached[i - 1]), float(reached[i])
        part = min(max((level - low) / (high - low), 0.0), 1.0)
        below, above = float(values[order[i - 1]]), float(values[order[i]])
        return below + part * (above - below)


def spread_out(draws: int, columns: int) -> Vector:
    """Return points of the standard normal spread more evenly than chance would (m, k).

    The additive sequence of the generalised golden ratio g, the root of g^(k+1) = g + 1: the
    i-th point of the unit cube is the fraction of ½ + i·(1/g, …, 1/g^k). Source: M. Roberts, The
    unreasonable effectiveness of quasirandom sequences (2018).
    """
    golden = 2.0
    for _ in range(GOLDEN_STEPS):
        golden = (1.0 + golden) ** (1.0 / (columns + 1))
    steps = np.array([golden ** -(j + 1.0) for j in range(columns)])
    unit = np.modf(0.5 + np.outer(np.arange(1.0, draws + 1.0), steps))[0]
    inverse = NormalDist().inv_cdf
    return np.array([[inverse(float(u)) for u in row] for row in unit])


def sample(problem: Problem, top: Mode, draws: int = DRAWS) -> Sample:
    """Return draws of the posterior: each solved by the model and weighted."""
    factor = np.linalg.cholesky(top.cover) * WIDER
    normal = spread_out(draws, len(top.at))
    points = top.at + normal @ factor.T
    logs: list[float] = []
    failed = 0
    for x, z in zip(points, normal, strict=True):
        try:
            logs.append(problem.log_density(x, problem.predicted(x)) + 0.5 * float(z @ z))
        except NoCertifiedAnswer:
            logs.append(-math.inf)
            failed += 1
    weight = np.exp(np.array(logs) - max(logs))
    return Sample(points, weight / weight.sum(), failed)
