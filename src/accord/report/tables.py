"""Answers as files: tidy CSV, JSON, one page, and a manifest that says how to get them again."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any

from accord import __version__
from accord.assessment import Answer, Assessment
from accord.assessment.assessment import ClaimLine
from accord.assessment.beside import Beside, beside
from accord.assessment.serialise import draws_to_json, path_rows, row_to_json, to_json
from accord.backcast import Backcast
from accord.report import (
    backcast,
    backcast_files,
    claims,
    compare_files,
    offers,
    opening,
    parts,
    rests_on,
)
from accord.report.claim_review import claim_reviews
from accord.report.compare import Comparison
from accord.report.comparison_page import comparison_page
from accord.report.folder import MANIFEST, refuse_taken, staged
from accord.report.page import article, page
from accord.report.paths import plant_rows
from accord.report.premia import INCIDENCE, PIECES, incidence_rows, premium_pairs
from accord.report.single_plants import single_plants
from accord.report.users import gains_in_focus

EFFECTS = (
    "measure", "region", "good", "year", "before", "after", "change", "change_pct", "unit", "low",
    "high", "change_low", "change_high",
)  # fmt: skip

PLANTS = ("year", "activity", "good", "use_before", "use_after", "output_before", "output_after")
SINGLE_PLANTS = ("plant", "good", "before", "after", "capacity", "idle", "power", "power_price",
                 "emissions")  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A table to be written as CSV; ``None`` is an empty cell."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]

    def text(self) -> str:
        """Return the table as CSV."""
        file = StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow(["" if cell is None else cell for cell in row])
        return file.getvalue()


def write_answer(a: Answer, out: Path, command: Sequence[str]) -> None:
    """Write an answer's files into the folder ``out``, all of them or none."""
    answer = to_json(a)
    other = beside(a) if isinstance(a, Assessment) else None
    tables = [*sheets(a), *([] if other is None else [_closures(other)])]
    files = {sheet.name: sheet.text() for sheet in tables}
    files["answer.html"] = page(a, other)
    if a.ledger.claims:
        files["claimreview.jsonld"] = _json(claim_reviews(a))
    if isinstance(a, Assessment):
        answer["rests_on"] = rests_on.as_json(a, rests_on.deeper(a))
    files["assessment.json"] = _json(answer)
    files["certificate.json"] = _json(answer["certificate"])
    _write(out, files, _origin(a) | {"command": list(command)})


def write_comparison(c: Comparison, out: Path, command: Sequence[str]) -> None:
    """Write a comparison's files into the folder ``out``, all of them or none."""
    columns, rows = _scenario_effects(c)
    numbers = Sheet("comparison.csv", compare_files.COLUMNS, compare_files.rows(c))
    files = {
        "comparison.csv": numbers.text(),
        "effects.csv": Sheet("effects.csv", columns, rows).text(),
        "comparison.json": _json(compare_files.to_json(c)),
        "comparison.html": comparison_page(c),
    }
    scenarios = [{"scenario": r} | _origin(a) for r, a in zip(c.references, c.answers, strict=True)]
    _write(out, files, {"scenarios": scenarios, "command": list(command)})


def write_ledger(a: Answer, out: Path, command: Sequence[str]) -> None:
    """Write the ledger of claims into the folder ``out``: rows, a page and ClaimReview."""
    said = [opening.setting(a), claims.tally(a)]
    blocks = [claims.wordings_block(a), claims.claims_block(a), claims.together_block(a),
              claims.true_if_block(a), claims.ledger_block(a)]  # fmt: skip
    title = f"What was claimed: {opening.title(a)}"
    files = {
        "claims.csv": _claims_sheet(a).text(),
        **{sheet.name: sheet.text() for sheet in _beside_claims(a)},
        "claims.json": _json(claims.as_json(a)),
        "claimreview.jsonld": _json(claim_reviews(a)),
        "claims.html": article(title, said, [block for block in blocks if block is not None]),
    }
    _write(out, files, _origin(a) | {"command": list(command)})


