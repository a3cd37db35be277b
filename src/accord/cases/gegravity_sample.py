"""The sample of the package gegravity, 30 countries: what it asks, answered so that markets clear.

The package stops before its markets clear, so it is compared with an exact solution of the same
model: deficits stay the same share of output, and Germany's price index is the unit of money. The
smaller experiment's sample is restated here; the others are read where they are published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from accord.cases.case import Data, Quantity
from accord.cases.published import columns, numbers, published_folder
from accord.economy.baseline import Array, Shock
from accord.economy.one_sector import OneSector, one_sector_baseline

MEASURES = ("factory gate price", "real GDP")


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield changes in per cent: restated experiments, then the largest gaps of published ones."""
    regions, tolerance = tuple(data["regions"]), data["tolerance"]
    base = np.array(data["trade"], dtype=np.float64)  # (exporter, importer)
    for experiment in data["experiments"]:
        power = np.ones_like(base)
        for exporter, importer, ratio in experiment["cost_to_the_power_of_minus_theta"]:
            power[regions.index(exporter), regions.index(importer)] = ratio
        found = _changes(regions, base, power, data)
        for measure, change in zip(MEASURES, found, strict=True):
            shown = np.array(experiment[measure.replace(" ", "_")], dtype=np.float64)
            for n in (int(np.argmax(shown)), int(np.argmin(shown))):
                yield Quantity(
                    f"{experiment['name']}, {measure} of {regions[n]}, %",
                    float(shown[n]), float(change[n]), tolerance,
                )  # fmt: skip
            yield Quantity(
                f"{experiment['name']}, {measure}, largest difference, 30 countries",
                0.0, float(np.abs(change - shown).max()), tolerance,
            )  # fmt: skip
    yield from _published(data)


def _published(data: Data) -> Iterator[Quantity]:
    """Yield the largest differences of the experiments in the published folder."""
    folder = published_folder("gegravity_sample")
    for name in data["published_experiments"]:
        gaps: tuple[float | None, ...] = (None, None)
        if folder is not None:
            gaps = _gaps(folder, name, data)
        for measure, gap in zip(MEASURES, gaps, strict=True):
            yield Quantity(
                f"{name}, {measure}, largest difference, published files",
                0.0, gap, data["tolerance"],
            )  # fmt: skip


def _gaps(folder: Path, name: str, data: Data) -> tuple[float, ...]:
    country, pairs = (
        columns(folder / f"{name}_country.csv"),
        columns(folder / f"{name}_bilateral.csv"),
    )
    regions = tuple(country["country"])
    place = {region: n for n, region in enumerate(regions)}
    at = [[place[label] for label in pairs[side]] for side in ("exporter", "importer")]
    base, power = np.zeros((len(regions),) * 2), np.ones((len(regions),) * 2)
    base[at[0], at[1]] = numbers(pairs["baseline_modeled_trade"])
    before = numbers(pairs["cost_base_t_pow_1_minus_sigma"])
    power[at[0], at[1]] = numbers(pairs["cost_exp_t_pow_1_minus_sigma"]) / before
    found = _changes(regions, base, power, data)
    shown = [numbers(country[f"exact: {measure} change (percent)"]) for measure in MEASURES]
    return tuple(
        float(np.abs(change - exact).max()) for change, exact in zip(found, shown, strict=True)
    )


def _changes(regions: Sequence[str], trade: Array, power: Array, data: Data) -> tuple[Array, Array]:
    """Return changes of producer prices, in units of Germany's index, and of real GDP, per cent."""
    theta = data["theta"]
    world = OneSector(one_sector_baseline(regions, trade.T, theta))
    cost = power.T[None] ** (-1.0 / theta)
    answer = world.counterfactual(Shock(trade_cost=cost, deficits="multiplicative"))
    unit = answer.price_index[list(regions).index(data["reference_importer"])]
    return 100.0 * (answer.wage / unit - 1.0), 100.0 * (answer.real_wage - 1.0)
