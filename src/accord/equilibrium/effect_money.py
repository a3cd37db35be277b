"""Money as effects with slopes: surplus, profits, and what treasuries and rent holders receive.

The sums are those of the accounts (conventions C30, C31, C36–C38); slopes are by hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.effect import Slopes
from accord.equilibrium.effect_taxes import (
    Rates,
    Taxes,
    by_node,
    own_lanes,
    own_limits,
    shares,
)
from accord.equilibrium.levies import Levies
from accord.equilibrium.state import State
from accord.market import Market


@dataclass(frozen=True)
class Surplus:
    """Area under final demand of some buyers plus profits of some activities, in USD a year.

    ``buyers`` (B,) and ``activities`` (A,): 1 where counted, 0 where not.
    """

    name: str
    taxes: Taxes
    buyers: Vector
    activities: Vector
    unit: str = "USD/yr"

    def value(self, state: State) -> float:
        """Return the sum."""
        return float(self.buyers @ consumer_surplus(state) + self.activities @ profit(state))

    def slopes(self, state: State) -> Slopes:
        """∂CS/∂P = −D; ∂profit/∂level = revenue − marginal cost."""
        activities, run = state.arrays.activities, self.activities * state.level
        none = Slopes.none(state.arrays)
        return Slopes(
            price=activities.outputs @ (activities.kept * run),
            buyer_price=-self.buyers * state.final_demand - activities.inputs @ run,
            flow=none.flow,
            level=self.activities * (state.revenue - state.marginal_cost),
            rent=none.rent,
            bound=none.bound,
            traced_share=none.traced_share,
            by=_surplus_by_demand(state, self.buyers) | _profit_by_data(state, self.activities),
        )


def relative_gap(state: State) -> Vector:
    """Return how far buyers are from leaving, 1 at the reference price, 0 beyond the choke (B,)."""
    buyers = state.arrays.buyers
    return np.maximum((buyers.choke - state.buyer_price) / (buyers.choke - buyers.price), 0.0)


def consumer_surplus(state: State) -> Vector:
    """Return the area under final demand above the buyer price (B,)."""
    buyers = state.arrays.buyers
    span = buyers.quantity * (buyers.choke - buyers.price) / (buyers.gamma + 1.0)
    return span * relative_gap(state) ** (buyers.gamma + 1.0)


def by_curve(state: State, value: Vector, by_gap: Vector, by_gamma: Vector) -> dict[str, Vector]:
    """Return slopes in the data of final demand (B,) of something written as f(gap, γ).

    ``value`` is what is proportional to the quantity; ``by_gap`` and ``by_gamma`` its slopes.
    """
    buyers, gap = state.arrays.buyers, relative_gap(state)
    span, ratio = buyers.choke - buyers.price, buyers.choke / buyers.price
    elasticity = buyers.gamma / (ratio - 1.0)
    some = np.where(buyers.quantity > 0.0, buyers.quantity, np.inf)
    return {
        "demand_quantity": value / some,
        "demand_elasticity": by_gamma * (ratio - 1.0),
        "demand_price": by_gap * gap / span - by_gamma * elasticity * ratio / buyers.price,
        "demand_choke": by_gap * (1.0 - gap) / span + by_gamma * elasticity / buyers.price,
    }


def _surplus_by_demand(state: State, counted: Vector) -> dict[str, Vector]:
    buyers, gap = state.arrays.buyers, relative_gap(state)
    whole, power = counted * consumer_surplus(state), buyers.gamma + 1.0
    log_gap = np.log(np.where(gap > 0.0, gap, 1.0))
    span = buyers.choke - buyers.price
    by_gap = counted * buyers.quantity * span * gap**buyers.gamma
    by = by_curve(state, whole, by_gap, whole * (log_gap - 1.0 / power))
    # The height of the triangle is the span itself.
    by["demand_price"] = by["demand_price"] - whole / span
    by["demand_choke"] = by["demand_choke"] + whole / span
    return by


def profit(state: State) -> Vector:
    """Return sales less costs of each activity (A,)."""
    activities = state.arrays.activities
    power, used = activities.inverse_curvature + 1.0, np.maximum(state.utilisation, 0.0)
    rising = activities.rising_cost * activities.capacity * used**power / power
    return state.level * (state.revenue - state.flat_cost) - rising


def first_use(state: State) -> Vector:
    """Return what part of its first capacity a plant without any would use (A,); 0 elsewhere."""
    activities, margin = state.arrays.activities, state.revenue - state.flat_cost
    rising = np.maximum(activities.rising_cost, 1e-300)
    power = 1.0 / activities.inverse_curvature
    return np.where(activities.capacity > 0.0, 0.0, np.clip(margin / rising, 0.0, 1.0) ** power)


def _profit_by_data(state: State, counted: Vector) -> dict[str, Vector]:
    activities = state.arrays.activities
    power, used = activities.inverse_curvature + 1.0, np.maximum(state.utilisation, 0.0)
    area = activities.capacity * used**power / power
    rising = activities.rising_cost * area
    log_used = np.log(np.where(used > 0.0, used, 1.0))
    by_power = -rising * (log_used - 1.0 / power)
    sales = state.price @ activities.outputs
    run = counted * state.level
    saved = activities.rising_cost * used**power * (power - 1.0) / power
    spent = activities.rising_cost * first_use(state) ** power / power
    return {
        "other_cost": -run,
        "rising_cost": -counted * area,
        "curvature": -counted * by_power * activities.inverse_curvature**2,
        "capacity": counted * (saved - spent),
        "output_tax": -run * sales,
        "output_tax_specific": -run,
        "input": -state.buyer_price[:, None] * run,
    }


@dataclass(frozen=True)
class Transfers:
    """What treasuries and the holders of rents receive, in USD a year.

    ``rates`` the wedges whose revenue comes here; ``held`` (M,) 1 where a limit's rent does, or
    where a minimum is paid from here; ``beyond`` (M,) 1 where the duty beyond a tariff-rate quota
    comes here. ``output_rate`` and ``output_specific`` (A,) taxes on sales and on units that do.
    ``importer`` and ``exporter`` (L,), ``producer`` (A,): 1 where the revenue of a new duty, export
    tax or output tax would come here, which is the treasury of the region itself.
    """

    name: str
    taxes: Taxes
    rates: Rates
    held: Vector
    beyond: Vector
    output_rate: Vector
    output_specific: Vector
    importer: Vector
    exporter: Vector
    producer: Vector
    unit: str = "USD/yr"

    @staticmethod
    def of(name: str, market: Market, arrays: Arrays, regions: tuple[str, ...]) -> Transfers:
        """Gather what comes to the treasuries and rent holders of regions."""
        lanes, limits = own_lanes(market, arrays), own_limits(market, arrays)
        levies = Levies.of(lanes)
        over = [x.over.revenue_to if x.over is not None else None for x in limits]
        known = [market.activity_by_name.get(a.name, a) for a in arrays.universe.activities]
        mine = [[w for w in a.active_wedges if w.revenue_to in regions] for a in known]
        return Transfers(
            name=name,
            taxes=Taxes.of(market, arrays, levies),
            rates=Rates.of(market, levies.chosen(lambda w: w.revenue_to in regions)),
            held=np.array([float(x.rent_to in regions) for x in limits]),
            beyond=np.array([float(x in regions) for x in over]),
            output_rate=np.array([sum(w.ad_valorem for w in x) for x in mine], np.float64),
            output_specific=np.array([sum(w.specific for w in x) for x in mine], np.float64),
            importer=np.array([float(x.destination in regions) for x in lanes]),
            exporter=np.array([float(x.origin in regions) for x in lanes]),
            producer=np.array([float(a.region in regions) for a in known]),
        )

    def _share_beyond(self, state: State) -> tuple[Vector, Vector]:
        """Return of each limit's flow the share beyond its bound, and the flow (M,)."""
        counted = np.where(state.counted_flow > 0.0, state.counted_flow, 1.0)
        excess = np.maximum(state.counted_flow - np.maximum(state.bound, 0.0), 0.0) / counted
        return self.taxes.over * excess, counted

    def _on_rent(self, state: State) -> Vector:
        """Return the part of each limit's rent that comes here (M,); negative: it is paid here."""
        share, _ = self._share_beyond(state)
        split = self.held * (1.0 - share) + self.beyond * share
        return np.where(state.arrays.limits.sign > 0.0, split, -self.held)

    def _by_rent(self, state: State) -> Vector:
        """Return USD a year per unit of each rent, whoever has it (M,)."""
        limits, flow = state.arrays.limits, state.flow
        price = state.price[state.arrays.lanes.node]
        full = limits.rent_slope @ (price * flow) + limits.rent_intercept @ flow
        return np.where(limits.sign > 0.0, full, self.taxes.member @ flow)

    def _rents(self, state: State) -> Vector:
        """Return what rents bring here per tonne on each lane (L,), less what rebates cost."""
        limits, price = state.arrays.limits, state.price[state.arrays.lanes.node]
        mine = state.rent * self._on_rent(state)
        earned, paid = (np.where(x, mine, 0.0) for x in (limits.sign > 0.0, limits.sign < 0.0))
        full = (earned @ limits.rent_slope) * price + earned @ limits.rent_intercept
        lost = self.taxes.rebate(state) * (self.rates.fob + self.rates.cif)
        return full + paid @ self.taxes.member - lost

    def _per_tonne(self, state: State) -> Vector:
        """Return what comes here per tonne on each lane (L,)."""
        rates, taxes, share = self.rates, self.taxes, shares(state)
        price = state.price[state.arrays.lanes.node]
        exports = taxes.per_delivered * (rates.export_rate * price + rates.export_specific)
        value = rates.on_value(share) * taxes.at_border(state)
        freight = rates.on_freight(share) * taxes.freight
        specific = rates.specific + _traced(share, rates.traced_specific)
        rents = self._rents(state) if len(state.rent) else 0.0
        return exports + value + freight + specific + rents

    def _per_unit(self, state: State) -> Vector:
        sales = state.price @ state.arrays.activities.outputs
        return self.output_rate * sales + self.output_specific

    def value(self, state: State) -> float:
        """Return what is received."""
        return float(self._per_tonne(state) @ state.flow + self._per_unit(state) @ state.level)

    def slopes(self, state: State) -> Slopes:
        """Return its partial derivatives."""
        activities, limits = state.arrays.activities, state.arrays.limits
        split, by_rent = self._on_rent(state), self._by_rent(state)
        moved, by_bound = self._by_share_beyond(state, by_rent)
        rebated = self.taxes.member @ (state.flow * (self.rates.fob + self.rates.cif))
        share = np.where(limits.sign > 0.0, split, 0.0)
        on_value = self.taxes.per_delivered * (1.0 + self.taxes.rates.export_rate)
        slope = self.taxes.per_delivered * self.rates.export_rate
        slope = slope + self.rates.on_value(shares(state)) * on_value
        slope = slope + (state.rent * share) @ limits.rent_slope
        on_sales = activities.outputs @ (self.output_rate * state.level)
        return Slopes(
            price=by_node(state, slope * state.flow) + on_sales,
            buyer_price=np.zeros(len(state.buyer_price)),
            flow=self._per_tonne(state) + moved @ self.taxes.member,
            level=self._per_unit(state),
            rent=split * by_rent - self.taxes.lowers * rebated,
            bound=by_bound,
            traced_share=self._by_traced_share(state),
            by=self._by_data(state),
        )

    def _by_share_beyond(self, state: State, by_rent: Vector) -> tuple[Vector, Vector]:
        """Return slopes in the flow that each limit counts, and in its bound (M,)."""
        share, counted = self._share_beyond(state)
        whole = state.rent * by_rent * (self.beyond - self.held)
        by_share = np.where(share > 0.0, whole, 0.0)
        within = np.maximum(state.bound, 0.0)
        by_bound = np.where(state.bound > 0.0, -by_share / counted, 0.0)
        return by_share * within / counted**2, by_bound

    def _by_traced_share(self, state: State) -> Matrix:
        """Return slopes in the traced share of each node's supply (T, N)."""
        rates, taxes = self.rates, self.taxes
        count = state.arrays.tracers.count
        on_value = (rates.traced_fob + rates.traced_cif) * taxes.at_border(state)
        each = on_value + rates.traced_cif * taxes.freight + rates.traced_specific
        rows = [by_node(state, x * state.flow) for x in each[:count]]
        return np.array(rows).reshape(count, len(state.price))

    def _by_data(self, state: State) -> dict[str, Vector]:
        taxes, flow, share = self.taxes, state.flow, shares(state)
        limits, price = state.arrays.limits, state.price[state.arrays.lanes.node]
        # A tariff-rate quota's rent is a duty as well: what it is a share of moves it.
        over = np.where(limits.sign > 0.0, state.rent * self._on_rent(state) * taxes.over_rate, 0.0)
        on_value = self.rates.on_value(share) + over @ taxes.member
        on_freight = self.rates.on_freight(share) + (over * taxes.over_cif) @ taxes.member
        mine = self.rates.export_rate * price + self.rates.export_specific
        lost = taxes.per_delivered * (
            on_value * taxes.at_border(state) + taxes.per_delivered * mine
        )
        received = np.where(limits.sign > 0.0, state.rent * self._on_rent(state), 0.0)
        sales = state.price @ state.arrays.activities.outputs
        return {
            "specific": self.importer * flow,
            "ad_valorem": self.importer * flow * taxes.customs_value(state),
            "export_ad_valorem": flow * taxes.per_delivered * price * (self.exporter + on_value),
            "export_specific": flow * taxes.per_delivered * (self.exporter + on_value),
            "freight": flow * on_freight,
            "loss": flow * lost,
            "over_ad_valorem": received * taxes.over_content * taxes.over_quota(state, flow),
            "over_specific": received * taxes.over * (taxes.member @ flow),
            "output_tax": self.producer * state.level * sales,
            "output_tax_specific": self.producer * state.level,
        }


def _traced(share: Matrix, rates: Matrix) -> Vector:
    count = min(len(share), len(rates))
    return np.einsum("tl,tl->l", share[:count], rates[:count])
