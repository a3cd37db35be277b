"""Reads TOML, and finds the line of a table or field again for messages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accord.errors import Fault
from accord.instruments.problem import Problem

_TABLE = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?$")
_FIELD = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A TOML file: its tables, and the line of every table and field."""

    file: str
    tables: Mapping[str, object]
    lines: Mapping[Place, int]

    def line(self, *place: str | int) -> int | None:
        """Return the line of a place such as ``("source", 2, "title")``, or of what holds it."""
        for size in range(len(place), 0, -1):
            if place[:size] in self.lines:
                return self.lines[place[:size]]
        return None

    def fault(self, problem: Problem, table: Place = (), term: str | None = None) -> Fault:
        """Return a problem of a table as a fault of this file."""
        line = self.line(*table, *problem.path)
        field = problem.field or None
        return Fault(self.file, problem.found, problem.allowed, problem.fix, line, term, field)


def read_toml(text: str, file: str) -> tuple[Document, tuple[Fault, ...]]:
    """Return a TOML document, empty where its syntax is wrong, and what is wrong with it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Document(file, {}, {}), (_syntax(str(error), file),)
    return Document(file, tables, _lines(text.splitlines())), ()


def _syntax(message: str, file: str) -> Fault:
    match = _LINE.search(message)
    line = int(match[1]) if match else None
    what = _LINE.sub("", message)
    found = what[:1].lower() + what[1:]
    found = found.replace(r"illegal character '\n'", "the line ends too early")
    if match:
        found += f" at column {match[2]}"
    fix = "check quotes, brackets and commas on this line and the one before"
    return Fault(file, found, "TOML (https://toml.io)", fix, line)


def _lines(text: Sequence[str]) -> dict[Place, int]:
    lines: dict[Place, int] = {}
    count: dict[str, int] = {}
    table: Place = ()
    for number, line in enumerate(text, start=1):
        header = _TABLE.match(line)
        if header:
            name = header[1]
            table = (name,)
            if line.lstrip().startswith("[["):
                table = (name, count.get(name, 0))
                count[name] = count.get(name, 0) + 1
            lines.setdefault(table, number)
            continue
        field = _FIELD.match(line)
        if field:
            lines.setdefault((*table, field[1]), number)
    return lines
