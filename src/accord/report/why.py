"""Why a number changes: its change shared out among the terms of the deal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment import Assessment
from accord.effects.by_term import MOST_IN_ALL_ORDERS, ByTerm, Key, by_term
from accord.effects.measures import WORLD
from accord.report.block import Block, Line
from accord.report.main_results import change_of, results
from accord.report.names import place
from accord.report.numbers import UNITS, Unit, amount, digits_for, unit_for

TOGETHER = "all terms"
# What is smaller than this part of the largest share is rounding of the solver.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Asked:
    """A number whose change is shared out: its name for people, its row and its unit."""

    name: str
    key: Key
    unit: str


def asked(a: Assessment) -> tuple[Asked, ...]:
    """Return the numbers that change, in the order they are shown: main results, then gains."""
    found = [
        Asked(r.name, (r.measure, r.region, r.good), r.unit)
        for r in results(a)
        if r.measure != "emissions" and _changes(*r.read(a.effects))
    ]
    ends = (a.focus.importer, a.focus.exporter, *a.parties, WORLD)
    for code in dict.fromkeys(code for code in ends if code is not None):
        row = a.effects.row("welfare", code)
        if row is not None and _changes(row.before, row.after):
            name = "Gain of the world" if code == WORLD else f"Gain of {place(a, code)}"
            found.append(Asked(name, ("welfare", code, None), "USD/yr"))
    return tuple(found)


def added_up(shares: Sequence[float], unit: Unit) -> list[str]:
    """Return shares and their sum as text, rounded so that what is shown adds up too.

    All are rounded down to the digits of the column; what then lacks goes to those that lost most.
    """
    total = sum(shares)
    digits = digits_for((*shares, total), unit)
    step = unit.size * 10.0**-digits
    whole = round(total / step)
    floors = [math.floor(x / step) for x in shares]
    losers = sorted(range(len(shares)), key=lambda i: floors[i] - shares[i] / step)
    for i in losers[: max(whole - sum(floors), 0)]:
        floors[i] += 1
    return [amount(x * step, unit, digits, signed=True) for x in (*floors, whole)]


def _changes(before: float | None, after: float | None) -> bool:
    change = change_of(before, after)[0]
    return change is not None and change != 0.0


def why(a: Assessment, numbers: tuple[Asked, ...]) -> ByTerm | None:
    """Return the shares of the deal's terms in each number's change; ``None`` where there are none.

    It solves the market under sets of the terms: a fraction of a second for few terms. What is
    rounding of the solver is 0.
    """
    if not numbers:
        return None
    found = by_term(a.effects, a.scene.deal.terms, [x.key for x in numbers])
    if found is None:
        return None
    sizes = np.abs(found.shares).max(axis=1, keepdims=True)
    kept = np.where(np.abs(found.shares) > ROUNDING * sizes, found.shares, 0.0)
    return replace(found, shares=kept)


def why_block(numbers: tuple[Asked, ...], found: ByTerm) -> Block:
    """Return one line a number and one column a term; a line adds up to the change."""
    lines: list[Line] = []
    for x in numbers:
        shares = found.of(x.key)
        unit = unit_for((*shares, sum(shares)), UNITS[x.unit])
        name = unit.name + ("/yr" if x.unit.endswith("/yr") else "")
        lines.append(Line((x.name, name, *added_up(shares, unit))))
    heading = "What each term does"
    columns = ("", "unit", *found.terms, TOGETHER)
    return Block(heading, columns, tuple(lines), (how(found),))


def how(found: ByTerm) -> str:
    """Return in one sentence how shares are computed, and over which orders."""
    count = len(found.terms)
    if found.every_order:
        over = "the one order" if found.orders == 1 else f"all {found.orders:,} orders"
        orders = f"{over} in which they can come" if count > 1 else ""
    else:
        orders = (
            f"{found.orders} orders in which each stands equally often in each place (more than "
            f"{MOST_IN_ALL_ORDERS} terms have too many orders to try)"
        )
    if count == 1:
        return "One term does all of it."
    return (
        f"A term's share is what it adds to those before it, on average over {orders} "
        f"(Shapley value; a term comes after those it requires; {found.solved} markets solved). "
        "Shares of a line add up to its change, and are rounded so that they do. Terms that only "
        "work together share equally."
    )


def ids_and_titles(a: Assessment) -> dict[str, str]:
    """Return the title of each term by its id, the id where it has none."""
    return {x.id: x.title or x.id for x in a.terms}
