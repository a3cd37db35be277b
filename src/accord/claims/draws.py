"""An effect over draws: what a claim has a probability by."""

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
