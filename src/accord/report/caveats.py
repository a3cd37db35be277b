"""What an answer rests on and what it leaves out, whole: for files and programs."""

from __future__ import annotations

from accord.assessment import Answer, Assessment
from accord.assessment.fixed_words import FIXED
from accord.assessment.pieces import Assumption, NotModelled

PATH = "years"
"""Where what a path over years adds is said to stand."""


def assumptions(a: Answer) -> tuple[Assumption, ...]:
    """Return what was fixed for the answer, the deal's implied terms, and all else assumed.

    What the years assume on top comes last.
    """
    implied = (
        Assumption(t.id, "the whole term is implied, not in the text", t.reading)
        for t in a.terms
        if t.implied
    )
    fixed = tuple(x for x in a.assumptions if x.where == FIXED)
    others = (x for x in a.assumptions if x.where != FIXED)
    return (*fixed, *implied, *others, *(Assumption(PATH, *x) for x in _path(a)[0]))


def not_modelled(a: Answer) -> tuple[NotModelled, ...]:
    """Return what is left out, the deal's own terms first, then by pack, parts and years."""
    own = {t.id for t in a.terms}
    rows = sorted(a.not_modelled, key=lambda row: row.term not in own)
    return (*rows, *(NotModelled(PATH, *x) for x in _path(a)[1]))


Pairs = tuple[tuple[str, str], ...]


def _path(a: Answer) -> tuple[Pairs, Pairs]:
    if not isinstance(a, Assessment) or a.paths is None:
        return (), ()
    return a.paths.assumptions, a.paths.not_modelled
