"""How near countries are to each other: distances between their cities, and shared land borders.

The distance between two countries is the harmonic mean of the great-circle distances d_kl between
their largest cities, weighted by people p:

    d = Σ_kl p_k p_l / Σ_kl (p_k p_l / d_kl)

and trade at given sizes is proportional to

    d^(−a) · exp(b) for neighbours

with a and b as estimated by structural gravity. Up to five cities a country, each the largest
within 200 km. Valid between different countries; a country with itself is 0.

Sources: places and borders of GeoNames (CC BY 4.0); the mean is that of K. Head and T. Mayer,
"Illusory border effects", CEPII working paper 2002-01.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.economy.world import Array, index_of

HERE = Path(__file__).parent
PLACES, NEIGHBOURS = "open_world_places.csv", "open_world_neighbours.csv"
EARTH = 6371.0  # km, mean radius
LEAST = 1.0  # km: two cities are never nearer


def nearness(codes: Sequence[str], distance: float, border: float) -> Array:
    """Return how much each pair of countries (C, C) trades at given sizes; 0 with itself.

    ``codes`` ISO alpha-3;  ``distance`` elasticity of trade to distance, below 0;  ``border``
    added to its logarithm between neighbours. Raises ``KeyError`` for a country without a place.
    """
    near = distances(codes) ** distance * np.exp(border * neighbours(codes))
    np.fill_diagonal(near, 0.0)
    return near


def distances(codes: Sequence[str]) -> Array:
    """Return km between countries (C, C), 1 on the diagonal. Raises ``KeyError`` as above."""
    cities = _cities()
    place = [cities[code] for code in codes]
    out = np.ones((len(codes), len(codes)))
    for a, here in enumerate(place):
        for b, there in enumerate(place[:a]):
            people = np.outer(here[:, 2], there[:, 2])
            out[a, b] = out[b, a] = people.sum() / (people / _great_circle(here, there)).sum()
    return out


def neighbours(codes: Sequence[str]) -> Array:
    """Return 1 where two countries (C, C) share a land border, else 0."""
    at = index_of(codes)
    out = np.zeros((len(codes), len(codes)))
    for row in _rows(NEIGHBOURS):
        pair = row["country"], row["neighbour"]
        if all(code in at for code in pair):
            a, b = (at[code] for code in pair)
            out[a, b] = out[b, a] = 1.0
    return out


def _great_circle(here: Array, there: Array) -> Array:
    """Return km between places (K, L), each a row of latitude and longitude in degrees."""
    north, east = np.radians(here[:, :2]).T
    other_north, other_east = np.radians(there[:, :2]).T
    half_north = np.sin(0.5 * (north[:, None] - other_north)) ** 2
    half_east = np.sin(0.5 * (east[:, None] - other_east)) ** 2
    chord = half_north + np.outer(np.cos(north), np.cos(other_north)) * half_east
    return np.maximum(2.0 * EARTH * np.arcsin(np.sqrt(np.minimum(chord, 1.0))), LEAST)


def _cities() -> dict[str, NDArray[np.float64]]:
    """Return latitude, longitude and thousand people of each country's cities (K, 3)."""
    found: dict[str, list[list[float]]] = {}
    for row in _rows(PLACES):
        numbers = [float(row[name]) for name in ("latitude", "longitude", "thousand_people")]
        found.setdefault(row["country"], []).append(numbers)
    return {code: np.array(rows) for code, rows in found.items()}


def _rows(file: str) -> list[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
