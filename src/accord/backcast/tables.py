"""The form of every table in a pack's ``backcast/`` folder."""

from __future__ import annotations

from accord.pack.columns import Column
from accord.pack.tables import TableSpec

_ORIGIN = (Column("source", "source"), Column("status", "status"))
# Where a row has no number of its own ("as in priors.csv") it has no source of its own either.
_MAYBE = (Column("source", "source", filled=False), Column("status", "status", filled=False))
_UNIT = Column("unit", "unit", dimension="any")
_BOOLEAN = ("true", "false")
_NOTE = Column("note", "text", needed=False, filled=False)


def _plain(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "word") for name in names)


EVENT_CELLS = ("event", "title", "starts", "years", "modelled", "changes")
MISSING_CELLS = ("quantity", "region", "date", "why")
SIGN_CELLS = ("event", "quantity", "region", "before", "after", "required")

TABLES = {
    "events": TableSpec(
        (
            *_plain("event", "title", "starts"),
            Column("years", "text", filled=False),
            Column("modelled", "word", words=_BOOLEAN),
            *_ORIGIN,
            *_plain("changes"),
        ),
        key=("event",),
    ),
    "observed": TableSpec(
        (
            *_plain("quantity", "region", "date", "event"),
            Column("value", "number", filled=False),
            _UNIT,
            *_ORIGIN,
            Column("calibration", "word", words=_BOOLEAN),
            _NOTE,
        ),
        key=("quantity", "region", "date"),
    ),
    "missing": TableSpec(_plain(*MISSING_CELLS), key=(), rows=False),
    "drivers": TableSpec(
        (
            Column("kind", "word"),
            Column("region", "region", words=("WORLD",)),
            Column("year", "year"),
            Column("value", "number", above=0.0),
            Column("unit", "unit", dimension="mass a year"),
            *_ORIGIN,
        ),
        key=("kind", "region", "year"),
        values=("value",),
        rows=False,
    ),
    "deflator": TableSpec(
        (Column("year", "year"), Column("value", "number", above=0.0), _UNIT, *_ORIGIN),
        key=("year",),
    ),
    "origins": TableSpec(
        (
            Column("country", "word"),
            Column("region", "region"),
            Column("value", "number", above=0.0),
            Column("unit", "unit", dimension="mass a year"),
            Column("year", "year"),
            *_ORIGIN,
        ),
        key=("country",),
        values=("value",),
    ),
    "signs": TableSpec(
        (
            *_plain(*SIGN_CELLS[:-1]),
            Column("required", "word", words=_BOOLEAN),
        ),
        key=("event", "quantity", "region"),
        rows=False,
    ),
    "panel": TableSpec(
        (
            Column("moment", "word"),
            Column("good", "good"),
            Column("value", "number"),
            Column("error", "number", least=0.0),
            Column("count", "number", least=1.0),
            _UNIT,
            *_ORIGIN,
            _NOTE,
        ),
        key=("moment",),
    ),
    "parameters": TableSpec(
        (
            Column("parameter", "word"),
            Column("good", "good", wildcard=True),
            Column("region", "region", wildcard=True),
            Column("median", "number", above=0.0, filled=False),
            Column("low", "number", above=0.0, filled=False),
            Column("high", "number", above=0.0, filled=False),
            _UNIT,
            *_MAYBE,
            _NOTE,
        ),
        key=("parameter", "good", "region"),
    ),
    "error_model": TableSpec(
        (
            Column("quantity", "word"),
            Column("value", "number", above=0.0, filled=False),
            _UNIT,
            *_MAYBE,
            _NOTE,
        ),
        key=("quantity",),
    ),
}

# Empty where nothing is observed that an error could be computed from.
_ERRORS = tuple(
    Column(name, "number", least=0.0, filled=False)
    for name in ("error_2019", "error_2023", "error_2024", "premium", "imports")
)
SENSITIVITY = TableSpec(
    (
        *_plain("name", "at"),
        Column("value", "number", filled=False),
        *_ERRORS,
        *_ORIGIN,
    ),
    key=("name", "at"),
)
CHOICES = SENSITIVITY
