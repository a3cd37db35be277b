"""China's export quota cut of 2010, replayed: prices outside China before and after.

The market is that of ``replay_2009`` in the pack's folder. Two readings of the same cut: one limit
on the weight of all oxides and metals, as the law had it, and the same cut of each good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.equilibrium import Equilibrium, solve_market
from accord.instruments import enact
from accord.instruments.export_quota import ExportQuota
from accord.pack import Pack, PriorKey, load

YEAR = 2009
CUT = 0.4
ABROAD = ("JPN", "EUN", "USA")


@dataclass(frozen=True)
class ReplayRow:
    """A good's price over that before the cut: outside China (highest buyer) and inside it."""

    good: str
    abroad: float
    at_home: float


@dataclass(frozen=True)
class Replay:
    """Exports before the cut in tonnes a year, and prices after it under each reading."""

    exports: Mapping[str, float]
    by_weight: tuple[ReplayRow, ...]
    by_good: tuple[ReplayRow, ...]


def eve(pack: Pack) -> Pack:
    """Return the small pack of the eve of the cut."""
    return load(Path(pack.folder) / f"replay_{YEAR}")


def replay(pack: Pack, cut: float = CUT, priors: Mapping[PriorKey, float] | None = None) -> Replay:
    """Return prices after China's exports of oxides and metals are cut by ``cut``."""
    small = eve(pack)
    day = small.benchmarks[YEAR].law_date
    market = small.market(YEAR, day, priors=priors)
    before = solve_market(market)
    goods = tuple(g.code for g in market.goods if g.code.endswith(("_oxide", "_metal")))
    exports = {good: _exports(before, good) for good in goods}
    left = 1.0 - cut
    whole = _quota("quota", goods, left * sum(exports.values()))
    each = [_quota(f"quota-{g.replace('_', '-')}", (g,), left * x) for g, x in exports.items()]
    return Replay(
        exports,
        _rows(before, solve_market(enact(market, [whole])), goods),
        _rows(before, solve_market(enact(market, each)), goods),
    )


def _quota(name: str, goods: tuple[str, ...], tonnes: float) -> ExportQuota:
    fields = {"exporters": ["CHN"], "importers": "all", "quantity": f"{tonnes!r} t/yr"}
    return ExportQuota.model_validate({"id": name, "goods": list(goods), **fields})


def _exports(eq: Equilibrium, good: str) -> float:
    return sum(
        eq.flow(*lane.key)
        for lane in eq.market.lanes
        if lane.good == good and lane.origin == "CHN" != lane.destination
    )


def _rows(before: Equilibrium, after: Equilibrium, goods: tuple[str, ...]) -> tuple[ReplayRow, ...]:
    return tuple(
        ReplayRow(good, max(_ratios(before, after, good)), _home(before, after, good))
        for good in goods
    )


def _ratios(before: Equilibrium, after: Equilibrium, good: str) -> list[float]:
    found: list[float] = []
    for region in ABROAD:
        first, then = before.buyer_price(good, region), after.buyer_price(good, region)
        if first is not None and then is not None:
            found.append(then / first)
    return found


def _home(before: Equilibrium, after: Equilibrium, good: str) -> float:
    first, then = before.producer_price(good, "CHN"), after.producer_price(good, "CHN")
    return 0.0 if first is None or then is None else then / first
