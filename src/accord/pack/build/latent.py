"""What lanes that are closed today would carry: their open years, carried by factors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from accord.pack.build import aluminium_2017, facts, mirror, tables
from accord.pack.build.aluminium_2024 import Carried
from accord.pack.build.books import Books
from accord.pack.build.inputs import Inputs
from accord.pack.build.law import Ground, closed
from accord.pack.build.mirror import LaneName, Mirror
from accord.pack.build.tables import Row, number

TRADE = "trade_by_region_2010_2017.csv"
YEARS = tuple(str(year) for year in range(2010, 2018))
SHARES = "history/open_lane_shares.csv"


def rows(ground: Ground, first: Books, carried: Carried, day: date) -> list[tuple[str, ...]]:
    """Return latent flows at benchmark prices without policy wedges, kt.

    For each lane that the law of ``day`` forbids and that carried something in 2017: its share of
    the destination's imports in 2010-2017 (least, pooled, most), applied to what others sent in
    2017, times the exporter and importer factors of the carry.
    """
    folder, inputs = ground.folder, ground.inputs
    market = ground.law.on(day, dict.fromkeys(first.flows, 0.0))
    least = inputs.rule()["drop_below"]
    found: list[tuple[str, ...]] = []
    for lane in sorted(closed(market)):
        if first.flows.get(lane, 0.0) < least:
            continue
        others = first.imports(lane[0], lane[2]) - first.flows[lane]
        drift = carried.drift(lane)
        low, central, high = distribution(open_shares(folder, inputs, lane))
        flows = [s / (1.0 - s) * others * drift for s in (low, central, high)]
        note = (
            f"shares of {lane[2]} imports 2010-2017: least {low:.4f}; pooled {central:.4f}; "
            f"most {high:.4f}; exporter × importer factor {drift:.4f}"
        )
        values = [number(x, 3) for x in flows]
        found.append((*lane, *values, "kt", str(day.year), "comtrade; carried", "derived", note))
    return found


def open_shares(folder: Path, inputs: Inputs, lane: LaneName) -> list[tuple[float, float]]:
    """Return (flow, imports in all) of a lane by year while it was open, kt."""
    path = folder / TRADE
    if not path.is_file():
        return _shipped(inputs, lane)
    table = tables.read(path)
    return [_flow_and_total(aluminium_2017.mirrors_of(table, year), inputs, lane) for year in YEARS]


def _shipped(inputs: Inputs, lane: LaneName) -> list[tuple[float, float]]:
    """Return the shares the pack holds already, for those who rebuild without the trade table."""
    return [
        (float(row["flow"]), float(row["imports"]))
        for row in tables.read(inputs.folder.parent / SHARES)
        if (row["good"], row["origin"], row["destination"]) == lane
    ]


def _flow_and_total(mirrors: list[Mirror], inputs: Inputs, lane: LaneName) -> tuple[float, float]:
    good, _, destination = lane
    flows = {
        m.lane: mirror.combine(m, aluminium_2017.mirror_rule(m, inputs)).value
        for m in mirrors
        if m.good == good and m.destination == destination != m.origin
    }
    return flows.get(lane, 0.0), sum(flows.values())


def distribution(years: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the least, the pooled and the largest yearly share."""
    shares = [flow / total for flow, total in years]
    pooled = sum(flow for flow, _ in years) / sum(total for _, total in years)
    return min(shares), pooled, max(shares)


def share_rows(folder: Path, inputs: Inputs, lanes: list[LaneName]) -> list[tuple[str, ...]]:
    """Return the yearly shares of lanes, for the history table."""
    found: list[tuple[str, ...]] = []
    for lane in lanes:
        years = open_shares(folder, inputs, lane)
        for year, (flow, total) in zip(YEARS, years, strict=True):
            share = number(flow / total, 5)
            found.append(
                (*lane, year, number(flow, 3), number(total, 3), "kt", share, "comtrade", "derived")
            )
    return found


def later_us_rows(folder: Path) -> list[Row]:
    """Return Russia's share of US imports in years after the trade table, as the press had it."""
    return [
        row
        for row in facts.read(folder, "russia_share_of_us_imports.csv")
        if row["year"] > YEARS[-1] and row["share"]
    ]
