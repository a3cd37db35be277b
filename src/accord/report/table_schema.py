"""What the columns of the tables are: types, units and descriptions, for whoever reads the files.

Columns of tables that have one form stand in ``columns.csv``, a table's own before those of any
table; tables of parts bring their units with them, and their types are read off their cells.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.assessment import Answer
from accord.report.tables import Sheet

TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table: its type in the words of Frictionless Table Schema, its unit.

    ``unit``  "" for words and plain numbers, "by row" where each row names its own
    """

    name: str
    type: str
    unit: str = ""
    description: str = ""


Known = Mapping[tuple[str, str], Field]


def known_fields() -> Known:
    """Return the columns that ``columns.csv`` describes, by table ("" for any) and name."""
    with Path(__file__).with_name("columns.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["column"]): Field(
                row["column"], row["type"], row["unit"], row["description"]
            )
            for row in csv.DictReader(file)
        }


def fields_of(sheet: Sheet, a: Answer, known: Known) -> tuple[Field, ...]:
    """Return the columns of a table of an answer."""
    units = _part_units(a).get(sheet.name)
    if units is None:
        return tuple(_known(sheet, i, known) for i in range(len(sheet.columns)))
    return tuple(
        Field(name, type_of(row[i] for row in sheet.rows), units[i])
        for i, name in enumerate(sheet.columns)
    )


def _known(sheet: Sheet, place: int, known: Known) -> Field:
    name = sheet.columns[place]
    found = known.get((sheet.name, name)) or known.get(("", name))
    return found or Field(name, type_of(row[place] for row in sheet.rows))


def _part_units(a: Answer) -> dict[str, Sequence[str]]:
    """Return the units of the columns of each table of each part, by the name of its file."""
    return {
        f"{part.id}_{table.name}.csv": [column.unit for column in table.columns]
        for part in a.parts
        for table in part.tables
    }


def type_of(cells: Iterable[object]) -> str:
    """Return the type of cells, absent ones aside; words and numbers mixed are ``any``."""
    found = {TYPES.get(type(cell), "string") for cell in cells if cell is not None}
    if found == {"integer", "number"}:
        return "number"
    return found.pop() if len(found) == 1 else "any"
