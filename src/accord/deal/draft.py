"""A deal file while it is read: its tables, their lines, and the faults found so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from accord.deal.locator import Locator, nearest_line
from accord.deal.text import DealText
from accord.deal.values import Row, list_of, table_of, tables_in
from accord.deal.vocabulary import Vocabulary
from accord.errors import Fault
from accord.instruments.problem import Path, Problem, shown
from accord.instruments.table import Table, read_table

Model = TypeVar("Model", bound=Table)


class Draft:
    """Gathers faults while the parts of a file are read one after the other."""

    def __init__(
        self, source: DealText, tables: Mapping[str, Any], vocabulary: Vocabulary | None = None
    ) -> None:
        self.file = source.file
        self.tables = tables
        self.locator = Locator(source.text)
        self.vocabulary = vocabulary
        self.source_ids: tuple[str, ...] = ()
        self._found: list[Fault] = []

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong so far, in the order of the file, each once."""
        return in_order(self._found)

    def add(self, fault: Fault) -> None:
        """Record a fault."""
        self._found.append(fault)

    def report(self, place: Path, label: str | None, problem: Problem) -> None:
        """Record a problem of the table at ``place``."""
        self.add(as_fault(self.file, self.locator.below(place), label, problem))

    def rows(self, name: str, *, needed: bool) -> list[tuple[Path, Row]]:
        """Return the tables ``[[name]]`` with their places."""
        rows: object = self.tables.get(name)
        if rows is None:
            if needed:
                fix = f"add [[{name}]]; `accord new` shows one"
                problem = Problem((), f"no [[{name}]]", f"one [[{name}]] or more", fix)
                self.report((), None, problem)
            return []
        return self.rows_of(rows, (name,), f"[[{name}]]", name)

    def rows_of(self, rows: object, place: Path, header: str, label: str) -> list[tuple[Path, Row]]:
        """Return the tables of a list with their places; report what is no table."""
        entries = list_of(rows)
        if entries is None:
            found = header[1:-1] if isinstance(rows, dict) else f"{place[-1]} = {shown(rows)}"
            fix = f"write {header}: there can be more than one"
            self.report(place, label, Problem((), found, header, fix))
            return []
        good: list[tuple[Path, Row]] = []
        for number, entry in enumerate(entries):
            row = table_of(entry)
            if row is not None:
                good.append(((*place, number), row))
            else:
                problem = Problem((), shown(entry), f"a table {header}", f"write {header}")
                self.report((*place, number), label, problem)
        return good

    def read(self, row: Row, model: type[Model], place: Path, label: str) -> Model | None:
        """Return a table as its model, or report what is wrong with it."""
        read, problems = read_table(model, row)
        for problem in problems:
            self.report(place, label, problem)
        return None if problems else read

    def read_all(self, name: str, model: type[Model]) -> list[Model]:
        """Return the tables ``[[name]]`` as their models, as far as they are in order."""
        rows = self.rows(name, needed=True)
        read = [self.read(row, model, place, label(name, row, place)) for place, row in rows]
        return [model for model in read if model is not None]

    def no_repeats(self, name: str, field: str) -> None:
        """Report tables ``[[name]]`` that bear one name."""
        first: dict[str, Path] = {}
        for number, row in enumerate(tables_in(self.tables.get(name))):
            key = row.get(field)
            if not isinstance(key, str):
                continue
            place: Path = (name, number)
            if key in first:
                line = self.locator.line((*first[key], field))
                fix = f"give it another {field} than the one on line {line}, or take it out"
                problem = Problem((field,), f'"{key}" again', "a name used once", fix)
                self.report(place, label(name, row, place), problem)
            first.setdefault(key, place)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by line, each once: a variant repeats the faults of the terms it keeps."""
    first: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        first.setdefault((fault.line, fault.field, fault.found), fault)
    return tuple(sorted(first.values(), key=lambda fault: fault.line or 0))


def as_fault(file: str, lines: Mapping[Path, int], label: str | None, problem: Problem) -> Fault:
    """Return a problem as a fault of the file."""
    return Fault(
        file=file,
        line=nearest_line(lines, problem.path),
        term=label,
        field=problem.field or None,
        found=problem.found,
        allowed=problem.allowed,
        fix=problem.fix,
    )


def label(name: str, row: Row, place: Path, variant: str | None = None) -> str:
    """Return what people call a table: a term by its id, others by kind and id."""
    key = row.get("id") or row.get("code") or row.get("company")
    if not isinstance(key, str):
        number = place[-1] if isinstance(place[-1], int) else 0
        key = f"{name} {number + 1}"
    elif name != "term":
        key = f"{name} {key}"
    return key if variant is None else f"{key} (variant {variant})"
