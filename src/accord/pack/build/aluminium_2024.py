"""The books of 2024: those of 2017 carried forward by exporter and importer factors only.

Lane by lane, 2024 = 2017 × (effect of the policies changed since) × exporter factor × importer
factor. A drift fitted to each lane would explain nothing and does not exist for a lane that is
closed. Lanes whose flow in 2024 is observed are then fitted to it and marked so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from accord.pack.build import facts
from accord.pack.build.aluminium_2017 import TECHNIQUES
from accord.pack.build.books import Books, Figure, Plant, Priors, Use, settle
from accord.pack.build.inputs import Inputs, most_specific
from accord.pack.build.mirror import LaneName
from accord.pack.build.tables import number

YEAR = "2024"
SECTIONS = {
    "mine": "Bauxite, mine production",
    "refinery": "Alumina, refinery production",
    "smelter": "Smelter production",
}
US_TOTAL = "imports of aluminium into USA"


@dataclass(frozen=True)
class Shift:
    """What law changed since 2017: added cost per lane (USD/t) and lanes that are closed."""

    added_cost: Mapping[LaneName, float]
    closed: frozenset[LaneName]


@dataclass(frozen=True)
class Carried:
    """Books of 2024; the priors before any cell was fitted; the cells that were (kt)."""

    books: Books
    priors: Priors
    fitted: Mapping[LaneName, float]

    def drift(self, lane: LaneName) -> float:
        """Return exporter factor × importer factor of a lane that is closed.

        Cells observed in the same destination are left unfitted here, so that its importer factor
        rests on all of its imports and not on what the fitted origins leave over.
        """
        good, origin, destination = lane
        kept = {cell: v for cell, v in self.fitted.items() if cell[2] != destination}
        multipliers = settle(_with(self.priors, kept), TECHNIQUES).outcome.multipliers
        exponent = multipliers.get(f"supply of {good} in {origin}", 0.0)
        exponent -= multipliers.get(f"use of {good} in {destination}", 0.0)
        for name, (_, lanes) in self.priors.totals.items():
            if any((x[0], x[2]) == (good, destination) for x in lanes):
                exponent -= multipliers.get(name, 0.0)
        return math.exp(exponent)


def _with(priors: Priors, cells: Mapping[LaneName, float]) -> Priors:
    exact = {
        lane: Figure(value, 0.0, "observed", "reported", FITTED) for lane, value in cells.items()
    }
    return replace(priors, flows={**priors.flows, **exact})


FITTED = "fitted to what was observed"


def usgs(folder: Path, inputs: Inputs, year: str, statistic: str) -> tuple[dict[str, float], float]:
    """Return USGS figures by region for a year, and that of "other countries", kt."""
    regions = {row["name"]: row["region"] for row in inputs.rows("usgs_names")}
    found: dict[str, float] = {}
    others = 0.0
    for row in facts.read(folder, "usgs_mcs2026_aluminium_bauxite_alumina.csv"):
        if row["Year"] != year or not row["Section"].startswith("World"):
            continue
        if not row["Statistics_detail"].startswith(statistic):
            continue
        value = facts.value(row["Value"])
        if value is None:
            continue
        if row["Country"] in regions:
            region = regions[row["Country"]]
            found[region] = found.get(region, 0.0) + value
        elif row["Country"] == "Other countries":
            others = value
    return found, others


def outputs(folder: Path, inputs: Inputs, year: str) -> dict[Plant, Figure]:
    """Return outputs of mines, refineries and smelters; "other countries" split by weight."""
    error = inputs.rule()["carry_output_error"]
    found: dict[Plant, Figure] = {}
    for kind, statistic in SECTIONS.items():
        named, others = usgs(folder, inputs, year, statistic)
        weights = _weights(folder, inputs, kind)
        scale = others / sum(weights.values())
        for region in sorted(set(named) | set(weights)):
            split = weights.get(region, 0.0) * scale
            value = named.get(region, 0.0) + split
            status = "derived" if split > 0 else "reported"
            why = "USGS with a share of other countries" if split > 0 else "USGS"
            source = "usgs_mcs2026; production_2022" if split > 0 else "usgs_mcs2026"
            if value > 0:
                found[kind, region] = Figure(value, error, source, status, why)
    for row in inputs.rows("output_reliability"):
        plant = (row["kind"], row["region"])
        if row["year"] == YEAR and plant in found:
            found[plant] = replace(found[plant], error=float(row["error"]))
    return found


def _weights(folder: Path, inputs: Inputs, kind: str) -> dict[str, float]:
    """Return weights by region for USGS's "other countries"."""
    found: dict[str, float] = {}
    for row in inputs.rows("outputs_assumed"):
        if row["year"] == YEAR and row["kind"] == kind:
            found[row["region"]] = found.get(row["region"], 0.0) + float(row["value"])
    if kind != "smelter":
        return found
    members = {r["iso3"]: r["region"] for r in facts.read(folder, "regions.csv")}
    for row in facts.read(folder, "production_recent.csv"):
        if row["item"] == "primary_aluminium" and row["year"] == "2022" and row["iso3"] != "USA":
            region = members.get(row["iso3"], "ROW")
            found[region] = found.get(region, 0.0) + float(row["value"])
    return found


