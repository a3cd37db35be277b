"""What a data pack holds and how far it can be trusted; and its rebuilding from sources."""

from __future__ import annotations

import math
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rich.text import Text

from accord import pack as packs
from accord.assessment.baseline import BaselineObject
from accord.assessment.pack_report import PackShown, pack_report
from accord.backcast.fit_tables import refit
from accord.errors import Fault, InputError
from accord.pack import Adjustment, BalanceRow, Measure, PackReport, Prior
from accord.pack.budgets import BudgetPack
from accord.pack.build import SHIPPED, build
from accord.pack.read_budgets import load_budgets
from accord.report import budget_packs, opening
from accord.report.block import Block, Line, more
from accord.report.folder import staged
from accord.report.layout import HEADING, QUIET, Lines, prose, render, table
from accord.report.numbers import TONNES, Unit, amount, column, digits_for, percent, unit_for
from accord.report.pack_makers import maker_blocks
from accord.report.trust import error_of

MOST = 10


# ----------------------------------------------------------------------------------- all packs


def pack_list() -> list[dict[str, Any]]:
    """Return every pack that ships: name, version, title, goods, regions, years."""
    return [_listed_by_kind(name) for name in packs.shipped()]


def _listed_by_kind(name: str) -> dict[str, Any]:
    if packs.kind_of(name) == "budget":
        return budget_packs.listed(load_budgets(name))
    return _listed(packs.load(name))


def _listed(pack: packs.Pack) -> dict[str, Any]:
    return {
        "name": pack.name,
        "kind": "market",
        "version": pack.version,
        "title": pack.title,
        "goods": [good.code for good in pack.goods],
        "regions": len(pack.regions),
        "years": list(pack.years),
        "price_year": pack.price_year,
        "digest": pack.digest,
    }


def pack_list_text(rows: Sequence[dict[str, Any]], *, width: int, colour: bool) -> str:
    """Return the list of packs as text."""
    parts: Lines = []
    for row in rows:
        years = ", ".join(str(year) for year in row["years"])
        parts += [
            *prose(f"{row['name']} {row['version']}: {row['title']}", width, "bold"),
            *prose(f"  {_covers(row)}; years {years}{_prices(row)}", width, indent="  "),
        ]
    return render(parts, colour=colour)


def _covers(row: dict[str, Any]) -> str:
    goods = "; " + ", ".join(row["goods"]) if row["goods"] else ""
    return f"{row['regions']} {'regions' if row['kind'] == 'market' else 'countries'}{goods}"


def _prices(row: dict[str, Any]) -> str:
    return "" if row["price_year"] is None else f"; prices of {row['price_year']}"


# ------------------------------------------------------------------------------------- one pack


def pack_view(name: str, as_of: date | None) -> PackShown | BudgetPack:
    """Return what there is to say about a pack, under the law of a day if it has any."""
    if packs.kind_of(name) == "budget":
        return load_budgets(name)
    return pack_report(name, as_of=as_of)


def pack_text(view: PackShown | BudgetPack, *, width: int, colour: bool) -> str:
    """Return a pack's report as text; long tables are cut, ``--json`` has them in full."""
    if isinstance(view, BudgetPack):
        return budget_packs.text(view, width=width, colour=colour)
    report = view.report
    blocks = (
        *_balances(report),
        *maker_blocks(report, MOST),
        _adjustments("How the reports of trade were reconciled", report.flow_changes),
        _adjustments("What calibration and carrying forward changed", report.adjustments),
        *(_baseline(x) for x in view.baselines),
        _law(report),
        _priors(report.priors),
    )
    parts: Lines = [
        *prose(f"{report.title} ({report.name} {report.version})", width, HEADING),
        *prose(_setting(report), width, QUIET),
    ]
    for block in blocks:
        if block is not None:
            parts += [Text(), *table(block, width, notes=True)]
    assumed = [f"{x.says} (matters for {x.matters_for})" for x in report.assumptions]
    parts += _list("What is assumed", assumed, width)
    missing = [f"{x.what}: {x.why}" for x in report.not_modelled]
    parts += _list("What is not modelled", missing, width)
    sources = [f"{x.id}: {x.title}, {x.publisher}" for x in report.sources]
    parts += _list("Sources", sources, width)
    return render(parts, colour=colour)


