"""The books of 2017: mirror trade statistics and USGS outputs, reconciled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.pack.build import facts, mirror
from accord.pack.build.books import Books, Figure, Plant, Priors, Technique, Use, settle
from accord.pack.build.inputs import Inputs, most_specific
from accord.pack.build.mirror import LaneName, Mirror
from accord.pack.build.tables import Row

TECHNIQUES: Mapping[str, Technique] = {
    "mine": Technique("mine", "bauxite", None),
    "refinery": Technique("refinery", "alumina", "bauxite"),
    "smelter": Technique("smelter", "aluminium", "alumina"),
    "collection": Technique("collection", "scrap", None),
    "remelting": Technique("remelting", "aluminium", "scrap"),
}
KIND_OF_STAGE = {"bauxite": "mine", "alumina": "refinery", "primary_aluminium": "smelter"}
TRADED = ("bauxite", "alumina", "aluminium")
YEAR = "2017"


@dataclass(frozen=True, slots=True)
class Left:
    """A lane left out before reconciling, with the reason."""

    lane: LaneName
    value: float
    why: str


@dataclass(frozen=True)
class Prepared:
    """Priors of 2017, the mirrors they were made from, and the lanes left out."""

    priors: Priors
    mirrors: Sequence[Mirror]
    left: Sequence[Left]


def mirrors_of(rows: Sequence[Row], year: str = YEAR) -> list[Mirror]:
    """Return one year's mirror reports between regions from the facts' trade table."""
    return [
        Mirror(
            row["stage"],
            row["exporter"],
            row["importer"],
            facts.value(row["kt_reported_by_importer"]),
            facts.value(row["kt_reported_by_exporter"]),
        )
        for row in rows
        if row["year"] == year
    ]


def prepare(folder: Path, inputs: Inputs, mirrors: Sequence[Mirror]) -> Prepared:
    """Return the priors of 2017 from outputs, mirror reports and the hand-written tables."""
    outputs = _outputs(folder, inputs)
    supplied = {(TECHNIQUES[kind].output, region) for kind, region in outputs}
    crossing, left = _crossing(inputs, mirrors, supplied)
    outputs |= _secondary(folder, inputs, outputs, crossing)
    ratios = _ratios(inputs, outputs)
    flows = crossing | _home(inputs, outputs, crossing)
    finals = _finals(inputs, flows, YEAR)
    return Prepared(Priors(flows, outputs, ratios, finals), mirrors, left)


def books(prepared: Prepared) -> Books:
    """Return the reconciled books of 2017."""
    return settle(prepared.priors, TECHNIQUES)


# ------------------------------------------------------------------------------------- outputs


def _outputs(folder: Path, inputs: Inputs) -> dict[Plant, Figure]:
    rule = inputs.rule()
    found: dict[Plant, Figure] = {}
    rows = facts.read(folder, "production_usgs_2010_2017.csv")
    known = {
        (r["iso3"], r["stage"], r["year"]): value
        for r in rows
        if (value := facts.value(r["value_kt"])) is not None
    }
    for row in rows:
        if row["year"] != YEAR or row["stage"] not in KIND_OF_STAGE:
            continue
        value, derived = known.get((row["iso3"], row["stage"], YEAR)), False
        if value is None:
            value, derived = known.get((row["iso3"], row["stage"], "2016"), 0.0), True
        error = rule["output_error_derived" if derived else "output_error"]
        plant = (KIND_OF_STAGE[row["stage"]], row["region"])
        found[plant] = _add(found.get(plant), value, error, derived=derived)
    _overrule(found, inputs, YEAR)
    return {plant: figure for plant, figure in found.items() if figure.value > 0}


def _add(so_far: Figure | None, value: float, error: float, *, derived: bool) -> Figure:
    """Add a country to its region; the region's error is the mean weighted by output."""
    why = "some members carried from 2016" if derived else "USGS"
    status = "derived" if derived else "reported"
    if so_far is None:
        return Figure(value, error, "usgs_milovanoff", status, why)
    total = so_far.value + value
    mean = (so_far.value * so_far.error + value * error) / total if total > 0 else error
    if so_far.status == "derived":
        status, why = so_far.status, so_far.why
    return Figure(total, mean, so_far.source, status, why)


