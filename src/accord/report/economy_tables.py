"""World tables for people and programs: which there are, how one was built, what can be fetched."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.text import Text

from accord import __version__
from accord.economy.data.build import FORMS, RECIPES, Built, Wish
from accord.economy.data.catalogue import catalogue
from accord.economy.data.load import load_table, shipped_tables
from accord.economy.data.write_plain import write_plain
from accord.economy.known import statuses
from accord.economy.world import WorldTable
from accord.report.block import Block, Line
from accord.report.economy import known_said
from accord.report.folder import MANIFEST, staged
from accord.report.layout import HEADING, QUIET, Lines, itemised, prose, render, table
from accord.report.numbers import percent, small

SHOWN = 30
LINES = 6


def write_table(built: Built, out: Path, wish: Wish) -> None:
    """Write a table as a folder of plain CSV with a manifest, all of it or nothing."""
    with staged(out) as folder:
        write_plain(built.table, folder)
        files = [
            {"name": p.name, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
            for p in sorted(folder.iterdir())
        ]
        manifest = {
            "program": "accord",
            "version": __version__,
            "command": _command(wish, out),
            "files": files,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        (folder / MANIFEST).write_text(text, "utf-8", newline="\n")


def _command(wish: Wish, out: Path) -> list[str]:
    options = {"year": wish.year, "mapping": wish.mapping, "theta": wish.theta, "home": wish.home}
    given = [x for k, v in options.items() if v is not None for x in (f"--{k}", str(v))]
    repair = ["--repair"] if wish.repair else []
    head = ["accord", "economy", "build", wish.what, "--sources", str(wish.sources)]
    return [*head, "--out", out.name, *given, *repair]


def worst_balance(world: WorldTable) -> float:
    """Return the largest amount by which an identity is off, over the larger side."""
    return max(
        abs(r.amount) / max(abs(r.left), abs(r.right), np.finfo(float).tiny)
        for r in world.residuals()
    )


def built_text(built: Built, *, width: int, colour: bool) -> str:
    """Return what the table is, its balances, its largest regions, and all that was done to it."""
    t = built.table
    lines = prose(repr(t), width, HEADING)
    lines += prose(f"Both identities hold to {small(worst_balance(t))} of each side.", width)
    lines += [Text(), *table(_regions(t), width, notes=True), Text()]
    lists = (
        ("Mended", [f"{a.what}: {a.region} {a.sector} {a.amount:,.6g}" for a in built.adjustments]),
        ("Numbers", known_said(t)),
        ("Assumed", list(t.assumptions)),
        ("Not modelled", [f"{what} ({why})" for what, why in t.not_modelled]),
        ("Data", [f"{s.title} ({s.licence}; {s.status})" for s in t.sources]),
    )
    return render([*lines, *_lists(lists, width)], colour=colour)


def _lists(lists: tuple[tuple[str, list[str]], ...], width: int) -> Lines:
    lines: Lines = []
    for name, items in lists:
        if items:
            lines += prose(itemised(name, items, width * LINES), width, indent="  ")
    return lines


def _regions(t: WorldTable) -> Block:
    income = t.value_added.sum(axis=1)
    order = [int(n) for n in np.argsort(-income)][:SHOWN]
    lines = [
        Line((
            t.region_names.get(t.regions[n], t.regions[n]),
            f"{income[n]:,.0f}",
            percent(100.0 * float(t.exports[n] / income[n])),
            percent(100.0 * float(t.imports[n] / income[n])),
            percent(100.0 * float(t.deficit[n] / income[n]), signed=True),
        ))
        for n in order
    ]  # fmt: skip
    columns = ("", f"value added,\n{t.unit}", "exports\nof it", "imports\nof it", "deficit\nof it")
    return Block("Regions", columns, tuple(lines))


def built_json(built: Built) -> dict[str, object]:
    """Return the same as plain values."""
    t = built.table
    return {
        "table": t.name,
        "title": t.title,
        "year": t.year,
        "unit": t.unit,
        "regions": list(t.regions),
        "sectors": list(t.sectors),
        "balance": worst_balance(t),
        "statuses": statuses(t),
        "value_added": dict(zip(t.regions, t.value_added.sum(axis=1).tolist(), strict=True)),
        "deficit": dict(zip(t.regions, t.deficit.tolist(), strict=True)),
        "adjustments": [asdict(a) for a in built.adjustments],
        "assumptions": list(t.assumptions),
    }


def tables_json() -> dict[str, object]:
    """Return the tables that ship, the recipes and the forms."""
    shipped = [load_table(name) for name in shipped_tables()]
    rows = [
        {"name": t.name, "title": t.title, "year": t.year, "regions": len(t.regions),
         "sectors": len(t.sectors), "statuses": statuses(t)}
        for t in shipped
    ]  # fmt: skip
    return {"tables": rows, "recipes": list(RECIPES), "forms": list(FORMS)}


def tables_text(*, width: int, colour: bool) -> str:
    """Return the same as text."""
    lines: Lines = []
    for name in shipped_tables():
        t = load_table(name)
        size = f"{len(t.regions)} regions, {len(t.sectors)} sectors, {t.year}"
        lines += prose(f"{name}: {t.title} ({size})", width, HEADING, indent="  ")
        lines += prose(f"  Numbers: {'; '.join(known_said(t))}.", width, QUIET, indent="  ")
    lines += prose(f"Recipes for `accord economy build`: {', '.join(RECIPES)}.", width)
    lines += prose(f"Forms of files it reads: {', '.join(FORMS)}.", width)
    return render(lines, colour=colour)


def catalogue_json() -> dict[str, object]:
    """Return every data set that can be fetched."""
    return {"data": [asdict(entry) for entry in catalogue()]}


def catalogue_text(*, width: int, colour: bool) -> str:
    """Return the same as text."""
    lines: Lines = []
    for entry in catalogue():
        lines += prose(f"{entry.name}: {entry.title}", width, HEADING)
        size = "size not known" if entry.size is None else f"{entry.size / 1e6:,.0f} MB"
        check = "no checksum known" if entry.sha256 is None else f"SHA-256 {entry.sha256}"
        lines += prose(f"  {size}; {entry.licence}; {check}", width, indent="  ")
        lines += [Text(f"  {entry.url}", QUIET)]
        lines += prose(f"  {entry.citation}", width, indent="  ")
    return render(lines, colour=colour)
