"""What the main number of an answer rests on: which uncertain numbers its range comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.assessment.focus import Focus
from accord.assessment.ranges import Question, questions
from accord.ensemble.ensemble import Ensemble
from accord.pack.uncertain import Uncertain, Uncertainty
from accord.probability.surrogate import DRAWS_A_TERM, Importance, importance

NOT_WORTH_NAMING = 0.01
"""Part of the variance below which a number is not said to matter."""
FEWEST = 40
"""Draws below which numbers cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Pillar:
    """One number (or several that vary together) that an answer rests on.

    ``share``      of the variance of the answer
    ``direction``  +1 where a higher number raises the answer, −1 where it lowers it, 0 for several
    ``low``, ``median``, ``high``  of the number itself; ``None`` for several
    ``told``       ``posterior`` where evidence updated it, else ``prior``
    """

    name: str
    parameter: str
    share: float
    direction: int
    low: float | None
    median: float | None
    high: float | None
    told: str


@dataclass(frozen=True)
class RestsOn:
    """What one number of the answer rests on, the most important first.

    ``about``      which number it is
    ``explained``  part of its variance that the fit to the draws predicts; the rest is nobody's
    ``decisive``   how many of ``pillars`` hold four fifths of what is explained
    """

    about: str
    pillars: tuple[Pillar, ...]
    explained: float
    decisive: int

    @property
    def sentence(self) -> str:
        """The short list, in words."""
        first = self.pillars[: self.decisive]
        named = [f"{x.name} {100.0 * x.share:.0f} %" for x in first]
        many = len(first)
        count = {1: "One number decides", 2: "Two numbers decide", 3: "Three numbers decide"}.get(
            many, f"{many} numbers decide"
        )
        return f"{count} how wide the range of {self.about} is: {'; '.join(named)}."


def rests_on(ensemble: Ensemble, uncertainty: Uncertainty, focus: Focus) -> RestsOn | None:
    """Return what the main number rests on; ``None`` where draws are too few or do not differ.

    No further market is solved: the draws that are there are fitted (docs/uncertainty.md).
    """
    if ensemble.solved < FEWEST or not uncertainty.numbers:
        return None
    asked = next(questions(focus, ensemble), None)
    if asked is None:
        return None
    scores = uncertainty.scores(ensemble.wanted, ensemble.seed)[ensemble.draws]
    return found_in(asked, scores[ensemble.effects.solved], uncertainty)


def found_in(asked: Question, scores: np.ndarray, uncertainty: Uncertainty) -> RestsOn | None:
    """Return what one number rests on, from its values in draws with these normal scores (S, k)."""
    there = np.isfinite(asked.values)
    if there.sum() < 2 * DRAWS_A_TERM:
        return None
    found = importance(scores[there], asked.values[there], uncertainty.correlation)
    pillars = tuple(
        pillar
        for i in found.ranked
        if (pillar := _pillar(found, i, uncertainty.numbers)).share >= NOT_WORTH_NAMING
    )
    if not pillars:
        return None
    decisive = min(len(found.decisive()), len(pillars))
    return RestsOn(asked.name, pillars, found.explained, max(decisive, 1))


def _pillar(found: Importance, player: int, numbers: tuple[Uncertain, ...]) -> Pillar:
    members = [numbers[i] for i in found.players[player]]
    alone = members[0].distribution if len(members) == 1 else None
    return Pillar(
        name=" and ".join(x.name for x in members),
        parameter=" and ".join(" ".join(p for p in x.key if p != "*") for x in members),
        share=float(found.share[player]),
        direction=int(found.direction[player]),
        low=None if alone is None else alone.low,
        median=None if alone is None else alone.median,
        high=None if alone is None else alone.high,
        told=members[0].told,
    )
