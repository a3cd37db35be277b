"""A world without borders: the guide's first two applications of structural gravity.

69 countries. PPML with effects of exporters and importers, then the border effect is set to 0: the
conditional answer, the full one solved exactly, and the guide's own loop, which ends before its
markets clear. The panel adds effects of years and pairs. Published data are read where they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.cases.agtpa_loop import printed_loop
from accord.cases.case import Data, Quantity
from accord.cases.published import columns, numbers, published_folder
from accord.economy.full_endowment import full_endowment
from accord.economy.gravity import Estimates, estimate
from accord.economy.multilateral import GravityWorld, conditional

Array = NDArray[np.float64]
GENERAL = (
    "conditional: inward resistance, gap pp", "conditional: outward resistance, gap pp",
    "conditional: exports, gap pp", "printed loop: price, gap pp",
    "printed loop: inward resistance, gap pp", "printed loop: real output, gap pp",
    "cleared exactly: real output, gap pp",
)  # fmt: skip


@dataclass(frozen=True)
class Matrices:
    """What the first application works on, (N importer, N exporter) each."""

    regions: tuple[str, ...]
    observed: Array
    fitted: Array
    change: Array
    reference: int
    substitution: float

    @property
    def world(self) -> GravityWorld:
        """The fitted world."""
        reference = self.regions[self.reference]
        return GravityWorld(self.regions, self.fitted, self.substitution, reference)


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield the world by hand, the coefficients, and how far each answer is from the printed."""
    yield from _by_hand(data)
    folder = published_folder("agtpa_ch2")
    names = ("ln_DIST", "CNTG", "INTL_BRDR")
    cross = None if folder is None else _cross_section(folder)
    for name in names:
        found = None if cross is None else cross[0][name].coefficient
        tolerance = data["published"].get(f"{name}_tolerance", data["coefficient_tolerance"])
        yield Quantity(f"2006, {name}", data["published"][name], found, tolerance)
    panel = None if folder is None else _panel(folder)["RTA"].coefficient
    yield Quantity("panel, RTA", data["published"]["RTA"], panel, data["coefficient_tolerance"])
    gaps: tuple[float | None, ...] = (None,) * len(GENERAL)
    if folder is not None and cross is not None:
        gaps = tuple(_gaps(folder, _matrices(data, *cross), data["loop_ends"]))
    limits = (*(data["conditional_tolerance"],) * 3, *(data["loop_tolerance"],) * 3)
    for name, gap, limit in zip(GENERAL, gaps, (*limits, data["exact_tolerance"]), strict=True):
        yield Quantity(name, 0.0, gap, limit)


def _cross_section(folder: Path) -> tuple[Estimates, dict[str, list[str]]]:
    table = columns(folder / "app1_trade_2006.csv.gz")
    abroad = np.array(table["exporter"]) != np.array(table["importer"])
    variables = {
        "ln_DIST": np.log(numbers(table["DIST"])),
        "CNTG": numbers(table["CNTG"]),
        "INTL_BRDR": abroad.astype(np.float64),
    }
    effects = {name: table[name] for name in ("exporter", "importer")}
    return estimate(numbers(table["trade"]), variables, effects), table


def _panel(folder: Path) -> Estimates:
    table = columns(folder / "app2_panel.csv.gz")
    year = table["year"]
    effects = {
        f"{side}-year": [f"{a} {b}" for a, b in zip(table[side], year, strict=True)]
        for side in ("exporter", "importer")
    }
    pair = table["pair_id"]
    return estimate(
        numbers(table["trade"]),
        {"RTA": numbers(table["RTA"])},
        {**effects, "pair": pair},
        cluster=pair,
        drop_separated=True,
    )


def _matrices(data: Data, estimates: Estimates, table: dict[str, list[str]]) -> Matrices:
    regions = tuple(sorted(set(table["exporter"])))
    place = {name: k for k, name in enumerate(regions)}
    cells = (
        np.array([place[name] for name in table["importer"]]),
        np.array([place[name] for name in table["exporter"]]),
    )
    observed, fitted = np.zeros((2, len(regions), len(regions)))
    observed[cells], fitted[cells] = numbers(table["trade"]), estimates.fitted
    border = estimates["INTL_BRDR"].coefficient
    change = np.where(np.eye(len(regions)) == 1.0, 1.0, np.exp(-border))
    return Matrices(
        regions, observed, fitted, change, place[data["reference"]], data["substitution"]
    )


def _gaps(folder: Path, m: Matrices, ends: float) -> Iterator[float]:
    """Yield the largest distance of each answer from the printed one, percentage points."""
    buyers = columns(folder / "1_TradeWithoutBorder_FULL_CONS.csv")
    makers = columns(folder / "1_TradeWithoutBorder_FULL_PROD.csv")

    def printed(table: dict[str, list[str]], name: str) -> Array:
        by_name = dict(zip(table["country"], numbers(table[name]), strict=True))
        return np.array([by_name[region] for region in m.regions])

    fixed = conditional(m.world, m.change)
    yield _gap(_percent(fixed.inward), printed(buyers, "change_IMR_CDL"))
    yield _gap(_percent(fixed.outward), printed(makers, "change_OMR_CDL"))
    abroad = 1.0 - np.eye(len(m.regions))
    exports = (fixed.trade * abroad).sum(axis=0) / (m.fitted * abroad).sum(axis=0)
    yield _gap(_percent(exports), printed(makers, "change_Xi_CDL"))
    price = 1.0 + printed(makers, "change_price_FULL") / 100.0
    index = 1.0 + printed(buyers, "change_IMR_FULL") / 100.0
    loop = printed_loop(m.observed, m.fitted, m.change, m.substitution, m.reference, ends)
    yield _gap(_percent(loop.price), _percent(price))
    yield _gap(_percent(loop.inward), _percent(index))
    yield _gap(_percent(loop.price / loop.inward), _percent(price / index))
    exact = full_endowment(m.world, m.change)
    yield _gap(_percent(exact.real_wage), _percent(price / index))


def _by_hand(data: Data) -> Iterator[Quantity]:
    hand = data["by_hand"]
    home = float(hand["home"])
    other = 0.5 * (1.0 - home)
    trade: Array = np.where(np.eye(3) == 1.0, home, other)
    border = (1.0 - np.eye(3)).ravel()
    labels = ["a", "b", "c"]
    effects = {"importer": [*np.repeat(labels, 3)], "exporter": [*np.tile(labels, 3)]}
    found = estimate(trade.ravel(), {"border": border}, effects)["border"].coefficient
    yield Quantity("three alike by hand, border", hand["border"], found, hand["tolerance"])
    world = GravityWorld(("a", "b", "c"), trade, data["substitution"], "a")
    change = np.where(np.eye(3) == 1.0, 1.0, np.exp(-found))
    income = float(full_endowment(world, change).real_wage[0])
    name = "three alike by hand, real income"
    yield Quantity(name, hand["real_income"], income, hand["tolerance"])


def _percent(ratio: Array) -> Array:
    return 100.0 * (ratio - 1.0)


def _gap(computed: Array, printed: Array) -> float:
    return float(np.abs(computed - printed).max())
