"""Who uses the metal: shares of each region's purchases, from a world input-output table.

The table has non-ferrous metals as one sector. What that sector buys of itself (ore to metal,
metal to sheet) passes through it and is left out; the shares are those of everybody else.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.pack.build.inputs import Inputs
from accord.pack.build.tables import number

TABLE = "../economy/world_2022_intermediates.npz"
YEAR = "2022"
SELLER = "NFMETAL"
OTHER = "all-others"
DECIMALS = 4


def rows(folder: Path, inputs: Inputs, good: str) -> list[tuple[str, ...]]:
    """Return the rows of downstream_users.csv; each region's shares add up to 1 exactly."""
    with np.load(folder / TABLE) as table:
        regions = [str(x) for x in table["regions"]]
        sectors = [str(x) for x in table["sectors"]]
        bought = _bought(table["intermediate"], len(regions), sectors.index(SELLER))
    bought[:, sectors.index(SELLER)] = 0.0
    user = {row["sector"]: row["user"] for row in inputs.rows("downstream_sectors")}
    found: list[tuple[str, ...]] = []
    for row in inputs.rows("downstream_regions"):
        own = bought[[regions.index(code) for code in row["taken_from"].split()]].sum(axis=0)
        for name, share in _shares(own, sectors, user).items():
            value = number(share, DECIMALS)
            origin = ("fraction", YEAR, "oecd_icio", row["status"])
            found.append((good, row["region"], name, value, *origin))
    return found


def _bought(table: NDArray[np.float32], count: int, seller: int) -> NDArray[np.float64]:
    """Return what each sector of each region buys of the seller's products from everywhere."""
    size = table.shape[0] // count
    return table.astype(np.float64).reshape(count, size, count, size)[:, seller].sum(axis=0)


def _shares(
    bought: NDArray[np.float64], sectors: list[str], user: dict[str, str]
) -> dict[str, float]:
    """Return rounded shares by user; what rounding leaves goes to all others."""
    total = float(bought.sum())
    shares: dict[str, float] = {}
    for sector, amount in zip(sectors, bought.tolist(), strict=True):
        name = user.get(sector)
        if name is not None:
            shares[name] = shares.get(name, 0.0) + amount / total
    rounded = {name: round(share, DECIMALS) for name, share in shares.items()}
    return rounded | {OTHER: round(1.0 - sum(rounded.values()), DECIMALS)}
