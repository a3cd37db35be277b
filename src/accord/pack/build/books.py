"""A year's books of a chain of goods: flows, outputs, inputs, final use; and their balances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accord.pack.build.mirror import LaneName
from accord.pack.build.reconcile import Reconciled, Unknown, reconcile

Plant = tuple[str, str]
Use = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Technique:
    """A kind of activity: what it makes and what it is made from (``None``: from nothing here)."""

    kind: str
    output: str
    input: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure (kt, or t/t) with its relative standard error, source and status."""

    value: float
    error: float
    source: str
    status: str
    why: str = ""


@dataclass(frozen=True)
class Priors:
    """What the sources say before anything is reconciled.

    ``flows``    by (good, origin, destination), home flows included
    ``outputs``  by (kind, region), kt
    ``inputs``   by (kind, region), tonnes of input per tonne of output; error 0 is a fixed ratio
    ``finals``   by (good, region), kt
    """

    flows: Mapping[LaneName, Figure]
    outputs: Mapping[Plant, Figure]
    inputs: Mapping[Plant, Figure]
    finals: Mapping[Use, Figure]
    totals: Mapping[str, tuple[float, tuple[LaneName, ...]]] = field(
        default_factory=dict[str, tuple[float, tuple[LaneName, ...]]]
    )


@dataclass(frozen=True)
class Books:
    """Reconciled figures, kt, with the factors that made them."""

    flows: Mapping[LaneName, float]
    outputs: Mapping[Plant, float]
    inputs: Mapping[Plant, float]
    finals: Mapping[Use, float]
    outcome: Reconciled

    def supply(self, good: str, region: str) -> float:
        """Return what a region ships of a good, its own use included."""
        return sum(v for (g, i, _), v in self.flows.items() if (g, i) == (good, region))

    def inflow(self, good: str, region: str) -> float:
        """Return what a region takes in of a good, its own included."""
        return sum(v for (g, _, j), v in self.flows.items() if (g, j) == (good, region))

    def exports(self, good: str, region: str) -> float:
        """Return what a region ships abroad."""
        return self.supply(good, region) - self.flows.get((good, region, region), 0.0)

    def imports(self, good: str, region: str) -> float:
        """Return what a region takes in from abroad."""
        return self.inflow(good, region) - self.flows.get((good, region, region), 0.0)


def settle(priors: Priors, techniques: Mapping[str, Technique]) -> Books:
    """Return books that close every balance: supply of each good and region, and its use."""
    unknowns = [*_flows(priors), *_activities(priors, techniques), *_finals(priors)]
    targets = {name: total for name, (total, _) in priors.totals.items()}
    outcome = reconcile(unknowns, targets)
    values = outcome.values
    outputs = {plant: values[f"output:{plant[0]}:{plant[1]}"] for plant in priors.outputs}
    inputs = {
        plant: figure.value
        if figure.error == 0
        else values[f"use:{plant[0]}:{plant[1]}"] / outputs[plant]
        for plant, figure in priors.inputs.items()
    }
    return Books(
        flows={lane: values["flow:" + ":".join(lane)] for lane in priors.flows},
        outputs=outputs,
        inputs=inputs,
        finals={use: values[f"final:{use[0]}:{use[1]}"] for use in priors.finals},
        outcome=outcome,
    )


def _flows(priors: Priors) -> Iterable[Unknown]:
    memberships: dict[LaneName, list[tuple[str, float]]] = {}
    for name, (_, lanes) in priors.totals.items():
        for lane in lanes:
            memberships.setdefault(lane, []).append((name, 1.0))
    for lane, figure in sorted(priors.flows.items()):
        good, origin, destination = lane
        terms = (
            (f"supply of {good} in {origin}", -1.0),
            (f"use of {good} in {destination}", 1.0),
            *memberships.get(lane, ()),
        )
        yield Unknown("flow:" + ":".join(lane), figure.value, figure.error, terms)


def _activities(priors: Priors, techniques: Mapping[str, Technique]) -> Iterable[Unknown]:
    for (kind, region), figure in sorted(priors.outputs.items()):
        technique = techniques[kind]
        terms = [(f"supply of {technique.output} in {region}", 1.0)]
        ratio = priors.inputs.get((kind, region))
        if ratio is not None and technique.input is not None:
            use = f"use of {technique.input} in {region}"
            if ratio.error == 0:
                terms.append((use, -ratio.value))
            else:
                need = ratio.value * figure.value
                yield Unknown(f"use:{kind}:{region}", need, ratio.error, ((use, -1.0),))
        yield Unknown(f"output:{kind}:{region}", figure.value, figure.error, tuple(terms))


def _finals(priors: Priors) -> Iterable[Unknown]:
    for (good, region), figure in sorted(priors.finals.items()):
        terms = ((f"use of {good} in {region}", -1.0),)
        yield Unknown(f"final:{good}:{region}", figure.value, figure.error, terms)
