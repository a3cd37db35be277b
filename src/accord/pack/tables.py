"""Reads the CSV tables of a pack, and says everything that is wrong with one at once."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accord import units
from accord.errors import Fault
from accord.pack import columns
from accord.pack.columns import Column, Known, Notebook, closest, listed


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The form of a table.

    ``key``    columns that together name a row: no two rows may agree on all of them
    ``values`` number columns in the unit of the row's ``unit`` column
    ``rows``   whether the table must have at least one row
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    values: tuple[str, ...] = ()
    rows: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read: columns by name, numbers in base units, and what was wrong.

    ``file``  as messages name it;  ``lines`` the line of each row;  ``text`` cells as written
    """

    file: str
    lines: Sequence[int] = ()
    text: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    number: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    faults: tuple[Fault, ...] = ()
    present: bool = True

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults

    def label(self, row: int, key: Sequence[str]) -> str:
        """Return a row's name in messages: its key cells."""
        return " ".join(self.text[name][row] for name in key if name in self.text)


def read_text(path: Path, file: str) -> tuple[str, tuple[Fault, ...]]:
    """Return a file's text, or what is wrong with it: absent, a folder, binary, mis-encoded."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return "", (Fault(file, "no such file", "a text file", f"add {file} to the pack"),)
    except IsADirectoryError:
        return "", (Fault(file, "a folder", "a text file", "put a file in its place"),)
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        return "", (Fault(file, found, "a file you may read", "check its permissions"),)
    if b"\0" in raw:
        fix = "save it again as plain text (a spreadsheet: export it as CSV, UTF-8)"
        return "", (Fault(file, "binary data", "text in UTF-8", fix),)
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"a byte that is not UTF-8 (0x{raw[error.start]:02x})"
        fix = "save the file again with the encoding UTF-8"
        return "", (Fault(file, found, "text in UTF-8", fix, line),)


def read_table(path: Path, file: str, spec: TableSpec, known: Known) -> Table:
    """Read a table of the form ``spec``; what is wrong with it is in its ``faults``."""
    text, faults = read_text(path, file)
    if faults:
        return Table(file, faults=faults)
    if not text.strip():
        header = ",".join(c.name for c in spec.columns if c.needed)
        fault = Fault(
            file, "an empty file", f"a header line: {header}", "write the header and rows"
        )
        return Table(file, faults=(fault,))
    try:
        header, lines, rows = _split(text)
    except csv.Error as error:
        why = str(error).replace("unexpected end of data", "the file ends within quotes")
        fault = Fault(file, f"broken CSV ({why})", "comma-separated values", "check the quotes")
        return Table(file, faults=(fault,))
    faults = _header_faults(file, header, spec) + _length_faults(file, header, lines, rows)
    if not rows and spec.rows:
        found = "a header and no rows"
        faults += (Fault(file, found, "at least one row", "add the rows, or remove the file"),)
    if faults:
        return Table(file, faults=faults)
    cells = zip(*rows, strict=True) if rows else ((),) * len(header)
    return _checked(Table(file, lines, dict(zip(header, cells, strict=True))), spec, known)


def _split(text: str) -> tuple[list[str], list[int], list[list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    header: list[str] | None = None
    lines: list[int] = []
    rows: list[list[str]] = []
    for row in reader:
        if not row:
            continue
        if header is None:
            header = [name.strip() for name in row]
        else:
            lines.append(reader.line_num)
            rows.append(row)
    return header or [], lines, rows


def _header_faults(file: str, header: list[str], spec: TableSpec) -> tuple[Fault, ...]:
    names = [c.name for c in spec.columns]
    needed = [c.name for c in spec.columns if c.needed]
    allowed = f"the columns {','.join(needed)}"
    missing = [name for name in needed if name not in header]
    strange = [name for name in dict.fromkeys(header) if name not in {*names, "note"}]
    if len(missing) == len(strange) == 1:
        fix = f'rename it "{missing[0]}"'
        return (Fault(file, f'the column "{strange[0]}"', allowed, fix, 1, None, missing[0]),)
    faults = [
        Fault(file, "no such column", allowed, f'add the column "{name}"', 1, None, name)
        for name in missing
    ]
    remark = 'remove it, or name it "note" if it is a remark'
    faults += [
        Fault(file, f'the column "{name}"', allowed, closest(name, missing, remark), 1)
        for name in strange
    ]
    faults += [
        Fault(file, f"the column {header.count(name)} times", "it once", "remove the others", 1)
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    return tuple(faults)


def _length_faults(
    file: str, header: list[str], lines: list[int], rows: list[list[str]]
) -> tuple[Fault, ...]:
    width = len(header)
    return tuple(
        Fault(
            file,
            f"{len(row)} {'cell' if len(row) == 1 else 'cells'}",
            f"{width}, as many as the header has",
            'add the missing cells, or put cells with commas in "quotes"',
            line,
        )
        for line, row in zip(lines, rows, strict=True)
        if len(row) != width
    )


def _checked(table: Table, spec: TableSpec, known: Known) -> Table:
    notes = Notebook(table.file, table.lines, lambda row: table.label(row, spec.key))
    number: dict[str, list[float]] = {}
    for column in spec.columns:
        cells = table.text.get(column.name)
        if cells is None:
            continue
        if column.holds == "number":
            number[column.name] = columns.numbers(column, cells, notes)
        else:
            columns.check(column, cells, known, notes)
    _check_duplicates(table, spec, notes)
    _convert(table, spec, number)
    notes.faults.sort(key=lambda fault: fault.line or 0)
    return Table(table.file, table.lines, table.text, number, tuple(notes.faults))


def _check_duplicates(table: Table, spec: TableSpec, notes: Notebook) -> None:
    if not spec.key:
        return
    keys = list(zip(*(table.text[name] for name in spec.key if name in table.text), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[str, ...], int] = {}
    for row, key in enumerate(keys):
        if key in first:
            found = f"a second row for it; the first is on line {table.lines[first[key]]}"
            fix = "remove one of the two, or correct the one that is misnamed"
            notes.add(row, spec.key[-1], found, f"one row for each {listed(spec.key)}", fix)
        else:
            first[key] = row


def _convert(table: Table, spec: TableSpec, number: dict[str, list[float]]) -> None:
    dimension = next((c.dimension for c in spec.columns if c.holds == "unit"), "any")
    if not spec.values or dimension == "any":
        return
    cells = table.text["unit"]
    factor = {unit: _factor(unit, dimension) for unit in set(cells)}
    if all(value == 1.0 for value in factor.values()):
        return
    scale = [factor[unit] for unit in cells]
    for name in number.keys() & set(spec.values):
        number[name] = [value * by for value, by in zip(number[name], scale, strict=True)]


def _factor(unit: str, dimension: str) -> float:
    try:
        return columns.unit_factor(unit, dimension)
    except units.QuantityError:
        return math.nan
