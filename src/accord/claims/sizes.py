"""Units of claims: which base unit each belongs to, how many of it, and how numbers are said."""

from __future__ import annotations

from datetime import date

MINUS = "−"

# By unit: the unit that values are kept in, and how many of those one is.
UNITS: dict[str, tuple[str, float]] = {
    "fraction": ("fraction", 1.0),
    "%": ("fraction", 0.01),
    "ratio": ("ratio", 1.0),
    "t/yr": ("t/yr", 1.0),
    "kt/yr": ("t/yr", 1e3),
    "Mt/yr": ("t/yr", 1e6),
    "t REO": ("t REO", 1.0),
    "kt REO": ("t REO", 1e3),
    "Mt REO": ("t REO", 1e6),
    "t REO/yr": ("t REO/yr", 1.0),
    "kt REO/yr": ("t REO/yr", 1e3),
    "USD": ("USD", 1.0),
    "mn USD": ("USD", 1e6),
    "bn USD": ("USD", 1e9),
    "USD/yr": ("USD/yr", 1.0),
    "mn USD/yr": ("USD/yr", 1e6),
    "bn USD/yr": ("USD/yr", 1e9),
    "USD/t": ("USD/t", 1.0),
    "USD/MWh": ("USD/MWh", 1.0),
    "MWh/yr": ("MWh/yr", 1.0),
    "GWh/yr": ("MWh/yr", 1e3),
    "TWh/yr": ("MWh/yr", 1e6),
    "t CO2/yr": ("t CO2/yr", 1.0),
    "kt CO2/yr": ("t CO2/yr", 1e3),
    "Mt CO2/yr": ("t CO2/yr", 1e6),
    "t CO2/t": ("t CO2/t", 1.0),
    "year": ("year", 1.0),
    "country-years": ("country-years", 1.0),
}

# A number of this size or more needs no digit after the point, one of this size needs one.
NO_DIGITS, ONE_DIGIT = 100.0, 10.0
HALF_A_DIGIT = 1e-9


def units_like(base: str) -> tuple[str, ...]:
    """Return every unit of the same kind as a base unit."""
    return tuple(unit for unit, (kind, _) in UNITS.items() if kind == base)


def in_base(value: float, unit: str) -> float:
    """Return an amount in the base unit of its kind. ``KeyError`` for a unit that is none."""
    size = UNITS[unit][1]
    # 15 · 0.01 is 0.15 only when divided by 100.
    return value * size if size >= 1.0 else value / round(1.0 / size)


def from_base(value: float, unit: str) -> float:
    """Return an amount given in the base unit in another unit of its kind."""
    size = UNITS[unit][1]
    return value / size if size >= 1.0 else value * round(1.0 / size)


def said(value: float, unit: str) -> str:
    """Return an amount, given in ``unit``, as people read it."""
    if unit == "year":
        return f"{value:.0f}"
    if unit == "fraction":
        return f"{digits(100.0 * value)} %"
    if unit == "ratio":
        return f"{digits(value) if abs(value) >= ONE_DIGIT else f'{value:.2f}'} times"
    return f"{digits(value)} {unit.replace('/yr', ' a year')}"


def largest_unit(value: float, base: str) -> str:
    """Return the unit of the kind of a base unit in which an amount reads best."""
    fitting = [(size, unit) for unit, (kind, size) in UNITS.items() if kind == base]
    if base == "fraction":
        return base
    return max([x for x in fitting if abs(value) >= x[0]], default=min(fitting))[1]


def said_best(value: float, base: str) -> str:
    """Return an amount of a base unit in the unit in which it reads best."""
    unit = largest_unit(value, base)
    return said(from_base(value, unit), unit)


def said_day(day: date) -> str:
    """Return a day as people write it."""
    return f"{day.day} {day:%B %Y}"


def digits(value: float) -> str:
    """Return a number with the digits that matter and a real minus sign."""
    size = abs(value)
    places = 0 if size >= NO_DIGITS else 1 if size >= ONE_DIGIT else 2
    text = f"{size:,.{places}f}"
    if size > 0.0 and not any(c in "123456789" for c in text):
        text = f"{size:.1g}" if size >= HALF_A_DIGIT else "0"
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0.0 and text != "0" else text
