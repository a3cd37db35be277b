"""A technique that turns goods into goods, and how much of it there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accord.market.wedge import Wedge


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much an activity can make (units a year), and since when.

    ``level`` may be 0 (closed). ``since`` is ``None`` for plant that was there all along.
    """

    level: float
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Fixed input and output coefficients with a rising cost, run between 0 and capacity K.

    Marginal cost at level z is ``Σ inputs·P + power·power_price + other_cost
    + rising_cost·(z/K)^(1/curvature)``, in USD per unit.

    ``name``         unique, ``kind.REGION`` by custom (``smelter.RUS``)
    ``kind``         mine, refinery, smelter, collection, remelting, ...
    ``inputs``       (good, tonnes per unit), bought at the region's buyer price
    ``outputs``      (good, tonnes per unit), sold at the region's producer price
    ``power``        MWh per unit;  ``power_price`` USD per MWh
    ``other_cost``   USD per unit, constant;  ``rising_cost`` USD per unit at full capacity
    ``curvature``    φ > 0; supply elasticity at level u of capacity is φ·p/(m·u^(1/φ))
    ``capacity``     see ``Capacity``
    ``owner``        region that earns the profit
    ``emissions``    t CO2 per unit
    ``plant``        the plant's own name where several of a kind stand in a region (the activity
                     is then ``kind.REGION.plant``); empty where one activity stands for all
    ``wedges``       taxes (positive) and subsidies (negative) on sales, side ``output``
    """

    name: str
    kind: str
    region: str
    outputs: tuple[tuple[str, float], ...]
    inputs: tuple[tuple[str, float], ...] = ()
    power: float = 0.0
    power_price: float = 0.0
    other_cost: float = 0.0
    rising_cost: float = 0.0
    curvature: float = 1.0
    capacity: Capacity = Capacity(0.0)
    owner: str = ""
    emissions: float = 0.0
    wedges: tuple[Wedge, ...] = ()
    plant: str = ""

    @property
    def active_wedges(self) -> tuple[Wedge, ...]:
        """The wedges in force."""
        return tuple(w for w in self.wedges if w.in_force)
