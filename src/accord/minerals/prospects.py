"""What deposits may come to: by year and step, over draws of size, years and odds.

A deposit takes the steps still ahead of it one after another. Step k succeeds with probability
p_k and takes t_k years; what a step makes is there in year T with

    size · Π_{k ≤ s} success_k · [start + Σ_{k ≤ s} t_k ≤ T]

p, t and size are triangular between the low and high of the pack, drawn anew for each deposit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from accord.pack.chain import STEPS, Chain, Deposit, Span, Step

Array = NDArray[np.float64]
Index = NDArray[np.intp]
PRODUCING = ("mine", "separation", "metal", "magnet")
"""Steps that make something."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How far work goes: the last step taken, and years of steps in place of the pack's."""

    through: str
    lead_years: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many draws, and the seed that they follow from."""

    draws: int = 4096
    seed: int = 20250224


@dataclass(frozen=True)
class Prospects:
    """Tonnes a year, as the ore is weighed, that get as far as each step: (draws, years).

    ``reached``  by (deposit, step);  ``years`` the calendar years
    """

    deposits: tuple[Deposit, ...]
    years: tuple[int, ...]
    steps: tuple[str, ...]
    reached: Mapping[tuple[str, str], Array]

    def mean(self, deposit: str, step: str) -> Array:
        """Return expected tonnes by year."""
        return self.reached[deposit, step].mean(axis=0)

    def total(self, step: str, weight: Mapping[str, float] | None = None) -> Array:
        """Return the sum over deposits by draw and year, each times ``weight`` of its ore."""
        parts = (
            self.reached[d.deposit, step] * (1.0 if weight is None else weight[d.ore])
            for d in self.deposits
        )
        return np.sum(list(parts), axis=0)


def triangular(span: Span, u: Array) -> Array:
    """Return quantiles of the triangular distribution between low and high with mode central."""
    width = span.high - span.low
    if width <= 0.0:
        return np.full_like(u, span.central)
    bend = (span.central - span.low) / width
    rising = span.low + np.sqrt(u * width * (span.central - span.low))
    falling = span.high - np.sqrt((1.0 - u) * width * (span.high - span.central))
    return np.where(u < bend, rising, falling)


def prospects(
    chain: Chain,
    deposits: Sequence[Deposit],
    years: Sequence[int],
    plan: Plan,
    sampling: Sampling | None = None,
) -> Prospects:
    """Return what deposits come to in each of ``years``; work starts with the first of them."""
    draws, seed = (sampling or Sampling()).draws, (sampling or Sampling()).seed
    taken = STEPS[: STEPS.index(plan.through) + 1]
    reached: dict[tuple[str, str], Array] = {}
    offsets = np.asarray(years, dtype=np.float64) - years[0]
    for place, deposit in enumerate(deposits):
        # Each deposit has numbers of its own, so that another deposit changes none of them.
        random = np.random.default_rng([seed, place])
        size = triangular(deposit.output, random.random(draws))
        alive, clock = np.ones(draws), np.zeros(draws)
        for step in STEPS:
            u = random.random((3, draws))
            if step in deposit.ahead and step in taken:
                row = chain.steps[step]
                alive = alive * (u[1] < triangular(row.probability, u[0]))
                clock = clock + _years(row, plan.lead_years.get(step), u[2])
            if step in PRODUCING and step in taken:
                there = clock[:, None] <= offsets[None, :]
                reached[deposit.deposit, step] = size[:, None] * alive[:, None] * there
    steps = tuple(step for step in PRODUCING if step in taken)
    return Prospects(tuple(deposits), tuple(years), steps, reached)


def _years(row: Step, stated: int | None, u: Array) -> Array:
    return triangular(row.years, u) if stated is None else np.full_like(u, float(stated))
