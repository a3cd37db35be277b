"""Scarf and Hansen's activity analysis: 14 goods, 26 activities, 4 consumers.

    Σ endowments + Σ net output·level − Σ_h share·income_h/price ≥ 0   ⟂   price ≥ 0
    − Σ net output·price ≥ 0 (no activity makes a profit)             ⟂   level ≥ 0

Income is the value of a consumer's endowment; the numeraire's price is 1 and its market clears by
Walras's law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.cases.case import Data, Quantity
from accord.cases.numerics import solve

Matrix = NDArray[np.float64]
LOWEST_PRICE = 1e-8


@dataclass(frozen=True)
class _Economy:
    """Net output (G, A), endowments (G, H), budget shares (G, H), place of the numeraire."""

    net_output: Matrix
    endowment: Matrix
    share: Matrix
    numeraire: int

    def prices(self, z: NDArray[Any]) -> NDArray[Any]:
        """Return all prices (G,), the numeraire's among them."""
        return np.insert(z[: len(self.share) - 1], self.numeraire, 1.0)

    def conditions(self, z: NDArray[Any]) -> NDArray[Any]:
        """Return excess supply of all goods but the numeraire, then losses of activities."""
        price, level = self.prices(z), z[len(self.share) - 1 :]
        income = price @ self.endowment
        excess = self.endowment.sum(axis=1) + self.net_output @ level - self.share @ income / price
        return np.concatenate([np.delete(excess, self.numeraire), -(price @ self.net_output)])


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the income of each consumer."""
    economy = _economy(data)
    goods, activities = len(data["commodities"]), int(data["activities"])
    count = goods - 1 + activities
    z = solve(
        economy.conditions,
        np.ones(count),
        lower=np.repeat([LOWEST_PRICE, 0.0], [goods - 1, activities]),
        scale=np.ones(count),
        size=np.ones(count),
    )
    income = economy.prices(z) @ economy.endowment
    shown = data["published"]["income"]
    for consumer, published, found in zip(data["consumers"], shown, income, strict=True):
        yield Quantity(f"income of {consumer}", published, float(found), data["tolerance"])


def _economy(data: Data) -> _Economy:
    goods: list[str] = data["commodities"]
    net_output = np.zeros((len(goods), data["activities"]))
    for activity, good, amount in data["net_output"]:
        net_output[goods.index(good), activity - 1] = amount
    return _Economy(
        net_output,
        _table(goods, data["endowment"], len(data["consumers"])),
        _table(goods, data["budget_share"], len(data["consumers"])),
        goods.index(data["numeraire"]),
    )


def _table(goods: list[str], rows: list[list[Any]], width: int) -> Matrix:
    table = np.zeros((len(goods), width))
    for good, *amounts in rows:
        table[goods.index(good)] = amounts
    return table
