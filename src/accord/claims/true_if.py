"""What would have to be true: the nearest values of uncertain numbers at which a verdict turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.claims import effects_found
from accord.claims.model import Model, compared_in_draws
from accord.claims.nearest_turn import FARTHEST, Drawn, Turn, nearest_draw, nearest_turn
from accord.claims.sizes import MINUS, from_base
from accord.claims.verdict import Criterion, Range
from accord.deal.tables import Reading
from accord.ensemble.drawn import Matrix, Vector
from accord.pack.number_names import ACCESS, short_name
from accord.pack.uncertain import Uncertainty
from accord.probability.surrogate import DRAWS_A_TERM

MOST_NAMED, WORTH_NAMING = 4, 0.25
FEWEST = 2 * DRAWS_A_TERM
WHOLE = 999.5
"""A number of this size is said without digits after the point."""
OF_ACCESS = f"where the pack's low estimate is {MINUS}1.28 and its high 1.28"
NOT_YET = 1e-300
"""What is left where a value stands on an edge and has not turned."""


class Moved(NamedTuple):
    """One number, where it would have to be, and how far that is in its own normal scores."""

    name: str
    parameter: str
    median: float
    value: float
    score: float


@dataclass(frozen=True)
class TrueIf:
    """What would have to be true for a reading to turn at its middle cut-off.

    ``holds``     whether it holds by its central value
    ``distance``  of the numbers from their medians, in standard deviations; ``None``: none found
    ``value``     of the measure there, in the reading's unit;  ``moved`` the numbers moved most
    ``settled``   whether no nearer point is known; of a draw, it never is
    """

    holds: bool
    distance: float | None
    value: float | None
    moved: tuple[Moved, ...]
    settled: bool
    says: str


def nearest(reading: Reading, model: Model, criterion: Criterion) -> TrueIf | None:
    """Return what would have to be true for a reading of an effect to turn.

    ``None`` where there are too few draws to tell, or nothing to turn.
    """
    own = model.ensemble
    middle = criterion.middle
    central = effects_found.central(reading, model)
    values = model.in_draws(reading.variant, *effects_found.question(reading, model))
    there = np.flatnonzero(np.isfinite(values))
    if own is None or central is None or there.size < FEWEST or middle.low == middle.high:
        return None
    independent = model.uncertainty.independent_scores(own.wanted, own.seed)[own.draws][there]
    drawn = Drawn(model.scores[there], independent, values[there])
    turn = _turn(reading, model, criterion, central, drawn)
    return _told(turn, middle.holds(central), reading, model.uncertainty, model.solved_together)


def _turn(
    reading: Reading, model: Model, criterion: Criterion, central: float, drawn: Drawn
) -> Turn | None:
    """Return the nearest turn, by solving where draws are solved together, else of the draws."""
    left = _left(criterion.middle, central)
    sides = model.at_scores(reading.variant) if model.solved_together else None
    if sides is None:
        return nearest_draw(left, drawn)
    measure, place, form = effects_found.question(reading, model)

    def solved(scores: Matrix, near: Vector | None) -> Vector:
        pair = [
            side.values(scores, measure, place, near) if name in needed else np.zeros(len(scores))
            for name, side in zip(("before", "after"), sides, strict=True)
        ]
        return compared_in_draws(pair[0], pair[1], form)

    needed = {form} if form in {"before", "after"} else {"before", "after"}
    return nearest_turn(solved, left, model.uncertainty.correlation, central, drawn)


def _left(within: Range, central: float) -> Callable[[Vector], Vector]:
    """Return how far values are from turning: the distance to the edge, 0 or less beyond it.

    What lies on an edge that counts, or does not, is on its side of it.
    """
    holds = within.holds(central)
    sign = 1.0 if holds else -1.0

    def left(values: Vector) -> Vector:
        away = sign * within.inside(values)
        turned = within.held_by(values) != holds
        return np.where(turned, np.minimum(away, 0.0), np.maximum(away, NOT_YET))

    return left


def _told(
    turn: Turn | None,
    holds: bool,  # noqa: FBT001 - what is told is the flag
    reading: Reading,
    known: Uncertainty,
    solved: bool,  # noqa: FBT001
) -> TrueIf:
    if turn is None:
        far = f"within {FARTHEST:g} standard deviations of their medians" if solved else "drawn"
        says = f"No values of the uncertain numbers {far} were found to turn it, read middle."
        return TrueIf(holds, None, None, (), settled=False, says=says)
    moved = moved_most(turn.scores, known)
    value = from_base(turn.value, reading.unit or "")
    says = _sentence(turn, holds, moved, solved)
    return TrueIf(holds, turn.distance, value, moved, turn.settled, says)


def moved_most(scores: Vector, known: Uncertainty) -> tuple[Moved, ...]:
    """Return the numbers that stand farthest from their medians at a point (k,)."""
    values = known.values(scores[None, :])[0]
    order = np.argsort(-np.abs(scores), kind="stable")[:MOST_NAMED]
    least = WORTH_NAMING * float(np.abs(scores).max(initial=0.0))
    central: list[float] = known.central.tolist()
    found: list[Moved] = []
    for i in map(int, order):
        number, score = known.numbers[i], float(scores[i])
        if abs(score) >= least:
            name = short_name(number.key)
            found.append(Moved(number.name, name, central[i], float(values[i]), score))
    return tuple(found)


def _sentence(turn: Turn, holds: bool, moved: tuple[Moved, ...], solved: bool) -> str:  # noqa: FBT001
    does = "no longer hold" if holds else "hold"
    named = "; ".join(map(_in_place, moved))
    at = "with" if solved else "in the nearest such draw, with"
    about = "" if turn.settled or not solved else " at most"
    return (
        f"It would {does}, read middle, {at} numbers{about} {turn.distance:.2f} standard "
        f"deviations from their medians, above all: {named}."
    )


def _in_place(x: Moved) -> str:
    said = f"{x.name} {rounded(x.value)} in place of {rounded(x.median)}"
    return f"{said}, {OF_ACCESS}" if x.parameter == ACCESS.parameter else said


def rounded(value: float) -> str:
    """Return an uncertain number as people read it."""
    text = f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:.3g}"
    return text.replace("-", MINUS)
