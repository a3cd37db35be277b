"""Which closure each draw has: one for all, or each its own by the weights of ``closures.csv``.

Which way trade closes is not known either. With ``mixed`` it is one of the uncertain things: the
draws of each closure come as often as its weight says, evenly along the sequence of draws.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from accord.ensemble.ask import MIXED
from accord.equilibrium import closure_named
from accord.errors import Fault, InputError
from accord.market import Market
from accord.pack.columns import Column, Known
from accord.pack.tables import TableSpec, read_table

FILE = Path(__file__).with_name("closures.csv")
SPEC = TableSpec(
    (
        Column("closure", "word"),
        Column("weight", "number"),
        Column("unit", "text"),
        Column("source", "text"),
        Column("status", "status"),
        Column("note", "text"),
    ),
    ("closure",),
)

# Multiples of the golden section are spread evenly over the unit interval, and so is every stretch
# of them; the square root of two moves the start from seed to seed.
GOLDEN_SECTION = 0.5 * (5.0**0.5 - 1.0)
FROM_SEED = 2.0**0.5 - 1.0

UNSURE = {"homogeneous": ("flow", "imports", "exports", "duty_rate_collected")}
"""Measures that a closure does not pin down: single flows are not unique where lanes tie."""


@dataclass(frozen=True, slots=True)
class ClosureWeight:
    """How often a closure is drawn, and why so."""

    closure: str
    weight: float
    source: str
    status: str
    note: str


@dataclass(frozen=True)
class ClosureChoice:
    """The closures of an ensemble, weights adding up to 1.

    ``left_out``  (closure, what in the market it has no words for)
    """

    weights: tuple[ClosureWeight, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    def picks(self, count: int, seed: int, start: int = 0) -> tuple[str, ...]:
        """Return the closures of draws start … start + count − 1.

        A draw's closure depends on its index and the seed alone.
        """
        names = [row.closure for row in self.weights]
        edges = list(accumulate(row.weight for row in self.weights))[:-1]
        spread = (
            ((i + 0.5) * GOLDEN_SECTION + (seed * FROM_SEED) % 1.0) % 1.0
            for i in range(start, start + count)
        )
        return tuple(names[bisect_right(edges, u)] for u in spread)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know about how trade is closed in the draws."""
        if len(self.weights) == 1 and not self.left_out:
            return ()
        shares = ", ".join(f"{row.closure} {100.0 * row.weight:.0f} %" for row in self.weights)
        said = [f"Each draw has one closure; weights (assumed): {shares}."]
        said += [f"{name} is left out: the market has {what}." for name, what in self.left_out]
        said += [
            f"{name} says nothing certain about {', '.join(measures)}: left out of its draws."
            for name, measures in UNSURE.items()
            if any(row.closure == name for row in self.weights)
        ]
        return tuple(said)


def choice_of(closure: str, markets: Iterable[Market]) -> ClosureChoice:
    """Return the closures for the markets of an ask.

    Raises ``InputError`` for an unknown closure, and for a table that is at fault.
    """
    if closure != MIXED:
        closure_named(closure)
        return ClosureChoice((ClosureWeight(closure, 1.0, "", "", ""),))
    kept: list[ClosureWeight] = []
    left_out: list[tuple[str, str]] = []
    every = list(markets)
    for row in read_weights():
        refusals = [closure_named(row.closure).refusal(market) for market in every]
        why = next((x for x in refusals if x is not None), None)
        if why is None:
            kept.append(row)
        else:
            left_out.append((row.closure, why))
    total = sum(row.weight for row in kept)
    scaled = (
        ClosureWeight(row.closure, row.weight / total, row.source, row.status, row.note)
        for row in kept
    )
    return ClosureChoice(tuple(scaled), tuple(left_out))


def read_weights(path: Path = FILE) -> tuple[ClosureWeight, ...]:
    """Return the table of weights. Raises ``InputError`` where it is at fault."""
    table = read_table(path, path.name, SPEC, Known())
    if not table.sound:
        raise InputError(table.faults)
    text, weights = table.text, table.number["weight"]
    faults = [
        Fault(table.file, f"{weight:g}", "more than 0", "remove the row", line, field="weight")
        for weight, line in zip(weights, table.lines, strict=True)
        if not weight > 0.0
    ]
    if faults:
        raise InputError(faults)
    return tuple(
        ClosureWeight(
            text["closure"][i], weights[i], text["source"][i], text["status"][i], text["note"][i]
        )
        for i in range(len(table))
    )
