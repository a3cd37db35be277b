"""Reads the ``[[term]]`` tables of a deal file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from accord.deal.contradictions import contradictions
from accord.deal.deal import Entry
from accord.deal.draft import Draft, as_fault, label
from accord.deal.requirements import requirement_problems
from accord.deal.values import Row
from accord.instruments import TermError, read_term
from accord.instruments.problem import Path, Problem, concerning, listed, nearest
from accord.instruments.term import Term


def read_entries(draft: Draft) -> tuple[Entry, ...]:
    """Return the terms, each id once; report what is wrong with them in themselves."""
    unique: dict[str, Entry] = {}
    for place, row in draft.rows("term", needed=True):
        entry = read_entry(draft, row, draft.locator.below(place), place)
        if entry is not None and "id" in entry.faulty:
            unnamed = entry.term.model_copy(update={"id": label("term", row, place)})
            entry = replace(entry, term=unnamed)
        if entry is not None:
            unique.setdefault(entry.term.id, entry)
    draft.no_repeats("term", "id")
    return tuple(unique.values())


def read_entry(
    draft: Draft, row: Row, lines: Mapping[Path, int], place: Path, variant: str | None = None
) -> Entry | None:
    """Return a term with its lines, or report what is wrong with it."""
    try:
        term = read_term(row)
    except TermError as error:
        name = label("term", row, place, variant)
        for problem in error.problems:
            draft.add(as_fault(draft.file, lines, name, problem))
        if error.stand_in is None:
            return None
        entry = Entry(error.stand_in, row, lines, error.faulty)
    else:
        entry = Entry(term, row, lines)
    for problem in _unsourced(entry.term, draft.source_ids):
        if not concerning(problem, entry.faulty):
            draft.add(entry.fault(draft.file, problem, variant))
    return entry


def check_together(draft: Draft, entries: Sequence[Entry], variant: str | None = None) -> None:
    """Report requirements that are not met and terms that contradict each other."""
    for entry, problem in (*requirement_problems(entries), *contradictions(entries)):
        draft.add(entry.fault(draft.file, problem, variant))


def unknown_source(place: Path, name: str, known: Sequence[str]) -> Problem:
    """Return the problem of a source that the file does not have."""
    likely = nearest(name, known)
    fix = f'write "{likely}"' if likely else f'add [[source]] with id = "{name}"'
    allowed = f"a source of this file: {listed(known) or 'none yet'}"
    return Problem(place, f'the unknown source "{name}"', allowed, fix)


def _unsourced(term: Term, known: Sequence[str]) -> Iterable[Problem]:
    if not term.source and not term.implied:
        fix = 'add source = "ID" of a [[source]], or implied = true and reading = "..."'
        yield Problem(("source",), "nothing", "the source of the term", fix)
    if term.implied and not term.reading:
        fix = 'add reading = "..."'
        yield Problem(("reading",), "nothing", "why the deal needs this term", fix)
    for number, name in enumerate(term.source if known else ()):
        if name not in known:
            yield unknown_source(("source", number), name, known)
