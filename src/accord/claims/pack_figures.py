"""Figures that packs have: what was observed, shares of imports, mine output, budgets."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from accord.claims.figures import Figure, Figures
from accord.claims.sizes import UNITS, in_base
from accord.deal import Deal
from accord.pack import Pack
from accord.pack.load import SHIPPED

# The base rate that readings ask for: from how much, within how many years, by how much.
HALVING = {"horizon": "5", "minimum": "10", "cut": "0.5"}


def figures_of(deal: Deal, pack: Pack | None, facts: Iterable[Figure]) -> Figures:
    """Return all figures: a pack's own take the place of a deal's of the same thing and year."""
    titles = {s.id: f"{s.publisher}, {s.title}" for s in deal.sources}
    rows: list[Figure] = []
    for name in deal.packs:
        if pack is not None and name in {pack.name, str(pack.folder)}:
            rows += pack_figures(pack, SHIPPED / name)
            titles |= {s.id: f"{s.publisher}, {s.title}" for s in pack.sources}
        else:
            rows += other_figures(SHIPPED / name)
            titles |= _titles(SHIPPED / name / "pack.toml")
    known = {(f.quantity, f.region, f.year, f.edition) for f in rows}
    rows += [f for f in facts if (f.quantity, f.region, f.year, f.edition) not in known]
    regions = {} if pack is None else {r.code: r.name for r in pack.regions}
    return Figures(tuple(rows), titles, regions)


def other_figures(folder: Path) -> Iterator[Figure]:
    """Yield what a pack knows that is not the market's: mine output, spending, base rates."""
    yield from _mine_output(folder / "chain" / "observed.csv")
    yield from _spending(folder / "cited.csv")
    yield from _halvings(folder / "base_rates.csv")


def _titles(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    sources = tomllib.loads(file.read_text("utf-8")).get("source", [])
    return {s["id"]: f"{s['publisher']}, {s['title']}" for s in sources}


def _mine_output(path: Path) -> Iterator[Figure]:
    for row in _rows(path):
        if row["quantity"] == "mine_output":
            unit = f"{row['unit']}/yr"
            yield Figure("mine_output", row["region"], "rare_earths", int(row["year"]),
                         in_base(float(row["value"]), unit), UNITS[unit][0], "USGS 2026",
                         row["source"], row["status"])  # fmt: skip


def _spending(path: Path) -> Iterator[Figure]:
    for row in _rows(path):
        if (row["definition"], row["unit"]) == ("sipri", "bn USD"):
            yield Figure("military_spending", row["region"], "", int(row["year"]),
                         in_base(float(row["value"]), "bn USD/yr"), "USD/yr",
                         "SIPRI, current USD", row["source"], row["status"])  # fmt: skip


def _halvings(path: Path) -> Iterator[Figure]:
    edition = "within five years, from over 10 bn USD of 2023"
    for row in _rows(path):
        if all(row[name] == value for name, value in HALVING.items()):
            for quantity, count in (("halvings", "cuts"), ("halving_observations", "observed")):
                yield Figure(quantity, "WORLD", "", int(row["last"]), float(row[count]),
                             "country-years", edition, row["source"], row["status"])  # fmt: skip


def pack_figures(pack: Pack, folder: Path) -> Iterator[Figure]:
    """Yield what a market pack knows of the world: what was observed, and shares of US imports."""
    good = pack.hubs[0].good if pack.hubs else pack.goods[-1].code
    shares = [
        *_open_lanes(folder / "history" / "open_lane_shares.csv"),
        *_later_shares(folder / "history" / "russia_share_of_us_imports.csv", good),
    ]
    yield from other_figures(folder)
    yield from shares
    yield from _observed(pack, good, {(share.region, share.year) for share in shares})


def _observed(pack: Pack, good: str, known: Collection[tuple[str, int]]) -> Iterator[Figure]:
    """Yield tonnes made and traded; shares of US imports, not known yet, from those tonnes."""
    imports: dict[int, float] = {}
    for o in pack.observations:
        unit = o.unit if o.unit in UNITS else f"{o.unit}/yr"
        if unit not in UNITS:
            continue
        kind = "output" if o.quantity.endswith("_output") else o.quantity
        value, base = in_base(o.value, unit), UNITS[unit][0]
        yield Figure(kind, o.region, good, o.year, value, base, "", o.source, o.status, o.partner)
        if (kind, o.region, o.partner) == ("imports", "USA", ""):
            imports[o.year] = value
    for o in pack.observations:
        if (o.partner, o.year) in known or not o.partner or o.year not in imports:
            continue
        if (o.quantity, o.region) == ("imports", "USA"):
            unit = o.unit if o.unit in UNITS else f"{o.unit}/yr"
            share = in_base(o.value, unit) / imports[o.year]
            yield Figure("us_import_share", o.partner, good, o.year, share, "fraction",
                         "tonnes seen over all tonnes seen", o.source, "derived")  # fmt: skip


def _open_lanes(path: Path) -> Iterator[Figure]:
    for row in _rows(path):
        if row["destination"] == "USA":
            yield Figure("us_import_share", row["origin"], row["good"], int(row["year"]),
                         float(row["share"]), "fraction", "unwrought, by weight", row["source"],
                         row["status"])  # fmt: skip


def _later_shares(path: Path, good: str) -> Iterator[Figure]:
    for row in _rows(path):
        yield Figure("us_import_share", "RUS", good, int(row["year"]), float(row["share"]),
                     "fraction", row["basis"], row["source"], row["status"])  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
