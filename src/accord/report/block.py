"""A table as people are shown it, before anyone decides how: on a screen or on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["plain", "focus", "total", "rest"]
SENTENCE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells as text, and whether it is what the deal is about or a sum."""

    cells: tuple[str, ...]
    weight: Weight = "plain"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, column titles, rows and notes; the first column names the rows.

    ``words`` are the titles of the further columns that hold words; the rest hold numbers.
    """

    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = ("unit",)

    def is_text(self, column: int) -> bool:
        """Return whether a column holds words."""
        return column == 0 or self.columns[column] in self.words

    def is_long(self, column: int) -> bool:
        """Return whether a column holds sentences, which may be broken."""
        return any(len(line.cells[column]) > SENTENCE for line in self.lines)


def more(count: int, what: str = "more") -> str:
    """Return the row or item that stands for what is left out."""
    return f"… {count:,} {what}"
