"""The Assessment as one JSON object, exactly as docs/conventions.md and the README say."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from accord.assessment.assessment import AccessCase, Answer, Assessment
from accord.assessment.paths import NO_RANGES, PathAnswer
from accord.assessment.serialise_parts import (
    offers_to_json,
    part_rows,
    part_to_json,
    row_to_json,
)
from accord.effects import Effects, Row
from accord.ensemble.ensemble import Ensemble

JsonObject = dict[str, Any]


def to_json(answer: Answer) -> JsonObject:
    """Return the object that ``--json`` prints: plain values, no NaN, dates as ISO strings.

    Low and high of the market's effects are of its draws (C45); ``range_note``, of a part's effect
    and of the years, says what else they are, or why there are none.
    """
    if not isinstance(answer, Assessment):
        return _without_market(answer)
    a = answer
    return (
        origin_to_json(a)
        | {
            "title": a.deal.title,
            "certificate": _certificate(a),
            "effects": [
                *(row_to_json(row) for row in (*a.rows, *path_rows(a))),
                *(row for part in a.parts for row in part_rows(part)),
            ],
            "access": [_access(case, a) for case in a.access],
            "claims": [asdict(claim) for claim in a.claims],
            "claims_together": [x.to_json() for x in a.ledger.together],
            "terms": [asdict(term) for term in a.terms],
            "law": [
                {
                    "id": x.id,
                    "title": x.title,
                    "since": None if x.since is None else x.since.isoformat(),
                }
                for x in a.law
            ],
            "assumptions": [asdict(x) for x in a.assumptions],
            "not_modelled": [asdict(x) for x in a.not_modelled],
        }
        | ({} if a.ensemble is None else {"ensemble": ensemble_to_json(a.ensemble, a)})
        | ({} if a.paths is None else {"paths": _paths(a.paths, a)})
        | ({} if not a.parts else {"parts": [part_to_json(part) for part in a.parts]})
        | offers_to_json(a)
    )


# What only a market has is null, or an empty list, in an answer without one.
_NO_MARKET = {"level_year": None, "closure": None}
_NO_CERTIFICATE: JsonObject = {
    "market_clearing": None,
    "complementarity": None,
    "mass_balance": None,
    "welfare_identity": None,
    "welfare_by_parts": None,
    "welfare_by_path": None,
    "baseline_error": [],
    "solver": None,
    "markets": [],
}


def _without_market(a: Answer) -> JsonObject:
    return (
        origin_to_json(a)
        | {
            "title": a.deal.title,
            "certificate": {"ok": all(x.ok for part in a.parts for x in part.checks)}
            | _NO_CERTIFICATE,
            "effects": [row for part in a.parts for row in part_rows(part)],
            "access": [],
            "claims": [asdict(claim) for claim in a.claims],
            "claims_together": [x.to_json() for x in a.ledger.together],
            "terms": [asdict(term) for term in a.terms],
            "law": [],
            "assumptions": [asdict(x) for x in a.assumptions],
            "not_modelled": [asdict(x) for x in a.not_modelled],
            "parts": [part_to_json(part) for part in a.parts],
        }
        | offers_to_json(a)
    )


def path_rows(a: Assessment) -> tuple[Row, ...]:
    """Return the effects of every year that was asked for; none where no years were."""
    if a.paths is None:
        return ()
    return tuple(row for year in a.paths.paths.years for row in year.effects.rows)


def _paths(answer: PathAnswer, a: Assessment) -> JsonObject:
    """Return what the years rest on; their numbers are rows of the effects, by year."""
    paths = answer.paths
    ends = (("low", answer.slow), ("median", paths.long_run), ("high", answer.fast))
    return {
        "from": paths.years[0].year,
        "until": paths.long_run.year,
        "base_year": paths.base_year,
        "law_known_on": paths.as_of.isoformat(),
        "range_note": NO_RANGES,
        "growth": paths.case,
        "certificate": [asdict(check) for check in answer.checks],
        "long_run": [{"growth": growth} | _main_numbers(year.effects, a) for growth, year in ends],
        "assumptions": [
            {"says": says, "matters_for": matters} for says, matters in answer.assumptions
        ],
        "not_modelled": [{"what": what, "why": why} for what, why in answer.not_modelled],
    }


def origin_to_json(a: Answer) -> JsonObject:
    """Return what an answer is of and was made from, and what it says in words."""
    found = setting_to_json(a)
    claims = {f"claims:{name}": digest for name, digest in a.ledger.digests}
    return found | {"digests": found["digests"] | claims}


def setting_to_json(a: Answer) -> JsonObject:
    """Return the same without what its claims are judged by, so that they need not be judged."""
    market = _NO_MARKET
    if isinstance(a, Assessment):
        market = {"level_year": a.level_year, "closure": a.closure}
    return {
        "deal": a.deal.slug,
        "variant": a.deal.variant,
        "packs": [p.name for p in a.packs],
        "as_of": a.as_of.isoformat(),
        **market,
        **draws_to_json(a),
        "fixed": fixed_to_json(a),
        "versions": dict(a.versions),
        "digests": {"deal": a.deal_file.digest} | {f"pack:{p.name}": p.digest for p in a.packs},
        "headline": a.headline,
        "because": list(_because(a)),
    }


def draws_to_json(a: Answer) -> JsonObject:
    """Return seed and number of the draws that the ranges of an answer rest on."""
    ensemble = a.ensemble if isinstance(a, Assessment) else None
    if ensemble is None:
        return {"seed": None, "draws": 0}
    return {"seed": ensemble.seed, "draws": ensemble.done}


def fixed_to_json(a: Answer) -> list[JsonObject]:
    """Return the numbers that stand at a chosen value, with what the pack has in their place."""
    fixed = a.fixed if isinstance(a, Assessment) else ()
    return [
        {
            "name": x.name,
            "parameter": x.key.parameter,
            "good": x.key.good,
            "region": x.key.region,
            "what": x.words,
            "value": x.value,
            "low": x.low,
            "median": x.median,
            "high": x.high,
        }
        for x in fixed
    ]


def ensemble_to_json(ensemble: Ensemble, a: Assessment) -> JsonObject:
    """Return what the ranges rest on: draws, failures, what was drawn, and what decides."""
    return {
        "wanted": ensemble.wanted,
        "done": ensemble.done,
        "solved": ensemble.solved,
        "failed": ensemble.failed,
        "causes": ensemble.causes,
        "partial": ensemble.partial,
        "kernel": ensemble.kernel,
        "low_high": [0.1, 0.9],
        "notes": list(ensemble.notes),
        "numbers": [
            {
                "parameter": x.key.parameter,
                "good": x.key.good,
                "region": x.key.region,
                "name": x.name,
                "family": x.distribution.family,
                "low": x.distribution.low,
                "median": x.distribution.median,
                "high": x.distribution.high,
                "told": x.told,
                "source": x.source,
                "status": x.status,
            }
            for x in ensemble.numbers
        ],
        "spread": [
            {"measure": row.measure, "region": row.region, "good": row.good} | spread
            for row, spread in zip(ensemble.effects.rows, _spreads(ensemble), strict=True)
        ],
        "rests_on": None if a.rests_on is None else asdict(a.rests_on),
    }


def _spreads(ensemble: Ensemble) -> list[JsonObject]:
    """Return median and ends of every effect's value after and of its change."""
    found = ensemble.effects
    columns = {
        "median": found.after_spread.median,
        "change_low": found.change_spread.low,
        "change_median": found.change_spread.median,
        "change_high": found.change_spread.high,
    }
    lists = {
        name: [None if x != x else x for x in values.tolist()]  # noqa: PLR0124 - NaN is not itself
        for name, values in columns.items()
    }
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def _because(a: Answer) -> tuple[str, ...]:
    if isinstance(a, Assessment):
        return a.because
    return tuple(says for part in a.parts for says in part.because)


