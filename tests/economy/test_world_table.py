from __future__ import annotations

import numpy as np

from accord.economy.data.checks import faults
from accord.economy.from_table import baseline_of, one_sector
from accord.economy.hat import ExactHat
from world_tables import TOY, changed, toy_table


def test_identities_hold_in_a_balanced_table() -> None:
    table = toy_table()
    assert max(abs(r.amount) for r in table.residuals()) < 1e-12
    assert faults(table, "toy") == ()


def test_a_regions_budget_follows_from_the_identities() -> None:
    """Final demand is value added, duties and the deficit."""
    table = toy_table()
    income = table.value_added.sum(axis=1) + table.revenue + table.deficit
    np.testing.assert_allclose(table.final_demand.sum(axis=1), income, rtol=1e-12)
    assert abs(table.deficit.sum()) < 1e-12


def test_duties_put_in_force_leave_trade_and_balances() -> None:
    table = toy_table(duties=False)
    rate = np.full_like(table.tariff, 0.1)
    np.einsum("jnn->jn", rate)[:] = 0.0
    taxed = table.with_tariff(rate, TOY)
    assert faults(taxed, "toy") == ()
    np.testing.assert_array_equal(taxed.trade, table.trade)
    np.testing.assert_allclose(taxed.revenue, 0.1 * table.imports, rtol=1e-12)


def test_the_rest_of_the_world_has_every_country_without_a_region() -> None:
    table = changed(toy_table(3), members={"BBB": ("XXX", "YYY"), "CCC": ("*",)})
    assert [table.region_of(c) for c in ("AAA", "XXX", "ZZZ")] == ["AAA", "BBB", "CCC"]
    assert toy_table(3).region_of("ZZZ") is None


def test_a_table_is_an_equilibrium_of_the_model() -> None:
    """The model at the table's own duties changes nothing: its residual is rounding."""
    assert ExactHat(baseline_of(toy_table())).inconsistency < 1e-12


def test_one_sector_keeps_trade_duties_and_balances() -> None:
    table = toy_table()
    whole = one_sector(table)
    assert faults(whole, "toy") == ()
    np.testing.assert_allclose(whole.trade[0], table.trade.sum(axis=0))
    np.testing.assert_allclose(whole.revenue, table.revenue)
    np.testing.assert_allclose(whole.deficit, table.deficit, atol=1e-12)


def test_what_it_is_comes_first() -> None:
    assert repr(toy_table()).startswith("WorldTable(toy: 4 regions × 3 sectors, 2020")
