"""Bad baselines and shocks: all faults in one message, each with its place and amount."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from economy_worlds import made_up

from accord.economy.baseline import Shock
from accord.economy.caliendo_parro import CaliendoParro
from accord.economy.hat import consistent
from accord.errors import InputError

BASE = made_up(0)


def test_all_faults_of_a_baseline_at_once() -> None:
    share, final = BASE.share.copy(), BASE.final.copy()
    share[0, 1] *= 1.1
    share[1, 2, 2] = 0.0
    final[0, 0] = -0.2
    wrong = replace(
        BASE,
        theta=np.array([0.0, *BASE.theta[1:]]),
        share=share,
        final=final,
        tariff=BASE.tariff - 0.5,
        value_added=BASE.value_added + 0.01,
        deficit=BASE.deficit + 1.0,
    )
    with pytest.raises(InputError) as refused:
        CaliendoParro(wrong)
    said = str(refused.value)
    for part in (
        "S0: 0", "S0 in R1: 1.1", "S1 in R2: 0", "S0 in R0: -0.2", "deficits that sum to 5",
        "0 at home", "inputs and value added that sum to 1",
    ):  # fmt: skip
        assert part in said
    fields = {fault.field for fault in refused.value.faults}
    assert fields == {"theta", "share", "final", "tariff", "inputs", "deficit"}


def test_shapes_and_missing_pairs_come_first() -> None:
    share = BASE.share.copy()
    share[0, 0, 1] = np.nan
    with pytest.raises(InputError) as refused:
        CaliendoParro(
            replace(BASE, share=share, theta=BASE.theta[:2], regions=("R0", "R0", "X", "Y", "Z"))
        )
    assert {fault.field for fault in refused.value.faults} == {"share", "theta", "regions"}
    assert "the first at [0, 0, 1]" in str(refused.value)


def test_a_sector_that_is_only_imported_is_asked_about() -> None:
    share = BASE.share.copy()
    share[0, 0, 0] = 0.0
    share[0, 0] /= share[0, 0].sum()
    base = consistent(replace(BASE, share=share))
    with pytest.raises(InputError, match="a home share above 0"):
        CaliendoParro(base)
    assert CaliendoParro(base, imported_only=True).imported_only


def test_a_table_that_does_not_balance_says_by_how_much_and_where() -> None:
    spent, wages = BASE.expenditure.copy(), BASE.wages.copy()
    spent[2, 3] += 0.5
    wages[1] += 0.25
    wrong = replace(BASE, expenditure=spent)
    with pytest.raises(InputError) as refused:
        CaliendoParro(wrong)
    said = {fault.field: fault.found for fault in refused.value.faults}
    assert said["expenditure"].startswith("S2 in R3: 0.4")  # most of 0.5: some of it is income
    assert said["expenditure"].endswith(" more")
    assert set(said) == {"expenditure", "wages", "deficit"}
    with pytest.raises(InputError) as refused:
        CaliendoParro(replace(BASE, wages=wages))
    assert "R1: 0.25" in str(refused.value)
    assert CaliendoParro(consistent(wrong)).base.size == BASE.size


def test_all_faults_of_a_shock_at_once() -> None:
    tariff, cost = BASE.tariff.copy(), np.ones_like(BASE.share)
    tariff[0, 1, 2] = -0.1
    tariff[0, 1, 1] = 0.1
    cost[0, 0, 1] = 0.0
    with pytest.raises(InputError) as refused:
        CaliendoParro(BASE).counterfactual(
            Shock(tariff=tariff, trade_cost=cost, cost=np.ones(3), deficits=np.ones(5))
        )
    fields = [fault.field for fault in refused.value.faults]
    assert fields == ["tariff", "tariff", "trade_cost", "cost", "deficits"]
