"""What must hold between plants.csv and the plants of the benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accord.errors import Fault
from accord.pack.benchmark import Technique
from accord.pack.columns import closest, listed
from accord.pack.contents import Contents

ROUNDING = 1e-3
"""How far, of it, a listed capacity may be from the one that stands."""


def plant_faults(contents: Contents, folder: str) -> list[Fault]:
    """Return where plants.csv and the plants of the benchmarks do not agree."""
    if not contents.plants:
        return []
    names = {t.name: t for bench in contents.benchmarks.values() for t in bench.techniques}
    return [
        *_plants_nowhere(contents, folder, names),
        *_plants_not_described(contents, folder, names),
        *_capacities_apart(contents, folder),
    ]


def _plants_nowhere(
    contents: Contents, folder: str, names: Mapping[str, Technique]
) -> Iterable[Fault]:
    single = [name for name, t in names.items() if t.plant]
    return [
        Fault(
            f"{folder}/plants.csv",
            f"{plant.activity}, which no activities.csv has",
            f"a plant of a benchmark: {listed(single) or 'none there'}",
            closest(plant.activity, single, "add its rows to activities.csv, or remove it here"),
            plant.line,
            plant.activity,
        )
        for plant in contents.plants
        if plant.activity not in names
    ]


def _plants_not_described(
    contents: Contents, folder: str, names: Mapping[str, Technique]
) -> Iterable[Fault]:
    described = {plant.activity for plant in contents.plants}
    return [
        Fault(
            f"{folder}/plants.csv",
            f"no row for {name}, a plant of activities.csv",
            "a row for every plant that stands by itself",
            f"add a row {t.kind},{t.region},{t.plant}, or take its rows out of activities.csv",
            None,
            name,
        )
        for name, t in names.items()
        if t.plant and name not in described
    ]


def _capacities_apart(contents: Contents, folder: str) -> Iterable[Fault]:
    """Return plants whose listed capacity is not the one that stands, which alone rules.

    A derived capacity may be lower: a plant that is not complete has a part of what is listed.
    """
    year = max(contents.benchmarks)
    standing = {t.name: t for t in contents.benchmarks[year].techniques if t.plant}
    for plant in contents.plants:
        there = standing.get(plant.activity)
        if there is None or _agree(plant.listed, there):
            continue
        file = f"benchmark_{year}/activities.csv"
        stands = f"{there.capacity / 1e3:,.6g} kt"
        yield Fault(
            f"{folder}/plants.csv",
            f"{plant.listed / 1e3:,.6g} kt, and {stands} in {file}",
            f"the capacity of {file}, which rules (plants.csv only describes), unless that is "
            "lower and derived",
            f"write {stands} here, or change the capacity there",
            plant.line,
            plant.activity,
            "value",
        )


def _agree(listed_capacity: float, there: Technique) -> bool:
    apart = listed_capacity - there.capacity
    if there.capacity_status == "derived" and apart > 0.0:
        return True
    return abs(apart) <= ROUNDING * there.capacity
