"""What each tool answers, as plain values: numbers with ranges, certificate and caveats.

Every number is that of the answer's ``--json``; ``null`` is absent, never zero.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from accord.assessment import Answer, Assessment
from accord.assessment.assess import assess_reference
from accord.assessment.check import faults_of
from accord.assessment.paths import parse_years
from accord.assessment.reference import DealReference, shipped_deals
from accord.assessment.sampling import Sampling, default_draws
from accord.assessment.serialise import to_json
from accord.deal import Deal, load, template
from accord.errors import Fault, InputError
from accord.mcp_server.asked import Asked, located, names_in
from accord.report import caveats, trust
from accord.report.cited import cited
from accord.report.gains import GROUPS, gain_of, range_of_gain
from accord.report.main_numbers import main_numbers
from accord.report.packs import pack_list
from accord.report.reproduce import command

Json = dict[str, Any]
MOST_DRAWS = 2000
"""Draws that one call may ask for: an assistant waits for its answer."""

READING = (
    "before: the market under the law of the day; after: the same with the deal's terms on top. It "
    "is not a forecast. low and high: between them lies after (of a gain: its total) in 8 of 10 "
    "draws of what is uncertain, null where nothing was drawn; low_access and "
    "high_access: after, if trade that was closed comes back weakly or strongly. Say the range and "
    "what is assumed with every number. What is not modelled is unknown, not zero. Money of "
    "different kinds is never added up."
)


def list_deals(folder: Path | None) -> Json:
    """Return the deals that may be asked about, with their variants."""
    rows: list[Json] = []
    for name, path in shipped_deals().items():
        deal = load(path)
        rows.append(
            {
                "name": name,
                "title": deal.title,
                "date": deal.date.isoformat(),
                "status": deal.status,
                "summary": deal.summary,
                "variants": list(deal.variants),
                "default_variant": deal.default_variant,
                "packs": [Path(x).name for x in deal.packs],
            }
        )
    return {"deals": rows, "files": names_in(folder)}


def list_packs() -> Json:
    """Return the data packs that ship."""
    return {"packs": pack_list()}


def new_deal() -> Json:
    """Return a commented deal file to start from."""
    return {"text": template()}


def check_deal(asked: Asked, folder: Path | None) -> Json:
    """Return everything that is wrong with a deal file at once; no fault is an answer too."""
    try:
        with located(asked, folder) as reference:
            deal = _sound(reference.path)
    except InputError as error:
        return {"ok": False, "faults": [_fault(x) for x in error.faults]}
    return {
        "ok": True,
        "faults": [],
        "title": deal.title,
        "terms": [term.id for term in deal.terms],
        "variants": list(deal.variants),
    }


def _sound(path: Path) -> Deal:
    faults = faults_of(path)
    if faults:
        raise InputError(faults)
    return load(path)


def run_deal(  # noqa: PLR0913, PLR0917 - the tool has as many arguments
    asked: Asked,
    folder: Path | None,
    as_of: str | None = None,
    closure: str = "share",
    years: str | None = None,
    draws: int | None = None,
    fix: Mapping[str, float] | None = None,
) -> Json:
    """Return the numbers of a deal with ranges, who gains, the certificate, the caveats."""
    with located(asked, folder) as reference:
        answer = _answered(reference, as_of, closure, years, draws, fix)
        found = to_json(answer)
        return _origin(found) | {
            "numbers": [asdict(x) for x in main_numbers(answer)],
            "gains": _gains(answer),
            "offers_side_by_side": found.get("offers_side_by_side"),
            "parts": [{"title": p.title, "headline": p.headline} for p in answer.parts],
            "certificate": _certificate(answer, found),
            "caveats": _caveats(answer),
            "how_to_read": READING,
            "reproduce": shlex.join(command(answer)),
        }


def explain_deal(  # noqa: PLR0913, PLR0917 - the tool has as many arguments
    asked: Asked,
    folder: Path | None,
    as_of: str | None = None,
    closure: str = "share",
    draws: int | None = None,
    fix: Mapping[str, float] | None = None,
) -> Json:
    """Return why the answer is as it is: terms, law, claims judged, all caveats, sources."""
    with located(asked, folder) as reference:
        answer = _answered(reference, as_of, closure, None, draws, fix)
        found = to_json(answer)
        return _origin(found) | {
            "terms": found["terms"],
            "law": found["law"],
            "claims": found["claims"],
            "assumptions": [asdict(x) for x in caveats.assumptions(answer)],
            "not_modelled": [asdict(x) for x in caveats.not_modelled(answer)],
            "baseline_error": found["certificate"]["baseline_error"],
            "certificate": _certificate(answer, found),
            "parts": [
                {"title": p.title, "headline": p.headline, "because": list(p.because)}
                for p in answer.parts
            ],
            "sources": [asdict(x) for x in cited(answer)],
            "how_to_read": READING,
            "reproduce": shlex.join(command(answer)),
        }


def _answered(  # noqa: PLR0913, PLR0917 - what may be asked
    reference: DealReference,
    as_of: str | None,
    closure: str,
    years: str | None,
    draws: int | None,
    fix: Mapping[str, float] | None,
) -> Answer:
    count = default_draws(closure) if draws is None else draws
    if not 0 <= count <= MOST_DRAWS:
        allowed = f"0 to {MOST_DRAWS:,} draws"
        likely = "leave draws out"
        raise InputError([Fault("tool", f"{count} draws", allowed, likely, field="draws")])
    day = reference.as_of or (None if as_of is None else _day(as_of))
    span = None if years is None else parse_years(years)
    return assess_reference(
        reference,
        as_of=day,
        closure=closure,
        years=span,
        sampling=Sampling(count),
        fixed=fix or {},
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fix = "write for example 2025-07-01"
        fault = Fault("tool", f'"{text[:40]}"', "a day as YYYY-MM-DD", fix, field="as_of")
        raise InputError([fault]) from None


ORIGIN = ("deal", "variant", "title", "as_of", "level_year", "closure", "packs", "seed", "draws",
          "fixed", "versions", "digests", "headline", "because")  # fmt: skip


def _origin(found: Json) -> Json:
    """Return what is answered and what it says in words."""
    return {name: found[name] for name in ORIGIN}


def _gains(a: Answer) -> list[Json]:
    """Return the parties' changes of welfare by groups, then the world's; USD a year.

    ``low``, ``high``  of the total: between them it lies in 8 of 10 draws
    """
    if not isinstance(a, Assessment):
        return []
    codes = dict.fromkeys((*a.parties, a.focus.exporter, a.focus.importer, "WORLD"))
    rows = (gain_of(a, code) for code in codes if code is not None)
    names = [name for name, _ in GROUPS]
    found: list[Json] = []
    for row in rows:
        low, high = range_of_gain(a.ensemble, row.region) or (None, None)
        told: Json = {"region": row.region, "unit": "USD/yr", "total": row.total}
        told |= {"low": low, "high": high}
        found.append(told | dict(zip(names, row.parts, strict=True)))
    return found


def _certificate(a: Answer, found: Json) -> Json:
    """Return the certificate without its rows by market, and what it says in words."""
    kept = {
        k: v
        for k, v in found["certificate"].items()
        if k not in {"markets", "baseline_error", "solver"}
    }
    market = isinstance(a, Assessment)
    says = (trust.certificate(a), trust.baseline(a), *trust.draws(a)) if market else ()
    return kept | {"says": [x for x in says if x]}


def _caveats(a: Answer) -> Json:
    """Return what the deal's own terms assume and leave out, and how much more there is."""
    own = {t.id for t in a.terms}
    assumed, left_out = caveats.assumptions(a), caveats.not_modelled(a)
    return {
        "assumed_of_the_deal": [f"{x.where}: {x.says}" for x in assumed if x.where in own],
        "assumed_in_all": len(assumed),
        "not_modelled_of_the_deal": [x.what for x in left_out if x.term in own],
        "not_modelled_in_all": len(left_out),
        "more": "explain_deal lists every assumption and all that is not modelled",
    }


def _fault(x: Fault) -> Json:
    return asdict(x) | {"says": str(x)}
