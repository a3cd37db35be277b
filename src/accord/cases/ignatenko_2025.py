"""The tariffs of April 2025: 194 countries, every printed figure, and the map's every number.

The published files are read where they are. Three countries alike, solved by hand, are checked
everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.cases.case import Data, Quantity
from accord.cases.published import columns, numbers, published_folder
from accord.economy.ignatenko import Point, Tariffs, counterfactual, solve
from accord.economy.ignatenko_tariffs import import_duties, optimal_duty_formula
from accord.economy.ignatenko_world import (
    Parameters,
    TariffWorld,
    fitted_local_shares,
    world_from_trade,
)
from accord.errors import NoCertifiedAnswer

Array = NDArray[np.float64]
OTHERS = "non_US_expenditure_weighted_average"
MEASURES = (
    "welfare", "deficit", "exports over output", "imports over output", "employment", "prices",
    "revenue over spending",
)  # fmt: skip
LABELS = {
    "ustr_tariffs_income_tax_relief": "announced",
    "ustr_tariffs_lump_sum": "handed out",
    "optimal_us_tariff_income_tax_relief": "best duty",
    "trade_elasticity_8": "elasticity 8",
    "eaton_kortum_krugman_phi1_nu0": "no local costs",
    "balanced_trade": "balanced, open",
}
THOUSAND = 1000.0  # trade is in thousands of dollars, output in dollars


@dataclass(frozen=True)
class Published:
    """The published base and the experiments on it; each gives (N, 7) measures."""

    folder: Path
    data: Data

    @cached_property
    def world(self) -> TariffWorld:
        """194 countries; trade in thousands of dollars."""
        flows = columns(self.folder / "trade_cepii.csv")  # a column an importer
        trade = np.array([numbers(flow) for flow in flows.values()])
        output = numbers(columns(self.folder / "gdp.csv")["gdp"]) / THOUSAND
        regions = columns(self.folder / "country_labels.csv")["iso3"]
        first, second = self.data["moments"]
        share = fitted_local_shares(trade, output, regions.index(self.country), (first, second))
        return world_from_trade(regions, trade, output, share)

    @property
    def country(self) -> str:
        """The country that imposes duties."""
        return self.data["country"]

    @cached_property
    def duties(self) -> Array:
        """The announced duties (N, N)."""
        applied = numbers(columns(self.folder / "tariffs.csv")["applied_tariff"])
        rates = np.maximum(applied, self.data["lowest_duty"])
        return import_duties(self.world, self.country, rates)

    @cached_property
    def experiments(self) -> Mapping[str, Array]:
        """Name → measures (N, 7), per cent but for the last, a share."""
        world, duties = self.world, self.duties
        best = import_duties(world, self.country, optimal_duty_formula(world, self.country))
        plain = replace(world, local_share=np.zeros(world.count), notes=())
        twice = Parameters(trade_elasticity=2.0 * Parameters().trade_elasticity)
        return {
            "ustr_tariffs_income_tax_relief": _solved(world, Tariffs(duties)),
            "ustr_tariffs_lump_sum": _solved(world, Tariffs(duties, "lump sum")),
            "optimal_us_tariff_income_tax_relief": _solved(world, Tariffs(best)),
            "trade_elasticity_8": _solved(world, Tariffs(duties), twice),
            "eaton_kortum_krugman_phi1_nu0": _solved(plain, Tariffs(duties)),
            "balanced_trade": self._balanced(),
        }

    def _balanced(self) -> Array:
        """Return the printed difference of two points whose transfers do not add up to 0."""
        world, n = self.world, self.world.regions.index(self.country)
        transfer = world.transfer - (world.trade[:, n] - world.trade[n])
        transfer[n] = 0.0
        forgone = np.zeros(world.count)
        forgone[world.regions.index(self.data["left_open"])] = transfer.sum()
        points = (
            solve(world, Tariffs(duty, transfer=transfer, forgone=forgone))[0]
            for duty in (np.zeros_like(self.duties), self.duties)
        )
        before, after = (measures(point) for point in points)
        return after - before


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the world by hand, then every printed figure and the map."""
    yield from _by_hand(data["by_hand"])
    folder = published_folder("ignatenko_2025")
    case = None if folder is None else Published(folder, data)
    yield from _tables(data, case)
    yield from _revenue(data, case)
    gaps: tuple[float | None, ...] = (None,) * len(MEASURES)
    if case is not None:
        table = columns(case.folder / "output_map.csv")
        shown = np.column_stack([numbers(table[f"Value_{k}"]) for k in range(1, 8)])
        found = case.experiments["ustr_tariffs_income_tax_relief"]
        gaps = tuple(np.abs(found - shown).max(axis=0).tolist())
    for measure, gap in zip(MEASURES, gaps, strict=True):
        yield Quantity(f"map, {measure}: largest gap", 0.0, gap, data["map_tolerance"])


