"""An economy-wide answer for programs: one JSON object, and a folder of tables."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path

from accord import __version__
from accord.assessment.economy_answer import EconomyAnswer
from accord.assessment.economy_gains import GainsAnswer
from accord.assessment.economy_gravity import GravityAnswer
from accord.assessment.economy_link import LinkAnswer
from accord.economy.from_deal import Link
from accord.economy.known import statuses
from accord.economy.optimal import TariffChoice
from accord.economy.result import Row, TradeRow
from accord.report.economy import headline, page, pairs_said, screen
from accord.report.economy_best import best_json, best_rows
from accord.report.economy_choice import choice_json
from accord.report.economy_gains import (
    GAINS,
    cost_rows,
    gains_blocks,
    gains_json,
    gains_rows,
    gains_text,
)
from accord.report.economy_gravity import blocks as gravity_blocks
from accord.report.economy_gravity import gravity_json, gravity_text, region_rows
from accord.report.economy_gravity import headline as gravity_headline
from accord.report.economy_gravity import setting as gravity_setting
from accord.report.economy_gravity import title as gravity_title
from accord.report.economy_link import (
    link_json,
    link_page,
    link_text,
    market_rows,
    shift_rows,
)
from accord.report.folder import MANIFEST, staged
from accord.report.layout import WIDTH
from accord.report.page import article


def write_economy(a: EconomyAnswer, out: Path, command: Sequence[str]) -> None:
    """Write every table, the answer and a manifest into a folder, all of them or none."""
    result = a.result
    files = {
        "answer.json": _json(to_json(a)),
        "answer.html": page(a),
        "answer.txt": screen(a),
        "effects.csv": _csv(Row._fields, (_cells(row) for row in result.table())),
        "trade.csv": _csv(
            (*TradeRow._fields, "status"),
            (
                (*_cells(row), a.table.pair_status(row.sector, row.exporter, row.importer))
                for row in result.trade_table()
            ),
        ),
        "decomposition.csv": _records(_decomposition(a)),
    }
    if a.both is not None:
        files["links.csv"] = _csv(Link._fields, a.both.shock.links)
        files["both_engines.csv"] = _records(both_json(a))
    if a.choice is not None:
        files["best_duties.csv"] = _best(a.choice)
    if a.best is not None:
        files["uniform_duties.csv"] = _records(list(best_rows(a.best)))
    _written(out, files, command, {"table": a.table.name, "model": a.model})


def write_gains(a: GainsAnswer, region: str | None, out: Path, command: Sequence[str]) -> None:
    """Write gains from trade, and a region's costs of trade, into a folder, whole or not at all."""
    files = {
        "answer.json": _json(gains_json(a, region)),
        "answer.txt": gains_text(a, region, width=WIDTH, colour=False),
        "answer.html": article(GAINS, (*pairs_said(a.table), *a.notes), gains_blocks(a, region)),
        "gains.csv": _records(gains_rows(a)),
    }
    if region is not None:
        files["trade_costs.csv"] = _records(cost_rows(a, a.place(region)))
    _written(out, files, command, {"table": a.table.name})


def write_link(a: LinkAnswer, out: Path, command: Sequence[str]) -> None:
    """Write a market with the economy's answer in it into a folder, whole or not at all."""
    table = a.wide.table
    files = {
        "answer.json": _json(link_json(a)),
        "answer.txt": link_text(a, width=WIDTH, colour=False),
        "answer.html": link_page(a),
        "market.csv": _records(market_rows(a)),
        "shifts.csv": _records(shift_rows(a)),
    }
    _written(out, files, command, {"table": table.name, "model": a.wide.model})


def write_gravity(a: GravityAnswer, out: Path, command: Sequence[str]) -> None:
    """Write a gravity equation and what follows into a folder, whole or not at all."""
    rows = [r._asdict() for r in a.estimates.table()]
    said = [gravity_setting(a), *([gravity_headline(a)] if a.full is not None else [])]
    files = {
        "answer.json": _json(gravity_json(a)),
        "answer.txt": gravity_text(a, width=WIDTH, colour=False),
        "answer.html": article(gravity_title(a), said, gravity_blocks(a)),
        "coefficients.csv": _records(iter(rows)),
    }
    if a.full is not None:
        files["regions.csv"] = _records(region_rows(a))
        trade = a.full.trade_table()
        files["trade.csv"] = _csv(TradeRow._fields, (_cells(row) for row in trade))
    _written(out, files, command, {"file": a.wish.file.name})


def _written(
    out: Path, files: Mapping[str, str], command: Sequence[str], about: Mapping[str, str]
) -> None:
    manifest: dict[str, object] = {
        "program": "accord",
        "version": __version__,
        "command": list(command),
        **about,
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
            "unit": a.table.unit, "pairs": a.table.pairs, "statuses": statuses(a.table),
            "regions": list(a.table.regions),
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
        "choice": choice_json(a.choice),
        "best": best_json(a.best),
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


def _best(choice: TariffChoice) -> str:
    """Return players' duties and the conditions they meet; empty where a player is the group."""
    rows = (
        (player, group, *_cells((float(choice.rates[p, k]), float(choice.conditions[p, k]))))
        for p, player in enumerate(choice.players)
        for k, group in enumerate(choice.groups)
    )
    return _csv(("player", "group", "rate", "condition"), rows)


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


def _records(rows: Iterable[Mapping[str, object]]) -> str:
    kept = list(rows)
    columns = tuple(kept[0]) if kept else ("region",)
    return _csv(columns, (_cells(tuple(row.values())) for row in kept))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return file.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
