"""Who makes, ships and uses how much of each good of the rare-earth chain in the base year.

Mine output is given, ores go where ``routes.csv`` says, oxides follow from the ore. What no source
says about trade is filled in by proportional fitting to what each region makes and uses, with a
preference for home supply; US imports of oxides keep the sources that USGS reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.pack.build import facts
from accord.pack.build.inputs import Inputs
from accord.pack.build.rare_earths_chain import ELEMENTS, METALS, Chain
from accord.pack.build.rare_earths_year import Year
from accord.pack.build.tables import Row

Lane = tuple[str, str, str]
Place = tuple[str, str]
HOME = 8.0
"""Weight of home supply against any other origin where nothing is known of trade."""
ROUNDS = 2000
CLOSE = 1e-13
OUTSIDE = ("la_oxide", "ce_oxide", "seg_oxide", "y_oxide", "other_oxide")
"""Oxides that no later stage of this chain takes in."""


@dataclass(frozen=True, slots=True)
class Maker:
    """An activity at the benchmark: coefficients per unit, and units a year."""

    kind: str
    region: str
    outputs: tuple[tuple[str, float], ...]
    inputs: tuple[tuple[str, float], ...]
    level: float
    power: float = 0.0


@dataclass(frozen=True)
class Books:
    """Flows in tonnes a year, makers, and the source of each good's output."""

    flows: Mapping[Lane, float]
    makers: tuple[Maker, ...]
    origin: Mapping[str, str]


def books_of(folder: Path, inputs: Inputs, chain: Chain, year: Year) -> Books:
    """Return the books of a year from one edition of the production tables."""
    mined = _mined(folder, inputs, year)
    flows = _routed(inputs, chain, mined)
    makers = [Maker(f"mine_{ore}", r, ((ore, 1.0),), (), t) for (ore, r), t in mined.items()]
    makers += _separators(chain, flows)
    makers += _downstream(inputs, chain, makers)
    sourced = any(row["rule"] == "tonnes" for row in inputs.rows("use"))
    imports = _us_imports(folder, inputs, makers) if sourced else {}
    makers += _finishers(imports)
    flows |= _traded(inputs, makers, imports)
    origin = dict.fromkeys((g for m in makers for g, _ in m.outputs), "chain_rule")
    return Books(flows, tuple(makers), origin | dict.fromkeys(chain.ores, year.mine_source))


def _mined(folder: Path, inputs: Inputs, year: Year) -> dict[Place, float]:
    """Return mine output by (ore, region); countries that have no region of their own are ROW."""
    own = {row["region"] for row in inputs.rows("places")}
    total: dict[str, float] = {}
    for row in facts.read(folder, "ree_production_reserves.csv"):
        key = (row["edition"], row["year"], row["metric"])
        wanted = key == (year.edition, year.mined, "mine_production")
        if wanted and row["iso3"] != "WLD" and row["value_t_reo"]:
            region = row["iso3"] if row["iso3"] in own else "ROW"
            total[region] = total.get(region, 0.0) + float(row["value_t_reo"])
    return {
        (row["ore"], row["region"]): float(row["share"]) * total[row["region"]]
        for row in inputs.rows("mines")
    }


def _routed(inputs: Inputs, chain: Chain, mined: Mapping[Place, float]) -> dict[Lane, float]:
    magnet = {
        ore: sum(chain.share(ore, e) for e in METALS) * chain.recovery[f"separation_{ore}"].value
        for ore in chain.ores
    }
    refined = sum(magnet[ore] * tonnes for (ore, _), tonnes in mined.items())
    flows: dict[Lane, float] = {}
    left = dict(mined)
    for row in inputs.rows("routes"):
        ore, origin = row["ore"], row["origin"]
        if row["rule"] == "share":
            tonnes = float(row["value"]) * mined[ore, origin]
        elif row["rule"] == "separated":
            tonnes = float(row["value"]) / chain.recovery[f"separation_{ore}"].value
        elif row["rule"] == "refining":
            tonnes = float(row["value"]) * refined / magnet[ore]
        else:
            tonnes = left[ore, origin]
        flows[ore, origin, row["destination"]] = tonnes
        left[ore, origin] -= tonnes
    return flows


