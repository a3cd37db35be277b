"""Vague words and their cut-offs, from a table that anybody may edit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from accord.claims.sizes import UNITS
from accord.errors import Fault
from accord.pack.columns import Column, Known
from accord.pack.tables import Table, TableSpec, read_table

OWN = Path(__file__).with_name("words.csv")
SPEC = TableSpec(
    (
        Column("word", "word"),
        Column("kind", "word", words=("size", "tolerance", "years")),
        Column("strict", "number"),
        Column("middle", "number"),
        Column("generous", "number"),
        Column("unit", "text"),
        Column("means", "text"),
        Column("source", "text"),
        Column("status", "status"),
    ),
    ("word",),
)
CUTS = ("strict", "middle", "generous")


@dataclass(frozen=True, slots=True)
class Word:
    """A vague word: what it is a cut-off of, and how much it asks, from strict to generous.

    ``unit``  of the cut-offs of a ``size``, in a base unit; a ``tolerance`` is a share of the
    number it goes with, ``years`` are a count
    """

    name: str
    kind: str
    cuts: tuple[float, float, float]
    unit: str
    means: str
    status: str


def words_beside(deal_file: str) -> Path:
    """Return where a deal may have cut-offs of its own: ``NAME.words.csv`` beside the file."""
    path = Path(deal_file)
    return path.parent / f"{path.stem}.words.csv"


def read_words(deal_file: str) -> tuple[dict[str, Word], tuple[Fault, ...]]:
    """Return the words of the package, with those of the deal's own table in their place."""
    found, faults = _read(OWN)
    beside = words_beside(deal_file)
    if beside.exists():
        own, more = _read(beside)
        found |= own
        faults += more
    return found, faults


def _read(path: Path) -> tuple[dict[str, Word], tuple[Fault, ...]]:
    table = read_table(path, str(path), SPEC, Known())
    if not table.sound:
        return {}, table.faults
    words = [_word(table, row) for row in range(len(table))]
    faults = tuple(fault for row in range(len(table)) for fault in _faults(table, row))
    return {word.name: word for word in words}, faults


def _word(table: Table, row: int) -> Word:
    text, number = table.text, table.number
    return Word(
        name=text["word"][row],
        kind=text["kind"][row],
        cuts=(number["strict"][row], number["middle"][row], number["generous"][row]),
        unit=text["unit"][row],
        means=text["means"][row],
        status=text["status"][row],
    )


def _faults(table: Table, row: int) -> list[Fault]:
    """Return cut-offs that do not run from strict to generous, and a unit that is none."""
    word, line = _word(table, row), table.lines[row]
    found: list[Fault] = []
    low, middle, high = word.cuts
    if not low <= middle <= high and not low >= middle >= high:
        shown, fix = f"{low:g}, {middle:g}, {high:g}", "put the middle one between the others"
        allowed = "cut-offs that rise or fall from strict to generous"
        found.append(Fault(table.file, shown, allowed, fix, line, word.name, "middle"))
    if word.kind == "size" and (word.unit not in UNITS or UNITS[word.unit][1] != 1.0):
        allowed = "a base unit: fraction, ratio, t/yr, USD/t, ..."
        found.append(
            Fault(
                table.file, f'"{word.unit}"', allowed, 'write "fraction"', line, word.name, "unit"
            )
        )
    return found
