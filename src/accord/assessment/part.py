"""A part of an answer that is not the market's: budgets, a project, minerals; a frozen value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from accord.assessment.pieces import Assumption, NotModelled, Reference
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
class Part:
    """What the terms of one domain come to.

    ``headline``  one sentence, made from the numbers;  ``because`` further ones, most telling first
    ``rows``      effects, in the form of the market's;  ``tables`` for the page and ``--out``: the
                  first is on the screen too where it is short
    ``packs``     the data it rests on;  ``checks`` one that fails means that there is no answer
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

    def row(self, measure: str, region: str, year: int | None = None) -> Row | None:
        """Return one effect (of the last year there is, without ``year``), or ``None``."""
        found = [
            row
            for row in self.rows
            if (row.measure, row.region) == (measure, region) and year in (None, row.year)
        ]
        return max(found, key=lambda row: row.year, default=None)
