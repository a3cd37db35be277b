"""An economy-wide answer for programs: one JSON object, and a folder of tables."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path

from accord import __version__
from accord.assessment.economy_answer import EconomyAnswer
from accord.economy.from_deal import Link
from accord.economy.result import Row, TradeRow
from accord.report.economy import headline, screen
from accord.report.folder import MANIFEST, staged


def write_economy(a: EconomyAnswer, out: Path, command: Sequence[str]) -> None:
    """Write every table, the answer and a manifest into a folder, all of them or none."""
    result = a.result
    files = {
        "answer.json": _json(to_json(a)),
        "answer.txt": screen(a),
        "effects.csv": _csv(Row._fields, (_cells(row) for row in result.table())),
        "trade.csv": _csv(TradeRow._fields, (_cells(row) for row in result.trade_table())),
        "decomposition.csv": _csv(
            ("region", "part", "value"),
            ((d["region"], d["part"], d["value"]) for d in _decomposition(a)),
        ),
    }
    if a.both is not None:
        files["links.csv"] = _csv(Link._fields, a.both.shock.links)
        rows = both_json(a)
        columns = tuple(rows[0]) if rows else ("what",)
        files["both_engines.csv"] = _csv(columns, (tuple(r.values()) for r in rows))
    manifest: dict[str, object] = {
        "program": "accord",
        "version": __version__,
        "command": list(command),
        "table": a.table.name,
        "model": a.model,
        "files": [
            {"name": name, "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for name, text in files.items()
        ],
    }
    with staged(out) as folder:
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8", newline="\n")
        (folder / MANIFEST).write_text(_json(manifest), "utf-8", newline="\n")


def to_json(a: EconomyAnswer) -> dict[str, object]:
    """Return the answer as plain values: no NaN, ``null`` where there is none."""
    c, result = a.result.certificate, a.result
    return {
        "title": a.title,
        "model": a.model,
        "version": __version__,
        "table": {
            "name": a.table.name, "title": a.table.title, "year": a.table.year,
            "unit": a.table.unit, "regions": list(a.table.regions),
            "sectors": list(a.table.sectors),
            "sources": [asdict(source) for source in a.table.sources],
        },
        "headline": headline(a),
        "certificate": {
            "ok": c.ok, "market_clearing": c.market_clearing, "budget": c.budget,
            "numeraire": c.numeraire, "tolerance": c.tolerance, "steps": c.steps,
            "seconds": c.seconds,
        },
        "duties": [d._asdict() for d in a.duties],
        "links": [] if a.both is None else [x._asdict() for x in a.both.shock.links],
        "both_engines": both_json(a),
        "effects": [_plain(row._asdict()) for row in result.table()],
        "gains": [
            {"region": region, "value": float(a.gain[n]) * a.usd, "unit": "USD/yr"}
            for n, region in enumerate(result.regions)
        ],
        "decomposition": _decomposition(a),
        "notes": list(a.notes),
        "assumptions": list(a.table.assumptions),
        "not_modelled": [x._asdict() for x in a.not_modelled],
    }  # fmt: skip


def both_json(a: EconomyAnswer) -> list[dict[str, object]]:
    """Return what both engines say as plain values."""
    sides = () if a.both is None else a.both.sides
    return [
        {
            "what": s.what, "region": s.region, "market_of": s.market_of, "market": s.market,
            "economy_of": s.economy_of, "economy": s.economy, "unit": s.unit, "agree": s.agree,
        }
        for s in sides
    ]  # fmt: skip


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}


def _decomposition(a: EconomyAnswer) -> list[dict[str, object]]:
    return [
        {"region": region, "part": name, "value": float(values[n])}
        for name, values in a.result.decomposition.items()
        for n, region in enumerate(a.result.regions)
    ]


def _cells(row: Sequence[object]) -> list[object]:
    return ["" if isinstance(x, float) and not math.isfinite(x) else x for x in row]


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return file.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
