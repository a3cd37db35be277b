"""Effects and readings over draws: what a claim has a probability by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draws:
    """What a measure of a part is with the deal, draw by draw; ``before`` without it."""

    measure: str
    region: str
    year: int
    before: float
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a reading holds at the middle cut-off: by its value, and draw by draw.

    ``numbers``  which draws of the market they are (S,), in step with ``holds`` (S,); empty where
    the draws are of something else, or where there are none
    """

    by_value: bool
    numbers: tuple[int, ...] = ()
    holds: tuple[bool, ...] = ()
