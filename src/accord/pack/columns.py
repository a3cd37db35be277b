"""What the columns of a pack's tables may hold: one checker for each sort of cell.

A checker looks at a whole column at once and writes down every distinct wrong value. It returns
the column as the rest of the program wants it (numbers as floats in base units, the rest as text).
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from accord import units
from accord.errors import Fault
from accord.instruments.problem import nearest
from accord.instruments.problem import shown as quoted

STATUSES = ("measured", "reported", "derived", "assumed")
ANY = "*"
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a pack has declared so far; ``None`` where their own file is at fault."""

    goods: Collection[str] | None = None
    regions: Collection[str] | None = None
    sources: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and what its cells hold.

    ``holds``     good, region, source, status, year, number, unit, word or text
    ``wildcard``  for a good or region: whether ``*`` may stand for all of them
    ``words``     for a word: those allowed (empty: any)
    ``dimension`` for a unit: what it must measure (see ``unit_factor``)
    ``least``     for a number: the smallest allowed; ``above``: it must exceed this; ``most``
    ``hint``      the likely fix of a number out of range
    ``needed``    whether the column must be there; ``filled``: whether a cell must hold something
    """

    name: str
    holds: str
    wildcard: bool = False
    words: tuple[str, ...] = ()
    dimension: str = ""
    least: float | None = None
    above: float | None = None
    most: float | None = None
    hint: str = ""
    needed: bool = True
    filled: bool = True


@dataclass(slots=True)
class Notebook:
    """Where the faults of one file are written down, each distinct wrong value once."""

    file: str
    lines: Sequence[int]
    labels: Callable[[int], str] = lambda _: ""
    faults: list[Fault] = field(default_factory=list[Fault])

    def add(self, row: int, column: str, found: str, allowed: str, fix: str) -> None:
        """Write down what is wrong with one cell."""
        label = self.labels(row) or None
        line = self.lines[row]
        self.faults.append(Fault(self.file, found, allowed, fix, line, label, column))

    def add_repeated(
        self, rows: Sequence[int], column: str, found: str, allowed: str, fix: str
    ) -> None:
        """Write down a wrong value once, with the first line and how many more have it."""
        more = len(rows) - 1
        if more:
            found = f"{found} (and on {more} more {'line' if more == 1 else 'lines'})"
        self.add(rows[0], column, found, allowed, fix)


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names as a list for a message, cut short where there are many."""
    every = list(names)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown}, … ({len(every)} in all)"


def closest(name: str, names: Collection[str], otherwise: str) -> str:
    """Return a likely fix for a name that is not known."""
    near = nearest(name, names) if name.strip() else None
    return f'write "{near}", or {otherwise}' if near else otherwise


def check(column: Column, cells: Sequence[str], known: Known, notes: Notebook) -> None:
    """Write down everything wrong with a column that does not hold numbers."""
    distinct = set(cells)
    if not column.filled:
        distinct.discard("")
    wrong = {cell: message for cell in distinct if (message := _wrong(column, cell, known))}
    for cell, (allowed, fix) in sorted(wrong.items(), key=lambda item: cells.index(item[0])):
        rows = [i for i, other in enumerate(cells) if other == cell]
        notes.add_repeated(rows, column.name, shown(cell), allowed, fix)


def shown(cell: str) -> str:
    """Return a cell as a message shows it."""
    if not cell.strip():
        return "an empty cell"
    return quoted(cell)


def _wrong(column: Column, cell: str, known: Known) -> tuple[str, str] | None:
    """Return (allowed, fix) for a wrong cell, ``None`` for a right one."""
    return _CHECKS[column.holds](column, cell, known)


def _good(column: Column, cell: str, known: Known) -> tuple[str, str] | None:
    return _declared(column, cell, known.goods, "good", "goods.csv")


def _region(column: Column, cell: str, known: Known) -> tuple[str, str] | None:
    if cell in column.words:
        return None
    return _declared(column, cell, known.regions, "region", "regions.csv")


def _declared(
    column: Column, cell: str, names: Collection[str] | None, what: str, file: str
) -> tuple[str, str] | None:
    if names is None or cell in names or (column.wildcard and cell == ANY):
        return None
    every = f', or "{ANY}" for every {what}' if column.wildcard else ""
    fix = closest(cell, names, f"add the {what} to {file}")
    return f"a {what} of {file}: {listed(names)}{every}", fix


def _source(_: Column, cell: str, known: Known) -> tuple[str, str] | None:
    if known.sources is None:
        return None
    names = [part.strip() for part in cell.split(";")]
    missing = next((name for name in names if name not in known.sources), None)
    if missing is None:
        return None
    allowed = 'the id of a [[source]] in pack.toml, or several with ";" between'
    if not missing:
        return allowed, "say where the number comes from: every number needs a source"
    otherwise = f'add a [[source]] with id = "{missing}" to pack.toml'
    return allowed, closest(missing, known.sources, otherwise)


