"""Builds the world table that ships: sizes and exports as published, all structure assumed.

From the World Development Indicators (CC BY 4.0): GDP, exports of goods and services, exports of
goods. What they do not tell is in ``open_world.csv``, every number of it with its source and
status; who trades with whom follows from size and nearness (``nearness``), never from observation.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from accord.economy.data.nearness import nearness
from accord.economy.origins import JOINT, Origin, Origins, status_named
from accord.economy.world import REST, Array, Source, WorldTable, index_of
from accord.errors import Fault, NoCertifiedAnswer, SourcesAbsent

NAME, YEAR = "open-2022", 2022
FIGURES = Path("macro", "macro_wdi_long.csv.gz")
HERE = Path(__file__).parent
SECTORS = ("GOODS", "SERVICES")
WANTED = ("gdp_current_usd", "exports_pct_gdp", "merch_exports_usd")
MILLION = 1e6
STEPS = 5000
CLOSE = 1e-13
GOODS = ["bauxite", "alumina", "aluminium", "metal", "ore", "concentrate", "magnets"]
WDI = Source(
    "wdi-2026",
    "World Development Indicators: GDP, exports of goods and services, merchandise exports, 2022",
    "CC BY 4.0 (World Bank)",
    "reported",
    "https://datacatalog.worldbank.org/dataset/world-development-indicators",
)
GEONAMES = Source(
    "geonames",
    "GeoNames: coordinates and people of cities, land borders of countries",
    "CC BY 4.0 (GeoNames)",
    "reported",
    "https://www.geonames.org",
)
GRAVITY = Source(
    "yotov-2016",
    "Yotov et al. (2016), An Advanced Guide to Trade Policy Analysis: trade, distance, borders",
    "figures cited",
    "reported",
    "https://www.wto.org/english/res_e/publications_e/advancedguide2016_e.htm",
)
ASSUMED = Source("assumption", "Structure of the table: assumed, see its page", "none", "assumed")
STATED = (
    "trade between pairs is not observed: it goes by what each sells and buys abroad, and distance",
    "every country's trade is balanced, and its imports are goods and services as the world's are",
    "where exports of goods exceed all exports (goods in transit), services count as 0",
)
NOT_MODELLED = (
    ("Taiwan, and 31 small economies", "the source has no figures for them"),
    ("duties in force in 2022", "the source does not have them: they count as 0"),
    ("sanctions and trade agreements in force in 2022", "trade of pairs is by size and nearness"),
    ("trade deficits", "imports are not among the figures: trade is taken as balanced"),
)


@dataclass(frozen=True)
class Countries:
    """GDP and exports of goods and services by country (C,), million USD."""

    codes: tuple[str, ...]
    gdp: Array
    goods: Array
    services: Array


def build_open_world(sources: Path) -> WorldTable:
    """Return the table that ships, from the folder of the sources.

    Raises ``SourcesAbsent`` where the World Bank's figures are not in it.
    """
    codes, names, members = regions()
    numbers, says, stated = _parameters()
    countries = _countries(sources / FIGURES)
    group = _groups(countries.codes, codes, members)
    exports = np.stack([countries.goods, countries.services])
    # What a country earns abroad it spends abroad, on goods and services as the world does.
    imports = exports.sum(axis=0) * exports.sum(axis=1, keepdims=True) / exports.sum()
    near = nearness(countries.codes, numbers["distance"], numbers["border"])
    flows = np.stack([_bilateral(*sides, near) for sides in zip(exports, imports, strict=True)])
    trade = np.einsum("nc,jcd,id->jni", group, flows, group)
    trade[:, range(len(codes)), range(len(codes))] = 0.0
    table = _closed(trade.round(1), group @ countries.gdp, numbers, (codes, names, members), says)
    return replace(table, origins=_origins(table, stated))


def _closed(
    trade: Array,
    gdp: Array,
    numbers: Mapping[str, float],
    labels: tuple[tuple[str, ...], dict[str, str], dict[str, tuple[str, ...]]],
    says: tuple[str, ...],
) -> WorldTable:
    """Add home sales, inputs, value added and final demand so that both identities hold."""
    codes, names, members = labels
    final_share = np.array([numbers["goods_in_final_demand"], 0.0])
    final_share[1] = 1.0 - final_share[0]
    inputs = 1.0 - np.array([numbers["goods_value_added"], numbers["services_value_added"]])
    goods = np.array([numbers["goods_in_goods"], numbers["goods_in_services"]])
    per_output = np.stack([goods * inputs, (1.0 - goods) * inputs])
    net_exports = (trade.sum(axis=1) - trade.sum(axis=2)).T
    # Output y solves y = final + inputs·y + net exports; final demand is GDP less net exports.
    spent = gdp - net_exports.sum(axis=1)
    sold = (spent[:, None] * final_share + net_exports).T
    output = cast("Array", np.linalg.solve(np.diag([1.0, 1.0]) - per_output, sold)).T
    home: Array = (output - trade.sum(axis=1).T).round(1)
    _refuse_short(home, codes)
    trade[:, range(len(gdp)), range(len(gdp))] = home.T
    output = trade.sum(axis=1).T
    io = (per_output[None] * output[:, None, :]).round(1)
    return WorldTable(
        name=NAME,
        title="Open world of 2022: sizes and exports as published, structure assumed",
        year=YEAR,
        unit="million USD",
        regions=codes,
        sectors=SECTORS,
        trade=trade,
        io=io,
        value_added=(output - io.sum(axis=1)).round(1),
        final_demand=(trade.sum(axis=2).T - io.sum(axis=2)).round(1),
        tariff=np.zeros_like(trade),
        theta=np.array([numbers["theta_goods"], numbers["theta_services"]]),
        sources=(WDI, GEONAMES, GRAVITY, ASSUMED),
        assumptions=(*STATED, *says),
        not_modelled=NOT_MODELLED,
        goods=dict.fromkeys(GOODS, SECTORS[0]),
        members=members,
        region_names=names,
        sector_names={"GOODS": "Goods", "SERVICES": "Services"},
    )


def _origins(table: WorldTable, stated: Mapping[str, Origin]) -> dict[str, Origins]:
    """Return where each number is from.

    Value added adds up to GDP and final demand to what is left of it: derived, split by the assumed
    structure. All flows and inputs hang on that structure, or on the rule of pairs: assumed.
    """
    structure = Origin(JOINT.join((WDI.id, ASSUMED.id)), "assumed", YEAR)
    near = JOINT.join((WDI.id, GEONAMES.id, GRAVITY.id, ASSUMED.id))
    flows = Origins.of_all(structure, table.trade.shape)
    split = replace(structure, status="derived")
    return {
        "trade": flows.put(table.across, Origin(near, "assumed", YEAR)),
        "io": Origins.of_all(structure, table.io.shape),
        "value_added": Origins.of_all(split, table.value_added.shape),
        "final_demand": Origins.of_all(split, table.final_demand.shape),
        "tariff": Origins.of_none(table.tariff.shape),
        "theta": Origins(
            tuple(stated[f"theta_{sector.lower()}"] for sector in SECTORS),
            np.arange(len(SECTORS), dtype=np.intp),
        ),
    }


def _refuse_short(home: Array, codes: tuple[str, ...]) -> None:
    """Raise ``NoCertifiedAnswer`` where home sales (regions, sectors) are not above 0."""
    if (home <= 0.0).any():
        short = [codes[n] for n in np.flatnonzero((home <= 0.0).any(axis=1))]
        raise NoCertifiedAnswer(
            f"with the assumed structure {', '.join(short)} sells more abroad than it makes",
            "change the structure in open_world.csv, or put the region into a larger one",
        )


def _bilateral(exports: Array, imports: Array, near: Array) -> Array:
    """Return flows (importer, exporter) with the given sums, else as size and nearness say.

    Both margins are met by scaling rows and columns in turn (RAS).
    """
    flow = imports[:, None] * exports[None, :] * near
    for _ in range(STEPS):
        flow *= _ratio(exports, flow.sum(axis=0))[None, :]
        scale = _ratio(imports, flow.sum(axis=1))
        flow *= scale[:, None]
        if np.abs(scale[imports > 0.0] - 1.0).max() < CLOSE:
            break
    return flow


def _ratio(wanted: Array, has: Array) -> Array:
    return np.divide(wanted, has, out=np.zeros_like(wanted), where=has > 0.0)


def _countries(path: Path) -> Countries:
    if not path.is_file():
        fix = "get the World Development Indicators, or name the folder with --sources"
        raise SourcesAbsent([Fault(str(path), "no such file", "the figures of the source", fix)])
    found: dict[str, dict[str, float]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["year"] == str(YEAR) and row["indicator"] in WANTED:
                found.setdefault(row["iso3"], {})[row["indicator"]] = float(row["value"])
    whole = {code: row for code, row in sorted(found.items()) if len(row) == len(WANTED)}
    gdp = np.array([row["gdp_current_usd"] for row in whole.values()]) / MILLION
    exports = gdp * np.array([row["exports_pct_gdp"] for row in whole.values()]) / 100.0
    goods = np.array([row["merch_exports_usd"] for row in whole.values()]) / MILLION
    goods = np.minimum(goods, exports)
    return Countries(tuple(whole), gdp, goods, exports - goods)


def regions() -> tuple[tuple[str, ...], dict[str, str], dict[str, tuple[str, ...]]]:
    """Return codes, names, and the countries of each region."""
    with (HERE / "open_world_regions.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = {row["region"]: row["name"] for row in rows}
    return tuple(names), names, {r["region"]: tuple(r["members"].split()) for r in rows}


def _parameters() -> tuple[dict[str, float], tuple[str, ...], dict[str, Origin]]:
    """Return the assumed and cited numbers, what is said of each, and where each is from."""
    with (HERE / "open_world.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    stated = {
        row["parameter"]: Origin(row["source"], status_named(row["status"]), int(row["year"]))
        for row in rows
    }
    values = {row["parameter"]: float(row["value"]) for row in rows}
    return values, tuple(row["says"] for row in rows), stated


def _groups(
    codes: tuple[str, ...], regions: tuple[str, ...], members: Mapping[str, tuple[str, ...]]
) -> Array:
    """(regions, countries) 1 where a country belongs to a region; the rest has the others."""
    at = index_of(regions)
    owner = {code: at[region] for region in regions for code in members[region]}
    rest = owner[REST]
    group = np.zeros((len(regions), len(codes)))
    for k, code in enumerate(codes):
        group[owner.get(code, rest), k] = 1.0
    return group
