"""Build the rare-earth pack: ores with their oxides, separation, metal, magnets in 2024.

Where output is set by the ore, everything downstream follows from assays, recoveries and shares of
makers; what the sources leave open is a rule of ``inputs/`` with its status.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from accord.instruments.countries import country_names
from accord.pack.build import facts, tables
from accord.pack.build.inputs import Inputs
from accord.pack.build.rare_earths_books import Books, books_of
from accord.pack.build.rare_earths_chain import Chain, chain_of
from accord.pack.build.rare_earths_observed import STATUS, figure, stage_rows
from accord.pack.build.rare_earths_prices import Prices, prices_of
from accord.pack.build.rare_earths_year import Layered, Year

LANE_TABLE = "good,origin,destination,value,unit,year,source,status"
ACTIVITIES = "kind,region,item,value,unit,year,source,status"
HTS_LINES = {
    "ce_oxide": "2846.10.0000",
    "la_oxide": "2846.90.2000",
    "ndpr_oxide": "2846.90.2000",
    "ndpr_metal": "2805.30.0050",
    "dy_metal": "2805.30.0050",
    "tb_metal": "2805.30.0050",
    "magnet": "8505.11.0070",
}


def build(sources: Path, out: Path) -> None:
    """Write every derived table of the pack into ``out``, byte for byte the same each time.

    ``sources`` is the folder of the facts (or the one above it). Raises ``SourcesAbsent`` naming
    what is missing and where to get it.
    """
    folder = facts.folder_of(sources, "rare_earths")
    inputs = Inputs(out / "inputs")
    facts.require(folder, inputs.rows("sources_needed"))
    chain = chain_of(folder, inputs)
    _benchmark(folder, inputs, chain, out, NOW)
    _write(out / "tariff_columns.csv", _COLUMNS, _columns(folder))
    _write(out / "hub_prices.csv", "quote,year,value,unit,source,status", _hub(folder))
    _write(out / f"benchmark_{NOW.year}/observed.csv", _OBSERVED, _quoted(folder))
    _write(out / "chain/composition.csv", _COMPOSITION, _composition(chain))
    _write(out / "chain/recoveries.csv", _RECOVERIES, _recoveries(chain))
    _write(out / "chain/observed.csv", _STAGE_OBSERVED, stage_rows(folder, NOW))
    then = out / f"replay_{THEN.year}"
    own = out / "inputs" / THEN.year
    then.mkdir(exist_ok=True)
    shutil.copyfile(own / "pack.toml", then / "pack.toml")
    shutil.copyfile(out / "goods.csv", then / "goods.csv")
    kinds = _benchmark(folder, Layered(own, out / "inputs"), chain, then, THEN)
    _write(then / "priors.csv", _PRIORS, _priors_of(out, kinds))


NOW = Year("2024", "2024", "MCS2026v1.3", "usgs_mcs2026", "usgs_mcs2026", quoted="reported")
THEN = Year("2009", "2010", "MCS(recalled)", "usgs_recalled", "quotes_recalled", quoted="assumed")


def _benchmark(folder: Path, inputs: Inputs, chain: Chain, out: Path, year: Year) -> set[str]:
    """Write the regions and the benchmark of one year; return its kinds of activities."""
    books = books_of(folder, inputs, chain, year)
    prices = prices_of(folder, inputs, chain, books, year)
    here = out / f"benchmark_{year.year}"
    _write(out / "regions.csv", "region,name,members,customs_basis", _regions(inputs))
    _write(here / "flows.csv", LANE_TABLE, _flows(books, year))
    _write(here / "freight.csv", LANE_TABLE, _freight(books, prices, year))
    _write(here / "prices.csv", "good,region,value,unit,year,source,status", _prices(prices, year))
    _write(here / "activities.csv", ACTIVITIES, _activities(books, inputs, year))
    return {maker.kind for maker in books.makers}


def _priors_of(out: Path, kinds: set[str]) -> Iterable[tuple[str, ...]]:
    """Return the rows of the pack's priors that hold for these kinds of activities."""
    for row in tables.read(out / "priors.csv"):
        kind = row["parameter"].partition(":")[2]
        if not kind or kind in kinds:
            yield tuple(row[name] for name in _PRIORS.split(","))


_PRIORS = "parameter,good,region,family,median,low,high,unit,source,status,note"
_COLUMNS = "importer,good,column,ad_valorem,specific,unit,year,source,status"
_OBSERVED = "quantity,region,partner,value,unit,year,source,status,fitted"
_COMPOSITION = "good,element,content,published,unit,source,status"
_RECOVERIES = "kind,recovery,low,high,unit,source,status,note"
_STAGE_OBSERVED = "quantity,region,partner,value,unit,year,source,status,basis,note"


