"""Before and after, side by side: Effects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from accord.display import Displayed
from accord.effects.accounts import Accounts, accounts_of
from accord.effects.measures import (
    MEASURE_BY_NAME,
    MEASURES,
    USER,
    WELFARE_PARTS,
    WORLD,
    Measure,
    Row,
)
from accord.effects.path_integral import PathIntegral, integrate
from accord.equilibrium import Equilibrium

ROUNDING = 1e-12
# A change below a millionth of the level is judged as if it were a millionth: the difference of two
# sums of that size has no more digits to agree on.
SMALL_CHANGE = 1e-6


@dataclass(frozen=True)
class Effects(Displayed):
    """What changed between two equilibria on the same universe.

    ``rows`` is the tidy table; ``welfare_by_parts`` and ``welfare_by_path`` are two computations of
    the world's change of welfare that share nothing but the equilibria.
    """

    before: Equilibrium
    after: Equilibrium

    @cached_property
    def accounts(self) -> tuple[Accounts, Accounts]:
        """The accounts before and after."""
        return accounts_of(self.before), accounts_of(self.after)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every effect, in the order of conventions C12; absent and zero rows left out."""
        return tuple(row for m in MEASURES for row in self._measure_rows(m))

    def _measure_rows(self, measure: Measure) -> list[Row]:
        before, after = (a.tables[measure.name] for a in self.accounts)
        rows = (self._row(measure, key) for key in sorted({*before, *after}, key=self._order))
        return [row for row in rows if row is not None]

    @cached_property
    def _rank(self) -> tuple[dict[str, int], dict[str, int]]:
        regions = {code: i for i, code in enumerate([*self.before.universe.regions, WORLD])}
        return regions, {g.code: i for i, g in enumerate(self.before.market.goods)}

    def _order(self, key: tuple[str, str | None]) -> tuple[int, int, int, int, str]:
        """Goods, then regions (or groups of users in them), then lanes, then the world."""
        region, good = key
        regions, goods = self._rank
        whole, _, user = region.partition(USER)
        origin, is_lane, destination = whole.partition(">")
        group = 2 if region == WORLD else 1 if is_lane else 0
        place = regions.get(origin, len(regions)), regions.get(destination, -1)
        return (goods.get(good, -1) if good else -1, group, *place, user)

    def row(self, measure: str, region: str, good: str | None = None) -> Row | None:
        """Return one row, or ``None`` where there is none."""
        return self._row(MEASURE_BY_NAME[measure], (region, good))

    def _row(self, measure: Measure, key: tuple[str, str | None]) -> Row | None:
        before, after = (a.tables[measure.name].get(key) for a in self.accounts)
        if not before and not after:
            return None
        if measure.additive or measure.name == "flow":
            before, after = before or 0.0, after or 0.0
        year = self.after.market.year
        return Row(measure.name, *key, year, before, after, measure.unit)

    def change(self, measure: str, region: str, good: str | None = None) -> float:
        """Return the change of one row; 0 where there is none."""
        row = self.row(measure, region, good)
        return (row.change or 0.0) if row else 0.0

    def welfare_parts(self, region: str) -> dict[str, float]:
        """Return the change of each part of a region's welfare, signed as a gain (USD a year)."""
        if region not in self._parts:
            before, after = self.accounts
            self._parts[region] = {
                part: sign * (after.total(part, region) - before.total(part, region))
                for part, sign in WELFARE_PARTS
            }
        return dict(self._parts[region])

    @cached_property
    def _parts(self) -> dict[str, dict[str, float]]:
        return {}

    @property
    def welfare_by_parts(self) -> float:
        """Change of the world's welfare as the sum of its parts (USD a year)."""
        return self.change("welfare", WORLD)

    @cached_property
    def path(self) -> PathIntegral:
        """Change of the world's welfare as an integral along a path from before to after.

        Where nothing changes but rounding (conventions C35) there is no path to follow.
        """
        if self.gross_change <= self._rounding:
            return PathIntegral(0.0, 0, 0)
        before, after = self.accounts
        gone = after.dissipated - before.dissipated
        return integrate(self.before, self.after, size=self.gross_change).minus(gone)

    @property
    def _rounding(self) -> float:
        return ROUNDING * self._level

    @cached_property
    def _level(self) -> float:
        """Sum of the absolute levels of all parts of welfare before (USD a year)."""
        before, _ = self.accounts
        regions = self.before.universe.regions
        return sum(abs(before.total(part, r)) for part, _ in WELFARE_PARTS for r in regions)

    @cached_property
    def gross_change(self) -> float:
        """Sum of the absolute changes of all parts of welfare in all regions (USD a year)."""
        regions = self.before.universe.regions
        return sum(abs(v) for r in regions for v in self.welfare_parts(r).values())

    @property
    def welfare_identity(self) -> float:
        """Difference of the two computations over the gross change (conventions C41)."""
        if self.gross_change <= self._rounding:
            return 0.0
        size = max(self.gross_change, SMALL_CHANGE * self._level)
        return abs(self.welfare_by_parts - self.path.total) / size


def compare(before: Equilibrium, after: Equilibrium) -> Effects:
    """Return the effects of going from one equilibrium to another on the same universe."""
    if before.universe is not after.universe:
        raise ValueError("effects need two equilibria solved on one universe")
    return Effects(before, after)
