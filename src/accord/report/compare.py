"""Several answers side by side; the first is what the others are compared with."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from accord.assessment import Answer, Assessment
from accord.assessment.serialise import origin_to_json
from accord.display import Displayed
from accord.effects import Effects
from accord.effects.measures import WORLD
from accord.equilibrium import Equilibrium
from accord.errors import Fault, InputError
from accord.market import LaneKey
from accord.report import opening, trust
from accord.report.block import Block, Line
from accord.report.layout import HEADING, NARROWEST, QUIET, WIDTH, prose, render, table
from accord.report.main_results import NO_CHANGE, Result, results
from accord.report.names import place, region
from accord.report.numbers import (
    NONE,
    UNITS,
    Number,
    amount,
    digits_for,
    largest,
    rate,
    unit_for,
)
from accord.report.suppliers import asked

LABEL_WIDTH = 11
NAME_WIDTH = 48
WIDEST = 140


@dataclass(frozen=True)
class Comparison(Displayed):
    """Answers by reference, in the order asked for; ``results`` are what is compared."""

    references: tuple[str, ...]
    answers: tuple[Assessment, ...]
    results: tuple[Result, ...]

    @property
    def comparable(self) -> bool:
        """Whether levels may be subtracted: same data, same year, same closure."""
        return len({(a.packs[0], a.level_year, a.closure) for a in self.answers}) == 1


def markets_only(answers: Sequence[Answer]) -> list[Assessment]:
    """Return answers about markets. Raises ``InputError`` naming those that have none."""
    faults = [
        Fault(
            "command line",
            f"{a.deal.slug}, which has no term about a market",
            "deals about a market: their prices and trade are compared",
            "leave it out, and answer it with `accord run`",
        )
        for a in answers
        if not isinstance(a, Assessment)
    ]
    if faults:
        raise InputError(faults)
    return [a for a in answers if isinstance(a, Assessment)]


def compare(references: Sequence[str], answers: Sequence[Assessment]) -> Comparison:
    """Return answers ready to be shown side by side; what is shown follows the first's focus."""
    first = next((a for a in answers if a.focus.lane is not None), answers[0])
    return Comparison(tuple(references), tuple(answers), (*_duties(first), *results(first)))


def _duties(a: Assessment) -> tuple[Result, ...]:
    lane = a.focus.lane
    if lane is None:
        return ()
    where = f"{lane.origin}>{lane.destination}"
    seller = region(a, lane.origin)
    return (
        Result(f"Duty on {seller} by law", "duty_rate_statutory", where, lane.good, "fraction"),
        Result(f"Duty on {seller} paid", "duty_rate_collected", where, lane.good, "fraction"),
    )


def welfare_rows(c: Comparison) -> tuple[Result, ...]:
    """Return the rows of welfare: the parties in focus, or whoever it moves most, and the world."""
    first = next((a for a in c.answers if a.focus.lane is not None), c.answers[0])
    lane = first.focus.lane
    regions = _most_moved(first) if lane is None else [lane.destination, lane.origin]
    return tuple(
        Result(place(first, code), "welfare", code, None, "USD/yr")
        for code in dict.fromkeys([*regions, WORLD])
    )


def _most_moved(a: Assessment) -> list[str]:
    regions = a.effects.before.universe.regions
    return sorted(regions, key=lambda code: -abs(a.effects.change("welfare", code)))[:3]


# ----------------------------------------------------------------------------------- as tables


@dataclass(frozen=True)
class _Column:
    """A column: the answer it is from, and whether it is before or after the deal."""

    title: str
    answer: Assessment
    before: bool

    @property
    def equilibrium(self) -> Equilibrium:
        effects = self.answer.effects
        return effects.before if self.before else effects.after

    def value(self, result: Result) -> Number:
        return result.read(self.answer.effects)[0 if self.before else 1]

    def rate(self, result: Result) -> str:
        """Return a duty on a lane: banned where the lane is closed, 0 where no law asks any."""
        origin, _, destination = result.region.partition(">")
        key = LaneKey(result.good or "", origin, destination)
        if result.measure == "duty_rate_statutory":
            return asked(self.equilibrium, key, self.value(result) or 0.0)
        return rate(self.value(result) or 0.0) if self.equilibrium.flow(*key) > 0.0 else NONE


