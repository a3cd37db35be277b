"""Chains of elements: what goods hold, what stages recover, what could be dug up next.

A pack has a chain where its goods are told apart by the elements in them. An activity that takes in
goods with elements gives back what its kind recovers, in the same proportions or fewer elements:

    Σ outputs·content = recovery · Σ inputs·content      for every element
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CLOSE = 1e-9
"""Relative gap in an element's balance that is taken for rounding."""
STEPS = ("exploration", "resource", "mine", "separation", "metal", "magnet")
"""From a place on a map to magnets, in order."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number with its range; low and high are the 10th and 90th percentile, or the ends."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """The part of an element that a kind of activity passes on, 0 to 1."""

    kind: str
    span: Span
    source: str
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit as a project.

    ``ore``     a good of the pack: what its concentrate holds
    ``done``    the last step that is behind it
    ``output``  tonnes a year (as the ore is weighed) if it is built
    ``resource``  tonnes in the ground;  ``grade`` part of the rock, ``None`` where unknown
    """

    deposit: str
    name: str
    region: str
    ore: str
    done: str
    output: Span
    resource: float | None
    grade: float | None
    source: str
    status: str
    note: str = ""

    @property
    def ahead(self) -> tuple[str, ...]:
        """The steps still to take."""
        return STEPS[("none", *STEPS).index(self.done) :]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a project: years after the step before it, odds, capital cost.

    ``years``  triangular;  ``probability`` that it succeeds once the one before has;
    ``capex``  USD per tonne a year of what the step makes (0 where it makes nothing)
    """

    step: str
    years: Span
    probability: Span
    capex: Span
    source: str
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class StageObservation:
    """What the world showed at a stage. ``basis``: identity, fit or check."""

    quantity: str
    region: str
    partner: str
    value: float
    unit: str
    year: int
    source: str
    status: str
    basis: str
    note: str


@dataclass(frozen=True)
class Chain:
    """The chain of a pack.

    ``content``   tonnes of an element in a tonne of a good, by (good, element)
    ``recovery``  by kind of activity
    """

    content: Mapping[tuple[str, str], float]
    recovery: Mapping[str, Recovery]
    observed: tuple[StageObservation, ...]
    deposits: tuple[Deposit, ...]
    steps: Mapping[str, Step]

    @property
    def elements(self) -> tuple[str, ...]:
        """The elements, in the order of the table."""
        return tuple(dict.fromkeys(element for _, element in self.content))

    def held(self, amounts: Iterable[tuple[str, float]], element: str) -> float:
        """Return tonnes of an element in amounts of goods."""
        return sum(x * self.content.get((good, element), 0.0) for good, x in amounts)

    def gap(
        self,
        kind: str,
        inputs: Iterable[tuple[str, float]],
        outputs: Iterable[tuple[str, float]],
    ) -> tuple[str, float]:
        """Return the element whose balance is worst in an activity, and its relative gap.

        Elements that an activity takes in and its kind does not recover are lost: not a gap.
        """
        taken, made = tuple(inputs), tuple(outputs)
        worst = ("", 0.0)
        for element in self.elements:
            known, given = self.held(taken, element), self.held(made, element)
            if known <= 0.0 and given <= 0.0:
                continue
            rate = self.recovery[kind].span.central if kind in self.recovery else 1.0
            gap = abs(given - rate * known) / max(rate * known, given)
            if gap > worst[1]:
                worst = (element, gap)
        return worst
