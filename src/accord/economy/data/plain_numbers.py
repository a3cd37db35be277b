"""Numbers of a plain world table, one a row, each with unit, year, source and status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from accord.economy.data.checks import listed
from accord.economy.data.plain_folder import STATED, Folder
from accord.economy.origins import NAMED, NO_FIGURE, STATUSES, Codes, Origin, Origins
from accord.economy.world import Array, Source
from accord.errors import Fault

ABSENT_SHOWN = 5
Cells = tuple[str, str, str, str]


@dataclass(frozen=True)
class Shape:
    """What a file has a row for.

    ``file``   its name;  ``unit`` of its numbers;  ``what`` one of them is called
    ``axes``   for each label of a row: what it is, and where each label stands in the array
    ``label``  how a place is written, from its labels
    ``whole``  whether every place needs a row
    """

    file: str
    unit: str
    what: str
    axes: tuple[tuple[str, Mapping[str, int]], ...]
    label: Callable[[Sequence[str]], str]
    whole: bool = True


def read_numbers(
    folder: Folder, shape: Shape, sources: Mapping[str, Source]
) -> tuple[Array, Origins]:
    """Return the array of a file, axes as its labels are, and the origin of each number.

    What has no row is 0 without an origin; everything wrong is the folder's fault.
    """
    size = tuple(len(at) for _, at in shape.axes)
    values, code = np.zeros(size), np.full(size, NO_FIGURE, dtype=np.intp)
    stated = _Stated(folder, shape, sources)
    labels = len(shape.axes)
    for line, row in folder.rows(shape.file):
        place = tuple(
            folder.place(shape.file, line, what, label, at)
            for (what, at), label in zip(shape.axes, row[:labels], strict=True)
        )
        if min(place) < 0:
            continue
        if code[place] != NO_FIGURE:
            folder.fault(
                shape.file, f"a second row for the {shape.what}", "one", "remove one", line
            )
        values[place] = folder.number(shape.file, line, STATED[0], row[labels])
        code[place] = stated.code(line, (row[-4], row[-3], row[-2], row[-1]))
    stated.tell()
    if shape.whole:
        _refuse_absent(folder, shape, code)
    return values, Origins(tuple(stated.kinds), code)


@dataclass
class _Stated:
    """Ends of rows that occur so far (unit, year, source, status), with the lines of each."""

    folder: Folder
    shape: Shape
    sources: Mapping[str, Source]
    kinds: list[Origin] = field(default_factory=list[Origin])
    _codes: dict[Cells, int] = field(default_factory=dict[Cells, int])
    _lines: dict[Cells, list[int]] = field(default_factory=dict[Cells, list[int]])

    def code(self, line: int, cells: Cells) -> int:
        """Return which kind of origin a row states; each kind is checked once, in ``tell``."""
        if cells not in self._codes:
            self._codes[cells] = len(self.kinds)
            _, year, source, status = cells
            number = int(year) if _is_year(year) else 0
            self.kinds.append(Origin(source, NAMED.get(status, STATUSES[-1]), number))
            self._lines[cells] = []
        self._lines[cells].append(line)
        return self._codes[cells]

    def tell(self) -> None:
        """Write down what is wrong with each kind, once, with its first line and its rows."""
        told: dict[Fault, list[int]] = {}
        path = str(self.folder.path / self.shape.file)
        for cells, lines in self._lines.items():
            for column, found, allowed, fix in self._wrong(cells):
                fault = Fault(path, found, allowed, fix, None, None, column)
                told.setdefault(fault, []).extend(lines)
        for fault, lines in told.items():
            rows = f" in {len(lines):,} rows" if len(lines) > 1 else ""
            self.folder.fault(
                self.shape.file, fault.found + rows, fault.allowed, fault.fix, min(lines),
                fault.field,
            )  # fmt: skip

    def _wrong(self, cells: Cells) -> list[tuple[str, str, str, str]]:
        unit, year, source, status = cells
        out: list[tuple[str, str, str, str]] = []
        if unit != self.shape.unit:
            fix = "convert the number, or correct the unit"
            out.append(("unit", f'"{unit}"', self.shape.unit, fix))
        if not _is_year(year):
            out.append(("year", f'"{year}"', "a year, as 2022", "write the year of the number"))
        ids = Origin(source, STATUSES[0], 0).ids
        strange = [x for x in ids if x not in self.sources]
        if strange:
            allowed = f"ids of [[source]], {listed(tuple(self.sources), len(self.sources))}"
            found = ", ".join(f'"{x}"' for x in strange)
            out.append(("source", found, allowed, "correct the id, or add the [[source]]"))
        if status not in STATUSES:
            out.append(("status", f'"{status}"', ", ".join(STATUSES), "write one of them"))
        guessed = [x for x in ids if x in self.sources and self.sources[x].status == "assumed"]
        if status in STATUSES[:2] and guessed:
            found = f"{status}, from {', '.join(guessed)}, which is assumed"
            out.append(("status", found, "derived or assumed", "correct the status or the source"))
        return out


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == len("2022")


def _refuse_absent(folder: Folder, shape: Shape, code: Codes) -> None:
    absent = np.argwhere(code == NO_FIGURE)
    if len(absent):
        names = [tuple(at) for _, at in shape.axes]
        shown = [
            shape.label([labels[int(k)] for labels, k in zip(names, place, strict=True)])
            for place in absent[:ABSENT_SHOWN]
        ]
        found = f"no row for {len(absent)} {shape.what}s: {listed(shown, len(absent))}"
        fix = "add them, 0 where there is nothing"
        folder.fault(shape.file, found, f"a row for every {shape.what}", fix)
