"""Numbers about a solved market that have slopes: what derivatives are taken of.

An effect says its value at a state and its partial derivatives, first in quantities (prices, flows,
levels, rents) and then in the data that it contains itself. ``accord.equilibrium.adjoint`` carries
the first back to every datum. Money is in ``effect_money``; what to ask for by name, in
``effect_named``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

import numpy as np

from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.effect_taxes import Taxes
from accord.equilibrium.state import State


@dataclass(frozen=True)
class Slopes:
    """Partial derivatives of an effect, everything else held.

    In quantities: ``price`` (N,), ``buyer_price`` (B,), ``flow`` (L,), ``level`` (A,), ``rent``
    (M,), ``bound`` (M,) what limits allow, ``traced_share`` (T, N) of nodes' supply. ``by`` has the
    derivatives in data that the effect contains itself, by the names of ``Gradient``; none: 0.
    """

    price: Vector
    buyer_price: Vector
    flow: Vector
    level: Vector
    rent: Vector
    bound: Vector
    traced_share: Matrix
    by: Mapping[str, Vector] = field(default_factory=dict[str, Vector])

    @staticmethod
    def none(arrays: Arrays) -> Slopes:
        """Return slopes that are all 0."""
        n, a, m, _ = arrays.sizes
        return Slopes(
            price=np.zeros(n),
            buyer_price=np.zeros(len(arrays.buyers.theta)),
            flow=np.zeros(len(arrays.lanes.node)),
            level=np.zeros(a),
            rent=np.zeros(m),
            bound=np.zeros(m),
            traced_share=np.zeros((arrays.tracers.count, n)),
        )

    def plus(self, other: Slopes) -> Slopes:
        """Return the sum of two effects' slopes."""
        names = [f.name for f in fields(self) if f.name != "by"]
        summed = {x: getattr(self, x) + getattr(other, x) for x in names}
        by = dict(self.by)
        for name, values in other.by.items():
            by[name] = by[name] + values if name in by else values
        return Slopes(**summed, by=by)


class Effect(Protocol):
    """A number about a state, with its slopes."""

    @property
    def name(self) -> str:
        """What it is, in words."""
        ...

    @property
    def unit(self) -> str:
        """Its unit."""
        ...

    @property
    def taxes(self) -> Taxes:
        """What is levied on the lanes of its market."""
        ...

    def value(self, state: State) -> float:
        """Return the number."""
        ...

    def slopes(self, state: State) -> Slopes:
        """Return its partial derivatives."""
        ...


@dataclass(frozen=True)
class Linear:
    """A weighted sum of prices, buyer prices, flows, levels and rents; absent weights are 0."""

    name: str
    unit: str
    taxes: Taxes
    price: Vector | None = None
    buyer_price: Vector | None = None
    flow: Vector | None = None
    level: Vector | None = None
    rent: Vector | None = None

    @property
    def _weights(self) -> dict[str, Vector]:
        names = ("price", "buyer_price", "flow", "level", "rent")
        given = {x: getattr(self, x) for x in names}
        return {x: np.asarray(w, np.float64) for x, w in given.items() if w is not None}

    def value(self, state: State) -> float:
        """Return the sum."""
        return sum(float(w @ getattr(state, x)) for x, w in self._weights.items())

    def slopes(self, state: State) -> Slopes:
        """Return the weights."""
        none, given = Slopes.none(state.arrays), self._weights
        return replace(
            none,
            price=given.get("price", none.price),
            buyer_price=given.get("buyer_price", none.buyer_price),
            flow=given.get("flow", none.flow),
            level=given.get("level", none.level),
            rent=given.get("rent", none.rent),
        )


@dataclass(frozen=True)
class Total:
    """The sum of several effects of one market."""

    name: str
    unit: str
    parts: tuple[Effect, ...]

    @property
    def taxes(self) -> Taxes:
        """What is levied on the lanes."""
        return self.parts[0].taxes

    def value(self, state: State) -> float:
        """Return the sum."""
        return sum(part.value(state) for part in self.parts)

    def slopes(self, state: State) -> Slopes:
        """Return the sum of the slopes."""
        whole, *others = [part.slopes(state) for part in self.parts]
        for other in others:
            whole = whole.plus(other)
        return whole
