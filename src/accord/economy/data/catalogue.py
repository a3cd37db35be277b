"""The data that `accord data` knows of: where each is, how large, under which licence."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from accord.errors import Fault, InputError

CATALOGUE = Path(__file__).with_name("catalogue.csv")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that can be fetched; ``size`` and ``sha256`` are ``None`` where nobody knows them.

    ``then`` says what to do with the file.
    """

    name: str
    title: str
    url: str
    file: str
    size: int | None
    sha256: str | None
    licence: str
    citation: str
    then: str


def catalogue(path: Path = CATALOGUE) -> tuple[Entry, ...]:
    """Return what a catalogue lists."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Entry(
                row["name"],
                row["title"],
                row["url"],
                row["file"],
                int(row["bytes"]) if row["bytes"] else None,
                row["sha256"] or None,
                row["licence"],
                row["citation"],
                row["then"],
            )
            for row in csv.DictReader(lines)
        )


def entry_named(name: str, path: Path = CATALOGUE) -> Entry:
    """Return an entry by name. Raises ``InputError`` where there is none."""
    entries = {entry.name: entry for entry in catalogue(path)}
    if name not in entries:
        allowed = ", ".join(entries)
        fix = "`accord data list` shows what there is"
        raise InputError([Fault("command line", f'the data set "{name}"', allowed, fix)])
    return entries[name]
