"""A folder with a plain world table while it is read: its rows, and everything wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from accord.economy.data.checks import listed
from accord.economy.data.text import csv_rows, number_in
from accord.errors import Fault, InputError

TABLE = "table.toml"
# What every number says of itself, at the end of its row.
STATED = ("value", "unit", "year", "source", "status")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "regions.csv": ("region", "name", "members"),
    "sectors.csv": ("sector", "name"),
    "elasticities.csv": ("sector", *STATED),
    "trade.csv": ("sector", "exporter", "importer", *STATED),
    "tariffs.csv": ("sector", "exporter", "importer", *STATED),
    "inputs.csv": ("region", "input", "user", *STATED),
    "accounts.csv": ("region", "sector", "item", *STATED),
    "goods.csv": ("good", "sector"),
}
OPTIONAL = frozenset({"goods.csv", "tariffs.csv"})
Rows = list[tuple[int, list[str]]]


class Folder:
    """A folder being read: its rows, and everything found wrong with them so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def fault(  # noqa: PLR0913, PLR0917 - a fault has the parts it has
        self,
        file: str,
        found: str,
        allowed: str,
        fix: str,
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        """Write down one thing that is wrong."""
        self.faults.append(Fault(str(self.path / file), found, allowed, fix, line, None, field))

    def rows(self, file: str) -> Rows:
        """Return the rows of a file with their lines; none where its header is wrong."""
        header = HEADERS[file]
        path = self.path / file
        if not path.is_file():
            if file not in OPTIONAL:
                self.fault(file, "no such file", ",".join(header), "add it")
            return []
        try:
            read = list(csv_rows(path))
        except InputError as error:
            self.faults += error.faults
            return []
        if not read or tuple(cell.strip() for cell in read[0]) != header:
            found = ",".join(read[0]) if read else "an empty file"
            self.fault(file, found, ",".join(header), "write these columns", 1)
            return []
        rows: Rows = []
        for line, row in enumerate(read[1:], 2):
            if len(row) == len(header):
                rows.append((line, [cell.strip() for cell in row]))
            elif row:
                found = f"{len(row)} cells"
                self.fault(file, found, f"{len(header)}", "fill in every cell", line)
        return rows

    def number(self, file: str, line: int, column: str, cell: str) -> float:
        """Return a cell as a number; NaN, and a fault, where it is none."""
        value = number_in(cell)
        if not np.isfinite(value):
            self.fault(file, f'{column} "{cell}"', "a number", "write the number alone", line)
        return value

    def place(self, file: str, line: int, what: str, label: str, at: Mapping[str, int]) -> int:
        """Return where a label stands; −1, and a fault, where the table has no such label."""
        if label not in at:
            shown = listed(tuple(at)[:12], len(at))
            labelled = f"{what}s.csv" in HEADERS
            allowed = f"a {what} of {what}s.csv: {shown}" if labelled else shown
            fix = "correct it, or add it there" if labelled else "correct it"
            self.fault(file, f'the {what} "{label}"', allowed, fix, line)
            return -1
        return at[label]