def _setting(report: PackReport) -> str:
    return (
        f"Levels of {report.year} from the benchmark of {report.benchmark_year}; law of "
        f"{opening.day(report.law_date)}; prices in USD of {report.price_year}; "
        f"SHA-256 {report.digest}."
    )


def _list(heading: str, items: Sequence[str], width: int) -> Lines:
    if not items:
        return []
    lines = [line for item in items for line in prose(f"· {item}", width, indent="  ")]
    return [Text(), Text(f"{heading} ({len(items)})", HEADING), *lines]


def _balances(report: PackReport) -> list[Block]:
    by_good: defaultdict[str, list[BalanceRow]] = defaultdict(list)
    for row in report.balances:
        by_good[row.good].append(row)
    return [_balance(good, rows, report.benchmark_year) for good, rows in by_good.items()]


def _balance(good: str, rows: list[BalanceRow], year: int) -> Block:
    rows = sorted(rows, key=lambda r: -max(r.output, r.input_use + r.final_use))
    shown, rest = rows[:MOST], rows[MOST:]
    listed = [(row.region, [row]) for row in shown]
    if rest:
        listed.append((more(len(rest), "more with --json"), rest))
    listed.append(("WORLD", rows))
    fields = ("output", "imports", "exports", "home", "input_use", "final_use")
    unit = unit_for((row.output for row in rows), TONNES[1:])
    lines = tuple(_balance_line(name, some, fields, unit) for name, some in listed)
    titles = ("", "made", "imported", "exported", "kept home", "inputs", "final use")
    return Block(f"Balance of {good}, {year}, {unit.name}", titles, lines)


def _balance_line(name: str, rows: Iterable[BalanceRow], fields: Sequence[str], unit: Unit) -> Line:
    rows = list(rows)
    sums = [sum(float(getattr(row, field)) for row in rows) for field in fields]
    return Line(
        (name, *(amount(v, unit, 0) for v in sums)), "total" if name == "WORLD" else "plain"
    )


def _adjustments(heading: str, rows: Sequence[Adjustment]) -> Block | None:
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: -_size(row))
    lines = [_adjustment_line(row) for row in ordered[:MOST]]
    if len(rows) > MOST:
        rest = more(len(rows) - MOST, "more with --json")
        lines.append(Line((rest, "", "", "", ""), "rest"))
    columns = ("", "unit", "before", "after", "why")
    return Block(f"{heading} ({len(rows)})", columns, tuple(lines), words=("unit", "why"))


def _size(row: Adjustment) -> float:
    """Return how much was changed, for ordering: tonnes count as tonnes, other units by part."""
    before = row.before or 0.0
    change = abs(row.after - before)
    return change if row.unit.startswith("t") else change / max(abs(before), abs(row.after), 1.0)


def _adjustment_line(row: Adjustment) -> Line:
    units = TONNES[1:] if row.unit in ("t", "t/yr") else (Unit(row.unit, 1.0),)
    values = (row.before, row.after)
    unit = unit_for(values, units)
    return Line((f"{row.what} {row.subject}", unit.name, *column(values, unit), row.why))


def _law(report: PackReport) -> Block | None:
    lines = tuple(Line((m.title or m.id, m.id, str(m.term.starts or ""))) for m in report.law)
    titles = ("name", "since")
    heading = f"The law in force on {opening.day(report.law_date)} ({len(lines)} measures)"
    return Block(heading, ("", *titles), lines, words=titles) if lines else None


def _priors(rows: Sequence[Prior]) -> Block | None:
    lines = tuple(
        Line((_prior_name(x), f"{x.median:g}", f"{x.low:g} … {x.high:g}", x.status, x.source))
        for x in rows
    )
    columns = ("", "median", "10 … 90 %", "status", "source")
    heading = f"Uncertain parameters ({len(lines)})"
    return Block(heading, columns, lines, words=("status", "source")) if lines else None


def _prior_name(x: Prior) -> str:
    return " ".join([x.key.parameter, *(part for part in x.key[1:] if part != "*")])


def _baseline(shown: BaselineObject) -> Block:
    lines = tuple(
        Line(
            (
                f"{row.quantity.replace('_', ' ')} {row.region}",
                *_observed(row.observed, row.model, row.unit),
                percent(error_of(row), signed=True),
                "fitted" if row.fitted else "no",
            )
        )
        for row in shown.rows
    )
    notes = (f"{shown.says[0].upper()}{shown.says[1:]}.",)
    if shown.failure:
        notes = (*notes, f"No answer: {shown.failure}.")
    columns = ("", "unit", "observed", "model", "error", "used")
    heading = f"Model against the world: {shown.label}"
    return Block(heading, columns, lines, notes, words=("unit", "used"))


