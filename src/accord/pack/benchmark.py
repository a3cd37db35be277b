"""A year that the pack knows in full: flows, prices, freight, activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from accord import units
from accord.errors import Fault
from accord.market import LaneKey
from accord.pack.columns import Notebook, closest, listed, shown, unit_factor
from accord.pack.schema import ITEMS
from accord.pack.tables import Table

Place = tuple[str, str]
"""(good, region)"""
Name = tuple[str, str, str]
"""(kind, region, plant), the plant empty where one activity stands for all"""


@dataclass(frozen=True, slots=True)
class Technique:
    """An activity's data: coefficients per unit, costs, capacity.

    One unit is one unit of its first output. ``plant`` is its own name where several plants of a
    kind stand in a region, and empty where one activity stands for all. ``output`` is the stated
    output of that good in tonnes a year, ``None`` where it follows from the flows; ``other_cost``
    likewise from prices. ``capacity_status`` is how its capacity is known.
    """

    kind: str
    region: str
    capacity: float
    inputs: tuple[tuple[str, float], ...]
    outputs: tuple[tuple[str, float], ...]
    power: float = 0.0
    power_price: float = 0.0
    emissions: float = 0.0
    other_cost: float | None = None
    output: float | None = None
    line: int = 0
    plant: str = ""
    capacity_status: str = ""

    @property
    def name(self) -> str:
        """The activity's name."""
        return ".".join(part for part in (self.kind, self.region, self.plant) if part)


@dataclass(frozen=True)
class Latent:
    """What a lane now empty would carry at benchmark prices without policy, tonnes a year."""

    low: float
    central: float
    high: float
    line: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Benchmark:
    """The data of a benchmark year, in base units. ``folder`` is as messages name it."""

    year: int
    law_date: date
    folder: str
    flow: Mapping[LaneKey, float]
    latent: Mapping[LaneKey, Latent]
    price: Mapping[Place, float]
    freight: Mapping[LaneKey, float]
    techniques: tuple[Technique, ...]
    line_of_flow: Mapping[LaneKey, int] = field(default_factory=dict[LaneKey, int])


@dataclass(frozen=True)
class BenchmarkTables:
    """The tables of a benchmark folder as read."""

    flows: Table
    latent: Table
    prices: Table
    freight: Table
    activities: Table

    @property
    def every(self) -> tuple[Table, ...]:
        """All of them."""
        return (self.flows, self.latent, self.prices, self.freight, self.activities)


def read_benchmark(
    year: int,
    law_date: date,
    folder: str,
    tables: BenchmarkTables,
    techniques: tuple[Technique, ...],
) -> Benchmark:
    """Return the benchmark of sound tables. Flows of 0 are left out."""
    flow = _by_lane(tables.flows, "value")
    latent = _by_lane_three(tables.latent)
    prices = zip(tables.prices.text["good"], tables.prices.text["region"], strict=True)
    return Benchmark(
        year=year,
        law_date=law_date,
        folder=folder,
        flow={key: value for key, value in flow.items() if value > 0.0},
        latent=latent,
        price=dict(zip(prices, tables.prices.number["value"], strict=True)),
        freight=_by_lane(tables.freight, "value"),
        techniques=techniques,
        line_of_flow=dict(zip(_lanes(tables.flows), tables.flows.lines, strict=True)),
    )


def _lanes(table: Table) -> list[LaneKey]:
    text = table.text
    if not text:
        return []
    names = zip(text["good"], text["origin"], text["destination"], strict=True)
    return [LaneKey(*name) for name in names]


def _by_lane(table: Table, column: str) -> dict[LaneKey, float]:
    return dict(zip(_lanes(table), table.number.get(column, ()), strict=True))


def _by_lane_three(table: Table) -> dict[LaneKey, Latent]:
    number = table.number
    return {
        key: Latent(
            number["low"][i],
            number["central"][i],
            number["high"][i],
            table.lines[i],
            table.text["source"][i],
        )
        for i, key in enumerate(_lanes(table))
    }


