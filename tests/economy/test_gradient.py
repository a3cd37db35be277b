"""The adjoint against differences, and tariffs that are optimal."""

from __future__ import annotations

import numpy as np
import pytest
from economy_worlds import Kind, made_up

from accord.economy import hat
from accord.economy.baseline import Deficits, Shock
from accord.economy.gradient import welfare_gradient
from accord.economy.hat import ExactHat
from accord.economy.one_sector import OneSector, one_sector_baseline
from accord.economy.optimal import optimal_tariff, tariff_war
from accord.errors import InputError


@pytest.mark.parametrize("deficits", ["additive", "multiplicative", "balanced"])
@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_that_of_differences(
    seed: int, deficits: Deficits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hat, "SOLVED", 1e-13)
    base = made_up(seed, Kind(sectors=3, regions=4))
    random = np.random.default_rng(seed)
    tariff = base.tariff + random.uniform(0.0, 0.3, base.tariff.shape) * (base.share > 0.0)
    tariff[:, np.arange(4), np.arange(4)] = 0.0
    model = ExactHat(base)
    gradient = welfare_gradient(model.solve(Shock(tariff=tariff, deficits=deficits)))
    step = 1e-5
    for j, n, i in ((0, 0, 1), (1, 2, 3), (0, 3, 2), (1, 1, 0)):
        ends = []
        for sign in (1.0, -1.0):
            moved = tariff.copy()
            moved[j, n, i] += sign * step
            answer = model.counterfactual(Shock(tariff=moved, deficits=deficits))
            ends.append(np.log(answer.welfare))
        difference = (ends[0] - ends[1]) / (2.0 * step)
        found = np.array([gradient.by_rate(m)[j, n, i] for m in range(4)])
        np.testing.assert_allclose(found, difference, atol=1e-7 * np.abs(difference).max())


def test_at_free_trade_a_little_duty_gains_what_others_lose() -> None:
    """With no duties anywhere, duties move income between countries and waste none."""
    base = made_up(4, Kind(tariff=0.0))
    model = ExactHat(base)
    solution = model.solve(Shock())
    gradient = welfare_gradient(solution)
    money = sum(
        solution.levels.income[m] * gradient.by_log(m)[0, 0, 1] for m in range(base.size[1])
    )
    own = solution.levels.income[0] * gradient.by_log(0)[0, 0, 1]
    assert own > 0.0
    assert abs(money) < 1e-8 * own


def test_two_countries_by_the_formula() -> None:
    """Gros: the optimal tariff is 1/(θ × the other's home share), at the optimum."""
    trade = np.array([[60.0, 20.0], [20.0, 300.0]])
    model = OneSector(one_sector_baseline(("A", "B"), trade, 4.0)).hat
    best = optimal_tariff(model, "A")
    after = best.counterfactual.after
    home = after.trade[0, 1, 1] / after.expenditure[0, 1]
    assert best.rates[0, 0] == pytest.approx(1.0 / (4.0 * home), rel=1e-6)
    assert best.counterfactual.welfare[0] > 1.0 > best.counterfactual.welfare[1]


def test_in_a_war_of_equals_all_lose() -> None:
    trade = np.full((3, 3), 10.0) + 70.0 * np.eye(3)
    model = OneSector(one_sector_baseline(("A", "B", "C"), trade, 5.0)).hat
    war = tariff_war(model, ("A", "B", "C"))
    np.testing.assert_allclose(war.rates, war.rates[0, 0], rtol=1e-6)
    assert (war.counterfactual.welfare < 1.0).all()
    assert np.abs(war.conditions).max() < 1e-6
    assert (war.best_deviation <= 0.0).all()
    assert "20.77 %" in repr(war)


@pytest.mark.parametrize("by", ["uniform", "sector", "partner"])
def test_many_duties_are_never_worse_than_one(by: str) -> None:
    model = ExactHat(made_up(3, Kind(sectors=4, regions=3)))
    one = optimal_tariff(model, "R0")
    many = optimal_tariff(model, "R0", by=by)  # pyright: ignore[reportArgumentType]
    gain = many.counterfactual.welfare[0] - one.counterfactual.welfare[0]
    assert gain >= -1e-10
    assert np.nanmax(np.abs(many.conditions)) < 1e-6


def test_players_must_be_regions() -> None:
    model = ExactHat(made_up(3))
    with pytest.raises(InputError, match="R0, Atlantis"):
        tariff_war(model, ("R0", "Atlantis", "R0"))
