"""The result that every economy-wide model returns, whatever its equations.

Changes are ratios new/old and have no unit. Levels are in the money unit of the table that was
given, at the model's numeraire: only ratios of levels, and levels over world output, mean
something across models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.errors import NoCertifiedAnswer

Array = NDArray[np.float64]
Measure = Literal[
    "welfare", "real wage", "wage", "price index", "price", "employment", "output", "expenditure",
    "tariff revenue", "exports", "imports",
]  # fmt: skip
CERTIFIED = 1e-8
ALL_SECTORS = "all"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an equilibrium must satisfy, computed again from the answer itself.

    ``market_clearing``  worst over regions and sectors of |made − sold| over what is made, and over
                         regions of |exports − imports + deficit| over exports + imports
    ``budget``           worst over regions of |spent − income| over income; income is wages, tariff
                         revenue and the deficit
    ``numeraire``        distance of the numeraire from its value, relative
    ``steps``            evaluations of the model;  ``seconds``  wall time of the solve
    ``tolerance``        what all three must reach
    """

    market_clearing: float
    budget: float
    numeraire: float
    steps: int
    seconds: float
    tolerance: float = CERTIFIED

    @property
    def worst(self) -> float:
        """The largest of the three errors; infinite where one is not a number."""
        errors = np.abs([self.market_clearing, self.budget, self.numeraire])
        return float(errors.max()) if np.isfinite(errors).all() else float("inf")

    @property
    def ok(self) -> bool:
        """Whether all three are within tolerance."""
        return self.worst <= self.tolerance


class Row(NamedTuple):
    """One figure of a result: before and after are ratios (1 before) or levels, as ``unit`` says.

    ``change_pct`` is NaN where there was nothing before.
    """

    region: str
    sector: str
    measure: Measure
    before: float
    after: float
    change_pct: float
    unit: str


class TradeRow(NamedTuple):
    """Trade of one pair in one sector, without duty."""

    exporter: str
    importer: str
    sector: str
    before: float
    after: float
    change_pct: float
    unit: str


@dataclass(frozen=True)
class Levels:
    """Values of one equilibrium, in the money unit of the table.

    ``trade``        (J, N importer, N exporter), without duty; home sales on the diagonal
    ``output``       (J, N) sales of each sector
    ``expenditure``  (J, N) final and intermediate, duty included
    ``income``       (N,) what is spent on final goods: wages, tariff revenue, deficit
    ``revenue``      (N,) tariff revenue
    """

    trade: Array
    output: Array
    expenditure: Array
    income: Array
    revenue: Array

    @property
    def imports(self) -> Array:
        """(J, N) from abroad, without duty."""
        return self._abroad[0]

    @property
    def exports(self) -> Array:
        """(J, N) to abroad, without duty."""
        return self._abroad[1]

    @cached_property
    def _abroad(self) -> tuple[Array, Array]:
        # set to 0, not subtracted: what a closed country trades is less than rounding
        place = np.arange(self.trade.shape[1], dtype=np.intp)
        abroad = self.trade.copy()
        abroad[:, place, place] = 0.0
        return abroad.sum(axis=2), abroad.sum(axis=1)


