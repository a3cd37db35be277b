"""Tables on disk: read with every field as text, written the same way every time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = dict[str, str]
DECIMALS = 6


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file, field name to text."""
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def number(value: float, decimals: int = DECIMALS) -> str:
    """Return ``value`` as text: at most ``decimals`` places, no exponent, no trailing zeros."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def write(path: Path, header: Sequence[str], rows: Iterable[tuple[str, ...]]) -> None:
    """Write rows sorted by their text, so that the file depends on nothing but its content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))
