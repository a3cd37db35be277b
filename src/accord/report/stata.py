"""Every effect of an answer as a Stata data set (format 118, that of Stata 14 and later).

Written here, byte by byte, because the format is a page of fixed widths, and the library that
writes it would weigh more than accord with everything else it needs. The layout is StataCorp's,
"Description of .dta file format 118" (``help dta``).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accord.assessment import Answer, Assessment
from accord.assessment.serialise import path_rows
from accord.effects.measures import MEASURES, WORLD, Row
from accord.report import caveats, opening, trust
from accord.report.reproduce import origins

DOUBLE, LONG = 65526, 65528
"""Types of 8 and 4 bytes; a type from 1 to 2045 is text of so many bytes."""
MISSING = b"\x00\x00\x00\x00\x00\x00\xe0\x7f"
"""The double that stands for ".", the system's missing value."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_TEXT, LONGEST_LABEL, LONGEST_NOTE = 2045, 80, 60_000


@dataclass(frozen=True, slots=True)
class Variable:
    """A column: its name, what it is in words, how it is read, the value labels it uses."""

    name: str
    label: str
    read: Callable[[Row], str | float | int | None]
    kind: type[str | float | int] = float
    labels: str = ""


def stata(a: Answer) -> bytes:
    """Return the effects as ``.dta``: one row each, measures and units with value labels.

    The answer's sentences, certificate and origin are the data set's notes; the day of the law
    stands as the day it was made.
    """
    rows = _rows(a)
    labels = _labels(rows)
    variables = _variables(a, labels)
    types = [_type(variable, rows) for variable in variables]
    parts = {
        "header": _header(a, len(variables), len(rows)),
        "variable_types": struct.pack(f"<{len(types)}H", *types),
        "varnames": b"".join(_fixed(v.name, 129) for v in variables),
        "sortlist": bytes(2 * (len(variables) + 1)),
        "formats": b"".join(_fixed(_format(t), 57) for t in types),
        "value_label_names": b"".join(_fixed(v.labels, 129) for v in variables),
        "variable_labels": b"".join(_fixed(_cut(v.label, LONGEST_LABEL), 321) for v in variables),
        "characteristics": _notes(_said(a)),
        "data": b"".join(_record(variables, types, row) for row in rows),
        "strls": b"",
        "value_labels": b"".join(_value_labels(name, of) for name, of in labels.items()),
    }
    return _assembled(parts)


def _rows(a: Answer) -> tuple[Row, ...]:
    if not isinstance(a, Assessment):
        return a.part_rows
    return (*a.rows, *path_rows(a), *a.part_rows)


Labels = dict[str, dict[str, int]]


def _labels(rows: Sequence[Row]) -> Labels:
    """Return the numbers that stand for measures (in the order of C47) and for units, from 1."""
    measures = dict.fromkeys([m.name for m in MEASURES] + [row.measure for row in rows])
    units = dict.fromkeys([m.unit for m in MEASURES] + [row.unit for row in rows])
    named = {"measure": measures, "unit": units}
    return {name: {x: i for i, x in enumerate(of, start=1)} for name, of in named.items()}


def _variables(a: Answer, labels: Labels) -> tuple[Variable, ...]:
    """Return the columns of the data set, in their order."""
    market = isinstance(a, Assessment)
    regions = {WORLD: "World", **(a.region_names if market else {})}
    goods = a.good_names if market else {}
    ranges = "end of 8 of 10 draws of after; missing where nothing was drawn"
    return (
        Variable(
            "measure", "What is measured", lambda r: labels["measure"][r.measure], int, "measure"
        ),
        Variable("region", "Region, or ORIGIN>DESTINATION", lambda r: r.region, str),
        Variable("region_name", "Region in words", lambda r: _names(regions, r.region), str),
        Variable("good", "Good, empty for all goods", lambda r: r.good or "", str),
        Variable(
            "good_name", "Good in words", lambda r: goods.get(r.good or "", r.good or ""), str
        ),
        Variable("year", "Year", lambda r: r.year, int),
        Variable("before", "Value before, in the row's unit", lambda r: r.before),
        Variable("after", "Value after, in the row's unit", lambda r: r.after),
        Variable("change", "After minus before, in the row's unit", lambda r: r.change),
        Variable("change_pct", "Change in per cent of before", lambda r: r.change_pct),
        Variable("unit", "Unit of the row", lambda r: labels["unit"][r.unit], int, "unit"),
        Variable("low", f"Lower {ranges}", lambda r: r.low),
        Variable("high", f"Upper {ranges}", lambda r: r.high),
        Variable("change_low", "Change, 10 % point of draws", lambda r: r.change_low),
        Variable("change_high", "Change, 90 % point of draws", lambda r: r.change_high),
    )