def _columns(c: Comparison) -> list[_Column]:
    """Return one column for no deal under each law that is compared, then the deals under it."""
    columns: list[_Column] = []
    seen: set[object] = set()
    for label, answer in zip(labels(c), c.answers, strict=True):
        state = (answer.as_of, answer.level_year, answer.closure, answer.packs)
        if state not in seen:
            seen.add(state)
            columns.append(_Column(_heading("no deal", answer), answer, before=True))
        columns.append(_Column(_heading(label, answer), answer, before=False))
    return columns


def labels(c: Comparison) -> list[str]:
    """Return short names of the scenarios: the variant alone where all are of one deal."""
    one_deal = len({a.deal.slug for a in c.answers}) == 1
    return [
        a.deal.variant if one_deal and a.deal.variant else ":".join(
            x for x in (a.deal.slug, a.deal.variant) if x
        )
        for a in c.answers
    ]  # fmt: skip


def _heading(label: str, answer: Assessment) -> str:
    lines = textwrap.wrap(label, LABEL_WIDTH, break_long_words=True)
    return "\n".join([*lines, f"{answer.as_of}"])


def levels(c: Comparison) -> Block:
    """Return every scenario's levels, with no deal under the same law before it."""
    columns = _columns(c)
    lines = [Line(_level_cells(r, columns)) for r in c.results]
    lines += [Line(_gain_cells(r, columns)) for r in welfare_rows(c)]
    return Block("Side by side", ("", *(x.title for x in columns)), tuple(lines))


def _level_cells(result: Result, columns: Sequence[_Column]) -> tuple[str, ...]:
    if result.unit == "fraction":
        return (result.name, *(x.rate(result) for x in columns))
    values = [x.value(result) for x in columns]
    unit = unit_for(values, UNITS[result.unit])
    digits = digits_for(values, unit)
    return (f"{result.name}, {unit.name}", *(amount(v, unit, digits) for v in values))


def _gain_cells(result: Result, columns: Sequence[_Column]) -> tuple[str, ...]:
    changes = [None if x.before else _gain(result, x.answer.effects) for x in columns]
    unit = unit_for(changes, UNITS[result.unit][1:])
    digits = digits_for(changes, unit)
    cells = (NONE if v is None else amount(v, unit, digits, signed=True) for v in changes)
    return (f"Gain of {result.name}, {unit.name}", *cells)


def _gain(result: Result, effects: Effects) -> float:
    change = effects.change(result.measure, result.region, result.good)
    return change if abs(change) > NO_CHANGE * effects.gross_change else 0.0


def differences(c: Comparison) -> Block | None:
    """Return what each scenario has more or less than the first; ``None`` where it cannot be."""
    if not c.comparable:
        return None
    names = labels(c)
    titles = ("", *(_heading(n, a) for n, a in zip(names[1:], c.answers[1:], strict=True)))
    rows = [r for r in (*c.results, *welfare_rows(c)) if r.unit != "fraction"]
    lines = tuple(_difference_line(r, c) for r in rows)
    return Block(f"More or less than {names[0]} of {c.answers[0].as_of}", titles, lines)


def against_first(c: Comparison, result: Result) -> list[Number]:
    """Return the value of each scenario less the first's; 0 where it is rounding."""
    values = [result.read(a.effects)[1] for a in c.answers]
    first, floor = values[0], NO_CHANGE * largest(values)
    gaps = [None if v is None or first is None else v - first for v in values]
    return [0.0 if gap is not None and abs(gap) <= floor else gap for gap in gaps]