def read_techniques(
    table: Table, goods: tuple[str, ...]
) -> tuple[tuple[Technique, ...], tuple[Fault, ...]]:
    """Return the activities of a sound table, and what is wrong with their items."""
    key = ("kind", "region", "plant", "item")
    notes = Notebook(table.file, table.lines, lambda i: table.label(i, key))
    gathered: dict[Name, dict[str, float]] = {}
    first: dict[Name, int] = {}
    known: dict[Name, str] = {}
    plants = table.text.get("plant", [""] * len(table))
    names = zip(table.text["kind"], table.text["region"], plants, strict=True)
    for i, name in enumerate(names):
        first.setdefault(name, i)
        value = _item(i, table, goods, notes)
        if value is not None:
            gathered.setdefault(name, {})[table.text["item"][i]] = value
        if table.text["item"][i] == "capacity":
            known[name] = table.text["status"][i]
    techniques = [
        replace(
            _technique(name, items, table.lines[first[name]]), capacity_status=known.get(name, "")
        )
        for name, items in gathered.items()
    ]
    for name, row in first.items():
        shown = ".".join(part for part in name if part)
        _check_complete(row, shown, gathered.get(name, {}), table, notes)
    notes.faults += _mixed(first, table)
    return tuple(techniques), tuple(notes.faults)


def _mixed(first: Mapping[Name, int], table: Table) -> list[Fault]:
    """Return plants that stand beside an activity that stands for all plants of their kind."""
    return [
        Fault(
            table.file,
            f"{kind}.{region} without a plant's name, and plants beside it",
            "plants one by one, or one activity for all of them",
            f"give it a name in the column plant, or remove the plants of {kind} in {region}",
            table.lines[row],
            f"{kind}.{region}",
            "plant",
        )
        for (kind, region, plant), row in first.items()
        if not plant and sum(name[:2] == (kind, region) for name in first) > 1
    ]


def _item(i: int, table: Table, goods: tuple[str, ...], notes: Notebook) -> float | None:
    """Return a row's value in base units, ``None`` (and a note) where its item or unit is wrong."""
    item, unit = table.text["item"][i], table.text["unit"][i]
    prefix, colon, good = item.partition(":")
    name = prefix + colon
    if name not in ITEMS:
        words = [*(x for x in ITEMS if not x.endswith(":")), "input:GOOD", "output:GOOD"]
        notes.add(
            i,
            "item",
            shown(item),
            f"one of {listed(words)}",
            closest(item, words, "remove the row"),
        )
        return None
    if colon and good not in goods:
        fix = closest(good, goods, "add the good to goods.csv")
        notes.add(i, "item", f'the good "{good}"', f"a good of goods.csv: {listed(goods)}", fix)
        return None
    try:
        return table.number["value"][i] * unit_factor(unit, ITEMS[name])
    except units.QuantityError as error:
        notes.add(i, "unit", error.found, error.allowed, error.fix)
        return None


def _technique(name: Name, items: Mapping[str, float], line: int) -> Technique:
    kind, region, plant = name

    def pairs(prefix: str) -> tuple[tuple[str, float], ...]:
        found = ((k.removeprefix(prefix), v) for k, v in items.items() if k.startswith(prefix))
        return tuple((good, value) for good, value in found if value > 0.0)

    return Technique(
        kind=kind,
        region=region,
        capacity=items.get("capacity", 0.0),
        inputs=pairs("input:"),
        outputs=pairs("output:"),
        power=items.get("power", 0.0),
        power_price=items.get("power_price", 0.0),
        emissions=items.get("emissions", 0.0),
        other_cost=items.get("other_cost"),
        output=items.get("output"),
        line=line,
        plant=plant,
    )


def _check_complete(
    row: int, name: str, items: Mapping[str, float], table: Table, notes: Notebook
) -> None:
    line, start = table.lines[row], name.replace(".", ",")
    faults: list[tuple[str, str, str]] = []
    if "capacity" not in items:
        faults.append(("no capacity", "a row with its capacity", f"add a row {start},capacity"))
    if not any(item.startswith("output:") and value > 0 for item, value in items.items()):
        faults.append(
            ("no output", "a row for each good it makes", f"add a row {start},output:GOOD")
        )
    if items.get("power", 0.0) > 0.0 and "power_price" not in items:
        faults.append(
            ("power without its price", "a row with its price", f"add a row {start},power_price")
        )
    notes.faults += [Fault(table.file, *fault, line, name) for fault in faults]
