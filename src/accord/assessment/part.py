"""A part of an answer that is not the market's: budgets, a project, minerals; a frozen value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.claims import Draws
from accord.effects import Row

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a part's table: its name, and the unit of its numbers ("" for words, counts).

    ``digits``  after the point on screen and page; ``None`` leaves it to the size of the numbers
    """

    name: str
    unit: str = ""
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class PartTable:
    """A small tidy table; ``name`` is that of its file, ``None`` a cell that is absent.

    Years and counts are ``int`` and shown as they are; amounts are ``float`` in the column's unit.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartSource:
    """Where a part's numbers come from."""

    id: str
    title: str
    publisher: str
    year: int | None = None
    licence: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartCheck:
    """An identity that must hold: how far it is off, and how far it may be."""

    name: str
    value: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether it holds; what is not finite does not."""
        return math.isfinite(self.value) and abs(self.value) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Amount:
    """One number of an offer at a glance, in its base unit (t/yr, MW, USD, USD/yr).

    ``region``  whose it is, "" for a quantity;  ``holder`` who of it, where that is not the state
    ``low, high``  its range, ``None`` where there is none; ``range_is`` says of what kind it is
    """

    what: str
    value: float
    unit: str
    region: str = ""
    holder: str = ""
    low: float | None = None
    high: float | None = None
    range_is: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """An offer in one line, to stand beside other offers.

    ``money_is``  what its money is, in words and in short ones: a gain of welfare, a worth, a
                  budget; money of one kind is never added to that of another
    ``shown``     the range that tells most about how sure the offer is, ``None`` without any
    ``year, when``  the year of its numbers, and that in words;  ``needs`` what must hold for them
    """

    name: str
    quantities: tuple[Amount, ...]
    money: tuple[Amount, ...]
    money_is: tuple[str, str]
    shown: Amount | None
    year: int
    when: str
    needs: tuple[str, ...]

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Quantities, then money."""
        return (*self.quantities, *self.money)

    def money_of(self, region: str) -> float | None:
        """Return what all holders in a region get together, ``None`` where there are none."""
        found = [x.value for x in self.money if x.region == region]
        return sum(found) if found else None


@dataclass(frozen=True, slots=True)
class RangeNote:
    """What low and high of a measure's rows are, or why they have none.

    ``ranged``  whether it is about rows with a range or about those without
    """

    measure: str
    says: str
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What the terms of one domain come to.

    ``headline``  one sentence, made from the numbers;  ``because`` further ones, most telling first
    ``rows``      effects, in the form of the market's;  ``tables`` for the page and ``--out``: the
                  first is on the screen too where it is short
    ``packs``     the data it rests on;  ``checks`` one that fails means that there is no answer
    ``summary``   the part in one line;  ``draws`` effects over draws, for claims
    ``range_notes``  what the ranges of rows are, and why rows have none
    """

    id: str
    title: str
    headline: str
    rows: tuple[Row, ...]
    tables: tuple[PartTable, ...]
    assumptions: tuple[Assumption, ...]
    sources: tuple[PartSource, ...]
    not_modelled: tuple[NotModelled, ...]
    checks: tuple[PartCheck, ...]
    because: tuple[str, ...] = ()
    packs: tuple[Reference, ...] = ()
    summary: Summary | None = None
    draws: tuple[Draws, ...] = ()
    range_notes: tuple[RangeNote, ...] = ()

    def range_note(self, row: Row) -> str | None:
        """Return what low and high of a row are, or why it has none."""
        kind = row.measure, row.low is not None and row.high is not None
        return next((x.says for x in self.range_notes if (x.measure, x.ranged) == kind), None)

    def row(self, measure: str, region: str, year: int | None = None) -> Row | None:
        """Return one effect (of the last year there is, without ``year``), or ``None``."""
        found = [
            row
            for row in self.rows
            if (row.measure, row.region) == (measure, region) and year in (None, row.year)
        ]
        return max(found, key=lambda row: row.year, default=None)


def packs_of(parts: Iterable[Part], *market: Reference) -> tuple[Reference, ...]:
    """Return the packs that went into an answer, each once."""
    return tuple(dict.fromkeys((*market, *(x for part in parts for x in part.packs))))
