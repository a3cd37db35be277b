"""Build the pack of public budgets from World Bank series and single cited figures."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.pack.build import facts, tables
from accord.pack.build.inputs import Inputs
from accord.pack.build.tables import Row, number

Series = Mapping[tuple[str, int], float]
Sheet = tuple[str, str, Sequence[tuple[str, ...]]]

MACRO = "macro/macro_wdi_long.csv.gz"
SHARES = "budgets/defence_milex_wdi.csv"
CITED = "budgets/defence_half_cut.csv"
BASE_RATES = "budgets/defence_cut_base_rates.csv"

# Indicator of the source, item of the pack, unit, and what one of the source is in that unit.
ITEMS = (
    ("gdp_current_usd", "gdp", "USD", 1.0),
    ("fx_lcu_per_usd_official", "exchange_rate", "LCU/USD", 1.0),
    ("price_level_ratio", "price_level", "ratio", 1.0),
    ("govt_revenue_pct_gdp", "revenue", "fraction of GDP", 0.01),
    ("govt_expense_pct_gdp", "expense", "fraction of GDP", 0.01),
    ("central_debt_pct_gdp", "debt", "fraction of GDP", 0.01),
)
STATUS = {"verified": "reported", "memory": "assumed"}


@dataclass(frozen=True)
class _World:
    """What the World Bank says: shares of GDP (fractions), other series, names of countries."""

    names: Mapping[str, str]
    shares: Series
    series: Mapping[str, Series]


def build(sources: Path, out: Path) -> None:
    """Write the derived tables of the pack into ``out``, byte for byte the same each time.

    ``sources`` is the folder of all facts. Raises ``SourcesAbsent`` naming what is missing.
    """
    inputs = Inputs(out / "inputs")
    facts.require(sources, inputs.rows("sources_needed"))
    world = _world(sources)
    for name, header, rows in (
        _regions(world, inputs),
        _figures(world, inputs),
        _history(world, inputs),
        _cited(sources, inputs),
        _base_rates(sources, inputs),
    ):
        tables.write(out / name, header.split(","), rows)


def _world(sources: Path) -> _World:
    countries = [r for r in facts.read(sources, SHARES) if r["aggregate"] == "False"]
    shares = {
        (r["iso3"], int(r["year"])): float(r["milex_pct_gdp"]) / 100.0
        for r in countries
        if r["milex_pct_gdp"]
    }
    names = {r["iso3"]: r["name"] for r in countries if any(r["iso3"] == c for c, _ in shares)}
    series: dict[str, dict[tuple[str, int], float]] = {}
    for row in _macro(sources / MACRO):
        place = (row["iso3"], int(row["year"]))
        series.setdefault(row["indicator"], {})[place] = float(row["value"])
    return _World(names, shares, series)


def _macro(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def _regions(world: _World, inputs: Inputs) -> Sheet:
    known = {row["region"]: row for row in inputs.rows("countries")}
    rows: list[tuple[str, ...]] = []
    for code, name in world.names.items():
        row = known.get(code, {})
        rows.append((code, row.get("name") or name, row.get("currency", "LCU")))
    return "regions.csv", "region,name,currency", rows


def _figures(world: _World, inputs: Inputs) -> Sheet:
    first = int(inputs.rule()["first_year"])
    rows = [
        (code, str(year), "military_share", number(share, 9), "fraction of GDP", *_WDI)
        for (code, year), share in world.shares.items()
        if year >= first
    ]
    for indicator, item, unit, size in ITEMS:
        rows += [
            (code, str(year), item, number(value * size, 9), unit, *_WDI)
            for (code, year), value in world.series[indicator].items()
            if year >= first and code in world.names
        ]
    return "figures.csv", "region,year,item,value,unit,source,status", rows


_WDI = ("wdi", "reported")


def _history(world: _World, inputs: Inputs) -> Sheet:
    """Return military spending in constant dollars: its share of GDP times GDP at constant prices.

    GDP of the base year in dollars of that year, carried to other years by its real growth; so it
    goes as far back as growth does, and an exchange rate moves it in no year.
    """
    base = int(inputs.rule()["base_year"])
    rows: list[tuple[str, ...]] = []
    for code in world.names:
        gdp = _real_gdp(code, base, world.series["gdp_current_usd"], world.series["gdp_growth_pct"])
        rows += [
            (code, str(year), number(world.shares[code, year] * value / 1e6, 3), f"mn USD{base}",
             "wdi", "derived")
            for year, value in gdp.items()
            if (code, year) in world.shares
        ]  # fmt: skip
    return "history.csv", "region,year,value,unit,source,status", rows


def _real_gdp(code: str, base: int, gdp: Series, growth: Series) -> dict[int, float]:
    """Return GDP in dollars of the base year for as long as growth has no gap (USD)."""
    if (code, base) not in gdp:
        return {}
    found = {base: gdp[code, base]}
    year = base
    while (code, year) in growth and growth[code, year] > -100.0:  # noqa: PLR2004 - all of it
        found[year - 1] = found[year] / (1.0 + growth[code, year] / 100.0)
        year -= 1
    year = base + 1
    while (code, year) in growth:
        found[year] = found[year - 1] * (1.0 + growth[code, year] / 100.0)
        year += 1
    return found


def _cited(sources: Path, inputs: Inputs) -> Sheet:
    """Return single figures; what is built from the World Bank's series is left to the program."""
    known = {row["basis"]: row for row in inputs.rows("cited")}
    rows = [
        (known[r["basis"]]["definition"], r["iso3"], r["year"], number(float(r["level"]), 4),
         known[r["basis"]]["unit"], known[r["basis"]]["source"], STATUS[r["status"]])
        for r in facts.read(sources, CITED)
        if r["basis"] in known
    ]  # fmt: skip
    return "cited.csv", "definition,region,year,value,unit,source,status", rows


def _base_rates(sources: Path, inputs: Inputs) -> Sheet:
    rule = inputs.rule()
    span = tuple(number(rule[f"base_rate_{end}_year"]) for end in ("first", "last"))
    rows = [
        (r["horizon_y"], number(float(r["min_level_musd2023"]) / 1e3), "0.5", r["n_obs"],
         r["n_cut_50pct"], number(float(r["largest_cut"]), 4), r["where"], *span, "bn USD2023",
         "sipri-base-rate", "derived")
        for r in facts.read(sources, BASE_RATES)
    ]  # fmt: skip
    header = "horizon,minimum,cut,observed,cuts,largest,where,first,last,unit,source,status"
    return "base_rates.csv", header, rows
