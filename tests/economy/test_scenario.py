from __future__ import annotations

import numpy as np
import pytest

from accord.economy.models import (
    EXACT_HAT,
    MODELS,
    OF_2025,
    Question,
    Setting,
    answered,
    exact_hat,
    in_one_sector,
)
from accord.economy.scenario import read_duties, shock_of_duties
from accord.errors import InputError
from world_tables import toy_table


def tariff(*texts: str) -> np.ndarray:
    table = toy_table()
    found = shock_of_duties(read_duties(texts, table), table).tariff
    assert found is not None
    return found - table.tariff


def test_one_pair_and_sector() -> None:
    added = tariff("BBB:AAA:S2=10%")
    assert added[1, 1, 0] == pytest.approx(0.1)
    assert np.count_nonzero(added) == 1


def test_stars_stand_for_all_and_duties_add_up() -> None:
    added = tariff("BBB:*:*=0.10", "*:AAA:S1=5 %")
    assert added[2, 1, 3] == pytest.approx(0.1)
    assert added[0, 1, 0] == pytest.approx(0.15)
    assert added[0, 2, 0] == pytest.approx(0.05)
    assert (np.einsum("jnn->jn", added) == 0.0).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("USA", "importer, exporter, sector"),
        ("BBB:AAA:S1=much", "a percentage as 10%"),
        ("BBB:AAA:S1=10", "a percentage as 10%"),
        ("BBB:AAA:S1=-100%", "above −100 %"),
        ("BBB:AAA:S1=nan", "a percentage as 10%"),
        ("QQQ:AAA:S1=1%", "the importer QQQ"),
        ("AAA:QQQ:S1=1%", "the exporter QQQ"),
        ("BBB:AAA:S9=1%", "the sector S9"),
        ("AAA:AAA:S1=1%", "two different regions"),
    ],
)
def test_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(InputError, match="1 fault") as caught:
        read_duties([text], toy_table())
    assert said in str(caught.value)


def test_no_duty_may_fall_below_zero() -> None:
    with pytest.raises(InputError, match="8 duties below 0, the first BBB:AAA:S1"):
        tariff("BBB:AAA:*=-50%", "BBB:CCC:*=-50%", "BBB:DDD:S1=-50%", "BBB:DDD:S2=-50%")


def test_a_duty_may_be_lowered_to_what_is_left_of_it() -> None:
    table = toy_table()
    assert tariff("BBB:AAA:S1=-0.1%")[0, 1, 0] == pytest.approx(-0.001)
    assert table.tariff[0, 1, 0] > 0.001


def test_all_that_is_wrong_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_duties(["QQQ:RRR:S9=many", "x"], toy_table())
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize("model", list(MODELS))
def test_nothing_that_changes_changes_nothing(model: str) -> None:
    table = toy_table()
    result = answered(Question(table, table.tariff, setting=Setting(model)))
    np.testing.assert_allclose(result.welfare, 1.0, atol=1e-9)
    np.testing.assert_allclose(result.after.trade, result.before.trade, rtol=1e-8)


@pytest.mark.parametrize("model", list(MODELS))
def test_the_unit_of_the_table_changes_nothing(model: str) -> None:
    from dataclasses import replace

    table = toy_table()
    more = table.tariff + 0.1 * (1.0 - np.eye(4))
    names = ("trade", "io", "value_added", "final_demand")
    larger = replace(table, **{name: 1e3 * getattr(table, name) for name in names})
    one, other = (answered(Question(t, more, setting=Setting(model))) for t in (table, larger))
    np.testing.assert_allclose(one.welfare, other.welfare, rtol=1e-9)


def test_one_sector_moves_trade_as_the_sectors_would_at_given_prices() -> None:
    table = toy_table()
    more = table.tariff.copy()
    more[0, 1, 0] += 0.3
    asked = in_one_sector(Question(table, more))
    change = (1.0 + more[:, 1, 0]) / (1.0 + table.tariff[:, 1, 0])
    flow = table.trade[:, 1, 0]
    wanted = (flow * change**-table.theta).sum() / flow.sum()
    assert asked.trade_cost is not None
    paid = (1.0 + asked.tariff[0, 1, 0]) / (1.0 + asked.table.tariff[0, 1, 0])
    got = (paid * asked.trade_cost[0, 1, 0]) ** -asked.table.theta[0]
    assert got == pytest.approx(wanted)
    assert asked.tariff[0, 1, 0] == pytest.approx((flow * more[:, 1, 0]).sum() / flow.sum())


def test_a_table_of_one_sector_without_inputs_is_the_same_in_both_models() -> None:
    table = toy_table(4, 1, links=False)
    more = table.tariff + 0.1 * (1.0 - np.eye(4))
    results = [answered(Question(table, more, setting=Setting(model))) for model in EXACT_HAT]
    np.testing.assert_allclose(results[0].welfare, results[1].welfare, rtol=1e-9)


def test_a_table_slightly_off_balance_is_solved_first_and_that_is_said() -> None:
    from dataclasses import replace

    table = toy_table()
    trade = table.trade.copy()
    trade[0, 0, 1] *= 1.0 + 1e-6
    result = answered(Question(replace(table, trade=trade), table.tariff))
    assert any("off balance" in note for note in result.notes)


def test_a_model_that_is_none() -> None:
    with pytest.raises(InputError, match="caliendo-parro, one-sector"):
        Setting("gtap")


def test_what_only_the_model_of_2025_has_is_refused_elsewhere_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Setting("one-sector", revenue_use="lump sum", local_share=0.1)
    assert len(caught.value.faults) == 2
    table = toy_table()
    with pytest.raises(InputError, match="additive"):
        answered(Question(table, table.tariff, setting=Setting(OF_2025, "multiplicative")))
    with pytest.raises(InputError, match="caliendo-parro, one-sector"):
        exact_hat(toy_table(), OF_2025)


def test_the_model_of_2025_has_no_costs_of_trade_to_change() -> None:
    table = toy_table()
    cost = np.ones_like(table.trade)
    cost[0, 0, 1] = 1.1
    with pytest.raises(InputError, match="changes of duties alone"):
        answered(Question(table, table.tariff, cost, Setting(OF_2025)))


def test_a_world_table_in_the_model_of_2025_is_the_paper_s_model_on_its_trade() -> None:
    """On a table without duties: the same answer as from the trade matrix itself."""
    from accord.economy.ignatenko import Tariffs, counterfactual
    from accord.economy.ignatenko_tariffs import import_duties
    from accord.economy.ignatenko_world import Parameters, TariffWorld

    table = toy_table(4, 1, duties=False, links=False)
    more = np.zeros_like(table.tariff)
    more[0, 1] = 0.2
    more[0, 1, 1] = 0.0
    setting = Setting(OF_2025, revenue_use="lump sum", local_share=0.1)
    mine = answered(Question(table, more, setting=setting))
    world = TariffWorld(table.regions, table.trade[0], np.full(4, 0.1))
    theta = float(table.theta[0])
    theirs = counterfactual(
        world,
        Tariffs(import_duties(world, table.regions[1], 0.2), "lump sum"),
        Parameters(theta, dispersion=theta / 0.67),
    )
    np.testing.assert_allclose(mine.welfare, theirs.welfare, rtol=1e-9)
