"""A market's tonnes as a linear program: what flows and levels may be, whatever prices do.

Flows x (L,), levels z (A,) and final use d (B,) must satisfy

    shipped by a node      Σ x/(1 − loss) − outputs·z ≤ 0
    bought by a buyer      Σ x − inputs·z − d = 0
    quota, minimum         Σ x − grown·z ≤ bound,      grown·z − Σ x ≤ −bound
    0 ≤ x (0 on closed lanes),   0 ≤ z ≤ capacity,   0 ≤ d ≤ demand at the largest rebate

Tariff-rate quotas are no bounds. Bounds on clean supply, and under armington the balance of buyers,
whose bundles are not counted in tonnes, are left out: that is safe where emptiness is to be proved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index, Vector
from accord.equilibrium.demand_ceiling import demand_ceiling
from accord.market import Market
from accord.solve.linear_program import LinearProgram

Kind = Literal["minimum", "quota", "capacity", "closed", "no trade", "demand"]

# Bounds this many times what is asked for never matter to it; without end they do no harm.
OUT_OF_SIGHT = 1e7


@dataclass(frozen=True, slots=True)
class Element:
    """A bound that could be another: its kind and name, its row or its columns, its size.

    ``size`` is in t/yr, or units a year of an activity; 0 for what is closed.
    """

    kind: Kind
    name: str
    row: int = -1
    columns: tuple[int, ...] = ()
    size: float = 0.0


@dataclass(frozen=True)
class System:
    """The linear system of a market: its program in tonnes and the elements it is made of."""

    arrays: Arrays
    market: Market
    closure: str

    @cached_property
    def program(self) -> LinearProgram:
        """Rows: nodes, buyers, limits. Columns: lanes, activities, final use."""
        row, column, entry = (np.concatenate(x) for x in zip(*self._entries(), strict=True))
        n, b = len(self.arrays.universe.nodes), len(self.arrays.universe.buyers)
        limits = self.arrays.limits
        bounds_tonnes = limits.active & (limits.clean_node < 0) & ~self._tariff_rate
        bound = np.concatenate([
            np.zeros(n),
            # The bundle of armington is not counted in tonnes: no balance at its buyers.
            np.full(b, np.inf if self.closure == "armington" else 0.0),
            np.where(bounds_tonnes, limits.sign * limits.bound, np.inf),
        ])  # fmt: skip
        equal = np.zeros(len(bound), np.bool_)
        equal[n : n + b] = self.closure != "armington"
        return LinearProgram(row, column, entry, bound, equal, self._upper())

    @cached_property
    def _tariff_rate(self) -> NDArray[np.bool_]:
        return np.array([x.over is not None for x in self.arrays.universe.limits], np.bool_)

    def _entries(self) -> list[tuple[Index, Index, Vector]]:
        arrays, lanes, activities = self.arrays, self.arrays.lanes, self.arrays.activities
        n, b, count = len(arrays.universe.nodes), len(arrays.universe.buyers), len(lanes.node)
        a, lane = len(activities.capacity), np.arange(count)
        made, used = np.nonzero(activities.outputs), np.nonzero(activities.inputs)
        counted, grown = np.nonzero(arrays.limits.member), np.nonzero(arrays.limits.grows)
        sign = arrays.limits.sign
        return [
            (lanes.node, lane, lanes.shipped),
            (made[0], count + made[1], -activities.outputs[made]),
            (n + lanes.buyer, lane, np.ones(count)),
            (n + used[0], count + used[1], -activities.inputs[used]),
            (n + np.arange(b), count + a + np.arange(b), np.full(b, -1.0)),
            (n + b + counted[0], counted[1], sign[counted[0]]),
            (n + b + grown[0], count + grown[1], -sign[grown[0]] * arrays.limits.grows[grown]),
        ]

    def _upper(self) -> Vector:
        lanes = np.where(np.isfinite(self.arrays.lanes.log_weight), np.inf, 0.0)
        final = demand_ceiling(self.arrays, self.closure)
        return np.concatenate([lanes, self.arrays.activities.capacity, final])

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every bound that could be another, measures first."""
        found = [*self._limits(), *self._closed()]
        count, a = len(self.arrays.lanes.node), len(self.arrays.activities.capacity)
        names = self.arrays.universe.activities
        found += [
            Element("capacity", x.name, columns=(count + i,), size=float(k))
            for i, (x, k) in enumerate(zip(names, self.arrays.activities.capacity, strict=True))
        ]
        top = self.program.upper[count + a :]
        found += [
            Element("demand", f"{x.good} in {x.region}", columns=(count + a + i,), size=float(t))
            for i, (x, t) in enumerate(zip(self.arrays.universe.buyers, top, strict=True))
            if 0.0 < t < np.inf
        ]
        return tuple(found)

    def _limits(self) -> list[Element]:
        first = len(self.arrays.universe.nodes) + len(self.arrays.universe.buyers)
        kinds: dict[str, Kind] = {"at_least": "minimum", "at_most": "quota"}
        return [
            Element(
                kinds[x.sense], x.measure, row=first + m, size=float(self.arrays.limits.bound[m])
            )
            for m, x in enumerate(self.arrays.universe.limits)
            if np.isfinite(self.program.bound[first + m])
        ]

    def _closed(self) -> list[Element]:
        lanes_of: dict[tuple[Kind, str], list[int]] = {}
        for i, causes in self._causes.items():
            for cause in causes:
                lanes_of.setdefault(cause, []).append(i)
        return [Element(k, name, columns=tuple(x)) for (k, name), x in lanes_of.items()]

    @cached_property
    def _causes(self) -> dict[int, list[tuple[Kind, str]]]:
        """Why each closed lane is closed: the measures, and whether nobody ever traded there."""
        shut: dict[object, list[str]] = {}
        for limit in self.market.limits:
            if limit.in_force and limit.forbids:
                for key in limit.lanes:
                    shut.setdefault(key, []).append(limit.measure)
        found: dict[int, list[tuple[Kind, str]]] = {}
        for i in np.flatnonzero(~np.isfinite(self.arrays.lanes.log_weight)):
            key = self.arrays.universe.lanes[i].key
            lane = self.market.lane_by_key.get(key)
            names = [*(lane.closed_by if lane else ()), *shut.get(key, [])]
            causes: list[tuple[Kind, str]] = [("closed", x) for x in dict.fromkeys(names)]
            if lane is None or not np.isfinite(lane.log_weight):
                causes.append(("no trade", "lanes on which no trade is known"))
            found[int(i)] = causes
        return found

    def without(self, lifted: frozenset[int], scale: float) -> LinearProgram:
        """Return the program in units of ``scale`` tonnes, the lifted elements' bounds gone."""
        bound, upper = self.program.bound / scale, self.program.upper / scale
        names = {(self.elements[i].kind, self.elements[i].name) for i in lifted}
        for i in lifted:
            element = self.elements[i]
            if element.row >= 0:
                bound[element.row] = np.inf
            elif element.kind in {"closed", "no trade"}:
                opened = [x for x in element.columns if names.issuperset(self._causes[x])]
                upper[opened] = np.inf
            else:
                upper[list(element.columns)] = np.inf
        bound[bound > OUT_OF_SIGHT] = np.inf
        upper[upper > OUT_OF_SIGHT] = np.inf
        return replace(self.program, bound=bound, upper=upper)
