"""The base of the tariff model of 2025: who buys what from whom, and what of it stays at home.

ν, the share of spending that pays labour where the good is sold, comes from two moments of a world
of two: the share of local costs in what one country sells, and in what all others sell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import LEAST_THETA
from accord.errors import Fault, InputError, NoCertifiedAnswer

Array = NDArray[np.float64]
PLACE = "tariff model"


@dataclass(frozen=True)
class Parameters:
    """The elasticities of the tariff model; all without unit.

    ``trade_elasticity``  ε > 1;  ``labour_supply`` κ ≥ 0
    ``dispersion``        ϑ > 0 of the productivity of firms; 1/ϑ is the scale elasticity ψ
    """

    trade_elasticity: float = 4.0
    labour_supply: float = 0.5
    dispersion: float = 4.0 / 0.67

    def __post_init__(self) -> None:
        """Raise ``InputError`` for elasticities the model has no meaning for."""
        faults = [
            *_range("trade_elasticity", self.trade_elasticity, LEAST_THETA, strict=True),
            *_range("labour_supply", self.labour_supply, 0.0, strict=False),
            *_range("dispersion", self.dispersion, 0.0, strict=True),
        ]
        if faults:
            raise InputError(faults)

    @property
    def scale(self) -> float:
        """ψ, the scale elasticity."""
        return 1.0 / self.dispersion

    def duty_response(self, local_share: Array) -> Array:
        """Return φ (N,): how strongly demand answers a duty, over how it answers a cost."""
        spread = self.dispersion
        return (1.0 + spread) / ((1.0 - local_share) * spread) - 1.0 / spread


@dataclass(frozen=True)
class TariffWorld:
    """Base trade without duties.

    ``regions``      N labels
    ``trade``        (N importer, N exporter), money; home sales on the diagonal
    ``local_share``  ν (N,), from 0 to below 1
    ``notes``        what was done to the data, one sentence each
    """

    regions: tuple[str, ...]
    trade: Array
    local_share: Array
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ``InputError`` with every fault of the table."""
        faults = [*_table_faults(self.regions, self.trade), *_share_faults(self)]
        if faults:
            raise InputError(faults)

    @property
    def count(self) -> int:
        """N."""
        return len(self.regions)

    @cached_property
    def expenditure(self) -> Array:
        """E (N,)."""
        return self.trade.sum(axis=1)

    @cached_property
    def output(self) -> Array:
        """Y (N,): what labour earns from sales and from local costs."""
        return (1.0 - self.local_share) @ self.trade + self.local_share * self.expenditure

    @cached_property
    def transfer(self) -> Array:
        """T (N,): what is spent beyond output; adds up to 0.

        Computed from trade abroad, which may be tiny beside home sales.
        """
        abroad, kept = self.trade * (1.0 - np.eye(self.count)), 1.0 - self.local_share
        return kept * abroad.sum(axis=1) - kept @ abroad

    @cached_property
    def share(self) -> Array:
        """λ (N importer, N exporter): rows add up to 1."""
        return self.trade / self.expenditure[:, None]


def world_from_trade(
    regions: Sequence[str], trade: Array, gdp: Array, local_share: Array
) -> TariffWorld:
    """Return the base from trade between countries and output.

    ``trade`` (N importer, N exporter), its diagonal not read; ``gdp`` (N,) in the same money. Home
    sales are what is spent less imports; where that is negative they are 0, and a note says so.
    Raises ``InputError``.
    """
    abroad = trade.copy()
    faults = [*_table_faults(tuple(regions), trade, empty=True)]
    if np.shape(gdp) != (len(regions),) or not np.all(np.asarray(gdp) > 0.0):
        allowed = f"{len(regions)} positive numbers, one of each region"
        faults.append(Fault(PLACE, f"gdp {np.shape(gdp)}", allowed, "give each region's output"))
    if faults:
        raise InputError(faults)
    np.fill_diagonal(abroad, 0.0)
    imports = abroad.sum(axis=1)
    received = (1.0 - local_share) @ abroad
    home = gdp + (1.0 - local_share) * (imports - received) - imports
    short = np.flatnonzero(home < 0.0)
    notes = tuple(
        f"home sales of {regions[n]} would be {home[n]:.4g}; they are 0 and its spending is its "
        "imports"
        for n in short.tolist()
    )
    np.fill_diagonal(abroad, np.maximum(home, 0.0))
    return TariffWorld(tuple(regions), abroad, local_share, notes)


