"""The number that a deal is about most, at any values of what is uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.assessment.assessment import Assessment
from accord.assessment.ranges import Question, questions
from accord.claims import Model, model_of
from accord.claims.model import compared_in_draws
from accord.ensemble.at_scores import AtScores
from accord.ensemble.drawn import Matrix, Vector
from accord.pack.uncertain import Uncertainty

PER_CENT = 100.0


@dataclass(frozen=True, eq=False)
class MainNumber:
    """The first of an answer's questions whose draws differ, and what solves for it elsewhere."""

    asked: Question
    model: Model
    sides: tuple[AtScores, AtScores]

    @property
    def uncertainty(self) -> Uncertainty:
        """What is not known about the market."""
        return self.model.uncertainty

    @cached_property
    def central(self) -> float:
        """It at the medians."""
        return float(self(np.zeros((1, len(self.uncertainty.numbers))))[0])

    def __call__(self, scores: Matrix, near: Vector | None = None) -> Vector:
        """Return it at normal scores (n, k), in its unit; NaN where there is no certified answer.

        ``near``  a point (k,) that all of these are a small step away from
        """
        measure, region, good = self.asked.key
        pair = [side.values(scores, measure, (region, good), near) for side in self.sides]
        found = compared_in_draws(pair[0], pair[1], self.asked.form)
        return PER_CENT * found if self.asked.form == "change_pct" else found


def main_number(a: Assessment) -> MainNumber | None:
    """Return it; ``None`` without draws, and under closures whose draws are solved one by one."""
    model = model_of(a.scene)
    if model is None or a.ensemble is None or not a.ensemble.numbers or not model.solved_together:
        return None
    asked = next(questions(a.focus, a.ensemble), None)
    sides = model.at_scores(None)
    return None if asked is None or sides is None else MainNumber(asked, model, sides)
