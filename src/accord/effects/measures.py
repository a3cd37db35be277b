"""The closed list of what effects are measured in (conventions C47), and the row they come in."""

from __future__ import annotations

from dataclasses import dataclass

WORLD = "WORLD"
USER = "/"
"""Between a region and a group of users in it: ``USA/vehicles``."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's name and unit; ``additive``: whether the world is the sum of the regions."""

    name: str
    unit: str
    additive: bool = True


MEASURES = (
    Measure("hub_price", "USD/t", additive=False),
    Measure("buyer_price", "USD/t", additive=False),
    Measure("producer_price", "USD/t", additive=False),
    Measure("flow", "t/yr", additive=False),
    Measure("imports", "t/yr"),
    Measure("exports", "t/yr"),
    Measure("output", "t/yr"),
    Measure("use", "t/yr"),
    Measure("final_use", "t/yr"),
    Measure("duty_rate_statutory", "fraction", additive=False),
    Measure("duty_rate_collected", "fraction", additive=False),
    Measure("duty_revenue", "USD/yr"),
    Measure("export_tax_revenue", "USD/yr"),
    Measure("subsidy_cost", "USD/yr"),
    Measure("limit_rent", "USD/yr"),
    Measure("consumer_surplus", "USD/yr"),
    Measure("user_surplus", "USD/yr", additive=False),
    Measure("profit", "USD/yr"),
    Measure("freight_cost", "USD/yr"),
    Measure("welfare", "USD/yr"),
    Measure("power", "MWh/yr"),
    Measure("power_cost", "USD/yr"),
    Measure("emissions", "t CO2/yr"),
    Measure("power_price", "USD/MWh", additive=False),
    Measure("carbon_intensity", "t CO2/t", additive=False),
)

MEASURE_BY_NAME = {measure.name: measure for measure in MEASURES}

WELFARE_PARTS = (
    ("consumer_surplus", 1.0),
    ("profit", 1.0),
    ("duty_revenue", 1.0),
    ("export_tax_revenue", 1.0),
    ("subsidy_cost", -1.0),
    ("limit_rent", 1.0),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measured effect. ``None`` is absent, never zero (conventions C14).

    ``low``, ``high`` of what is after, ``change_low``, ``change_high`` of the change (C45).
    """

    measure: str
    region: str
    good: str | None
    year: int
    before: float | None
    after: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    change_low: float | None = None
    change_high: float | None = None

    @property
    def change(self) -> float | None:
        """After minus before; absent where either is."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def change_pct(self) -> float | None:
        """100 · change / |before|; absent where before is absent or zero."""
        change = self.change
        if change is None or not self.before:
            return None
        return 100.0 * change / abs(self.before)
