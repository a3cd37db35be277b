"""Enlargement of the European Union, 44 economies: one sector in changes, additive deficits.

``w_eu`` of the published file is the change of real expenditure, E′/(E·P̂), and not of the wage. The
published file is read where it is; a world of equal countries is checked everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from accord.cases.case import Data, Quantity
from accord.cases.published import columns, numbers, published_folder
from accord.economy.baseline import Array, Shock
from accord.economy.one_sector import OneSector, one_sector_baseline

FILE = "data_and_additive_results.csv.gz"


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield a world by hand, then welfare of some countries and the largest differences."""
    by_hand = data["by_hand"]
    yield Quantity(
        "equal countries, welfare", by_hand["welfare"], _equal(by_hand), by_hand["tolerance"]
    )
    published, tolerance = data["published"], data["tolerance"]
    found = _published(data)
    for country, shown in published["welfare"].items():
        yield Quantity(f"welfare, {country}", shown, found.get(country), tolerance)
    for name in ("welfare", "flows"):
        yield Quantity(
            f"{name}, largest difference over 44 countries", 0.0, found.get(name), tolerance
        )


def _equal(by_hand: Data) -> float:
    """Return welfare where all countries are the same and all trade costs fall alike."""
    regions, home = by_hand["regions"], by_hand["home_share"]
    trade = np.full((len(regions), len(regions)), (1.0 - home) / (len(regions) - 1))
    np.fill_diagonal(trade, home)
    cost = np.where(np.eye(len(regions)) > 0.0, 1.0, by_hand["trade_cost"])
    world = OneSector(one_sector_baseline(regions, trade, by_hand["theta"]))
    return float(world.counterfactual(Shock(trade_cost=cost[None])).welfare[0])


def _published(data: Data) -> dict[str, float]:
    folder = published_folder("ge_gravity_eu_enlargement")
    if folder is None:
        return {}
    table = columns(folder / FILE)
    regions = tuple(sorted(set(table["exporter"])))
    trade, after = (_matrix(table, regions, name) for name in ("trade", "X_eu"))
    effect = _matrix(table, regions, "eu_effect")
    shown = dict(zip(table["exporter"], numbers(table["w_eu"]).tolist(), strict=True))
    world = OneSector(one_sector_baseline(regions, trade, data["theta"]))
    answer = world.counterfactual(Shock(trade_cost=np.exp(-effect / data["theta"])[None]))
    found = dict(zip(regions, answer.welfare.tolist(), strict=True))
    gap = max(abs(found[region] - shown[region]) for region in regions)
    return found | {"welfare": gap, "flows": float(np.abs(answer.trade[0] / after - 1.0).max())}


def _matrix(table: dict[str, list[str]], regions: tuple[str, ...], name: str) -> Array:
    """Return a column of pairs as (importer, exporter)."""
    place = {region: n for n, region in enumerate(regions)}
    matrix = np.zeros((len(regions), len(regions)))
    at = [[place[label] for label in table[side]] for side in ("importer", "exporter")]
    matrix[at[0], at[1]] = numbers(table[name])
    return matrix
