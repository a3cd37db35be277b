"""Poisson pseudo-maximum likelihood with high-dimensional fixed effects, and least squares.

    E[y] = exp(x'β + Σ effects)          X'(y − μ) = 0, and the same for each group

solved by iteratively reweighted least squares: with η = ln μ, weights μ and z = η + (y − μ)/μ,
β is the weighted regression of z on x, both with the effects taken out. Zeros of y are kept, and no
assumption is made of the variance, which the standard errors allow to differ.

Standard errors are the sandwich A⁻¹ B A⁻¹: HC1 (B summed over observations, times n/(n − k), k all
coefficients with the effects) or clustered (B summed over clusters, times G/(G − 1)).

Valid range: y ≥ 0 with Σ y > 0, no variable a sum of the others and of effects, nothing separated:
observations with y = 0 that some combination of variables and effects drives to μ = 0 have no
finite estimate, and are named; dropping them is the caller's choice and leaves the rest unchanged.

Sources: J. Santos Silva and S. Tenreyro, "The log of gravity", Review of Economics and Statistics
88 (2006); S. Correia, P. Guimarães and T. Zylkin, "Fast Poisson estimation with high-dimensional
fixed effects", Stata Journal 20 (2020), and "Verifying the existence of maximum likelihood
estimates for generalized linear models" (2019), for the search for separated observations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.economy.absorb import Codes, Effects, residuals
from accord.errors import NoCertifiedAnswer

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
STEPS = 200
COLLINEAR = 1e-9
DIGITS = 1e-7  # a score beyond which digits of the estimates are in doubt
LARGEST = 700.0  # of ln μ, before it overflows


@dataclass(frozen=True)
class Fit:
    """Estimates of k coefficients over n observations.

    ``coefficient`` (k,);  ``covariance`` (k, k);  ``fitted`` (n,) the mean μ (PPML) or x'β and
    effects (least squares);  ``score`` the largest of the conditions the estimate must satisfy,
    relative: variables' and groups';  ``steps`` of the iteration
    """

    coefficient: Array
    covariance: Array
    fitted: Array
    score: float
    steps: int

    @property
    def standard_error(self) -> Array:
        """(k,)."""
        return np.sqrt(np.diag(self.covariance))


def poisson(
    y: Array, x: Array, effects: Effects, cluster: Codes | None = None, tolerance: float = 1e-10
) -> Fit:
    """Return the PPML estimates of y (n,) on x (n, k) and effects.

    The caller has made sure that nothing is collinear or separated. ``cluster`` (n,) are groups of
    observations that may move together; without, HC1. ``tolerance`` is on the score. Raises
    ``NoCertifiedAnswer`` where the score is not brought to it.
    """
    beta, mu, score, steps = _reweighted(y, x, effects, tolerance)
    if not score <= DIGITS:
        cause = f"PPML leaves a score of {score:.1e} after {steps} steps"
        raise NoCertifiedAnswer(cause, "a search for separated observations, or scaled variables")
    within = residuals(x, effects, mu)
    covariance = _sandwich(within, mu, y - mu, x.shape[1] + effects.degrees(), cluster)
    return Fit(beta, covariance, mu, score, steps)


def least_squares(y: Array, x: Array, effects: Effects, cluster: Codes | None = None) -> Fit:
    """Return the least squares estimates of y (n,) on x (n, k) and effects, as ``poisson``."""
    weight = np.ones_like(y)
    both = residuals(np.column_stack([y, x]), effects, weight)
    left, within = both[:, 0], both[:, 1:]
    beta = np.asarray(np.linalg.lstsq(within, left, rcond=None)[0], dtype=np.float64)
    rest = left - within @ beta
    covariance = _sandwich(within, weight, rest, x.shape[1] + effects.degrees(), cluster)
    scale = np.sqrt((within**2).sum(axis=0) * (left @ left))
    score = float(np.max(np.abs(within.T @ rest) / scale, initial=0.0))
    return Fit(beta, covariance, y - rest, score, 1)


def collinear(x: Array, effects: Effects) -> list[int]:
    """Return the columns of x (n, k) that earlier columns and the effects explain entirely."""
    within = residuals(x, effects, np.ones(len(x)))
    size, found, basis = np.linalg.norm(x, axis=0), list[int](), np.zeros((len(x), 0))
    for k in range(x.shape[1]):
        rest = within[:, k]
        for _ in range(2):  # twice: once leaves rounding errors
            rest = rest - basis @ (basis.T @ rest)
        length = np.linalg.norm(rest)
        if length <= COLLINEAR * max(size[k], 1e-300):
            found.append(k)
        else:
            basis = np.column_stack([basis, rest / length])
    return found


def separated(y: Array, x: Array, effects: Effects) -> Mask:
    """Return which observations (n,) with y = 0 have no finite estimate.

    Groups without any y > 0 first; then regressions of an indicator that no observation with y > 0
    may enter, repeated until what remains positive is explained exactly.
    """
    out = _empty_groups(y, effects)
    kept = ~out
    zero = kept & (y == 0.0)
    if not zero.any() or not kept.any():
        return out
    inner, rows = effects.rows(kept), x[kept]
    at_zero = y[kept] == 0.0
    heavy = float(at_zero.sum()) * 1e5
    weight = np.where(at_zero, 1.0, heavy)
    wanted = at_zero.astype(np.float64)
    for _ in range(STEPS):
        rest = _regressed(wanted, rows, inner, weight)
        fit = wanted - rest
        fit[np.abs(fit) < 1e-5] = 0.0  # noqa: PLR2004 — the method's own tolerance
        if np.all(np.abs(rest[at_zero]) < 1e-5):  # noqa: PLR2004
            found = at_zero & (fit > 0.0)
            out[np.flatnonzero(kept)[found]] = True
            return out
        wanted = np.where(at_zero, np.maximum(fit, 0.0), 0.0)
        if not wanted.any():
            return out
    return out


def _reweighted(
    y: Array, x: Array, effects: Effects, tolerance: float
) -> tuple[Array, Array, float, int]:
    """Return β, μ, the score and the steps, best effort."""
    mu = 0.5 * (y + y.mean())
    eta, beta = np.log(mu), np.zeros(x.shape[1])
    score, steps = float("inf"), 0
    while steps < STEPS:
        z = eta + y / mu - 1.0
        rough = float(np.clip(1e-3 * score, 1e-12, 1e-4))  # no finer than this step can use
        both = residuals(np.column_stack([z, x]), effects, mu, rough)
        left, within = both[:, 0], both[:, 1:]
        gram = within.T @ (mu[:, None] * within)
        beta = np.asarray(np.linalg.solve(gram, within.T @ (mu * left)), dtype=np.float64)
        eta = np.asarray(z - (left - within @ beta), dtype=np.float64)
        mu = np.exp(np.minimum(eta, LARGEST))
        before, score, steps = score, _score(y, mu, x, effects), steps + 1
        if score <= tolerance or (score <= DIGITS and score > 0.5 * before):
            break
    return beta, mu, score, steps


def _regressed(wanted: Array, x: Array, effects: Effects, weight: Array) -> Array:
    both = residuals(np.column_stack([wanted, x]), effects, weight)
    root = np.sqrt(weight)
    left, within = both[:, 0], both[:, 1:]
    beta = np.linalg.lstsq(root[:, None] * within, root * left, rcond=None)[0]
    return left - within @ beta


def _empty_groups(y: Array, effects: Effects) -> Mask:
    out = np.zeros(len(y), dtype=bool)
    for codes in effects.codes:
        out |= np.bincount(codes, y)[codes] == 0.0
    return out


def _score(y: Array, mu: Array, x: Array, effects: Effects) -> float:
    """Return the largest condition of the estimate, over the size of its terms."""
    error, size = y - mu, y + mu
    of_variables = np.abs(x.T @ error) / np.maximum(np.abs(x).T @ size, 1e-300)
    of_groups = [
        np.abs(np.bincount(codes, error)) / np.bincount(codes, size) for codes in effects.codes
    ]
    parts = [of_variables, *of_groups]
    return float(np.max(np.concatenate(parts), initial=0.0))


def _sandwich(
    within: Array, weight: Array, error: Array, used: int, cluster: Codes | None
) -> Array:
    bread = np.linalg.inv(within.T @ (weight[:, None] * within))
    scores = within * error[:, None]
    if cluster is None:
        factor = len(error) / (len(error) - used)
    else:
        groups = cluster.max() + 1
        scores = np.column_stack([
            np.bincount(cluster, scores[:, k], minlength=groups) for k in range(within.shape[1])
        ])  # fmt: skip
        factor = groups / (groups - 1)
    return factor * bread @ (scores.T @ scores) @ bread
