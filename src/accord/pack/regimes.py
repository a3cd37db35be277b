"""The days of a year on which the law changes, and the stretches between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accord.instruments import Term
from accord.instruments.term import same_day

Signature = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Regime:
    """Days in a row under one law.

    ``starts`` and ``ends`` are its first and last day, ``share`` its part of the year's days.
    """

    starts: date
    ends: date
    share: float

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.ends - self.starts).days + 1


def regimes_of(year: int, terms: Iterable[Term]) -> tuple[Regime, ...]:
    """Return a calendar year as stretches of days on which the same terms hold as far.

    Two days are alike where the same terms are in force with the same phased-in share; days
    alike that follow each other are one regime. The shares add up to 1 exactly (``math.fsum``).
    """
    known = tuple(terms)
    firsts = _firsts(_days_of_change(year, known), lambda day: _signature(known, day))
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), date(year, 12, 31)]
    days = [(last - first).days + 1 for first, last in zip(firsts, lasts, strict=True)]
    shares = _shares(days)
    return tuple(Regime(*row) for row in zip(firsts, lasts, shares, strict=True))


def _days_of_change(year: int, terms: Iterable[Term]) -> list[date]:
    """Return the first of January and every day on which a term may come, go or grow."""
    found = {date(year, 1, 1)}
    for term in terms:
        found |= {day for day in (term.begins, term.until) if day is not None and day.year == year}
        if term.steps and term.begins is not None:
            found.add(same_day(term.begins, year))
    return sorted(found)


def _signature(terms: Iterable[Term], day: date) -> Signature:
    return tuple((t.id, t.share_on(day)) for t in terms if t.in_force(day))


def _firsts(days: list[date], signature: Callable[[date], Signature]) -> list[date]:
    """Return the days that differ from the one before them in the list; always the first."""
    held = [signature(day) for day in days]
    return [d for i, d in enumerate(days) if i == 0 or held[i] != held[i - 1]]


def _shares(days: list[int]) -> list[float]:
    """Return each number over their sum; the longest takes what rounding leaves."""
    total = sum(days)
    shares = [n / total for n in days]
    longest = days.index(max(days))
    while (left := 1.0 - math.fsum(shares)) != 0.0:
        shares[longest] += left
    return shares
