"""Sizes and costs from comparable plants, draws, and the tables they rest on."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from accord.errors import InputError
from accord.instruments import read_term
from accord.instruments.joint_project import JointProject
from accord.invest.case import Case
from accord.invest.comparables import (
    Spread,
    bought,
    capacity_factor,
    plant_costs,
    price_range,
    unit_cost,
)
from accord.invest.draws import drawn, percentiles, spread_points, triangular
from accord.invest.feedback import Technique
from accord.invest.plan import HOURS, Prices
from accord.invest.tables import FOLDER, ProjectTables, read_tables
from accord.market import Activity, Capacity

SMELTER = Activity(
    "smelter.RUS", "smelter", "RUS", (("aluminium", 1.0),), (("alumina", 1.93),),
    power=14.0, power_price=25.0, other_cost=400.0, rising_cost=600.0, curvature=0.2,
    capacity=Capacity(4e6),
)  # fmt: skip
OPEN = ({"kind": "smelter"}, {"kind": "hydropower"})


def case_of(book: ProjectTables, *assets: dict[str, object], **fields: object) -> Case:
    shares = [{"party": "Home", "country": "RUS", "share": "100 %"}]
    table = {"id": "t", "kind": "joint_project", "region": "RUS", "share": shares}
    term = read_term(table | {"asset": [dict(a) for a in assets]} | fields)
    assert isinstance(term, JointProject)
    return Case(term, "RUS", book, Technique(SMELTER), 25.0, 2024)


def test_a_budget_buys_a_chain_whose_power_is_its_own(book: ProjectTables) -> None:
    case = case_of(book, *OPEN, budget="15 bn USD")
    assert case.capex == pytest.approx(15e9)
    smelter, dam = case.size("smelter"), case.size("hydropower")
    assert dam * HOURS * case.factor.median == pytest.approx(smelter * 14.0)
    cost = smelter * case.cost("smelter").median + dam * case.cost("hydropower").median
    assert cost == pytest.approx(15e9)
    assert case.buys(15e9, "high").metal < smelter < case.buys(15e9, "low").metal


def test_a_size_has_the_cost_of_comparable_plants_and_a_cost_their_size(
    book: ProjectTables,
) -> None:
    sized = case_of(book, {"kind": "smelter", "size": "600 kt/yr"})
    assert sized.capex == pytest.approx(6e5 * sized.cost("smelter").median)
    paid = case_of(book, {"kind": "smelter", "capex": f"{sized.capex / 1e9} bn USD"})
    assert paid.size("smelter") == pytest.approx(6e5)
    assert [a.from_deal for a in (*sized.assets, *paid.assets)] == [False, True]


def test_a_budget_for_plants_of_known_sizes_is_parted_as_comparable_plants_cost(
    book: ProjectTables,
) -> None:
    assets = ({"kind": "smelter", "size": "600 kt/yr"}, {"kind": "hydropower", "size": "3 GW"})
    free, told = case_of(book, *assets), case_of(book, *assets, budget="5 bn USD")
    assert told.capex == pytest.approx(5e9)
    ratios = {a.capex / b.capex for a, b in zip(told.assets, free.assets, strict=True)}
    assert max(ratios) == pytest.approx(min(ratios))
    with_line = ({"kind": "line", "capex": "1 bn USD"}, *OPEN)
    left = case_of(book, *with_line, budget="5 bn USD")
    assert left.capex == pytest.approx(5e9)
    assert left.size("smelter") == pytest.approx(
        case_of(book, *OPEN, budget="4 bn USD").size("smelter")
    )


def test_what_the_deal_says_is_not_drawn(book: ProjectTables) -> None:
    flat = Spread(1.0, 1.0, 1.0)
    every = case_of(book, *OPEN, budget="15 bn USD").ranges(flat)
    told = case_of(
        book,
        *OPEN,
        budget="15 bn USD",
        lead_years=1,
        power_price="20 USD/MWh",
        financing={"debt_share": "50 %", "rate": "5 %"},
    )
    gone = {"lead_years", "power_price_factor", "debt_share", "loan_rate"}
    assert set(every) - set(told.ranges(flat)) == gone
    plan = told.plan(Prices(2400.0, 500.0, 20.0))
    assert (plan.loan.share, plan.loan.rate, plan.lead_years) == (0.5, 0.05, 1.0)


def test_comparable_plants_are_in_dollars_of_one_year(book: ProjectTables) -> None:
    plants = {p.plant: p for p in plant_costs(book, 2024)}
    assert plants["Boguchany, second stage"].cost == pytest.approx(2600e6 / 302e3)
    older = plants["Boguchany, design"]
    assert older.cost == pytest.approx(2300e6 / 600e3 / book.deflator[2007])
    spread = unit_cost(tuple(plants.values()), "smelter")
    assert spread.low == min(p.cost for p in plants.values() if p.kind == "smelter" and p.counted)
    assert not plants["China, new plants"].counted
    factor = capacity_factor(book)
    assert 0.38 < factor.low < factor.median < factor.high < 0.75


def test_more_money_buys_more_in_proportion() -> None:
    one, two = (bought(x, 6000.0, 2e6, 0.0025) for x in (1e9, 2e9))
    assert two.metal == pytest.approx(2.0 * one.metal)
    assert one.cost == pytest.approx(11_000.0)


def test_the_world_price_ranges_in_constant_dollars(book: ProjectTables) -> None:
    quotes = {2016: 1600.0, 2022: 2700.0, 2024: 2400.0, 1990: 9e9}
    spread = price_range(quotes, 2024, book)
    assert spread.low == pytest.approx(1600.0 / book.deflator[2016] / 2400.0)
    assert spread.high == pytest.approx(2700.0 / book.deflator[2022] / 2400.0)


# ------------------------------------------------------------------------------------- draws


@dataclass(frozen=True)
class Known:
    low: float
    median: float
    high: float


@pytest.mark.parametrize(("low", "mode", "high"), [(0, 1, 4), (0, 0, 1), (2, 5, 5), (3, 3, 3)])
def test_draws_have_the_moments_of_their_triangle(low: float, mode: float, high: float) -> None:
    points = (np.arange(20_000) + 0.5) / 20_000
    values = triangular(points, Known(low, mode, high))
    assert values.min() >= low
    assert values.max() <= high
    assert float(values.mean()) == pytest.approx((low + mode + high) / 3.0, abs=1e-4)
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18.0
    assert float(values.var()) == pytest.approx(variance, abs=1e-3)


def test_points_are_spread_evenly_and_begin_with_their_seed() -> None:
    points = spread_points(400, 20, 1)
    assert points.shape == (400, 20)
    assert np.all((points >= 0.0) & (points < 1.0))
    slices = np.sort(np.floor(points * 400), axis=0)
    assert np.array_equal(slices, np.tile(np.arange(400.0)[:, None], (1, 20)))
    assert np.abs(np.corrcoef(points.T) - np.eye(20)).max() < 0.2
    assert np.array_equal(points, spread_points(400, 20, 1))
    assert not np.array_equal(points, spread_points(400, 20, 2))
    assert drawn({"a": Known(0.0, 1.0, 2.0)}, 10, 1)["a"].shape == (10,)


def test_a_draw_without_a_value_counts_as_above_all() -> None:
    low, high = percentiles(np.array([3.0, 1.0, np.nan, 2.0]), (0.0, 1.0))
    assert low == 1.0
    assert np.isinf(high)


# ------------------------------------------------------------------------------------ tables


def test_every_number_has_its_range_and_source(book: ProjectTables) -> None:
    known = {source.id for source in book.sources}
    for name, found in book.ranges.items():
        assert found.low <= found.median <= found.high, name
        assert found.source in known
    cited = {*book.plant_costs.text["source"], *(r.source for r in book.ranges.values())}
    cited |= {*book.hydro_plants.text["source"], *book.chain_costs.text["source"], "wdi"}
    assert cited == known
    with pytest.raises(KeyError):
        book.range("country_risk", "ATA")


def test_faults_of_tables_are_told_together(tmp_path: Path) -> None:
    folder = tmp_path / "projects"
    shutil.copytree(FOLDER, folder)
    costs, numbers = folder / "plant_costs.csv", folder / "parameters.csv"
    costs.write_text(costs.read_text("utf-8").replace("Taishet,428", "Taishet,-428"), "utf-8")
    numbers.write_text(numbers.read_text("utf-8").replace("beta,*,1.1", "beta,*,much"), "utf-8")
    with pytest.raises(InputError) as error:
        read_tables(folder)
    assert {fault.file for fault in error.value.faults} == {
        "projects/plant_costs.csv",
        "projects/parameters.csv",
    }
