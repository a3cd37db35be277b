"""Prices along the rare-earth chain: oxides are quoted, the rest follows from costs and shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.pack.build import facts
from accord.pack.build.inputs import Inputs
from accord.pack.build.rare_earths_books import Books, Maker
from accord.pack.build.rare_earths_chain import ELEMENTS, METALS, Chain
from accord.pack.build.rare_earths_year import Year

Place = tuple[str, str]
QUOTED = {"ndpr": "NdPr", "dy": "Dy", "tb": "Tb", "la": "La", "ce": "Ce", "y": "Y"}


@dataclass(frozen=True)
class Prices:
    """Producer prices in USD per tonne with source and status, and freight between regions."""

    producer: Mapping[Place, tuple[float, str, str]]
    freight: float


def prices_of(folder: Path, inputs: Inputs, chain: Chain, books: Books, year: Year) -> Prices:
    """Return prices of a year. Sellers of a quoted oxide earn the quote wherever they are."""
    oxide = _oxides(folder, chain, year)
    rows = inputs.rows("reference_prices")
    assumed = {row["good"]: row for row in rows if row["year"] == year.year}
    oxide |= {good: float(row["value"]) * 1000.0 for good, row in assumed.items()}
    found: dict[Place, tuple[float, str, str]] = {}
    freight = chain.value("freight")
    places = dict.fromkeys((g, m.region) for m in books.makers for g, _ in m.outputs)
    for good, region in places:
        if good.endswith("_oxide"):
            status = year.quoted if good.removesuffix("_oxide") in QUOTED else "derived"
            source = year.price_source
            if good in assumed:
                source, status = assumed[good]["source"], assumed[good]["status"]
            found[good, region] = (oxide[good], source, status)
    scrap = chain.share("swarf", "ndpr") * chain.value("recycling") * oxide["ndpr_oxide"]
    for good, region in places:
        if good in chain.ores:
            value = _recovered(chain, good, oxide) * chain.value("ore_value_share")
            found[good, region] = (value, "chain_rule", "assumed")
        if good == "swarf":
            value = scrap * chain.value("swarf_value_share")
            found[good, region] = (value, "chain_rule", "assumed")
    for maker in (m for m in books.makers if m.kind == "finishing"):
        paid = _landed(maker.inputs[0][0], maker.region, books, found, freight)
        value = paid * (1.0 + chain.value("finishing_margin"))
        found[maker.outputs[0][0], maker.region] = (value, "chain_rule", "assumed")
    for kinds in ([f"metal_{e}" for e in METALS], ["magnet"]):
        for maker in (m for m in books.makers if m.kind in kinds):
            place = (maker.outputs[0][0], maker.region)
            found[place] = (_cost(maker, chain, books, found, freight), "chain_rule", "derived")
    return Prices(found, freight)


def _oxides(folder: Path, chain: Chain, year: Year) -> dict[str, float]:
    """Return prices of oxides in USD per tonne; of groups, weighted as in ionic clay."""
    quoted = {
        row["element_oxide"]: float(row["usd_per_kg"]) * 1000.0
        for row in facts.read(folder, "ree_oxide_prices.csv")
        if row["year"] == year.year
    }
    if "NdPr" not in quoted:
        part = chain.value("nd_in_ndpr")
        quoted["NdPr"] = part * quoted["Nd"] + (1.0 - part) * quoted["Pr"]
    found = {f"{e}_oxide": quoted[name] for e, name in QUOTED.items() if name in quoted}
    assays = [
        row
        for row in facts.read(folder, "ree_oxide_distribution.csv")
        if row["deposit"] in ("Xunwu", "Xinfeng", "Longnan")
    ]
    for group in ("seg", "other"):
        priced = [r for r in assays if r["element_oxide"] in ELEMENTS[group]]
        weight = sum(float(r["pct_of_treo"]) for r in priced)
        # What has no quote (Tm, Ho) counts as worthless.
        value = sum(float(r["pct_of_treo"]) * quoted.get(r["element_oxide"], 0.0) for r in priced)
        found[f"{group}_oxide"] = value / weight
    return found


def _recovered(chain: Chain, ore: str, oxide: Mapping[str, float]) -> float:
    rate = chain.recovery[f"separation_{ore}"].value
    return sum(rate * chain.share(ore, e) * oxide[f"{e}_oxide"] for e in ELEMENTS)


def _cost(
    maker: Maker,
    chain: Chain,
    books: Books,
    price: Mapping[Place, tuple[float, str, str]],
    freight: float,
) -> float:
    """Return what a tonne must sell for: inputs as bought there, less by-products, and the fee."""
    stage = "magnet_cost" if maker.kind == "magnet" else "metal_fee"
    fee = chain.value(f"{stage}_{'home' if maker.region == 'CHN' else 'abroad'}")
    bought = sum(x * _landed(good, maker.region, books, price, freight) for good, x in maker.inputs)
    sold = sum(x * price[good, maker.region][0] for good, x in maker.outputs[1:])
    if maker.kind in ("metal_dy", "metal_tb"):
        fee = max(fee, bought * chain.value("heavy_fee_share"))
    return bought - sold + fee


def _landed(
    good: str,
    region: str,
    books: Books,
    price: Mapping[Place, tuple[float, str, str]],
    freight: float,
) -> float:
    arrives = {o: x for (g, o, d), x in books.flows.items() if (g, d) == (good, region)}
    cost = sum(x * (price[good, o][0] + freight * (o != region)) for o, x in arrives.items())
    return cost / sum(arrives.values())
