"""Quantities as people write them ("2 Mt/yr", "68 c/lb", "5 %") into the units used inside.

Inside, accord counts in tonnes, years, US dollars, megawatt-hours and fractions; nothing past this
module knows another unit. A quantity is a number and a unit; units multiply with ``/`` only.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple


class Powers(NamedTuple):
    """Exponents of the base quantities: tonnes, years, US dollars, MWh, tonnes of CO2, MW.

    MW stand for what a plant could make and are kept apart from MWh a year, which it does make.
    """

    mass: int = 0
    time: int = 0
    money: int = 0
    energy: int = 0
    carbon: int = 0
    plant: int = 0


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a number may measure.

    ``name``     with its article, for messages
    ``powers``   exponents of the base quantities; values come out in the product of the base units
    ``base``     the unit of the parsed number
    ``units``    a few units people use for it
    ``example``  a well-formed quantity
    """

    name: str
    powers: Powers
    base: str
    units: str
    example: str


MASS = Dimension("a mass", Powers(mass=1), "t", "t, kt or Mt", "18 kt")
MASS_RATE = Dimension(
    "a mass per year", Powers(mass=1, time=-1), "t/yr", "t/yr, kt/yr or Mt/yr", "2 Mt/yr"
)
PRICE = Dimension(
    "a price per mass",
    Powers(money=1, mass=-1),
    "USD/t",
    "USD/t, USD/kg, c/kg or c/lb",
    "100 USD/t",
)
SHARE = Dimension("a percentage", Powers(), "fraction", "%", "5 %")
ENERGY = Dimension("an energy", Powers(energy=1), "MWh", "MWh, GWh or TWh", "15 TWh")
ENERGY_RATE = Dimension(
    "an energy per year", Powers(energy=1, time=-1), "MWh/yr", "GWh/yr or TWh/yr", "15 TWh/yr"
)
POWER_PRICE = Dimension(
    "a price of power", Powers(money=1, energy=-1), "USD/MWh", "USD/MWh or c/kWh", "30 USD/MWh"
)
POWER_INTENSITY = Dimension(
    "an energy per mass", Powers(energy=1, mass=-1), "MWh/t", "MWh/t or kWh/t", "14.2 MWh/t"
)
EMISSION_INTENSITY = Dimension(
    "emissions per mass", Powers(carbon=1, mass=-1), "tCO2/t", "tCO2/t or kgCO2/t", "4.5 tCO2/t"
)
MONEY = Dimension("an amount of money", Powers(money=1), "USD", "USD, mn USD or bn USD", "3 bn USD")
PLANT_SIZE = Dimension("the size of a power plant", Powers(plant=1), "MW", "MW or GW", "3000 MW")

DIMENSIONS = (
    MASS,
    MASS_RATE,
    PRICE,
    SHARE,
    ENERGY,
    ENERGY_RATE,
    POWER_PRICE,
    POWER_INTENSITY,
    EMISSION_INTENSITY,
    MONEY,
    PLANT_SIZE,
)

_UNITS: dict[str, tuple[float, Powers]] = {
    "t": (1.0, Powers(mass=1)),
    "kt": (1e3, Powers(mass=1)),
    "Mt": (1e6, Powers(mass=1)),
    "kg": (1e-3, Powers(mass=1)),
    "lb": (4.5359237e-4, Powers(mass=1)),  # international pound, exact by definition
    "yr": (1.0, Powers(time=1)),
    "month": (1.0 / 12.0, Powers(time=1)),
    "USD": (1.0, Powers(money=1)),
    "kUSD": (1e3, Powers(money=1)),
    "mn USD": (1e6, Powers(money=1)),
    "bn USD": (1e9, Powers(money=1)),
    "c": (1e-2, Powers(money=1)),
    "MJ": (1.0 / 3600.0, Powers(energy=1)),
    "GJ": (1.0 / 3.6, Powers(energy=1)),
    "kWh": (1e-3, Powers(energy=1)),
    "MWh": (1.0, Powers(energy=1)),
    "GWh": (1e3, Powers(energy=1)),
    "TWh": (1e6, Powers(energy=1)),
    "kgCO2": (1e-3, Powers(carbon=1)),
    "tCO2": (1.0, Powers(carbon=1)),
    "ktCO2": (1e3, Powers(carbon=1)),
    "MtCO2": (1e6, Powers(carbon=1)),
    "MW": (1.0, Powers(plant=1)),
    "GW": (1e3, Powers(plant=1)),
    "%": (1e-2, Powers()),
    "fraction": (1.0, Powers()),
}

