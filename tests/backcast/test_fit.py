"""The likelihood, the update and its tables."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.backcast import Backcast
from accord.backcast.fit import Linear, Problem, Sample, climb, spread_out
from accord.backcast.fit_tables import Trials, fit_files, refit
from accord.backcast.likelihood import (
    Predictions,
    covariance,
    evidence_rows,
    log_normal,
    predictions,
)
from accord.backcast.posterior import load_posterior
from accord.backcast.read_evidence import load_evidence
from accord.backcast.replay import world_of
from accord.backcast.score import errors_by_year
from accord.pack import Pack, load
from accord.pack.build import SHIPPED


@pytest.fixture(scope="module")
def problem(found: Backcast) -> Problem:
    return Problem(found.pack, found.evidence)


@pytest.fixture(scope="module")
def central(problem: Problem) -> Predictions:
    return problem.predicted(problem.centre)


def test_no_evidence_after_2022(found: Backcast) -> None:
    rows = evidence_rows(found.evidence)
    assert max(o.year for o in rows) <= 2022
    assert not [o for o in rows if (o.quantity, o.region) == ("russia_exports", "CHN")]


def test_the_likelihood_refuses_evidence_after_2022(found: Backcast) -> None:
    """Whoever builds evidence in Python cannot fit the years that are judged either."""
    later = next(o for o in found.evidence.observed if o.year == 2023)
    fitted = (*found.evidence.observed, replace(later, calibration=True))
    with pytest.raises(ValueError, match="2023"):
        evidence_rows(replace(found.evidence, observed=fitted))


def test_the_fit_is_the_same_whatever_is_observed_after_2022(
    found: Backcast, problem: Problem, central: Predictions
) -> None:
    """Other figures of 2023-2025: the same rows, years and density."""
    other = tuple(
        replace(o, value=0.5 * o.value) if o.year > 2022 else o for o in found.evidence.observed
    )
    blind = Problem(found.pack, replace(found.evidence, observed=other))
    assert blind.rows == problem.rows
    assert {o.year for o in problem.rows} <= set(range(2018, 2023))
    x = problem.centre
    assert blind.log_density(x, central) == problem.log_density(x, central)


def test_the_covariance_of_shares_is_that_of_drifting_weights(
    found: Backcast, central: Predictions
) -> None:
    """J·d²t·Jᵀ + e²I, written out."""
    rows = evidence_rows(found.evidence)
    cover = covariance(rows, central.shares, 0.3, found.evidence)
    shares = central.shares[2019]
    names = list(shares)
    jacobian = np.eye(len(names)) - np.array([list(shares.values())] * len(names))
    whole = 0.3**2 * 2 * jacobian @ jacobian.T
    held = [(i, o) for i, o in enumerate(rows) if (o.quantity, o.year) == ("us_import_share", 2019)]
    assert len(held) == 4
    noise = found.evidence.errors["us_import_share"]
    assert noise is not None
    for i, one in held:
        for j, other in held:
            expected = whole[names.index(one.region), names.index(other.region)]
            expected += noise**2 if i == j else 0.0
            assert cover[i, j] == pytest.approx(expected, rel=1e-9)
    assert np.linalg.eigvalsh(cover).min() > 0.0


def test_errors_of_one_walk_are_correlated(found: Backcast, central: Predictions) -> None:
    rows = evidence_rows(found.evidence)
    cover = covariance(rows, central.shares, 0.3, found.evidence)
    place = {(o.quantity, o.date): i for i, o in enumerate(rows)}
    one, other = place["us_imports", "2018"], place["us_imports", "2022"]
    assert cover[one, other] == pytest.approx(cover[one, one])
    assert cover[other, other] == pytest.approx(5.0 * cover[one, one])


def test_the_normal_density_by_hand() -> None:
    left = np.array([1.0, 2.0])
    value = log_normal(left, np.diag([4.0, 9.0]))
    assert value == pytest.approx(-0.5 * (1 / 4 + 4 / 9) - math.log(2.0) - math.log(3.0))


def test_predictions_are_logs_and_dollars_of_2017(
    found: Backcast, problem: Problem, central: Predictions
) -> None:
    rows = problem.rows
    replay = world_of(found.pack, 2017).replay(sorted({o.year for o in rows}))
    again = predictions(rows, replay, found.evidence)
    assert again.left == pytest.approx(central.left, abs=1e-6)
    by_row = {(r.quantity, r.region, r.date): r for r in found.run("prior")}
    for o, left in zip(rows, central.left, strict=True):
        row = by_row[o.quantity, o.region, o.date]
        if o.quantity == "us_premium":
            assert left == pytest.approx(row.error / found.evidence.deflator[o.year], abs=1e-3)
        else:
            assert left == pytest.approx(math.log(row.predicted / row.observed), abs=1e-6)


def test_a_mute_model_leaves_the_prior_as_it_is(problem: Problem, central: Predictions) -> None:
    """No slope, no panel: the mode is the prior but for drift, which the errors speak of."""
    flat = Linear(problem.centre, central, np.zeros((len(problem.rows), len(problem.centre))))
    top, cover = climb(problem, flat, problem.centre, math.inf)
    for i, p in enumerate(problem.parameters):
        if p.parameter != "drift":
            assert top[i] == pytest.approx(problem.centre[i], abs=1e-6)
            assert math.sqrt(cover[i, i]) == pytest.approx(problem.spread[i], rel=1e-3)


def test_quantiles_and_effective_size_of_equal_weights() -> None:
    values = np.linspace(-1.0, 1.0, 201)[:, None]
    sample = Sample(values, np.full(201, 1.0 / 201), 0)
    assert sample.effective == pytest.approx(201.0)
    assert sample.quantile(0, 0.5) == pytest.approx(0.0, abs=1e-12)
    assert sample.quantile(0, 0.9) == pytest.approx(0.8, abs=0.01)
    assert sample.quantile(0, 0.0) == -1.0


def test_points_of_low_discrepancy_are_a_standard_normal() -> None:
    points = spread_out(256, 7)
    assert points.shape == (256, 7)
    assert np.abs(points.mean(axis=0)).max() < 0.05
    assert np.abs(points.std(axis=0) - 1.0).max() < 0.05
    assert np.abs(np.corrcoef(points.T) - np.eye(7)).max() < 0.12


def test_the_shipped_fit_belongs_to_the_shipped_pack(found: Backcast) -> None:
    again = "compute it anew: accord.backcast.fit_tables.refit(folder, force=True)"
    assert found.posterior.current, again
    assert found.fit_is_current, again
    assert found.posterior.effective > 30
    assert {(u.parameter, u.good, u.region) for u in found.posterior.updates} == {
        (p.parameter, p.good, p.region) for p in found.evidence.parameters
    }


def test_other_priors_and_the_fit_says_it_is_stale(
    copied: Callable[[str, str, str], Path],
) -> None:
    folder = copied(
        "priors.csv", "sigma,aluminium,*,lognormal,8,4,30", "sigma,aluminium,*,lognormal,9,4,30"
    )
    pack = load(folder)
    assert not load_posterior(pack, load_evidence(pack)).current


def test_the_tables_of_trials_are_the_engines(found: Backcast, problem: Problem) -> None:
    """One line of each table computed again, and the errors of the runs against the rows."""
    choices = {t.name: t for t in found.posterior.choices}
    for run, name in (("prior", "as run: prior, policy alone"), ("updated", "as run: updated")):
        years = {y.year: y.by_run[run] for y in found.years}
        expected = [years[2019], years[2023], years[2024]]
        assert choices[name].years == pytest.approx(expected, rel=1e-2)
    trial = next(
        t for t in found.posterior.sensitivity if (t.name, t.at) == ("sigma aluminium", "high")
    )
    key = next(k for k in found.pack.priors.by_key if k[:2] == ("sigma", "aluminium"))
    value = found.pack.priors.by_key[key].high
    line = Trials(problem)._line(
        ("x", "high", ""), lambda: world_of(found.pack, 2017, {key: value})
    )
    assert [float(x) for x in line[3:6]] == pytest.approx(list(trial.years), rel=1e-3)


def test_every_prior_is_tried_at_both_ends(found: Backcast) -> None:
    tried = {(t.name, t.at) for t in found.posterior.sensitivity}
    names = {" ".join(part for part in row.key if part != "*") for row in found.pack.priors.rows}
    assert {(name, end) for name in names for end in ("low", "high")} <= tried


def test_without_drift_nothing_is_lost_to_drift(found: Backcast) -> None:
    assert all(y.drift == 0.0 for y in errors_by_year(found.rows, found.evidence, 0.0))
    small, large = (errors_by_year(found.rows, found.evidence, d) for d in (0.1, 0.2))
    for a, b in zip(small, large, strict=True):
        assert b.drift == pytest.approx(2.0 * a.drift)


def test_a_refit_with_the_same_inputs_computes_nothing(
    copied: Callable[[str, str, str], Path],
) -> None:
    folder = copied("backcast/signs.csv", "event", "event")
    assert not refit(folder)
    assert not refit(str(folder))


def test_a_pack_without_a_back_cast_is_left_alone() -> None:
    assert not refit(SHIPPED / "toyland")


@pytest.mark.skipif("ACCORD_REFIT" not in os.environ, reason="takes minutes: set ACCORD_REFIT=1")
def test_the_fit_is_computed_again_to_the_byte(pack: Pack) -> None:
    for name, content in fit_files(pack).items():
        assert (SHIPPED / "aluminium" / "backcast" / name).read_text("utf-8") == content, name
