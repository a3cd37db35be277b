"""Where each number of a world table is from, number by number: sources, status, year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["measured", "reported", "derived", "assumed"]
# From what is known best to what is known least.
STATUSES: tuple[Status, ...] = ("measured", "reported", "derived", "assumed")
NAMED: Mapping[str, Status] = {status: status for status in STATUSES}
# Between the ids of sources that make one number together.
JOINT = "; "
NO_FIGURE = -1
Codes = NDArray[np.intp]
Where = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one number is from: ids of its sources, how far it is known, the year it is of."""

    source: str
    status: Status
    year: int

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the sources, each by itself."""
        return tuple(part.strip() for part in self.source.split(JOINT.strip()))

    def no_better_than(self, status: Status) -> Origin:
        """Return it with the weaker of its status and another."""
        return replace(self, status=weaker((self.status, status)))


@dataclass(frozen=True)
class Origins:
    """The origin of each number of an array.

    ``kinds``  the origins that occur;  ``code`` (shape of the array) which of them, −1 where the
               table has no figure and the number stands for that
    """

    kinds: tuple[Origin, ...]
    code: Codes

    @classmethod
    def of_all(cls, origin: Origin, shape: Sequence[int]) -> Origins:
        """Return one origin for every number of an array."""
        return cls((origin,), np.zeros(tuple(shape), dtype=np.intp))

    @classmethod
    def of_none(cls, shape: Sequence[int]) -> Origins:
        """Return the origins of an array that the table has no figures for."""
        return cls((), np.full(tuple(shape), NO_FIGURE, dtype=np.intp))

    def at(self, place: tuple[int, ...]) -> Origin | None:
        """Return the origin of one number; ``None`` where there is no figure."""
        code = int(self.code[place])
        return None if code == NO_FIGURE else self.kinds[code]

    def counts(self, where: Where | None = None) -> dict[Status, int]:
        """Return how many numbers have each status that occurs, best known first."""
        code = self.code.ravel() if where is None else self.code[where]
        found = np.bincount(code[code != NO_FIGURE], minlength=len(self.kinds)).tolist()
        total = dict.fromkeys(STATUSES, 0)
        for kind, count in zip(self.kinds, found, strict=True):
            total[kind.status] += int(count)
        return {status: count for status, count in total.items() if count}

    def missing(self, where: Where | None = None) -> int:
        """Return how many numbers the table has no figure for."""
        code = self.code if where is None else self.code[where]
        return int(np.count_nonzero(code == NO_FIGURE))

    def put(self, where: Where, origin: Origin) -> Origins:
        """Return them with one origin for the numbers chosen by a mask."""
        if not where.any():
            return self
        code = np.where(where, len(self.kinds), self.code).astype(np.intp)
        return Origins((*self.kinds, origin), code)

    def only(self, where: Where) -> Origins:
        """Return them with no figure but for the numbers chosen by a mask."""
        return Origins(self.kinds, np.where(where, self.code, NO_FIGURE).astype(np.intp))

    def changed(self, where: Where) -> Origins:
        """Return them with the numbers chosen by a mask computed anew: derived, or assumed."""
        out = self
        for k, kind in enumerate(self.kinds):
            out = out.put(where & (self.code == k), kind.no_better_than("derived"))
        return out

    def summed(self, add: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Origins:
        """Return the origins of sums: all sources of the parts, as well known as the weakest.

        ``add`` is what adds the array up. A part without a figure leaves the others' origins.
        """
        parts = [add((self.code == k).astype(np.float64)) > 0.0 for k in range(len(self.kinds))]
        if not parts:
            return Origins.of_none(add(np.zeros(self.code.shape)).shape)
        present = np.stack(parts, axis=-1)
        rows, code = np.unique(present.reshape(-1, len(self.kinds)), axis=0, return_inverse=True)
        kinds: list[Origin] = []
        places = np.full(len(rows), NO_FIGURE, dtype=np.intp)
        for r, row in enumerate(rows.tolist()):
            if any(row):
                places[r] = len(kinds)
                kinds.append(_together([k for k, has in zip(self.kinds, row, strict=True) if has]))
        return Origins(tuple(kinds), places[code.reshape(present.shape[:-1])])


def status_named(text: str) -> Status:
    """Return a status by name. Raises ``KeyError`` for none of the four."""
    return NAMED[text]


def weaker(statuses: Sequence[Status]) -> Status:
    """Return the status of what is known least."""
    return max(statuses, key=STATUSES.index)


def best_known(statuses: Sequence[Status]) -> Status:
    """Return the status of what is known best."""
    return min(statuses, key=STATUSES.index)


def counted(counts: Mapping[Status, int]) -> str:
    """Return counts in words: "12 reported, 1,392 assumed"."""
    return ", ".join(f"{count:,} {status}" for status, count in counts.items())


def _together(kinds: Sequence[Origin]) -> Origin:
    ids = dict.fromkeys(x for kind in kinds for x in kind.ids)
    status = weaker([kind.status for kind in kinds])
    return Origin(JOINT.join(ids), status, max(kind.year for kind in kinds))
