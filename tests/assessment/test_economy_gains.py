"""Gains from trade of a world table, against the model that they sum up."""

from __future__ import annotations

import numpy as np
import pytest

from accord.assessment.economy_gains import gains_of
from accord.economy.baseline import Shock
from accord.economy.data.load import load_table
from accord.economy.models import exact_hat
from accord.errors import InputError
from world_tables import toy_table


def test_gains_with_inputs_are_what_the_model_loses_without_trade() -> None:
    """Trade costs so high that trade ends, deficits with it: the formula is exact there."""
    table = load_table()
    cost = np.full_like(table.trade, 1e3)
    for j in range(len(table.sectors)):
        np.fill_diagonal(cost[j], 1.0)
    model, _ = exact_hat(table)
    alone = model.answer(model.solve(Shock(trade_cost=cost, deficits="balanced")))
    np.testing.assert_allclose(gains_of(table).with_inputs, 1.0 - alone.welfare, atol=2e-6)


def test_one_sector_without_inputs_is_the_same_three_ways() -> None:
    found = gains_of(toy_table(4, 1, links=False, duties=False))
    np.testing.assert_allclose(found.by_sector, found.one_sector)
    np.testing.assert_allclose(found.with_inputs, found.one_sector)


def test_costs_of_trade_are_symmetric_and_free_at_home() -> None:
    costs = gains_of(toy_table()).trade_costs
    np.testing.assert_allclose(costs, costs.transpose(0, 2, 1))
    np.testing.assert_allclose(np.einsum("jnn->jn", costs), 1.0)
    assert (costs >= 1.0).all()


def test_a_region_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="AAA, BBB"):
        gains_of(toy_table()).place("QQQ")
