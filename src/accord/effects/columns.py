"""Tables of many draws: a column for every key, a row for every draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from accord.equilibrium.arrays import Matrix, Vector
from accord.equilibrium.groups import Groups

Key = tuple[str, str | None]
"""Region (or lane, or group of users) and good."""
Table = dict[Key, float]


class Entry(NamedTuple):
    """Amounts booked on a measure: (D, k) for k keys, which may come more than once."""

    measure: str
    keys: Sequence[Key]
    values: Matrix


@dataclass(frozen=True, eq=False)
class Columns:
    """One measure: ``keys`` (k,) each once, ``values`` (D, k), NaN where a draw has no value."""

    keys: tuple[Key, ...]
    values: Matrix

    @cached_property
    def place(self) -> dict[Key, int]:
        """The column of each key."""
        return {key: i for i, key in enumerate(self.keys)}

    def of(self, key: Key) -> Vector | None:
        """Return a key's values over the draws (D,), or ``None`` where no draw has any."""
        at = self.place.get(key)
        return None if at is None else self.values[:, at]

    def table(self, draw: int) -> Table:
        """Return the values that one draw has."""
        row = self.values[draw].tolist()
        return {key: x for key, x in zip(self.keys, row, strict=True) if x == x}  # noqa: PLR0124

    def filled(self, keys: Sequence[Key], absent: float) -> Matrix:
        """Return the values of some keys in their order (D, k); ``absent`` for one not here."""
        place = np.array([self.place.get(key, -1) for key in keys], dtype=np.intp)
        if not self.keys:
            return np.full((len(self.values), len(keys)), absent)
        whole = self.values.take(place, axis=1, mode="clip")
        whole[:, place < 0] = absent
        return whole


def summed(entries: Iterable[Entry], count: int) -> dict[str, Columns]:
    """Add up what is booked on one key of one measure, for ``count`` draws."""
    by_measure: dict[str, list[Entry]] = {}
    for entry in entries:
        by_measure.setdefault(entry.measure, []).append(entry)
    return {measure: _added(booked, count) for measure, booked in by_measure.items()}


def _added(entries: Sequence[Entry], count: int) -> Columns:
    keys = [key for entry in entries for key in entry.keys]
    values = entries[0].values if len(entries) == 1 else np.hstack([e.values for e in entries])
    once = tuple(dict.fromkeys(keys))
    if len(once) < len(keys):
        number = {key: i for i, key in enumerate(once)}
        group = np.array([number[key] for key in keys], dtype=np.intp)
        values = Groups.of(group, len(once)).sums(values)
    return Columns(once, values.reshape(count, len(once)))


def only(some: Sequence[Key], chosen: Iterable[int]) -> list[Key]:
    """Return the chosen keys."""
    return [some[i] for i in chosen]
