"""Bad tables: by how much, where, all faults in one message."""

from __future__ import annotations

import numpy as np
import pytest

from accord.economy.data.checks import faults, refuse
from accord.errors import InputError
from world_tables import changed, toy_table


def text(table: object) -> str:
    found = faults(table, "toy.csv")  # type: ignore[arg-type]
    return "\n".join(str(f) for f in found)


def test_a_table_off_balance_says_by_how_much_and_where() -> None:
    table = toy_table()
    added = table.value_added.copy()
    added[1, 2] += 0.5
    said = text(changed(table, value_added=added))
    assert "output = inputs + value added" in said
    assert "off at 1 places, together 0.5 million USD: BBB S3 -0.5" in said


def test_each_identity_is_a_fault_of_its_own() -> None:
    table = toy_table()
    said = text(
        changed(table, value_added=1.1 * table.value_added, final_demand=table.final_demand * 2)
    )
    assert "output = inputs + value added" in said
    assert "absorption = use + final demand" in said
    assert "… and 7 more" in said


def test_negative_final_demand_is_refused_with_place_amount_and_remedy() -> None:
    table = toy_table()
    final = table.final_demand.copy()
    final[0, 1] = -2.0
    said = text(changed(table, final_demand=final))
    assert "1 below 0, together -2 million USD: AAA S2 -2" in said
    assert "--repair" in said


def test_negative_flows_duties_at_home_and_below_minus_one() -> None:
    table = toy_table()
    trade, tariff = table.trade.copy(), table.tariff.copy()
    trade[0, 1, 2] = -1.0
    tariff[1, 0, 0] = 0.1
    tariff[2, 0, 1] = -1.0
    said = text(changed(table, trade=trade, tariff=tariff))
    assert "S1 CCC→BBB -1" in said
    assert "0 on home sales" in said
    assert "−100 %" in said


def test_zero_home_shares() -> None:
    table = toy_table()
    trade = table.trade.copy()
    trade[1, 2, 2] = 0.0
    assert "1 where nothing is bought at home: CCC S2" in text(changed(table, trade=trade))


@pytest.mark.parametrize("theta", [1.0, 0.5, 0.0, -4.0])
def test_theta_at_one_or_below(theta: float) -> None:
    table = toy_table()
    values = table.theta.copy()
    values[1] = theta
    said = text(changed(table, theta=values))
    assert f"S2 {theta:g}" in said
    assert "above 1" in said


def test_what_is_no_number() -> None:
    table = toy_table()
    theta = table.theta.copy()
    theta[0] = np.nan
    assert "1 values that are no numbers" in text(changed(table, theta=theta))


def test_labels_and_shapes() -> None:
    table = changed(
        toy_table(3),
        regions=("AAA", "AAA", "CCC"),
        sectors=("S1", "S2"),
        goods={"tin": "S9"},
        members={"QQQ": ("XXX",)},
    )
    said = text(table)
    assert 'the region "AAA" twice' in said
    assert "trade of shape (3, 3, 3)" in said
    assert 'the good "tin" in the sector "S9"' in said
    assert 'the region "QQQ"' in said


def test_all_faults_come_at_once() -> None:
    table = toy_table()
    final, theta = table.final_demand.copy(), table.theta.copy()
    final[0, 0], theta[0] = -1.0, 1.0
    with pytest.raises(InputError) as caught:
        refuse(changed(table, final_demand=final, theta=theta), "toy.csv")
    fields = {f.field for f in caught.value.faults}
    assert fields == {"final demand", "absorption = use + final demand", "theta"}
    assert caught.value.exit_status == 2
