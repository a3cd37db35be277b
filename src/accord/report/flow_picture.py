"""Who supplies the buyer, before and after, as two stacks joined by bands. Plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate

from accord.assessment import Assessment
from accord.report.block import more
from accord.report.names import good, place, region
from accord.report.numbers import TONNES, Unit, amount, digits_for, unit_for
from accord.report.suppliers import Trade, chosen, trades

MOST = 6
COLUMN = 12
GAP = 5
TOP = 46
THIN = 0.75
"""Pixels that a supplier of anything at all has at least."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of the picture (pixels): its width, its stacks' height, room for names and lines.

    ``stacked``  whether name and amount stand above each other
    """

    kind: str
    width: int
    height: int
    names: int
    numbers: int
    letters: int
    stacked: bool

    @property
    def line(self) -> int:
        """The least distance of two labels."""
        return 34 if self.stacked else 20


WIDE = Frame("wide", 720, 300, 218, 132, 22, stacked=False)
NARROW = Frame("narrow", 350, 320, 112, 78, 15, stacked=True)


@dataclass(frozen=True, slots=True)
class Supplier:
    """A band: its name, tonnes before and after, and whether the deal is about it."""

    name: str
    before: float
    after: float
    kind: str


def caption(a: Assessment) -> str | None:
    """Return what the picture shows, with its unit; ``None`` without one."""
    found = suppliers_shown(a)
    if not found or a.focus.importer is None:
        return None
    unit = _unit(found)
    buyer, what = place(a, a.focus.importer), good(a, a.focus.good)
    return f"Who supplies {buyer} with {what}, {unit.name} a year"


def flow_picture(a: Assessment, frame: Frame = WIDE) -> str | None:
    """Return an SVG of the importer's suppliers before and after; ``None`` without an importer."""
    found = suppliers_shown(a)
    title = caption(a)
    if title is None:
        return None
    unit = _unit(found)
    heights = _Heights(found, frame)
    name = f"flow-{frame.kind}"
    root = (
        f'<svg class="flow {frame.kind}" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" width="{frame.width}" '
        f'height="{heights.bottom:.0f}" viewBox="0 0 {frame.width} {heights.bottom:.0f}">'
    )
    return "\n".join(
        [
            root,
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(says(found, unit))}</desc>',
            *_heads(found, frame, unit),
            *(_band(x, i, heights, frame) for i, x in enumerate(found)),
            *_labels(found, heights, frame, unit),
            "</svg>\n",
        ]
    )


def says(found: Sequence[Supplier], unit: Unit) -> str:
    """Return the picture in words."""
    digits = _digits(found, unit)
    said = (
        f"{x.name} {amount(x.before, unit, digits)} before, {amount(x.after, unit, digits)} after"
        for x in found
    )
    return f"{'; '.join(said)} ({unit.name} a year)."


def suppliers_shown(a: Assessment) -> list[Supplier]:
    """Return the largest suppliers, the one in focus among them, the rest as one."""
    importer = a.focus.importer
    if importer is None:
        return []
    rows = trades(a, destination=importer)
    rows.sort(key=lambda t: (-t.after, -t.before))
    if max((max(t.before, t.after) for t in rows), default=0.0) <= 0.0:
        return []
    shown = chosen(rows, a.focus.exporter, MOST)
    found = [_supplier(a, t) for t in shown]
    rest = [t for t in rows if t not in shown]
    if rest:
        sums = sum(t.before for t in rest), sum(t.after for t in rest)
        found.append(Supplier(more(len(rest)), *sums, "rest"))
    return found


def _supplier(a: Assessment, t: Trade) -> Supplier:
    name = region(a, t.origin) + (", home" if t.home else "")
    focus = t.origin == a.focus.exporter
    return Supplier(name, t.before, t.after, "focus" if focus else "home" if t.home else "other")


def _unit(found: Sequence[Supplier]) -> Unit:
    return unit_for((max(x.before, x.after) for x in found), TONNES)


def _digits(found: Sequence[Supplier], unit: Unit) -> int:
    return digits_for((max(x.before, x.after) for x in found), unit)


