"""Distributions hit the three points they are given by, stay in bounds, and say what is wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from accord.probability.beta import Beta, nearest_beta
from accord.probability.distribution import FAMILIES, Distribution

VARIES = [family for family in FAMILIES if family != "fixed"]
U = np.concatenate([[1e-9, 1e-4, 0.01], np.linspace(0.02, 0.98, 97), [0.99, 0.9999, 1 - 1e-9]])
POINTS = np.array([0.1, 0.5, 0.9])


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    three = st.lists(st.floats(0.02, 0.98), min_size=3, max_size=3)
    low, median, high = sorted(draw(three))
    assume(median - low > 0.01 and high - median > 0.01)
    family = draw(st.sampled_from(VARIES))
    least = draw(st.sampled_from([-math.inf, 0.0, 0.5 * low, low - 0.005]))
    most = draw(st.sampled_from([math.inf, 1.0, 0.5 * (1.0 + high), high + 0.005]))
    return Distribution(family, median, low, high, least, most)


@settings(deadline=None)
@given(distributions())
def test_the_three_points_are_hit_exactly(d: Distribution) -> None:
    assert d.problems() == ()
    assert d.quantile(POINTS) == pytest.approx([d.low, d.median, d.high], rel=1e-9)
    assert d.cdf(np.array([d.low, d.median, d.high])) == pytest.approx(POINTS, rel=1e-8)


@settings(deadline=None)
@given(distributions())
def test_quantiles_rise_and_stay_in_bounds(d: Distribution) -> None:
    found = d.quantile(U)
    assert (np.diff(found) >= 0.0).all()
    assert (found >= d.least).all()
    assert (found <= d.most).all()


@settings(deadline=None)
@given(distributions())
def test_the_distribution_function_undoes_the_quantiles(d: Distribution) -> None:
    inner = U[2:-2]
    assert d.cdf(d.quantile(inner)) == pytest.approx(inner, abs=1e-7)


@settings(deadline=None)
@given(distributions())
def test_quantiles_have_no_jump(d: Distribution) -> None:
    for u in (0.1, 0.5, 0.9):
        around = d.quantile(np.array([u - 1e-9, u + 1e-9]))
        assert around[1] - around[0] == pytest.approx(0.0, abs=1e-5)


def test_an_even_lognormal_is_the_textbook_s() -> None:
    d = Distribution("lognormal", 8.0, 4.0, 16.0)
    s = math.log(2.0) / stats.norm.ppf(0.9)
    assert d.quantile(U) == pytest.approx(stats.lognorm(s, scale=8.0).ppf(U), rel=1e-12)


def test_an_even_normal_is_the_textbook_s() -> None:
    d = Distribution("normal", 3.0, 1.0, 5.0)
    assert d.quantile(U) == pytest.approx(stats.norm(3.0, 2.0 / stats.norm.ppf(0.9)).ppf(U))


def test_an_even_triangle_and_an_even_uniform_are_the_textbook_s() -> None:
    flat = Distribution("uniform", 5.0, 1.0, 9.0)
    assert flat.quantile(U) == pytest.approx(stats.uniform(0.0, 10.0).ppf(U), abs=1e-12)
    triangle = stats.triang(0.5, 2.0, 4.0)
    low, high = triangle.ppf([0.1, 0.9])
    found = Distribution("triangular", 4.0, low, high).quantile(U)
    assert found == pytest.approx(triangle.ppf(U), rel=1e-12)


def test_three_points_of_a_beta_give_that_beta() -> None:
    true = stats.beta(2.3, 5.1)
    low, median, high = true.ppf(POINTS)
    found = nearest_beta(median, low, high)
    assert (found.a, found.b) == pytest.approx((2.3, 5.1), rel=1e-9)
    assert Distribution("beta", median, low, high).quantile(U) == pytest.approx(true.ppf(U))


@pytest.mark.parametrize(("a", "b"), [(0.3, 40.0), (1.0, 1.0), (900.0, 700.0), (5.0, 0.7)])
def test_the_beta_distribution_is_scipy_s(a: float, b: float) -> None:
    x = np.linspace(0.0, 1.0, 501)
    assert Beta(a, b).cdf(x) == pytest.approx(stats.beta(a, b).cdf(x), abs=1e-11)
    assert Beta(a, b).quantile(U) == pytest.approx(stats.beta(a, b).ppf(U), abs=1e-9)


def test_a_squeezed_tail_leaves_no_lump_at_the_bound() -> None:
    d = Distribution("lognormal", 4.0, 2.5, 8.0, least=2.4)
    tail = d.quantile(np.array([1e-6, 0.001, 0.05, 0.1]))
    assert (np.diff(tail) > 0.0).all()
    assert tail[0] == pytest.approx(2.4, abs=1e-5)
    assert d.cdf(np.array([2.3, 2.4])) == pytest.approx([0.0, 0.0])


def test_what_is_fixed_is_a_constant() -> None:
    d = Distribution("fixed", 3.0, 3.0, 3.0, least=3.0)
    assert d.problems() == ()
    assert list(d.quantile(U)) == [3.0] * len(U)
    assert list(d.cdf(np.array([2.9, 3.0, 3.1]))) == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("d", "field", "found"),
    [
        (Distribution("normal", 3.0, 4.0, 5.0), "median", "low 4, median 3, high 5"),
        (Distribution("normal", 3.0, 3.0, 3.0), "median", "no spread"),
        (Distribution("lognormal", 3.0, 3.0, 5.0), "median", "no spread"),
        (Distribution("lognormal", 3.0, -1.0, 5.0), "low", "-1"),
        (Distribution("fixed", 3.0, 2.0, 4.0), "family", "a fixed number with"),
        (Distribution("gauss", 3.0, 2.0, 4.0), "family", '"gauss"'),
        (Distribution("beta", 0.5, 0.2, 1.2), "high", "a share of 1.2"),
        (Distribution("logitnormal", 0.5, 0.0, 0.8), "low", "a share of 0"),
        (Distribution("normal", 3.0, 2.0, 4.0, least=2.5), "low", "a low of 2"),
        (Distribution("normal", 3.0, 2.0, 4.0, most=3.5), "high", "a high of 4"),
        (Distribution("normal", 3.0, 2.0, 4.0, most=2.5), "high", "a high of 4"),
        (Distribution("normal", 3.0, 2.0, 4.0, least=5.0, most=1.0), "least", "bounds 5 to 1"),
        (Distribution("normal", math.nan, 2.0, 4.0), "median", "nan"),
    ],
)
def test_what_is_wrong_is_named(d: Distribution, field: str, found: str) -> None:
    first = d.problems()[0]
    assert first.field == field
    assert found in first.found
