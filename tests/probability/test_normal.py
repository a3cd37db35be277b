"""The standard normal distribution against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from accord.probability import normal


def test_quantiles_are_scipy_s() -> None:
    u = np.concatenate(
        [
            np.logspace(-300, -1, 4000),
            np.linspace(0.001, 0.999, 9999),
            1 - np.logspace(-15, -1, 999),
        ]
    )
    np.testing.assert_allclose(normal.quantile(u), norm.ppf(u), rtol=1e-14, atol=1e-15)


def test_the_distribution_function_is_scipy_s() -> None:
    z = np.linspace(-37.0, 9.0, 5001)
    np.testing.assert_allclose(normal.cdf(z), norm.cdf(z), rtol=1e-13, atol=0.0)
    np.testing.assert_allclose(normal.density(z), norm.pdf(z), rtol=1e-13)


def test_they_undo_each_other() -> None:
    z = np.linspace(-8.0, 5.0, 400).reshape(20, 20)
    assert normal.quantile(normal.cdf(z)) == pytest.approx(z, abs=1e-9)
    assert float(normal.cdf(np.array([normal.NINETIETH]))[0]) == pytest.approx(0.9, abs=1e-15)


def test_the_ends() -> None:
    assert list(normal.quantile(np.array([0.0, 0.5, 1.0]))) == [-np.inf, 0.0, np.inf]


@pytest.mark.parametrize("wrong", [-0.1, 1.5, np.nan])
def test_what_is_no_probability(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal.quantile(np.array([wrong]))
