"""Plants of one kind that stand side by side in a region: how their cost curves differ.

They share every cost but power. A plant's margin per unit at the benchmark is then

    s·r = s̄·r + (mean power cost − its own),   at least half of s̄·r

with s̄ the prior's share of rising cost in the revenue r. Each has the supply elasticity of the
prior, and so has the country. A thinner margin would make a plant all or nothing: its supply would
be a step, which no source supports.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.pack.balance import Balance
from accord.pack.benchmark import Technique

FLOOR = 0.5
"""Least part of the prior's share that a plant with dear power keeps."""


@dataclass(frozen=True)
class Fellows:
    """The plants of a kind in a region: units a year, and USD per unit that each pays for power."""

    level: tuple[float, ...]
    power_cost: tuple[float, ...]

    @property
    def mean_power_cost(self) -> float:
        """What they pay for power, USD per unit, by output (evenly where none has any)."""
        total = sum(self.level)
        if total == 0.0:
            return sum(self.power_cost) / len(self.power_cost)
        return sum(u * c for u, c in zip(self.level, self.power_cost, strict=True)) / total

    def ahead(self, power_cost: float, revenue: float) -> float:
        """Return how much less a plant pays for power than their mean, over its revenue."""
        return (self.mean_power_cost - power_cost) / revenue


def share_beside(prior: NDArray[np.float64], ahead: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return plants' rising cost over revenue, from the prior's and how far each is ahead."""
    return np.maximum(prior + ahead, FLOOR * prior)


def fellows_of(balance: Balance) -> dict[tuple[str, str], Fellows]:
    """Return the plants that stand side by side, by (kind, region)."""
    found: dict[tuple[str, str], list[Technique]] = {}
    for t in balance.techniques:
        if t.plant:
            found.setdefault((t.kind, t.region), []).append(t)
    return {
        place: Fellows(
            level=tuple(balance.level[t.name] for t in plants),
            power_cost=tuple(t.power * t.power_price for t in plants),
        )
        for place, plants in found.items()
    }
