"""Faults of a deal that only a market can tell: unknown goods and regions, empty trade, law."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accord.deal.deal import Deal, Entry
from accord.deal.draft import in_order
from accord.deal.loader import read
from accord.deal.locator import Locator
from accord.deal.text import read_text
from accord.deal.vocabulary import Vocabulary
from accord.errors import Fault
from accord.instruments import ORDINARY_TARIFF
from accord.instruments.countries import code_for, country_names
from accord.instruments.duty import matches
from accord.instruments.fields import is_path
from accord.instruments.problem import Problem, concerning, listed, nearest
from accord.instruments.term import Term
from accord.market import Market


def check(
    deal: Deal, market: Market, law: Collection[str] = (), on: date | None = None
) -> tuple[Fault, ...]:
    """Return what is wrong with a deal (under its active variant) in a market.

    ``market`` is the market under the law without the deal; ``law`` the ids of all measures of
    the pack's dated law, in force or not: a measure that is not among them is a fault. ``on`` is
    the day that is asked about, the deal's own without it: a term may not have ended by then.
    """
    day = on or deal.as_of
    known = {*law, ORDINARY_TARIFF, *(term.id for term in deal.terms)} if law else set[str]()
    found = [
        entry.fault(deal.file, problem, deal.active)
        for entry in deal.entries
        for problem in (
            *_ended(entry.term, day),
            *entry.term.faults(market),
            *_unknown_measures(entry, law, known),
        )
        if not concerning(problem, entry.faulty)
    ]
    if not found and not any(entry.faulty for entry in deal.entries):
        after = deal.apply(market)
        found = [
            entry.fault(deal.file, problem, deal.active)
            for entry in deal.entries
            for problem in entry.term.result_faults(after)
        ]
    unknown = _unknown_laws(deal, law) if law else ()
    return in_order([*found, *check_parties(deal, market.region_by_code), *unknown])


def examine(
    path: Path,
    packs: Collection[str],
    market_of: Callable[[str, date], Market],
    law_of: Callable[[str], Collection[str]] = lambda _: (),
    beside: Beside | None = None,
) -> tuple[Fault, ...]:
    """Return every fault of a deal file: in itself, and in its pack's market, in all variants.

    ``packs`` are the names of the packs there are, ``market_of`` gives a pack's market under the
    law of a day, ``law_of`` the ids of a pack's measures; ``beside`` what else there is beside
    markets. Raises ``InputError`` for what is no TOML text.
    """
    beside = beside or Beside()
    deal, faults = read(path, beside.vocabulary)
    if deal is None:
        return faults
    found = [*faults, *_unknown_packs(deal, [*packs, *beside.packs], path)]
    named = [p for p in deal.packs if p in packs][:1]
    for version in (deal, *(deal.variant(v) for v in deal.variants)):
        if not version.has_market:
            found += check_parties(version)
        for name in named if version.has_market else ():
            found += check(version, market_of(name, version.as_of), law_of(name))
        found += beside.faults(version)
    return in_order(found)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a deal may hold beside a market: packs without one, terms not about it, claims.

    ``vocabulary``  what its claims may say; ``None``: they are not checked
    """

    packs: tuple[str, ...] = ()
    faults: Callable[[Deal], Iterable[Fault]] = lambda _: ()
    vocabulary: Vocabulary | None = None


def check_parties(deal: Deal, regions: Collection[str] = ()) -> list[Fault]:
    """Return parties that are neither a country nor one of the market's regions."""
    names = country_names()
    found: list[Fault] = []
    for party in deal.parties:
        field = "code" if party.country is None else "country"
        code = party.country or party.code
        if code is None or code in names or code in regions:
            continue
        likely = code_for(code)
        fix = f'write "{likely}" ({names[likely]})' if likely else 'write for example "USA"'
        allowed = "a country code of ISO 3166 alpha-3"
        if regions:
            allowed += f", or a region of the pack: {listed(regions)}"
        line = deal.party_lines.get(code)
        label = f"party {party.company or code}"
        found.append(Fault(deal.file, f'"{code}"', allowed, fix, line, label, field))
    return found


def _unknown_laws(deal: Deal, law: Collection[str]) -> list[Fault]:
    """Return readings of claims that name a measure which the pack's law has never had."""
    found: list[Fault] = []
    for claim in deal.claims:
        for reading in claim.readings:
            if reading.law is None or reading.law in law:
                continue
            likely = nearest(reading.law, law)
            fix = f'write "{likely}"' if likely else "run `accord pack show` for the measures"
            said, allowed = f'the unknown measure "{reading.law}"', "a measure of the pack's law"
            line = claim.lines.get(reading.id)
            name = f"claim {claim.claim.id} · reading {reading.id}"
            found.append(Fault(deal.file, said, allowed, fix, line, name, "law"))
    return found


def _unknown_packs(deal: Deal, packs: Collection[str], path: Path) -> list[Fault]:
    line = Locator(read_text(path).text).line(("deal", "pack"))
    unknown = [name for name in deal.packs if name not in packs]
    return [_unknown_pack(deal.file, name, packs, line) for name in unknown]


def _unknown_pack(file: str, name: str, packs: Collection[str], line: int | None) -> Fault:
    if is_path(name):
        found, fix = f"no pack.toml in {name}", "write the path from this file to the pack's folder"
        return Fault(file, found, "a folder that holds a pack", fix, line, "deal", "pack")
    likely = nearest(name, packs)
    fix = f'write "{likely}"' if likely else "run `accord packs` for the packs there are"
    if (Path(file).parent / name / "pack.toml").is_file():
        fix = f'write "./{name}" for the folder beside this file'
    found = f'the unknown pack "{name}"'
    return Fault(file, found, listed(sorted(packs)), fix, line, "deal", "pack")


def _ended(term: Term, day: date) -> list[Problem]:
    """Return that a term is no longer in force on a day: its effect then is none (C33)."""
    if term.domain != "market" or term.until is None or day < term.until:
        return []
    found = f"{term.until}, and the day asked about is {day}: the term has ended by then"
    allowed = f"a day after {day}, or no until"
    fix = f"leave the term out, or ask about a day before {term.until} with --as-of"
    return [Problem(("until",), found, allowed, fix)]


def _unknown_measures(entry: Entry, law: Collection[str], known: Collection[str]) -> list[Problem]:
    """Return named measures that the pack's law has never had."""
    problems: list[Problem] = []
    for field in entry.term.names_measures if known else ():
        for number, pattern in enumerate(getattr(entry.term, field)):
            if any(matches(measure, (pattern,)) for measure in known):
                continue
            likely = nearest(pattern, law)
            fix = f'write "{likely}"' if likely else "run `accord pack show` for the measures"
            found = f'the unknown measure "{pattern}"'
            allowed = f"a measure of the law: {listed(sorted(law))}"
            problems.append(Problem((field, number), found, allowed, fix))
    return problems
