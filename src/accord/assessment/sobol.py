"""Sobol indices of the main number, from markets solved for them, and whether others agree.

First order by Saltelli's, total by Jansen's estimator. Numbers that vary together are one group:
plain indices of theirs do not exist (conventions C91).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.assessment.main_number import MainNumber
from accord.assessment.one_at_a_time import OneAtATime
from accord.assessment.rests_on import RestsOn
from accord.ensemble.chunk import SIZE
from accord.ensemble.drawn import Matrix, Vector
from accord.pack.number_names import short_name
from accord.pack.uncertain import Uncertainty
from accord.probability.indices import Design, Indices, design, indices

FEWEST_POINTS = 16
WORTH_COMPARING = 0.05


class Index(NamedTuple):
    """One number, or several that vary together, with 5 and 95 % of resamples."""

    members: tuple[str, ...]
    parameters: tuple[str, ...]
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float

    @property
    def name(self) -> str:
        """What a table calls it."""
        first, count = self.members[0], len(self.members)
        return first if count == 1 else f"{count} numbers that vary together, {first} among them"


@dataclass(frozen=True)
class Sobol:
    """Indices, the largest total first.

    ``points``  base points that count;  ``lost`` those left out because a market had no answer
    ``solved``  markets solved, before and after each
    """

    about: str
    indices: tuple[Index, ...]
    points: int
    lost: int
    solved: int


def sobol(main: MainNumber, points: int, seed: int) -> Sobol | None:
    """Return the indices from (numbers + 2) × points markets; ``None`` where too few have answers.

    Base points at which any of the markets has no certified answer are left out whole.
    """
    made = design(points, main.uncertainty.correlation, seed)
    answers = in_parts(main, made.rows).reshape(len(made.groups) + 2, points)
    sound = np.isfinite(answers).all(axis=0)
    if int(sound.sum()) < FEWEST_POINTS:
        return None
    kept = Design(made.a[sound], made.b[sound], made.mixed[:, sound], made.groups)
    found = indices(kept, answers[:, sound].reshape(-1), seed)
    order = np.argsort(-found.total, kind="stable")
    rows = tuple(_index(found, int(g), main.uncertainty) for g in order)
    return Sobol(main.asked.name, rows, int(sound.sum()), int((~sound).sum()), answers.size)


def _index(found: Indices, group: int, known: Uncertainty) -> Index:
    numbers = [known.numbers[i] for i in found.groups[group]]
    first, total = found.first_range[group], found.total_range[group]
    return Index(
        tuple(number.name for number in numbers),
        tuple(short_name(number.key) for number in numbers),
        float(found.first[group]),
        float(first[0]),
        float(first[1]),
        float(found.total[group]),
        float(total[0]),
        float(total[1]),
    )


def in_parts(main: MainNumber, rows: Matrix) -> Vector:
    """Return the main number at many points (n,), some at a time."""
    parts = [main(rows[i : i + SIZE]) for i in range(0, len(rows), SIZE)]
    return np.concatenate(parts)


def agreement(rests: RestsOn | None, alone: OneAtATime, found: Sobol | None) -> tuple[str, ...]:
    """Return, in sentences, where the ways of telling what matters agree and where not."""
    said: list[str] = []
    if rests is not None and alone.bars:
        said.append(_first(rests.pillars[0].name, alone.bars[0].name, found))
    if rests is not None and found is not None:
        said += _shares(rests, found)
    return tuple(said)


def _first(draws: str, alone: str, found: Sobol | None) -> str:
    """Say whether all ways put the same number first; Sobol's, the group that it is in."""
    names = {"the draws": draws, "one at a time": alone}
    if found is not None:
        members = found.indices[0].members
        names["Sobol"] = draws if draws in members else found.indices[0].name
    if len(set(names.values())) == 1:
        return f"All {len(names)} ways put the same number first: {draws}."
    each = "; ".join(f"{way}: {name}" for way, name in names.items())
    return f"They do not put the same number first ({each})."


def _shares(rests: RestsOn, found: Sobol) -> list[str]:
    """Say which shares of the draws lie between first order and total, errors included."""
    shares = {p.name: p.share for p in rests.pillars}
    compared = [(x, sum(shares.get(name, 0.0) for name in x.members)) for x in found.indices]
    compared = [(x, share) for x, share in compared if share >= WORTH_COMPARING]
    off = [
        x.name
        for x, share in compared
        if not min(x.first_low, x.total_low) <= share <= max(x.first_high, x.total_high)
    ]
    if not compared:
        return []
    if off:
        named = "; ".join(off)
        return [f"What the draws say and Sobol's indices differ beyond their errors: {named}."]
    least = f"{100 * WORTH_COMPARING:.0f} %"
    which = {1: "the one share", 2: "both shares"}.get(len(compared), f"all {len(compared)} shares")
    lie = "lies" if len(compared) == 1 else "lie"
    said = f"Of those of {least} and more, {which} told by the draws {lie} within what Sobol's "
    return [f"{said}first-order and total indices leave open."]
