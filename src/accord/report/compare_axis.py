"""One axis of a comparison's picture: what stands on it, and from values to pixels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from accord.report.numbers import Number, Unit, amount

PLAIN = Unit("", 1.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of the picture (pixels): its width, room for names and for numbers.

    ``stacked``  whether name and numbers stand above the line
    """

    kind: str
    width: int
    names: int
    numbers: int
    row: int
    letters: int

    @property
    def stacked(self) -> bool:
        """Whether there is no room for names and numbers beside the plot."""
        return not self.names

    @property
    def left(self) -> int:
        """Where the axis begins."""
        return self.names or 8

    @property
    def right(self) -> int:
        """Where the axis ends."""
        return self.width - (self.numbers or 8)


WIDE = Frame("wide", 720, 168, 196, 26, 24)
NARROW = Frame("narrow", 350, 0, 0, 44, 20)


@dataclass(frozen=True, slots=True)
class Mark:
    """A scenario on an axis: central value, without the deal, ends of its range; base units."""

    name: str
    value: float
    before: Number = None
    low: Number = None
    high: Number = None

    @property
    def values(self) -> list[float]:
        """All of them that there are."""
        return [v for v in (self.value, self.before, self.low, self.high) if v is not None]


@dataclass(frozen=True, slots=True)
class Panel:
    """Marks on one axis under a heading; ``signed`` numbers have a plus, the axis a zero line."""

    head: str
    marks: tuple[Mark, ...]
    unit: Unit
    signed: bool
    from_zero: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to pixels, with the places where it has a line and a number.

    ``low``, ``high``, ``step`` are in ``unit``; ``zero``: whether nothing has a line of its own
    """

    low: float
    high: float
    step: float
    unit: Unit
    zero: bool
    frame: Frame

    def place(self, value: float) -> float:
        """Return where a value in base units stands, in pixels from the left."""
        part = (value / self.unit.size - self.low) / (self.high - self.low)
        return self.frame.left + (self.frame.right - self.frame.left) * part

    def ticks(self) -> Iterator[float]:
        """Yield the numbers of the axis."""
        for i in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + i * self.step
            yield 0.0 if abs(value) < 0.5 * self.step else value

    def drawn(self, top: float, bottom: float) -> list[str]:
        """Return the lines of the axis from top to bottom as SVG, a number below each."""
        digits = max(0, -math.floor(math.log10(self.step)))
        found: list[str] = []
        for tick in self.ticks():
            x = self.place(tick * self.unit.size)
            kind = ' class="zero"' if self.zero and tick == 0.0 else ""
            where = f'x="{x:.1f}" y="{bottom + 14}" text-anchor="{self._anchor(x)}"'
            text = amount(tick, PLAIN, digits, signed=self.zero)
            found.append(f'<line{kind} x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>')
            found.append(f'<text class="tick" {where}>{text}</text>')
        return found

    def _anchor(self, x: float) -> str:
        """Return how a number stands to its line: inside the picture where there is no margin."""
        if not self.frame.stacked or self.frame.left < x < self.frame.right:
            return "middle"
        return "start" if x <= self.frame.left else "end"


def axis_of(panel: Panel, frame: Frame) -> Axis:
    """Return an axis that has room for all marks of a panel and ends at round numbers."""
    values = [v / panel.unit.size for mark in panel.marks for v in mark.values]
    if panel.from_zero:
        values.append(0.0)
    low, high = min(values), max(values)
    if high - low <= 0.0:
        low, high = low - 1.0, high + 1.0
    step = nice_step(high - low, 3 if frame.stacked else 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Axis(step * first, step * last, step, panel.unit, panel.signed, frame)


def nice_step(length: float, parts: int) -> float:
    """Return the least of 1, 2, 5, 10, … that cuts a length into at most so many parts."""
    power = 10.0 ** math.floor(math.log10(length / parts))
    enough = length * (1.0 - 1e-9)
    return next(k * power for k in (1.0, 2.0, 5.0, 10.0) if k * power * parts >= enough)
