"""A policy history whose measures cannot hold together: refused before anything is solved."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from accord.deal.contradictions import conflict
from accord.errors import Fault, InputError
from accord.pack import Pack
from accord.pack.law import Measure


def refuse_conflicts(pack: Pack, first: int, last: int) -> None:
    """Raise ``InputError`` naming every pair of measures that contradict each other in the years.

    A ban beside a quota, two duties on the same trade that each stand in place of the same other
    one, two quotas on the same trade: what the law then asks cannot be told.
    """
    held = [m for m in pack.measures if _within(m, first, last)]
    faults: list[Fault] = []
    for one, other in combinations(held, 2):
        if not one.term.overlaps(other.term):
            continue
        problem = conflict(one.term, other.term)
        if problem is not None:
            faults.append(pack.statutes.document.fault(problem, other.place, other.id))
    if faults:
        raise InputError(faults)


def _within(measure: Measure, first: int, last: int) -> bool:
    starts, until = measure.term.starts, measure.term.until
    begun = starts is None or starts <= date(last, 12, 31)
    return begun and (until is None or until > date(first, 1, 1))
