"""Benchmark prices: reference prices of the goods, and producer prices by the law of one price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.market.landed_cost import Rates
from accord.pack.build import facts, freight, law
from accord.pack.build.inputs import Inputs
from accord.pack.build.law import Ground
from accord.pack.build.law_of_one_price import Observed, Prices, Setting, producer_prices
from accord.pack.build.mirror import LaneName
from accord.pack.build.tables import number

CENTS_PER_POUND = 22.0462262
"""USD per tonne in one US cent per pound."""
GOODS = ("bauxite", "alumina", "aluminium", "scrap")
MONTHS = 12
REFERENCE_SOURCES = {
    "aluminium": "pink_sheet",
    "alumina": "alumina_points",
    "bauxite": "usgs_mcs2026",
    "scrap": "reference_prices",
}


def lme(folder: Path) -> dict[str, float]:
    """Return the LME annual mean by year, USD/t, for years with twelve months."""
    months: dict[str, list[float]] = {}
    for row in facts.read(folder, "prices_monthly_worldbank.csv"):
        if row["series"] == "aluminium_lme":
            months.setdefault(row["month"][:4], []).append(float(row["value"]))
    return {y: sum(v) / len(v) for y, v in sorted(months.items()) if len(v) == MONTHS}


def references(folder: Path, inputs: Inputs, year: str) -> dict[str, float]:
    """Return a reference price for each good, USD/t of ``year``."""
    by_hand = {
        row["good"]: float(row["value"])
        for row in inputs.rows("reference_prices")
        if row["year"] == year
    }
    found = {"aluminium": lme(folder)[year], **by_hand}
    if "bauxite" not in found:
        found["bauxite"] = usgs_price(folder, year, "Price, average unit value of imports, free")
    if "alumina" not in found:
        found["alumina"] = alumina_mean(folder, year)
    if "us_ingot" not in found:
        cents = usgs_price(folder, year, "Price, ingot")
        found["us_ingot"] = cents * CENTS_PER_POUND
    return found


def usgs_price(folder: Path, year: str, detail: str) -> float:
    """Return a price from the USGS summaries in the unit printed there."""
    return next(
        float(row["Value"])
        for row in facts.read(folder, "usgs_mcs2026_aluminium_bauxite_alumina.csv")
        if row["Year"] == year and row["Statistics_detail"].startswith(detail)
    )


def alumina_mean(folder: Path, year: str) -> float:
    """Return the mean over the quarters of a year; a quarter without a mean takes its points."""
    quarters: dict[str, list[float]] = {}
    for row in facts.read(folder, "price_points.csv"):
        if row["series"] != "alumina" or not row["date"].startswith(year):
            continue
        rest = row["date"].removeprefix(year)
        name = rest if rest.startswith("Q") else f"Q{(int(rest[1:3]) - 1) // 3 + 1}"
        quarters.setdefault(name, []).append(float(row["value"]))
    return sum(sum(v) / len(v) for v in quarters.values()) / len(quarters)


@dataclass(frozen=True)
class Quoted:
    """Prices and freight of a benchmark."""

    by_good: Mapping[str, Prices]
    freight: Mapping[LaneName, float]
    status: Mapping[str, str]
    source: Mapping[str, str]

    def price_rows(self, year: str) -> list[tuple[str, ...]]:
        """Return the rows of prices.csv."""
        return [
            (
                *(good, region, number(value, 2), "USD/t", year),
                *(f"law_of_one_price; {self.source[good]}", self.status[good]),
            )
            for good, found in self.by_good.items()
            for region, value in found.producer.items()
        ]

    def check_rows(self, year: str) -> list[tuple[str, ...]]:
        """Return mean landed cost, its spread over origins, and the delivery premium, USD/t."""
        return [
            (
                *(year, good, region, number(mean, 2), number(found.dispersion[region], 2)),
                *(number(found.premium.get(region, 0.0), 2), "USD/t"),
                *("law_of_one_price", "derived"),
            )
            for good, found in self.by_good.items()
            for region, mean in found.buyer.items()
        ]

    def freight_rows(self, year: str) -> list[tuple[str, ...]]:
        """Return the rows of freight.csv; a delivery premium is part of it."""
        rows: list[tuple[str, ...]] = []
        for lane, value in self.freight.items():
            good, origin, destination = lane
            premium = (
                self.by_good[good].premium.get(destination, 0.0) if origin != destination else 0.0
            )
            cost = value + premium
            status = "derived" if premium else "assumed"
            rows.append((*lane, number(cost, 4), "USD/t", year, "freight_rule", status))
        return rows


def quoted(
    ground: Ground, year: str, flows: Mapping[LaneName, float], extra: Sequence[LaneName]
) -> Quoted:
    """Return producer prices of all goods and freight of all lanes, ``extra`` empty ones too."""
    inputs = ground.inputs
    cost = freight.rates(inputs, year, [*flows, *extra])
    rates = law.lane_rates(ground.law.on(ground.law.days[year], cost), flows)
    reference = references(ground.folder, inputs, year)
    rule = inputs.rule()
    found: dict[str, Prices] = {}
    for good in GOODS:
        mine = {lane: value for lane, value in flows.items() if lane[0] == good}
        origins = frozenset(i for _, i, _ in mine)
        anchors = origins - ground.law.insulated if good == "aluminium" else origins
        setting = Setting(reference[good], rule["price_ridge"], _bound(rule, good), anchors)
        seen = _observed(reference) if good == "aluminium" else ()
        found[good] = producer_prices(mine, _only(rates, mine), setting, seen)
    by_hand = {r["good"]: r for r in inputs.rows("reference_prices") if r["year"] == year}
    assumed = {good for good, row in by_hand.items() if row["status"] == "assumed"}
    return Quoted(
        by_good=found,
        freight=cost,
        status={good: "assumed" if good in assumed else "derived" for good in GOODS},
        source={g: by_hand[g]["source"] if g in by_hand else REFERENCE_SOURCES[g] for g in GOODS},
    )


def _observed(reference: Mapping[str, float]) -> tuple[Observed, ...]:
    found = [Observed("USA", reference["us_ingot"], premium=True)]
    if "china_landed" in reference:
        found.append(Observed("CHN", reference["china_landed"], premium=False))
    return tuple(found)


def _bound(rule: Mapping[str, float], good: str) -> float:
    return rule.get(f"price_bound_{good}", rule["price_bound"])


def _only(
    rates: Mapping[LaneName, Rates], flows: Mapping[LaneName, float]
) -> dict[LaneName, Rates]:
    return {lane: rates[lane] for lane in flows}
