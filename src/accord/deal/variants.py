"""Reads the ``[variant.NAME]`` tables of a deal file: patches of its terms."""

from __future__ import annotations

from collections.abc import Mapping

from accord.deal.deal import Entry, VariantRead
from accord.deal.draft import Draft
from accord.deal.tables import Variant
from accord.deal.terms import check_together, read_entry
from accord.deal.values import Row, table_of, tables_in
from accord.instruments.problem import Path, Problem, listed, nearest, shown


def read_variants(draft: Draft, base: tuple[Entry, ...]) -> dict[str, VariantRead]:
    """Return the variants with the terms they leave in effect; report what is wrong."""
    given: object = draft.tables.get("variant", {})
    named = table_of(given)
    if named is None:
        fix = "write [variant.NAME]"
        draft.report(("variant",), "variant", Problem((), shown(given), "[variant.NAME]", fix))
        return {}
    read = {name: _variant(draft, name, table, base) for name, table in named.items()}
    return {name: variant for name, variant in read.items() if variant is not None}


def check_default(draft: Draft, name: str | None) -> None:
    """Report a default variant that the file does not have."""
    known = list(table_of(draft.tables.get("variant", {})) or {})
    if name is None or name in known:
        return
    likely = nearest(name, known)
    fix = f'write "{likely}"' if likely else f"add [variant.{name}], or take it out"
    allowed = f"a variant of this file: {listed(known) or 'none yet'}"
    problem = Problem(("default_variant",), f'the unknown variant "{name}"', allowed, fix)
    draft.report(("deal",), "deal", problem)


def _variant(draft: Draft, name: str, table: object, base: tuple[Entry, ...]) -> VariantRead | None:
    place, label, row = ("variant", name), f"variant {name}", table_of(table)
    if row is None:
        found, header = shown(table), f"[variant.{name}]"
        draft.report(place, label, Problem((), found, f"a table {header}", f"write {header}"))
        return None
    own = {key: value for key, value in row.items() if key not in {"set", "term"}}
    variant = draft.read(own, Variant, place, label)
    if variant is None:
        return None
    entries = _patched(draft, name, row, variant, base)
    check_together(draft, entries, name)
    return VariantRead(variant, entries)


def _patched(
    draft: Draft, name: str, row: Row, variant: Variant, base: tuple[Entry, ...]
) -> tuple[Entry, ...]:
    _all_known(draft, name, "drop", {term: place for place, term in enumerate(variant.drop)})
    changes = _changes(draft, name, row)
    kept = [entry for entry in base if entry.term.id not in variant.drop]
    patched = [_changed(draft, name, entry, changes.get(entry.term.id)) for entry in kept]
    added = _added(draft, name, row, {entry.term.id for entry in kept})
    return tuple(entry for entry in (*patched, *added) if entry is not None)


def _changes(draft: Draft, name: str, row: Row) -> dict[str, Row]:
    """Return the fields to set, by term."""
    given = row.get("set", {})
    tables = table_of(given)
    named = {"": given} if tables is None else tables
    changes: dict[str, Row] = {}
    for term, table in named.items():
        change = table_of(table)
        if change is not None:
            changes[term] = change
            continue
        header = f"[variant.{name}.set.{term or 'TERM'}]"
        problem = Problem(("set", term), shown(table), f"a table {header}", f"write {header}")
        draft.report(("variant", name), f"variant {name}", problem)
    _all_known(draft, name, "set", {term: term for term in changes})
    return changes


def _all_known(draft: Draft, name: str, what: str, terms: Mapping[str, str | int]) -> None:
    """Report terms of a patch that the deal does not have."""
    known = [str(row.get("id")) for row in tables_in(draft.tables.get("term"))]
    for term, place in terms.items():
        if term not in known:
            likely = nearest(term, known)
            fix = f'write "{likely}"' if likely else "name a term of the deal, or take it out"
            allowed = f"a term of the deal: {listed(known)}"
            problem = Problem((what, place), f'the unknown term "{term}"', allowed, fix)
            draft.report(("variant", name), f"variant {name}", problem)


def _changed(draft: Draft, name: str, entry: Entry, change: Row | None) -> Entry | None:
    """Return a term with fields set anew; their lines are those of the patch."""
    if change is None:
        return entry
    place = ("variant", name, "set", entry.term.id)
    lines = {p: n for p, n in entry.lines.items() if not p or p[0] not in change}
    lines |= {p: n for p, n in draft.locator.below(place).items() if p}
    return read_entry(draft, {**entry.table, **change}, lines, place, name)


def _added(draft: Draft, name: str, row: Row, there: set[str]) -> list[Entry]:
    header = f"[[variant.{name}.term]]"
    start: Path = ("variant", name, "term")
    entries: dict[str, Entry] = {}
    for place, table in draft.rows_of(row.get("term", []), start, header, f"variant {name}"):
        entry = read_entry(draft, table, draft.locator.below(place), place, name)
        if entry is None:
            continue
        term = entry.term.id
        if term in there or term in entries:
            fix = f"name {term} in drop too, or use [variant.{name}.set.{term}]"
            problem = Problem(("id",), f'"{term}" again', "a name used once", fix)
            draft.add(entry.fault(draft.file, problem, name))
        else:
            entries[term] = entry
    return list(entries.values())