def _separators(chain: Chain, flows: Mapping[Lane, float]) -> list[Maker]:
    """Return the plants that separate each ore in each region; a unit is a tonne of ore."""
    arrives: dict[Place, float] = {}
    for (ore, _, destination), tonnes in flows.items():
        arrives[ore, destination] = arrives.get((ore, destination), 0.0) + tonnes
    return [separator(chain, ore, region, tonnes) for (ore, region), tonnes in arrives.items()]


def separator(chain: Chain, ore: str, region: str, tonnes: float) -> Maker:
    """Return a plant that takes in ``tonnes`` of an ore: all its oxides at once."""
    kind = f"separation_{ore}"
    rate = chain.recovery[kind].value
    outputs = tuple((f"{e}_oxide", rate * chain.share(ore, e)) for e in ELEMENTS)
    return Maker(kind, region, tuple(x for x in outputs if x[1] > 0.0), ((ore, 1.0),), tonnes)


def _downstream(inputs: Inputs, chain: Chain, separators: list[Maker]) -> list[Maker]:
    """Return makers of metal and magnets, and what goes round as swarf."""
    shares = {(r["stage"], r["region"]): float(r["share"]) for r in inputs.rows("makers")}
    supply = {e: _made(separators, f"{e}_oxide") for e in METALS}
    metal, direct = (
        chain.value("metal_yield"),
        chain.value("magnet_yield") / chain.value("metal_yield"),
    )
    back = metal * (1.0 - direct) * chain.value("swarf_kept") * chain.value("recycling")
    supply["ndpr"] /= 1.0 - back
    found: list[Maker] = []
    power = chain.value("metal_power")
    for e in METALS:
        takes = chain.share(f"{e}_metal", e) / metal
        found += [
            Maker(
                f"metal_{e}",
                r,
                ((f"{e}_metal", 1.0),),
                ((f"{e}_oxide", takes),),
                s * supply[e] / takes,
                power,
            )
            for (stage, r), s in shares.items()
            if stage == "metal"
        ]
    alloy = chain.share("magnet", "ndpr") / chain.share("ndpr_metal", "ndpr")
    takes = alloy / direct
    scrap = (takes - alloy) * chain.value("swarf_kept") / alloy
    magnets = _made(found, "ndpr_metal") / takes
    again = chain.share("swarf", "ndpr") * chain.value("recycling")
    for (stage, r), s in shares.items():
        if stage == "magnet":
            made = (("magnet", 1.0), ("swarf", scrap))
            found.append(Maker("magnet", r, made, (("ndpr_metal", takes),), s * magnets))
            loop = (("ndpr_oxide", again),)
            found.append(Maker("recycling", r, loop, (("swarf", 1.0),), s * magnets * scrap))
    return found


def _made(makers: list[Maker], good: str) -> float:
    return sum(m.level * dict(m.outputs).get(good, 0.0) for m in makers)


# --------------------------------------------------------------------------------------- trade


def _finishers(imports: Mapping[Place, float]) -> list[Maker]:
    """Return Japan's makers of cerium products from bought oxide: what it sells to the US."""
    tonnes = imports.get(("ce_oxide", "JPN"), 0.0)
    good = (("ce_oxide", 1.0),)
    return [Maker("finishing", "JPN", good, good, tonnes)] if tonnes else []


def _us_imports(folder: Path, inputs: Inputs, makers: list[Maker]) -> dict[Place, float]:
    """Return US imports of oxides by (good, origin), so that all of them have the sources reported.

    Everything but La and Ce comes from China; Japan sells Ce; India stands for other countries.
    """
    use = _us_use(inputs)
    home = _us_home(inputs, makers, use)
    need = {good: use[good] - home[good] for good in OUTSIDE}
    total = sum(need.values())
    light = need["la_oxide"] + need["ce_oxide"]
    share = {
        row["partner"]: float(row["share_pct"]) / 100.0
        for row in facts.read(folder, "ree_us_import_sources_2021_24.csv")
        if row["commodity"] == "Rare Earths"
    }
    found: dict[Place, float] = {("ce_oxide", "JPN"): share["Japan"] * total}
    for good in ("la_oxide", "ce_oxide"):
        part = need[good] / light * total
        found[good, "MYS"] = share["Malaysia"] * part
        found[good, "EUN"] = share["Estonia"] * part
        found[good, "IND"] = share["Other countries"] * part
    for good in OUTSIDE:
        found[good, "CHN"] = need[good] - sum(v for (g, _), v in found.items() if g == good)
    return found


