"""A comparison as the page and its files show it: tables of text, notes, a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable

from accord.instruments.problem import listed
from accord.report.compare_axis import Frame, Mark, Panel
from accord.report.compare_numbers import WELFARE
from accord.report.compare_picture import NOT_FROM_ZERO, PRICES, Compared, picture
from accord.report.main_results import NO_CHANGE
from accord.report.numbers import (
    DOLLARS,
    NONE,
    UNITS,
    Number,
    Unit,
    amount,
    digits_for,
    largest,
    unit_for,
)
from accord.web.comparison import Column, Comparison, Gap
from accord.web.comparison_notes import notes
from accord.web.pins import NOW
from accord.web.view import View

LEVELS = "What each position gives"
RANGE = "10 … 90 %"
ODDS = "in how many draws"
LEVELS_NOTE = (
    f"{RANGE}: between these values the number lies in 8 of 10 draws of what is uncertain. Gains "
    "are against no deal, under each column's own law and assumptions."
)
DIFFERENCES_NOTE = (
    f"{RANGE} of a difference is taken draw by draw over the draws that both positions share; it "
    "is not the difference of the two ranges."
)
WIDE = Frame("wide", 720, 250, 190, 26, 38)
NARROW = Frame("narrow", 350, 0, 0, 44, 22)
LEGEND = (
    "Filled dot: with the deal; ring: without it, under the same law and assumptions; thick line: "
    "8 of 10 draws."
)
_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)
Cell = dict[str, str]
EMPTY: Cell = {"value": NONE, "range": "", "odds": ""}


def comparison_view(c: Comparison) -> View:
    """Return all that is shown of a comparison, as text."""
    return {
        "columns": [
            {"key": x.key, "letter": x.letter, "name": x.name, "query": x.query, "why": x.why,
             "whole": x.figures.view.get("whole", x.name)}
            for x in c.columns
        ],
        "base": c.base.key,
        "number": c.shown,
        "numbers": [{"id": k, "name": c.row_name(x)} for k, x in c.rows.items()],
        "tables": [_levels(c), *([_differences(c)] if c.base.figures.ok else [])],
        "notes": list(notes(c)),
        "picture": _picture(c),
    }  # fmt: skip


# ---------------------------------------------------------------------------------------- tables


def _unit(row: View, values: Iterable[Number]) -> Unit:
    return unit_for(values, DOLLARS[1:] if row["measure"] == WELFARE else UNITS[row["unit"]])


def _unit_name(row: View, unit: Unit) -> str:
    return unit.name + ("/yr" if row["unit"].endswith("/yr") else "")


def _levels(c: Comparison) -> View:
    rows = [_level_row(c, row) for row in c.rows.values()]
    return {"heading": LEVELS, "rows": rows, "note": LEVELS_NOTE}


def _level_row(c: Comparison, row: View) -> View:
    found = [x.row(row["id"]) for x in c.columns]
    unit = _unit(row, (x["after"] for x in found if x is not None))
    signed = row["measure"] == WELFARE
    cells = [EMPTY if x is None else _level(x, unit, signed=signed) for x in found]
    return {"name": c.row_name(row), "unit": _unit_name(row, unit), "cells": cells}


def _level(row: View, unit: Unit, *, signed: bool) -> Cell:
    """Return a level with as many digits as its own page has: columns are read across."""
    digits = digits_for((row["before"], row["after"]), unit)
    span = _span((row["low"], row["high"]), unit, digits, signed=signed)
    value = amount(row["after"], unit, digits, signed=signed)
    return {"value": value, "range": span, "odds": ""}


def _span(ends: tuple[Number, Number], unit: Unit, digits: int, *, signed: bool) -> str:
    low, high = ends
    if low is None or high is None or high - low <= NO_CHANGE * largest(ends):
        return ""
    return " … ".join(amount(x, unit, digits, signed=signed) for x in ends)


def _differences(c: Comparison) -> View:
    rows = [_gap_row(c, row) for row in c.rows.values()]
    called = c.base.letter if c.base.key == NOW else f"{c.base.letter} ({c.base.name})"
    called = f"{called[:1].lower()}{called[1:]}" if len(c.base.letter) > 1 else called
    return {"heading": f"Differences from {called}", "rows": rows, "note": DIFFERENCES_NOTE}


def _gap_row(c: Comparison, row: View) -> View:
    gaps = [c.gaps.get(x.key, {}).get(row["id"]) for x in c.columns]
    values = [v for x in gaps if x is not None for v in (x.value, x.low, x.high)]
    unit = _unit(row, values)
    there = c.base.row(row["id"]) is not None
    cells = [
        {"value": "baseline" if there else NONE, "range": "", "odds": ""}
        if column is c.base
        else EMPTY
        if gap is None
        else _gap(gap, unit)
        for column, gap in zip(c.columns, gaps, strict=True)
    ]
    return {"name": c.row_name(row), "unit": _unit_name(row, unit), "cells": cells}


def _gap(gap: Gap, unit: Unit) -> Cell:
    digits = digits_for((gap.value, gap.low, gap.high), unit)
    if not gap.draws:
        return {"value": amount(gap.value, unit, digits, signed=True), "range": "", "odds": ""}
    return {
        "value": amount(gap.value, unit, digits, signed=True),
        "range": _span((gap.low, gap.high), unit, digits, signed=True),
        "odds": _odds(gap),
    }


def _odds(gap: Gap) -> str:
    if gap.higher == gap.lower == 0:
        return f"the same in all {gap.draws}"
    up = gap.higher >= gap.lower
    return f"{'higher' if up else 'lower'} in {max(gap.higher, gap.lower)} of {gap.draws}"


# ---------------------------------------------------------------------------------------- picture


def _picture(c: Comparison) -> View | None:
    """Return the picture of the number chosen; ``None`` where no position has an answer."""
    row = c.rows.get(c.shown)
    if row is None:
        return None
    marks = _marks(c)
    unit = _unit(row, [v for x in marks for v in x.values])
    signed = row["measure"] == WELFARE
    levels = Panel("", marks, unit, signed, row["measure"] not in PRICES)
    caption = f"{c.row_name(row)}, {unit.name}{' a year' if row['unit'].endswith('/yr') else ''}"
    one = Compared("kept", caption, (levels, *_gap_panel(c, row)))
    from_zero = "" if levels.from_zero else NOT_FROM_ZERO
    return {
        "caption": caption,
        "note": " ".join(x for x in (LEGEND, from_zero, _not_drawn(c, marks)) if x),
        "drawn": [_STYLE.sub("", picture(one, frame)) for frame in (WIDE, NARROW)],
    }


def _not_drawn(c: Comparison, marks: tuple[Mark, ...]) -> str:
    drawn = {x.name for x in marks}
    absent = [x.letter for x in c.columns if marked(x) not in drawn]
    return f"Not drawn: {listed(absent, 'and')}, without that number." if absent else ""


def _marks(c: Comparison) -> tuple[Mark, ...]:
    found = ((x, x.row(c.shown)) for x in c.columns)
    return tuple(
        Mark(marked(x), row["after"], row["before"], row["low"], row["high"])
        for x, row in found
        if row is not None and row["after"] is not None
    )


def _gap_panel(c: Comparison, row: View) -> list[Panel]:
    marks = [
        Mark(marked(x), gap.value, None, gap.low, gap.high)
        for x in c.columns
        if (gap := c.gaps.get(x.key, {}).get(row["id"])) is not None
    ]
    if not marks:
        return []
    unit = _unit(row, [v for x in marks for v in x.values])
    head = f"Difference from {marked(c.base)}, draw by draw, {unit.name}"
    return [Panel(head, tuple(marks), unit, signed=True, from_zero=True)]


def marked(x: Column) -> str:
    """Return what a column is called in the picture."""
    return f"{x.letter} · {x.name}"


# ---------------------------------------------------------------------------------------- files


def blocks_of(view: View) -> list[View]:
    """Return the tables of a comparison as files have them: a column for each number."""
    found = [_block(view, table) for table in view["tables"]]
    notes = [*view["notes"], *(x["note"] for x in view["tables"])]
    if found:
        found[0]["notes"] = notes
    return found


def _block(view: View, table: View) -> View:
    names = [titled(x) for x in view["columns"]]
    kinds = [("value", ""), ("range", f", {RANGE}"), ("odds", f", {ODDS}")]
    used = [
        (i, kind, f"{name}{tail}")
        for i, name in enumerate(names)
        for kind, tail in kinds
        if kind == "value" or any(row["cells"][i][kind] for row in table["rows"])
    ]
    columns = ["", "unit", *(title for _, _, title in used)]
    lines = [
        [row["name"], row["unit"], *(row["cells"][i][kind] for i, kind, _ in used)]
        for row in table["rows"]
    ]
    return {
        "heading": table["heading"],
        "columns": columns,
        "text": [i < 2 for i in range(len(columns))],  # noqa: PLR2004 - name and unit
        "lines": [{"cells": x, "weight": "plain"} for x in lines],
        "notes": [],
    }


def titled(column: View) -> str:
    """Return a column's title in one line."""
    return f"{column['letter']}: {column['name']}"
