"""The graph of terms that require other terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accord.deal.deal import Entry
from accord.instruments.problem import Problem, listed, nearest


def requirement_problems(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Problem]]:
    """Yield terms that require what is not there, what is not in force with them, or each other."""
    by_id = {entry.term.id: entry for entry in entries}
    for entry in entries:
        for place, name in enumerate(entry.term.requires):
            problem = _missing(place, name, by_id) or _apart(entry, place, by_id[name])
            if problem is not None:
                yield entry, problem
    for cycle in _cycles(by_id):
        entry = by_id[cycle[0]]
        found = "a circle: " + " → ".join([*cycle, cycle[0]])
        fix = f'take "{cycle[1] if len(cycle) > 1 else cycle[0]}" out of requires'
        yield entry, Problem(("requires",), found, "requirements that end somewhere", fix)


def _missing(place: int, name: str, by_id: dict[str, Entry]) -> Problem | None:
    if name in by_id:
        return None
    likely = nearest(name, by_id)
    fix = f'write "{likely}"' if likely else "add the term, or take it out of requires"
    allowed = f"a term of this deal: {listed(list(by_id))}"
    return Problem(("requires", place), f'"{name}", which is not in the deal', allowed, fix)


def _apart(entry: Entry, place: int, other: Entry) -> Problem | None:
    if entry.faulty or other.faulty or entry.term.overlaps(other.term):
        return None
    found = f'"{other.term.id}", which is never in force together with "{entry.term.id}"'
    fix = "make from and until of the two overlap"
    return Problem(("requires", place), found, "a term in force at the same time", fix)


def _cycles(by_id: dict[str, Entry]) -> list[list[str]]:
    """Return each circle of requirements once, beginning at its first term in the file."""
    order = list(by_id)
    found: dict[frozenset[str], list[str]] = {}
    for start in order:
        path = _way_back(start, by_id)
        if path is not None and frozenset(path) not in found:
            found[frozenset(path)] = path
    return list(found.values())


def _way_back(start: str, by_id: dict[str, Entry]) -> list[str] | None:
    """Return the shortest path of requirements from a term to itself, without the last step."""
    paths, seen = [[start]], {start}
    while paths:
        longer: list[list[str]] = []
        for path in paths:
            for name in by_id[path[-1]].term.requires:
                if name == start:
                    return path
                if name in by_id and name not in seen:
                    seen.add(name)
                    longer.append([*path, name])
        paths = longer
    return None