def _us_use(inputs: Inputs) -> dict[str, float]:
    rows = (row for row in inputs.rows("use") if row["rule"] == "tonnes")
    return {row["good"]: float(row["value"]) for row in rows}


def _us_home(inputs: Inputs, makers: list[Maker], use: Mapping[str, float]) -> dict[str, float]:
    rule = {row["parameter"]: row for row in inputs.rows("parameters")}
    part = float(rule["us_home_share"]["value"]) / 100.0
    own = [m for m in makers if m.region == "USA"]
    return {good: min(part * _made(own, good), use[good]) for good in OUTSIDE}


def _traded(
    inputs: Inputs, makers: list[Maker], imports: Mapping[Place, float]
) -> dict[Lane, float]:
    """Return the flows of everything but ores."""
    regions = [row["region"] for row in inputs.rows("places")]
    goods = dict.fromkeys(g for m in makers for g, _ in m.outputs if not m.kind.startswith("mine"))
    home = _us_home(inputs, makers, _us_use(inputs)) if imports else {}
    flows: dict[Lane, float] = {}
    for good in goods:
        made = {r: _made([m for m in makers if m.region == r], good) for r in regions}
        if good == "swarf":
            flows |= {(good, r, r): x for r, x in made.items() if x > 0.0}
            continue
        fixed = {o: x for (g, o), x in imports.items() if g == good}
        if good in home:
            fixed["USA"] = home[good]
        used = _used(inputs.rows("use"), good, made, makers, regions)
        flows |= _fitted(good, made, used, fixed)
    return flows


def _used(
    rows: list[Row], good: str, made: Mapping[str, float], makers: list[Maker], regions: list[str]
) -> dict[str, float]:
    """Return use by region: what makers take in; the rest by the shares of ``use.csv``."""
    taken = {
        r: sum(m.level * dict(m.inputs).get(good, 0.0) for m in makers if m.region == r)
        for r in regions
    }
    rest = sum(made.values()) - sum(taken.values())
    if good in ("ndpr_oxide", "ndpr_metal", "dy_oxide", "tb_oxide"):
        return taken
    if good in ("dy_metal", "tb_metal"):
        magnets = {m.region: m.level for m in makers if m.kind == "magnet"}
        every = sum(magnets.values())
        return {r: rest * magnets.get(r, 0.0) / every for r in regions}
    for row in rows:
        if row["good"] == good and row["rule"] == "tonnes":
            taken[row["region"]] += float(row["value"])
            rest -= float(row["value"])
    name = good if any(r["good"] == good and r["rule"] == "share" for r in rows) else "*"
    shares = {
        r["region"]: float(r["value"]) for r in rows if (r["good"], r["rule"]) == (name, "share")
    }
    return {r: taken[r] + rest * shares.get(r, 0.0) / sum(shares.values()) for r in regions}


def _fitted(
    good: str, made: Mapping[str, float], used: Mapping[str, float], fixed: Mapping[str, float]
) -> dict[Lane, float]:
    """Return flows that add up to what is made and used, those to the US as ``fixed`` says."""
    supply = {r: x - fixed.get(r, 0.0) for r, x in made.items() if x - fixed.get(r, 0.0) > 0.0}
    demand = {r: x for r, x in used.items() if x > 0.0 and not (fixed and r == "USA")}
    seed = np.array([[HOME if o == d else 1.0 for d in demand] for o in supply])
    rows, columns = np.array(list(supply.values())), np.array(list(demand.values()))
    table = seed * rows[:, None] * columns[None, :]
    for _ in range(ROUNDS):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= (columns / table.sum(axis=0))[None, :]
        if np.abs(table.sum(axis=1) - rows).max() <= CLOSE * rows.max():
            break
    flows = {(good, o, "USA"): x for o, x in fixed.items() if x > 0.0}
    for i, origin in enumerate(supply):
        for j, destination in enumerate(demand):
            flows[good, origin, destination] = float(table[i, j])
    return flows
