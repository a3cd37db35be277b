"""Why a number changes: its change shared out among the terms of the deal."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Assessment
from accord.effects.by_term import MOST_IN_ALL_ORDERS, ByTerm, Key, by_term
from accord.effects.measures import WORLD
from accord.report.block import Block, Line
from accord.report.main_results import NO_CHANGE, change_of, results
from accord.report.names import place
from accord.report.numbers import UNITS, column, largest, unit_for

TOGETHER = "all terms"
DIGITS_OF_A_SHARE = 1e-9


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


def _changes(before: float | None, after: float | None) -> bool:
    change = change_of(before, after)[0]
    return change is not None and change != 0.0


def why(a: Assessment, numbers: tuple[Asked, ...]) -> ByTerm | None:
    """Return the shares of the deal's terms in each number's change; ``None`` where there are none.

    It solves the market under sets of the terms: a fraction of a second for few terms.
    """
    return by_term(a.effects, a.scene.deal.terms, [x.key for x in numbers]) if numbers else None


def why_block(a: Assessment, numbers: tuple[Asked, ...], found: ByTerm) -> Block:
    """Return one line a number and one column a term; a line adds up to the change."""
    titles = tuple(_short(term) for term in found.terms)
    lines: list[Line] = []
    for x in numbers:
        shares = found.of(x.key)
        total = sum(shares)
        floor = max(DIGITS_OF_A_SHARE * largest(shares), NO_CHANGE * abs(total))
        shown = [s if abs(s) > floor else 0.0 for s in shares]
        unit = unit_for((*shown, total), UNITS[x.unit])
        name = unit.name + ("/yr" if x.unit.endswith("/yr") else "")
        lines.append(Line((x.name, name, *column((*shown, total), unit, signed=True))))
    heading = "What each term does"
    columns = ("", "unit", *titles, TOGETHER)
    return Block(heading, columns, tuple(lines), (how(found),))


def _short(term: str) -> str:
    return term


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
        "Shares of a line add up to its change. Terms that only work together share equally."
    )


def ids_and_titles(a: Assessment) -> dict[str, str]:
    """Return the title of each term by its id, the id where it has none."""
    return {x.id: x.title or x.id for x in a.terms}
