"""What a deal changes in a year: the effects of each regime, taken together by days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from accord.effects import MEASURES, Accounts, Effects, compare
from accord.effects.accounts import Key, Table
from accord.effects.measures import Measure
from accord.effects.path_integral import PathIntegral
from accord.equilibrium import Equilibrium
from accord.market import LaneKey
from accord.years.year import YearEquilibrium

ASKED, COLLECTED = "duty_rate_statutory", "duty_rate_collected"
# Numbers that are one amount over another, and the other.
OVER = {"power_price": "power", "carbon_intensity": "output"}
Weighted = list[tuple[float, Accounts, Equilibrium]]


@dataclass(frozen=True)
class YearEffects(Effects):
    """What changed between two years: one as it would be, the other with a deal.

    ``before`` and ``after`` are the equilibria of the year's last days; every number of the tables
    is of the whole year. ``parts`` are the effects in each regime, with its share of the days.
    """

    parts: tuple[tuple[float, Effects], ...] = ()

    @cached_property
    def accounts(self) -> tuple[Accounts, Accounts]:
        """The year's accounts before and after (conventions C49, C50)."""
        return (
            mean_accounts([(share, part.accounts[0], part.before) for share, part in self.parts]),
            mean_accounts([(share, part.accounts[1], part.after) for share, part in self.parts]),
        )

    @cached_property
    def path(self) -> PathIntegral:
        """The integrals of all regimes, by days."""
        return PathIntegral(
            total=sum(share * part.path.total for share, part in self.parts),
            solves=sum(part.path.solves for part in self._distinct),
            kinks=sum(part.path.kinks for part in self._distinct),
        )

    @property
    def welfare_identity(self) -> float:
        """The worst of the regimes' (conventions C41)."""
        return max(part.welfare_identity for part in self._distinct)

    @property
    def _distinct(self) -> Iterable[Effects]:
        return {id(part): part for _, part in self.parts}.values()


def compare_years(before: YearEquilibrium, after: YearEquilibrium) -> YearEffects:
    """Return the effects of going from one year to another of the same regimes."""
    if [p.regime for p in before.parts] != [p.regime for p in after.parts]:
        raise ValueError("effects of a year need the same regimes before and after")
    known: dict[tuple[int, int], Effects] = {}
    parts: list[tuple[float, Effects]] = []
    for one, other in zip(before.parts, after.parts, strict=True):
        pair = id(one.equilibrium), id(other.equilibrium)
        if pair not in known:
            known[pair] = compare(one.equilibrium, other.equilibrium)
        parts.append((one.regime.share, known[pair]))
    return YearEffects(before.last, after.last, tuple(parts))


def mean_accounts(parts: Weighted) -> Accounts:
    """Return the accounts of a year from those of its parts, each at annual rates.

    Amounts a year are summed by days; prices, and rates that the law asks, are means over the
    days that have one; the rate collected is a mean over the tonnes that came in, and what is one
    amount over another a mean over the other.
    """
    if len({id(accounts) for _, accounts, _ in parts}) == 1:
        return parts[0][1]
    tables = {measure.name: _mean_table(measure, parts) for measure in MEASURES}
    return Accounts(tables, sum(share * accounts.dissipated for share, accounts, _ in parts))


def _mean_table(measure: Measure, parts: Weighted) -> Table:
    summed: defaultdict[Key, float] = defaultdict(float)
    weight: defaultdict[Key, float] = defaultdict(float)
    keys = {key: None for _, accounts, _ in parts for key in accounts.tables[measure.name]}
    for share, accounts, equilibrium in parts:
        table = accounts.tables[measure.name]
        for key in keys:
            value = table.get(key)
            if value is None and measure.name == ASKED and _asks_nothing(equilibrium, key):
                value = 0.0
            if value is not None:
                by = share * _weight(measure, accounts, key)
                weight[key] += by
                summed[key] += by * value
    if measure.unit.endswith("/yr"):
        return dict(summed)
    return {key: summed[key] / weight[key] for key in summed if weight[key] > 0.0}


def _weight(measure: Measure, accounts: Accounts, key: Key) -> float:
    """Return what a number counts by beside the days it holds: what it is paid or made on."""
    name = OVER.get(measure.name)
    if measure.name == COLLECTED:
        name = "flow" if ">" in key[0] else "imports"
    return 1.0 if name is None else accounts.tables[name].get(key, 0.0)


def _asks_nothing(equilibrium: Equilibrium, key: Key) -> bool:
    """Return whether a lane is there and no duty of any kind is on it."""
    place, good = key
    origin, _, destination = place.partition(">")
    lane = equilibrium.market.lane_by_key.get(LaneKey(good or "", origin, destination))
    return lane is not None and not lane.wedges
