"""Repairs are asked for, told in full, and leave a table that balances."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.economy.data.checks import faults
from accord.economy.data.repair import repaired
from accord.economy.world import WorldTable
from world_tables import changed, toy_table


def balanced(table: WorldTable, trade: np.ndarray, io: np.ndarray) -> WorldTable:
    """Return a table with other trade and inputs whose identities hold, whatever the signs."""
    value_added = trade.sum(axis=1).T - io.sum(axis=1)
    paid = (trade * (1.0 + table.tariff)).sum(axis=2).T
    final = paid - io.sum(axis=2)
    return changed(table, trade=trade, io=io, value_added=value_added, final_demand=final)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(0, 3))
def test_any_negative_entries_are_mended(seed: int, flows: int, homes: int) -> None:
    table = toy_table(seed=seed)
    rng = np.random.default_rng(seed)
    trade, io = table.trade.copy(), table.io.copy()
    for _ in range(flows):
        j, n, i = rng.integers(3), rng.integers(4), rng.integers(4)
        if n != i:
            trade[j, n, i] = -rng.uniform(0.1, 2.0)
    for _ in range(homes):
        trade[rng.integers(3), (n := rng.integers(4)), n] = 0.0
    io[rng.integers(4), rng.integers(3), rng.integers(3)] *= -1.0
    io[rng.integers(4)] *= 3.0
    broken = balanced(table, trade, io)
    mended, told = repaired(broken)
    assert faults(mended, "toy", 1e-9) == ()
    assert told
    assert all(a.amount > 0.0 for a in told)
    assert set(mended.assumptions) >= set(broken.assumptions)


def test_a_sound_table_is_left_alone() -> None:
    table = toy_table()
    mended, told = repaired(table)
    assert told == ()
    assert mended.assumptions == table.assumptions
    np.testing.assert_array_equal(mended.trade, table.trade)


def test_stocks_drawn_down_count_as_made_at_home() -> None:
    """Final demand of −2 becomes 0; output and value added rise by 2; it is told."""
    table = toy_table(duties=False)
    io = table.io.copy()
    part = table.value_added[0] / table.value_added[0].sum()
    io[0, 1] += part * (table.final_demand[0, 1] + 2.0)
    broken = balanced(table, table.trade, io)
    assert np.isclose(broken.final_demand[0, 1], -2.0)
    mended, told = repaired(broken)
    assert [(a.region, a.sector) for a in told] == [("AAA", "S2")]
    assert np.isclose(told[0].amount, 2.0)
    assert np.isclose(mended.trade[1, 0, 0] - table.trade[1, 0, 0], 2.0)
    assert np.isclose(mended.value_added[0, 1] - broken.value_added[0, 1], 2.0)
    assert mended.assumptions[-1].startswith("negative final demand set to 0")
    assert "AAA S2 2" in mended.assumptions[-1]
