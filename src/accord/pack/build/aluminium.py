"""Build the aluminium pack: every derived table from the sources and the hand-written inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.instruments.countries import country_names
from accord.market.landed_cost import Rates
from accord.pack.build import (
    aluminium_2017,
    aluminium_2024,
    baci,
    backcast,
    downstream,
    facts,
    freight,
    history,
    latent,
    law,
    prices,
    single_plants,
    tables,
)
from accord.pack.build.aluminium_2017 import TECHNIQUES, Prepared
from accord.pack.build.aluminium_2024 import Carried, Shift
from accord.pack.build.books import Books
from accord.pack.build.inputs import Inputs
from accord.pack.build.law import Ground, read_law
from accord.pack.build.mirror import LaneName, Mirror
from accord.pack.build.plants import Plants, activity_rows, level_rows
from accord.pack.build.report import adjustment_rows, output_rows, summary_rows
from accord.pack.build.tables import Row, number


@dataclass(frozen=True)
class Sheet:
    """A table to write: path below the pack folder, header, rows."""

    path: str
    header: str
    rows: Sequence[tuple[str, ...]]

    def write(self, folder: Path) -> None:
        """Write the table."""
        tables.write(folder / self.path, self.header.split(","), self.rows)


def build(sources: Path, out: Path, mirrors: Callable[[], list[Mirror]] | None = None) -> None:
    """Write every derived table of the pack into ``out``, byte for byte the same each time.

    ``sources`` is the folder of the facts (or the one above it). ``out`` holds the hand-written
    part of the pack: pack.toml, policy.toml, priors.csv, goods.csv and ``inputs/``. ``mirrors``
    gives the bilateral reports of 2017 from elsewhere (a BACI download, say). Raises
    ``SourcesAbsent`` naming what is missing and where to get it.
    """
    folder = facts.folder_of(sources, "aluminium")
    inputs = Inputs(out / "inputs")
    needed = [
        row for row in inputs.rows("sources_needed") if mirrors is None or row["file"] != TRADE
    ]
    facts.require(folder, needed)
    regions = region_rows(folder, inputs)
    columns = tariff_rows(folder)
    ground = Ground(folder, inputs, read_law(out, _as_rows(COLUMNS, columns), regions))
    reports = mirrors() if mirrors else aluminium_2017.mirrors_of(facts.read(folder, TRADE))
    prepared = aluminium_2017.prepare(folder, inputs, reports)
    first = aluminium_2017.books(prepared)
    carried = _carry(ground, first)
    for sheet in (
        Sheet("regions.csv", REGIONS, [tuple(r[k] for k in REGIONS.split(",")) for r in regions]),
        Sheet("tariff_columns.csv", COLUMNS, columns),
        Sheet("plants.csv", PLANTS, single_plants.described(folder, inputs)),
        Sheet("downstream_users.csv", USERS, downstream.rows(folder, inputs, "aluminium")),
        *_hub(folder),
        *_first_sheets(ground, prepared, first),
        *_second_sheets(ground, first, carried),
        *_levels(ground, carried.books),
    ):
        sheet.write(out)
    for path, header, rows in backcast.sheets(folder, out):
        Sheet(path, header, rows).write(out)


TRADE = "trade_by_region_2010_2017.csv"
REGIONS = "region,name,members,customs_basis"
COLUMNS = "importer,good,column,ad_valorem,specific,unit,year,source,status"
FLOWS = "good,origin,destination,value,unit,year,source,status"
LATENT = "good,origin,destination,low,central,high,unit,year,source,status,note"
PRICES = "good,region,value,unit,year,source,status"
FREIGHT = FLOWS
ACTIVITIES = "kind,region,plant,item,value,unit,year,source,status"
PLANTS = "kind,region,plant,name,place,technology,power_source,grid,value,unit,year,source,status"
USERS = "good,region,user,value,unit,year,source,status"
LEVELS = "kind,region,item,value,unit,year,source,status"
OBSERVED = "quantity,region,partner,value,unit,year,source,status,fitted"
LANDED = "year,good,region,mean,spread,delivery_premium,unit,source,status"
HUB = "quote,value,unit,year,source,status"
ADJUSTED = "good,origin,destination,before,after,unit,source,status,why"


def _from(source: str, rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows that end in a remark with where they come from before it."""
    return [(*row[:-1], source, "derived", row[-1]) for row in rows]


def _as_rows(header: str, rows: Sequence[tuple[str, ...]]) -> list[Row]:
    return [dict(zip(header.split(","), row, strict=True)) for row in rows]


