"""Functions whose shares of variance are known in closed form, as models of normal scores."""

from __future__ import annotations

import numpy as np

from accord.probability import normal

# T. Ishigami and T. Homma (1990), with a = 7, b = 0.1; figures as in A. Saltelli and others, Global
# Sensitivity Analysis: The Primer (2008).
ISHIGAMI_FIRST = np.array([0.31390519, 0.44241114, 0.0])
ISHIGAMI_TOTAL = np.array([0.55758886, 0.44241114, 0.24368366])
G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def ishigami(scores: np.ndarray) -> np.ndarray:
    x = np.pi * (2.0 * normal.cdf(scores) - 1.0)
    return np.sin(x[:, 0]) * (1.0 + 0.1 * x[:, 2] ** 4) + 7.0 * np.sin(x[:, 1]) ** 2


def g_function(scores: np.ndarray) -> np.ndarray:
    """Sobol's g (1993): Π (|4x − 2| + a)/(1 + a)."""
    x = normal.cdf(scores)
    return np.prod((np.abs(4.0 * x - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS), axis=1)


def g_indices() -> tuple[np.ndarray, np.ndarray]:
    part = 1.0 / (3.0 * (1.0 + G_WEIGHTS) ** 2)
    whole = np.prod(1.0 + part) - 1.0
    return part / whole, np.array(
        [p * np.prod(1.0 + np.delete(part, i)) / whole for i, p in enumerate(part)]
    )


def tied(rho: float) -> np.ndarray:
    """Return the correlation of three numbers of which the last two are correlated."""
    found = np.eye(3)
    found[1, 2] = found[2, 1] = rho
    return found


def linear_effects(slopes: np.ndarray, rho: float) -> np.ndarray:
    """Return the Shapley effects of a linear function of such numbers (variances 1).

    B. Iooss and C. Prieur, International Journal for Uncertainty Quantification 9 (2019).
    """
    one, two, three = slopes
    shared = rho * two * three
    swap = 0.5 * rho**2
    return np.array(
        [
            one**2,
            two**2 * (1.0 - swap) + shared + three**2 * swap,
            three**2 * (1.0 - swap) + shared + two**2 * swap,
        ]
    )
