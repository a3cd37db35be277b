"""A project before anything is computed: what is built, what it makes, on which terms.

Amounts are in constant USD, tonnes, MWh, MW and years; shares and rates are fractions, rates above
inflation. Every number may be one value or one for each of several draws, shape (draws,).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.invest.schedule import Number

HOURS = 8760.0


@dataclass(frozen=True)
class Asset:
    """One thing that is built.

    ``capex``        USD, spent evenly over ``build_years``, which end when the project starts up
    ``life``         years over which it is written off
    ``fixed_cost``   part of capex that its upkeep costs a year
    """

    kind: str
    capex: Number
    build_years: Number
    life: Number
    fixed_cost: Number


@dataclass(frozen=True)
class Operation:
    """What the project could make, and what that takes.

    ``metal``            t a year at full use, 0 without a smelter
    ``power_per_tonne``  MWh;  ``alumina_per_tonne`` t;  ``other_cost`` USD per t of metal
    ``rising_cost``      USD per t at full use: a marginal t costs that · use^(1/curvature) more
    ``hydropower``       MW, 0 without a plant;  ``capacity_factor`` mean output over MW
    ``ramp_years``       from start-up to full load;  ``years`` of operation that are counted
    """

    metal: Number
    power_per_tonne: Number
    alumina_per_tonne: Number
    other_cost: Number
    hydropower: Number
    capacity_factor: Number
    ramp_years: Number
    years: Number
    rising_cost: Number = 0.0
    curvature: Number = 1.0

    @property
    def power_made(self) -> Number:
        """MWh a year at full load."""
        return self.hydropower * HOURS * self.capacity_factor


@dataclass(frozen=True)
class Prices:
    """Prices that hold in every year: USD per t at the smelter's gate, and USD per MWh.

    ``power`` is what power that the project lacks costs and what power left over earns.
    """

    metal: Number
    alumina: Number
    power: Number


@dataclass(frozen=True)
class Loan:
    """Debt: ``share`` of what is spent on building, at ``rate``.

    While building goes on interest is added to the debt; then for ``grace_years`` only interest is
    paid; then level payments repay it over ``years``.
    """

    share: Number
    rate: Number
    years: int
    grace_years: int = 0


@dataclass(frozen=True)
class Taxes:
    """What the treasury of the place takes.

    ``profit``      on profit after interest and depreciation; old losses offset up to
                    ``loss_use_limit`` of a year's profit
    ``property``    on book value a year;  ``royalty`` USD per MWh of hydropower
    ``export``      on sales of metal;  ``withholding`` on dividends to owners abroad
    """

    profit: Number
    property: Number = 0.0
    royalty: Number = 0.0
    export: Number = 0.0
    withholding: Number = 0.0
    loss_use_limit: Number = 1.0


@dataclass(frozen=True)
class Owner:
    """A holder of a share: company or state; ``abroad``: its dividends are taxed when they leave.

    ``required_return``  what its money must earn
    """

    name: str
    country: str
    share: float
    abroad: bool
    required_return: Number


@dataclass(frozen=True)
class Plan:
    """A project. ``lead_years`` pass between its signing and the first spending."""

    assets: tuple[Asset, ...]
    operation: Operation
    prices: Prices
    loan: Loan
    taxes: Taxes
    lead_years: Number = 0.0

    @property
    def utilisation(self) -> Number:
        """The part of the smelter that runs: where a marginal tonne costs what it brings.

        The rule of the market's plants: power costs what it could be sold for.
        """
        o, p = self.operation, self.prices
        cost = o.alumina_per_tonne * p.alumina + o.power_per_tonne * p.power + o.other_cost
        margin = np.asarray(p.metal * (1.0 - self.taxes.export) - cost)
        full = np.asarray(o.rising_cost, dtype=float)
        # Clipped before it is divided: a cost that hardly rises must not overflow.
        part = np.clip(margin, 0.0, full) / np.where(full > 0.0, full, 1.0)
        return np.where(full > 0.0, part**o.curvature, (margin >= 0.0).astype(float))

    @property
    def cost_per_tonne(self) -> Number:
        """USD per t of metal made, besides alumina and power: the mean of the rising cost in it."""
        o = self.operation
        rising = o.rising_cost * o.curvature / (1.0 + o.curvature)
        return o.other_cost + rising * self.utilisation ** (1.0 / o.curvature)

    @property
    def metal_made(self) -> Number:
        """Tonnes a year at full load."""
        return self.operation.metal * self.utilisation

    @property
    def power_used(self) -> Number:
        """MWh a year at full load."""
        return self.metal_made * self.operation.power_per_tonne

    @property
    def capex(self) -> Number:
        """What all assets cost to build."""
        return sum((asset.capex for asset in self.assets), start=np.zeros(()))

    @property
    def start_up(self) -> Number:
        """Years from signing to the first metal or power: everything is ready at once."""
        longest: Number = 0.0
        for asset in self.assets:
            longest = np.maximum(longest, asset.build_years)
        return self.lead_years + longest

    @property
    def end(self) -> Number:
        """Years from signing to the end of what is counted."""
        return self.start_up + self.operation.years

    @property
    def years(self) -> int:
        """How many years there are to count, over all draws."""
        return int(np.ceil(np.max(self.end) - 1e-9))


def smelter_alone(plan: Plan) -> Plan:
    """Return a plan's smelter with all its power bought: no plant of its own."""
    kept = tuple(a for a in plan.assets if a.kind == "smelter")
    return replace(plan, assets=kept, operation=replace(plan.operation, hydropower=0.0))


def hydropower_alone(plan: Plan) -> Plan:
    """Return a plan's hydropower with all its power sold: no smelter."""
    kept = tuple(a for a in plan.assets if a.kind == "hydropower")
    return replace(plan, assets=kept, operation=replace(plan.operation, metal=np.zeros(())))
