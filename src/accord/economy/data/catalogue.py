"""The data that `accord data` knows of: where each is, how large, under which licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from accord.economy.data.text import csv_rows
from accord.errors import Fault, InputError

CATALOGUE = Path(__file__).with_name("catalogue.csv")
COLUMNS = ("name", "title", "url", "file", "bytes", "sha256", "licence", "citation", "then")
# A name that stays within its folder, on every system.
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
RESERVED = (".part", ".version", ".sha256")
CHECKSUM = re.compile(r"[0-9a-fA-F]{64}")
SCHEMES = ("https://", "http://")


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
    """Return what a catalogue lists. Raises ``InputError`` with everything wrong with it."""
    rows = list(csv_rows(path))
    header = tuple(rows[0]) if rows else ()
    if header != COLUMNS:
        fix = "write these columns on the first line"
        raise InputError([Fault(str(path), ",".join(header), ",".join(COLUMNS), fix, 1)])
    found: list[Fault] = []
    entries: list[Entry] = []
    for line, row in enumerate(rows[1:], 2):
        faults = [*_row_faults(str(path), line, row)]
        found += faults
        if not faults:
            name, title, url, file, size, sha256, licence, citation, then = row
            known = int(size) if size else None
            checksum = sha256.lower() or None
            entries.append(Entry(name, title, url, file, known, checksum, licence, citation, then))
    if found:
        raise InputError(found)
    return tuple(entries)


def _row_faults(path: str, line: int, row: list[str]) -> Iterator[Fault]:
    if len(row) != len(COLUMNS):
        fix = "fill in every cell; sha256 and bytes may be empty"
        yield Fault(path, f"{len(row)} cells", f"{len(COLUMNS)}", fix, line)
        return
    cells = dict(zip(COLUMNS, row, strict=True))
    file, size, sha256 = cells["file"], cells["bytes"], cells["sha256"]
    if not PLAIN_NAME.fullmatch(file) or file.endswith(RESERVED):
        allowed = "the name of a file: letters, digits, . _ and -, no folder before it"
        yield Fault(path, file, allowed, "name the file alone; --to says where", line, None, "file")
    if size and not (size.isascii() and size.isdecimal()):
        yield Fault(path, size, "a number of bytes, or nothing", "correct it", line, None, "bytes")
    if sha256 and not CHECKSUM.fullmatch(sha256):
        allowed = "64 hexadecimal digits, or nothing"
        yield Fault(path, sha256, allowed, "correct it", line, None, "sha256")
    if not cells["url"].startswith(SCHEMES):
        yield Fault(path, cells["url"], "an http address", "correct it", line, None, "url")


def entry_named(name: str, path: Path = CATALOGUE) -> Entry:
    """Return an entry by name. Raises ``InputError`` where there is none."""
    entries = {entry.name: entry for entry in catalogue(path)}
    if name not in entries:
        allowed = ", ".join(entries)
        fix = "`accord data list` shows what there is"
        raise InputError([Fault("command line", f'the data set "{name}"', allowed, fix)])
    return entries[name]