class _Heights:
    """Where each supplier's part of the two stacks begins and ends, and where labels stand."""

    def __init__(self, found: Sequence[Supplier], frame: Frame) -> None:
        total = max(sum(x.before for x in found), sum(x.after for x in found))
        room = frame.height - GAP * (len(found) - 1)
        self.parts = [
            _stack([max(room * v / total, THIN if v > 0.0 else 0.0) for v in values])
            for values in ([x.before for x in found], [x.after for x in found])
        ]
        self.labels = [_apart([0.5 * (a + b) for a, b in part], frame.line) for part in self.parts]
        lowest = max(label for side in self.labels for label in side)
        end = max(b for part in self.parts for _, b in part)
        self.bottom = max(end, lowest + 0.5 * frame.line) + 6.0


def _stack(heights: Sequence[float]) -> list[tuple[float, float]]:
    starts = accumulate((h + GAP for h in heights[:-1]), initial=float(TOP))
    return [(y, y + h) for y, h in zip(starts, heights, strict=True)]


def _apart(wanted: Sequence[float], least: float) -> list[float]:
    """Return places at least so far apart, each as near to where it is wanted as from above."""
    found: list[float] = []
    for y in wanted:
        found.append(max(y, found[-1] + least) if found else y)
    return found


def _heads(found: Sequence[Supplier], frame: Frame, unit: Unit) -> list[str]:
    left, right = frame.names, frame.width - frame.numbers
    digits = _digits(found, unit)
    before, after = (amount(v, unit, digits) for v in
                     (sum(x.before for x in found), sum(x.after for x in found)))  # fmt: skip
    return [
        f'<text class="head" x="{left + COLUMN}" y="15" text-anchor="end">Before</text>',
        f'<text x="{left + COLUMN}" y="33" text-anchor="end">{before} {unit.name}</text>',
        f'<text class="head" x="{right - COLUMN}" y="15">After</text>',
        f'<text x="{right - COLUMN}" y="33">{after} {unit.name}</text>',
    ]


def _band(x: Supplier, i: int, heights: _Heights, frame: Frame) -> str:
    (a, b), (c, d) = heights.parts[0][i], heights.parts[1][i]
    left, right = frame.names + COLUMN, frame.width - frame.numbers - COLUMN
    middle = 0.5 * (left + right)
    path = (
        f"M{left},{a:.1f}C{middle},{a:.1f} {middle},{c:.1f} {right},{c:.1f}"
        f"V{d:.1f}C{middle},{d:.1f} {middle},{b:.1f} {left},{b:.1f}Z"
    )
    stacks = "".join(
        f'<rect x="{at}" y="{top:.1f}" width="{COLUMN}" height="{bottom - top:.1f}"/>'
        for at, top, bottom in ((frame.names, a, b), (right, c, d))
    )
    return f'<g class="{x.kind}"><path d="{path}"/>{stacks}</g>'


def _labels(found: Sequence[Supplier], heights: _Heights, frame: Frame, unit: Unit) -> list[str]:
    digits = _digits(found, unit)
    lines: list[str] = []
    for i, x in enumerate(found):
        change = amount(x.after - x.before, unit, digits, signed=True)
        before, after = amount(x.before, unit, digits), amount(x.after, unit, digits)
        mark = ' class="focus"' if x.kind == "focus" else ""
        left, right = heights.labels[0][i], heights.labels[1][i]
        name = escape(_name(x, frame))
        at, far = frame.names - 8, frame.width - frame.numbers + 8
        if frame.stacked:
            lines += [
                _two(at, left, f'{mark} text-anchor="end"', (name, before)),
                _two(far, right, f'{mark} text-anchor="start"', (after, change)),
            ]
            continue
        number, numbers = frame.names - 66, frame.width - frame.numbers + 62
        lines += [
            _end(number, left, mark, name),
            _end(at, left, mark, before),
            _end(numbers, right, mark, after),
            _end(frame.width, right, ' class="quiet"', change),
        ]
    return lines


def _name(x: Supplier, frame: Frame) -> str:
    """Return a name that fits: where there is little room, the buyer's own makers are "Home"."""
    if x.kind == "home" and len(x.name) > frame.letters:
        return "Home"
    return _cut(x.name, frame.letters)


def _end(x: int, y: float, mark: str, text: str) -> str:
    """Return text that ends at a place, in the middle of a height."""
    return f'<text{mark} x="{x}" y="{y + 4.5:.1f}" text-anchor="end">{text}</text>'


def _two(x: int, y: float, mark: str, texts: tuple[str, str]) -> str:
    """Return two lines of text, the first a little above a height and the second below it."""
    first, second = texts
    return (
        f'<text{mark} x="{x}" y="{y - 3:.1f}">{first}</text>'
        f'<text{mark} x="{x}" y="{y + 13:.1f}">{second}</text>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
