"""Positions side by side: levels with their ranges, differences draw by draw, from one baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.effects.measures import WORLD
from accord.equilibrium.arrays import Matrix
from accord.instruments.problem import listed
from accord.report.compare_numbers import WELFARE
from accord.report.main_results import NO_CHANGE
from accord.report.numbers import Number
from accord.web.figures import Figures, ends
from accord.web.pins import FILED, NOW, Pins
from accord.web.view import View

MOST_GAINS = 7
"""Rows of gains: the deal's parties, then the largest of any column, the world last."""
SAME = ("packs", "years of the levels", "closures")
"""What two positions must share for one to be taken from the other."""


@dataclass(frozen=True, eq=False)
class Column:
    """A position that is compared. ``key`` is what the address calls it as a baseline.

    ``query``  the position as the reader asked for it
    """

    key: str
    query: str
    figures: Figures

    @property
    def letter(self) -> str:
        """What the column is called for short."""
        return {NOW: "Now", FILED: "As filed"}.get(self.key, self.key.upper())

    @property
    def name(self) -> str:
        """A few words that say which position it is."""
        return str(self.figures.view.get("name") or self.query or "the deal as filed")

    @property
    def why(self) -> str:
        """Why it has no answer; empty where it has one."""
        view = self.figures.view
        if view["ok"]:
            return ""
        said = [f"{x['where']}: {x['found']}; allowed {x['allowed']}" for x in view["faults"]]
        if view.get("cause"):
            said.append(f"{view['cause']}. What would help: {view['remedy']}")
        return "; ".join(said)

    def row(self, name: str) -> View | None:
        """Return a row, or ``None`` where the position's page does not have it."""
        return self.figures.rows.get(name)


@dataclass(frozen=True, slots=True)
class Gap:
    """A number less the baseline's, and the same draw by draw in the draws solved in both.

    ``low``, ``high``, ``draws``  absent and 0 where the two have no draws in common
    ``higher``, ``lower``  draws in which it is that; in the rest it is the same
    """

    value: float
    low: Number = None
    high: Number = None
    draws: int = 0
    higher: int = 0
    lower: int = 0


