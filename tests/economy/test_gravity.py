"""Gravity: planted coefficients come back, whatever the effects; faults come all at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.economy.absorb import Effects, residuals
from accord.economy.gravity import estimate
from accord.economy.gravity_pyfixest import available, estimate_with_pyfixest
from accord.economy.ppml import collinear, separated
from accord.errors import InputError, NoCertifiedAnswer


def panel(seed: int, regions: int = 6, years: int = 3) -> dict[str, np.ndarray]:
    """A full panel with random effects of exporter-years, importer-years and pairs."""
    rng = np.random.default_rng(seed)
    j, i, t = (axis.ravel() for axis in np.indices((regions, regions, years)))
    pair = j * regions + i
    log_distance = rng.normal(size=regions * regions)[pair]
    agreement = (rng.random(len(j)) < 0.4).astype(float)
    out = rng.normal(size=regions * years)[j * years + t]
    into = rng.normal(size=regions * years)[i * years + t]
    tie = rng.normal(size=regions * regions)[pair]
    return {
        "exporter": np.char.add("x", j.astype(str)), "importer": np.char.add("m", i.astype(str)),
        "exporter-year": np.char.add(np.char.add(j.astype(str), "-"), t.astype(str)),
        "importer-year": np.char.add(np.char.add(i.astype(str), "-"), t.astype(str)),
        "pair": pair.astype(str), "log distance": log_distance, "agreement": agreement,
        "out": out, "into": into, "tie": tie,
    }  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), beta=st.floats(-2.0, 2.0))
def test_planted_coefficients_come_back_exactly(seed: int, beta: float) -> None:
    world = panel(seed)
    trade = np.exp(beta * world["agreement"] + world["out"] + world["into"] + world["tie"])
    sets = {name: list(world[name]) for name in ("exporter-year", "importer-year", "pair")}
    found = estimate(trade, {"agreement": world["agreement"]}, sets)
    assert found.coefficient[0] == pytest.approx(beta, abs=1e-7)
    assert found.fitted == pytest.approx(trade, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_against_dummies_written_out(seed: int) -> None:
    """The same estimates and errors as Newton's method on every dummy."""
    world, rng = panel(seed, years=1), np.random.default_rng(seed)
    mean = np.exp(-0.8 * world["log distance"] + world["out"] + world["into"])
    trade = mean * rng.exponential(size=len(mean)) * (rng.random(len(mean)) < 0.9)
    sets = {name: list(world[name]) for name in ("exporter", "importer")}
    found = estimate(trade, {"log distance": world["log distance"]}, sets)
    dummies = [world[name][:, None] == np.unique(world[name])[None, :] for name in sets]
    x = np.column_stack([world["log distance"], dummies[0], dummies[1][:, 1:]]).astype(float)
    beta = np.zeros(x.shape[1])
    beta[1 : 1 + dummies[0].shape[1]] = np.log(trade.mean())
    for _ in range(60):
        mu = np.exp(x @ beta)
        step = np.linalg.solve(x.T @ (mu[:, None] * x), x.T @ (trade - mu))
        beta = beta + step / max(1.0, np.abs(step).max())
    bread = np.linalg.inv(x.T @ (mu[:, None] * x))
    meat = x.T @ ((trade - mu)[:, None] ** 2 * x) * len(x) / (len(x) - x.shape[1])
    assert found.coefficient[0] == pytest.approx(beta[0], abs=1e-8)
    assert found.standard_error[0] == pytest.approx(np.sqrt((bread @ meat @ bread)[0, 0]), rel=1e-7)


def test_units_and_the_order_of_rows_change_nothing() -> None:
    world, rng = panel(3, years=1), np.random.default_rng(3)
    trade = np.exp(world["out"] + world["into"]) * rng.exponential(size=36)
    sets = {name: list(world[name]) for name in ("exporter", "importer")}
    first = estimate(trade, {"d": world["log distance"]}, sets)
    order = rng.permutation(36)
    moved = {name: [labels[k] for k in order] for name, labels in sets.items()}
    second = estimate(1e9 * trade[order], {"d": world["log distance"][order]}, moved)
    assert second.coefficient == pytest.approx(first.coefficient, abs=1e-9)
    assert second.standard_error == pytest.approx(first.standard_error, rel=1e-7)


