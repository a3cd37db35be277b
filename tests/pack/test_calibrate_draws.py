"""Calibrating many draws at once gives what calibrating each of them gives."""

from __future__ import annotations

import numpy as np
import pytest

from accord import pack
from accord.pack import Calibration, Pack, PriorKey
from accord.pack.calibrate_draws import calibrate_draws
from accord.pack.parameters import Parameters
from accord.probability.normal import NINETIETH

COUNT = 7
CASES = [("toyland", 2020), ("toyland", 2021), *(("aluminium", y) for y in (2017, 2024, 2025))]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]} {case[1]}")
def world(request: pytest.FixtureRequest) -> tuple[Pack, Calibration]:
    name, year = request.param
    loaded = pack.load(name)
    return loaded, loaded.calibration(year)


def drawn(loaded: Pack, seed: int = 0) -> dict[PriorKey, np.ndarray]:
    """Values far out in the tails of every row: where costs meet the revenue, and where not."""
    random = np.random.default_rng(seed)
    rows = [row for row in loaded.priors.rows if row.family != "fixed"]
    return {row.key: random.uniform(row.low, row.high, COUNT) for row in rows}


def one(values: dict[PriorKey, np.ndarray], draw: int) -> dict[PriorKey, float]:
    return {key: float(value[draw]) for key, value in values.items()}


def arrays_of(at: Calibration) -> dict[str, np.ndarray]:
    market = at.market
    return {
        "theta": np.array([x.theta for x in market.buyers]),
        "log_weight": np.array([x.log_weight for x in market.lanes]),
        "elasticity": np.array([x.elasticity for x in market.demands]),
        "choke": np.array([x.choke for x in market.demands]),
        "other": np.array([x.other_cost for x in market.activities]),
        "rising": np.array([x.rising_cost for x in market.activities]),
        "curvature": np.array([x.curvature for x in market.activities]),
    }


def arrays_in(found: Parameters, draw: int) -> dict[str, np.ndarray]:
    curves = found.curves
    return {
        "theta": found.theta[draw],
        "log_weight": found.log_weight[draw],
        "elasticity": found.elasticity[draw],
        "choke": found.choke[draw],
        "other": curves.other[draw],
        "rising": curves.rising[draw],
        "curvature": curves.curvature[draw],
    }


def assert_same(found: Parameters, draw: int, at: Calibration) -> None:
    mine = arrays_in(found, draw)
    for name, value in arrays_of(at).items():
        np.testing.assert_allclose(mine[name], value, rtol=1e-13, atol=1e-11, err_msg=name)


def test_every_draw_is_its_own_calibration(world: tuple[Pack, Calibration]) -> None:
    loaded, at = world
    values = drawn(loaded)
    found = calibrate_draws(loaded, at, values, np.zeros(COUNT))
    for draw in range(COUNT):
        single = loaded.calibration(at.market.year, priors=one(values, draw))
        assert_same(found, draw, single)


def test_medians_give_the_calibration_itself(world: tuple[Pack, Calibration]) -> None:
    loaded, at = world
    found = calibrate_draws(loaded, at, {}, np.zeros(3))
    for draw in range(3):
        assert_same(found, draw, at)
    assert found.theta.shape == (3, len(at.market.buyers))


def test_scores_of_access_are_the_ends_of_the_range() -> None:
    loaded = pack.load("aluminium")
    at = loaded.calibration(2024)
    found = calibrate_draws(loaded, at, {}, np.array([-NINETIETH, 0.0, NINETIETH]))
    for draw, weights in enumerate(("low", "central", "high")):
        assert_same(found, draw, loaded.calibration(2024, weights))


def test_costs_meet_the_revenue_in_some_draws_only() -> None:
    loaded = pack.load("aluminium")
    at = loaded.calibration(2024)
    found = calibrate_draws(loaded, at, drawn(loaded), np.zeros(COUNT))
    free_of_other_cost = (found.curves.other == 0.0).sum(axis=0)
    assert ((free_of_other_cost > 0) & (free_of_other_cost < COUNT)).any()


def test_an_activity_that_cannot_earn_its_cost_is_told() -> None:
    loaded = pack.load("toyland")
    margins = loaded.calibration(2020).anchors.margins
    wide = np.full(len(margins.kind), 0.99)
    assert not margins.losing(wide * 0.0).any()
    poor = type(margins)(**{**vars(margins), "flat": margins.revenue})
    assert poor.losing(wide).any()


def test_a_curve_too_steep_for_numbers_is_held_where_it_can_be_computed() -> None:
    loaded = pack.load("aluminium")
    at = loaded.calibration(2024)
    keys = ("supply_elasticity:smelter", "rising_cost_share:smelter")
    values = {PriorKey(name, "*", "*"): np.full(1, 1e-3) for name in keys}
    found = calibrate_draws(loaded, at, values, np.zeros(1)).curves
    assert np.isfinite(found.rising).all()
    margins = at.anchors.margins
    held = found.rising[0] * margins.used ** (1.0 / found.curvature[0])
    ran = margins.level > 0.0
    # Plants with dear power beside others keep half of the prior's share.
    assert (held[ran] / margins.main[ran] > 0.49e-3).all()
