"""How many draws an answer is to rest on, and what they have to say about it."""

from __future__ import annotations

from dataclasses import dataclass

from accord.ensemble.run import DRAWS, PLAINLY, How

DRAWS_ONE_BY_ONE = 40
"""Draws under closures that are solved one at a time: as many as are done in seconds."""
TOGETHER = "share"


@dataclass(frozen=True, slots=True)
class Sampling:
    """Draws of what is uncertain: how many (0: none, the answer has no ranges), from which seed."""

    draws: int = 0
    seed: int = 0
    how: How = PLAINLY


POINT = Sampling()
"""The answer at central values alone."""


def default_draws(closure: str) -> int:
    """Return how many draws an answer under a closure has unless more or fewer are asked for."""
    return DRAWS if closure == TOGETHER else DRAWS_ONE_BY_ONE
