"""The types of a term's fields: each reads one TOML value or says what is wrong with it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, cast

from pydantic import Field, PlainValidator

from accord import units
from accord.instruments.countries import code_for, country_names
from accord.instruments.problem import FieldError, shown

ALL = ("all",)
"""What a list of goods, exporters or importers holds when it stands for every one."""

LARGEST_RATE = 10.0
"""Rates above 1,000 % are taken for slips of the pen."""

_SLUG = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_PATTERN = re.compile(r"[a-z0-9*]+(?:[._-]+[a-z0-9*]+)*")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,11}")


def about(allowed: str, example: str, default: Any = ..., **more: Any) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Return a field described for people: what is allowed and an example in TOML."""
    return Field(default, description=allowed, examples=[example], **more)


def _slug(value: object) -> str:
    if isinstance(value, str) and _SLUG.fullmatch(value):
        return value
    allowed = "lower-case letters, digits and single - _ . between them"
    lowered = value.lower() if isinstance(value, str) else ""
    likely = re.sub(r"[^a-z0-9._-]+", "-", lowered).strip("-._")
    example = likely if _SLUG.fullmatch(likely) else "supply"
    raise FieldError(shown(value), allowed, f'write "{example}"')


def is_path(name: str) -> bool:
    """Return whether the name of a pack is a path to its folder, as ``./mine`` or ``../mine``."""
    return name.startswith(("./", "../", "/"))


def _pack(value: object) -> str:
    return value if isinstance(value, str) and is_path(value) else _slug(value)


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise FieldError(shown(value), "text in quotes, not empty", 'write the text between quotes ""')


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    likely = "true" if str(value).lower() in {"1", "yes", "y", "true", "on"} else "false"
    raise FieldError(shown(value), "true or false, without quotes", f"write {likely}")


def _day(value: object) -> date:
    if isinstance(value, datetime):
        fix = f"write {value.date().isoformat()}"
        raise FieldError(shown(value), "a day, without a time", fix)
    if isinstance(value, date):
        return value
    fix = "write for example 2025-02-24, without quotes"
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            fix = f"write {date.fromisoformat(value).isoformat()} without quotes"
    elif isinstance(value, int) and 1900 <= value <= 2200:  # noqa: PLR2004 - looks like a year
        fix = f"write {value}-01-01"
    raise FieldError(shown(value), "a day as YYYY-MM-DD", fix)


def _count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise FieldError(shown(value), "a whole number, 0 or more", "write for example 1371")


def _code(value: object) -> str:
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    likely = code_for(value) if isinstance(value, str) and value.strip() else None
    name = "" if likely is None else f" ({country_names()[likely]})"
    raise FieldError(
        shown(value),
        "a country code of ISO 3166 alpha-3 or a region code of the pack",
        f'write "{likely}"{name}' if likely else 'write for example "USA"',
    )


def _many(read: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    """Return a reader of one value or a list of them, without repetition."""

    def reader(value: object) -> tuple[str, ...]:
        values = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
        if not values:
            raise FieldError("an empty list", "one or more entries", "name one, or take it out")
        found = tuple(read(x) for x in values)
        twice = next((x for i, x in enumerate(found) if x in found[:i]), None)
        if twice is not None:
            raise FieldError(f'"{twice}" twice', "each entry once", f'take one "{twice}" out')
        return found

    return reader


def _many_or_all(read: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    several = _many(read)
    return lambda value: ALL if value in ("all", ["all"], ALL) else several(value)


def _pattern(value: object) -> str:
    if isinstance(value, str) and _PATTERN.fullmatch(value):
        return value
    raise FieldError(
        shown(value),
        "the id of a measure; * stands for any part of one",
        'write for example "us.s232_russia_200" or "us.s232_*"',
    )


def _quantity(
    dimension: units.Dimension,
    *,
    above_zero: bool = False,
    most: float | None = None,
    hint: str = "",
) -> Callable[[object], float]:
    """Return a reader of quantities that are not negative (or above 0) and at most ``most``."""
    unit = dimension.units.split(",")[0]
    least = f"more than 0 {unit}" if above_zero else f"0 {unit} or more"
    allowed = least if most is None else f"{least} and at most {most * 100:g} %"

    def reader(value: object) -> float:
        amount = units.parse(value, dimension)
        if amount < 0.0 or (above_zero and amount == 0.0):
            flipped = f'write "{str(value).strip().lstrip("-−")}"'
            fix = flipped if amount < 0.0 else f'write for example "{dimension.example}"'
            raise FieldError(shown(value), allowed, hint or fix)
        if most is not None and amount > most:
            fix = f'check the decimal point; write for example "{dimension.example}"'
            raise FieldError(shown(value), allowed, fix)
        return amount

    return reader


Slug = Annotated[str, PlainValidator(_slug)]
Text = Annotated[str, PlainValidator(_text)]
Flag = Annotated[bool, PlainValidator(_flag)]
Day = Annotated[date, PlainValidator(_day)]
Count = Annotated[int, PlainValidator(_count)]
Code = Annotated[str, PlainValidator(_code)]
Slugs = Annotated[tuple[str, ...], PlainValidator(_many(_slug))]
Packs = Annotated[tuple[str, ...], PlainValidator(_many(_pack))]
Codes = Annotated[tuple[str, ...], PlainValidator(_many(_code))]
GoodsOrAll = Annotated[tuple[str, ...], PlainValidator(_many_or_all(_slug))]
CodesOrAll = Annotated[tuple[str, ...], PlainValidator(_many_or_all(_code))]
Patterns = Annotated[tuple[str, ...], PlainValidator(_many(_pattern))]
MassRate = Annotated[float, PlainValidator(_quantity(units.MASS_RATE))]
PositiveMassRate = Annotated[float, PlainValidator(_quantity(units.MASS_RATE, above_zero=True))]
Price = Annotated[float, PlainValidator(_quantity(units.PRICE))]
Money = Annotated[float, PlainValidator(_quantity(units.MONEY, above_zero=True))]
PowerPrice = Annotated[float, PlainValidator(_quantity(units.POWER_PRICE))]
PowerIntensity = Annotated[float, PlainValidator(_quantity(units.POWER_INTENSITY))]
EmissionIntensity = Annotated[float, PlainValidator(_quantity(units.EMISSION_INTENSITY))]
Rate = Annotated[
    float,
    PlainValidator(
        _quantity(
            units.SHARE,
            most=LARGEST_RATE,
            hint='take the minus sign out, or use kind = "subsidy" if somebody is to be paid',
        )
    ),
]
Share = Annotated[float, PlainValidator(_quantity(units.SHARE, above_zero=True, most=1.0))]
PartOrNone = Annotated[float, PlainValidator(_quantity(units.SHARE, most=1.0))]
"""A part of a whole that may be none of it: 0 % to 100 %."""
