"""A proof that tonnes alone forbid a minimum, whatever prices do, and the fewest bounds it needs.

If the linear system of a market (``linear_system``) has no point, the market has no equilibrium,
and Farkas' multipliers prove it. The bounds in the proof are dropped one after another as long as
what is left has no point: the deletion filter of J. Chinneck and E. Dravnieks, ORSA Journal on
Computing 3 (1991).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.linear_system import Element, System
from accord.market import Market
from accord.solve.linear_program import Farkas, LinearProgram
from accord.solve.simplex import Basis, Simplex, Vertex

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Member:
    """An element of a conflict, and the least change of it alone that would end the conflict.

    ``to`` the size it would need (``None`` where it is closed: it would have to open);
    ``enough`` whether that leaves no other conflict in tonnes.
    """

    element: Element
    to: float | None
    enough: bool


@dataclass(frozen=True)
class Proof:
    """An irreducible set of bounds that no flows and levels meet together, and the proof of it.

    ``members`` minimums first; none can be spared. ``error`` is the largest violation found when
    the certificate was recomputed from the bounds, ``gap`` by how much it contradicts itself, as a
    part of its terms: negative. ``programs`` counts the linear programs that it took.
    """

    members: tuple[Member, ...]
    certificate: Farkas
    error: float
    gap: float
    programs: int

    @property
    def kind(self) -> str:
        """``capacity``, ``demand`` (up to the largest rebate) or ``linear``, by what is in it."""
        kinds = {x.element.kind for x in self.members} - {"minimum"}
        if "demand" in kinds:
            return "demand"
        return "capacity" if kinds <= {"capacity"} else "linear"


def prove_empty(arrays: Arrays, market: Market, closure: str) -> Proof | None:
    """Return a proof that the market's minimums cannot be met in tonnes, or ``None``.

    ``arrays`` are the market's as compiled, nothing taken out. Each minimum is looked at by
    itself first, in its own scale, then all together.
    """
    system = System(arrays, market, closure)
    minimums = [i for i, x in enumerate(system.elements) if x.kind == "minimum"]
    groups: list[list[int]] = [[i] for i in minimums]
    if len(minimums) > 1:
        groups.append(minimums)
    for group in groups:
        search = _Search(system, frozenset(minimums) - frozenset(group))
        found = search.proof()
        if found is not None:
            return found
    return None


class _Search:
    """Looks for a proof with some minimums left out, in the scale of the others."""

    def __init__(self, system: System, left_out: frozenset[int]) -> None:
        self.system = system
        self.left_out = left_out
        self.all = frozenset(range(len(system.elements)))
        asked = [
            x.size
            for i, x in enumerate(system.elements)
            if x.kind == "minimum" and i not in left_out
        ]
        self.scale = max(asked, default=0.0)
        self.programs = 0
        self.basis: Basis | None = None

    def proof(self) -> Proof | None:
        """Return the smaller of the sets that two orders of dropping leave, with its proof."""
        if self.scale <= 0.0:
            return None
        first = self.certified(self.left_out)
        if first is None:
            return None
        support = self._support(first)
        orders = (sorted(support), sorted(support, reverse=True))
        sets = [self._filtered(order) for order in orders]
        members = min(sets, key=len)
        certificate = self.certified(self.all - members)
        if certificate is None:
            return None
        error, gap = certificate.check(self.system.without(self.left_out, self.scale))
        order = sorted(members, key=lambda i: (self.system.elements[i].kind != "minimum", i))
        found = tuple(self._member(i, members) for i in order)
        return Proof(found, certificate, error, gap, self.programs)

    def certified(self, lifted: frozenset[int]) -> Farkas | None:
        """Return a checked certificate that nothing meets what is not lifted."""
        program = self.system.without(lifted, self.scale)
        vertex = self._solve(program, None)
        if vertex.status != "infeasible":
            return None
        found = Farkas.of(program, vertex.rows)
        return found if found.proves(program, TOLERANCE) else None

    def _solve(self, program: LinearProgram, cost: Vector | None) -> Vertex:
        self.programs += 1
        vertex = Simplex().solve(program, cost, self.basis)
        self.basis = vertex.basis
        return vertex

    def _support(self, proof: Farkas) -> frozenset[int]:
        """Return the elements that a certificate leans on."""
        return (
            frozenset(
                i
                for i, x in enumerate(self.system.elements)
                if (x.row >= 0 and proof.rows[x.row] != 0.0)
                or any(proof.uppers[j] != 0.0 for j in x.columns)
            )
            - self.left_out
        )

    def _filtered(self, order: Sequence[int]) -> frozenset[int]:
        """Drop elements in this order as long as the rest still has no point."""
        kept = frozenset(order)
        for i in order:
            if i not in kept:
                continue
            proof = self.certified(self.all - (kept - {i}))
            if proof is not None:
                kept = self._support(proof) & (kept - {i})
        return kept

    def _member(self, i: int, members: frozenset[int]) -> Member:
        element = self.system.elements[i]
        if element.columns and element.kind in {"closed", "no trade"}:
            lifted = self.system.without(frozenset({i}), self.scale)
            return Member(element, None, self._solve(lifted, None).status == "optimal")
        whole = self._size_needed(element, frozenset({i}))
        if whole is not None:
            return Member(element, whole, enough=True)
        return Member(element, self._size_needed(element, self.all - (members - {i})), enough=False)

    def _size_needed(self, element: Element, lifted: frozenset[int]) -> float | None:
        """Return what a bound would have to be, all but the lifted being as they are."""
        program = self.system.without(lifted, self.scale)
        if element.row >= 0:
            unit = np.zeros(len(program.bound))
            unit[element.row] = 1.0
            cost = program.priced(unit)
        else:
            cost = np.zeros(len(program.upper))
            cost[list(element.columns)] = 1.0
        vertex = self._solve(program, cost)
        if vertex.status != "optimal":
            return None
        tonnes = self.scale * vertex.value
        return max(0.0, -tonnes) if element.kind == "minimum" else tonnes
