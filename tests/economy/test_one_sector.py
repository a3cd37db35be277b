"""One sector, against worlds solved by hand and planted ones."""

from __future__ import annotations

import numpy as np
import pytest

from accord.cases import case, gegravity_sample
from accord.economy.baseline import Shock
from accord.economy.one_sector import OneSector, one_sector_baseline
from accord.errors import InputError


def test_equal_countries_by_hand() -> None:
    """Wages do not move, so welfare is 1/P̂ = (h + (1−h) d^(−θ))^(1/θ)."""
    trade = np.array([[0.7, 0.3], [0.3, 0.7]])
    cost = np.array([[1.0, 1.5], [1.5, 1.0]])[None]
    world = OneSector(one_sector_baseline(("A", "B"), trade, 3.0))
    answer = world.counterfactual(Shock(trade_cost=cost))
    np.testing.assert_allclose(answer.welfare, (0.7 + 0.3 * 1.5**-3.0) ** (1 / 3), rtol=1e-10)


def test_an_equilibrium_planted_at_chosen_wages_is_found() -> None:
    """New trade is chosen first; the trade costs that lead to it follow in closed form."""
    theta = 4.0
    before = np.array([[60.0, 25.0, 15.0], [20.0, 120.0, 10.0], [20.0, 5.0, 45.0]])
    after = np.array([[50.0, 30.0, 22.0], [32.0, 110.0, 13.0], [18.0, 15.0, 40.0]])
    after *= before.sum() / after.sum()  # the numeraire: world output
    wage = after.sum(axis=0) / before.sum(axis=0)
    spent = after.sum(axis=1)
    share = (after / spent[:, None]) / (before / before.sum(axis=1)[:, None])
    price = np.diag(share) ** (1 / theta) * wage  # home trade costs do not change
    cost = share ** (-1 / theta) * price[:, None] / wage
    world = OneSector(one_sector_baseline(("A", "B", "C"), before, theta))
    deficit = spent - after.sum(axis=0)
    answer = world.counterfactual(Shock(trade_cost=cost[None], deficits=deficit))
    np.testing.assert_allclose(answer.wage, wage, rtol=1e-9)
    np.testing.assert_allclose(answer.after.trade[0], after, rtol=1e-9)
    np.testing.assert_allclose(answer.welfare, spent / before.sum(axis=1) / price, rtol=1e-9)


def test_three_kinds_of_deficit_are_what_they_say() -> None:
    trade = np.array([[80.0, 30.0, 5.0], [10.0, 90.0, 8.0], [9.0, 4.0, 50.0]])
    world = OneSector(one_sector_baseline(("A", "B", "C"), trade, 5.0))
    cost = np.ones((1, 3, 3))
    cost[0, 0, 1] = 0.8
    found = {
        kind: world.counterfactual(Shock(trade_cost=cost, deficits=kind)).after
        for kind in ("additive", "multiplicative", "balanced")
    }
    deficit = {kind: (a.imports - a.exports)[0] for kind, a in found.items()}
    np.testing.assert_allclose(deficit["additive"], world.base.deficit, atol=1e-8)
    np.testing.assert_allclose(deficit["balanced"], 0.0, atol=1e-7)
    spent = found["multiplicative"].income / found["multiplicative"].output[0]
    ratio = spent / (trade.sum(axis=1) / trade.sum(axis=0))
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)


def test_closing_a_country_costs_the_gains_from_trade() -> None:
    """The limit of prohibitive costs is autarky: welfare is (home share)^(1/θ)."""
    trade = np.array([[80.0, 10.0, 10.0], [10.0, 90.0, 10.0], [10.0, 10.0, 60.0]])
    world = OneSector(one_sector_baseline(("A", "B", "C"), trade, 4.0))
    cost = np.where(np.eye(3) > 0.0, 1.0, 1e4)[None]
    answer = world.counterfactual(Shock(trade_cost=cost, deficits="balanced"))
    home = np.diag(trade) / trade.sum(axis=1)
    np.testing.assert_allclose(answer.real_wage, home**0.25, rtol=1e-9)


def test_gegravity_does_not_clear_its_markets_and_we_do() -> None:
    from accord.cases.published import columns, numbers, published_folder

    folder = published_folder("gegravity_sample")
    if folder is None:
        pytest.skip("the published files of gegravity_sample are not here")
    data = case.read("gegravity_sample")
    pairs = columns(folder / "C_us_25pct_balanced_bilateral.csv")
    size = (len(data["regions"]),) * 2
    theirs = numbers(pairs["gegravity_experiment_trade"]).reshape(size)
    made = numbers(columns(folder / "C_us_25pct_balanced_country.csv")["Y_base"])
    price = numbers(
        columns(folder / "C_us_25pct_balanced_country.csv")[
            "gegravity: factory gate price change (percent)"
        ]
    )
    theirs_off = np.abs(theirs.sum(axis=1) / (made * (1.0 + price / 100.0)) - 1.0).max()
    assert theirs_off > 0.05
    assert all(row.ok for row in case.Case("gegravity_sample", gegravity_sample.quantities).rows())


def test_all_faults_of_a_trade_table_at_once() -> None:
    with pytest.raises(InputError) as refused:
        one_sector_baseline(("A", "B"), np.zeros((2, 2)), 4.0)
    assert "A, B buys or sells nothing" in str(refused.value)
    with pytest.raises(InputError, match="square"):
        one_sector_baseline(("A", "B"), np.ones((3, 3)), 4.0)
    lonely = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 1.0], [0.0, 1.0, 2.0]])
    with pytest.raises(InputError, match="A buys nothing abroad"):
        OneSector(one_sector_baseline(("A", "B", "C"), lonely, 4.0))


@pytest.mark.parametrize("theta", [1.0, 0.5, 0.0, -4.0])
def test_theta_must_be_above_1(theta: float) -> None:
    with pytest.raises(InputError, match="above 1"):
        OneSector(one_sector_baseline(("A", "B"), np.ones((2, 2)), theta))
