"""What parts of an answer have for claims to be judged by."""

from __future__ import annotations

from accord.assessment.part import Part
from accord.claims import PartResults
from accord.instruments.problem import listed


def results_of(parts: tuple[Part, ...], names: dict[str, str] | None = None) -> PartResults:
    """Return what claims about other things than the market are judged by."""
    rows = tuple(row for part in parts for row in part.rows)
    draws = tuple(x for part in parts for x in part.draws)
    sources = {row.measure: _source(part) for part in parts for row in part.rows}
    return PartResults(rows, draws, sources, names or {})


def _source(part: Part) -> str:
    packs = listed([f"{p.name} {p.version}" for p in part.packs], "and")
    word = "pack" if len(part.packs) == 1 else "packs"
    return f"The answer's part “{part.title}” ({word} {packs})"