@dataclass(frozen=True)
class Counterfactual:
    """An answer of an economy-wide model, never an uncertified one.

    ``model``        name of the model, and what it holds fixed
    ``regions`` (N), ``sectors`` (J)  labels, in the order of the arrays
    ``welfare``      (N,) change of the measure of welfare that the model states
    ``real_wage``    (N,) wage over price index;  ``wage`` (N,), ``price_index`` (N,)
    ``price``        (J, N) change of each sector's price index; ``None``: the model has none
    ``before``, ``after``  levels;  ``unit`` their money unit
    ``employment``   (N,) change; ``None``: labour is fixed
    ``decomposition``  name → (N,), parts of welfare, each named for what it is (per cent or log
                     points are said in its name)
    ``notes``        what was done to the data and what is not modelled, one sentence each

    Raises ``NoCertifiedAnswer`` when made with a certificate that is not ``ok``, and ``ValueError``
    where a shape is wrong.
    """

    model: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    welfare: Array
    real_wage: Array
    wage: Array
    price_index: Array
    price: Array | None
    before: Levels
    after: Levels
    certificate: Certificate
    unit: str = "money of the table"
    employment: Array | None = None
    decomposition: Mapping[str, Array] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.certificate.ok:
            raise NoCertifiedAnswer(_cause(self.certificate), "a smaller shock, or a check of data")
        many = len(self.regions)
        named = {"welfare": self.welfare, "real wage": self.real_wage, "wage": self.wage}
        named |= {"price index": self.price_index, **self.decomposition}
        if self.employment is not None:
            named["employment"] = self.employment
        for name, value in named.items():
            if value.shape != (many,) or not np.isfinite(value).all():
                raise ValueError(f"{name}: {value.shape}, expected ({many},) of finite numbers")
        wanted = (len(self.sectors), many, many)
        if self.after.trade.shape != wanted or self.before.trade.shape != wanted:
            raise ValueError(f"trade: {self.after.trade.shape}, expected {wanted}")

    @property
    def trade(self) -> Array:
        """(J, N importer, N exporter) new values without duty."""
        return self.after.trade

    @property
    def revenue(self) -> Array:
        """(N,) new tariff revenue."""
        return self.after.revenue

    def table(self) -> tuple[Row, ...]:
        """Return tidy rows: by region first, then by region and sector."""
        return (*self._by_region(), *self._by_sector())

    def trade_table(self) -> Iterator[TradeRow]:
        """Yield the trade of each pair and sector that trades before or after."""
        places = np.argwhere((self.before.trade != 0.0) | (self.after.trade != 0.0)).tolist()
        for j, n, i in places:
            exporter, importer, sector = self.regions[i], self.regions[n], self.sectors[j]
            old, new = float(self.before.trade[j, n, i]), float(self.after.trade[j, n, i])
            yield TradeRow(exporter, importer, sector, old, new, _percent(old, new), self.unit)

    def _by_region(self) -> Iterator[Row]:
        ratios: tuple[tuple[Measure, Array | None], ...] = (
            ("welfare", self.welfare), ("real wage", self.real_wage), ("wage", self.wage),
            ("price index", self.price_index), ("employment", self.employment),
        )  # fmt: skip
        levels: tuple[tuple[Measure, Array, Array], ...] = (
            ("tariff revenue", self.before.revenue, self.after.revenue),
            ("exports", self.before.exports.sum(axis=0), self.after.exports.sum(axis=0)),
            ("imports", self.before.imports.sum(axis=0), self.after.imports.sum(axis=0)),
        )
        for n, region in enumerate(self.regions):
            for measure, ratio in ratios:
                if ratio is not None:
                    yield _row(region, ALL_SECTORS, measure, 1.0, float(ratio[n]), "ratio")
            for measure, old, new in levels:
                yield _row(region, ALL_SECTORS, measure, float(old[n]), float(new[n]), self.unit)

    def _by_sector(self) -> Iterator[Row]:
        levels: tuple[tuple[Measure, Array, Array], ...] = (
            ("output", self.before.output, self.after.output),
            ("expenditure", self.before.expenditure, self.after.expenditure),
            ("exports", self.before.exports, self.after.exports),
            ("imports", self.before.imports, self.after.imports),
        )
        for j, sector in enumerate(self.sectors):
            for n, region in enumerate(self.regions):
                if self.price is not None:
                    yield _row(region, sector, "price", 1.0, float(self.price[j, n]), "ratio")
                for measure, old, new in levels:
                    yield _row(
                        region, sector, measure, float(old[j, n]), float(new[j, n]), self.unit
                    )

    def __repr__(self) -> str:
        """Answer first: who gains and loses most, then the certificate."""
        percent = 100.0 * (self.welfare - 1.0)
        order = np.argsort(-percent)
        ends = dict.fromkeys([*order[:2].tolist(), *order[-2:].tolist()])
        shown = ", ".join(f"{self.regions[n]} {percent[n]:+.3f} %" for n in ends)
        check = self.certificate
        return (
            f"<{self.model}: welfare {shown} ({len(self.regions)} regions, "
            f"{len(self.sectors)} sectors); worst error {check.worst:.0e}, "
            f"{check.steps} steps, {1e3 * check.seconds:.1f} ms>"
        )


def _cause(certificate: Certificate) -> str:
    parts = {
        "markets clear": certificate.market_clearing,
        "budgets hold": certificate.budget,
        "the numeraire holds": certificate.numeraire,
    }
    said = ", ".join(f"{name} to {error:.1e}" for name, error in parts.items())
    return f"{said} after {certificate.steps} steps; {certificate.tolerance:.0e} is needed"


def _percent(old: float, new: float) -> float:
    return 100.0 * (new / old - 1.0) if old != 0.0 else float("nan")


def _row(  # noqa: PLR0913, PLR0917 — the columns of the table, in their order
    region: str, sector: str, measure: Measure, old: float, new: float, unit: str
) -> Row:
    return Row(region, sector, measure, old, new, _percent(old, new), unit)