def _overrule(found: dict[Plant, Figure], inputs: Inputs, year: str) -> None:
    """Put in hand-written outputs and errors for the year."""
    for row in inputs.rows("outputs_assumed"):
        if row["year"] == year and float(row["value"]) == 0:
            found.pop((row["kind"], row["region"]), None)
    for row in inputs.rows("output_reliability"):
        plant = (row["kind"], row["region"])
        if row["year"] == year and plant in found:
            old = found[plant]
            why = f"{old.why}; {row['note']}" if row["note"] else old.why
            found[plant] = Figure(old.value, float(row["error"]), old.source, old.status, why)


def _secondary(
    folder: Path,
    inputs: Inputs,
    outputs: Mapping[Plant, Figure],
    crossing: Mapping[LaneName, Figure],
) -> dict[Plant, Figure]:
    """Secondary metal: measured in the US, elsewhere a ratio to primary use anchored on it."""
    rule = inputs.rule()
    measured = us_secondary(folder)
    anchor = measured / _primary_use("USA", outputs, crossing)
    found: dict[Plant, Figure] = {}
    ratio = float(_need(inputs, "techniques", kind="remelting", region="*")["value"])
    for row in inputs.rows("secondary"):
        region = row["region"]
        level = facts.value(row["level"])
        if level is None:
            use = _primary_use(region, outputs, crossing)
            level = float(row["relative_ratio"]) * anchor * use
        if level <= rule["drop_below"]:
            continue
        own = region == "USA"
        error = rule["secondary_error_measured" if own else "secondary_error"]
        source, status = ("usgs_mcs2026", "derived") if own else (row["source"], row["status"])
        why = "mean of 2021-2024" if own else "ratio to primary use anchored on the US"
        found["remelting", region] = Figure(level, error, source, status, why)
        found["collection", region] = Figure(ratio * level, 2.0, source, status, "melt loss")
    return found


def us_secondary(folder: Path, years: Sequence[str] = ("2021", "2022", "2023", "2024")) -> float:
    """Return US secondary metal from old and new scrap, mean over years, kt."""
    rows = facts.read(folder, "usgs_mcs2026_aluminium_bauxite_alumina.csv")
    values = [
        float(r["Value"])
        for r in rows
        if r["Year"] in years and r["Statistics_detail"].startswith("Production: Secondary")
    ]
    return sum(values) / len(years)


def _primary_use(
    region: str, outputs: Mapping[Plant, Figure], crossing: Mapping[LaneName, Figure]
) -> float:
    made = outputs.get(("smelter", region))
    flows = [(lane, f.value) for lane, f in crossing.items() if lane[0] == "aluminium"]
    bought = sum(v for (_, _, j), v in flows if j == region)
    sold = sum(v for (_, i, _), v in flows if i == region)
    return max((made.value if made else 0.0) + bought - sold, 0.0)


def _need(inputs: Inputs, table: str, **wanted: str) -> Row:
    row = most_specific(inputs.rows(table), **wanted)
    if row is None:
        message = f"inputs/{table}.csv has no row for {wanted}"
        raise KeyError(message)
    return row


def _ratios(inputs: Inputs, outputs: Mapping[Plant, Figure]) -> dict[Plant, Figure]:
    rows = inputs.rows("techniques")
    found: dict[Plant, Figure] = {}
    for kind, region in outputs:
        good = TECHNIQUES[kind].input
        if good is None:
            continue
        row = most_specific(rows, kind=kind, region=region, item=f"input:{good}")
        if row is not None:
            error = float(row["spread"] or 0)
            figure = Figure(float(row["value"]), error, row["source"], row["status"], row["note"])
            found[kind, region] = figure
    return found


# --------------------------------------------------------------------------------------- lanes