def _observed(observed: float, model: float | None, unit: str) -> tuple[str, str, str]:
    units = TONNES[1:] if unit == "t/yr" else (Unit(unit, 1.0),)
    chosen = unit_for((observed, model), units)
    digits = digits_for((observed, model), chosen)
    return chosen.name, amount(observed, chosen, digits), amount(model, chosen, digits)


def pack_json(view: PackShown | BudgetPack) -> dict[str, Any]:
    """Return the object that ``pack show --json`` prints."""
    if isinstance(view, BudgetPack):
        return budget_packs.as_json(view)
    report = view.report
    return {
        "name": report.name,
        "title": report.title,
        "version": report.version,
        "digest": report.digest,
        "price_year": report.price_year,
        "year": report.year,
        "benchmark_year": report.benchmark_year,
        "law_date": report.law_date.isoformat(),
        "balances": [asdict(row) for row in report.balances],
        "makers": [asdict(row) for row in report.makers],
        "users": [asdict(row) for row in report.users],
        "flow_changes": [asdict(row) for row in report.flow_changes],
        "adjustments": [asdict(row) for row in report.adjustments],
        "law": [_measure(m) for m in report.law],
        "priors": [_prior(row) for row in report.priors],
        "baselines": [asdict(x) for x in view.baselines],
        "assumptions": [x.model_dump() for x in report.assumptions],
        "not_modelled": [x.model_dump() for x in report.not_modelled],
        "sources": [x.model_dump() for x in report.sources],
    }


def _measure(m: Measure) -> dict[str, Any]:
    term = m.term
    return {
        "id": m.id,
        "title": m.title,
        "kind": term.kind,
        "from": None if term.starts is None else term.starts.isoformat(),
        "until": None if term.until is None else term.until.isoformat(),
        "source": list(term.source),
        "status": term.status,
    }


def _prior(row: Prior) -> dict[str, Any]:
    parameter, good, region = row.key
    plain = asdict(row)
    for name in ("key", "line"):
        plain.pop(name)
    # No bound stated is no number, and JSON has no infinity.
    plain |= {x: None for x in ("least", "most") if math.isinf(plain[x])}
    return {"parameter": parameter, "good": good, "region": region} | plain


# ----------------------------------------------------------------------------------- rebuilding


def rebuild(name: str, sources: Path, out: Path | None) -> str:
    """Rebuild a shipped pack from ``sources`` into ``out``, or in its place; say what changed.

    The folder changes only if the whole rebuilding succeeds. Raises as ``accord.pack.build``, and
    ``InputError`` where ``out`` holds anything but an earlier copy of the pack.
    """
    home = _folder_of(name)
    target = home if out is None else out
    if out is not None:
        _refuse_other(out, name)
    with staged(target) as folder:
        shutil.copytree(home, folder, dirs_exist_ok=True)
        build(name, sources, folder)
        refit(folder)
        changed = _changed(home, folder)
    files = "byte for byte as it ships" if not changed else f"changed: {', '.join(changed)}"
    return f"{name} rebuilt in {target}, {files}.\n"


def _refuse_other(out: Path, name: str) -> None:
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if out.is_dir() and (out / "pack.toml").is_file() and _name_of(out) == name:
        return
    allowed = "a new or empty folder, or one that holds this pack"
    fault = Fault("command line", str(out), allowed, "name another folder", field="out")
    raise InputError([fault])


def _folder_of(name: str) -> Path:
    # Tables that are rebuilt need not be sound, so the pack is not read for its folder.
    if packs.kind_of(name) != "market":
        return SHIPPED / name
    return packs.load(name).folder


def _name_of(folder: Path) -> str:
    if packs.kind_of(str(folder)) == "budget":
        return load_budgets(folder).name
    return packs.load(folder).name


def _changed(old: Path, new: Path) -> list[str]:
    """Return the files that differ between two folders."""
    names = {p.relative_to(root).as_posix() for root in (old, new) for p in root.rglob("*.*")
             if p.is_file()}  # fmt: skip
    return sorted(name for name in names if _bytes(old / name) != _bytes(new / name))


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
