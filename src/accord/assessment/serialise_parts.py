"""Parts of an answer as JSON: their rows, tables, checks, and offers side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from accord.assessment.assessment import Answer
from accord.assessment.offers import offers
from accord.assessment.part import Part, PartTable, Summary
from accord.effects import Row

JsonObject = dict[str, Any]


def offers_to_json(a: Answer) -> JsonObject:
    """Return the offers side by side; nothing where there is but one."""
    found = offers(a)
    if found is None:
        return {}
    lines = [_summary(x) for x in found.lines]
    return {"offers_side_by_side": {"offers": lines, "note": found.note}}


def _summary(x: Summary) -> JsonObject:
    return {
        "name": x.name,
        "quantities": [asdict(amount) for amount in x.quantities],
        "money": [asdict(amount) for amount in x.money],
        "money_is": x.money_is[0] if x.money else None,
        "year": x.year,
        "when": x.when,
        "needs": list(x.needs),
    }


def part_to_json(part: Part) -> JsonObject:
    """Return a part of an answer; its rows stand among the effects too."""
    return {
        "id": part.id,
        "title": part.title,
        "headline": part.headline,
        "because": list(part.because),
        "rows": part_rows(part),
        "tables": [_table(table) for table in part.tables],
        "checks": [
            {"name": x.name, "value": x.value, "tolerance": x.tolerance, "ok": x.ok}
            for x in part.checks
        ],
        "assumptions": [asdict(x) for x in part.assumptions],
        "not_modelled": [asdict(x) for x in part.not_modelled],
        "sources": [asdict(x) for x in part.sources],
    }


def part_rows(part: Part) -> list[JsonObject]:
    """Return a part's effects, each with what its range is, or why it has none."""
    return [row_to_json(row) | {"range_note": part.range_note(row)} for row in part.rows]


def _table(table: PartTable) -> JsonObject:
    return {
        "name": table.name,
        "title": table.title,
        "columns": [asdict(column) for column in table.columns],
        "rows": [list(row) for row in table.rows],
        "notes": list(table.notes),
    }


def row_to_json(row: Row) -> JsonObject:
    """Return one effect as a JSON object; absent values are null."""
    return {
        "measure": row.measure,
        "region": row.region,
        "good": row.good,
        "year": row.year,
        "before": row.before,
        "after": row.after,
        "change": row.change,
        "change_pct": row.change_pct,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "change_low": row.change_low,
        "change_high": row.change_high,
    }
