"""The tables of a comparison: levels of each scenario, and what each has more than the first."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accord.assessment import Assessment
from accord.equilibrium import Equilibrium
from accord.market import LaneKey
from accord.report.block import Block, Line
from accord.report.compare import Comparison, against_first, gain_name, labels, welfare_rows
from accord.report.compare_draws import Against, span
from accord.report.compare_numbers import gain, knows, read
from accord.report.main_results import NO_CHANGE, Result
from accord.report.numbers import (
    NONE,
    UNITS,
    Number,
    Unit,
    amount,
    digits_for,
    largest,
    rate,
    unit_for,
)
from accord.report.suppliers import asked

LABEL_WIDTH = 11
MOST_COLUMNS = 8
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
UNBROKEN = "\\1\N{NON-BREAKING HYPHEN}\\2\N{NON-BREAKING HYPHEN}\\3"
RANGE = "10 … 90 %"
SIDE_BY_SIDE = "Side by side"
LEVELS_NOTE = (
    "10 … 90 %: between these values the number lies in 8 of 10 draws of what is uncertain."
)
DIFFERENCES_NOTE = (
    "10 … 90 % of the difference is taken draw by draw over draws common to both scenarios; it is "
    "not the difference of the two ranges."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of a scenario as text: the value, its range, in how many draws it is the higher."""

    value: str
    range: str = ""
    higher: str = ""


@dataclass(frozen=True)
class Column:
    """A column of levels: the answer it is from, and whether it is before or after the deal."""

    title: str
    answer: Assessment
    before: bool

    @property
    def equilibrium(self) -> Equilibrium:
        """The market that the column is of."""
        effects = self.answer.effects
        return effects.before if self.before else effects.after

    def value(self, result: Result) -> Number:
        """Return a number's level."""
        return read(self.answer, result)[0 if self.before else 1]

    def rate(self, result: Result) -> str:
        """Return a duty on a lane: banned where the lane is closed, 0 where no law asks any."""
        if not knows(self.answer, result):
            return NONE
        origin, _, destination = result.region.partition(">")
        key = LaneKey(result.good or "", origin, destination)
        if result.measure == "duty_rate_statutory":
            return asked(self.equilibrium, key, self.value(result) or 0.0)
        return rate(self.value(result) or 0.0) if self.equilibrium.flow(*key) > 0.0 else NONE

    def ends(self, result: Result) -> tuple[float, float] | None:
        """Return between what a scenario's number lies in 8 of 10 draws; ``None`` if it is one."""
        found = None if self.before else span(self.answer, result)
        return None if found is None else _apart(found.low, found.high)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table before anyone decides how ranges are set: names and entries, a column a scenario.

    ``odds``  the title of the column that says in how many draws a number is the higher, or ""
    """

    heading: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]
    odds: tuple[str, ...] = ()
    note: str = ""

    def ranged(self, i: int) -> bool:
        """Return whether any number in column ``i`` has a range."""
        return any(entries[i].range for _, entries in self.rows)

    def part(self, start: int, stop: int) -> Grid:
        """Return the table of some of its scenarios."""
        return replace(
            self,
            titles=self.titles[start:stop],
            rows=tuple((name, entries[start:stop]) for name, entries in self.rows),
            odds=self.odds[start:stop],
        )


def _apart(low: float, high: float) -> tuple[float, float] | None:
    """Return both ends; ``None`` where they are one number but for rounding."""
    return None if high - low <= NO_CHANGE * largest((low, high)) else (low, high)


# --------------------------------------------------------------------------------------- levels


def columns(c: Comparison) -> list[Column]:
    """Return one column for no deal under each law that is compared, then the deals under it."""
    found: list[Column] = []
    seen: set[object] = set()
    for label, answer in zip(labels(c), c.answers, strict=True):
        state = (answer.as_of, answer.level_year, answer.closure, answer.packs)
        if state not in seen:
            seen.add(state)
            found.append(Column(heading("no deal", answer), answer, before=True))
        found.append(Column(heading(label, answer), answer, before=False))
    return found


def heading(label: str, answer: Assessment) -> str:
    """Return the title of a scenario's column: its label and the day of its law."""
    lines = textwrap.wrap(label, LABEL_WIDTH, break_long_words=True)
    return "\n".join([*lines, f"{answer.as_of}"])


def level_grid(c: Comparison) -> Grid:
    """Return every scenario's levels, with no deal under the same law before it."""
    found = columns(c)
    rows = [_level_row(r, found) for r in c.results]
    rows += [_gain_row(r, found) for r in welfare_rows(c)]
    note = LEVELS_NOTE if c.ranged else ""
    return Grid(SIDE_BY_SIDE, tuple(x.title for x in found), tuple(rows), note=note)


def levels(c: Comparison) -> Block:
    """Return the table of levels, ranges in columns of their own."""
    return in_columns(level_grid(c))


