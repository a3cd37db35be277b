"""Where to begin solving at a new position: what is known along each slider, and near by.

Along every slider by itself some solved places are kept, from one end to the other. A position with
several sliders moved is foretold by adding up what each does alone, and corrected by what a solved
position near by differs from its own foretelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Matrix
from accord.equilibrium.many import Many
from accord.web.dial import Dial
from accord.web.latest import Latest

Values = Mapping[str, float]
Key = frozenset[tuple[str, float]]
APART = 1.0 / 40.0
"""Part of a slider's way that two kept places of it are apart at least."""
PLACES, RECENT = 180, 16
"""Places along sliders and positions solved last that are kept."""
ON_THE_LINE = 3
FACTORED = 4
"""Answers whose slopes are kept factored: they are most of what a position weighs."""
WITHIN, BESIDE = 0.05, 0.03
"""Part of a slider's way over which factored slopes are used again, and that one move goes."""


def place(dial: Dial, values: Values) -> float:
    """Return where a slider stands, from 0 to 1."""
    return (values.get(dial.key, dial.value) - dial.least) / (dial.most - dial.least)


def distance(dials: Mapping[str, Dial], one: Values, other: Values) -> float:
    """Return how far apart two positions are, in ways of sliders."""
    return sum(abs(place(dials[k], one) - place(dials[k], other)) for k in {*one, *other})


@dataclass(frozen=True, eq=False)
class _Known:
    """A solved position: where sliders stood, and the unknowns (D, n)."""

    values: Values
    z: Matrix


class Starts:
    """What was solved of one side of the market, and where that says to begin."""

    def __init__(self, dials: Mapping[str, Dial]) -> None:
        self._dials = dials
        self._home: _Known | None = None
        self._along: dict[str, dict[float, Matrix]] = {}
        self._count = 0
        self._recent: Latest[Key, _Known] = Latest(RECENT)

    def put(self, values: Values, z: Matrix) -> None:
        """Keep an answer (D, n); rows of draws without one are NaN."""
        if not values:
            self._home = _Known({}, z)
        elif len(values) == 1 and self._opens_a_place(*next(iter(values.items()))):
            key, value = next(iter(values.items()))
            self._along.setdefault(key, {})[value] = z
            self._count += 1
        else:
            self._recent.put(frozenset(values.items()), _Known(dict(values), z))

    def at(self, values: Values) -> Matrix | None:
        """Return where each draw begins (D, n), NaN where that is not known.

        ``None`` where nothing is.
        """
        known = [*self._recent.values(), *self._places(values)]
        if self._home is not None:
            known.append(self._home)
        if not known:
            return None
        ranked = sorted(known, key=lambda x: distance(self._dials, x.values, values))
        told = self._told(values)
        if told is None:
            return ranked[0].z
        return _first_known(told + self._correction(values, ranked), ranked[0].z)

    # ------------------------------------------------------------------ along sliders

    def _opens_a_place(self, key: str, value: float) -> bool:
        """Return whether a place is far enough from all that are kept of its slider."""
        dial = self._dials[key]
        least = (1.0 - 1e-9) * APART * (dial.most - dial.least)
        return self._count < PLACES and all(
            abs(value - other) >= least for other in self._along.get(key, {})
        )

    def _places(self, values: Values) -> list[_Known]:
        """Return kept places of the moved sliders, each alone."""
        return [
            _Known({key: value}, z)
            for key in values
            for value, z in self._along.get(key, {}).items()
        ]

    def _told(self, values: Values) -> Matrix | None:
        """Return home plus what each slider does alone; ``None`` where home is not known."""
        if self._home is None:
            return None
        found = home = self._home.z
        for key, value in values.items():
            alone = self._alone(key, value, home)
            if alone is not None:
                found = alone if found is home else found + (alone - home)
        return found

    def _alone(self, key: str, value: float, home: Matrix) -> Matrix | None:
        """Return the unknowns with one slider moved, between places of it that are known."""
        known = {self._dials[key].value: home, **self._along.get(key, {})}
        known |= {x.values[key]: x.z for x in self._recent.values() if set(x.values) == {key}}
        nearest = around(value, known)
        if len(nearest) == 1:
            return None
        return between(value, nearest, [known[x] for x in nearest])

    # ------------------------------------------------------------------ near by

    def _correction(self, values: Values, ranked: Sequence[_Known]) -> Matrix | float:
        """Return what the nearest position, or two on a line with this one, differ from told."""
        first = ranked[0]
        if len(first.values) < 2:  # noqa: PLR2004 - it is told as it is
            return 0.0
        changed = {k for k in {*values, *first.values} if values.get(k) != first.values.get(k)}
        if len(changed) != 1:
            return self._amiss(first)
        key = changed.pop()
        rest = {k: v for k, v in values.items() if k != key}
        fellows = [x for x in ranked if {k: v for k, v in x.values.items() if k != key} == rest][:2]
        places = [place(self._dials[key], x.values) for x in fellows]
        at = place(self._dials[key], values)
        return between(at, places, [self._amiss(x) for x in fellows])

    def _amiss(self, known: _Known) -> Matrix:
        """Return by how much a solved position differs from what sliders alone tell of it."""
        told = self._told(known.values)
        return known.z - told if told is not None else np.zeros_like(known.z)


