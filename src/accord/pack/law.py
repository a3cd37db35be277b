"""The dated law of a pack: which measures are in force on a day, and what they do to a market."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import cast

from accord.errors import Fault
from accord.instruments import (
    ORDINARY_TARIFF,
    Problem,
    Term,
    TermError,
    enact,
    ordinary_tariff,
    read_term,
)
from accord.instruments.problem import nearest, shown
from accord.market import Market
from accord.pack.tables import read_text
from accord.pack.toml import Document, Place, read_toml

REFERENCES = ("requires", "measures", "replaces", "restores", "in_place_of")
"""The fields of a term that name other measures."""


@dataclass(frozen=True)
class Measure:
    """A measure of the law: a term with dates, sources and a status. ``place`` in its file."""

    term: Term
    place: Place

    @property
    def id(self) -> str:
        """Its name."""
        return self.term.id

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return self.term.title


@dataclass(frozen=True)
class Law:
    """All measures of a pack, in the order of the file."""

    measures: tuple[Measure, ...]
    document: Document

    def on(self, day: date) -> tuple[Measure, ...]:
        """Return the measures in force on a day, in order of their first day, then of the file."""
        held = (m for m in self.measures if m.term.in_force(day))
        return tuple(sorted(held, key=lambda m: m.term.starts or date.min))

    def enacted(self, market: Market, day: date) -> Market:
        """Return the market with the ordinary tariff and the law of a day in force."""
        terms = [m.term.scaled(m.term.share_on(day)) for m in self.on(day)]
        return enact(ordinary_tariff(market), terms)


def read_law(
    path: Path, file: str, sources: Collection[str] | None
) -> tuple[Law, tuple[Fault, ...]]:
    """Return the law in a policy file, and everything wrong with its measures in themselves.

    ``sources`` are the ids of the pack's sources, ``None`` where they could not be read.
    """
    if not path.exists():
        return Law((), Document(file, {}, {})), ()
    text, faults = read_text(path, file)
    document, wrong = read_toml(text, file)
    found = [*faults, *wrong]
    known = None if sources is None else frozenset(sources)
    measures: list[Measure] = []
    for name in document.tables:
        if name != "measure":
            fix = "name it measure, or remove it"
            found.append(Fault(file, f'"{name}"', "[[measure]] tables", fix, document.line(name)))
    entries = document.tables.get("measure", [])
    if not isinstance(entries, list):
        fix = "write [[measure]] with two brackets"
        fault = Fault(file, "[measure]", "[[measure]] tables", fix, document.line("measure"))
        return Law((), document), (*found, fault)
    for i, entry in enumerate(cast("list[object]", entries)):
        measure = _measure(entry, ("measure", i), document, known, found)
        if measure is not None:
            measures.append(measure)
    law = Law(tuple(measures), document)
    complete = len(measures) == len(cast("list[object]", entries))
    return law, (*found, *_name_faults(law, complete=complete))


def _measure(
    entry: object,
    place: Place,
    document: Document,
    sources: frozenset[str] | None,
    found: list[Fault],
) -> Measure | None:
    if not isinstance(entry, dict):
        problem = Problem((), shown(entry), "a table", "write [[measure]] and its fields below")
        found.append(document.fault(problem, place))
        return None
    table = cast("dict[str, object]", entry)
    name = table.get("id")
    label = name if isinstance(name, str) else None
    try:
        term = read_term(table)
    except TermError as error:
        found += [document.fault(problem, place, label) for problem in error.problems]
        return None
    found += [document.fault(p, place, label) for p in _provenance(term, sources)]
    return Measure(term, place)


def _provenance(term: Term, sources: frozenset[str] | None) -> Iterable[Problem]:
    allowed = "the id of a [[source]] of pack.toml"
    if term.domain not in {"market", ""}:
        found = f'"{term.kind}", which leaves the market as it is'
        fix = "take it out; it belongs in a deal"
        yield Problem(("kind",), found, "a measure of the law of a market", fix)
    if not term.title:
        yield Problem(("title",), "nothing", "the measure in a few words", 'add title = "..."')
    if not term.source:
        fix = "say where the measure is written down: every number needs a source"
        yield Problem(("source",), "nothing", allowed, fix)
    for name in term.source:
        if sources is not None and name not in sources:
            near = nearest(name, sources)
            fix = f'write "{near}"' if near else "add the [[source]] to pack.toml"
            yield Problem(("source",), f'"{name}"', allowed, fix)
    if term.status is None:
        statuses = "measured, reported, derived or assumed"
        yield Problem(("status",), "nothing", statuses, 'add status = "reported"')


def _name_faults(law: Law, *, complete: bool) -> list[Fault]:
    """Return names used twice and references to measures that are not there.

    Where a measure could not be read its name is not known, so references are not ``complete``.
    """
    faults: list[Fault] = []
    first: dict[str, int | None] = {}
    names = [m.id for m in law.measures]
    for m in law.measures:
        if m.id in first:
            found = f'"{m.id}" a second time; the first is on line {first[m.id]}'
            fix = f'name it for example "{m.id}-2"'
            problem = Problem(("id",), found, "a name of its own for each measure", fix)
            faults.append(law.document.fault(problem, m.place, m.id))
        first.setdefault(m.id, law.document.line(*m.place, "id"))
        if complete:
            faults += [law.document.fault(p, m.place, m.id) for p in _dangling(m.term, names)]
    return faults


def _dangling(term: Term, names: Sequence[str]) -> Iterable[Problem]:
    every = [name for name in (*names, ORDINARY_TARIFF) if name != term.id]
    for field in REFERENCES:
        for pattern in cast("tuple[str, ...]", getattr(term, field, ())):
            if any(fnmatchcase(name, pattern) for name in every):
                continue
            near = nearest(pattern, every)
            fix = f'write "{near}"' if near else "add the measure, or remove the reference"
            allowed = f"the id of another measure, or {ORDINARY_TARIFF}"
            yield Problem((field,), f'"{pattern}"', allowed, fix)


def law_faults(law: Law, market: Market, every_lane: Callable[[], Market]) -> tuple[Fault, ...]:
    """Return what is wrong with the measures in a pack's market.

    A measure may fall on trade that no benchmark has, so what ``market`` faults only counts if the
    market with all thinkable lanes, made when it is needed, faults it too.
    """
    doubtful = [m for m in law.measures if m.term.faults(market)]
    if not doubtful:
        return ()
    whole = every_lane()
    return tuple(
        law.document.fault(p, m.place, m.id) for m in doubtful for p in m.term.faults(whole)
    )