@dataclass(frozen=True, eq=False)
class Comparison:
    """Columns in the order in which they stand, and which of them is the baseline."""

    columns: tuple[Column, ...]
    base: Column
    number: str

    @cached_property
    def rows(self) -> dict[str, View]:
        """The rows that any column has, by name: main results, then gains."""
        found: dict[str, View] = {}
        for column in self.columns:
            found |= {k: x for k, x in column.figures.rows.items() if k not in found}
        gains = [x for x in found.values() if x["measure"] == WELFARE]
        main = [x for x in found.values() if x["measure"] != WELFARE]
        return {x["id"]: x for x in (*main, *self._largest(gains))}

    def _largest(self, gains: Sequence[View]) -> Iterator[View]:
        world = [x for x in gains if x["id"] == f"{WELFARE}.{WORLD}"]
        parties = [x for x in gains if x["party"]]
        rest = [x for x in gains if x not in parties and x not in world]
        rest = [x for x in rest if self._size(x["id"])]
        rest.sort(key=lambda x: -self._size(x["id"]))
        yield from parties
        yield from rest[: max(0, MOST_GAINS - len(parties) - len(world))]
        yield from world

    def _size(self, name: str) -> float:
        found = (column.row(name) for column in self.columns)
        return max((abs(x["after"] or 0.0) for x in found if x is not None), default=0.0)

    def row_name(self, row: View) -> str:
        """Return what a row is called, with its good where two rows are called the same."""
        alike = [
            x for x in self.rows.values() if (x["name"], x["unit"]) == (row["name"], row["unit"])
        ]
        name = f"{row['name']}, {row['good']}" if len(alike) > 1 and row["good"] else row["name"]
        return f"Gain of {name}" if row["measure"] == WELFARE else name

    @property
    def shown(self) -> str:
        """The row that there is a picture of: the one asked for, else the first."""
        return self.number if self.number in self.rows else next(iter(self.rows), "")

    # ------------------------------------------------------------------ differences

    @cached_property
    def gaps(self) -> dict[str, dict[str, Gap]]:
        """Every column's differences from the baseline by row, where there are any."""
        return {x.key: self._gaps(x) for x in self.columns if x is not self.base}

    def different(self, column: Column) -> str:
        """Return what keeps a column from being compared with the baseline; empty if nothing."""
        one, other = self.base.figures.view, column.figures.view
        if not (one["ok"] and other["ok"]):
            return ""
        found = [x for x in SAME if one["ground"][x] != other["ground"][x]]
        return f"different {listed(found, 'and')}" if found else ""

    def drawn_differently(self, column: Column) -> bool:
        """Return whether the two have draws that are not the same but for numbers fixed."""
        one, other = (x.figures.view for x in (self.base, column))
        drawn, others = one["ground"]["drawn"], other["ground"]["drawn"]
        fixed = {*one["fixed"], *other["fixed"]}
        if drawn.keys() != others.keys():
            return True
        return any(drawn[x] != others[x] and x not in fixed for x in drawn)

    def fixed_in_one(self, column: Column) -> list[str]:
        """Return the uncertain numbers that are drawn in one of the two and fixed in the other."""
        one, other = (x.figures.view for x in (self.base, column))
        if not (one["ok"] and other["ok"]):
            return []
        return sorted({*one["fixed"]} ^ {*other["fixed"]})

    def _gaps(self, column: Column) -> dict[str, Gap]:
        if not (self.base.figures.ok and column.figures.ok) or self.different(column):
            return {}
        names = [x for x in self.rows if _both_have(self.base, column, x)]
        if not names:
            return {}
        points = np.array(
            [[x.figures.rows[n]["after"] for n in names] for x in (self.base, column)]
        )
        money = np.array([self.rows[n]["measure"] == WELFARE for n in names])
        rounding = max(x.figures.view["rounding"] for x in (self.base, column))
        values = _less(points[0][:, None], points[1][:, None], money, rounding)[:, 0].tolist()
        if self.drawn_differently(column):
            return {n: Gap(v) for n, v in zip(names, values, strict=True)}
        draws = [np.array([x.figures.draws[n] for n in names]) for x in (self.base, column)]
        found = _less(draws[0], draws[1], money, rounding)
        higher, lower = (np.count_nonzero(x, axis=1).tolist() for x in (found > 0.0, found < 0.0))
        known = np.count_nonzero(~np.isnan(found), axis=1).tolist()
        return {
            n: Gap(values[i], *span, known[i], higher[i], lower[i])
            for i, (n, span) in enumerate(zip(names, ends(found), strict=True))
        }


def _both_have(one: Column, other: Column, name: str) -> bool:
    found = (one.row(name), other.row(name))
    return all(x is not None and x["after"] is not None for x in found)


def _less(first: Matrix, other: Matrix, money: Matrix, rounding: float) -> Matrix:
    """Return the other less the first (R, D), 0 where it is rounding: of money, of all moved."""
    gap = other - first
    sizes = NO_CHANGE * np.maximum(np.abs(first), np.abs(other))
    floor = np.where(money[:, None], NO_CHANGE * rounding, sizes)
    return np.where(np.abs(gap) <= floor, 0.0, gap)


def comparison_of(now: Column, filed: Column, kept: Sequence[Column], pins: Pins) -> Comparison:
    """Return positions side by side; the deal as filed last, unless it is kept anyway."""
    at_home = next((x for x in kept if _same_place(x, filed)), None)
    columns = (now, *kept, *([filed] if at_home is None else []))
    base = next((x for x in columns if x.key == pins.base), at_home or filed)
    return Comparison(columns, base, pins.number)


def _same_place(one: Column, other: Column) -> bool:
    where = one.figures.view.get("where")
    return where is not None and where == other.figures.view.get("where")