def _write(path: Path, header: str, rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _regions(inputs: Inputs) -> Iterable[tuple[str, ...]]:
    """Return the regions; every country not named elsewhere is in ROW."""
    rows = inputs.rows("places")
    named = {code for row in rows for code in row["members"].split()}
    rest = " ".join(code for code in sorted(country_names()) if code not in named)
    for row in rows:
        yield row["region"], row["name"], row["members"] or rest, row["customs_basis"]


def _columns(folder: Path) -> Iterable[tuple[str, ...]]:
    lines = {row["hts"]: row for row in reversed(facts.read(folder, "ree_us_tariffs.csv"))}
    for good, hts in HTS_LINES.items():
        row = lines[hts]
        rate = figure(float(row["mfn_rate_pct"]) / 100.0)
        status = STATUS[row["status"]]
        yield "USA", good, "general", rate, "0", "USD/t", row["as_of"][:4], "usgs_mcs2026", status


def _oxide_price(folder: Path, element: str) -> Iterable[tuple[str, float, str]]:
    for row in facts.read(folder, "ree_oxide_prices.csv"):
        if row["element_oxide"] == element:
            yield row["year"], float(row["usd_per_kg"]), STATUS[row["status"]]


def _hub(folder: Path) -> Iterable[tuple[str, ...]]:
    for year, value, status in _oxide_price(folder, "NdPr"):
        yield "NdPr", year, figure(value * 1000.0), "USD/t", "usgs_mcs2026", status


def _quoted(folder: Path) -> Iterable[tuple[str, ...]]:
    price = {year: value for year, value, _ in _oxide_price(folder, "NdPr")}[NOW.year]
    yield (
        *("hub_price", "WORLD", "", figure(price * 1000.0), "USD/t"),
        *(NOW.year, "usgs_mcs2026", "reported", "true"),
    )


def _flows(books: Books, year: Year) -> Iterable[tuple[str, ...]]:
    for (good, origin, destination), value in books.flows.items():
        yield good, origin, destination, figure(value), "t", year.year, "chain_rule", "derived"


def _freight(books: Books, prices: Prices, year: Year) -> Iterable[tuple[str, ...]]:
    for good, origin, destination in books.flows:
        if origin != destination:
            rate = figure(prices.freight)
            yield good, origin, destination, rate, "USD/t", year.year, "judgement", "assumed"


def _prices(prices: Prices, year: Year) -> Iterable[tuple[str, ...]]:
    for (good, region), (value, source, status) in prices.producer.items():
        yield good, region, figure(value), "USD/t", year.year, source, status


def _activities(books: Books, inputs: Inputs, year: Year) -> Iterable[tuple[str, ...]]:
    """Return every maker: its main product first, so that a unit is a unit of that."""
    rule = {row["parameter"]: row for row in inputs.rows("parameters")}
    here = (year.year, "chain_rule", "derived")
    guess = (year.year, "judgement", "assumed")
    recalled = (year.year, "technology_recalled", "assumed")
    for maker in books.makers:
        name = (maker.kind, maker.region)
        main, rate = maker.outputs[0]
        used = float(rule[_used(maker.kind, maker.region)]["value"]) / 100.0
        for good, value in maker.outputs:
            yield *name, f"output:{good}", figure(value), "t/t", *here
        for good, value in maker.inputs:
            yield *name, f"input:{good}", figure(value), "t/t", *here
        made = maker.level * rate
        yield *name, "output", figure(made), "t", year.year, books.origin[main], "derived"
        yield *name, "capacity", figure(made / used), "t", *guess
        if maker.power:
            yield *name, "power", figure(maker.power), "MWh/t", *recalled
            price = rule["power_price"]["value"]
            yield *name, "power_price", price, "USD/MWh", *guess


def _used(kind: str, region: str) -> str:
    if not kind.startswith("mine_"):
        return "used_plant"
    return "used_mine_CHN" if region == "CHN" else "used_mine"


def _composition(chain: Chain) -> Iterable[tuple[str, ...]]:
    for (good, element), cell in chain.content.items():
        published = "" if cell.published is None else figure(cell.published)
        value = figure(cell.value)
        yield good, element, value, published, "t/t", cell.source, cell.status


def _recoveries(chain: Chain) -> Iterable[tuple[str, ...]]:
    for kind, r in chain.recovery.items():
        numbers = (figure(r.value), figure(r.low), figure(r.high))
        yield kind, *numbers, "fraction", r.source, r.status, r.note
