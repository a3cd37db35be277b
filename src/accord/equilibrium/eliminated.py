"""Closures whose flows follow from landed costs, so that only prices, levels and rents are unknown.

Flows of a buyer move with the costs of its lanes by

    dx_l = a_l dD − own_l dc_l + Σ_k response_l^k dP^k,      dP^k = Σ_l slope_l^k dc_l

with a_l the tonnes on lane l per unit wanted, dD the activities' part of demand, and P^k one price
index a level of the choice: the whole bundle first, then bundles inside it.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from accord.equilibrium.arrays import Vector
from accord.equilibrium.state import State


class Level(NamedTuple):
    """One price index of every buyer: its slope in landed costs, the flows' response to it (L,)."""

    slope: Vector
    response: Vector


@dataclass(frozen=True)
class EliminatedState(State):
    """A state of a closure that eliminates flows."""

    @cached_property
    @abstractmethod
    def per_unit(self) -> Vector:
        """Tonnes on each lane per unit its buyer wants (L,); also ∂P/∂c."""

    @cached_property
    @abstractmethod
    def own_response(self) -> Vector:
        """How far a lane's flow falls with its own cost, indices held (L,)."""

    @cached_property
    @abstractmethod
    def levels(self) -> tuple[Level, ...]:
        """The price indices, the whole bundle's first."""
