"""What must be said of columns that are compared, all of it found in their figures."""

from __future__ import annotations

from collections.abc import Iterable

from accord.instruments.problem import listed
from accord.web.comparison import Column, Comparison

BEYOND = (
    "what was moved in projects, rare earths or budgets is not in these tables, which are about "
    "the market."
)


def notes(c: Comparison) -> Iterable[str]:
    """Yield what must be known: names in full, what a column lacks, why nothing is subtracted."""
    for x in c.columns:
        whole = x.figures.view.get("whole", x.name)
        if whole != x.name:
            yield f"{x.letter}: {whole}."
        if x.figures.ok:
            if x.figures.view["beyond"]:
                yield f"{x.letter}: {BEYOND}"
            yield from _lacks(c, x)
            yield from _compared(c, x)
        else:
            yield f"{x.letter} has no answer, so nothing stands in its column: {x.why}."
    yield from _fixed(c)
    if not c.base.figures.ok:
        yield f"{c.base.letter}, the baseline, has no answer: choose another to see differences."


def _lacks(c: Comparison, x: Column) -> Iterable[str]:
    missing = [c.row_name(row) for k, row in c.rows.items() if x.row(k) is None]
    if missing:
        what = listed([f"“{name}”" for name in missing], "and")
        yield (
            f"{x.letter} has a dash at {what}: its answer is about other goods or places and does "
            "not have that number. It is not zero."
        )


def _compared(c: Comparison, x: Column) -> Iterable[str]:
    if x is c.base or not c.base.figures.ok:
        return
    different = c.different(x)
    if different:
        yield f"{x.letter} and {c.base.letter} have {different}: nothing is subtracted."
        return
    if c.drawn_differently(x):
        yield (
            f"{x.letter} and {c.base.letter} were drawn differently: their difference has no range."
        )
        return
    days = [y.figures.view["ground"]["days of the law"] for y in (x, c.base)]
    if len(set(days)) > 1:
        yield (
            f"{x.letter} stands under the law of {days[0]}, {c.base.letter} under that of "
            f"{days[1]}: the law's doing is part of their differences."
        )


def _fixed(c: Comparison) -> Iterable[str]:
    """Yield what one side of a difference has fixed and the other draws, once for all alike."""
    found: dict[tuple[str, ...], list[str]] = {}
    for x in c.columns:
        fixed = tuple(c.fixed_in_one(x)) if c.gaps.get(x.key) else ()
        if fixed:
            found.setdefault(fixed, []).append(x.letter)
    for fixed, letters in found.items():
        yield (
            f"{listed(letters, 'and')} against {c.base.letter}: one side has fixed what the other "
            f"draws, {listed(list(fixed), 'and')}. What that spread does is part of the range of "
            "the difference."
        )