_SAME = {
    "tonne": "t",
    "tonnes": "t",
    "year": "yr",
    "a": "yr",
    "y": "yr",
    "$": "USD",
    "US$": "USD",
    "MUSD": "mn USD",
    "million USD": "mn USD",
    "USD mn": "mn USD",
    "billion USD": "bn USD",
    "USD bn": "bn USD",
    "¢": "c",
    "percent": "%",
    "per cent": "%",
    "t CO2": "tCO2",
    "kg CO2": "kgCO2",
}

_MISTAKEN = {
    "ton": "t",
    "tons": "t",
    "mt": "Mt",
    "KT": "kt",
    "Kt": "kt",
    "MT": "Mt",
    "T": "t",
    "tpa": "t/yr",
    "tpy": "t/yr",
    "ktpa": "kt/yr",
    "kta": "kt/yr",
    "Mtpa": "Mt/yr",
    "mtpa": "Mt/yr",
    "usd": "USD",
    "cents": "c",
    "ct": "c",
    "cent": "c",
    "lbs": "lb",
    "mwh": "MWh",
    "gwh": "GWh",
    "twh": "TWh",
    "kwh": "kWh",
    "mw": "MW",
    "Mw": "MW",
    "gw": "GW",
}

_TONS = frozenset({"ton", "tons"})
_CURRENCIES = frozenset({"EUR", "€", "GBP", "£", "RUB", "₽", "CNY", "¥", "JPY", "CAD", "AUD"})

_QUANTITY = re.compile(r"\s*(?P<number>[-+−]?[\d.,_  ]*\d\.?(?:[eE][-+]?\d+)?)\s*(?P<unit>.*?)\s*")
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:[_ ]\d{3})+)(?:\.\d*)?(?:[eE][-+]?\d+)?|[-+]?\.\d+")


class QuantityError(ValueError):
    """A quantity that cannot be read: what was found, what is allowed, the likely fix."""

    def __init__(self, found: str, allowed: str, fix: str) -> None:
        self.found = found
        self.allowed = allowed
        self.fix = fix
        super().__init__(f"found {found}; allowed {allowed}; {fix}")


def parse(value: object, dimension: Dimension) -> float:
    """Return the quantity in the dimension's base unit.

    ``value`` is text such as "2 Mt/yr". Raises ``QuantityError`` for a bare number, an unknown
    unit, a unit of another dimension, or a number that cannot be read.
    """
    if not isinstance(value, str):
        raise _no_unit(value, dimension)
    match = _QUANTITY.fullmatch(value)
    if match is None:
        raise QuantityError(
            f'"{value}"', _allowed(dimension), f'write a number and a unit: "{dimension.example}"'
        )
    number, unit = match["number"], match["unit"]
    amount = _number(value, number, unit or dimension.units.split(",")[0], dimension)
    if not unit:
        raise _no_unit(amount, dimension, f'"{value}"')
    result = _times(amount, factor(unit, dimension, number))
    if not math.isfinite(result):
        raise QuantityError(f'"{value}"', _allowed(dimension), "write a finite number")
    return result


def _times(amount: float, scale: float) -> float:
    # 57 * 0.01 is 0.5700000000000001, 57 / 100 is 0.57.
    return amount * scale if scale >= 1.0 else amount / (1.0 / scale)


@cache
def factor(unit: str, dimension: Dimension, number: str = "") -> float:
    """Return how many base units one ``unit`` is; ``number`` only completes the messages.

    Raises ``QuantityError`` for an unknown unit or one of another dimension.
    """
    scale, powers = _scale(unit, dimension, number)
    if powers != dimension.powers:
        raise _wrong_dimension(unit, powers, dimension, number)
    return scale