def _difference_line(result: Result, c: Comparison) -> Line:
    gaps = against_first(c, result)[1:]
    unit = unit_for([*gaps], UNITS[result.unit])
    digits = digits_for(gaps, unit)
    cells = (amount(gap, unit, digits, signed=True) for gap in gaps)
    name = f"Gain of {result.name}" if result.measure == "welfare" else result.name
    return Line((f"{name}, {unit.name}", *cells))


# ---------------------------------------------------------------------------------- for people


def notes(c: Comparison) -> list[str]:
    """Return what must be known about each scenario: its answer, and why."""
    said: list[str] = []
    for label, a in zip(labels(c), c.answers, strict=True):
        said.append(f"{label}, {a.as_of}: {a.headline}")
        said += [f"  · {reason}" for reason in a.because]
    return said


def certificates(c: Comparison) -> str:
    """Return in one sentence whether all answers are certified, and the worst of each check."""
    checks = [a.check for a in c.answers]
    worst = max(checks, key=lambda check: check.welfare_identity)
    state = "All are certified" if all(x.ok for x in checks) else "NOT all are certified"
    return (
        f"{state}: markets clear to {trust.small(max(x.market_clearing for x in checks))}, "
        f"welfare computed twice agrees to {trust.small(worst.welfare_identity)}."
    )


def screen(c: Comparison, *, width: int = WIDTH, colour: bool = False) -> str:
    """Return the comparison as text; wide tables are broken into panels."""
    width = min(max(width, NARROWEST), WIDEST)
    lines = [
        *prose(f"{c.answers[0].deal.title}: {len(c.answers)} scenarios", width, HEADING),
        *prose(opening.data(c.answers[0]), width, QUIET),
    ]
    for block in (levels(c), differences(c)):
        if block is not None:
            for panel in panels(block, width):
                lines += [Text(), *table(panel, width)]
    lines.append(Text())
    for note in notes(c):
        lines += prose(note, width, indent="    ")
    lines += [Text(), *prose(certificates(c), width)]
    return render(lines, colour=colour)


def panels(block: Block, width: int) -> list[Block]:
    """Break a block into blocks of as many columns as fit beside the names."""
    names = min(max(len(line.cells[0]) for line in block.lines), NAME_WIDTH)
    room = max((width - names) // (LABEL_WIDTH + 2), 1)
    count = len(block.columns) - 1
    room = math.ceil(count / math.ceil(count / room))  # panels of much the same width
    starts = range(1, count + 1, room)
    return [
        Block(
            block.heading,
            (block.columns[0], *block.columns[i : i + room]),
            tuple(Line((x.cells[0], *x.cells[i : i + room]), x.weight) for x in block.lines),
        )
        for i in starts
    ]


# -------------------------------------------------------------------------------- for programs


def to_json(c: Comparison) -> dict[str, Any]:
    """Return the object that ``compare --json`` prints; lists are in the order of the deals."""
    return {
        "reference": c.references[0],
        "scenarios": [_scenario(r, a) for r, a in zip(c.references, c.answers, strict=True)],
        "rows": [_row(c, r) for r in (*c.results, *welfare_rows(c))],
    }


def _scenario(reference: str, a: Assessment) -> dict[str, Any]:
    return origin_to_json(a) | {
        "scenario": reference,
        "certificate": {
            "ok": a.check.ok,
            "market_clearing": a.check.market_clearing,
            "complementarity": a.check.complementarity,
            "mass_balance": a.check.mass_balance,
            "welfare_identity": a.check.welfare_identity,
        },
    }


def _row(c: Comparison, result: Result) -> dict[str, Any]:
    values = [result.read(a.effects) for a in c.answers]
    return {
        "measure": result.measure,
        "region": result.region,
        "good": result.good,
        "unit": result.unit,
        "before": [before for before, _ in values],
        "after": [after for _, after in values],
        "change": [None if b is None or a is None else a - b for b, a in values],
        "against_reference": against_first(c, result) if c.comparable else None,
    }
