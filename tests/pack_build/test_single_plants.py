"""Plants one by one and users of the metal: how the build splits a country's figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accord.errors import InputError
from accord.pack.build import downstream
from accord.pack.build.inputs import Inputs
from accord.pack.build.single_plants import Country, items, plants_of

LISTED = "smelter,region,capacity_kt,technology,main_power_source,power_source_status\n"
PLANTS = "kind,region,plant,listed_as,grid,technique,year,part,unit,source,status,note\n"


@pytest.fixture
def world(tmp_path: Path) -> tuple[Path, Inputs]:
    """Three plants of one country: 600 kt, half of 400 in 2017, and what is left."""
    folder, inputs = tmp_path / "facts", tmp_path / "inputs"
    folder.mkdir()
    inputs.mkdir()
    rows = [
        "Old,here,600,Soderberg,dam,x",
        "New,there,400,prebake,dam,x",
        "Late,far,900,prebake,x,x",
    ]
    (folder / "russia_smelters.csv").write_text(LISTED + "\n".join(rows) + "\n", "utf-8")
    listed = [
        "smelter,AAA,old,Old,dam,soderberg,*,1,fraction,s,reported,",
        "smelter,AAA,new,New,dam,prebake,*,1,fraction,s,reported,",
        "smelter,AAA,new,New,dam,prebake,2017,0.5,fraction,s,assumed,",
        "smelter,AAA,late,Late,wire,prebake,*,rest,fraction,s,derived,",
        "smelter,AAA,late,Late,wire,prebake,2017,0,fraction,s,reported,",
    ]
    (inputs / "plants.csv").write_text(PLANTS + "\n".join(listed) + "\n", "utf-8")
    (inputs / "plant_techniques.csv").write_text("technique,value\nsoderberg,1.1\nprebake,1\n")
    grids = "dam,power_price,25\ndam,mix:Hydro,1\nwire,power_price,50\nwire,mix:Coal,0.5\n"
    head = "grid,item,value,unit,source,status,note\n"
    text = grids.replace("\n", ",u,s,assumed,\n")
    (inputs / "grids.csv").write_text(head + text, "utf-8")
    (inputs / "emission_factors.csv").write_text("fuel,value\nHydro,0\nCoal,0.9\n", "utf-8")
    return folder, Inputs(inputs)


def country(year: str, level: float, capacity: float | None) -> Country:
    return Country("smelter", "AAA", year, level, capacity, power=15.0, anodes=2.0)


def test_a_plant_that_is_not_complete_has_the_rest(world: tuple[Path, Inputs]) -> None:
    found = {p.row["plant"]: p for p in plants_of(*world, country("2024", 990.0, 1100.0))}
    assert {n: p.capacity for n, p in found.items()} == {"old": 600.0, "new": 400.0, "late": 100.0}
    assert {n: p.output for n, p in found.items()} == {"old": 540.0, "new": 360.0, "late": 90.0}
    power = (540.0 * 1.1 + 450.0) / 990.0
    assert found["old"].power == pytest.approx(15.0 * 1.1 / power)
    assert sum(p.output * p.power for p in found.values()) == pytest.approx(990.0 * 15.0)


def test_a_year_has_the_plants_that_stood_then(world: tuple[Path, Inputs]) -> None:
    found = {p.row["plant"]: p for p in plants_of(*world, country("2017", 700.0, None))}
    assert {n: p.capacity for n, p in found.items()} == {"old": 600.0, "new": 200.0}
    assert sum(p.output for p in found.values()) == 700.0


def test_rounding_goes_to_the_largest(world: tuple[Path, Inputs]) -> None:
    found = plants_of(*world, country("2024", 1000.0001, 1100.0))
    assert sum(p.output for p in found) == pytest.approx(1000.0001, abs=1e-9)
    assert all(p.output == round(p.output, 4) for p in found if p.row["plant"] != "old")


def test_a_plants_grid_sets_its_power_price_and_carbon(world: tuple[Path, Inputs]) -> None:
    at = country("2024", 990.0, 1100.0)
    found = {p.row["plant"]: items(p, world[1], at) for p in plants_of(*world, at)}
    assert found["old"]["power_price"][0] == 25.0
    assert found["late"]["power_price"][0] == 50.0
    assert found["old"]["emissions"][0] == 2.0
    power = found["late"]["power"][0]
    assert found["late"]["emissions"][0] == pytest.approx(2.0 + 0.45 * power, abs=1e-3)
    assert found["late"]["capacity"] == (100.0, "kt", "s", "derived")


def test_nothing_left_for_the_rest_ends_the_build(world: tuple[Path, Inputs]) -> None:
    with pytest.raises(InputError, match=r"-10\.0 kt left of the capacity of AAA in 2024"):
        plants_of(*world, country("2024", 900.0, 990.0))


def test_a_country_without_a_list_has_no_plants(world: tuple[Path, Inputs]) -> None:
    other = Country("smelter", "BBB", "2024", 1.0, 1.0, 15.0, 2.0)
    assert plants_of(*world, other) == []


# ---------------------------------------------------------------------------------------- users


def test_shares_leave_out_what_the_sector_buys_of_itself(tmp_path: Path) -> None:
    """Two regions and three sectors: metal (the seller), cars, all else."""
    sold = np.zeros((2, 3, 2, 3), dtype=np.float32)
    sold[0, 0, 0] = (900.0, 30.0, 10.0)
    sold[1, 0, 0] = (0.0, 30.0, 30.0)
    sold[0, 1, 0] = (7.0, 7.0, 7.0)
    folder, inputs = tmp_path / "aluminium", tmp_path / "inputs"
    for each in (folder, inputs, tmp_path / "economy"):
        each.mkdir()
    names = np.array(["AAA", "BBB"]), np.array(["NFMETAL", "AUTO", "REST"])
    np.savez(
        tmp_path / "economy" / "world_2022_intermediates.npz",
        regions=names[0], sectors=names[1], intermediate=sold.reshape(6, 6),
    )  # fmt: skip
    (inputs / "downstream_sectors.csv").write_text("user,sector\nvehicles,AUTO\n", "utf-8")
    (inputs / "downstream_regions.csv").write_text(
        "region,taken_from,status\nXXX,AAA,derived\n", "utf-8"
    )
    assert downstream.rows(folder, Inputs(inputs), "metal") == [
        ("metal", "XXX", "vehicles", "0.6", "fraction", "2022", "oecd_icio", "derived"),
        ("metal", "XXX", "all-others", "0.4", "fraction", "2022", "oecd_icio", "derived"),
    ]
