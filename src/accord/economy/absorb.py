"""Fixed effects taken out of variables: weighted least squares residuals on sets of groups.

A variable less its weighted group means is its residual on one set of group effects. For several
sets, the residual on all of them is the limit of doing so in turn, back and forth; since one such
round is symmetric in the weighted inner product, conjugate gradients reach the limit in few rounds.
No matrix of dummies is formed.

Source: S. Correia, "A feasible estimator for linear models with multi-way fixed effects" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.errors import NoCertifiedAnswer

Array = NDArray[np.float64]
Codes = NDArray[np.intp]
ROUNDS = 2000


@dataclass(frozen=True)
class Effects:
    """Sets of group effects over n observations.

    ``names``  one a set;  ``codes`` (n,) a set: the group of each observation, 0 … groups − 1
    ``labels`` the groups' labels, in the order of the codes
    """

    names: tuple[str, ...]
    codes: tuple[Codes, ...]
    labels: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, names: Sequence[str], columns: Sequence[Sequence[str]]) -> Effects:
        """Return the sets of effects with one group for each different label of a column."""
        found = [
            np.unique(np.asarray(column, dtype=str), return_inverse=True) for column in columns
        ]
        labels = tuple(tuple(str(name) for name in values) for values, _ in found)
        return cls(tuple(names), tuple(codes.astype(np.intp) for _, codes in found), labels)

    def rows(self, kept: NDArray[np.bool_]) -> Effects:
        """Return the effects of the observations that are kept; groups left empty are dropped."""
        columns = [
            np.asarray(labels, dtype=str)[codes[kept]]
            for labels, codes in zip(self.labels, self.codes, strict=True)
        ]
        return Effects.of(self.names, [list(column) for column in columns])

    @property
    def groups(self) -> tuple[int, ...]:
        """Number of groups of each set."""
        return tuple(len(labels) for labels in self.labels)

    def degrees(self) -> int:
        """Return the rank of all effects: exact for two sets, an upper bound for more.

        With two sets it is the number of groups less that of connected parts; each further set
        counts all its groups but one.
        """
        if len(self.codes) < 2:  # noqa: PLR2004 — one set is its groups
            return sum(self.groups)
        first = self.groups[0] + self.groups[1] - _parts(self.codes[0], self.codes[1])
        return first + sum(count - 1 for count in self.groups[2:])


def residuals(values: Array, effects: Effects, weight: Array, tolerance: float = 1e-12) -> Array:
    """Return ``values`` (n, k) less what the effects explain, under weights (n,) ≥ 0.

    ``tolerance`` is on the size of what is still explained, over the size of ``values``. Raises
    ``NoCertifiedAnswer`` when it is not reached.
    """
    if not effects.codes:
        return values
    inverse = [_inverse_sums(codes, weight) for codes in effects.codes]
    if len(effects.codes) == 1:
        return _less_means(values, effects.codes[0], weight, inverse[0])
    size = np.sqrt(weight @ values**2)
    order = [*range(len(effects.codes)), *range(len(effects.codes) - 1)[::-1]]

    def explained(x: Array) -> Array:
        left = x
        for s in order:
            left = _less_means(left, effects.codes[s], weight, inverse[s])
        return x - left

    rest = explained(values)
    direction, found, squared = rest, np.zeros_like(values), weight @ rest**2
    for _ in range(ROUNDS):
        if np.all(np.sqrt(squared) <= tolerance * size):
            return values - found
        moved = explained(direction)
        bent = weight @ (direction * moved)
        step = np.divide(squared, bent, out=np.zeros_like(squared), where=bent > 0.0)
        found, rest = found + step * direction, rest - step * moved
        new = weight @ rest**2
        ratio = np.divide(new, squared, out=np.zeros_like(new), where=squared > 0.0)
        direction, squared = rest + ratio * direction, new
    cause = f"fixed effects not absorbed after {ROUNDS} rounds"
    raise NoCertifiedAnswer(
        cause, "fewer sets of effects, or a check of groups that barely connect"
    )


def _inverse_sums(codes: Codes, weight: Array) -> Array:
    total = np.bincount(codes, weight)
    return np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)


def _less_means(values: Array, codes: Codes, weight: Array, inverse: Array) -> Array:
    out = np.empty_like(values)
    for k in range(values.shape[1]):
        mean = np.bincount(codes, weight * values[:, k], minlength=len(inverse)) * inverse
        out[:, k] = values[:, k] - mean[codes]
    return out


def _parts(first: Codes, second: Codes) -> int:
    """Return the number of connected parts of two sets of groups that share observations."""
    label: Codes = np.arange(int(first.max()) + 1, dtype=np.intp)
    while True:
        low: Codes = np.full(int(second.max()) + 1, len(label), dtype=np.intp)
        np.minimum.at(low, second, label[first])
        new = label.copy()
        np.minimum.at(new, first, low[second])
        if np.array_equal(new, label):
            return len(np.unique(label))
        label = new
