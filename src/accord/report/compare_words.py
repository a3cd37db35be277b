"""What a comparison says in sentences, all generated from its draws."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.instruments.problem import listed
from accord.report.compare import Comparison, names, welfare_rows
from accord.report.compare_draws import Against, CommonDraws
from accord.report.compare_numbers import WELFARE
from accord.report.main_results import Result
from accord.report.names import good, place
from accord.report.numbers import DOLLARS, UNITS, amount, digits_for, unit_for

SAID = ("flow", "output", WELFARE)
"""Measures of which a sentence is made: what the deal is about, and who gains."""


def sentences(c: Comparison) -> list[str]:
    """Return how each scenario differs from the first draw by draw, then which is highest in what.

    Nothing where there are no common draws.
    """
    draws = c.draws
    if draws is None:
        return []
    told = [r for r in (*c.results, *welfare_rows(c)) if r.measure in SAID]
    called = names(c)
    said = [_against(c, draws, told, i, called) for i in range(1, len(c.answers))]
    if len(c.answers) > 2:  # noqa: PLR2004 - of two the sentence above says it
        said += [_highest(c, draws, r, called) for r in told]
    return [x for x in said if x]


def _against(
    c: Comparison, draws: CommonDraws, told: list[Result], i: int, called: list[str]
) -> str:
    """Return "B against A: …", a clause a number; which draws are meant stands in the first."""
    found = [(r, x) for r in told if (x := draws.against_first(r, i)) is not None]
    head = f"{called[i]} against {called[0]}"
    if not found:
        return ""
    if all(x.same == x.draws for _, x in found):
        return f"{head}: the same in all {found[0][1].draws:,} draws."
    clauses = [_clause(c, r, x, first=not k) for k, (r, x) in enumerate(found)]
    return f"{head}, draw by draw: {'; '.join(clauses)}."


def _clause(c: Comparison, result: Result, x: Against, *, first: bool) -> str:
    """Return "more goes in 480 of 500 draws (by … in 8 of 10)"; what is counted is said first."""
    more, less, same = _phrases(c, result)
    draws = " draws" if first else ""
    if x.same == x.draws:
        return f"{same} in all {x.draws:,}{draws}"
    up = x.higher >= x.lower
    head = f"{more if up else less} in {x.higher if up else x.lower:,} of {x.draws:,}{draws}"
    alike = f", the same in {x.same:,}" if x.same else ""
    return f"{head}{alike} ({_by(result, x, up=up)}{' in 8 of 10' if first else ''})"


def _by(result: Result, x: Against, *, up: bool) -> str:
    """Return by how much in 8 of 10 draws; both ends with their direction where they differ."""
    units = DOLLARS[1:] if result.measure == WELFARE else UNITS[result.unit]
    unit = unit_for((x.low, x.high), units)
    digits = digits_for((x.low, x.high), unit)
    low, high = (amount(abs(v), unit, digits) for v in (x.low, x.high))
    name = f"{unit.name}{' a year' if result.unit.endswith('/yr') else ''}"
    if x.low * x.high < 0.0 or (x.high < 0.0 if up else x.low > 0.0):
        return f"between {low} {name} {_way(x.low)} and {high} {_way(x.high)}"
    ends = dict.fromkeys((low, high) if up else (high, low))
    return f"by {' to '.join(ends)} {name}"


def _way(value: float) -> str:
    return "less" if value < 0.0 else "more"


def _phrases(c: Comparison, result: Result) -> tuple[str, str, str]:
    """Return how it is said that a number is higher, lower, the same."""
    a = _speaker(c)
    if result.measure == "flow":
        what, way = good(a, result.good or ""), _way_of(a, result)
        return f"more {what} goes {way}", f"less {what} goes {way}", f"as much {what} goes {way}"
    if result.measure == "output":
        what = good(a, result.good or "")
        makes = f"{place(a, result.region)} makes"
        return f"{makes} more {what}", f"{makes} less {what}", f"{makes} as much {what}"
    if c.one_law:
        gains = f"{result.name} gains"
        return f"{gains} more", f"{gains} less", f"{gains} as much"
    who = f"{result.name} is"
    return f"{who} better off", f"{who} worse off", f"{who} as well off"


def _way_of(a: Assessment, result: Result) -> str:
    origin, _, destination = result.region.partition(">")
    return f"from {place(a, origin)} to {place(a, destination)}"


def _speaker(c: Comparison) -> Assessment:
    """Return the answer whose names of places and goods are used: the one that is in focus."""
    return next((a for a in c.answers if a.focus.lane is not None), c.answers[0])


def _highest(c: Comparison, draws: CommonDraws, result: Result, called: list[str]) -> str:
    """Return in how many draws each scenario is the highest of all; nothing where none ever is."""
    won = draws.highest(result)
    if won is None or not any(won):
        return ""
    order = sorted(range(len(won)), key=lambda i: -won[i])
    told = [f"{called[i]} in {won[i]:,}" for i in order if won[i]]
    told[0] += f" of {draws.together:,} draws"
    alike = draws.together - sum(won)
    tail = f"; none alone in {alike:,}" if alike else ""
    return f"{_most(c, result)}: {listed(told, 'and')}{tail}."


def _most(c: Comparison, result: Result) -> str:
    a = _speaker(c)
    if result.measure == "flow":
        return f"Most {good(a, result.good or '')} {_way_of(a, result)}"
    if result.measure == "output":
        return f"Most {good(a, result.good or '')} made by {place(a, result.region)}"
    return f"{'Largest gain' if c.one_law else 'Best'} for {result.name}"
