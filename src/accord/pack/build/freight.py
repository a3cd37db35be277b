"""Freight by rule: a fixed part and a part per kilometre of great-circle distance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accord.pack.build.inputs import Inputs
from accord.pack.build.mirror import LaneName

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a region's trade of these goods centres, degrees north and east."""

    latitude: float
    longitude: float


def great_circle(a: Place, b: Place) -> float:
    """Return the great-circle distance between two places, km (haversine)."""
    north_a, north_b = math.radians(a.latitude), math.radians(b.latitude)
    rise = math.sin((north_b - north_a) / 2.0) ** 2
    turn = math.sin(math.radians(b.longitude - a.longitude) / 2.0) ** 2
    chord = rise + math.cos(north_a) * math.cos(north_b) * turn
    return 2.0 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def rates(inputs: Inputs, year: str, lanes: Iterable[LaneName]) -> dict[LaneName, float]:
    """Return freight by lane in USD per tonne of ``year``, home lanes included."""
    places = {
        row["region"]: Place(float(row["latitude"]), float(row["longitude"]))
        for row in inputs.rows("places")
    }
    rules: Mapping[str, dict[str, str]] = {r["good"]: r for r in inputs.rows("freight_rule")}
    level = next(float(r["factor"]) for r in inputs.rows("freight_level") if r["year"] == year)
    found: dict[LaneName, float] = {}
    for lane in lanes:
        good, origin, destination = lane
        rule = rules[good]
        if origin == destination:
            cost = float(rule["home"])
        else:
            km = great_circle(places[origin], places[destination])
            cost = float(rule["fixed"]) + float(rule["per_km"]) * km
        found[lane] = round(cost * level, 2)
    return found