def region_rows(folder: Path, inputs: Inputs) -> list[Row]:
    """Return the regions with members; every country not named elsewhere is in ROW."""
    members: dict[str, list[str]] = {}
    for row in (*facts.read(folder, "regions.csv"), *inputs.rows("extra_members")):
        members.setdefault(row["region"], []).append(row["iso3"])
    named = {code for codes in members.values() for code in codes}
    members["ROW"] = [code for code in sorted(country_names()) if code not in named]
    return [
        {
            "region": row["region"],
            "name": row["name"],
            "members": " ".join(sorted(members[row["region"]])),
            "customs_basis": row["customs_basis"],
        }
        for row in inputs.rows("places")
    ]


def tariff_rows(folder: Path) -> list[tuple[str, ...]]:
    """Return the US columns for the four goods; a specific rate in USD per tonne."""
    lines = {r["hts"]: r for r in facts.read(folder, "tariff_us_hts_2025_aluminium.csv")}
    found: list[tuple[str, ...]] = []
    for good, hts in HTS_LINES.items():
        for column, key in (("general", "general"), ("column2", "column2")):
            rate = facts.value(lines[hts][f"{key}_ad_valorem"]) or 0.0
            specific = 0.0 if rate else _specific(lines[hts][f"{key}_rate"])
            found.append(
                (
                    *("USA", good, column, number(rate), number(specific)),
                    *("USD/t", "2025", "hts_2025", "reported"),
                )
            )
    return found


HTS_LINES = {
    "bauxite": "2606.00.00",
    "alumina": "2818.20.00.00",
    "aluminium": "7601.10.60",
    "scrap": "7602.00.00",
}


def _specific(text: str) -> float:
    """Return a specific rate as the tariff prints it ("1.1¢/kg", "$1/t") in USD per tonne."""
    if text.endswith("¢/kg"):
        return float(text.removesuffix("¢/kg")) * 10.0
    if text.startswith("$") and text.endswith("/t"):
        return float(text.removeprefix("$").removesuffix("/t"))
    return 0.0


# ------------------------------------------------------------------------------------- 2017, 2024


def _carry(ground: Ground, first: Books) -> Carried:
    """Carry the books to 2024 with what the law changed on each lane."""
    folder, inputs, the_law = ground.folder, ground.inputs, ground.law
    lanes = freight.rates(inputs, "2017", first.flows)
    old, new = (the_law.on(the_law.days[year], lanes) for year in ("2017", "2024"))
    before, after = law.lane_rates(old, first.flows), law.lane_rates(new, first.flows)
    reference = prices.references(folder, inputs, "2017")
    added = {
        lane: _landed(after[lane], reference[lane[0]]) - _landed(before[lane], reference[lane[0]])
        for lane in first.flows
    }
    rule = inputs.rule()
    theta = {good: rule[f"sigma_{good}"] / reference[good] for good in aluminium_2017.TRADED}
    shift = Shift(added, law.closed(new))
    return aluminium_2024.carry(folder, inputs, first, shift, theta)


def _landed(rates: Rates, price: float) -> float:
    return rates.slope * price + rates.intercept


def _first_sheets(ground: Ground, prepared: Prepared, first: Books) -> list[Sheet]:
    folder, inputs, year = ground.folder, ground.inputs, "2017"
    flows = rounded(first)
    quoted = prices.quoted(ground, year, flows, ())
    plants = Plants(folder, inputs, year, first, flows)
    status = _flow_status(flows, {}, "reconciled")
    here = f"benchmark_{year}"
    changed = _from("reconciled", adjustment_rows(prepared, first))
    summary = _from("reconciled", summary_rows(prepared, first))
    return [
        Sheet(f"{here}/flows.csv", FLOWS, _flow_rows(flows, status, year)),
        Sheet(f"{here}/prices.csv", PRICES, quoted.price_rows(year)),
        Sheet(f"{here}/freight.csv", FREIGHT, quoted.freight_rows(year)),
        Sheet(f"history/landed_costs_{year}.csv", LANDED, quoted.check_rows(year)),
        Sheet(f"{here}/activities.csv", ACTIVITIES, activity_rows(plants)),
        Sheet(f"{here}/observed.csv", OBSERVED, history.observed_2017(folder)),
        Sheet(f"{here}/adjustments.csv", ADJUSTED, changed),
        Sheet("history/reconciled_2017_outputs.csv", OUTPUTS, output_rows(prepared, first)),
        Sheet("history/reconciliation_2017.csv", SUMMARY, summary),
    ]