def measures(point: Point) -> Array:
    """Return the paper's columns (N, 7): per cent, the last a share of base spending."""
    world, after = point.world, point.trade
    abroad = 1.0 - np.eye(world.count)
    deficit = world.expenditure - world.trade.sum(axis=0)
    new_deficit = after.sum(axis=1) - after.sum(axis=0)
    ratios = [
        point.welfare,
        1.0 + (new_deficit - deficit) / np.abs(deficit),
        *(
            (after * abroad).sum(axis=k) / point.output
            / ((world.trade * abroad).sum(axis=k) / world.output)
            for k in (0, 1)
        ),
        point.labour,
        point.price,
    ]  # fmt: skip
    changes = [100.0 * (ratio - 1.0) for ratio in ratios]
    return np.column_stack([*changes, point.revenue / world.expenditure])


def _solved(world: TariffWorld, tariffs: Tariffs, parameters: Parameters | None = None) -> Array:
    point, certificate = solve(world, tariffs, parameters)
    if not certificate.ok:
        cause = f"the point found misses its own checks by {certificate.worst:.1e}"
        raise NoCertifiedAnswer(cause, "smaller duties")
    return measures(point)


def _tables(data: Data, case: Published | None) -> Iterator[Quantity]:
    """Yield welfare as printed, and how far the other figures are, in units of the last digit."""
    printed: dict[str, Any] = {}
    if case is not None:
        printed = json.loads((case.folder / "published.json").read_text("utf-8"))
    for who in (data["country"], OTHERS):
        for name, welfare in data["published"][who].items():
            found = None if case is None else _row(case, who, name)
            label = f"{'others' if who == OTHERS else who}, {LABELS[name]}"
            computed = None if found is None else float(found[0])
            yield Quantity(f"{label}: welfare", welfare, computed, _half(data["digits"][0]))
            gap = None if found is None else _digits_off(data, printed[who][name], found)
            yield Quantity(f"{label}: rest, digits off", 0.0, gap, 0.5 + 1e-9)


def _row(case: Published, who: str, name: str) -> Array:
    """Return the country's measures (7,), or the others' average weighted by spending."""
    found, world = case.experiments[name], case.world
    n = world.regions.index(case.country)
    if who != OTHERS:
        return found[n]
    weight = np.where(np.arange(world.count) == n, 0.0, world.expenditure)
    return weight @ found / weight.sum()


def _digits_off(data: Data, printed: list[float | None], found: Array) -> float:
    pairs = list(zip(printed, found[: len(printed)], data["digits"], strict=True))[1:]
    return max(abs(f - p) * 10.0**digits for p, f, digits in pairs if p is not None)


def _revenue(data: Data, case: Published | None) -> Iterator[Quantity]:
    names = {
        "ustr": "ustr_tariffs_income_tax_relief",
        "optimal": "optimal_us_tariff_income_tax_relief",
    }
    for name, share in data["published"]["tariff_revenue_pct_of_gdp"].items():
        found = None
        if case is not None:
            found = 100.0 * float(_row(case, data["country"], names[name])[-1])
        yield Quantity(f"{data['country']}, {name}: revenue, % of spending", share, found, _half(2))


def _half(digits: int) -> float:
    """Return half a unit of the last printed digit."""
    return 0.5 * 10.0**-digits + 1e-12


def _by_hand(data: Data) -> Iterator[Quantity]:
    abroad, duty, local = data["abroad"], data["duty"], data["local_share"]
    trade = np.full((3, 3), abroad) + np.diag([1.0 - 3.0 * abroad] * 3)
    world = TariffWorld(("a", "b", "c"), trade, np.full(3, local))
    answer = counterfactual(world, Tariffs(duty * (1.0 - np.eye(3))))
    labour, income = alike_by_hand(abroad, duty, local, Parameters())
    if answer.employment is not None:
        found = float(answer.employment[0])
        yield Quantity("three alike by hand, employment", labour, found, data["tolerance"])
    found = float(answer.real_wage[0])
    yield Quantity("three alike by hand, real wage", income, found, data["tolerance"])


def alike_by_hand(
    abroad: float, duty: float, local: float, parameters: Parameters
) -> tuple[float, float]:
    """Return employment and the real wage, new over old, of three countries alike.

    Each buys ``abroad`` of its spending from each other, taxed at ``duty``; see the data file.
    """
    elasticity, supply = parameters.trade_elasticity, parameters.labour_supply
    spread = parameters.dispersion
    phi = (1.0 + spread) / ((1.0 - local) * spread) - 1.0 / spread
    foreign = 2.0 * abroad * (1.0 + duty) ** (-elasticity * phi)
    k = 1.0 - 2.0 * abroad + foreign
    paid = foreign / k * duty / (1.0 + duty)
    kept, cheap = np.log(1.0 - paid), np.log(k) / elasticity
    raised = (2.0 - phi) * kept + cheap - np.log(1.0 - 2.0 * paid)
    labour = np.exp(supply * raised / (1.0 - supply * (phi - 1.0 + 1.0 / spread)))
    wage = np.exp((phi - 1.0 + 1.0 / spread) * np.log(labour) + (1.0 - phi) * kept + cheap)
    return float(labour), float(wage)