def _scale(unit: str, dimension: Dimension, number: str) -> tuple[float, Powers]:
    scale, total = 1.0, Powers()
    for place, part in enumerate(_parts(unit)):
        if part not in _UNITS:
            raise _unknown(unit, part, dimension, number)
        size, powers = _UNITS[part]
        sign = 1 if place == 0 else -1
        scale *= size**sign
        total = Powers(*(a + sign * b for a, b in zip(total, powers, strict=True)))
    return scale, total


def _parts(unit: str) -> list[str]:
    text = re.sub(r"\s+per\s+(?!cent)", "/", " ".join(unit.split()))
    return [_SAME.get(part.strip(), part.strip()) for part in text.split("/")]


def _number(value: str, number: str, unit: str, dimension: Dimension) -> float:
    plain = number.replace(" ", " ").replace(" ", " ").replace("−", "-")
    if _NUMBER.fullmatch(plain):
        return float(plain.replace("_", "").replace(" ", ""))
    # "2,000" is two thousand to some and two to others: never guess.
    fix = f'write the number with digits and a decimal point: "{dimension.example}"'
    if re.fullmatch(r"[-+]?\d+,\d+", plain):
        joined, pointed = plain.replace(",", ""), plain.replace(",", ".")
        fix = f'write "{joined} {unit}" or "{pointed} {unit}": a comma can mean either'
    raise QuantityError(f'"{value}"', _allowed(dimension), fix)


def _no_unit(value: object, dimension: Dimension, found: str = "") -> QuantityError:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        shown = found or _shown(value)
        return QuantityError(shown, _allowed(dimension), f'write for example "{dimension.example}"')
    shown = found or f"the bare number {value}"
    if dimension is SHARE:
        whole, part = f'"{value * 100:g} %"', f'"{value:g} %"'
        fix = f"write {part}, or {whole} if {value:g} times the whole is meant"
        if abs(value) < 1.0:
            fix = f"write {whole}, or {part} if that is meant"
    else:
        fix = f'write the unit, for example "{value:g} {dimension.units.split(",")[0]}"'
    return QuantityError(shown, _allowed(dimension), fix)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else str(value)


def _allowed(dimension: Dimension) -> str:
    return f"{dimension.name} in {dimension.units}"


def _unknown(unit: str, part: str, dimension: Dimension, number: str) -> QuantityError:
    found = f'"{number} {unit}"' if number else f'the unit "{unit}"'
    if part in _CURRENCIES:
        fix = f"convert {part} to USD and name the exchange rate in the term's reading"
        return QuantityError(found, _allowed(dimension), fix)
    likely = _MISTAKEN.get(part)
    if likely is None:
        shown = f'"{part}" is no unit accord knows; ' if part else "a unit is missing; "
        fix = f'{shown}write for example "{dimension.example}"'
        return QuantityError(found, _allowed(dimension), fix)
    mended = "/".join([likely if p == part else p for p in _parts(unit)])
    why = " if tonnes of 1,000 kg are meant; a short ton is 907 kg" if part in _TONS else ""
    fix = f'write "{number} {mended}"{why}' if number else f'write "{mended}"{why}'
    return QuantityError(found, _allowed(dimension), fix)


def _wrong_dimension(unit: str, powers: Powers, dimension: Dimension, number: str) -> QuantityError:
    known = next((d.name for d in DIMENSIONS if d.powers == powers), f"not {dimension.name}")
    found = f'"{number} {unit}", {known}' if number else f'the unit "{unit}", {known}'
    gap = Powers(*(want - have for want, have in zip(dimension.powers, powers, strict=True)))
    mended = None
    if gap == Powers(time=-1):
        mended = f"{unit}/yr"
    elif gap == Powers(mass=-1):
        mended = f"{unit}/t"
    elif gap == Powers(time=1) and unit.endswith(("/yr", "/year", "/a")):
        mended = unit.rpartition("/")[0]
    if mended is None:
        fix = f'write for example "{dimension.example}"'
    else:
        fix = f'write "{number} {mended}"' if number else f'write "{mended}"'
    return QuantityError(found, _allowed(dimension), fix)
