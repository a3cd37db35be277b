"""Values of uncertain numbers, drawn: which of them belong to the market, and in what shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.pack import PriorKey
from accord.pack.number_names import ACCESS

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Values (D, k) of the numbers named by ``keys``, one row a draw."""

    keys: tuple[PriorKey, ...]
    values: Matrix

    @property
    def count(self) -> int:
        """Number of draws D."""
        return len(self.values)

    @property
    def chosen(self) -> dict[PriorKey, Vector]:
        """Values of the priors' rows (D,)."""
        return {key: self.values[:, i] for i, key in enumerate(self.keys) if key != ACCESS}

    @property
    def access(self) -> Vector | None:
        """Scores of what latent lanes would carry (D,); ``None`` where that is not drawn."""
        return self.values[:, self.keys.index(ACCESS)] if ACCESS in self.keys else None

    def rows(self, draws: Sequence[int] | NDArray[np.intp]) -> Drawn:
        """Return some of the draws."""
        return Drawn(self.keys, self.values[np.asarray(draws, dtype=np.intp)])
