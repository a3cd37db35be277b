"""Plants one by one: what they add up to, how they differ, and that names of all reach each."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accord import pack
from accord.effects import compare
from accord.equilibrium import solve_market, universe_of
from accord.errors import InputError
from accord.instruments.plant import typical
from accord.market import Activity, Market
from accord.pack import Pack
from accord.pack.build.tables import read
from accord.pack.priors import PriorKey

LAW = date(2020, 7, 1)


@pytest.fixture(scope="module")
def aluminium() -> Pack:
    return pack.load("aluminium")


def split(folder: Path, shares: dict[str, float], power_price: dict[str, float]) -> Pack:
    """Return toyland with the smelter of AAA (990 of 1,200 kt) as plants."""
    shutil.copytree(pack.load("toyland").folder, folder)
    path = folder / "benchmark_2020" / "activities.csv"
    rows: list[dict[str, str]] = []
    for row in read(path):
        if (row["kind"], row["region"]) != ("smelter", "AAA"):
            rows.append({"plant": "", **row})
            continue
        for plant, share in shares.items():
            own = {"plant": plant, **row}
            if row["item"] == "capacity":
                made = {**own, "item": "output", "value": repr(990.0 * share)}
                own["value"] = repr(1200.0 * share)
                rows.append(made)
            if row["item"] == "power_price":
                own["value"] = repr(power_price.get(plant, 40.0))
            rows.append(own)
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = ["kind", "region", "plant", "item", "value", "unit", "year", "source", "status"]
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return pack.load(folder)


# ------------------------------------------------------------------------------------ toyland


def test_plants_that_differ_in_nothing_are_one_smelter(tmp_path: Path) -> None:
    """C35: cut in two, a country answers as it did in one piece, whatever the deal."""
    two = split(tmp_path / "two", {"north": 0.7, "south": 0.3}, {})
    one = pack.load("toyland")

    def changes(of: Pack) -> dict[tuple[str, str, str | None], float]:
        markets = [of.market(2020, day) for day in (LAW, date(2021, 7, 1))]
        assert markets[0] != markets[1]
        universe = universe_of(*markets)
        before, after = (solve_market(m, universe=universe) for m in markets)
        rows = compare(before, after).rows
        return {(r.measure, r.region, r.good): r.after or 0.0 for r in rows}

    assert changes(two) == pytest.approx(changes(one), rel=1e-9)


def test_a_plant_with_cheap_power_earns_more_and_all_share_one_other_cost(tmp_path: Path) -> None:
    """10 MWh a tonne: 30 USD/MWh instead of 40 is 100 USD a tonne more margin."""
    found = split(tmp_path / "p", {"hydro": 0.5, "coal": 0.5}, {"hydro": 30.0, "coal": 50.0})
    hydro, coal = found.calibration(2020).market.plants_of("smelter.AAA")
    assert hydro.other_cost == pytest.approx(coal.other_cost)
    used = 990.0 / 1200.0
    margin = [a.rising_cost * used ** (1.0 / a.curvature) for a in (hydro, coal)]
    assert margin[0] - margin[1] == pytest.approx(200.0)
    solved = solve_market(found.market(2020, LAW))
    assert solved.output(hydro.name) == pytest.approx(495e3, rel=1e-9)
    assert solved.output(coal.name) == pytest.approx(495e3, rel=1e-9)


def elasticity(a: Activity, price: float) -> float:
    """Supply elasticity at the benchmark: φ p over the rising cost there."""
    used = 990.0 / 1200.0
    return a.curvature * price / (a.rising_cost * used ** (1.0 / a.curvature))


def test_each_plant_has_the_supply_elasticity_of_its_country(tmp_path: Path) -> None:
    found = split(tmp_path / "p", {"hydro": 0.5, "coal": 0.5}, {"hydro": 30.0, "coal": 50.0})
    whole = pack.load("toyland").calibration(2020).market.activity_by_name["smelter.AAA"]
    for plant in found.calibration(2020).market.plants_of("smelter.AAA"):
        assert elasticity(plant, 1980.0) == pytest.approx(elasticity(whole, 1980.0))


def test_dear_power_leaves_a_plant_half_of_the_rising_cost(tmp_path: Path) -> None:
    found = split(tmp_path / "p", {"hydro": 0.9, "diesel": 0.1}, {"diesel": 90.0})
    whole = pack.load("toyland").calibration(2020).market.activity_by_name["smelter.AAA"]
    _, diesel = found.calibration(2020).market.plants_of("smelter.AAA")
    assert diesel.curvature == pytest.approx(whole.curvature / 2.0)


def test_levels_of_a_country_are_split_among_its_plants(tmp_path: Path) -> None:
    found = split(tmp_path / "p", {"north": 0.7, "south": 0.3}, {})
    whole = pack.load("toyland").calibration(2021)
    parts = found.calibration(2021)
    for plant, share in (("north", 0.7), ("south", 0.3)):
        name = f"smelter.AAA.{plant}"
        assert parts.level[name] == pytest.approx(share * whole.level["smelter.AAA"])
        capacity = parts.market.activity_by_name[name].capacity.level
        expected = share * whole.market.activity_by_name["smelter.AAA"].capacity.level
        assert capacity == pytest.approx(expected)


# ------------------------------------------------------------------------------- the aluminium pack


def russian(market: Market) -> tuple[Activity, ...]:
    return market.plants_of("smelter.RUS")


@pytest.mark.parametrize(("year", "count"), [(2017, 9), (2024, 10), (2025, 10)])
def test_russian_plants_make_what_russia_makes(aluminium: Pack, year: int, count: int) -> None:
    at = aluminium.calibration(year)
    plants = russian(at.market)
    assert len(plants) == count
    assert aluminium.default_year(date(2025, 2, 24)) == 2024
    made = sum(at.level[a.name] for a in plants)
    expected = {2017: 3583.9299e3, 2024: 3879.9318e3, 2025: 3899.931e3}
    assert made == pytest.approx(expected[year], rel=1e-9)
    used = {at.level[a.name] / a.capacity.level for a in plants}
    assert max(used) - min(used) < 1e-6
    assert "smelter.RUS" not in at.market.activity_by_name


def test_taishet_has_what_the_other_plants_leave_of_the_stated_capacity(aluminium: Pack) -> None:
    """Listed: 428.5 kt. Stated for the country: 4,080; the nine others have 3,968."""
    plants = {a.plant: a.capacity.level for a in russian(aluminium.calibration(2024).market)}
    assert sum(plants.values()) == pytest.approx(4080e3)
    assert plants["taishet"] == pytest.approx(112e3)
    listed = {p.plant: p.listed for p in aluminium.plants}
    assert listed["taishet"] == 428.5e3
    assert sum(listed.values()) == pytest.approx(4396.5e3)


@pytest.mark.parametrize("year", [2017, 2024])
def test_power_per_tonne_keeps_the_mean_of_the_area(aluminium: Pack, year: int) -> None:
    at = aluminium.calibration(year)
    plants = russian(at.market)
    weight = [at.level[a.name] for a in plants]
    mean = sum(w * a.power for w, a in zip(weight, plants, strict=True)) / sum(weight)
    assert mean == pytest.approx(15.141, abs=1e-3)
    assert max(a.power for a in plants) / min(a.power for a in plants) == pytest.approx(
        1.06 / 0.97, rel=1e-4
    )


def test_every_plant_is_described_and_its_numbers_have_a_source(aluminium: Pack) -> None:
    names = {a.name for a in russian(aluminium.calibration(2024).market)}
    assert {p.activity for p in aluminium.plants} == names
    assert all(p.place and p.technology and p.power_source for p in aluminium.plants)


@pytest.mark.parametrize(
    ("row", "new", "found"),
    [
        (",298,kt,2021", ",9999,kt,2021", "9,999 kt, and 298 kt in benchmark_2024/activities.csv"),
        (",428.5,kt,2021", ",100,kt,2021", "100 kt, and 112 kt in benchmark_2024/activities.csv"),
        ("smelter,RUS,boguchany,", None, "no row for smelter.RUS.boguchany"),
    ],
)
def test_plants_csv_may_not_disagree_with_the_benchmark(
    tmp_path: Path, aluminium: Pack, row: str, new: str | None, found: str
) -> None:
    folder = tmp_path / "mp"
    shutil.copytree(aluminium.folder, folder)
    path = folder / "plants.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert sum(row in line for line in lines) == 1
    kept = [line if new is None else line.replace(row, new) for line in lines
            if new is not None or row not in line]  # fmt: skip
    path.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(InputError) as error:
        pack.load(folder)
    (fault,) = error.value.faults
    assert fault.found.startswith(found)
    assert fault.file.endswith("plants.csv")


def test_the_country_answers_nearly_as_one_smelter(aluminium: Pack) -> None:
    """A 1 % higher price calls up the output that the elasticity in use says."""
    at = aluminium.calibration(2024)
    elasticity = aluminium.central_values()[PriorKey("supply_elasticity:smelter", "*", "*")]
    price = at.producer_price["aluminium", "RUS"]
    more = 0.0
    for a in russian(at.market):
        u = at.level[a.name] / a.capacity.level
        rising = a.rising_cost * u ** (1.0 / a.curvature)
        more += at.level[a.name] * a.curvature * price / rising
    total = sum(at.level[a.name] for a in russian(at.market))
    assert more / total == pytest.approx(elasticity, rel=2e-2)


def test_the_country_answers_a_deal_as_one_smelter_would(aluminium: Pack) -> None:
    """A third off Russia's demand at home: its output and exports fall by the same, to 0.1 %."""
    market = aluminium.market(2024, date(2024, 12, 31))
    plants = russian(market)
    others = tuple(a for a in market.activities if a not in plants)
    merged = replace(market, activities=(*others, typical(plants)))

    def shocked(of: Market) -> Market:
        demands = tuple(
            replace(d, quantity=d.quantity * 2.0 / 3.0)
            if (d.good, d.region) == ("aluminium", "RUS")
            else d
            for d in of.demands
        )
        return replace(of, demands=demands)

    one, many = (solve_market(shocked(m)) for m in (merged, market))
    made = sum(many.output(a.name) for a in plants)
    assert made == pytest.approx(one.output("smelter.RUS"), rel=1e-3)
    assert made < 0.999 * 3879.9318e3
    for to in ("CHN", "TUR", "EUN"):
        sent = one.flow("aluminium", "RUS", to)
        assert many.flow("aluminium", "RUS", to) == pytest.approx(sent, rel=1e-3)


# ---------------------------------------------------------------------------------------- users


def test_users_shares_add_up_in_every_region(aluminium: Pack) -> None:
    sums: dict[str, float] = {}
    for row in aluminium.users:
        sums[row.region] = sums.get(row.region, 0.0) + row.share
    assert set(sums) == {r.code for r in aluminium.regions}
    assert all(total == pytest.approx(1.0, abs=1e-12) for total in sums.values())


def test_the_worlds_demand_knows_its_users(aluminium: Pack) -> None:
    demands = aluminium.calibration(2024).market.demands
    assert all(d.users for d in demands if d.good == "aluminium")
    assert not any(d.users for d in demands if d.good != "aluminium")