def test_the_effects_make_sums_of_trade_exact() -> None:
    world, rng = panel(8, years=1), np.random.default_rng(8)
    trade = np.exp(world["out"]) * rng.exponential(size=36)
    sets = {name: list(world[name]) for name in ("exporter", "importer")}
    fitted = estimate(trade, {"d": world["log distance"]}, sets).fitted.reshape(6, 6)
    assert fitted.sum(axis=0) == pytest.approx(trade.reshape(6, 6).sum(axis=0), rel=1e-9)
    assert fitted.sum(axis=1) == pytest.approx(trade.reshape(6, 6).sum(axis=1), rel=1e-9)


def test_log_linear_is_least_squares_on_logs() -> None:
    world, rng = panel(5, years=1), np.random.default_rng(5)
    trade = np.exp(world["log distance"] + rng.normal(size=36))
    trade[:4] = 0.0
    found = estimate(trade, {"d": world["log distance"]}, {}, estimator="log-linear")
    x = np.column_stack([np.ones(32), world["log distance"][4:]])
    beta, *_ = np.linalg.lstsq(x, np.log(trade[4:]), rcond=None)
    assert found.coefficient[0] == pytest.approx(beta[1], abs=1e-12)
    assert found.observations == 32
    assert "4 of 36" in found.notes[0]


def test_clusters_of_one_are_robust_errors_but_for_the_factor() -> None:
    world, rng = panel(6, years=1), np.random.default_rng(6)
    trade = np.exp(world["log distance"]) * rng.exponential(size=36)
    data = {"d": world["log distance"]}
    robust = estimate(trade, data, {})
    alone = estimate(trade, data, {}, cluster=[str(k) for k in range(36)])
    factor = np.sqrt((36 / 34) / (36 / 35))
    assert robust.standard_error == pytest.approx(factor * alone.standard_error, rel=1e-10)


def test_empty_groups_are_separated_and_leaving_them_out_changes_no_other_number() -> None:
    world, rng = panel(9, years=1), np.random.default_rng(9)
    trade = np.exp(world["out"]) * rng.exponential(size=36)
    trade[:6] = 0.0  # the first exporter sells nothing
    sets = {name: list(world[name]) for name in ("exporter", "importer")}
    data = {"d": world["log distance"]}
    with pytest.raises(InputError, match="6 observations without a finite estimate") as refused:
        estimate(trade, data, sets)
    assert "1 of exporter" in str(refused.value)
    found = estimate(trade, data, sets, drop_separated=True)
    without = {name: labels[6:] for name, labels in sets.items()}
    again = estimate(trade[6:], {"d": data["d"][6:]}, without)
    assert found.coefficient == pytest.approx(again.coefficient, abs=1e-10)
    assert np.isnan(found.fitted[:6]).all()


def test_a_variable_can_separate() -> None:
    """Trade is 0 wherever the embargo holds: its coefficient is −∞."""
    rng = np.random.default_rng(1)
    embargo = np.repeat([1.0, 0.0], [5, 45])
    trade = np.where(embargo == 1.0, 0.0, rng.exponential(size=50))
    one = Effects.of(["constant"], [[""] * 50])
    assert separated(trade, embargo[:, None], one).tolist() == (embargo == 1.0).tolist()
    assert not separated(trade + embargo * rng.random(50), embargo[:, None], one).any()


def test_a_combination_of_variables_can_separate() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 2))
    inside = x[:, 0] + x[:, 1] > 1.0
    x[~inside] -= (x[~inside].sum(axis=1) / 2.0)[:, None]  # on the line where the sum is 0
    trade = np.where(inside, 0.0, rng.exponential(size=60))
    one = Effects.of(["constant"], [[""] * 60])
    assert separated(trade, x, one).tolist() == inside.tolist()


