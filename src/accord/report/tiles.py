"""The four numbers that an answer is remembered by, each with its range and of what it is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from accord.assessment import Answer, Assessment
from accord.assessment.offers import country
from accord.assessment.part import Amount
from accord.effects.measures import WORLD
from accord.report.main_numbers import MainNumber, main_numbers
from accord.report.main_results import NO_CHANGE, digits_of_change
from accord.report.names import place
from accord.report.numbers import (
    UNITS,
    Number,
    Unit,
    amount,
    digits_for,
    largest,
    percent,
    unit_for,
)

MOST = 4
DRAWS = "8 of 10 draws"
ACCESS = "low … high access"


@dataclass(frozen=True, slots=True)
class Tile:
    """A number: what it is, how it is written with its unit, what it was, between what it lies.

    ``span`` is empty where the number has no range, ``span_is`` says what kind of range it is
    """

    name: str
    value: str
    unit: str
    was: str
    span: str
    span_is: str


def tiles(a: Answer) -> tuple[Tile, ...]:
    """Return at most four numbers: of the market first, else of the parts of the answer."""
    found = [*_of_market(a)] if isinstance(a, Assessment) else [*_of_parts(a)]
    return tuple(found[:MOST])


def tiles_html(found: tuple[Tile, ...]) -> str:
    """Return the numbers as a list of terms and what they are; nothing for none."""
    return f'<dl class="tiles">{"".join(map(_html, found))}</dl>' if found else ""


def _html(x: Tile) -> str:
    was = f'<dd class="was">{escape(x.was)}</dd>' if x.was else ""
    span = f"{escape(x.span)} <span>{escape(x.span_is)}</span>" if x.span else "no range computed"
    value = f'{escape(x.value)} <span class="unit">{escape(x.unit)}</span>'
    return (
        f'<div><dt>{escape(x.name)}</dt><dd class="value">{value}</dd>{was}'
        f'<dd class="span">{span}</dd></div>'
    )


def _of_market(a: Assessment) -> Iterator[Tile]:
    numbers = main_numbers(a)
    if numbers:
        yield _level(a, numbers[0])
    wanted = "hub_price" if a.focus.importer is None else "buyer_price"
    price = next((x for x in numbers if x.measure == wanted), None)
    if price is not None:
        yield _change(a, price)
    ends = (a.focus.importer, a.focus.exporter, *a.parties, WORLD)
    for code in [x for x in dict.fromkeys(ends) if x is not None][:2]:
        yield _gain(a, code)


def _level(a: Assessment, x: MainNumber) -> Tile:
    low, high, span_is = x.low, x.high, DRAWS
    if a.ensemble is None:
        low, high, span_is = x.low_access, x.high_access, ACCESS
    unit = unit_for((x.before, x.after), UNITS[x.unit])
    digits = digits_for((x.before, x.after), unit)
    was = "before: none" if x.before == 0.0 else f"before: {amount(x.before, unit, digits)}"
    name = unit.name + (" a year" if x.unit.endswith("/yr") else "")
    span = _span(low, high, unit, digits)
    return Tile(x.name, amount(x.after, unit, digits), name, was, span, span_is)


def _change(a: Assessment, x: MainNumber) -> Tile:
    """Return a price's change, its range where there are draws, its level below it."""
    unit = unit_for((x.before, x.after), UNITS[x.unit])
    ends: tuple[Number, Number] = (None, None)
    span_is = DRAWS
    if a.ensemble is not None:
        found = a.ensemble.range_of(x.measure, x.region, x.good)
        ends = (found.change.low, found.change.high) if found and found.change else ends
    elif x.low_access is not None and x.high_access is not None and x.before is not None:
        ends = tuple(sorted((x.low_access - x.before, x.high_access - x.before)))  # pyright: ignore[reportAssignmentType]
        span_is = ACCESS
    digits = digits_of_change(x.change or 0.0, unit)
    was = f"{percent(x.change_pct, signed=True, digits=2)}; before: {amount(x.before, unit, 0)}"
    value = amount(x.change, unit, digits, signed=True)
    span = _span(*ends, unit, digits, signed=True)
    return Tile(f"{x.name}, change", value, unit.name, was, span, span_is)


def _gain(a: Assessment, code: str) -> Tile:
    value = a.effects.change("welfare", code)
    cases = [case.effects.change("welfare", code) for case in a.access if case.weights != "central"]
    ends: tuple[Number, Number] = (min(cases), max(cases)) if cases else (None, None)
    span_is = ACCESS
    if a.ensemble is not None:
        found = a.ensemble.range_of("welfare", code)
        ends = (None, None)
        if found is not None and found.change is not None:
            ends, span_is = (found.change.low, found.change.high), DRAWS
    unit = unit_for((value,), UNITS["USD/yr"])
    digits = digits_for((value, *ends), unit)
    name = "The world" if code == WORLD else place(a, code)
    shown = amount(value, unit, digits, signed=True)
    span = _span(*ends, unit, digits, signed=True)
    return Tile(f"Gain of {_lower(name)}", shown, f"{unit.name} a year", "", span, span_is)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:] if name.startswith("The ") else name


def _of_parts(a: Answer) -> Iterator[Tile]:
    """Yield the amounts of the parts as their summaries have them; those of one unit alike."""
    found = [x for part in a.parts if part.summary is not None for x in part.summary.amounts]
    for x in found[:MOST]:
        alike = [y.value for y in found[:MOST] if y.unit == x.unit]
        yield _amount(x, unit_for(alike, _units(x.unit)))


def _units(name: str) -> tuple[Unit, ...]:
    plain = (Unit(name.removesuffix("/yr"), 1.0),)
    return UNITS.get(name) or UNITS.get(f"{name}/yr") or plain


def _amount(x: Amount, unit: Unit) -> Tile:
    digits = digits_for((x.value,), unit)
    whose = ", ".join(y for y in (country(x.region) if x.region else "", x.holder) if y)
    name = f"{x.what[:1].upper()}{x.what[1:]}{f', {whose}' if whose else ''}"
    shown = unit.name + (" a year" if x.unit.endswith("/yr") else "")
    span = _span(x.low, x.high, unit, digits)
    return Tile(name, amount(x.value, unit, digits), shown, "", span, x.range_is)


def _span(low: Number, high: Number, unit: Unit, digits: int, *, signed: bool = False) -> str:
    if low is None or high is None or abs(high - low) <= NO_CHANGE * largest((low, high)):
        return ""
    ends = (amount(v, unit, digits, signed=signed) for v in (low, high))
    return " … ".join(ends)