def write_rests_on(
    a: Assessment, found: rests_on.Deeper, out: Path, command: Sequence[str]
) -> None:
    """Write what an answer rests on into the folder ``out``: tables and all of it as JSON."""
    files = {sheet.name: sheet.text() for sheet in _rests_on_sheets(a, found)}
    files["rests_on.json"] = _json(rests_on.as_json(a, found))
    _write(out, files, _origin(a) | {"command": list(command)})


def write_backcast(found: Backcast, out: Path, command: Sequence[str]) -> None:
    """Write a back-cast's files into the folder ``out``, all of them or none."""
    tables = backcast_files.sheets(found)
    files = {name: Sheet(name, *sheet).text() for name, sheet in tables.items()}
    files["backcast.json"] = _json(backcast.as_json(found))
    files["backcast.html"] = backcast.page(found)
    pack = {"name": found.pack.name, "version": found.pack.version, "sha256": found.pack.digest}
    _write(out, files, {"packs": [pack], "command": list(command)})


def sheets(a: Answer) -> list[Sheet]:
    """Return every table of an answer."""
    market = isinstance(a, Assessment)
    rows = (*(a.rows if market else ()), *a.part_rows)
    return [
        Sheet("effects.csv", EFFECTS, [tuple(row_to_json(r).values()) for r in rows]),
        *(_of_market(a) if market else ()),
        _of("terms.csv", a.terms, ("id", "kind", "title", "implied", "assumed", "reading")),
        _of("assumptions.csv", a.assumptions, ("where", "says", "matters_for")),
        _of("not_modelled.csv", a.not_modelled, ("term", "what", "why")),
        _claims_sheet(a),
        *_beside_claims(a),
        *(Sheet(*sheet) for sheet in parts.sheets(a.parts)),
        *_offers(a),
    ]  # fmt: skip


def _of_market(a: Assessment) -> list[Sheet]:
    return [
        _access(a),
        _of("baseline.csv", a.baseline, ("quantity", "region", "year", "observed", "model", "unit",
                                         "fitted", "source")),
        _of("law.csv", a.law, ("id", "title", "since")),
        *_premia(a),
        *_rests_on_sheets(a, rests_on.deeper(a)),
        *_paths(a),
    ]  # fmt: skip


def _offers(a: Answer) -> list[Sheet]:
    """Every number of every offer side by side; nothing for a single offer."""
    rows = list(offers.as_rows(a))
    return [Sheet("offers_side_by_side.csv", offers.COLUMNS, rows)] if rows else []


def _claims_sheet(a: Answer) -> Sheet:
    """Every reading; a threshold of two ends stands as "low to high"."""
    rows = [
        [f"{x[0]:g} to {x[1]:g}" if isinstance(x, tuple) else x for x in astuple(row)]
        for row in a.claims
    ]
    return Sheet("claims.csv", [f.name for f in fields(ClaimLine)], rows)


def _beside_claims(a: Answer) -> list[Sheet]:
    """Readings that must hold together, and what would have to be true; none without any."""
    found = (
        Sheet("claims_together.csv", claims.TOGETHER, claims.together_rows(a)),
        Sheet("true_if.csv", claims.TRUE_IF, claims.true_if_rows(a)),
    )
    return [sheet for sheet in found if sheet.rows]


def _premia(a: Assessment) -> list[Sheet]:
    """Premia over the quote before and after, who gets what users pay more, users, plants."""
    pairs = premium_pairs(a)
    names = tuple(name for name, _ in PIECES)
    premium = [
        (p.region, p.good, when, p.quote, p.premium, *(getattr(p.pieces, n) for n in names),
         p.statutory_duty, "USD/t")
        for pair in pairs
        for when, p in zip(("before", "after"), pair, strict=True)
    ]  # fmt: skip
    users = [(a.focus.importer, a.focus.good, g.user, g.share, g.gain, "USD/yr")
             for g in gains_in_focus(a)]  # fmt: skip
    columns = ("region", "good", "when", "quote", "premium", *names, "statutory_duty", "unit")
    return [
        Sheet("premium.csv", columns, premium),
        Sheet("incidence.csv", INCIDENCE, incidence_rows(a)),
        Sheet("users.csv", ("region", "good", "user", "share", "gain", "unit"), users),
        _of("plants.csv", single_plants(a), SINGLE_PLANTS),
    ]


