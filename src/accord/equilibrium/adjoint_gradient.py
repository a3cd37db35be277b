"""The derivatives of an effect by every datum, each worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.adjoint_active import ActiveSet
from accord.equilibrium.adjoint_backward import Backward
from accord.equilibrium.adjoint_substitution import (
    by_home_elasticity,
    by_log_weight,
    by_theta,
    by_theta_recalibrated,
)
from accord.equilibrium.arrays import Matrix, Vector
from accord.equilibrium.effect import Effect
from accord.equilibrium.effect_money import by_curve, first_use, relative_gap
from accord.equilibrium.effect_taxes import Taxes
from accord.equilibrium.equilibrium import Equilibrium
from accord.equilibrium.state import State
from accord.errors import Fault, InputError
from accord.market import Activity


@dataclass(frozen=True)
class Gradient:
    """Derivatives of an effect at an equilibrium, the active set held; each is worked out once.

    Lanes (L,), limits (M,), activities (A,) and buyers (B,) are in the order of the equilibrium's
    universe. A new duty's revenue goes to the destination's treasury, a new export tax's to the
    origin's, a new output tax's to the region's. ``accord.equilibrium.adjoint_rows`` has all of it
    as a table, with names and units.
    """

    equilibrium: Equilibrium
    effect: Effect
    active: ActiveSet
    backward: Backward
    benchmark: State | None = None

    @cached_property
    def value(self) -> float:
        """The effect itself."""
        return self.effect.value(self._state)

    @property
    def kinks(self) -> tuple[str, ...]:
        """What is at a bound that nothing holds it to: there derivatives are one-sided."""
        return self.active.kinks

    # ------------------------------------------------------------------ lanes

    @cached_property
    def specific(self) -> Vector:
        """By an import duty of 1 USD per tonne on each lane (L,)."""
        return self.backward.cost + self._own("specific")

    @cached_property
    def ad_valorem(self) -> Vector:
        """By an import duty of 1 (100 %) of the customs value on each lane (L,)."""
        value = self._taxes.customs_value(self._state)
        return self.backward.cost * value + self._own("ad_valorem")

    @cached_property
    def export_specific(self) -> Vector:
        """By an export tax of 1 USD per tonne shipped on each lane (L,)."""
        return self.backward.cost * self._on_border + self._own("export_specific")

    @cached_property
    def export_ad_valorem(self) -> Vector:
        """By an export tax of 1 (100 %) of the producer price on each lane (L,)."""
        price = self._state.price[self._state.arrays.lanes.node]
        return self.backward.cost * self._on_border * price + self._own("export_ad_valorem")

    @cached_property
    def freight(self) -> Vector:
        """By 1 USD per tonne of freight on each lane (L,)."""
        passed = 1.0 + self._taxes.on_freight(self._state)
        return self.backward.cost * passed + self._own("freight")

    @cached_property
    def loss(self) -> Vector:
        """By the fraction of the tonnes shipped that is lost on each lane (L,)."""
        state, lanes = self._state, self._state.arrays.lanes
        value = self._on_border * self._taxes.at_border(state)
        shipped = self.backward.rows.node[lanes.node] * state.flow * lanes.shipped**2
        return self.backward.cost * value + shipped + self._own("loss")

    @cached_property
    def log_weight(self) -> Vector:
        """By ln of each lane's weight (L,): α of share, v of armington; 0 where they only open."""
        return by_log_weight(self.backward)

    @cached_property
    def _on_border(self) -> Vector:
        """Landed cost per USD at the exporter's border, times tonnes shipped per tonne (L,)."""
        return self._taxes.per_delivered * (1.0 + self._taxes.on_value(self._state))

    # ------------------------------------------------------------------ limits

    @cached_property
    def bound(self) -> Vector:
        """By each limit's bound, per tonne (M,); 0 where it does not bind."""
        return self.backward.bound * self._state.arrays.limits.active

    @cached_property
    def over_ad_valorem(self) -> Vector:
        """By the rate (1 is 100 %) of the duty beyond each tariff-rate quota (M,)."""
        base = self._taxes.over_quota(self._state, self.backward.cost)
        own = self._own("over_ad_valorem")
        return self._state.rent * self._taxes.over_content * base + own

    @cached_property
    def over_specific(self) -> Vector:
        """By 1 USD per tonne of the duty beyond each tariff-rate quota (M,)."""
        charged = self._taxes.over * (self._taxes.member @ self.backward.cost)
        return self._state.rent * charged + self._own("over_specific")

    # ------------------------------------------------------------------ activities

    @cached_property
    def capacity(self) -> Vector:
        """By each activity's capacity, per unit a year (A,): its cost, and room where it is full.

        Of a plant without capacity: by the first of it, where others make the same good.
        """
        activities = self._state.arrays.activities
        capacity = np.where(activities.capacity > 0.0, activities.capacity, np.inf)
        through_cost = self._by_margin * activities.inverse_curvature * self._rising / capacity
        room = np.where(self.active.full, 1.0, first_use(self._state)) * self.backward.level
        return room - through_cost + self._own("capacity")

    @cached_property
    def other_cost(self) -> Vector:
        """By 1 USD per unit of constant cost (A,)."""
        return self._by_margin + self._own("other_cost")

    @cached_property
    def rising_cost(self) -> Vector:
        """By the cost per unit that is added at full capacity (A,)."""
        state = self._state
        used = np.maximum(state.utilisation, 0.0) ** state.arrays.activities.inverse_curvature
        return self._by_margin * used + self._own("rising_cost")

    @cached_property
    def curvature(self) -> Vector:
        """By φ of the cost curve (A,)."""
        power, used = self._state.arrays.activities.inverse_curvature, self._state.utilisation
        log_used = np.log(np.where(used > 0.0, used, 1.0))
        return -self._by_margin * self._rising * log_used * power**2 + self._own("curvature")

    @cached_property
    def power_price(self) -> Vector:
        """By 1 USD per MWh on each activity's power (A,)."""
        return self.other_cost * np.array([x.power for x in self._activities])

    @cached_property
    def power(self) -> Vector:
        """By 1 MWh per unit of each activity (A,)."""
        return self.other_cost * np.array([x.power_price for x in self._activities])

    @cached_property
    def output_tax(self) -> Vector:
        """By a tax of 1 (100 %) on each activity's sales (A,)."""
        sales = self._state.price @ self._state.arrays.activities.outputs
        return self._by_margin * sales + self._own("output_tax")

    @cached_property
    def output_tax_specific(self) -> Vector:
        """By a tax of 1 USD on each activity's unit (A,)."""
        return self._by_margin + self._own("output_tax_specific")

    @cached_property
    def input(self) -> Matrix:
        """By tonnes bought of each buyer's good per unit of each activity (B, A)."""
        state = self._state
        needed = self.backward.wanted[:, None] * state.level
        return needed + state.buyer_price[:, None] * self._by_margin + self._own("input")

    @property
    def _by_margin(self) -> Vector:
        """Slope in each activity's marginal cost (A,)."""
        return -self.backward.rows.level

    @property
    def _rising(self) -> Vector:
        activities, used = self._state.arrays.activities, self._state.utilisation
        return activities.rising_cost * np.maximum(used, 0.0) ** activities.inverse_curvature

    # ------------------------------------------------------------------ buyers

    @cached_property
    def demand_quantity(self) -> Vector:
        """By tonnes of final demand at its reference price (B,); 0 without final demand."""
        return self._demand["demand_quantity"] + self._own("demand_quantity")

    @cached_property
    def demand_elasticity(self) -> Vector:
        """By the elasticity of final demand, choke held (B,); 0 without final demand."""
        return self._demand["demand_elasticity"] + self._own("demand_elasticity")

    @cached_property
    def demand_price(self) -> Vector:
        """By the reference price of final demand, quantity there and choke held (B,)."""
        return self._demand["demand_price"] + self._own("demand_price")

    @cached_property
    def demand_choke(self) -> Vector:
        """By the price at which final demand ends (B,)."""
        return self._demand["demand_choke"] + self._own("demand_choke")

    @cached_property
    def theta(self) -> Vector:
        """By θ of each buyer, weights and constant held (B,); σ = θ·constant."""
        return by_theta(self.backward)

    @cached_property
    def theta_recalibrated(self) -> Vector:
        """By θ of each buyer, weights moving so that the benchmark's shares are held (B,).

        Raises ``InputError`` where no benchmark was given.
        """
        if self.benchmark is None:
            raise InputError([_no_benchmark()])
        return by_theta_recalibrated(self.backward, self.benchmark)

    @cached_property
    def home_elasticity(self) -> Vector:
        """By the elasticity between home supply and imports, weights held (B,); armington's."""
        return by_home_elasticity(self.backward)

    @cached_property
    def _demand(self) -> dict[str, Vector]:
        state, buyers = self._state, self._state.arrays.buyers
        gap, wanted = relative_gap(state), self.backward.wanted
        whole = wanted * state.final_demand
        log_gap = np.log(np.where(gap > 0.0, gap, 1.0))
        by_gap = whole * buyers.gamma / np.where(gap > 0.0, gap, np.inf)
        return by_curve(state, whole, by_gap, whole * log_gap)

    # ------------------------------------------------------------------ where things are

    @property
    def _state(self) -> State:
        return self.equilibrium.state

    @property
    def _taxes(self) -> Taxes:
        return self.effect.taxes

    @property
    def _activities(self) -> tuple[Activity, ...]:
        known = self.equilibrium.market.activity_by_name
        return tuple(known.get(x.name, x) for x in self.equilibrium.universe.activities)

    def _own(self, name: str) -> Vector | float:
        """Return the effect's own slope in a datum that it contains."""
        return self.backward.slopes.by.get(name, 0.0)


def _no_benchmark() -> Fault:
    return Fault(
        file="gradient",
        field="benchmark",
        found="none",
        allowed="the equilibrium whose shares are held",
        fix="give gradient(…, benchmark=…), or use theta, which holds the weights",
    )