def _certificate(a: Assessment) -> JsonObject:
    check = a.check
    return {
        "ok": check.ok,
        "market_clearing": check.market_clearing,
        "complementarity": check.complementarity,
        "mass_balance": check.mass_balance,
        "welfare_identity": check.welfare_identity,
        "welfare_by_parts": a.effects.welfare_by_parts,
        "welfare_by_path": a.effects.path.total,
        "baseline_error": [asdict(row) for row in a.baseline],
        "solver": {"steps": check.steps},
        "markets": [
            {"when": when, **asdict(market)}
            for when, eq in (("before", a.effects.before), ("after", a.effects.after))
            for market in eq.certificate.markets
        ],
    }


def _access(case: AccessCase, a: Assessment) -> JsonObject:
    return {"weights": case.weights, "headline": case.headline} | _main_numbers(case.effects, a)


def _main_numbers(effects: Effects, a: Assessment) -> JsonObject:
    """Return the trade and prices that the deal is about, and who gains."""
    lane = a.focus.lane
    flow = (
        None
        if lane is None
        else effects.row("flow", f"{lane.origin}>{lane.destination}", lane.good)
    )
    hub = effects.row("hub_price", "WORLD", a.focus.good)
    buyer = effects.row("buyer_price", a.focus.importer or "", a.focus.good)
    return {
        "flow": None if flow is None else row_to_json(flow),
        "hub_price": None if hub is None else row_to_json(hub),
        "buyer_price": None if buyer is None else row_to_json(buyer),
        "welfare": {region: effects.change("welfare", region) for region in _parties(a)},
    }


def _parties(a: Assessment) -> list[str]:
    return [code for code in (a.focus.exporter, a.focus.importer, "WORLD") if code is not None]
