"""How the market of later years follows from the outlook."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import pack
from accord.equilibrium import solve_market
from accord.market import Market
from accord.pack import Pack
from accord.pack.outlook import Growth, Outlook
from accord.years.drift import Drift


def drift(pack: Pack, case: str = "median", known: int = 2022) -> Drift:
    assert pack.outlook is not None
    return Drift(pack.calibration(2021), pack.outlook, known, case)  # type: ignore[arg-type]


def capacity(market: Market, name: str) -> float:
    return market.activity_by_name[name].capacity.level


def demand(market: Market, region: str) -> float:
    return next(d.quantity for d in market.demands if d.region == region)


def test_the_base_year_is_the_base_itself(looking_ahead: Pack) -> None:
    moving = drift(looking_ahead)
    assert moving.market(2021) is moving.base.market


def test_demand_grows_as_the_table_says_a_regions_own_row_first(looking_ahead: Pack) -> None:
    start, later = drift(looking_ahead).base.market, drift(looking_ahead).market(2024)
    assert later.year == 2024
    assert demand(later, "AAA") == pytest.approx(demand(start, "AAA") * 1.02**3)
    assert demand(later, "CCC") == pytest.approx(demand(start, "CCC") * 1.04**3)
    slow = drift(looking_ahead, "low").market(2024)
    assert demand(slow, "CCC") == pytest.approx(demand(start, "CCC") * 1.02**3)


def test_an_announced_plant_comes_in_equal_steps_once_it_is_known(looking_ahead: Pack) -> None:
    start = capacity(drift(looking_ahead).base.market, "smelter.BBB")
    sizes = {y: capacity(drift(looking_ahead).market(y), "smelter.BBB") for y in range(2024, 2028)}
    assert sizes[2024] == pytest.approx(start)
    assert sizes[2025] == pytest.approx(start + 150e3)
    assert sizes[2026] == sizes[2027] == pytest.approx(start + 300e3)
    late = drift(looking_ahead, known=2029).market(2026)
    assert capacity(late, "smelter.BBB") == pytest.approx(start + 1_200e3)


def test_the_other_makers_keep_pace_with_use(looking_ahead: Pack) -> None:
    moving = drift(looking_ahead)
    start, later = moving.base.market, moving.market(2024)
    growth = {d.region: demand(later, d.region) / d.quantity for d in start.demands}
    used = sum(d.quantity for d in start.demands)
    wanted = sum(d.quantity * growth[d.region] for d in start.demands)
    level = moving.base.level
    made = {name: level[name] * capacity(later, name) / capacity(start, name) for name in level}
    both = level["smelter.AAA"] + level["smelter.BBB"]
    assert made["smelter.AAA"] + made["smelter.BBB"] == pytest.approx(both * wanted / used)
    assert made["mine.CCC"] / level["mine.CCC"] == pytest.approx(wanted / used)


@settings(max_examples=15, deadline=None)
@given(st.floats(-0.05, 0.1), st.integers(2022, 2030))
def test_one_growth_for_all_scales_the_world_and_moves_no_price(rate: float, year: int) -> None:
    toyland = pack.load("toyland")
    rows = (Growth("demand", "metal", "*", 2021, 2030, rate, rate, rate, "assumed"),)
    moving = Drift(toyland.calibration(2021), Outlook(rows), 2022)
    law = toyland.measures[-1].term.starts
    assert law is not None
    start, later = (solve_market(toyland.under_law(moving.market(y), law)) for y in (2021, year))
    factor = (1.0 + rate) ** (year - 2021)
    assert later.state.price == pytest.approx(start.state.price, rel=1e-8)
    assert later.state.flow == pytest.approx(factor * start.state.flow, rel=1e-8)


def test_a_plant_of_several_is_named_and_a_project_of_a_region_is_shared(
    looking_ahead: Pack,
) -> None:
    outlook = looking_ahead.outlook
    assert outlook is not None
    project = outlook.projects[0]
    assert project.adds_to("smelter.BBB")
    assert project.adds_to("smelter.BBB.north")
    assert not project.adds_to("smelter.BBBX")
    named = replace(project, activity="smelter.BBB.north")
    assert not named.adds_to("smelter.BBB")