def _names(names: Mapping[str, str], region: str) -> str:
    return " > ".join(names.get(code, code) for code in region.split(">"))


def _type(variable: Variable, rows: Sequence[Row]) -> int:
    """Return the type that holds every value of a column."""
    if variable.kind is not str:
        return DOUBLE if variable.kind is float else LONG
    longest = max((len(str(variable.read(row)).encode()) for row in rows), default=1)
    return min(max(longest, 1), LONGEST_TEXT)


def _format(kind: int) -> str:
    if kind == DOUBLE:
        return "%14.0g"
    return "%12.0g" if kind == LONG else f"%-{min(kind, 40)}s"


def _record(variables: Sequence[Variable], types: Sequence[int], row: Row) -> bytes:
    return b"".join(_value(v.read(row), t) for v, t in zip(variables, types, strict=True))


def _value(value: str | float | None, kind: int) -> bytes:
    if kind == DOUBLE:
        return MISSING if value is None else struct.pack("<d", value)
    if kind == LONG:
        return struct.pack("<i", value)
    return _fixed(str(value), kind)


def _fixed(text: str, size: int) -> bytes:
    """Return text in UTF-8 clipped between characters, with zeros up to ``size`` bytes."""
    return _clipped(text, size).ljust(size, b"\0")


def _clipped(text: str, size: int) -> bytes:
    return text.encode()[:size].decode("utf-8", "ignore").encode()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _header(a: Answer, columns: int, rows: int) -> bytes:
    label = _cut(opening.title(a), LONGEST_LABEL).encode()
    made = _day(a.as_of).encode()
    return b"".join(
        [
            b"<release>118</release><byteorder>LSF</byteorder>",
            b"<K>" + struct.pack("<H", columns) + b"</K>",
            b"<N>" + struct.pack("<Q", rows) + b"</N>",
            b"<label>" + struct.pack("<H", len(label)) + label + b"</label>",
            b"<timestamp>" + struct.pack("<B", len(made)) + made + b"</timestamp>",
        ]
    )


def _day(day: date) -> str:
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year:04d} 00:00"


def _said(a: Answer) -> list[str]:
    """Return the notes of the data set: what it says, how sure that is, how to get it again."""
    said = [a.headline, opening.setting(a)]
    if isinstance(a, Assessment):
        said += [*a.because, *trust.draws(a), trust.certificate(a), trust.baseline(a) or ""]
    said += [f"{x.what}: {x.value}" for x in origins(a)]
    said += [f"Assumed: {x.where}: {x.says}" for x in caveats.assumptions(a)]
    said += [f"Not modelled: {x.what} ({x.why})" for x in caveats.not_modelled(a)]
    return [x for x in said if x]


def _notes(said: Sequence[str]) -> bytes:
    """Return sentences as the notes of the data set, numbered as Stata numbers them."""
    numbered = [("note0", str(len(said))), *((f"note{i}", x) for i, x in enumerate(said, start=1))]
    found = [
        _fixed("_dta", 129) + _fixed(name, 129) + _clipped(text, LONGEST_NOTE) + b"\0"
        for name, text in numbered
    ]
    return b"".join(b"<ch>" + struct.pack("<I", len(x)) + x + b"</ch>" for x in found)


def _value_labels(name: str, of: Mapping[str, int]) -> bytes:
    """Return a table of value labels: where each text begins, the values, the texts."""
    texts = [text.encode() + b"\0" for text in of]
    starts = [sum(map(len, texts[:i])) for i in range(len(texts))]
    table = struct.pack("<ii", len(texts), sum(map(len, texts)))
    table += struct.pack(f"<{len(texts)}i", *starts)
    table += struct.pack(f"<{len(texts)}i", *of.values())
    table += b"".join(texts)
    return (
        b"<lbl>" + struct.pack("<i", len(table)) + _fixed(name, 129) + bytes(3) + table + b"</lbl>"
    )


def _assembled(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts in their tags, with the map that says at which byte each begins."""
    head = b"<stata_dta>" + _tagged("header", parts["header"])
    empty = _tagged("map", bytes(8 * 14))
    places = [0, len(head)]
    body: list[bytes] = []
    place = len(head) + len(empty)
    for name, data in parts.items():
        if name == "header":
            continue
        places.append(place)
        body.append(_tagged(name, data))
        place += len(body[-1])
    ending = b"</stata_dta>"
    places += [place, place + len(ending)]
    return b"".join([head, _tagged("map", struct.pack("<14Q", *places)), *body, ending])


def _tagged(name: str, data: bytes) -> bytes:
    tag = name.encode()
    return b"<" + tag + b">" + data + b"</" + tag + b">"