def _status(_: Column, cell: str, __: Known) -> tuple[str, str] | None:
    if cell in STATUSES:
        return None
    fix = closest(cell, STATUSES, 'write "assumed" if nobody measured or reported it')
    return f"one of {', '.join(STATUSES)}", fix


def _year(_: Column, cell: str, __: Known) -> tuple[str, str] | None:
    if cell.isascii() and cell.isdigit() and FIRST_YEAR <= int(cell) <= LAST_YEAR:
        return None
    return f"a year, {FIRST_YEAR} to {LAST_YEAR}", "write the year with four digits, as in 2017"


def _word(column: Column, cell: str, _: Known) -> tuple[str, str] | None:
    if not cell.strip():
        return "some text", f"fill in the {column.name}"
    if not column.words or cell in column.words:
        return None
    near = nearest(cell, column.words) or column.words[0]
    return f"one of {listed(column.words)}", f'write "{near}"'


def _unit(column: Column, cell: str, _: Known) -> tuple[str, str] | None:
    try:
        unit_factor(cell, column.dimension)
    except units.QuantityError as error:
        return error.allowed, error.fix
    return None


def _text(_: Column, __: str, ___: Known) -> tuple[str, str] | None:
    return None


_CHECKS: dict[str, Callable[[Column, str, Known], tuple[str, str] | None]] = {
    "good": _good,
    "region": _region,
    "source": _source,
    "status": _status,
    "year": _year,
    "word": _word,
    "unit": _unit,
    "text": _text,
}

_DIMENSIONS = {
    "mass a year": units.MASS_RATE,
    "price": units.PRICE,
    "power per tonne": units.POWER_INTENSITY,
    "price of power": units.POWER_PRICE,
    "emissions per tonne": units.EMISSION_INTENSITY,
}


@cache
def unit_factor(unit: str, dimension: str) -> float:
    """Return how many base units one ``unit`` is; ``QuantityError`` where it does not fit.

    Flows and capacities may leave out "/yr", because every table of a pack is about one year.
    ``number`` is a plain number ("1", "t/t", "fraction" or "%"); ``any`` fits everything and is
    not converted.
    """
    if dimension == "any":
        return _any_factor(unit)
    if dimension == "number":
        return _number_factor(unit)
    if dimension == "mass a year" and "/" not in unit:
        with contextlib.suppress(units.QuantityError):
            return units.factor(unit, units.MASS)
    return units.factor(unit, _DIMENSIONS[dimension])


def _any_factor(unit: str) -> float:
    if unit.strip():
        return 1.0
    raise units.QuantityError("an empty cell", "a unit", "write the unit of the number")


def _number_factor(unit: str) -> float:
    if unit == "1":
        return 1.0
    try:
        return units.factor(unit, units.SHARE)
    except units.QuantityError:
        allowed = "a plain number: 1, t/t, fraction or %"
        raise units.QuantityError(shown(unit), allowed, 'write "1"') from None


def numbers(column: Column, cells: Sequence[str], notes: Notebook) -> list[float]:
    """Return a column as floats; write down every cell that is no number or out of range.

    A wrong cell becomes NaN, and so does an empty one of a column that need not be filled.
    """
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        values = [_number(column, cell, row, notes) for row, cell in enumerate(cells)]
    else:
        if not all(map(math.isfinite, values)):
            values = [_number(column, cell, row, notes) for row, cell in enumerate(cells)]
    _check_range(column, cells, values, notes)
    return values


def _number(column: Column, cell: str, row: int, notes: Notebook) -> float:
    if not cell.strip() and not column.filled:
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    notes.add(row, column.name, shown(cell), _range(column), _number_fix(cell))
    return math.nan


def _number_fix(cell: str) -> str:
    if not cell.strip():
        return "write the number, or leave the row out if nobody knows it"
    if "," in cell:
        return "write the number with a decimal point and no commas"
    try:
        float(cell)
    except ValueError:
        return "write the number alone; its unit goes in the unit column"
    return "write a finite number, or leave the row out if nobody knows it"


def _check_range(
    column: Column, cells: Sequence[str], values: Sequence[float], notes: Notebook
) -> None:
    if column.least is None and column.above is None and column.most is None:
        return
    least = -math.inf if column.least is None else column.least
    above = -math.inf if column.above is None else column.above
    most = math.inf if column.most is None else column.most
    for row, value in enumerate(values):
        if value < least or value <= above or value > most:
            fix = column.hint or f"correct the {column.name}"
            if value < 0:
                fix = (
                    "a minus sign may have slipped in; if nothing is there, write 0 or drop the row"
                )
            notes.add(row, column.name, cells[row], _range(column), fix)


def _range(column: Column) -> str:
    bounds: list[str] = []
    if column.least is not None:
        bounds.append(f"at least {column.least:g}")
    if column.above is not None:
        bounds.append(f"above {column.above:g}")
    if column.most is not None:
        bounds.append(f"at most {column.most:g}")
    return f"a number {' and '.join(bounds)}" if bounds else "a number"
