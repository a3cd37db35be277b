"""A picture for each number compared: scenarios on one axis, their differences on another. SVG.

A filled dot is the central answer, a ring what it is without the deal, a thick line the range over
draws. Texts stand in rows of their own beside it, so that the picture can be read without it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from accord.report.compare import Comparison, against_first, names, welfare_rows
from accord.report.compare_axis import NARROW, WIDE, Axis, Frame, Mark, Panel, axis_of
from accord.report.compare_draws import span
from accord.report.compare_numbers import WELFARE, gain, read
from accord.report.main_results import Result
from accord.report.numbers import DOLLARS, UNITS, amount, digits_for, unit_for

NOT_FROM_ZERO = "The first axis does not begin at 0."
PRICES = ("buyer_price", "hub_price", "producer_price")
TOP, LINE, TICKS = 6, 17, 26
LETTER = 6.7
"""Pixels of a letter of the font, on the generous side."""
STYLE = """
.scenarios text { font-size: 13px; fill: var(--ink, #1d2530) }
.scenarios text.quiet { fill: var(--quiet, #566170) }
.scenarios text.tick { fill: var(--quiet, #566170); font-size: 12px }
.scenarios .value { font-weight: 600 }
.scenarios line { stroke: var(--line, #dfe4ea); stroke-width: 1 }
.scenarios line.zero { stroke: var(--quiet, #566170) }
.scenarios line.step { stroke: var(--before, #aeb8c4); stroke-width: 2 }
.scenarios line.range { stroke: var(--accent, #0b5d8f); stroke-width: 6; stroke-opacity: .45 }
.scenarios .after { fill: var(--accent, #0b5d8f) }
.scenarios .before { fill: var(--paper, #fff); stroke: var(--quiet, #566170); stroke-width: 2 }
@media print { .scenarios * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One number's picture: its caption and its axes, levels first."""

    name: str
    caption: str
    panels: tuple[Panel, ...]

    @property
    def note(self) -> str:
        """What must be known to read it."""
        return "" if self.panels[0].from_zero else NOT_FROM_ZERO


def compared(c: Comparison) -> tuple[Compared, ...]:
    """Return what there is a picture of: what the deal is about, its price, who gains."""
    levels = [r for r in c.results if r.unit != "fraction"]
    prices = [r for name in PRICES for r in levels[1:] if r.measure == name]
    chosen = [*levels[:1], *prices[:1], *welfare_rows(c)]
    found = (_compared(c, result, i) for i, result in enumerate(chosen))
    return tuple(x for x in found if x is not None)


def _compared(c: Comparison, result: Result, place: int) -> Compared | None:
    marks = _levels(c, result)
    if not marks:
        return None
    money = result.measure == WELFARE
    units = DOLLARS[1:] if money else UNITS[result.unit]
    unit = unit_for([v for m in marks for v in m.values], units)
    first = Panel("", marks, unit, money, result.measure not in PRICES)
    gaps = _differences(c, result)
    name = f"{'Gain of ' if money else ''}{result.name}, {unit.name}"
    caption = name + (" a year" if result.unit.endswith("/yr") else "")
    return Compared(f"compared-{place}", caption, (first, *([] if gaps is None else [gaps])))


def _levels(c: Comparison, result: Result) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for name, a in zip(names(c), c.answers, strict=True):
        before, after = read(a, result)
        if result.measure == WELFARE:
            before, after = 0.0, gain(a, result)
        if after is None:
            continue
        found = span(a, result)
        low, high = (None, None) if found is None else (found.low, found.high)
        marks.append(Mark(name, after, before, low, high))
    return tuple(marks)


def _differences(c: Comparison, result: Result) -> Panel | None:
    """Return the panel of differences from the first; ``None`` where there are no common draws."""
    if c.draws is None:
        return None
    called = names(c)
    marks: list[Mark] = []
    for i, gap in enumerate(against_first(c, result)):
        found = c.draws.against_first(result, i)
        if not i or gap is None or found is None:
            continue
        marks.append(Mark(called[i], gap, None, found.low, found.high))
    if not marks:
        return None
    unit = unit_for([v for m in marks for v in m.values], UNITS[result.unit])
    what = "welfare, " if result.measure == WELFARE and not c.one_law else ""
    head = f"Difference from {called[0]} in the same draws, {what}{unit.name}"
    return Panel(head, tuple(marks), unit, signed=True, from_zero=True)


# ------------------------------------------------------------------------------------ as pictures


def picture(one: Compared, frame: Frame = WIDE) -> str:
    """Return the SVG of one number in a size."""
    name = f"{one.name}-{frame.kind}"
    body: list[str] = []
    top = TOP
    for panel in one.panels:
        drawn, top = _panel(panel, top, frame)
        body += drawn
    root = (
        f'<svg class="scenarios {frame.kind}" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" width="{frame.width}" '
        f'viewBox="0 0 {frame.width} {top}">'
    )
    return "\n".join(
        [
            root,
            f'<title id="{name}-title">{escape(one.caption)}</title>',
            f'<desc id="{name}-desc">{escape(says(one))}</desc>',
            f"<style>{STYLE}</style>",
            *body,
            "</svg>\n",
        ]
    )


def says(one: Compared) -> str:
    """Return the picture in words."""
    return " ".join(_says(panel) for panel in one.panels)


def _says(panel: Panel) -> str:
    head = f"{panel.head}: " if panel.head else ""
    marks = (f"{m.name} {' '.join(_texts(m, panel)).strip()}" for m in panel.marks)
    return f"{head}{'; '.join(marks)}."


def _panel(panel: Panel, top: int, frame: Frame) -> tuple[list[str], int]:
    """Return an axis with its marks from ``top`` on, and where it ends."""
    lines: list[str] = []
    if panel.head:
        broken = textwrap.wrap(panel.head, int(frame.width / LETTER))
        lines += [
            f'<text class="quiet" x="0" y="{top + LINE * i + 14}">{escape(line)}</text>'
            for i, line in enumerate(broken)
        ]
        top += LINE * len(broken) + 8
    bottom = top + frame.row * len(panel.marks)
    axis = axis_of(panel, frame)
    lines += axis.drawn(top, bottom)
    for i, mark in enumerate(panel.marks):
        lines += _mark(mark, panel, axis, top + frame.row * i, frame)
    return lines, bottom + TICKS


def _mark(mark: Mark, panel: Panel, axis: Axis, top: int, frame: Frame) -> list[str]:
    y = top + (frame.row - 10 if frame.stacked else frame.row / 2)
    text = top + 18 if frame.stacked else y + 4.5
    at = axis.place(mark.value)
    lines: list[str] = []
    if mark.before is not None:
        start = axis.place(mark.before)
        lines.append(_line("step", start, at, y))
        lines.append(f'<circle class="before" cx="{start:.1f}" cy="{y:.1f}" r="4"/>')
    if mark.low is not None and mark.high is not None:
        lines.append(_line("range", axis.place(mark.low), axis.place(mark.high), y))
    lines.append(f'<circle class="after" cx="{at:.1f}" cy="{y:.1f}" r="5"/>')
    value, ends = _texts(mark, panel)
    name = escape(_cut(mark.name, frame.letters))
    # Value and range are one text, so that they are read as one.
    numbers = f'<tspan class="value">{value}</tspan>'
    numbers += f" <tspan>{ends}</tspan>" if ends else ""
    lines.append(f'<text x="0" y="{text:.1f}">{name}</text>')
    lines.append(f'<text x="{frame.width}" y="{text:.1f}" text-anchor="end">{numbers}</text>')
    return lines


def _line(kind: str, start: float, end: float, y: float) -> str:
    return f'<line class="{kind}" x1="{start:.1f}" x2="{end:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _texts(mark: Mark, panel: Panel) -> tuple[str, str]:
    """Return a mark's value, and its range in brackets if it has one."""
    digits = digits_for([v for m in panel.marks for v in m.values], panel.unit)
    numbers = (mark.value, mark.low, mark.high)
    value, low, high = (amount(v, panel.unit, digits, signed=panel.signed) for v in numbers)
    ranged = mark.low is not None and mark.high is not None and low != high
    return value, f"({low} … {high})" if ranged else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def pictures(one: Compared) -> Sequence[str]:
    """Return the picture for wide and for narrow pages."""
    return [picture(one, frame) for frame in (WIDE, NARROW)]
