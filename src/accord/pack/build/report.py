"""The reconciliation report: what became of every figure, and how large the changes are."""

from __future__ import annotations

import statistics

from accord.pack.build import mirror
from accord.pack.build.aluminium_2017 import TECHNIQUES, TRADED, Prepared
from accord.pack.build.books import Books
from accord.pack.build.tables import number

LARGE = 5.0
"""Lanes above this many kt count in the second median."""


def adjustment_rows(prepared: Prepared, books: Books) -> list[tuple[str, ...]]:
    """Return every lane: before, after (kt), and why; lanes left out have after = 0."""
    rows = [
        (*lane, number(figure.value, 4), number(books.flows[lane], 4), "kt", figure.why)
        for lane, figure in prepared.priors.flows.items()
    ]
    rows += [
        (*left.lane, number(left.value, 4), "0", "kt", f"left out: {left.why}")
        for left in prepared.left
        if left.value > 0
    ]
    return rows


def output_rows(prepared: Prepared, books: Books) -> list[tuple[str, ...]]:
    """Return outputs, input ratios and final use: before, after, and why."""
    rows: list[tuple[str, ...]] = []
    priors = prepared.priors
    for plant, figure in priors.outputs.items():
        values = (number(figure.value, 4), number(books.outputs[plant], 4), "kt")
        rows.append((*plant, "output", *values, figure.source, figure.status, figure.why))
    for plant, figure in priors.inputs.items():
        item = f"input:{TECHNIQUES[plant[0]].input}"
        values = (number(figure.value, 4), number(books.inputs[plant], 4), "t/t")
        rows.append((*plant, item, *values, figure.source, figure.status, figure.why))
    for (good, region), figure in priors.finals.items():
        values = (number(figure.value, 4), number(books.finals[good, region], 4), "kt")
        rows.append(("final use", region, good, *values, figure.source, figure.status, figure.why))
    return rows


def summary_rows(prepared: Prepared, books: Books) -> list[tuple[str, ...]]:
    """Return how far the mirrors disagree, what was left out, how much was moved."""
    rows: list[tuple[str, ...]] = []
    for good in TRADED:
        mirrors = [m for m in prepared.mirrors if m.good == good and m.origin != m.destination]
        middle, count = mirror.median_gap(mirrors)
        rows.append(("mirror gap, median", good, number(middle, 4), "fraction", f"{count} lanes"))
        middle, count = mirror.median_gap(mirrors, LARGE)
        note = f"{count} lanes above {LARGE:g} kt"
        rows.append(
            ("mirror gap, median of larger lanes", good, number(middle, 4), "fraction", note)
        )
        left = [x for x in prepared.left if x.lane[0] == good]
        for why in sorted({x.why for x in left}):
            some = [x for x in left if x.why == why]
            total = number(sum(x.value for x in some), 2)
            rows.append((f"lanes left out, {why}", good, total, "kt", f"{len(some)} lanes"))
        rows += _moved(prepared, books, good)
    return rows


def _moved(prepared: Prepared, books: Books, good: str) -> list[tuple[str, ...]]:
    lanes = [x for x in prepared.priors.flows if x[0] == good and x[1] != x[2]]
    before = [prepared.priors.flows[x].value for x in lanes]
    after = [books.flows[x] for x in lanes]
    changes = [abs(a / b - 1.0) for a, b in zip(after, before, strict=True)]
    moved = sum(abs(a - b) for a, b in zip(after, before, strict=True)) / 2.0
    return [
        ("change of lane, median", good, number(statistics.median(changes), 4), "fraction", ""),
        ("tonnes moved, half the sum of changes", good, number(moved, 1), "kt", ""),
        ("trade before", good, number(sum(before), 1), "kt", f"{len(lanes)} lanes"),
        ("trade after", good, number(sum(after), 1), "kt", f"{len(lanes)} lanes"),
    ]
