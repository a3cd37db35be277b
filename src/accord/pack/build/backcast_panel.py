"""What eight years of trade and output before the duties say: drift of tastes, supply response.

Drift. With w = ln(flow/imports of the destination), the variance over origins of its change in h
years is a line in h: 2·noise² + drift²·h. Origins weigh by their mean tonnes, destinations and
years by how many origins they have. Only lanes of at least 5 kt at both ends count. The standard
error is the jackknife's over destinations (over origins where there is one destination).

Supply. The slope of Δ ln output of primary metal on Δ ln LME of the same and of the year before,
countries apart from China with own means, weighted by output; standard error clustered by country.
Prices are not set by one country, but shocks to supply that many share pull the slope down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.pack.build import facts, prices
from accord.pack.build.tables import Row, number

GOOD = "aluminium"
LEAST = 5.0
FEWEST = 3
LONGEST = 7
SMALLEST_MAKER = 50.0
FIRST, LAST = 2010, 2017
Flows = dict[tuple[int, str, str], float]
Moment = tuple[float, float, int]


def panel_rows(folder: Path) -> list[tuple[str, ...]]:
    """Return the moments: value, standard error, how many observations."""
    flows = _flows(facts.read(folder, "trade_by_region_2010_2017.csv"))
    us = {key: x for key, x in flows.items() if key[2] == "USA"}
    unit = "log/yr^0.5"
    said = "yearly drift of an origin's share, standard deviation of its logarithm"
    noise = "noise of a reported share, standard deviation of its logarithm"
    rows = [
        _row("drift_us", _jackknife(us, 1, lambda x: _drift(x)[0]), unit, f"{said}; US imports"),
        _row("noise_us", _jackknife(us, 1, lambda x: _drift(x)[1]), "log", f"{noise}; US imports"),
        _row("drift_all", _jackknife(flows, 2, lambda x: _drift(x)[0]), unit, said),
        _row("noise_all", _jackknife(flows, 2, lambda x: _drift(x)[1]), "log", noise),
        _row("total_us", _total(us), unit, "yearly change of total US imports, root mean square"),
    ]
    first, second, both = _supply(folder)
    slope = "slope of the log of output on the log of LME"
    return [
        *rows,
        _row("supply_same_year", first, "1", f"{slope} of the same year"),
        _row("supply_year_before", second, "1", f"{slope} of the year before"),
        _row("supply", both, "1", f"{slope}, sum of both years"),
    ]


def _row(name: str, moment: Moment, unit: str, note: str) -> tuple[str, ...]:
    value, error, count = moment
    source = "usgs_milovanoff; pink_sheet" if name.startswith("supply") else "comtrade"
    values = (number(value, 4), number(error, 4), str(count))
    return (name, GOOD, *values, unit, source, "derived", note)


def _flows(rows: Sequence[Row]) -> Flows:
    """Return flows between regions as importers reported them, kt."""
    found: Flows = {}
    for row in rows:
        value = facts.value(row["kt_reported_by_importer"])
        if row["stage"] == GOOD and row["exporter"] != row["importer"] and value:
            found[int(row["year"]), row["exporter"], row["importer"]] = value
    return found


def _jackknife(flows: Flows, place: int, statistic: Callable[[Flows], float]) -> Moment:
    """Return a statistic, its standard error leaving one region out at a time, and the lanes."""
    regions = sorted({key[place] for key in flows})
    left = [statistic({k: x for k, x in flows.items() if k[place] != r}) for r in regions]
    n = len(left)
    spread = sum((v - sum(left) / n) ** 2 for v in left)
    lanes = {key[1:] for key, x in flows.items() if x >= LEAST}
    return statistic(flows), math.sqrt((n - 1) / n * spread), len(lanes)


def _drift(flows: Flows) -> tuple[float, float]:
    """Return (drift a year, noise): roots of the slope and of half the intercept."""
    variances: list[float] = []
    counts: list[int] = []
    for span in range(1, LONGEST + 1):
        variance, count = _variance(flows, span)
        variances.append(variance)
        counts.append(count)
    weight = np.array(counts, dtype=float)
    span = np.arange(1.0, LONGEST + 1.0)
    centre = (weight @ span) / weight.sum()
    slope = float((weight * (span - centre)) @ np.array(variances)) / float(
        weight @ (span - centre) ** 2
    )
    intercept = float(weight @ np.array(variances)) / float(weight.sum()) - slope * float(centre)
    return math.sqrt(max(slope, 0.0)), math.sqrt(max(intercept, 0.0) / 2.0)


def _variance(flows: Flows, span: int) -> tuple[float, int]:
    """Return the variance over origins of the log change in ``span`` years, and the lanes."""
    pairs: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for (year, origin, destination), x in flows.items():
        later = flows.get((year + span, origin, destination), 0.0)
        if min(x, later) >= LEAST:
            pairs.setdefault((year, destination), []).append((x, later))
    wide = [held for held in pairs.values() if len(held) >= FEWEST]
    count = sum(len(held) for held in wide)
    total = sum(_spread(held) * len(held) for held in wide)
    return (total / count, count) if count else (0.0, 0)


def _spread(pairs: list[tuple[float, float]]) -> float:
    weight = np.array([math.sqrt(a * b) for a, b in pairs])
    weight = weight / weight.sum()
    change = np.array([math.log(b / a) for a, b in pairs])
    mean = weight @ change
    return float(weight @ (change - mean) ** 2) / float(1.0 - weight @ weight)


def _total(us: Flows) -> Moment:
    totals = [sum(x for k, x in us.items() if k[0] == year) for year in range(FIRST, LAST + 1)]
    changes = np.diff(np.log(np.array(totals)))
    n = len(changes)
    size = math.sqrt(float(changes @ changes) / n)
    return size, size / math.sqrt(2.0 * n), n


def _supply(folder: Path) -> tuple[Moment, Moment, Moment]:
    """Return the slopes on this and last year's price, and their sum."""
    price = {int(year): value for year, value in prices.lme(folder).items()}
    made: dict[str, dict[int, float]] = {}
    for row in facts.read(folder, "production_usgs_2010_2017.csv"):
        value = facts.value(row["value_kt"])
        if row["stage"] == "primary_aluminium" and value and row["iso3"] != "CHN":
            made.setdefault(row["iso3"], {})[int(row["year"])] = value
    x: list[tuple[float, float]] = []
    y: list[float] = []
    weight: list[float] = []
    group: list[str] = []
    for country, output in sorted(made.items()):
        for year in range(FIRST + 1, LAST + 1):
            before = output.get(year - 1, 0.0)
            if before >= SMALLEST_MAKER and output.get(year):
                now = math.log(price[year] / price[year - 1])
                x.append((now, math.log(price[year - 1] / price[year - 2])))
                y.append(math.log(output[year] / before))
                weight.append(before)
                group.append(country)
    return _slopes(np.array(x), np.array(y), np.array(weight), np.array(group))


Column = NDArray[np.float64]


def _slopes(
    x: Column, y: Column, weight: Column, group: NDArray[np.str_]
) -> tuple[Moment, Moment, Moment]:
    """Return weighted slopes within groups and their sum, with clustered standard errors."""
    x, y = x.copy(), y.copy()
    for name in set(group.tolist()):
        held = group == name
        w = weight[held] / weight[held].sum()
        x[held] -= w @ x[held]
        y[held] -= w @ y[held]
    bread = np.linalg.inv(x.T @ (weight[:, None] * x))
    slope = bread @ (x.T @ (weight * y))
    left = y - x @ slope
    scores = [
        (x[group == name] * (weight * left)[group == name, None]).sum(axis=0)
        for name in sorted(set(group.tolist()))
    ]
    meat = sum((np.outer(s, s) for s in scores), np.zeros((2, 2)))
    cover = bread @ meat @ bread
    errors = np.sqrt(np.diag(cover))
    n = len(y)
    both = (float(slope.sum()), math.sqrt(float(cover.sum())), n)
    return (float(slope[0]), float(errors[0]), n), (float(slope[1]), float(errors[1]), n), both
