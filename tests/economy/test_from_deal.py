"""A deal's lanes as duties and real costs of a sector's trade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accord.economy.baseline import Shock
from accord.economy.data.checks import faults
from accord.economy.deal_lane import LaneChange, LaneSide
from accord.economy.from_deal import DealShock, shock_of
from accord.economy.from_table import baseline_of
from accord.economy.hat import ExactHat
from accord.economy.world import WorldTable
from accord.market import Lane, Wedge
from world_tables import changed, toy_table

DUTY = Wedge("old", "import", ad_valorem=0.2, revenue_to="BBB")
LANE = Lane("tin", "AAA", "BBB")
PRICE = 100.0


def world() -> WorldTable:
    return changed(toy_table(duties=False), goods={"tin": "S2"})


def flow(table: WorldTable) -> float:
    """What AAA sells of S2 to BBB, in USD."""
    return float(table.trade[1, 1, 0]) * 1e6


def side(lane: Lane = LANE, share: float = 0.25, **more: object) -> LaneSide:
    return LaneSide(lane, share * flow(world()), PRICE, **more)  # type: ignore[arg-type]


def change(before: LaneSide, after: LaneSide) -> LaneChange:
    return LaneChange("tin", ("AAA",), ("BBB",), before, after)


def shock(before: LaneSide, after: LaneSide, table: WorldTable | None = None) -> DealShock:
    return shock_of([change(before, after)], table or world(), 2020)


def test_a_new_duty_counts_by_the_goods_share() -> None:
    """20 % on a quarter of the flow is 5 % on the flow, there and nowhere else."""
    found = shock(side(), side(LANE.with_wedge(DUTY)))
    wanted = np.zeros_like(found.tariff)
    wanted[1, 1, 0] = 0.25 * 0.2
    np.testing.assert_allclose(found.tariff, wanted, atol=1e-15)
    np.testing.assert_array_equal(found.trade_cost, np.ones_like(wanted))
    (link,) = found.links
    assert (link.kind, link.sector, link.exporter, link.importer) == ("duty", "S2", "AAA", "BBB")
    assert link.share == pytest.approx(0.25)
    assert (link.rate_before, link.rate_after) == pytest.approx((0.0, 0.2))
    assert any("share of the sector's flow" in note for note in found.notes)


def test_a_duty_that_is_lifted_is_put_into_the_table_first() -> None:
    found = shock(side(LANE.with_wedge(DUTY)), side())
    assert found.table.tariff[1, 1, 0] == pytest.approx(0.05)
    assert found.tariff[1, 1, 0] == 0.0
    assert faults(found.table, "toy") == ()
    assert found.table.sources[-1].id == "law"


def test_where_the_table_has_duties_the_lifted_one_is_among_them() -> None:
    table = world()
    rate = np.zeros_like(table.tariff)
    rate[1, 1, 0] = 0.08
    own = table.with_tariff(rate, table.sources[0])
    found = shock(side(LANE.with_wedge(DUTY)), side(), own)
    assert found.table.tariff[1, 1, 0] == pytest.approx(0.08)
    assert found.tariff[1, 1, 0] == pytest.approx(0.03)


def test_a_specific_duty_is_taken_at_the_price_before() -> None:
    wedge = Wedge("x", "import", specific=30.0, revenue_to="BBB")
    found = shock(side(), side(LANE.with_wedge(wedge)))
    assert found.links[0].rate_after == pytest.approx(0.3)


def test_a_duty_on_cif_value_counts_freight() -> None:
    lane = replace(LANE, freight=10.0)
    wedge = Wedge("x", "import", ad_valorem=0.1, basis="cif", revenue_to="BBB")
    found = shock(side(lane), side(lane.with_wedge(wedge)))
    assert found.links[0].rate_after == pytest.approx(0.11)


def test_a_ban_takes_the_goods_share_out_of_the_flow() -> None:
    """At given costs the flow falls by exactly the share that is forbidden."""
    table = world()
    found = shock(side(LANE.with_wedge(DUTY)), side(LANE.closed("ban"), share=0.0))
    theta = float(table.theta[1])
    before = 1.0 + float(found.table.tariff[1, 1, 0])
    after = (1.0 + float(found.tariff[1, 1, 0])) * float(found.trade_cost[1, 1, 0])
    assert (after / before) ** -theta == pytest.approx(0.75)
    assert found.links[0].kind == "ban"


def test_trade_that_begins_grows_the_flow_by_what_the_market_shows() -> None:
    table = world()
    after = side(LANE.with_wedge(DUTY), share=0.1)
    found = shock(side(LANE.closed("ban"), share=0.0), after)
    theta = float(table.theta[1])
    cost = (1.0 + float(found.tariff[1, 1, 0])) * float(found.trade_cost[1, 1, 0])
    assert cost**-theta == pytest.approx(1.1)
    # Its duty falls on its part of the larger flow.
    assert found.tariff[1, 1, 0] == pytest.approx(0.2 * 0.1 / 1.1)
    assert any("trade that had stopped" in note for note in found.notes)


def test_the_model_gives_back_the_flow_that_a_small_ban_leaves() -> None:
    """In general equilibrium too, where the good is small."""
    found = shock(side(share=1e-4), side(LANE.closed("ban"), share=0.0))
    hat = ExactHat(baseline_of(found.table))
    result = hat.counterfactual(Shock(tariff=found.tariff, trade_cost=found.trade_cost))
    ratio = result.after.trade[1, 1, 0] / result.before.trade[1, 1, 0]
    # A little less than at given prices: what is left is bought as the sector grows dearer.
    assert 0.8e-4 < 1.0 - ratio < 1.0e-4


def test_a_quotas_rent_is_a_duty_where_the_importer_holds_it() -> None:
    found = shock(side(), side(rent=8.0, rent_to=("BBB",)))
    assert found.tariff[1, 1, 0] == pytest.approx(0.25 * 0.08)
    assert found.not_modelled == ()


def test_a_quotas_rent_is_a_real_cost_where_nobody_holds_it() -> None:
    found = shock(side(), side(rent=8.0, rent_to=(None,)))
    assert found.tariff[1, 1, 0] == 0.0
    assert found.trade_cost[1, 1, 0] == pytest.approx(1.02)


NOT_SHOWN = [
    (side(), side(rent=8.0, rent_to=("AAA",)), "the limit on tin AAA→BBB"),
    (side(), side(rent=-8.0, rent_to=("AAA",)), "the rebate that fulfils a minimum"),
    (side(), side(LANE.with_wedge(Wedge("x", "export", 0.1, revenue_to="AAA"))), "export tax"),
    (side(), side(LANE.with_wedge(Wedge("x", "use", -0.1, revenue_to="BBB"))), "on use of tin"),
    (side(), side(LANE.with_wedge(Wedge("x", "import", -0.1, revenue_to="BBB"))), "subsidy"),
]


@pytest.mark.parametrize(("before", "after", "said"), NOT_SHOWN, ids=[x[2] for x in NOT_SHOWN])
def test_what_trade_cannot_show_is_named_and_moves_nothing(
    before: LaneSide, after: LaneSide, said: str
) -> None:
    found = shock(before, after)
    assert len(found.not_modelled) == 1
    assert said in found.not_modelled[0].what
    assert found.not_modelled[0].why
    assert not found.moves
    np.testing.assert_array_equal(found.tariff, world().tariff)


def test_an_export_tax_does_not_move_the_base_of_a_duty() -> None:
    specific = LANE.with_wedge(Wedge("old", "import", specific=20.0, revenue_to="BBB"))
    taxed = specific.with_wedge(Wedge("x", "export", 0.1, revenue_to="AAA"))
    found = shock(side(specific), side(taxed))
    assert not found.moves
    assert "export tax" in found.not_modelled[0].what


def test_a_good_without_a_sector_and_a_place_without_a_region() -> None:
    lane = change(side(), side(LANE.with_wedge(DUTY)))
    table = world()
    for wrong, said in (
        (replace(lane, good="gold"), "no sector for gold"),
        (replace(lane, origin=("QQQ",)), "no one region"),
        (replace(lane, origin=("EUR", "AAA", "CCC")), "no one region"),
        (replace(lane, origin=("BBB",)), "trade inside BBB"),
    ):
        found = shock_of([wrong], table, 2020)
        assert said in found.not_modelled[0].why
        assert not found.moves


def test_a_group_within_one_region_is_that_region() -> None:
    table = changed(world(), members={"AAA": ("XXX", "YYY")})
    lane = replace(change(side(), side(LANE.with_wedge(DUTY))), origin=("GRP", "XXX", "YYY"))
    assert shock_of([lane], table, 2020).links[0].exporter == "AAA"


def test_a_pair_that_does_not_trade_in_the_table() -> None:
    table = world()
    trade = table.trade.copy()
    trade[1, 1, 0] = 0.0
    found = shock(side(), side(LANE.with_wedge(DUTY)), changed(table, trade=trade))
    assert "AAA sells nothing of S2 to BBB in the table" in found.not_modelled[0].why


def test_a_good_larger_than_its_sector_is_all_of_it_and_said() -> None:
    found = shock(side(share=3.0), side(LANE.with_wedge(DUTY), share=3.0))
    assert found.links[0].share == 1.0
    assert any("larger than the table's whole flow" in note for note in found.notes)


def test_lanes_of_several_regions_of_a_market_add_up() -> None:
    table = changed(world(), members={"AAA": ("XXX", "YYY")})
    lane = change(side(), side(LANE.with_wedge(DUTY)))
    both = [replace(lane, origin=("XXX",)), replace(lane, origin=("YYY",))]
    assert shock_of(both, table, 2020).tariff[1, 1, 0] == pytest.approx(0.1)


def test_nothing_that_changes_is_nothing() -> None:
    found = shock(side(LANE.with_wedge(DUTY)), side(LANE.with_wedge(DUTY)))
    assert not found.moves
    assert found.notes == ()
    np.testing.assert_array_equal(found.tariff, world().tariff)
