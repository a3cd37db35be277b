"""How to get an answer again: the command, the versions, the digests of what it was made from."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from accord.assessment import Answer, Assessment
from accord.assessment.reference import shipped_deals
from accord.ensemble.ask import MIXED
from accord.pack import FixedNumber


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing that an answer was made from: what it is, and its value in full."""

    what: str
    value: str


def origins(a: Answer) -> tuple[Origin, ...]:
    """Return what it takes to make an answer again, its command as a shell would be given it."""
    market = isinstance(a, Assessment)
    found = [
        ("command", shlex.join(command(a))),
        ("deal", a.deal.slug),
        ("variant", a.deal.variant or ""),
        ("law of", a.as_of.isoformat()),
        ("levels of", str(a.level_year) if market else ""),
        ("closure", a.closure if market else ""),
        *((f"fixed {x.name}", written(x.value)) for x in (a.fixed if market else ())),
        *((f"version of {name}", version) for name, version in a.versions),
        (f"SHA-256 of {file_of(a).name}", a.deal_file.digest),
        *((f"SHA-256 of pack {p.name} {p.version}", p.digest) for p in a.packs),
        *((f"SHA-256 of table “{name}” of claims", x) for name, x in a.ledger.digests),
    ]
    return tuple(Origin(what, value) for what, value in found if value)


def command(a: Answer, folder: str = "") -> list[str]:
    """Return the command that asks the same again, with what was left to defaults written out.

    The deal is named as it ships, or by its file alone, in ``folder``: where it was on somebody's
    machine is nobody else's business.
    """
    file = file_of(a)
    ships = file.resolve() == shipped_deals().get(file.stem, Path()).resolve()
    deal = file.stem if ships and not folder else f"{folder}{file.name}"
    asked = deal if a.deal.variant is None else f"{deal}:{a.deal.variant}"
    return ["accord", "run", asked, "--as-of", a.as_of.isoformat(), *_of_market(a), *_draws(a)]


def file_of(a: Answer) -> Path:
    """Return the deal's file."""
    return Path(a.deal_file.name)


def written(value: float) -> str:
    """Return a number with as many digits as it takes to get it again."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _draws(a: Answer) -> list[str]:
    if not isinstance(a, Assessment):
        return []
    if a.ensemble is None:
        return ["--draws", "0"]
    return ["--draws", str(a.ensemble.wanted), "--seed", str(a.ensemble.seed)]


def _of_market(a: Answer) -> list[str]:
    if not isinstance(a, Assessment):
        return []
    years = a.paths.paths.years if a.paths is not None else ()
    span = ["--years", f"{years[0].year}-{years[-1].year}"] if years else []
    # Draws may have closures of their own; the answer at central values has one.
    several = a.ensemble is not None and len(a.ensemble.choice.weights) > 1
    closure = MIXED if several else a.closure
    return ["--closure", closure, *span, *(word for x in a.fixed for word in _fixed(x))]


def _fixed(number: FixedNumber) -> list[str]:
    return ["--fix", f"{number.name}={written(number.value)}"]
