"""Reads the ``[[together]]`` tables of a deal file: readings that must hold together."""

from __future__ import annotations

from accord.deal.draft import Draft, label
from accord.deal.tables import Together
from accord.deal.values import Row, list_of, tables_in
from accord.instruments.problem import Path, Problem, listed, nearest, shown


def read_together(draft: Draft) -> tuple[Together, ...]:
    """Return the tables that are in order; report the others."""
    known = _readings(draft)
    found: list[Together] = []
    for place, row in draft.rows("together", needed=False):
        name = label("together", row, place)
        table = draft.read(row, Together, place, name)
        for problem in _unknown(row, known):
            draft.report(place, name, problem)
        if table is not None:
            found.append(table)
    draft.no_repeats("together", "id")
    return tuple(found)


def _readings(draft: Draft) -> dict[str, bool]:
    """Return every reading of the file as ``claim/reading``, and whether something tests it."""
    return {
        f"{claim.get('id')}/{reading.get('id')}": reading.get("not_checkable") is None
        for claim in tables_in(draft.tables.get("claim"))
        for reading in tables_in(claim.get("reading"))
    }


def _unknown(row: Row, known: dict[str, bool]) -> list[Problem]:
    """Return readings that the file does not have, has twice, or that nothing can test."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, name in enumerate(list_of(row.get("readings")) or []):
        if not isinstance(name, str):
            continue
        path: Path = ("readings", number)
        if name not in known:
            likely = nearest(name, known)
            fix = f'write "{likely}"' if likely else "take it out"
            allowed = f"a reading of this file: {listed(list(known)) or 'none yet'}"
            problems.append(Problem(path, f"the unknown reading {shown(name)}", allowed, fix))
        elif name in seen:
            problems.append(Problem(path, f"{shown(name)} again", "each once", "take it out"))
        elif not known[name]:
            found = f"{shown(name)}, which is not_checkable"
            problems.append(Problem(path, found, "readings with a measure", "take it out"))
        seen.add(name)
    return problems
