"""Reads the ``[[claim]]`` tables of a deal file."""

from __future__ import annotations

from accord.deal.deal import ClaimRead
from accord.deal.draft import Draft, label
from accord.deal.tables import Claim, Reading
from accord.deal.terms import unknown_source
from accord.deal.values import Row
from accord.instruments.problem import Path, Problem


def read_claims(draft: Draft) -> tuple[ClaimRead, ...]:
    """Return the claims that are in order; report the others."""
    read = [_claim(draft, row, place) for place, row in draft.rows("claim", needed=False)]
    draft.no_repeats("claim", "id")
    return tuple(claim for claim in read if claim is not None)


def _claim(draft: Draft, row: Row, place: Path) -> ClaimRead | None:
    name = label("claim", row, place)
    own = {key: value for key, value in row.items() if key != "reading"}
    claim = draft.read(own, Claim, place, name)
    readings = _readings(draft, row, place, name)
    if claim is None:
        return None
    if draft.source_ids and claim.source not in draft.source_ids:
        draft.report(place, name, unknown_source(("source",), claim.source, draft.source_ids))
    return ClaimRead(claim, readings)


def _readings(draft: Draft, row: Row, place: Path, name: str) -> tuple[Reading, ...]:
    if not row.get("reading"):
        fix = "add [[claim.reading]] with id, asserts, and a test or not_checkable"
        draft.report(place, name, Problem(("reading",), "nothing", "one reading or more", fix))
        return ()
    rows = draft.rows_of(row["reading"], (*place, "reading"), "[[claim.reading]]", name)
    read = [
        draft.read(table, Reading, where, f"{name} · {label('reading', table, where)}")
        for where, table in rows
    ]
    return tuple(reading for reading in read if reading is not None)
