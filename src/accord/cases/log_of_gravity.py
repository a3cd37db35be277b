"""The log of gravity: trade of 136 countries in 1990, by PPML and by least squares of logs.

The published data are read where they are; a world of five flows is checked everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from accord.cases.case import Data, Quantity
from accord.cases.published import columns, numbers, published_folder
from accord.economy.gravity import Estimates, estimate

NAMES = (
    "log distance, PPML", "standard error, PPML",
    "log distance, least squares", "standard error, least squares",
)  # fmt: skip


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the estimates by hand, then the published coefficients of distance."""
    yield from _by_hand(data["by_hand"])
    shown = (*data["published"]["ppml"], *data["published"]["ols"])
    found = _published(data)
    for name, published, computed in zip(NAMES, shown, found, strict=True):
        yield Quantity(name, published, computed, data["tolerance"])


def _published(data: Data) -> tuple[float | None, ...]:
    folder = published_folder("log_of_gravity")
    if folder is None:
        return (None,) * len(NAMES)
    table = columns(folder / "log_of_gravity.csv.gz")
    trade = numbers(table["trade"])
    variables = {name: numbers(table[name]) for name in data["variables"]}
    poisson = estimate(trade, variables, {})
    logs = estimate(trade, variables, {}, estimator="log-linear")
    return (*_pair(poisson, "ldist"), *_pair(logs, "ldist"))


def _by_hand(data: Data) -> Iterator[Quantity]:
    trade = np.array(data["trade"], dtype=np.float64)
    variables = {"agreement": np.array(data["agreement"], dtype=np.float64)}
    poisson = _pair(estimate(trade, variables, {}), "agreement")
    logs = _pair(estimate(trade, variables, {}, estimator="log-linear"), "agreement")
    shown = (*data["ppml"], data["ols"])
    names = ("PPML", "PPML's standard error", "least squares")
    for name, published, computed in zip(names, shown, (*poisson, logs[0]), strict=True):
        yield Quantity(f"five flows by hand, {name}", published, computed, data["tolerance"])


def _pair(estimates: Estimates, variable: str) -> tuple[float, float]:
    row = estimates[variable]
    return row.coefficient, row.standard_error
