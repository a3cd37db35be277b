"""Flows of trade with what they may depend on, from a CSV file of one's own: one row a flow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.economy.data.text import csv_rows, number_in
from accord.economy.world import Array
from accord.errors import Fault, InputError

# A variable that needs no column: 1 between different countries, 0 at home.
BORDER = "border"
LOG = re.compile(r"log\((.+)\)")
SHOWN = 5
EMPTY: list[str] = []


@dataclass(frozen=True, slots=True)
class FlowColumns:
    """Which columns to read; ``year`` may be left out.

    ``variables``  names of columns, ``log(COLUMN)``, or ``border``
    """

    variables: tuple[str, ...]
    trade: str = "trade"
    exporter: str = "exporter"
    importer: str = "importer"
    year: str | None = None


@dataclass(frozen=True)
class Flows:
    """n flows: labels, trade (n,) in the file's money, and variables (n,) each.

    ``year`` is empty text where there is none.
    """

    exporter: tuple[str, ...]
    importer: tuple[str, ...]
    year: tuple[str, ...]
    trade: Array
    variables: Mapping[str, Array]


def read_flows(path: Path, columns: FlowColumns) -> Flows:
    """Return the flows of a file.

    Raises ``InputError`` with everything wrong with it: columns that are not there, rows of
    another width, cells that are no numbers, logarithms of 0, flows told twice.
    """
    reading = _Reading(path, columns)
    exporter, importer = reading.words(columns.exporter), reading.words(columns.importer)
    year = ("",) * len(exporter) if columns.year is None else reading.words(columns.year)
    trade = reading.numbers(columns.trade)
    abroad = np.array([e != i for e, i in zip(exporter, importer, strict=True)], dtype=np.float64)
    variables = {
        name: abroad if reading.is_border(name) else reading.variable(name)
        for name in columns.variables
    }
    reading.refuse_twice(list(zip(exporter, importer, year, strict=True)))
    if reading.faults:
        raise InputError(reading.faults)
    return Flows(exporter, importer, year, trade, variables)


class _Reading:
    """A file being read, and everything found wrong with it so far."""

    def __init__(self, path: Path, columns: FlowColumns) -> None:
        self.file = str(path)
        self.faults: list[Fault] = []
        rows = csv_rows(path)
        head = [cell.strip() for cell in next(rows, EMPTY)]
        self.at = {name: k for k, name in enumerate(head)}
        self._refuse_missing(columns)
        numbered = [(line, row) for line, row in enumerate(rows, 2) if row]
        wrong = [line for line, row in numbered if len(row) != len(head)]
        if wrong:
            fix = "fill in every cell, and put quotes around cells with a comma in them"
            self._fault(f"rows with another number of cells: {_lines(wrong)}", f"{len(head)}", fix)
        self.rows = [(line, row) for line, row in numbered if len(row) == len(head)]
        if not self.rows:
            self._fault("no rows", "one row a flow", "add the flows")

    def is_border(self, name: str) -> bool:
        """Return whether a variable is the one that needs no column."""
        return name == BORDER and BORDER not in self.at

    def words(self, name: str) -> tuple[str, ...]:
        """Return a column as labels; an empty one is a fault."""
        found = tuple(row[self.at[name]].strip() for _, row in self.rows)
        empty = [line for (line, _), label in zip(self.rows, found, strict=True) if not label]
        if empty:
            self._fault(f"empty cells: {_lines(empty)}", "a label", "fill them in", name)
        return found

    def numbers(self, name: str) -> Array:
        """Return a column as numbers; what is none is a fault."""
        column = self.at[name]
        found = np.array([number_in(row[column]) for _, row in self.rows], dtype=np.float64)
        bad = [self.rows[k] for k in np.flatnonzero(~np.isfinite(found))]
        if bad:
            shown = ", ".join(f'"{row[column]}" in line {line}' for line, row in bad[:SHOWN])
            found_text = f"{len(bad)} cells: {shown}{', …' if len(bad) > SHOWN else ''}"
            self._fault(found_text, "a number", "correct them, or leave the rows out", name)
        return found

    def variable(self, name: str) -> Array:
        """Return a column as numbers, or their logarithms where the name says so."""
        inner = LOG.fullmatch(name)
        if inner is None:
            return self.numbers(name)
        found = self.numbers(inner[1])
        low = [self.rows[k][0] for k in np.flatnonzero(found <= 0.0)]
        if low:
            fix = "leave the rows out, or take the number itself"
            self._fault(f"0 or below: {_lines(low)}", "above 0: it has a logarithm", fix, name)
        return np.log(np.where(found > 0.0, found, 1.0))

    def refuse_twice(self, keys: Sequence[tuple[str, ...]]) -> None:
        """Write down flows that are told more than once."""
        seen: dict[tuple[str, ...], int] = {}
        again = [
            self.rows[k][0] for k, key in enumerate(keys) if seen.setdefault(key, k) != k
        ]  # fmt: skip
        if again:
            fix = "add them up, or name the column of years with --year"
            self._fault(f"a flow told before: {_lines(again)}", "each flow once", fix)

    def _refuse_missing(self, columns: FlowColumns) -> None:
        wanted = [columns.trade, columns.exporter, columns.importer]
        wanted += [] if columns.year is None else [columns.year]
        for name in columns.variables:
            inner = LOG.fullmatch(name)
            wanted += [] if self.is_border(name) else [name if inner is None else inner[1]]
        missing = [name for name in dict.fromkeys(wanted) if name not in self.at]
        if missing:
            fix = "name the columns with --trade, --exporter, --importer, --year and --on"
            head = ", ".join(self.at) or "a line with the columns' names"
            raise InputError([Fault(self.file, f"no column {', '.join(missing)}", head, fix, 1)])

    def _fault(self, found: str, allowed: str, fix: str, field: str | None = None) -> None:
        self.faults.append(Fault(self.file, found, allowed, fix, None, None, field))


def _lines(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:SHOWN])
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"