class Slopes:
    """Answers whose slopes are factored, or may be: a few, for a slider in motion."""

    def __init__(self, dials: Mapping[str, Dial]) -> None:
        self._dials = dials
        self._last: tuple[Values, Many] | None = None
        self._factored: Latest[Key, tuple[Values, Many]] = Latest(FACTORED)

    def put(self, values: Values, many: Many) -> None:
        """Keep the answer that was found last."""
        self._last = dict(values), many

    def forget(self) -> None:
        """Let go of all slopes."""
        self._last = None
        self._factored = Latest(FACTORED)

    def near(self, values: Values) -> Many | None:
        """Return an answer from which a position is a small change.

        To factor its slopes takes as long as to solve from a good start without: it is done for the
        last answer, where the next position is beside it and others are likely to follow.
        """
        ranked = sorted(self._factored.items(), key=lambda x: self._far(x[1][0], values))
        if ranked and self._far(ranked[0][1][0], values) <= WITHIN:
            key = ranked[0][0]
            self._factored.get(key)
            return ranked[0][1][1]
        if self._last is None or not 0.0 < self._far(self._last[0], values) <= BESIDE:
            return None
        if not self._last[1].solved.all():
            return None
        self._factored.put(frozenset(self._last[0].items()), self._last)
        return self._last[1]

    def _far(self, one: Values, other: Values) -> float:
        return distance(self._dials, one, other)


def around(at: float, places: Iterable[float]) -> list[float]:
    """Return the places nearest on either side, and the next nearest."""
    ranked = sorted(places, key=lambda x: abs(x - at))
    sides = [x for x in ranked if x <= at][:1] + [x for x in ranked if x > at][:1]
    rest = [x for x in ranked if x not in sides]
    return [*sides, *rest[: ON_THE_LINE - len(sides)]]


def between(at: float, places: Sequence[float], values: Sequence[Matrix]) -> Matrix:
    """Return Lagrange's curve through values at some places.

    Between two places it does not leave their values: across a kink a curve would.
    """
    curve = sum(weight(at, places, i) * x for i, x in enumerate(values))
    below = [i for i, x in enumerate(places) if x <= at]
    above = [i for i, x in enumerate(places) if x >= at]
    if not below or not above:
        return np.asarray(curve)
    low = values[max(below, key=lambda i: places[i])]
    high = values[min(above, key=lambda i: places[i])]
    return np.clip(curve, np.minimum(low, high), np.maximum(low, high))


def weight(at: float, places: Sequence[float], i: int) -> float:
    """Return Lagrange's weight of one of some places on a line."""
    others = [x for j, x in enumerate(places) if j != i]
    return float(np.prod([(at - x) / (places[i] - x) for x in others]))


def _first_known(one: Matrix, other: Matrix) -> Matrix:
    return np.where(np.isfinite(one), one, other)
