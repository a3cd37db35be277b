"""Reads the ``[[claim]]`` tables of a deal file."""

from __future__ import annotations

from accord.deal.deal import ClaimRead, ReadingLines
from accord.deal.draft import Draft, label
from accord.deal.readings import reading_problems
from accord.deal.tables import Claim, Reading, Wording
from accord.deal.terms import unknown_source
from accord.deal.values import Row, table_of, tables_in
from accord.instruments.problem import Path, Problem, listed, nearest


def read_claims(draft: Draft) -> tuple[ClaimRead, ...]:
    """Return the claims that are in order; report the others."""
    read = [_claim(draft, row, place) for place, row in draft.rows("claim", needed=False)]
    draft.no_repeats("claim", "id")
    return tuple(claim for claim in read if claim is not None)


def _claim(draft: Draft, row: Row, place: Path) -> ClaimRead | None:
    name = label("claim", row, place)
    own = {key: value for key, value in row.items() if key not in {"reading", "wording"}}
    claim = draft.read(own, Claim, place, name)
    readings, lines = _readings(draft, row, place, name)
    wordings = _wordings(draft, row, place, name)
    if claim is None:
        return None
    if draft.source_ids and claim.source not in draft.source_ids:
        draft.report(place, name, unknown_source(("source",), claim.source, draft.source_ids))
    return ClaimRead(claim, readings, wordings, lines)


def _wordings(draft: Draft, row: Row, place: Path, name: str) -> tuple[Wording, ...]:
    """Return how others report the claim."""
    found: list[Wording] = []
    header = "[[claim.wording]]"
    for where, table in draft.rows_of(row.get("wording", []), (*place, "wording"), header, name):
        full = f"{name} · {label('wording', table, where)}"
        wording = draft.read(table, Wording, where, full)
        if wording is None:
            continue
        if draft.source_ids and wording.source not in draft.source_ids:
            problem = unknown_source(("source",), wording.source, draft.source_ids)
            draft.report(where, full, problem)
        found.append(wording)
    return tuple(found)


def _readings(
    draft: Draft, row: Row, place: Path, name: str
) -> tuple[tuple[Reading, ...], ReadingLines]:
    if not row.get("reading"):
        fix = "add [[claim.reading]] with id, asserts, and a test or not_checkable"
        draft.report(place, name, Problem(("reading",), "nothing", "one reading or more", fix))
        return (), {}
    wordings = [str(x.get("id")) for x in tables_in(row.get("wording"))]
    read: list[Reading] = []
    lines: dict[str, int | None] = {}
    rows = draft.rows_of(row["reading"], (*place, "reading"), "[[claim.reading]]", name)
    for where, table in rows:
        full = f"{name} · {label('reading', table, where)}"
        reading = draft.read(table, Reading, where, full)
        for problem in _beyond_the_table(draft, table, wordings):
            draft.report(where, full, problem)
        if reading is not None:
            read.append(reading)
            lines[reading.id] = draft.locator.line(where)
    return tuple(read), lines


def _beyond_the_table(draft: Draft, table: Row, wordings: list[str]) -> list[Problem]:
    """Return names in a reading that nothing in the file or the vocabulary bears."""
    variants = table_of(draft.tables.get("variant")) or {}
    known: dict[str, tuple[str, list[str]]] = {
        "variant": ("a variant of this file", list(variants)),
        "wording": ("a [[claim.wording]] of this claim", wordings),
    }
    problems: list[Problem] = []
    for field, (what, names) in known.items():
        name = table.get(field)
        if isinstance(name, str) and name not in names:
            likely = nearest(name, names)
            fix = f'write "{likely}"' if likely else "add it, or take the field out"
            allowed = f"{what}: {listed(names) or 'none yet'}"
            problems.append(Problem((field,), f'the unknown {field} "{name}"', allowed, fix))
    if draft.vocabulary is not None:
        problems += reading_problems(table, draft.vocabulary)
    return problems