def test_faults_come_all_at_once() -> None:
    bad = np.array([1.0, -2.0, np.nan, 3.0])
    with pytest.raises(InputError) as refused:
        estimate(bad, {"d": np.array([1.0, np.inf, 2.0, 3.0]), "e": np.zeros(3)}, {"x": ["a"] * 5})
    assert len(refused.value.faults) == 4
    assert {fault.field for fault in refused.value.faults} == {"trade", "d", "e", "x"}


def test_collinear_and_separated_are_named_together() -> None:
    world = panel(4, years=1)
    trade = np.exp(world["out"])
    trade[:6] = 0.0
    sets = {name: list(world[name]) for name in ("exporter", "importer")}
    data = {
        "d": world["log distance"],
        "twice d": 2.0 * world["log distance"],
        "size": world["out"],
    }
    with pytest.raises(InputError) as refused:
        estimate(trade, data, sets)
    assert {fault.field for fault in refused.value.faults} == {"trade", "twice d", "size"}


def test_no_trade_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="no trade above 0"):
        estimate(np.zeros(3), {"d": np.arange(3.0)}, {})


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_absorbing_is_the_projection(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = [list(rng.integers(0, k, 80).astype(str)) for k in (4, 7, 9)]
    effects, weight = Effects.of("abc", columns), rng.exponential(size=80)
    values = rng.normal(size=(80, 2))
    dummies = np.column_stack(
        [np.eye(g)[c] for g, c in zip(effects.groups, effects.codes, strict=True)]
    )
    root = np.sqrt(weight)[:, None]
    beta, *_ = np.linalg.lstsq(root * dummies, root * values, rcond=None)
    assert residuals(values, effects, weight) == pytest.approx(values - dummies @ beta, abs=1e-9)


def test_degrees_count_connected_parts() -> None:
    apart = Effects.of("ab", [["1", "1", "2", "2"], ["p", "q", "r", "s"]])
    assert apart.degrees() == 2 + 4 - 2
    assert Effects.of("a", [["1", "2"]]).degrees() == 2


def test_collinear_needs_no_scale() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 3)) * [1e-6, 1.0, 1e6]
    one = Effects.of(["constant"], [[""] * 30])
    assert collinear(x, one) == []
    assert collinear(np.column_stack([x, x @ [1e6, -2.0, 1e-6]]), one) == [3]


def test_the_answer_comes_first() -> None:
    world = panel(1, years=1)
    found = estimate(np.exp(world["log distance"]), {"d": world["log distance"]}, {})
    assert repr(found).startswith("<PPML: d 1.0000 (0.0000); 36 observations")
    assert found["d"].coefficient == pytest.approx(1.0)
    with pytest.raises(KeyError):
        found["no such"]


@pytest.mark.skipif(available(), reason="the extra is installed")
def test_without_the_extra_the_fix_is_named() -> None:
    with pytest.raises(InputError, match="accord\\[gravity\\]"):
        estimate_with_pyfixest(np.ones(3), {"d": np.arange(3.0)}, {})


@pytest.mark.skipif(not available(), reason="the extra accord[gravity] is not installed")
def test_pyfixest_agrees() -> None:
    world, rng = panel(7), np.random.default_rng(7)
    trade = np.exp(world["out"]) * rng.exponential(size=108) * (rng.random(108) < 0.8)
    sets = {name: list(world[name]) for name in ("exporter-year", "importer-year", "pair")}
    ours = estimate(trade, {"a": world["agreement"]}, sets, drop_separated=True)
    theirs = estimate_with_pyfixest(trade, {"a": world["agreement"]}, sets)
    assert ours.coefficient == pytest.approx(theirs.coefficient, abs=1e-6)
    assert ours.observations == theirs.observations


def test_effects_that_barely_connect_are_refused_or_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.economy.absorb.ROUNDS", 1)
    world = panel(2)
    effects = Effects.of(
        "abc", [list(world[n]) for n in ("exporter-year", "importer-year", "pair")]
    )
    values = np.random.default_rng(0).normal(size=(108, 1))
    with pytest.raises(NoCertifiedAnswer, match="not absorbed"):
        residuals(values, effects, np.random.default_rng(1).random(108))
