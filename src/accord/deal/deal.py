"""A deal: what its file says, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from accord.deal.draft import as_fault
from accord.deal.tables import Claim, Party, Reading, Source, Together, Variant, Wording
from accord.errors import Fault, InputError
from accord.instruments import Term, enact
from accord.instruments.problem import Path, Problem, listed, nearest, shown
from accord.market import Market


class NotModelledRow(NamedTuple):
    """An effect that the deal has and the model leaves out."""

    term: str
    what: str
    why: str


class AssumedRow(NamedTuple):
    """A field of a term that is a guess: its value as written, and why."""

    term: str
    field: str
    value: str
    reading: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as it stands in the file: its table, and the line of each of its fields.

    ``faulty`` names fields that are wrong in themselves: the term then only stands in for the one
    in the file, so that the rest of it can be checked; a ``Deal`` that was loaded has none.
    """

    term: Term
    table: Mapping[str, object]
    lines: Mapping[Path, int]
    faulty: frozenset[str] = frozenset()

    def fault(self, file: str, problem: Problem, variant: str | None = None) -> Fault:
        """Return a problem of the term as a fault of the file."""
        label = self.term.id if variant is None else f"{self.term.id} (variant {variant})"
        return as_fault(file, self.lines, label, problem)


ReadingLines = Mapping[str, int | None]
"""Where each reading of a claim stands in the file, by its id."""


@dataclass(frozen=True, slots=True)
class ClaimRead:
    """A claim, what it may mean, and how others report it."""

    claim: Claim
    readings: tuple[Reading, ...]
    wordings: tuple[Wording, ...] = ()
    lines: ReadingLines = field(default_factory=dict[str, "int | None"])


@dataclass(frozen=True, slots=True)
class VariantRead:
    """A variant, and the deal's terms under it."""

    variant: Variant
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Deal:
    """What countries offer or agree, and under which variant it is read.

    ``digest``   sha256 of the file's bytes
    ``as_of``    the day whose law is the state of affairs before the deal
    ``active``   the variant in effect, ``None`` for the terms as they stand
    ``together``  readings of claims that must hold together
    ``party_lines``  where the file names a country or region as a party, by its code
    """

    file: str
    digest: str
    slug: str
    title: str
    date: date
    as_of: date
    status: str
    packs: tuple[str, ...]
    summary: str
    default_variant: str | None
    sources: tuple[Source, ...]
    parties: tuple[Party, ...]
    claims: tuple[ClaimRead, ...]
    entries: tuple[Entry, ...]
    variants: Mapping[str, VariantRead] = field(default_factory=dict[str, VariantRead])
    active: str | None = None
    party_lines: Mapping[str, int] = field(default_factory=dict[str, int])
    together: tuple[Together, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms, in the file's order."""
        return tuple(entry.term for entry in self.entries)

    @property
    def domains(self) -> tuple[str, ...]:
        """What the terms are about, in the file's order: the market, budgets, projects."""
        return tuple(dict.fromkeys(term.domain for term in self.terms if term.domain))

    @property
    def has_market(self) -> bool:
        """Whether a market has to be solved: not where all terms are about something else."""
        return "market" in self.domains or not self.domains

    @property
    def implied(self) -> tuple[Term, ...]:
        """The terms that the deal needs and its text leaves out."""
        return tuple(term for term in self.terms if term.implied)

    @property
    def assumed(self) -> tuple[AssumedRow, ...]:
        """What the terms assume, and why."""
        return tuple(
            AssumedRow(entry.term.id, name, _written(entry, name), entry.term.reading)
            for entry in self.entries
            for name in entry.term.assumed
        )

    @property
    def not_modelled(self) -> tuple[NotModelledRow, ...]:
        """What the deal does and the model leaves out."""
        rows: list[NotModelledRow] = []
        for term in self.terms:
            what, why = getattr(term, "what", None), getattr(term, "why", None)
            if what is not None and why is not None:
                rows.append(NotModelledRow(term.id, what, why))
            left_out = (*term.not_modelled, *term.never_modelled)
            rows += [NotModelledRow(term.id, row.what, row.why) for row in left_out]
        return tuple(rows)

    def variant(self, name: str | None = None) -> Deal:
        """Return the deal under a variant; without a name, under the default one if there is any.

        Raises ``InputError`` for a name that the file does not have.
        """
        name = name or self.default_variant
        if name is None:
            return self
        if name not in self.variants:
            likely = nearest(name, self.variants)
            known = listed(list(self.variants)) or "none: the file has no variants"
            fix = f"write {self.slug}:{likely}" if likely else "name one of them, or none"
            raise InputError([Fault(self.file, f'the unknown variant "{name}"', known, fix)])
        read = self.variants[name]
        as_of = read.variant.as_of or self.date
        return replace(self, entries=read.entries, as_of=as_of, active=name)

    def apply(self, market: Market, on: date | None = None) -> Market:
        """Return the market with the deal in effect.

        In full, whatever its terms' dates; with ``on``, what is in force on that day, phased in
        as far as it is then.
        """
        if on is None:
            return enact(market, self.terms)
        terms = (t.scaled(t.share_on(on)) for t in self.terms if t.in_force(on))
        return enact(market, terms)

    def notes(self, market: Market, on: date | None = None) -> tuple[str, ...]:
        """Return what a reader must know about the terms' effects, or their lack of one.

        ``market`` is the market under the law without the deal, of the day ``on`` (else ``as_of``).
        """
        after = self.apply(market)
        notes = [note for term in self.terms for note in term.notes(market, after)]
        return (*notes, *(note for term in self.terms for note in _dated(term, on or self.as_of)))


def _dated(term: Term, as_of: date) -> list[str]:
    """Return that a term counts in full though it starts later, is phased in, or ends (C33)."""
    said = [f"starts on {term.begins}"] if term.begins is not None and term.begins > as_of else []
    said += ["is phased in"] if term.steps else []
    said += [f"ends on {term.until}"] if term.until is not None else []
    if not said or term.domain != "market":
        return []
    return [f"{term.id} {listed(said, 'and')}: it counts here as if in force in full."]


def _written(entry: Entry, name: str) -> str:
    if name in entry.table:
        return shown(entry.table[name])
    return shown(getattr(entry.term, name, None))
