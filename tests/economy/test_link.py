"""One way from the economy to a market."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from accord import pack as packs
from accord.economy.link import shifted, shifts
from accord.economy.models import Question, answered
from accord.equilibrium import solve_market
from accord.errors import InputError
from world_tables import toy_table


def toyland():  # noqa: ANN201
    return packs.load("toyland").market(2020, date(2020, 7, 1))


def test_nothing_that_changes_shifts_nothing() -> None:
    table = toy_table()
    market = toyland()
    by = shifts(answered(Question(table, table.tariff)), table, market, "AAA")
    assert set(by.demand) == {"AAA", "BBB", "CCC"}
    np.testing.assert_allclose([*by.demand.values(), *by.cost.values()], 1.0, atol=1e-8)
    again = shifted(market, by)
    before, after = solve_market(market), solve_market(again)
    np.testing.assert_allclose(after.state.price, before.state.price, rtol=1e-6)


def test_what_people_spend_and_what_work_costs_move_the_market() -> None:
    """A duty that makes a region poorer makes it buy less of the good at every price."""
    table, market = toy_table(), toyland()
    more = table.tariff.copy()
    more[:, :, 1] += 0.5
    np.einsum("jnn->jn", more)[:] = 0.0
    result = answered(Question(table, more))
    by = shifts(result, table, market, "AAA")
    assert by.demand["BBB"] < 1.0
    assert by.cost["BBB"] < 1.0
    moved = shifted(market, by)
    for old, new in zip(market.demands, moved.demands, strict=True):
        assert new.quantity == pytest.approx(old.quantity * by.demand[old.region])
        assert (new.price, new.choke) == (old.price, old.choke)
    for one, other in zip(market.activities, moved.activities, strict=True):
        assert other.other_cost == pytest.approx(one.other_cost * by.cost[one.region])
    use = [e.state.final_use.sum() for e in (solve_market(market), solve_market(moved))]
    assert use[1] != use[0]
    assert "the market changes nothing in the economy" in by.said


def test_a_table_without_the_deflators_region_is_refused() -> None:
    table = toy_table()
    result = answered(Question(table, table.tariff))
    with pytest.raises(InputError, match="no such region to take prices from"):
        shifts(result, table, toyland())


def test_regions_that_the_table_does_not_have_stay_as_they_are() -> None:
    table = toy_table(2)
    by = shifts(answered(Question(table, table.tariff)), table, toyland(), "AAA")
    assert set(by.demand) == {"AAA", "BBB"}
    assert by.apart == ("CCC",)
