"""Numbers in cells: one unit and one number of digits for a column, a dash for what is absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accord.assessment.words import MINUS

Number = float | None
NONE = "—"

# Below this size a digit after the point still says something.
NO_DIGITS_FROM = 100.0
ONE_DIGIT_FROM = 10.0


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit for showing: its name and how many of the base unit it is."""

    name: str
    size: float


TONNES = (Unit("Mt", 1e6), Unit("kt", 1e3), Unit("t", 1.0))
DOLLARS = (Unit("bn USD", 1e9), Unit("mn USD", 1e6), Unit("thousand USD", 1e3), Unit("USD", 1.0))
PER_TONNE = (Unit("USD/t", 1.0),)
POWER = (Unit("TWh", 1e6), Unit("GWh", 1e3), Unit("MWh", 1.0))
CARBON = (Unit("Mt CO2", 1e6), Unit("kt CO2", 1e3), Unit("t CO2", 1.0))

UNITS = {
    "t/yr": TONNES,
    "USD/yr": DOLLARS,
    "USD/t": PER_TONNE,
    "MWh/yr": POWER,
    "t CO2/yr": CARBON,
}
# Where a unit still shows this many of itself, it is preferred to the next smaller one.
ENOUGH = {"Mt": 100.0, "bn USD": 100.0, "TWh": 1.0, "Mt CO2": 1.0}


def largest(values: Iterable[Number]) -> float:
    """Return the largest absolute value; 0 where there is none."""
    return max((abs(v) for v in values if v is not None), default=0.0)


def unit_for(values: Iterable[Number], units: tuple[Unit, ...]) -> Unit:
    """Return the unit in which the values read best."""
    size = largest(values)
    fitting = (u for u in units if size >= u.size * ENOUGH.get(u.name, 1.0))
    return next(fitting, units[-1])


def digits_for(values: Iterable[Number], unit: Unit) -> int:
    """Return how many digits after the point a column of values needs."""
    size = largest(values) / unit.size
    if size >= NO_DIGITS_FROM:
        return 0
    return 1 if size >= ONE_DIGIT_FROM else 2


def amount(value: Number, unit: Unit, digits: int, *, signed: bool = False) -> str:
    """Return a value in a unit: thousands separated, a real minus sign, a dash for absent."""
    if value is None:
        return NONE
    if value == 0.0:
        return "0"
    scaled = round(value / unit.size, digits)
    body = f"{abs(scaled):,.{digits}f}"
    if scaled < 0.0:
        return f"{MINUS}{body}"
    return f"+{body}" if signed and scaled > 0.0 else body


def column(values: Iterable[Number], unit: Unit, *, signed: bool = False) -> list[str]:
    """Return a column of values in one unit with one number of digits."""
    listed = list(values)
    digits = digits_for(listed, unit)
    return [amount(value, unit, digits, signed=signed) for value in listed]


def percent(value: Number, *, signed: bool = False, digits: int = 1) -> str:
    """Return a number of per cent; changes too large to mean anything as such are a dash."""
    if value is None:
        return NONE
    return amount(value, Unit("%", 1.0), digits, signed=signed) + " %"


def rate(value: Number) -> str:
    """Return a fraction as per cent, with a digit after the point where it has one."""
    if value is None:
        return NONE
    whole = abs(100.0 * value - round(100.0 * value)) < 0.05  # noqa: PLR2004 - half a digit
    return percent(100.0 * value, digits=0 if whole else 1)


def small(value: float) -> str:
    """Return a residual such as 3e-12; 0 where it is exactly that."""
    if value == 0.0:
        return "0"
    mantissa, _, power = f"{value:.0e}".partition("e")
    return f"{mantissa}e{MINUS if power.startswith('-') else ''}{power.lstrip('+-0') or '0'}"