def fitted_local_shares(
    trade: Array, gdp: Array, country: int, moments: tuple[float, float]
) -> Array:
    """Return ν (N,): one value for ``country``, one for all others, from two moments.

    ``trade`` (N importer, N exporter) without home sales; ``moments`` are the shares of local costs
    in the sales of the others and of ``country``, each a mix of both values by where it sells.
    Raises ``NoCertifiedAnswer`` where no ν fits.
    """
    group = np.zeros((2, len(gdp)))
    group[0], group[1, country] = 1.0, 1.0
    group[0, country] = 0.0
    abroad, made = group @ trade @ group.T, group @ gdp
    guess: Array = np.array(moments, dtype=np.float64)
    for _ in range(50):
        gap = _moment_gap(guess, abroad, made, moments)
        if np.abs(gap).max() < 1e-15:  # noqa: PLR2004 — as far as rounding allows
            break
        nudge = 1e-7 * np.eye(2)
        slope = [_moment_gap(guess + h, abroad, made, moments) - gap for h in nudge]
        change = np.linalg.solve(np.column_stack(slope) / 1e-7, gap)
        guess = np.asarray(guess - change, dtype=np.float64)
    missed = float(np.abs(_moment_gap(guess, abroad, made, moments)).max())
    if not (missed <= 1e-12 and (guess >= 0.0).all() and (guess < 1.0).all()):  # noqa: PLR2004
        cause = f"local cost shares {guess} miss the moments {moments} by {missed:.1e}"
        raise NoCertifiedAnswer(cause, "other moments")
    return np.asarray(group.T @ guess, dtype=np.float64)


def check_duties(
    world: TariffWorld, duty: Array, transfer: Array | None, *, balanced: bool
) -> None:
    """Raise ``InputError`` with every fault of duties and transfers."""
    n, faults = world.count, list[Fault]()
    if duty.shape != (n, n):
        shown, allowed = f"duties {duty.shape}", f"({n}, {n}): importer, exporter"
        faults.append(Fault(PLACE, shown, allowed, "one rate for each pair"))
    else:
        for i, j in np.argwhere(~((duty > -1.0) & np.isfinite(duty))):
            pair = f"{world.regions[i]} on {world.regions[j]}: {duty[i, j]}"
            faults.append(Fault(PLACE, f"duty of {pair}", "above -1, finite", "0.1 is 10 %"))
        for i in np.flatnonzero(np.diag(duty)):
            found = f"{world.regions[i]} taxes its own goods at {duty[i, i]}"
            faults.append(Fault(PLACE, found, "0", "duties are on imports"))
    if transfer is not None and transfer.shape != (n,):
        faults.append(Fault(PLACE, f"transfers {transfer.shape}", f"({n},)", "one a region"))
    elif transfer is not None and balanced:
        total, scale = float(transfer.sum()), float(world.expenditure.sum())
        if not abs(total) <= 1e-9 * scale:
            found = f"transfers that add up to {total:.6g}"
            faults.append(Fault(PLACE, found, "0", "what one gets, another gives"))
    if faults:
        raise InputError(faults)


def _moment_gap(share: Array, abroad: Array, made: Array, moments: tuple[float, float]) -> Array:
    received = (1.0 - share) @ abroad
    spent = made + (1.0 - share) * (abroad.sum(axis=1) - received)
    into_others, into_country = abroad[0, 1], abroad[1, 0]
    others_home = spent[0] - into_others
    country_home = spent[1] - into_country
    others = others_home / (others_home + into_country)
    country = country_home / (country_home + into_others)
    found = (
        others * share[0] + (1.0 - others) * share[1],
        country * share[1] + (1.0 - country) * share[0],
    )
    return np.array(found) - np.array(moments)


def _table_faults(
    regions: tuple[str, ...], trade: Array, *, empty: bool = False
) -> Iterator[Fault]:
    twice = sorted({name for name in regions if regions.count(name) > 1})
    if twice:
        yield Fault(PLACE, f"twice: {', '.join(twice)}", "each region once", "name them apart")
    n = len(regions)
    if trade.shape != (n, n):
        allowed = f"({n}, {n}): one row and one column for each of {n} regions"
        yield Fault(PLACE, f"trade {trade.shape}", allowed, "importers in rows, exporters across")
        return
    for i, j in np.argwhere(~((trade >= 0.0) & np.isfinite(trade))):
        found = f"trade from {regions[j]} to {regions[i]}: {trade[i, j]}"
        yield Fault(PLACE, found, "0 or more", "a flow that is not known is 0 or left out")
    sums = () if empty else (("spends", trade.sum(axis=1)), ("sells", trade.sum(axis=0)))
    for word, total in sums:
        for n in np.flatnonzero(total == 0.0):
            yield Fault(PLACE, f"{regions[n]} {word} nothing", "more than 0", "leave it out")


def _share_faults(world: TariffWorld) -> Iterator[Fault]:
    share = world.local_share
    if share.shape != (world.count,):
        allowed = f"({world.count},)"
        yield Fault(PLACE, f"local shares {share.shape}", allowed, "one a region")
        return
    for n in np.flatnonzero(~((share >= 0.0) & (share < 1.0))):
        found = f"local share of {world.regions[n]}: {share[n]}"
        yield Fault(PLACE, found, "from 0 to below 1", "0 gives the model without local costs")


def _range(name: str, value: float, least: float, *, strict: bool) -> Iterator[Fault]:
    if not (np.isfinite(value) and (value > least or (value == least and not strict))):
        allowed = f"above {least:g}" if strict else f"{least:g} or more"
        yield Fault(PLACE, str(value), allowed, "see the sources of the parameter", field=name)
