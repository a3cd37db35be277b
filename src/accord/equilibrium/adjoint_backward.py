"""The backward pass: from the slopes of an effect in quantities to those in costs and demands.

Every derivative is one of the Lagrangian L = G − λᵀF, with λ such that L is flat in all unknowns
inside their bounds. What is in here is how L moves with landed costs, with what buyers want, and
with the unknowns; what data do to these is in ``adjoint``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from accord.equilibrium.adjoint_active import ActiveSet
from accord.equilibrium.adjoint_system import QuickSystem, multipliers
from accord.equilibrium.arrays import Matrix, Vector
from accord.equilibrium.effect import Slopes
from accord.equilibrium.effect_taxes import by_buyer, by_node
from accord.equilibrium.eliminated import EliminatedState
from accord.equilibrium.homogeneous import HomogeneousState, margin_by_level
from accord.equilibrium.state import State
from accord.solve import Problem

# How far from flat the Lagrangian may be, relative to the effect's own slopes.
FLAT = 1e-10
ROUNDS = 4


class Rows(NamedTuple):
    """Multipliers λ by what their rows are.

    Nodes (N,), activities (A,), limits (M,), traced tonnes of nodes (T, N), and where flows are
    unknowns buyers (B,) and lanes (L,), otherwise 0.
    """

    node: Vector
    level: Vector
    rent: Vector
    traced: Matrix
    buyer: Vector
    lane: Vector

    @staticmethod
    def of(state: State, values: Vector) -> Rows:
        """Split multipliers (n,) by rows."""
        n, a, m, t = state.arrays.sizes
        count = state.arrays.tracers.count
        buyers, lanes = len(state.arrays.buyers.theta), len(state.arrays.lanes.node)
        node, level, rent, traced, rest = np.split(values, np.cumsum([n, a, m, t]))
        if not rest.size:
            rest = np.zeros(buyers + lanes)
        table = traced.reshape(count, n) if t else np.zeros((count, n))
        return Rows(node, level, rent, table, rest[:buyers], rest[buyers:])


class Carried(NamedTuple):
    """Slopes of the Lagrangian.

    In landed costs (L,), in units that buyers want (B,), and in every unknown (n,).
    """

    cost: Vector
    wanted: Vector
    unknown: Vector


@dataclass(frozen=True)
class Backward:
    """The backward pass of one effect at a solved state."""

    state: State
    problem: Problem
    active: ActiveSet
    slopes: Slopes

    @cached_property
    def _solved(self) -> tuple[Rows, Carried]:
        """λ and what it does: by the problem's structure if L is then flat, else the long way."""
        state, problem, active = self.state, self.problem, self.active
        none = Rows.of(state, np.zeros(len(state.z)))
        own = self._carry(self.slopes, none, self.slopes.traced_share).unknown
        quick = QuickSystem.of(state, problem, active)
        if quick is not None:
            found = self._refined(quick, own)
            if found is not None:
                return found
        rows = Rows.of(state, multipliers(state, problem, active, own))
        return rows, self._lagrangian(rows)

    def _refined(self, quick: QuickSystem, own: Vector) -> tuple[Rows, Carried] | None:
        """Solve, and again for what is left, until L moves with no unknown inside its bounds."""
        whole, left = np.zeros(len(own)), own
        size, free = self.problem.z_scale, self.active.free
        enough = FLAT * float(np.max(np.abs(own * size)[free], initial=0.0))
        for _ in range(ROUNDS):
            found = quick.multipliers(left)
            if found is None:
                return None
            whole = whole + found
            rows = Rows.of(self.state, whole)
            carried = self._lagrangian(rows)
            left = carried.unknown
            if float(np.max(np.abs(left * size)[free], initial=0.0)) <= enough:
                return rows, carried
        return None

    @property
    def rows(self) -> Rows:
        """The multipliers, by what their rows are."""
        return self._solved[0]

    @property
    def carried(self) -> Carried:
        """Slopes of the Lagrangian in costs, wants and unknowns."""
        return self._solved[1]

    @property
    def cost(self) -> Vector:
        """Slope of the Lagrangian in the landed cost of each lane (L,)."""
        return self.carried.cost

    @property
    def wanted(self) -> Vector:
        """Slope of the Lagrangian in the units that each buyer wants (B,)."""
        return self.carried.wanted

    @property
    def level(self) -> Vector:
        """Slope of the Lagrangian in levels (A,); 0 for those inside their bounds."""
        n, a, _, _ = self.state.arrays.sizes
        return self.carried.unknown[n : n + a]

    @cached_property
    def at_choice(self) -> tuple[Vector, Vector]:
        """Slopes in flows (L,) and in buyers' prices (B,) of all that they enter."""
        summed = self._with_rows(self.rows)
        return summed.flow, summed.buyer_price

    @cached_property
    def bound(self) -> Vector:
        """Slope in what each limit allows (M,)."""
        return self._with_rows(self.rows).bound

    @cached_property
    def mix(self) -> Matrix:
        """Slope in the traced share of what each buyer takes (T, B)."""
        return self._mix(self.rows)

    # ------------------------------------------------------------------ the Lagrangian

    def _with_rows(self, rows: Rows) -> Slopes:
        """Add to the effect's slopes those of −λᵀF, in the quantities that F is made of."""
        arrays, slopes = self.state.arrays, self.slopes
        limits, lanes, activities = arrays.limits, arrays.lanes, arrays.activities
        rent = rows.rent * np.where(limits.active, limits.sign, 0.0)
        out = rows.node[lanes.node] * lanes.shipped + rent @ limits.member
        return replace(
            slopes,
            price=slopes.price + activities.outputs @ (activities.kept * rows.level),
            buyer_price=slopes.buyer_price - activities.inputs @ rows.level,
            flow=slopes.flow + out,
            level=slopes.level - rows.node @ activities.outputs + self._level_row(rows),
            bound=slopes.bound - rent,
        )

    def _level_row(self, rows: Rows) -> Vector:
        """−λᵀF by levels: what more costs at the margin, and traced tonnes made and passed on."""
        tracers, own = self.state.arrays.tracers, -rows.level * margin_by_level(self.state)
        if not tracers.passes:
            return own
        mix = self.state.passed_mix[:, tracers.passed_buyer]
        made = np.einsum("tn,tna->a", rows.traced, tracers.made)
        return own + made + np.einsum("tn,tna,ta->a", rows.traced, tracers.passed, mix)

    def _mix(self, rows: Rows) -> Matrix:
        """−λᵀF by the traced share of what each buyer takes (T, B)."""
        tracers, state = self.state.arrays.tracers, self.state
        found = np.zeros((tracers.count, len(state.buyer_price)))
        if tracers.passes:
            real = np.flatnonzero(tracers.passed_buyer >= 0)
            value = np.einsum("tn,tna->ta", rows.traced, tracers.passed) * state.level
            for t in range(tracers.count):
                np.add.at(found[t], tracers.passed_buyer[real], value[t, real])
        return found

    def _lagrangian(self, rows: Rows) -> Carried:
        summed = self._with_rows(rows)
        mix = self._mix(rows)
        carried = self._carry(summed, rows, summed.traced_share + self._share_in_mix(mix))
        t = self.state.arrays.sizes[3]
        if t:
            n, a, m, _ = self.state.arrays.sizes
            carried.unknown[n + a + m :][:t] -= rows.traced.ravel()
        return carried

    def _share_in_mix(self, mix: Matrix) -> Matrix:
        """Slope in the traced share of each node's supply, by what buyers take of it (T, N)."""
        state, lanes = self.state, self.state.arrays.lanes
        found = np.zeros((len(mix), len(state.price)))
        if self.state.arrays.tracers.passes:
            for t in range(len(mix)):
                found[t] = by_node(state, mix[t][lanes.buyer] * state.mix)
        return found

    def _carry(self, slopes: Slopes, rows: Rows, share: Matrix) -> Carried:
        """Carry slopes in quantities to costs, wants and unknowns; ``share`` (T, N)."""
        state = self.state
        if isinstance(state, EliminatedState):
            wanted = by_buyer(state, slopes.flow * state.per_unit)
            cost = self._through_choice(state, slopes, self._mix(rows))
            return Carried(cost, wanted, self._to_unknowns(slopes, cost, wanted, share))
        # Where flows are unknowns, costs and wants enter rows of their own.
        arrays, cost, wanted = state.arrays, -rows.lane, rows.buyer
        shared = self._to_unknowns(slopes, cost, wanted, share)
        price = slopes.buyer_price + by_buyer(state, rows.lane)
        price = price + wanted * state.final_use_slope
        flow = slopes.flow - rows.buyer[arrays.lanes.buyer]
        return Carried(cost, wanted, np.concatenate([shared, price, flow]))

    def _through_choice(self, state: EliminatedState, slopes: Slopes, mix: Matrix) -> Vector:
        """Carry slopes in flows, buyers' prices and mixes to landed costs (L,)."""
        lanes = state.arrays.lanes
        cost = -state.own_response * slopes.flow
        for depth, level in enumerate(state.levels):
            pulled = by_buyer(state, slopes.flow * level.response)
            if depth == 0:
                pulled = pulled + slopes.buyer_price
            cost += level.slope * pulled[lanes.buyer]
        if state.arrays.tracers.passes:
            theta = state.arrays.buyers.theta[lanes.buyer]
            for t in range(len(mix)):
                away = state.traced_share[t][lanes.node] - state.passed_mix[t][lanes.buyer]
                cost -= mix[t][lanes.buyer] * theta * state.mix * away
        return cost

    def _to_unknowns(self, slopes: Slopes, cost: Vector, wanted: Vector, share: Matrix) -> Vector:
        """Carry slopes to prices, levels, rents and traced tonnes."""
        state, arrays = self.state, self.state.arrays
        n, a, m, t = arrays.sizes
        limits, activities, price = arrays.limits, arrays.activities, state.price
        whole = np.zeros(n + a + m + t)
        whole[:n] = slopes.price + by_node(state, cost * state.cost_slope)
        whole[n : n + a] = slopes.level + wanted @ activities.inputs + slopes.bound @ limits.grows
        whole[n + a : n + a + m] = slopes.rent
        if m:
            on_lane = cost * price[arrays.lanes.node]
            charged = limits.rent_slope @ on_lane + limits.rent_intercept @ cost
            whole[n + a : n + a + m] += charged
        if arrays.tracers.count:
            self._through_traces(whole, slopes, cost, share)
        return whole

    def _through_traces(self, whole: Vector, slopes: Slopes, cost: Vector, share: Matrix) -> None:
        """Add what reaches the unknowns through traced tonnes and clean supply."""
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        lanes, tracers, outputs = arrays.lanes, arrays.tracers, arrays.activities.outputs
        supply = np.where(state.supply > 0.0, state.supply, np.inf)
        on_supply, on_traced = np.zeros(n), np.zeros((tracers.count, n))
        for t in range(tracers.count):
            charge = lanes.traced_slope[t] * state.price[lanes.node] + lanes.traced_intercept[t]
            at_node = (by_node(state, cost * charge) + share[t]) / supply
            on_traced[t] += at_node
            on_supply -= at_node * state.traced_share[t]
        for i in np.flatnonzero(arrays.limits.clean_node >= 0):
            node, tracer = arrays.limits.clean_node[i], arrays.limits.clean_tracer[i]
            on_supply[node] += slopes.bound[i]
            on_traced[tracer, node] -= slopes.bound[i]
        whole[n : n + a] += on_supply @ outputs
        if tracers.passes:
            whole[n + a + m :][: tracers.count * n] += on_traced.ravel()
        else:
            whole[n : n + a] += np.einsum("tn,tna->a", on_traced, tracers.made)


def has_slopes(state: State) -> bool:
    """Return whether the backward pass knows the closure of a state."""
    return isinstance(state, EliminatedState | HomogeneousState)
