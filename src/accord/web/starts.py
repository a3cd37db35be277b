"""Where to begin solving at a new position: what positions near by say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Matrix
from accord.equilibrium.many import Many
from accord.web.dials import Dial

Values = Mapping[str, float]
NEAR_ENOUGH = 0.06
"""Part of a slider's way over which factored slopes are used again."""
ON_THE_LINE = 3


@dataclass(frozen=True, eq=False)
class Known:
    """A position that was solved: where its sliders stood, and one of its two sides."""

    values: Values
    many: Many


def place(dial: Dial, values: Values) -> float:
    """Return where a slider stands, from 0 to 1."""
    return (values.get(dial.key, dial.value) - dial.least) / (dial.most - dial.least)


def distance(dials: Mapping[str, Dial], one: Values, other: Values) -> float:
    """Return how far apart two positions are, in ways of sliders."""
    return sum(abs(place(dials[k], one) - place(dials[k], other)) for k in {*one, *other})


def start_of(
    dials: Mapping[str, Dial], values: Values, known: Sequence[Known], otherwise: Matrix
) -> tuple[Matrix, Many | None]:
    """Return where each draw begins (D, n), and answers near by whose slopes are still good.

    The start is on the curve through up to three positions that differ in one slider only; where
    there is only one, its own answer; without any, and for draws it has no answer in,
    ``otherwise``.
    """
    if not known:
        return otherwise, None
    ranked = sorted(known, key=lambda x: distance(dials, x.values, values))
    nearest = np.where(ranked[0].many.solved[:, None], ranked[0].many.z, otherwise)
    return _on_the_line(dials, values, ranked, nearest), _anchor(dials, values, ranked)


def _anchor(dials: Mapping[str, Dial], values: Values, ranked: Sequence[Known]) -> Many | None:
    """Return the nearest answer whose slopes are factored; without one near by, the nearest.

    Factoring takes as long as solving: it is done for a few positions along the way of a slider.
    """
    for x in ranked:
        if distance(dials, x.values, values) > NEAR_ENOUGH:
            break
        if "factors" in vars(x.many):
            return x.many
    return ranked[0].many if ranked[0].many.solved.all() else None


def _on_the_line(
    dials: Mapping[str, Dial], values: Values, ranked: Sequence[Known], nearest: Matrix
) -> Matrix:
    first = ranked[0].values
    changed = {key for key in {*values, *first} if values.get(key) != first.get(key)}
    if len(changed) != 1:
        return nearest
    key = changed.pop()
    rest = _without(values, key)
    fellows = [x for x in ranked if _without(x.values, key) == rest][:ON_THE_LINE]
    places = [place(dials[key], x.values) for x in fellows]
    at = place(dials[key], values)
    curve = sum(weight(at, places, i) * x.many.z for i, x in enumerate(fellows))
    return np.where(np.isfinite(curve), curve, nearest)


def _without(values: Values, key: str) -> dict[str, float]:
    return {k: v for k, v in values.items() if k != key}


def weight(at: float, places: Sequence[float], i: int) -> float:
    """Return Lagrange's weight of one of some places on a line."""
    others = [x for j, x in enumerate(places) if j != i]
    return float(np.prod([(at - x) / (places[i] - x) for x in others]))
