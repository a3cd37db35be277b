"""Who gets and who pays, worked out by hand; what is absent; the order of the rows."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from accord.effects import MEASURES, Effects, accounts_of
from accord.effects.measures import USER, WORLD, Row
from accord.equilibrium import Equilibrium, solve_market
from accord.market import LaneKey, Market, Wedge
from accord.market.market import set_capacity
from worlds import (
    LANE_AB,
    LANE_DB,
    banned,
    duty,
    effects_of,
    is_lane,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

ROOT = Path(__file__).resolve().parents[2]
TOY = toy()
ENTREPOT = toy(entrepot=True)
CB = LaneKey("metal", "C", "B")
AC = LaneKey("metal", "A", "C")


def booked(solved: Equilibrium, measure: str, region: str, good: str | None = "metal") -> float:
    return accounts_of(solved).tables[measure].get((region, good), 0.0)


def sent(solved: Equilibrium, key: LaneKey) -> tuple[float, float]:
    """Tonnes on a lane and the price at the gate where it starts."""
    return solved.flow(*key), float(solved.producer_price(key.good, key.origin) or 0.0)


# ------------------------------------------------------------------------------- duties by hand


def test_revenue_of_a_fob_duty_is_rate_times_price_times_tonnes() -> None:
    """C23, C8."""
    solved = solve_market(with_duty(TOY, duty(0.2, specific=30.0), LANE_AB))
    tonnes, price = sent(solved, LANE_AB)
    others = sum(0.05 * p * x for x, p in (sent(solved, CB),))
    expected = (0.25 * price + 30.0) * tonnes + others
    assert booked(solved, "duty_revenue", "B") == pytest.approx(expected, rel=1e-12)


def test_revenue_of_a_cif_duty_counts_freight_and_what_was_lost_on_the_way() -> None:
    """C23: a tonne that arrives is 1/(1 − loss) tonnes bought."""
    solved = solve_market(TOY)
    expected = 0.0
    for origin, loss in (("A", 0.01), ("B", 0.0)):
        tonnes, price = sent(solved, LaneKey("metal", origin, "C"))
        expected += (0.03 * (price / (1.0 - loss) + 90.0) + 12.0) * tonnes
    assert booked(solved, "duty_revenue", "C") == pytest.approx(expected, rel=1e-12)


def test_an_export_tax_comes_first_and_is_part_of_the_base() -> None:
    """C24."""
    tax = Wedge("tax", "export", 0.1, 7.0, revenue_to="A")
    solved = solve_market(TOY.map_lanes(is_lane(AC), lambda x: x.with_wedge(tax)))
    tonnes, price = sent(solved, AC)
    left = tonnes / 0.99
    assert booked(solved, "export_tax_revenue", "A") == pytest.approx(
        (0.1 * price + 7.0) * left, rel=1e-12
    )
    border = (1.1 * price + 7.0) / 0.99 + 90.0
    from_b, price_b = sent(solved, LaneKey("metal", "B", "C"))
    expected = (0.03 * border + 12.0) * tonnes + (0.03 * (price_b + 90.0) + 12.0) * from_b
    assert booked(solved, "duty_revenue", "C") == pytest.approx(expected, rel=1e-12)


def test_a_duty_on_content_falls_on_that_share_of_the_value() -> None:
    """C25."""
    market = with_duty(TOY, duty(0.5, content=0.4), LANE_AB)
    solved = solve_market(market)
    row = accounts_of(solved).tables["duty_rate_statutory"]["A>B", "metal"]
    assert row == pytest.approx(0.05 + 0.5 * 0.4)


def test_an_import_subsidy_is_negative_revenue() -> None:
    """C8."""
    assert booked(solve_market(with_duty(TOY, duty(-0.2))), "duty_revenue", "B") < 0.0


def test_subsidies_are_what_the_treasury_pays() -> None:
    """C9."""
    output = Wedge("s", "output", -0.1, -20.0, revenue_to="B")
    use = Wedge("s", "use", -0.02, -5.0, basis="fob", revenue_to="B")
    market = TOY.map_activities(
        lambda a: a.name == "smelter.B", lambda a: replace(a, wedges=(output,))
    ).map_lanes(is_lane(LANE_AB), lambda x: x.with_wedge(use))
    solved = solve_market(market)
    made, price = solved.output("smelter.B"), float(solved.producer_price("metal", "B") or 0.0)
    tonnes, price_a = sent(solved, LANE_AB)
    expected = (0.1 * price + 20.0) * made + (0.02 * price_a + 5.0) * tonnes
    assert booked(solved, "subsidy_cost", "B") == pytest.approx(expected, rel=1e-12)
    assert effects_of(TOY, market).welfare_parts("B")["subsidy_cost"] == pytest.approx(-expected)


# --------------------------------------------------------------------------------- limits by hand


def test_over_quota_revenue_goes_to_the_treasury_and_in_quota_rent_to_the_licence_holder() -> None:
    """C31; design: τ_in·base·x + (τ_out − τ_in)·base·max(x − q, 0); rent ρ·min(x, q)."""
    market = TOY.with_limit(quota(5e3, duty(0.1), LANE_AB))
    solved = solve_market(market)
    tonnes, price = sent(solved, LANE_AB)
    from_c, price_c = sent(solved, CB)
    assert tonnes > 5e3
    treasury = 0.05 * price * tonnes + 0.1 * price * (tonnes - 5e3) + 0.05 * price_c * from_c
    assert booked(solved, "duty_revenue", "B") == pytest.approx(treasury, rel=1e-12)
    assert booked(solved, "limit_rent", "A") == pytest.approx(0.1 * price * 5e3, rel=1e-9)


def test_a_filled_quota_pays_no_over_quota_duty_and_shares_the_gap() -> None:
    solved = solve_market(TOY.with_limit(quota(20e3, duty(0.3), LANE_AB)))
    tonnes, price = sent(solved, LANE_AB)
    share = float(solved.state.rent[0])
    assert 0.0 < share < 1.0
    assert booked(solved, "limit_rent", "A") == pytest.approx(share * 0.3 * price * tonnes)
    in_quota = 0.05 * price * tonnes
    from_c, price_c = sent(solved, CB)
    revenue = in_quota + 0.05 * price_c * from_c
    assert booked(solved, "duty_revenue", "B") == pytest.approx(revenue, rel=1e-9)


def test_the_payer_of_a_minimum_is_debited_the_rebate() -> None:
    """C30, C7."""
    for lowers in (False, True):
        least = limit(40e3, sense="at_least", rent_to="C", lowers_customs_value=lowers)
        solved = solve_market(TOY.with_limit(least))
        rent, (tonnes, price) = float(solved.state.rent[0]), sent(solved, LANE_AB)
        assert booked(solved, "limit_rent", "C") == pytest.approx(-rent * tonnes, rel=1e-12)
        value = price - rent if lowers else price
        from_c, price_c = sent(solved, CB)
        revenue = 0.05 * (value * tonnes + price_c * from_c)
        assert booked(solved, "duty_revenue", "B") == pytest.approx(revenue, rel=1e-12)


def test_a_rent_that_nobody_earns_is_lost() -> None:
    """C31."""
    earned, lost = (
        accounts_of(solve_market(TOY.with_limit(limit(10e3, rent_to=to)))) for to in ("A", None)
    )
    assert lost.dissipated == pytest.approx(earned.tables["limit_rent"]["A", "metal"], rel=1e-9)
    assert not lost.tables["limit_rent"]
    assert earned.dissipated == 0.0


# ------------------------------------------------------------------------------------- rates


def test_statutory_and_collected_rates_differ_by_the_quota() -> None:
    """C26, C27."""
    tables = accounts_of(solve_market(TOY.with_limit(quota(5e3, duty(0.1), LANE_AB)))).tables
    statutory = tables["duty_rate_statutory"]["A>B", "metal"]
    collected = tables["duty_rate_collected"]["A>B", "metal"]
    assert statutory == pytest.approx(0.15)
    assert 0.05 < collected < 0.15


def test_statutory_and_collected_rates_differ_by_the_origin_of_the_metal() -> None:
    """C26, C27: D's mix is only partly A's."""
    solved = solve_market(origin_duty(ENTREPOT, 0.5, "pro rata"))
    tables = accounts_of(solved).tables
    node = solved.universe.node_index["metal", "D"]
    share = float(solved.state.traced_share[0, node])
    assert 0.0 < share < 1.0
    assert tables["duty_rate_statutory"]["D>B", "metal"] == pytest.approx(0.55)
    assert tables["duty_rate_collected"]["D>B", "metal"] == pytest.approx(0.05 + 0.5 * share)
    assert tables["duty_rate_collected"]["C>B", "metal"] == pytest.approx(0.05)


def test_a_specific_duty_is_a_fraction_of_the_customs_value() -> None:
    """C26."""
    solved = solve_market(TOY)
    tonnes, price = sent(solved, AC)
    assert tonnes > 0.0
    rate = accounts_of(solved).tables["duty_rate_statutory"]["A>C", "metal"]
    assert rate == pytest.approx(0.03 + 12.0 / (price / 0.99 + 90.0), rel=1e-12)


def test_a_duty_set_aside_is_not_in_force() -> None:
    """C26: lifting it restores it."""
    base = with_duty(TOY, duty(0.4), LANE_AB)
    exempt = base.map_lanes(
        is_lane(LANE_AB),
        lambda x: replace(x, wedges=tuple(w.suspend("exemption") for w in x.wedges)),
    )
    effects = effects_of(base, exempt)
    row = effects.row("duty_rate_statutory", "A>B", "metal")
    assert row is not None
    assert row.before == pytest.approx(0.45)
    assert row.after == 0.0
    assert row.change == pytest.approx(-0.45)
    restored = solve_market(exempt.without("exemption"))
    assert restored.flow(*LANE_AB) == pytest.approx(solve_market(base).flow(*LANE_AB), rel=1e-9)


def test_the_collected_rate_of_a_region_is_over_all_its_imports() -> None:
    """C27."""
    solved = solve_market(with_duty(TOY, duty(0.3), LANE_AB))
    paid = booked(solved, "duty_revenue", "B")
    value = sum(x * p for x, p in (sent(solved, LANE_AB), sent(solved, CB)))
    assert booked(solved, "duty_rate_collected", "B") == pytest.approx(paid / value, rel=1e-12)


def test_a_ban_leaves_the_duty_in_the_law_and_collects_nothing() -> None:
    """C28, C14."""
    effects = effects_of(TOY, banned(TOY))
    statutory = effects.row("duty_rate_statutory", "A>B", "metal")
    collected = effects.row("duty_rate_collected", "A>B", "metal")
    assert statutory is not None
    assert (statutory.before, statutory.after) == (0.05, 0.05)
    assert collected is not None
    assert collected.after is None
    assert collected.change is None
    assert collected.change_pct is None


# ------------------------------------------------------------------------------ other accounts


def test_exports_are_what_left_and_imports_what_arrived() -> None:
    solved = solve_market(TOY)
    left = sum(solved.flow("metal", "A", d) for d in ("B", "C"))
    lost = solved.flow("metal", "A", "C") * (1.0 / 0.99 - 1.0)
    assert booked(solved, "exports", "A") == pytest.approx(left + lost, rel=1e-12)
    arrived = sum(solved.flow("metal", o, "C") for o in ("A", "B"))
    assert booked(solved, "imports", "C") == pytest.approx(arrived, rel=1e-12)


def test_final_use_is_use_less_the_needs_of_plants() -> None:
    solved = solve_market(ENTREPOT)
    assert booked(solved, "use", "D") - booked(solved, "final_use", "D") == pytest.approx(
        solved.output("trader.D"), rel=1e-12
    )
    assert booked(solved, "final_use", "A", "ore") == 0.0


def test_consumer_surplus_is_the_area_under_final_demand() -> None:
    """C37: by a sum of slices."""
    solved = solve_market(with_duty(TOY, duty(0.2)))
    demand = next(d for d in TOY.demands if d.region == "B")
    gamma = demand.elasticity * (demand.choke / demand.price - 1.0)
    low, slices = float(solved.buyer_price("metal", "B") or 0.0), 20_000
    width = (demand.choke - low) / slices
    span = demand.choke - demand.price
    area = sum(
        demand.quantity * ((demand.choke - low - (i + 0.5) * width) / span) ** gamma * width
        for i in range(slices)
    )
    assert booked(solved, "consumer_surplus", "B") == pytest.approx(area, rel=1e-7)


def test_profit_belongs_to_the_owner() -> None:
    """C38: A owns the smelter in C."""
    solved = solve_market(TOY)
    assert ("C", "metal") not in accounts_of(solved).tables["profit"]
    smelters = [TOY.activity_by_name[f"smelter.{r}"] for r in "AC"]
    total = 0.0
    for a in smelters:
        made, price = solved.output(a.name), float(solved.producer_price("metal", a.region) or 0)
        ore = float(solved.buyer_price("ore", a.region) or 0.0)
        used = made / a.capacity.level
        power = 1.0 / a.curvature
        flat = 2.0 * ore + a.power * a.power_price + a.other_cost
        total += made * (price - flat - a.rising_cost * used**power / (power + 1.0))
    assert booked(solved, "profit", "A") == pytest.approx(total, rel=1e-9)


def test_power_emissions_and_freight() -> None:
    """C40."""
    solved = solve_market(TOY)
    assert booked(solved, "power", "B") == pytest.approx(14.0 * solved.output("smelter.B"))
    assert booked(solved, "emissions", "B") == pytest.approx(8.0 * solved.output("smelter.B"))
    freight = 90.0 * solved.flow(*LANE_AB) + 108.0 * solved.flow(*CB)
    assert booked(solved, "freight_cost", "B") == pytest.approx(freight, rel=1e-12)


# ------------------------------------------------------------------- rows: order, absence, measures


@pytest.fixture(scope="module", name="effects")
def busy_effects() -> Effects:
    after = set_capacity(origin_duty(banned(ENTREPOT), 0.4, "pro rata"), {"smelter.C": 0.0})
    return effects_of(ENTREPOT, after.with_limit(limit(2e3, LANE_DB)))


def place(region: str, codes: tuple[str, ...]) -> tuple[int, int, int]:
    if region == WORLD:
        return (2, 0, 0)
    if ">" in region:
        origin, destination = region.split(">")
        return (1, codes.index(origin), codes.index(destination))
    return (0, codes.index(region), 0)


def test_rows_come_in_one_order(effects: Effects) -> None:
    """C12."""
    measures = [m.name for m in MEASURES]
    goods = [None, *(g.code for g in effects.before.market.goods)]
    codes = effects.before.universe.regions
    keys = [
        (measures.index(r.measure), goods.index(r.good), place(r.region, codes), r.year)
        for r in effects.rows
    ]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_nothing_in_a_row_is_infinite_or_not_a_number(effects: Effects) -> None:
    """C15."""
    for row in effects.rows:
        numbers = (row.before, row.after, row.change, row.change_pct)
        assert all(math.isfinite(x) for x in numbers if x is not None), row


def test_absent_is_not_zero(effects: Effects) -> None:
    """C14, C16: a flow that is not is 0, a price that is not is absent."""
    flow = effects.row("flow", "A>B", "metal")
    assert flow is not None
    assert flow.after == 0.0
    assert flow.change_pct == -100.0
    price = effects.row("producer_price", "C", "metal")
    assert price is not None
    assert price.before is not None
    assert price.after is None
    assert price.change is None
    assert all(r.before or r.after for r in effects.rows)
    assert effects.row("flow", "B>D", "metal") is None
    assert effects.change("flow", "B>D", "metal") == 0.0


def test_change_and_its_percentage() -> None:
    """C10."""
    row = Row("welfare", "A", None, 2020, -50.0, -40.0, "USD/yr")
    assert row.change == 10.0
    assert row.change_pct == 20.0
    assert replace(row, before=0.0).change_pct is None
    assert replace(row, before=None).change is None
    assert replace(row, after=None).change_pct is None


def test_rows_have_the_units_and_places_of_the_list(effects: Effects) -> None:
    """C47: the list of docs/conventions.md, by name, unit, region and good."""
    page = (ROOT / "docs" / "conventions.md").read_text("utf-8")
    cells = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\| `.*\|$", page, re.MULTILINE)
    ]
    listed = {name: (unit, set(region.split(", ")), good) for name, unit, region, good, _ in
              (row for row in cells if len(row) == 5)}  # fmt: skip
    assert [m.name for m in MEASURES] == list(listed)
    assert {m.name: m.unit for m in MEASURES} == {n: unit for n, (unit, _, _) in listed.items()}
    for row in effects.rows:
        unit, regions, good = listed[row.measure]
        marks = {USER: "U", ">": "L"}
        kind = next((kind for mark, kind in marks.items() if mark in row.region), "R")
        kind = "W" if row.region == WORLD else kind
        assert row.unit == unit
        assert kind in regions, row
        assert (row.good is not None) == (good == "yes"), row


def test_every_measure_that_can_appear_does(effects: Effects) -> None:
    """Nobody is subsidised here, and nobody says who uses the metal; ore has an export tax."""
    missing = {m.name for m in MEASURES} - {r.measure for r in effects.rows}
    assert missing == {"subsidy_cost", "user_surplus"}


def test_what_a_mwh_costs_and_what_a_tonne_emits() -> None:
    """14 MWh and 8 t a tonne everywhere; power at 30, 45 and 35 USD/MWh."""
    solved = solve_market(TOY)
    tables = accounts_of(solved).tables
    paid = {"A": 30.0, "B": 45.0, "C": 35.0}
    for region, price in paid.items():
        assert tables["power_price"][region, "metal"] == pytest.approx(price)
        assert tables["carbon_intensity"][region, "metal"] == pytest.approx(8.0)
    made = {r: solved.output(f"smelter.{r}") for r in paid}
    mean = sum(price * made[r] for r, price in paid.items()) / sum(made.values())
    assert tables["power_price"][WORLD, "metal"] == pytest.approx(mean)
    assert ("A", "ore") not in tables["carbon_intensity"]


def test_a_statutory_rate_that_cannot_be_a_fraction_is_absent() -> None:
    """C16, C26: dollars per tonne of what nobody sells."""
    market = set_capacity(TOY, {"smelter.A": 0.0})
    tables = accounts_of(solve_market(market)).tables
    assert ("A>C", "metal") not in tables["duty_rate_statutory"]
    assert tables["duty_rate_statutory"]["A>B", "metal"] == pytest.approx(0.05)


def test_hub_price_is_a_row_of_the_world(effects: Effects) -> None:
    """C21."""
    row = effects.row("hub_price", WORLD, "metal")
    assert row is not None
    assert row.before == pytest.approx(0.75 * 1900.0 + 0.25 * 1950.0 + 10.0)


def test_a_deal_that_only_removes_a_duty_on_a_closed_lane_changes_nothing() -> None:
    """C28, C35."""

    def law(rate: float) -> Market:
        return with_duty(banned(TOY), duty(rate), LANE_AB)

    effects = effects_of(law(2.0), law(0.0))
    changed = {r.measure for r in effects.rows if abs(r.change or 0.0) > 1e-12 * abs(r.before or 1)}
    assert changed == {"duty_rate_statutory"}
