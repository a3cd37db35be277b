"""Rows of a CSV file that a user has: read one by one, every way of being unreadable a fault."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from accord.errors import Fault, InputError

# No amount of money or people, and small enough that sums and products of such are numbers.
LARGEST = 1e100
UNREADABLE = (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error)


def csv_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a CSV file in UTF-8, with or without a mark at its start, gzipped or not.

    Raises ``InputError`` where the file is not there, is a folder, is not text, or breaks off.
    """
    try:
        with _opened(path) as lines:
            yield from csv.reader(_without_nul(lines))
    except UNREADABLE as error:
        found = getattr(error, "strerror", None) or str(error)
        fix = (
            "name a file that is there, saved as CSV in UTF-8 (.csv, or .gz of it); "
            "`accord data list` says where world tables come from"
        )
        raise InputError([Fault(str(path), found, "a CSV file that can be read", fix)]) from None


def number_in(text: str) -> float:
    """Return a cell as a number; NaN where it is none, is past counting, or has _ in it."""
    try:
        value = float("nan" if "_" in text else text)
    except ValueError:
        return float("nan")
    return value if abs(value) <= LARGEST else float("nan")


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def _without_nul(lines: IO[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise csv.Error(f"line {number} has a NUL character: this is not text")
        yield line
