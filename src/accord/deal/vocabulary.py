"""What readings of claims may say: measures and words, as rooms above tell it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurable:
    """Something that a reading can measure.

    ``needs``  fields of the reading without which nothing is measured; ``takes`` those it may have
    ``units``  the units that its threshold may be in, the base unit first
    ``pct_units``  those of a relative change
    """

    name: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    units: tuple[str, ...]
    pct_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The closed list of measures, the vague words with cut-offs, and regions beside countries.

    ``words``    by word: what it is a cut-off of (``size``, ``tolerance`` or ``years``)
    ``sizes``    by word for a size: the base unit of its cut-offs
    ``regions``  codes of regions that are no country, asked for only where one is met
    """

    measures: Mapping[str, Measurable]
    words: Mapping[str, str]
    sizes: Mapping[str, str]
    regions: Callable[[], Collection[str]]
