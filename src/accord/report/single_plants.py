"""Plants one by one: what each makes before and after, and what stands idle."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Assessment
from accord.report.block import Block, Line
from accord.report.main_results import change_of
from accord.report.names import good, region
from accord.report.numbers import TONNES, Unit, amount

KILOTONNES = TONNES[1]
PLAIN = Unit("", 1.0)


@dataclass(frozen=True, slots=True)
class PlantRow:
    """A plant: output before and after, capacity, and what of it is idle after (tonnes a year).

    ``power`` MWh/t;  ``power_price`` USD/MWh;  ``emissions`` t CO2/t
    """

    plant: str
    good: str
    before: float
    after: float
    capacity: float
    idle: float
    power: float
    power_price: float
    emissions: float


def single_plants(a: Assessment) -> tuple[PlantRow, ...]:
    """Return the plants that make the good in focus, where the pack has them one by one."""
    before, after = a.effects.before, a.effects.after
    rows: list[PlantRow] = []
    for x in after.market.activities:
        made, per_unit = x.outputs[0]
        if not x.plant or made != a.focus.good:
            continue
        output = after.output(x.name) * per_unit
        capacity = x.capacity.level * per_unit
        rows.append(
            PlantRow(
                plant=x.name,
                good=made,
                before=before.output(x.name) * per_unit,
                after=output,
                capacity=capacity,
                idle=max(capacity - output, 0.0),
                power=x.power / per_unit,
                power_price=x.power_price,
                emissions=x.emissions / per_unit,
            )
        )
    return tuple(rows)


def plants_block(a: Assessment) -> Block | None:
    """Return the plants that make the good in focus, the largest first."""
    found = sorted(single_plants(a), key=lambda p: -p.capacity)
    if not found:
        return None
    columns = ("", "before", "after", "change", "capacity", "idle", "MWh/t", "USD/MWh", "t CO2/t")
    heading = f"Plants that make {good(a, a.focus.good)}, kt"
    return Block(heading, columns, tuple(_line(a, p) for p in found))


def _line(a: Assessment, p: PlantRow) -> Line:
    _, at, plant = p.plant.split(".", 2)
    name = f"{plant.capitalize()}, {region(a, at)}"
    change, _ = change_of(p.before, p.after)
    tonnes = (amount(v, KILOTONNES, 0) for v in (p.before, p.after))
    room = (amount(v, KILOTONNES, 0) for v in (p.capacity, p.idle))
    rates = (amount(p.power, PLAIN, 2), amount(p.power_price, PLAIN, 0),
             amount(p.emissions, PLAIN, 2))  # fmt: skip
    return Line((name, *tonnes, amount(change, KILOTONNES, 1, signed=True), *room, *rates))
