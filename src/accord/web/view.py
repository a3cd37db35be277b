"""A position's answer as the page shows it: plain values, every number with its text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import asdict, astuple
from typing import Any

from accord.assessment import Assessment
from accord.assessment.assessment import Check
from accord.errors import Fault, InputError, NoCertifiedAnswer
from accord.report import opening
from accord.report.block import Block
from accord.report.chart_data import gains_data
from accord.report.destinations import destinations
from accord.report.gains import gains
from accord.report.main_numbers import main_numbers
from accord.report.main_results import main_results
from accord.report.numbers import small
from accord.report.picture import picture
from accord.report.suppliers import suppliers
from accord.report.tiles import tiles
from accord.web.desk import Solved
from accord.web.dials import Dial
from accord.web.ground import Scenario
from accord.web.position import Position
from accord.web.words import moved_in_words, number

View = dict[str, Any]
MOST = 12
_STYLE = re.compile(r"<style>.*?</style>\s*", re.DOTALL)


def view_of(solved: Solved) -> View:
    """Return what the page shows at a position, as JSON has it."""
    a = solved.answer
    blocks = [main_results(a), gains(a, MOST), suppliers(a, MOST), destinations(a, MOST)]
    return {
        "ok": True,
        "query": solved.position.query,
        "values": solved.values,
        "title": opening.title(a),
        "headline": a.headline,
        "because": list(a.because),
        "big": [asdict(x) for x in tiles(a)],
        "gains": asdict(gains_data(a)),
        "picture": _picture(a),
        "blocks": [_block(x) for x in blocks if x is not None],
        "numbers": [asdict(x) for x in main_numbers(a)],
        "certificate": certificate(a.check),
        "draws": _draws(a),
        "moved": moved_in_words(solved.ground.scenario.dials, solved.values),
    }


def _picture(a: Assessment) -> str:
    """Return the picture without its own style: the page's has that."""
    return _STYLE.sub("", picture(a) or "")


def _block(block: Block) -> View:
    return {
        "heading": block.heading,
        "columns": list(block.columns),
        "text": [block.is_text(i) for i in range(len(block.columns))],
        "lines": [{"cells": list(x.cells), "weight": x.weight} for x in block.lines],
        "notes": list(block.notes),
    }


def certificate(check: Check) -> str:
    """Return the certificate in a sentence; welfare computed twice, or not yet."""
    said = (
        f"Certified: markets clear to {small(check.market_clearing)}, tonnes "
        f"{small(check.mass_balance)}, limits {small(check.complementarity)}"
    )
    if math.isnan(check.welfare_identity):
        return f"{said}. Welfare is being computed a second time …"
    return f"{said}; welfare computed twice to {small(check.welfare_identity)}."


def _draws(a: Assessment) -> str:
    found = a.ensemble
    if found is None:
        return ""
    lines = [
        f"Ranges: 8 of 10 of {found.solved:,} solved draws (of {found.done:,}; seed {found.seed})."
    ]
    return " ".join([*lines, *(note.strip() for note in found.notes)])


# ------------------------------------------------------------------------------------- what stays


def setting_of(scenario: Scenario, position: Position, text: str) -> View:
    """Return what no slider moves: the deal, its variants, days, sliders, terms and caveats."""
    a, deal = scenario.answer, scenario.deal
    return {
        "variant": deal.active or "",
        "variants": [
            {"name": name, "title": read.variant.title or name}
            for name, read in deal.variants.items()
        ],
        "day": a.as_of.isoformat(),
        "days": _days(scenario),
        "edited": position.edited,
        "title": opening.title(a),
        "standing": f"{opening.standing(a)} {opening.setting(a)}",
        "says": opening.variant(a) or "",
        "summary": deal.summary,
        "dials": [_dial(x) for x in scenario.dials.values()],
        "terms": [
            {"title": x.title or x.id, "reading": x.reading, "marks": _marks(x.implied, x.assumed)}
            for x in a.terms
        ],
        "law": [{"title": x.title or x.id, "since": str(x.since or "")} for x in a.law],
        "assumptions": [list(astuple(x)) for x in a.assumptions],
        "not_modelled": [list(astuple(x)) for x in a.not_modelled],
        "packs": [f"{x.name} {x.version} ({x.digest[:12]})" for x in a.packs],
        "slug": deal.slug,
        "text": text,
    }


def _marks(implied: bool, assumed: Iterable[str]) -> str:  # noqa: FBT001 - a field of a term
    named = ", ".join(assumed)
    marks = ["implied, not in the text"] if implied else []
    return "; ".join([*marks, f"assumed: {named}"] if named else marks)


def _days(scenario: Scenario) -> list[View]:
    """Return the days on which the law changed, and the deal's own."""
    first = min(scenario.pack.years)
    found = {scenario.answer.as_of: "", scenario.deal.as_of: "the deal's own day"}
    for measure in scenario.pack.measures:
        for day in (measure.term.starts, measure.term.until):
            if day is not None and day.year >= first:
                found.setdefault(day, "the law changes")
    return [{"day": day.isoformat(), "why": why} for day, why in sorted(found.items())]


def _dial(dial: Dial) -> View:
    return {
        "key": dial.key,
        "group": dial.group,
        "label": dial.label,
        "unit": dial.unit,
        "least": dial.least,
        "most": dial.most,
        "step": dial.step,
        "value": dial.snapped(dial.value),
        "home": number(dial, dial.value),
        "note": dial.note,
        "first": dial.first,
    }


# ------------------------------------------------------------------------------------- refusals


def refusal_of(error: InputError | NoCertifiedAnswer) -> View:
    """Return why there is no answer, with what would help."""
    if isinstance(error, InputError):
        return {"ok": False, "faults": [fault_of(x) for x in error.faults]}
    return {"ok": False, "faults": [], "cause": error.cause, "remedy": error.remedy}


def fault_of(fault: Fault) -> View:
    """Return one fault as the page shows it."""
    where = " · ".join(x for x in (fault.term, fault.field) if x)
    return {
        "line": fault.line,
        "where": where,
        "found": fault.found,
        "allowed": fault.allowed,
        "fix": fault.fix,
    }
