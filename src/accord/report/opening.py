"""What is answered: the deal, its variant, the day of the law, the year of the levels."""

from __future__ import annotations

from datetime import date

from accord.assessment import Answer, Assessment
from accord.instruments.problem import listed


def day(when: date) -> str:
    """Return a day as people write it: 24 February 2025."""
    return f"{when.day} {when:%B %Y}"


def title(a: Answer) -> str:
    """Return the deal's title, and its variant if it has one."""
    return a.deal.title if a.deal.variant is None else f"{a.deal.title} · {a.deal.variant}"


def setting(a: Answer) -> str:
    """Return under which law, levels, closure and data the deal is answered."""
    if not isinstance(a, Assessment):
        return f"As of {day(a.as_of)}, {_packs(a)}."
    return f"Law of {day(a.as_of)}, {_data(a)}."


def data(a: Assessment) -> str:
    """Return with which levels, closure and data the deal is answered."""
    said = _data(a)
    return f"{said[0].upper()}{said[1:]}."


def _data(a: Assessment) -> str:
    fixed = f", fixed: {listed([x.said for x in a.fixed], 'and')}" if a.fixed else ""
    return f"levels of {a.level_year}, {a.closure} closure, {_packs(a)}{fixed}"


def _packs(a: Answer) -> str:
    packs = listed([f"{p.name} {p.version}" for p in a.packs], "and")
    return f"{'pack' if len(a.packs) == 1 else 'packs'} {packs}"


def standing(a: Answer) -> str:
    """Return what the deal is and of which day: "Proposal of 24 February 2025."."""
    return f"{a.deal.status.capitalize()} of {day(a.deal.date)}."


def variant(a: Answer) -> str | None:
    """Return what the variant stands for, in the deal file's words."""
    return f"{a.deal.variant_title.rstrip('.')}." if a.deal.variant_title else None