def _crossing(
    inputs: Inputs, mirrors: Sequence[Mirror], supplied: set[Use]
) -> tuple[dict[LaneName, Figure], list[Left]]:
    """Return the cross-border lanes' priors, and the lanes left out with the reason."""
    rule = inputs.rule()
    special = inputs.rows("lane_reliability")
    scrap_makers = {row["region"] for row in inputs.rows("secondary")}
    found: dict[LaneName, Figure] = {}
    left: list[Left] = []
    for each in mirrors:
        if each.origin == each.destination:
            continue
        prior = mirror.combine(each, _rule_for(each, rule, special))
        able = (each.good, each.origin) in supplied
        able = able or (each.good == "aluminium" and each.origin in scrap_makers)
        if prior.value < rule["drop_below"]:
            left.append(Left(each.lane, prior.value, "below the threshold"))
        elif not able:
            left.append(Left(each.lane, prior.value, "no output in the origin: re-exports"))
        else:
            error = _error_for(each, prior.error, special)
            found[each.lane] = Figure(prior.value, error, "comtrade", "derived", prior.why)
    for row in inputs.rows("lanes_assumed"):
        if row["year"] == YEAR:
            found[row["good"], row["origin"], row["destination"]] = _assumed(row, mirrors)
    return found, left


def mirror_rule(each: Mirror, inputs: Inputs) -> mirror.Rule:
    """Return how the two reports of a lane are weighed."""
    return _rule_for(each, inputs.rule(), inputs.rows("lane_reliability"))


def _assumed(row: Row, mirrors: Sequence[Mirror]) -> Figure:
    value = facts.value(row["value"])
    if value is None:
        value = mirror.unallocated(mirrors, row["good"], row["origin"], row["destination"])
    return Figure(value, float(row["error"]), row["source"], row["status"], row["note"])


def _rule_for(each: Mirror, rule: Mapping[str, float], special: list[Row]) -> mirror.Rule:
    row = most_specific(special, good=each.good, origin=each.origin, destination=each.destination)
    weight = float(row["importer_weight"]) if row else rule["importer_weight"]
    return mirror.Rule(
        weight, rule["lane_floor"], rule["lane_cap"], rule["one_sided"], rule["sentinel"]
    )


def _error_for(each: Mirror, error: float, special: list[Row]) -> float:
    row = most_specific(special, good=each.good, origin=each.origin, destination=each.destination)
    return float(row["error"]) if row else error


def _home(
    inputs: Inputs, outputs: Mapping[Plant, Figure], crossing: Mapping[LaneName, Figure]
) -> dict[LaneName, Figure]:
    """Prior of what a region keeps: output less exports, but never below a floor."""
    rule = inputs.rule()
    made: dict[Use, float] = {}
    for (kind, region), figure in outputs.items():
        key = (TECHNIQUES[kind].output, region)
        made[key] = made.get(key, 0.0) + figure.value
    found: dict[LaneName, Figure] = {}
    for (good, region), total in made.items():
        sold = sum(f.value for (g, i, _), f in crossing.items() if (g, i) == (good, region))
        prior = max(total - sold, rule["home_floor"] * total)
        why = "output less exports" if total - sold >= prior else "floor: exports exceed output"
        error = 2.0 if good == "scrap" else rule["home_error"]
        figure = Figure(prior, error, "comtrade", "derived", why)
        found[good, region, region] = figure
    return found


def _finals(inputs: Inputs, flows: Mapping[LaneName, Figure], year: str) -> dict[Use, Figure]:
    rule = inputs.rule()
    shares = inputs.rows("final_use")
    found: dict[Use, Figure] = {}
    taken: dict[Use, float] = {}
    for (good, _, region), figure in flows.items():
        taken[good, region] = taken.get((good, region), 0.0) + figure.value
    for (good, region), total in taken.items():
        row = most_specific(shares, good=good, region=region)
        if good == "aluminium":
            figure = Figure(total, rule["final_error"], "comtrade", "derived", "all that arrives")
            found[good, region] = figure
        elif row is not None:
            value = float(row["share"]) * total
            error = float(row["error"])
            figure = Figure(value, error, row["source"], row["status"], row["note"])
            found[good, region] = figure
    for row in inputs.rows("final_level"):
        if row["year"] == year:
            found[row["good"], row["region"]] = Figure(
                float(row["value"]), float(row["error"]), row["source"], row["status"], row["note"]
            )
    return found