def _level_row(result: Result, found: Sequence[Column]) -> tuple[str, tuple[Entry, ...]]:
    if result.unit == "fraction":
        return result.name, tuple(Entry(x.rate(result), _rates(x.ends(result))) for x in found)
    values = [x.value(result) for x in found]
    unit = unit_for(values, UNITS[result.unit])
    digits = digits_for(values, unit)
    entries = (
        Entry(amount(v, unit, digits), _ends(x.ends(result), unit, digits))
        for v, x in zip(values, found, strict=True)
    )
    return f"{result.name}, {unit.name}", tuple(entries)


def _rates(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else _joined([rate(v) for v in ends])


def _gain_row(result: Result, found: Sequence[Column]) -> tuple[str, tuple[Entry, ...]]:
    changes = [None if x.before else gain(x.answer, result) for x in found]
    unit = unit_for(changes, UNITS[result.unit][1:])
    digits = digits_for(changes, unit)
    ends = [_ends(x.ends(result), unit, digits, signed=True) for x in found]
    entries = (
        Entry(amount(v, unit, digits, signed=True), between)
        for v, between in zip(changes, ends, strict=True)
    )
    return f"Gain of {result.name}, {unit.name}", tuple(entries)


def _ends(
    ends: tuple[float, float] | None, unit: Unit, digits: int, *, signed: bool = False
) -> str:
    return "" if ends is None else _joined([amount(v, unit, digits, signed=signed) for v in ends])


def _joined(ends: Sequence[str]) -> str:
    """Return both ends, or the one number that they are as far as digits go."""
    return " … ".join(dict.fromkeys(ends))


# ---------------------------------------------------------------------------------- differences


def difference_grid(c: Comparison) -> Grid | None:
    """Return what each scenario has more or less than the first; ``None`` where it cannot be."""
    if not c.comparable:
        return None
    short = labels(c)
    titles = [heading(n, a) for n, a in zip(short[1:], c.answers[1:], strict=True)]
    shown = [r for r in (*c.results, *welfare_rows(c)) if r.unit != "fraction"]
    rows = tuple(_difference_row(r, c) for r in shown)
    draws = c.draws
    odds = () if draws is None else tuple(
        f"higher in\nof {draws.with_first(i):,} draws" for i in range(1, len(c.answers))
    )  # fmt: skip
    name = f"More or less than {short[0]} of {c.answers[0].as_of}"
    return Grid(name, tuple(titles), rows, odds, "" if draws is None else DIFFERENCES_NOTE)


def differences(c: Comparison) -> Block | None:
    """Return the table of differences, with ranges and odds in columns of their own."""
    grid = difference_grid(c)
    return None if grid is None else in_columns(grid)


def _difference_row(result: Result, c: Comparison) -> tuple[str, tuple[Entry, ...]]:
    gaps = against_first(c, result)[1:]
    unit = unit_for(gaps, UNITS[result.unit])
    digits = digits_for(gaps, unit)
    entries: list[Entry] = []
    for i, gap in enumerate(gaps):
        value = amount(gap, unit, digits, signed=True)
        found = None if c.draws is None else c.draws.against_first(result, i + 1)
        if found is None or c.draws is None:
            entries.append(Entry(value))
            continue
        ends = _ends(_apart(found.low, found.high), unit, digits, signed=True)
        entries.append(Entry(value, ends, _odds(found, c.draws.with_first(i + 1))))
    return f"{gain_name(c, result)}, {unit.name}", tuple(entries)


def _odds(found: Against, draws: int) -> str:
    """Return in how many draws a number is higher, of how many if not of all."""
    return f"{found.higher:,}" if found.draws == draws else f"{found.higher:,} of {found.draws:,}"


# -------------------------------------------------------------------------------------- as blocks


def on_paper(grid: Grid | None) -> list[Block]:
    """Return a grid as tables that are narrow enough for paper, its note below the last."""
    if grid is None:
        return []
    count = len(grid.titles)
    columns = 1 + any(map(grid.ranged, range(count))) + bool(grid.odds)
    size = max(MOST_COLUMNS // columns, 1)
    size = math.ceil(count / math.ceil(count / size))  # tables of much the same width
    blocks: list[Block] = []
    for start in range(0, count, size):
        block = in_columns(grid.part(start, start + size))
        heading = f"{grid.heading}, continued" if start else grid.heading
        notes = block.notes if start + size >= count else ()
        blocks.append(replace(block, heading=heading, notes=notes))
    return blocks


def in_columns(grid: Grid) -> Block:
    """Return a grid as a table in which each range and each count has a column of its own."""
    ranged = [grid.ranged(i) for i in range(len(grid.titles))]
    titles = [""]
    for i, plain in enumerate(grid.titles):
        title = DAY.sub(UNBROKEN, plain)
        titles.append(title)
        titles += [f"{title}\n{RANGE}"] if ranged[i] else []
        titles += [f"{title}\n{grid.odds[i]}"] if grid.odds else []
    lines: list[Line] = []
    for name, entries in grid.rows:
        cells = [name]
        for entry, has_range in zip(entries, ranged, strict=True):
            cells.append(entry.value)
            cells += [entry.range or NONE] if has_range else []
            cells += [entry.higher or NONE] if grid.odds else []
        lines.append(Line(tuple(cells)))
    return Block(grid.heading, tuple(titles), tuple(lines), (grid.note,) if grid.note else ())
