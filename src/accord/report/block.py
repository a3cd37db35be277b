"""A table as people are shown it, before anyone decides how: on a screen or on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

Weight = Literal["plain", "focus", "total", "rest"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells as text, and whether it is what the deal is about or a sum."""

    cells: tuple[str, ...]
    weight: Weight = "plain"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, column titles (the first column is text, the rest numbers), rows and notes."""

    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def more(count: int, what: str = "more") -> str:
    """Return the row or item that stands for what is left out."""
    return f"… {count:,} {what}"


def shortened(items: Sequence[T], most: int | None) -> tuple[Sequence[T], int]:
    """Return at most ``most`` items and how many are left out; never leaves out just one."""
    if most is None or len(items) <= most:
        return items, 0
    kept = max(most - 1, 0)
    return items[:kept], len(items) - kept
