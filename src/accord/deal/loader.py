"""From a deal file to a ``Deal``, or to every fault in it at once."""

from __future__ import annotations

from pathlib import Path

from accord.deal.claims import read_claims
from accord.deal.deal import Deal
from accord.deal.draft import Draft
from accord.deal.tables import Header, Party, Source
from accord.deal.terms import check_together, read_entries
from accord.deal.text import parse, read_text
from accord.deal.together import read_together
from accord.deal.values import Row, table_of, tables_in
from accord.deal.variants import check_default, read_variants
from accord.deal.vocabulary import Vocabulary
from accord.errors import Fault, InputError
from accord.instruments.fields import is_path
from accord.instruments.problem import Problem, faulty_fields, listed, nearest, shown
from accord.instruments.table import read_table

_TABLES = {
    "deal": "[deal]",
    "source": "[[source]]",
    "party": "[[party]]",
    "term": "[[term]]",
    "variant": "[variant.NAME]",
    "claim": "[[claim]]",
    "together": "[[together]]",
}


def load(path: Path | str, vocabulary: Vocabulary | None = None) -> Deal:
    """Return the deal that a file describes; with a vocabulary, its claims must keep to it.

    Raises ``InputError`` with every fault that can be told without a market (see ``check``).
    """
    deal, faults = read(Path(path), vocabulary)
    if faults or deal is None:
        raise InputError(faults)
    return deal


def read(path: Path, vocabulary: Vocabulary | None = None) -> tuple[Deal | None, tuple[Fault, ...]]:
    """Return what can be read of a deal file, and its faults.

    Where something is wrong the deal stands in for the file, so that the rest can be checked in a
    market; it is ``None`` where day or pack are not known. Raises ``InputError`` for what is no
    TOML text.
    """
    source = read_text(path)
    draft = Draft(source, parse(source), vocabulary)
    _no_unknown_tables(draft)
    header = _header(draft)
    sources = draft.read_all("source", Source)
    draft.no_repeats("source", "id")
    draft.source_ids = _source_ids(draft)
    parties = draft.read_all("party", Party)
    draft.no_repeats("party", "code")
    entries = read_entries(draft)
    check_together(draft, entries)
    variants = read_variants(draft, entries)
    claims = read_claims(draft)
    together = read_together(draft)
    if header is None:
        return None, draft.faults
    check_default(draft, header.default_variant)
    deal = Deal(
        file=source.file,
        digest=source.digest,
        slug=header.slug or path.stem,
        title=header.title,
        date=header.date,
        as_of=header.date,
        status=header.status,
        packs=tuple(_found(name, path) for name in header.pack),
        summary=header.summary,
        default_variant=header.default_variant,
        sources=tuple(sources),
        parties=tuple(parties),
        claims=claims,
        entries=entries,
        variants=variants,
        party_lines=_party_lines(draft),
        together=together,
    )
    return deal, draft.faults


def _found(pack: str, path: Path) -> str:
    """Return a pack's name, or its folder where the deal gives a path from where it is itself."""
    return str((path.parent / pack).resolve()) if is_path(pack) else pack


def _no_unknown_tables(draft: Draft) -> None:
    for name, table in draft.tables.items():
        if name not in _TABLES:
            likely = nearest(name, _TABLES)
            fix = f"write {_TABLES[likely]}" if likely else "take it out"
            kind = "table" if isinstance(table, dict | list) else "field"
            found = f'the unknown {kind} "{name}"'
            problem = Problem((), found, listed(list(_TABLES.values())), fix)
            draft.report((name,), None, problem)


def _header(draft: Draft) -> Header | None:
    given: object = draft.tables.get("deal")
    table = table_of(given)
    if table is not None:
        return _read_header(draft, table)
    found = "no [deal]" if given is None else f"deal = {shown(given)}"
    fix = "begin the file with [deal], then title, date, status and pack"
    draft.report(("deal",), None, Problem((), found, "one table [deal]", fix))
    return None


def _read_header(draft: Draft, table: Row) -> Header | None:
    """Return the header, if only its day and its pack can be read."""
    header, problems = read_table(Header, table)
    for problem in problems:
        draft.report(("deal",), "deal", problem)
    return None if faulty_fields(problems) & {"date", "pack"} else header


def _party_lines(draft: Draft) -> dict[str, int]:
    """Return the line of each code that stands for a party, or for a company's country."""
    found: dict[str, int] = {}
    for number, row in enumerate(tables_in(draft.tables.get("party"))):
        for name in ("code", "country"):
            code, line = row.get(name), draft.locator.line(("party", number, name))
            if isinstance(code, str) and line is not None:
                found.setdefault(code, line)
    return found


def _source_ids(draft: Draft) -> tuple[str, ...]:
    """Return the ids of all sources, those with faults too: naming one is no second fault."""
    ids = (table.get("id") for table in tables_in(draft.tables.get("source")))
    return tuple(x for x in ids if isinstance(x, str))