def carry(
    folder: Path, inputs: Inputs, before: Books, shift: Shift, theta: Mapping[str, float]
) -> Carried:
    """Return the books of 2024. ``theta`` is θ by good in 1/(USD per t)."""
    made = outputs(folder, inputs, YEAR)
    made |= _secondary(folder, inputs, before)
    flows = _flows(inputs, before, made, shift, theta)
    ratios = _ratios(inputs, before, made)
    finals = _finals(inputs, before, made, flows)
    observed, total = _observed(folder, inputs)
    drift = Priors(flows, made, ratios, finals, _us_total(flows, total))
    return Carried(settle(_with(drift, observed), TECHNIQUES), drift, observed)


def _us_total(
    flows: Mapping[LaneName, Figure], total: float
) -> dict[str, tuple[float, tuple[LaneName, ...]]]:
    lanes = tuple(
        lane for lane in sorted(flows) if lane[0] == "aluminium" and lane[2] == "USA" != lane[1]
    )
    return {US_TOTAL: (total, lanes)}


def _observed(folder: Path, inputs: Inputs) -> tuple[dict[LaneName, float], float]:
    """Return the observed flows of 2024 and total US imports, kt."""
    customs = us_imports(folder, YEAR)
    found: dict[LaneName, float] = {}
    for row in inputs.rows("observed_flows"):
        if row["year"] != YEAR or row["fitted"] != "true":
            continue
        value = facts.value(row["value"])
        lane = (row["good"], row["origin"], row["destination"])
        found[lane] = customs[row["origin"]] if value is None else value
    return found, customs["WLD"]


def us_imports(folder: Path, year: str) -> dict[str, float]:
    """Return US imports of unwrought aluminium by origin for a year with one row an origin, kt."""
    rows = facts.read(folder, "us_imports_unwrought_by_origin_2010_2024.csv")
    return {r["origin_iso3"]: float(r["kt"]) for r in rows if r["year"] == year and r["kt"]}


def _secondary(folder: Path, inputs: Inputs, before: Books) -> dict[Plant, Figure]:
    rule = inputs.rule()
    growth = {row["region"]: row for row in inputs.rows("secondary_growth")}
    rows = facts.read(folder, "usgs_mcs2026_aluminium_bauxite_alumina.csv")
    measured = sum(
        float(r["Value"])
        for r in rows
        if r["Year"] == YEAR and r["Statistics_detail"].startswith("Production: Secondary")
    )
    found: dict[Plant, Figure] = {}
    for (kind, region), value in before.outputs.items():
        if kind != "remelting":
            continue
        row = growth.get(region, growth["*"])
        level = measured if region == "USA" else value * float(row["factor"])
        own = region == "USA"
        error = rule["secondary_error_measured" if own else "secondary_error"]
        source, status = ("usgs_mcs2026", "reported") if own else (row["source"], row["status"])
        found["remelting", region] = Figure(level, error, source, status, "secondary metal")
        ratio = before.inputs["remelting", region]
        found["collection", region] = Figure(ratio * level, 2.0, source, status, "melt loss")
    return found


def _flows(
    inputs: Inputs,
    before: Books,
    made: Mapping[Plant, Figure],
    shift: Shift,
    theta: Mapping[str, float],
) -> dict[LaneName, Figure]:
    error = inputs.rule()["carry_lane_error"]
    supplied = {(TECHNIQUES[kind].output, region) for kind, region in made}
    found: dict[LaneName, Figure] = {}
    for lane, value in before.flows.items():
        if lane in shift.closed or (lane[0], lane[1]) not in supplied:
            continue
        effect = math.exp(-theta.get(lane[0], 0.0) * shift.added_cost.get(lane, 0.0))
        found[lane] = Figure(value * effect, error, "carried", "derived", "2017 × policy")
    for row in inputs.rows("lanes_assumed"):
        if row["year"] == YEAR:
            figure = Figure(
                float(row["value"]), float(row["error"]), row["source"], row["status"], row["note"]
            )
            found[row["good"], row["origin"], row["destination"]] = figure
    return found | _new_home(inputs, made, found)


