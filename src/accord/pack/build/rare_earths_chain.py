"""What every good of the rare-earth chain holds of each element, and what each stage recovers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.pack.build import facts
from accord.pack.build.inputs import Inputs
from accord.pack.build.tables import Row

ELEMENTS: dict[str, tuple[str, ...]] = {
    "ndpr": ("Nd", "Pr", "NdPr"),
    "dy": ("Dy",),
    "tb": ("Tb",),
    "la": ("La",),
    "ce": ("Ce",),
    "seg": ("Sm", "Eu", "Gd"),
    "y": ("Y",),
    "other": ("Ho", "Er", "Tm", "Yb", "Lu"),
}
"""Groups of elements that the chain tells apart, as oxide."""
METALS = ("ndpr", "dy", "tb")
_RANGE = re.compile(r"\(([\d.]+)-([\d.]+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """Tonnes of an element, as oxide, in a tonne of a good; ``published`` before normalising."""

    value: float
    source: str
    status: str
    published: float | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter with its range, as a fraction or in its unit."""

    value: float
    low: float
    high: float
    unit: str
    source: str
    status: str
    note: str


@dataclass(frozen=True)
class Chain:
    """Contents by (good, element), recoveries by kind of activity, and all parameters."""

    content: Mapping[tuple[str, str], Cell]
    recovery: Mapping[str, Number]
    parameter: Mapping[str, Number]
    ores: tuple[str, ...]

    def share(self, good: str, element: str) -> float:
        """Return tonnes of an element (as oxide) in a tonne of a good, 0 where none is known."""
        cell = self.content.get((good, element))
        return 0.0 if cell is None else cell.value

    def value(self, name: str) -> float:
        """Return a parameter."""
        return self.parameter[name].value


def chain_of(folder: Path, inputs: Inputs) -> Chain:
    """Return contents and recoveries from assays, atomic weights and the stage technology."""
    technology = facts.read(folder, "ree_stage_technology.csv")
    parameter = {row["parameter"]: _number(row, technology) for row in inputs.rows("parameters")}
    content = _assays(folder, inputs)
    ores = tuple(dict.fromkeys(good for good, _ in content))
    for element in ELEMENTS:
        content[f"{element}_oxide", element] = Cell(1.0, "definition", "derived")
    ratio = _metal_ratio(technology, parameter["nd_in_ndpr"].value)
    for element in METALS:
        content[f"{element}_metal", element] = Cell(1.0 / ratio[element], "atomic", "derived")
    alloy = parameter["ndpr_in_magnet"]
    for good in ("magnet", "swarf"):
        value = alloy.value / ratio["ndpr"]
        content[good, "ndpr"] = Cell(value, alloy.source, alloy.status)
    return Chain(content, _recoveries(parameter, ores), parameter, ores)


def _number(row: Row, technology: list[Row]) -> Number:
    """Return a parameter; one that names a fact has its value and range from there."""
    scale = 0.01 if row["unit"] == "%" else 1000.0 if row["unit"] == "USD/kg" else 1.0
    text = row["value"]
    if text.startswith("fact:"):
        stage, _, name = text.removeprefix("fact:").partition("/")
        fact = next(r for r in technology if (r["stage"], r["parameter"]) == (stage, name))
        span = _RANGE.search(fact["unit_or_range"])
        low, high = (float(x) for x in span.groups()) if span else (float(fact["value"]),) * 2
        value = float(fact["value"])
    else:
        value = float(text)
        low = float(row["low"] or text)
        high = float(row["high"] or text)
    ranged = (value * scale, low * scale, high * scale)
    return Number(*ranged, row["unit"], row["source"], row["status"], row["note"])


def _assays(folder: Path, inputs: Inputs) -> dict[tuple[str, str], Cell]:
    """Return the oxides of each ore, normalised to 1, with what the assays sum to."""
    assays: dict[str, dict[str, float]] = {}
    for row in facts.read(folder, "ree_oxide_distribution.csv"):
        found = assays.setdefault(row["deposit"], {})
        found[row["element_oxide"]] = found.get(row["element_oxide"], 0.0) + float(
            row["pct_of_treo"]
        )
    parts: dict[str, list[Row]] = {}
    for row in inputs.rows("ores"):
        parts.setdefault(row["ore"], []).append(row)
    content: dict[tuple[str, str], Cell] = {}
    for ore, rows in parts.items():
        mixed = {
            group: sum(
                float(r["weight"]) * assays[r["deposit"]].get(e, 0.0) for r in rows for e in es
            )
            for group, es in ELEMENTS.items()
        }
        total = sum(mixed.values())
        status = "reported" if all(r["status"] == "reported" for r in rows) else "assumed"
        for group, percent in mixed.items():
            if percent > 0.0:
                cell = Cell(percent / total, "usgs_myb2022", status, percent / 100.0)
                content[ore, group] = cell
    return content


def _metal_ratio(technology: list[Row], neodymium: float) -> dict[str, float]:
    """Return tonnes of metal in a tonne of oxide."""
    ratio = {
        row["parameter"].partition(" -> ")[2].split()[0]: float(row["value"])
        for row in technology
        if row["parameter"].endswith("mass ratio")
    }
    mixed = neodymium * ratio["Nd"] + (1.0 - neodymium) * ratio["Pr"]
    return {"ndpr": mixed, "dy": ratio["Dy"], "tb": ratio["Tb"]}


def _recoveries(parameter: Mapping[str, Number], ores: tuple[str, ...]) -> dict[str, Number]:
    separation = parameter["separation"]
    found = {
        f"separation_{ore}": _product(parameter[f"cracking:{ore}"], separation) for ore in ores
    }
    found |= {f"metal_{element}": parameter["metal_yield"] for element in METALS}
    magnet, metal, kept = (parameter[x] for x in ("magnet_yield", "metal_yield", "swarf_kept"))
    direct = magnet.value / metal.value
    whole = direct + (1.0 - direct) * kept.value
    note = "finished magnet and swarf together"
    found["magnet"] = Number(whole, whole, 1.0, "%", magnet.source, magnet.status, note)
    found["recycling"] = parameter["recycling"]
    found["finishing"] = Number(1.0, 1.0, 1.0, "%", "judgement", "assumed", "losses left out")
    return found


def _product(a: Number, b: Number) -> Number:
    values = (a.value * b.value, a.low * b.low, a.high * b.high)
    status = "derived" if {a.status, b.status} == {"derived"} else "assumed"
    return Number(*values, "%", f"{a.source}; {b.source}", status, "cracking times separation")