def _rests_on_sheets(a: Assessment, found: rests_on.Deeper | None) -> list[Sheet]:
    """What the main number rests on, by the draws and one number at a time; none without draws."""
    sheets = [Sheet("rests_on.csv", rests_on.RESTS_ON, rests_on.rest_rows(a))]
    if found is not None:
        sheets += [
            Sheet("tornado.csv", rests_on.TORNADO, rests_on.tornado_rows(found)),
            Sheet("elasticities.csv", rests_on.ELASTICITIES, found.alone.data),
        ]
    return [sheet for sheet in sheets if sheet.rows]


def _paths(a: Assessment) -> list[Sheet]:
    """Every effect of every year, the use of all plants, and the growth assumed; if years were."""
    if a.paths is None:
        return []
    growth = ("what", "item", "region", "starts", "until", "low", "median", "high", "status")
    return [
        Sheet("paths.csv", EFFECTS, [tuple(row_to_json(r).values()) for r in path_rows(a)]),
        Sheet("paths_plants.csv", PLANTS, list(plant_rows(a.paths))),
        _of("paths_growth.csv", a.paths.growth, growth),
    ]


def _of(name: str, rows: Iterable[Any], columns: Sequence[str]) -> Sheet:
    return Sheet(name, columns, [[_cell(asdict(row)[c]) for c in columns] for row in rows])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(str(x) for x in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return value


def _access(a: Assessment) -> Sheet:
    """Every effect at low and high access, for those who want more than the main results."""
    rows = [
        (case.weights, *row_to_json(row).values())
        for case in a.access
        if case.weights != "central"
        for row in case.effects.rows
    ]
    return Sheet("access.csv", ("access", *EFFECTS), rows)


def _closures(found: Beside) -> Sheet:
    columns = ("closure", "measure", "region", "good", "before", "after", "unit")
    return _of("closures.csv", found.rows, columns)


def _scenario_effects(c: Comparison) -> tuple[Sequence[str], list[Sequence[object]]]:
    rows = [
        (reference, *row_to_json(row).values())
        for reference, a in zip(c.references, c.answers, strict=True)
        for row in a.rows
    ]
    return ("scenario", *EFFECTS), [*rows]


def _origin(a: Answer) -> dict[str, Any]:
    """Return what an answer was made from: enough to make it again."""
    return {
        "deal": a.deal.slug,
        "variant": a.deal.variant,
        "as_of": a.as_of.isoformat(),
        "level_year": a.level_year if isinstance(a, Assessment) else None,
        "closure": a.closure if isinstance(a, Assessment) else None,
        **draws_to_json(a),
        "fixed": {x.name: x.value for x in a.fixed} if isinstance(a, Assessment) else {},
        "versions": dict(a.versions),
        "packs": [{"name": p.name, "version": p.version, "sha256": p.digest} for p in a.packs],
        "deal_file": {"name": Path(a.deal_file.name).name, "sha256": a.deal_file.digest},
    }


def _write(out: Path, files: dict[str, str], origin: dict[str, Any]) -> None:
    refuse_taken(out)
    encoded = {name: text.encode() for name, text in sorted(files.items())}
    manifest = {"program": "accord", "version": __version__} | origin
    manifest["files"] = [
        {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in encoded.items()
    ]
    with staged(out) as folder:
        for name, data in encoded.items():
            (folder / name).write_bytes(data)
        (folder / MANIFEST).write_text(_json(manifest), "utf-8")


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