def _new_home(
    inputs: Inputs, made: Mapping[Plant, Figure], flows: Mapping[LaneName, Figure]
) -> dict[LaneName, Figure]:
    """A region that makes a good for the first time keeps a share of it, if it has a use."""
    rule = inputs.rule()
    users = {(TECHNIQUES[kind].input, region) for kind, region in made}
    found: dict[LaneName, Figure] = {}
    for (kind, region), figure in made.items():
        lane = (TECHNIQUES[kind].output, region, region)
        if lane not in flows and (lane[0], region) in users:
            value = rule["new_home_share"] * figure.value
            why = "no output in 2017"
            found[lane] = Figure(value, rule["home_error"], "judgement", "assumed", why)
    return found


def _ratios(inputs: Inputs, before: Books, made: Mapping[Plant, Figure]) -> dict[Plant, Figure]:
    """Keep the input ratios of 2017; a new plant takes the usual one."""
    rule = inputs.rule()
    usual = {
        (row["kind"], row["item"]): float(row["value"])
        for row in inputs.rows("techniques")
        if row["region"] == "*"
    }
    found: dict[Plant, Figure] = {}
    for kind, region in made:
        good = TECHNIQUES[kind].input
        if good is None:
            continue
        value = before.inputs.get((kind, region), usual[kind, f"input:{good}"])
        error = rule[f"carry_{kind}_error"]
        found[kind, region] = Figure(value, error, "carried", "derived", "ratio of 2017")
    for row in inputs.rows("ratio_assumed"):
        plant = (row["kind"], row["region"])
        if row["year"] == YEAR and plant in found:
            found[plant] = Figure(
                float(row["value"]), float(row["error"]), row["source"], row["status"], row["note"]
            )
    return found


def _finals(
    inputs: Inputs,
    before: Books,
    made: Mapping[Plant, Figure],
    flows: Mapping[LaneName, Figure],
) -> dict[Use, Figure]:
    """Grow final demand with own supply where it is met at home, with the world's elsewhere."""
    errors = inputs.rows("carry_final")
    reached = {(good, j) for good, _, j in flows}
    found: dict[Use, Figure] = {}
    for (good, region), value in before.finals.items():
        if (good, region) not in reached:
            continue
        kept = before.flows.get((good, region, region), 0.0) / before.inflow(good, region)
        own = _growth(good, (region,), before, made)
        world = _growth(good, tuple({r for g, r in before.finals if g == good}), before, made)
        factor = kept * own + (1.0 - kept) * world
        why = f"2017 × {factor:.3f}: own supply where met at home, the world's elsewhere"
        row = most_specific(errors, good=good, region=region)
        error = float(row["error"]) if row else 1.0
        found[good, region] = Figure(value * factor, error, "carried", "derived", why)
    for row in inputs.rows("final_level"):
        if row["year"] == YEAR:
            found[row["good"], row["region"]] = Figure(
                float(row["value"]), float(row["error"]), row["source"], row["status"], row["note"]
            )
    return found


def _growth(
    good: str, regions: Sequence[str], before: Books, made: Mapping[Plant, Figure]
) -> float:
    old = sum(
        value
        for (kind, region), value in before.outputs.items()
        if TECHNIQUES[kind].output == good and region in regions
    )
    new = sum(
        figure.value
        for (kind, region), figure in made.items()
        if TECHNIQUES[kind].output == good and region in regions
    )
    return new / old if old > 0 else 1.0


def adjustment_rows(carried: Carried) -> list[tuple[str, ...]]:
    """Return what became of each lane's prior (2017 × policy), kt."""
    rows: list[tuple[str, ...]] = []
    for lane, value in carried.books.flows.items():
        prior = carried.priors.flows.get(lane)
        before = number(prior.value, 4) if prior else ""
        why = FITTED if lane in carried.fitted else "exporter and importer factors"
        if prior is not None and prior.status == "assumed":
            why = f"{prior.why}; exporter and importer factors"
        rows.append((*lane, before, number(value, 4), "kt", why))
    return rows
