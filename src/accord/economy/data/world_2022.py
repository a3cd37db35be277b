"""Builds the 28 × 29 world table of 2022 from its sources, on the user's machine.

Its sources rest on the OECD's inter-country tables, whose licence for derived tables is not
confirmed: the table is built where the sources are, and does not ship.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from accord.economy.data import open_world
from accord.economy.data.final_demand import STATED, final_by_destination
from accord.economy.origins import Origin, Origins, status_named
from accord.economy.world import Array, Source, WorldTable
from accord.errors import Fault, SourcesAbsent

NAME, YEAR = "world-2022", 2022
FIGURES = Path("economy", "world_2022_intermediates.npz")
HERE = Path(__file__).parent
OECD = Source(
    "oecd-icio-2025",
    "OECD Inter-Country Input-Output Tables, 2025 edition, year 2022, as aggregated in the sources",
    "to be confirmed with the OECD before anything derived from it is passed on",
    "derived",
    "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
)
ELASTICITIES = Source(
    "caliendo-parro-2015",
    "Caliendo and Parro (2015), Review of Economic Studies 82(1): trade elasticities by sector",
    "figures cited",
    "reported",
    "https://doi.org/10.1093/restud/rdu035",
)
ASSUMED = (
    STATED,
    "value added is output less inputs: taxes less subsidies on inputs are in it",
)
NOT_MODELLED = (("duties in force in 2022", "the source does not have them: they count as 0"),)
GOODS = {
    "bauxite": "METALORE",
    "alumina": "NFMETAL",
    "aluminium": "NFMETAL",
    "ore": "METALORE",
    "concentrate": "METALORE",
    "metal": "NFMETAL",
    "magnets": "ELEQ",
}
TAIWAN = "TWN"


def build_world_2022(sources: Path) -> WorldTable:
    """Return the table; mend it (``repair``) before use: three places make nothing of a good.

    Raises ``SourcesAbsent`` where the figures are not in the folder.
    """
    path = sources / FIGURES
    if not path.is_file():
        fix = "get the sources, or name their folder with --sources"
        raise SourcesAbsent([Fault(str(path), "no such file", "the figures of the source", fix)])
    with np.load(path, allow_pickle=False) as given:
        regions = tuple(str(x) for x in given["regions"])
        sectors = tuple(str(x) for x in given["sectors"])
        n, j = len(regions), len(sectors)
        use = given["intermediate"].astype(np.float64).reshape(n, j, n, j)
        final_sales = given["final_sales"].reshape(n, j)
    by_good = use.sum(axis=3)
    inputs = use.sum(axis=(0, 1))
    # Output is what is sold: the figures are stored in single precision and close to 1e-6 of it.
    value_added = by_good.sum(axis=2) + final_sales - inputs
    final = final_by_destination(by_good, final_sales, value_added.sum(axis=1))
    theta, said = _theta(sectors)
    _, names, members = open_world.regions()
    return WorldTable(
        name=NAME,
        title="World of 2022, final demand by destination estimated",
        year=YEAR,
        unit="million USD",
        regions=regions,
        sectors=sectors,
        trade=(by_good + final).transpose(1, 2, 0),
        io=use.sum(axis=0).transpose(1, 0, 2),
        value_added=value_added,
        final_demand=final.sum(axis=0).T,
        tariff=np.zeros((j, n, n)),
        theta=theta,
        sources=(OECD, ELASTICITIES),
        assumptions=(*ASSUMED, *said),
        not_modelled=NOT_MODELLED,
        goods=GOODS,
        members={r: c for r, c in members.items() if r in regions},
        region_names=names | {TAIWAN: "Taiwan"},
        sector_names={sector: row["name"] for sector, row in _sectors().items()},
        origins=_origins((n, j), sectors),
    )


def _origins(size: tuple[int, int], sectors: tuple[str, ...]) -> dict[str, Origins]:
    """Return where each number is from; a final buyer is estimated, so every flow is derived."""
    n, j = size
    oecd = Origin(OECD.id, OECD.status, YEAR)
    shapes = {
        "trade": (j, n, n), "io": (n, j, j), "value_added": (n, j), "final_demand": (n, j)
    }  # fmt: skip
    out = {array: Origins.of_all(oecd, shape) for array, shape in shapes.items()}
    rows = _sectors()
    kinds = tuple(
        Origin(rows[s]["source"], status_named(rows[s]["status"]), int(rows[s]["year"]))
        for s in sectors
    )
    theta = Origins(kinds, np.arange(j, dtype=np.intp))
    return {**out, "tariff": Origins.of_none((j, n, n)), "theta": theta}


def _sectors() -> dict[str, dict[str, str]]:
    with (HERE / "sectors_2022.csv").open(encoding="utf-8", newline="") as lines:
        return {row["sector"]: row for row in csv.DictReader(lines)}


def _theta(sectors: tuple[str, ...]) -> tuple[Array, tuple[str, ...]]:
    rows = _sectors()
    guessed = [s for s in sectors if rows[s]["status"] == "assumed"]
    said = f"trade elasticities of Caliendo and Parro; assumed for {', '.join(guessed)}"
    return np.array([float(rows[s]["theta"]) for s in sectors]), (said,)