OUTPUTS = "kind,region,item,before,after,unit,source,status,why"
SUMMARY = "figure,good,value,unit,source,status,note"


def _second_sheets(ground: Ground, first: Books, carried: Carried) -> list[Sheet]:
    folder, inputs, year = ground.folder, ground.inputs, "2024"
    books = carried.books
    flows = rounded(books)
    closed = latent.rows(ground, first, carried, ground.law.days[year])
    extra = tuple((row[0], row[1], row[2]) for row in closed)
    quoted = prices.quoted(ground, year, flows, extra)
    plants = Plants(folder, inputs, year, books, flows)
    status = _flow_status(flows, history.observed_cells(inputs), "carried")
    here = f"benchmark_{year}"
    changed = _from("carried", aluminium_2024.adjustment_rows(carried))
    return [
        Sheet(f"{here}/flows.csv", FLOWS, _flow_rows(flows, status, year)),
        Sheet(f"{here}/latent_flows.csv", LATENT, closed),
        Sheet(f"{here}/prices.csv", PRICES, quoted.price_rows(year)),
        Sheet(f"{here}/freight.csv", FREIGHT, quoted.freight_rows(year)),
        Sheet(f"history/landed_costs_{year}.csv", LANDED, quoted.check_rows(year)),
        Sheet(f"{here}/activities.csv", ACTIVITIES, activity_rows(plants)),
        Sheet(f"{here}/observed.csv", OBSERVED, history.observed_2024(folder, inputs)),
        Sheet(f"{here}/adjustments.csv", ADJUSTED, changed),
        Sheet("observed_2025.csv", OBSERVED, history.observed_2025(folder, inputs)),
        Sheet(latent.SHARES, history.SHARES, latent.share_rows(folder, inputs, list(extra))),
        Sheet("history/russia_share_of_us_imports.csv", history.LATER, history.later_table(folder)),
    ]


def rounded(books: Books) -> dict[LaneName, float]:
    """Return flows to 4 decimals of a kilotonne; the home flow takes up the rounding.

    A good that plants use up entirely (scrap) flows exactly as their rounded output needs it.
    """
    flows = {lane: round(v, 4) for lane, v in books.flows.items() if lane[1] != lane[2]}
    flows = {lane: v for lane, v in flows.items() if v > 0}
    sold: dict[tuple[str, str], float] = {}
    for (good, origin, _), value in flows.items():
        sold[good, origin] = sold.get((good, origin), 0.0) + value
    for good, region, destination in books.flows:
        if region != destination:
            continue
        if (good, region) in books.finals:
            made = round(books.supply(good, region), 4)
            flows[good, region, region] = round(made - sold.get((good, region), 0.0), 4)
        else:
            flows[good, region, region] = _used_up(books, good, region)
    return {lane: value for lane, value in flows.items() if value > 0}


def _used_up(books: Books, good: str, region: str) -> float:
    return sum(
        round(ratio * round(books.outputs[plant], 4), 6)
        for plant, ratio in books.inputs.items()
        if plant[1] == region and TECHNIQUES[plant[0]].input == good
    )


def _flow_status(
    flows: Mapping[LaneName, float], observed: Mapping[LaneName, tuple[str, str]], source: str
) -> dict[LaneName, tuple[str, str]]:
    return {lane: observed.get(lane, (source, "derived")) for lane in flows}


def _flow_rows(
    flows: Mapping[LaneName, float], status: Mapping[LaneName, tuple[str, str]], year: str
) -> list[tuple[str, ...]]:
    return [(*lane, number(value), "kt", year, *status[lane]) for lane, value in flows.items()]


def _hub(folder: Path) -> list[Sheet]:
    rows = [
        ("LME", number(value, 2), "USD/t", year, "pink_sheet", "reported")
        for year, value in prices.lme(folder).items()
        if year >= "2010"
    ]
    return [Sheet("hub_prices.csv", HUB, rows)]


def _levels(ground: Ground, books: Books) -> list[Sheet]:
    rows = level_rows(ground.folder, ground.inputs, books)
    return [Sheet("levels_2025.csv", LEVELS, rows)]


def build_from_baci(
    sources: Path, out: Path, trade: Path, countries: Path, year: int = 2017
) -> None:
    """Build the pack with 2017 trade from a BACI download instead of the facts' trade table."""
    folder = facts.folder_of(sources, "aluminium")
    members = {row["iso3"]: row["region"] for row in facts.read(folder, "regions.csv")}
    build(sources, out, lambda: baci.mirrors(trade, countries, members, year))
