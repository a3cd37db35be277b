"""What was found for a reading: its value, other values that are as good, and where from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Found:
    """The values of a measure in its base unit, or why there is none.

    ``value``    the one that is shown, ``None`` where there is none and ``why`` says so
    ``others``   what else it could be: other editions, low and high access
    ``by_cut``   values by cut-off where a word says which figures count, else empty
    ``of``       what the values are of, for a sentence;  ``sources`` where they are from
    ``basis``    the figure that a ratio stands on: name, value, unit, and the ratio's own value
    ``draws``    the measure draw by draw, for a probability;  ``by_year`` what it is in each year
    ``draw_numbers``  which draws of the market's those are, in step; empty for draws of a part
    ``flips``    what its flip point takes, in words
    """

    value: float | None
    others: tuple[float, ...] = ()
    by_cut: Mapping[str, tuple[float, ...]] = field(default_factory=dict[str, "tuple[float, ...]"])
    of: str = ""
    sources: tuple[str, ...] = ()
    why: str = ""
    basis: Basis | None = None
    draws: tuple[float, ...] = ()
    draw_numbers: tuple[int, ...] = ()
    by_year: tuple[tuple[int, float], ...] = ()
    flips: str = ""

    @property
    def span(self) -> tuple[float, float] | None:
        """The lowest and the highest value, ``None`` where all are one."""
        every = [v for vs in self.by_cut.values() for v in vs] or [*self.others]
        if self.value is None or not every:
            return None
        low, high = min(self.value, *every), max(self.value, *every)
        return (low, high) if low < high else None


@dataclass(frozen=True, slots=True)
class Basis:
    """The figure that must change for a ratio to change: ratio = value / per."""

    says: str
    value: float
    unit: str
    per: float


def nothing(why: str) -> Found:
    """Return that nothing was found, and why."""
    return Found(None, why=why)
