"""Who makes what: output, capacity, power and carbon of every activity, plants one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accord.pack.calibrate import Calibration
from accord.pack.contents import Plant


@dataclass(frozen=True, slots=True)
class MakerRow:
    """An activity of a year: what it is, and what it takes per tonne of its main product.

    ``output``, ``capacity`` tonnes a year; ``power`` MWh/t; ``power_price`` USD/MWh; ``emissions``
    t CO2/t. ``plant``, ``place``, ``technology`` and ``power_source`` are empty where one activity
    stands for all plants of its kind in the region.
    """

    kind: str
    region: str
    good: str
    output: float
    capacity: float
    power: float
    power_price: float
    emissions: float
    plant: str = ""
    place: str = ""
    technology: str = ""
    power_source: str = ""

    @property
    def idle(self) -> float:
        """Capacity that does not run, tonnes a year."""
        return max(self.capacity - self.output, 0.0)


def makers_of(calibration: Calibration, plants: Iterable[Plant]) -> tuple[MakerRow, ...]:
    """Return every activity of a calibrated market, in its order."""
    known = {plant.activity: plant for plant in plants}
    rows: list[MakerRow] = []
    for a in calibration.market.activities:
        good, per_unit = a.outputs[0]
        plant = known.get(a.name)
        rows.append(
            MakerRow(
                kind=a.kind,
                region=a.region,
                good=good,
                output=calibration.level[a.name] * per_unit,
                capacity=a.capacity.level * per_unit,
                power=a.power / per_unit,
                power_price=a.power_price,
                emissions=a.emissions / per_unit,
                plant=a.plant if plant is None else plant.name,
                place="" if plant is None else plant.place,
                technology="" if plant is None else plant.technology,
                power_source="" if plant is None else plant.power_source,
            )
        )
    return tuple(rows)
