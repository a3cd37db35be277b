"""The hand-written tables of a pack, each row with its own source and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.pack.build import tables
from accord.pack.build.tables import Row

ANY = "*"


@dataclass(frozen=True)
class Inputs:
    """Tables under ``inputs/`` of a pack folder, by name."""

    folder: Path

    def rows(self, name: str) -> list[Row]:
        """Return the rows of one table."""
        return tables.read(self.folder / f"{name}.csv")

    def rule(self, name: str = "rule") -> dict[str, float]:
        """Return a table of parameter and value."""
        return {row["parameter"]: float(row["value"]) for row in self.rows(name)}


def most_specific(rows: list[Row], **wanted: str) -> Row | None:
    """Return the row that fits ``wanted`` with the fewest ``*``; the first of equals."""
    fitting = [row for row in rows if all(row[k] in {v, ANY} for k, v in wanted.items())]
    return min(fitting, key=lambda row: _looseness(row, wanted)) if fitting else None


def _looseness(row: Row, wanted: Mapping[str, str]) -> int:
    return sum(row[key] == ANY for key in wanted)
