"""From a deal file to a ``Deal``, or to every fault in it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from accord.deal.contradictions import contradictions
from accord.deal.deal import ClaimRead, Deal, Entry, VariantRead
from accord.deal.locator import Locator
from accord.deal.requirements import requirement_problems
from accord.deal.tables import Claim, Header, Party, Reading, Source, Variant, read_table
from accord.deal.text import DealText, parse, read_text
from accord.errors import Fault, InputError
from accord.instruments import TermError, read_term
from accord.instruments.problem import Path as Place
from accord.instruments.problem import Problem, listed, nearest, shown
from accord.instruments.term import Table, Term

T = TypeVar("T", bound=Table)
Row = Mapping[str, object]

_TABLES = {
    "deal": "[deal]",
    "source": "[[source]]",
    "party": "[[party]]",
    "term": "[[term]]",
    "variant": "[variant.NAME]",
    "claim": "[[claim]]",
}


def load(path: Path | str) -> Deal:
    """Return the deal that a file describes.

    Raises ``InputError`` with every fault that can be told without a market (see ``check``).
    """
    draft = read_draft(Path(path))
    if draft.faults or draft.deal is None:
        raise InputError(draft.faults)
    return draft.deal


def read_draft(path: Path) -> Draft:
    """Return what can be read of a deal file. Raises ``InputError`` if it is no TOML text."""
    source = read_text(path)
    return Draft(source, parse(source))


class Draft:
    """A deal file as far as it can be read: its faults, and the deal if it has its header.

    ``deal`` holds the terms without faults of their own, so that they can be checked further.
    """

    def __init__(self, source: DealText, tables: Mapping[str, Any]) -> None:
        self._file = source.file
        self._locator = Locator(source.text)
        self._tables = tables
        self._found: list[Fault] = []
        self._no_unknown_tables()
        header = self._header()
        sources = self._many("source", Source)
        parties = self._many("party", Party)
        self._source_ids = self._unique("source", [s.id for s in sources], "id")
        self._unique("party", [p.code or f"{p.company}" for p in parties], "code")
        entries = self._entries()
        self._check_together(entries, None)
        claims = self._claims()
        variants = self._variants(entries)
        self._check_default(header, variants)
        self.deal = (
            None
            if header is None
            else _deal(source, header, sources, parties, claims, entries, variants)
        )

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong, in the order of the file, each once."""
        return in_order(self._found)

    def line(self, place: Place) -> int | None:
        """Return the line of a place in the file."""
        return self._locator.line(place)

    # ------------------------------------------------------------------ tables other than terms

    def _no_unknown_tables(self) -> None:
        for name, table in self._tables.items():
            if name not in _TABLES:
                likely = nearest(name, _TABLES)
                fix = f"write {_TABLES[likely]}" if likely else "take it out"
                kind = "table" if isinstance(table, dict | list) else "field"
                found = f'the unknown {kind} "{name}"'
                self._add((name,), None, Problem((), found, listed(list(_TABLES.values())), fix))

    def _header(self) -> Header | None:
        table = self._tables.get("deal")
        if isinstance(table, dict):
            return self._read(cast("Row", table), Header, ("deal",), "deal")
        found = "no [deal]" if table is None else f"{shown(table)} for deal"
        fix = "begin the file with [deal], then title, date, status and pack"
        self._add(("deal",), "deal", Problem((), found, "one table [deal]", fix))
        return None

    def _rows(self, name: str, *, needed: bool) -> list[tuple[Place, Row]]:
        """Return the tables ``[[name]]`` with their places."""
        rows: object = self._tables.get(name)
        if rows is None:
            if needed:
                fix = f"add [[{name}]]"
                self._add((), name, Problem((), f"no [[{name}]]", f"one [[{name}]] or more", fix))
            return []
        if not isinstance(rows, list):
            found = f"[{name}]" if isinstance(rows, dict) else f"{name} = {shown(rows)}"
            fix = f"write [[{name}]]: there can be more than one"
            self._add((name,), name, Problem((), found, f"[[{name}]]", fix))
            return []
        return self._only_tables(name, cast("list[object]", rows))

    def _only_tables(self, name: str, rows: list[object]) -> list[tuple[Place, Row]]:
        good: list[tuple[Place, Row]] = []
        for place, row in enumerate(rows):
            if isinstance(row, dict):
                good.append(((name, place), cast("Row", row)))
            else:
                problem = Problem((), shown(row), f"a table [[{name}]]", f"write [[{name}]]")
                self._add((name, place), name, problem)
        return good

    def _many(self, name: str, model: type[T]) -> list[T]:
        read = (
            self._read(row, model, place, _label(name, row, place))
            for place, row in self._rows(name, needed=True)
        )
        return [row for row in read if row is not None]

    def _read(self, row: Row, model: type[T], place: Place, label: str) -> T | None:
        read = read_table(row, model)
        if isinstance(read, list):
            for problem in read:
                self._add(place, label, problem)
            return None
        return read

    def _unique(self, name: str, keys: Sequence[str], field: str) -> list[str]:
        """Report ``[[name]]`` tables that bear one name; return the names."""
        rows = cast("list[Row]", self._tables.get(name) or [])
        first: dict[object, int] = {}
        for place, row in enumerate(rows if isinstance(rows, list) else []):
            key = row.get(field) if isinstance(row, dict) else None
            if not isinstance(key, str):
                continue
            if key in first:
                line = self.line((name, first[key], field))
                problem = Problem((field,), f'"{key}" again', "each once", f"see line {line}")
                self._add((name, place), _label(name, row, (name, place)), problem)
            first.setdefault(key, place)
        return list(keys)

    # -------------------------------------------------------------------------------- the terms

    def _entries(self) -> tuple[Entry, ...]:
        rows = self._rows("term", needed=True)
        read = [self._entry(row, self._locator.below(place), place) for place, row in rows]
        self._unique("term", [], "id")
        unique: dict[str, Entry] = {}
        for entry in read:
            if entry is not None:
                unique.setdefault(entry.term.id, entry)
        return tuple(unique.values())

    def _entry(
        self, row: Row, lines: Mapping[Place, int], place: Place, variant: str | None = None
    ) -> Entry | None:
        """Return a term with its lines, or report what is wrong with it."""
        label = _label("term", row, place, variant)
        try:
            term = read_term(row)
        except TermError as error:
            shell = Entry(cast("Term", None), row, lines)
            self._found += [_fault(self._file, shell.lines, label, p) for p in error.problems]
            return None
        entry = Entry(term, row, lines)
        self._found += [entry.fault(self._file, p, variant) for p in self._unsourced(term)]
        return entry

    def _unsourced(self, term: Term) -> Iterable[Problem]:
        if not term.source and not term.implied:
            fix = 'add source = "ID" of a [[source]], or implied = true and reading = "..."'
            yield Problem(("source",), "nothing", "the source of the term", fix)
        if term.implied and not term.reading:
            allowed = "why the deal needs this term"
            yield Problem(("reading",), "nothing", allowed, 'add reading = "..."')
        for place, name in enumerate(term.source):
            if name not in self._source_ids:
                yield self._unknown_source(("source", place), name)

    def _unknown_source(self, place: Place, name: str) -> Problem:
        likely = nearest(name, self._source_ids)
        known = listed(self._source_ids) or "none yet"
        fix = f'write "{likely}"' if likely else f'add [[source]] with id = "{name}"'
        return Problem(place, f'the unknown source "{name}"', f"a source of this file: {known}", fix)

    def _check_together(self, entries: Sequence[Entry], variant: str | None) -> None:
        for entry, problem in (*requirement_problems(entries), *contradictions(entries)):
            self._found.append(entry.fault(self._file, problem, variant))

    # ------------------------------------------------------------------------------- the claims

    def _claims(self) -> tuple[ClaimRead, ...]:
        read = [self._claim(row, place) for place, row in self._rows("claim", needed=False)]
        self._unique("claim", [], "id")
        return tuple(claim for claim in read if claim is not None)

    def _claim(self, row: Row, place: Place) -> ClaimRead | None:
        label = _label("claim", row, place)
        own = {key: value for key, value in row.items() if key != "reading"}
        claim = self._read(own, Claim, place, label)
        given = row.get("reading")
        rows = cast("list[object]", given) if isinstance(given, list) else []
        if not rows:
            fix = "add [[claim.reading]] with id, asserts, and a test or not_checkable"
            self._add(place, label, Problem(("reading",), "nothing", "one reading or more", fix))
        readings = [
            self._reading(table, (*place, "reading", n), label) for n, table in enumerate(rows)
        ]
        if claim is not None and claim.source not in self._source_ids:
            self._add(place, label, self._unknown_source(("source",), claim.source))
        if claim is None:
            return None
        return ClaimRead(claim, tuple(r for r in readings if r is not None))

    def _reading(self, table: object, place: Place, label: str) -> Reading | None:
        if isinstance(table, dict):
            return self._read(cast("Row", table), Reading, place, f"{label} reading")
        problem = Problem((), shown(table), "a table [[claim.reading]]", "write [[claim.reading]]")
        self._add(place, label, problem)
        return None

    # ----------------------------------------------------------------------------- the variants

    def _variants(self, entries: tuple[Entry, ...]) -> dict[str, VariantRead]:
        tables: object = self._tables.get("variant", {})
        if not isinstance(tables, dict):
            fix = "write [variant.NAME]"
            self._add(("variant",), "variant", Problem((), "a list", "[variant.NAME]", fix))
            return {}
        named = cast("dict[str, object]", tables)
        read = {name: self._variant(name, table, entries) for name, table in named.items()}
        return {name: variant for name, variant in read.items() if variant is not None}

    def _variant(self, name: str, table: object, base: tuple[Entry, ...]) -> VariantRead | None:
        place, label = ("variant", name), f"variant {name}"
        if not isinstance(table, dict):
            problem = Problem((), shown(table), f"a table [variant.{name}]", "write a table")
            self._add(place, label, problem)
            return None
        row = cast("Row", table)
        own = {key: value for key, value in row.items() if key not in {"set", "term"}}
        variant = self._read(own, Variant, place, label)
        if variant is None:
            return None
        entries = self._patched(name, row, variant, base)
        self._check_together(entries, name)
        return VariantRead(variant, entries)

    def _patched(
        self, name: str, row: Row, variant: Variant, base: tuple[Entry, ...]
    ) -> tuple[Entry, ...]:
        self._all_known(name, "drop", {t: n for n, t in enumerate(variant.drop)})
        changes = self._changes(name, row)
        kept = [e for e in base if e.term.id not in variant.drop]
        patched = [
            self._set(e, changes[e.term.id], name) if e.term.id in changes else e for e in kept
        ]
        added = self._added(name, row, {e.term.id for e in kept})
        return tuple(e for e in (*patched, *added) if e is not None)

    def _changes(self, name: str, row: Row) -> dict[str, Row]:
        given = row.get("set", {})
        if not isinstance(given, dict):
            fix = f"write [variant.{name}.set.TERM]"
            problem = Problem(("set",), shown(given), f"tables [variant.{name}.set.TERM]", fix)
            self._add(("variant", name), f"variant {name}", problem)
            return {}
        tables = cast("dict[str, object]", given)
        self._all_known(name, "set", {term: term for term in tables})
        return {term: cast("Row", t) for term, t in tables.items() if isinstance(t, dict)}

    def _all_known(self, name: str, what: str, terms: Mapping[str, str | int]) -> None:
        rows = self._tables.get("term")
        known = [
            str(row["id"])
            for row in cast("list[object]", rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and "id" in row
        ]
        for term, place in terms.items():
            if term not in known:
                likely = nearest(term, known)
                fix = f'write "{likely}"' if likely else "name a term of the deal"
                found = f'the unknown term "{term}"'
                problem = Problem((what, place), found, f"a term: {listed(known)}", fix)
                self._add(("variant", name), f"variant {name}", problem)

    def _set(self, entry: Entry, change: Row, name: str) -> Entry | None:
        place = ("variant", name, "set", entry.term.id)
        set_lines = self._locator.below(place)
        lines = {p: n for p, n in entry.lines.items() if not p or p[0] not in change}
        lines |= {p: n for p, n in set_lines.items() if p}
        return self._entry({**entry.table, **change}, lines, place, name)

    def _added(self, name: str, row: Row, there: set[str]) -> list[Entry | None]:
        given = row.get("term", [])
        place: Place = ("variant", name, "term")
        if not isinstance(given, list):
            fix = f"write [[variant.{name}.term]]"
            problem = Problem(("term",), shown(given), f"[[variant.{name}.term]]", fix)
            self._add(("variant", name), f"variant {name}", problem)
            return []
        entries: list[Entry | None] = []
        for n, table in enumerate(cast("list[object]", given)):
            if not isinstance(table, dict):
                continue
            entry_row = cast("Row", table)
            entry = self._entry(entry_row, self._locator.below((*place, n)), (*place, n), name)
            if entry is not None and entry.term.id in there:
                fix = f'name it in drop too, or use [variant.{name}.set."{entry.term.id}"]'
                problem = Problem(("id",), f'"{entry.term.id}" again', "a new id", fix)
                self._found.append(entry.fault(self._file, problem, name))
                entry = None
            entries.append(entry)
        return entries

    def _check_default(self, header: Header | None, variants: Mapping[str, VariantRead]) -> None:
        given: object = self._tables.get("variant", {})
        named = list(cast("dict[str, object]", given)) if isinstance(given, dict) else []
        name = None if header is None else header.default_variant
        if name is None or name in named or name in variants:
            return
        likely = nearest(name, named)
        fix = f'write "{likely}"' if likely else f"add [variant.{name}], or take it out"
        allowed = f"a variant of this file: {listed(named) or 'none yet'}"
        problem = Problem(("default_variant",), f'the unknown variant "{name}"', allowed, fix)
        self._add(("deal",), "deal", problem)

    def _add(self, place: Place, label: str | None, problem: Problem) -> None:
        lines = self._locator.below(place)
        self._found.append(_fault(self._file, lines, label, problem))


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by line, each once: a variant repeats the faults of the terms it keeps."""
    seen: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.line, fault.field, fault.found), fault)
    return tuple(sorted(seen.values(), key=lambda f: f.line or 0))


def _fault(
    file: str, lines: Mapping[Place, int], label: str | None, problem: Problem
) -> Fault:
    from accord.deal.locator import nearest_line

    return Fault(
        file=file,
        line=nearest_line(lines, problem.path),
        term=label,
        field=problem.field or None,
        found=problem.found,
        allowed=problem.allowed,
        fix=problem.fix,
    )


def _label(name: str, row: Row, place: Place, variant: str | None = None) -> str:
    """Return what people call a table: a term by its id, others by kind and id."""
    key = row.get("id") or row.get("code") or row.get("company")
    number = place[-1] if isinstance(place[-1], int) else 0
    if not isinstance(key, str):
        key = f"{name} {number + 1}"
    elif name != "term":
        key = f"{name} {key}"
    return key if variant is None else f"{key} (variant {variant})"


def _deal(
    source: DealText,
    header: Header,
    sources: Sequence[Source],
    parties: Sequence[Party],
    claims: tuple[ClaimRead, ...],
    entries: tuple[Entry, ...],
    variants: Mapping[str, VariantRead],
) -> Deal:
    return Deal(
        file=source.file,
        digest=source.digest,
        slug=header.slug or Path(source.file).stem,
        title=header.title,
        date=header.date,
        as_of=header.date,
        status=header.status,
        packs=header.pack,
        summary=header.summary,
        default_variant=header.default_variant,
        sources=tuple(sources),
        parties=tuple(parties),
        claims=claims,
        entries=entries,
        variants=variants,
    )
