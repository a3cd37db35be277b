"""From a deal's joint project to plans: sizes, costs, terms of finance and tax, draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.instruments.joint_project import JointProject, ProjectAsset
from accord.invest.comparables import (
    Chain,
    PlantCost,
    Spread,
    bought,
    capacity_factor,
    hydropower_per_tonne,
    plant_costs,
    unit_cost,
)
from accord.invest.draws import Between, drawn
from accord.invest.feedback import Technique
from accord.invest.plan import Asset, Loan, Operation, Owner, Plan, Prices, Taxes
from accord.invest.present_value import Array
from accord.invest.tables import ProjectTables, Range

REGIONAL = ("country_risk", "profit_tax")
"""Numbers that a region must have a row of its own for."""


@dataclass(frozen=True)
class Sized:
    """An asset with its size (t a year, MW; ``None`` for a line) and cost.

    ``from_deal``  whether the deal says what it costs;  ``cost_range`` factors on that cost
    """

    kind: str
    size: float | None
    capex: float
    from_deal: bool
    cost_range: Between


@dataclass(frozen=True)
class Case:
    """A joint project with everything that it takes to judge it.

    ``technique``  of its smelter, ``None`` where it has none;  ``power_price`` USD per MWh
    """

    term: JointProject
    region: str
    tables: ProjectTables
    technique: Technique | None
    power_price: float
    price_year: int

    @cached_property
    def comparables(self) -> tuple[PlantCost, ...]:
        """Comparable plants in dollars of the pack's price year."""
        return plant_costs(self.tables, self.price_year)

    def cost(self, kind: str) -> Spread:
        """USD per t a year of smelter, or per MW of hydropower."""
        return unit_cost(self.comparables, kind)

    @cached_property
    def factor(self) -> Spread:
        """Mean output over capacity of hydropower."""
        return capacity_factor(self.tables)

    @cached_property
    def power_per_tonne(self) -> float:
        """MWh per tonne of metal."""
        return 0.0 if self.technique is None else self.technique.power_per_tonne

    def buys(self, budget: float, which: str = "median", *, with_power: bool = True) -> Chain:
        """Return what a budget buys at the low, median or high cost of comparable plants."""
        per_tonne = hydropower_per_tonne(self.power_per_tonne, self.factor.median)
        return bought(
            budget,
            getattr(self.cost("smelter"), which),
            getattr(self.cost("hydropower"), which),
            per_tonne if with_power else 0.0,
        )

    @cached_property
    def assets(self) -> tuple[Sized, ...]:
        """The assets with their sizes and costs."""
        open_ones = {a.kind for a in self.term.asset if a.size is None and a.capex is None}
        left = (self.term.budget or 0.0) - sum(self._cost_of(a) for a in self.term.asset)
        sizes = self._bought_sizes(left, open_ones) if open_ones else {}
        return tuple(self._sized(a, sizes.get(a.kind)) for a in self.term.asset)

    @property
    def _scale(self) -> float | None:
        """What sized plants cost against comparable ones, where the deal tells the whole only."""
        every, budget = self.term.asset, self.term.budget
        if budget is None or any(a.size is None and a.capex is None for a in every):
            return None
        told = sum(a.capex for a in every if a.capex is not None)
        typical = sum(self._typical_cost(a) for a in every if a.capex is None)
        return (budget - told) / typical if typical else None

    def _typical_cost(self, asset: ProjectAsset) -> float:
        return 0.0 if asset.size is None else asset.size.amount * self.cost(asset.kind).median

    def _cost_of(self, asset: ProjectAsset) -> float:
        """Return what an asset costs; 0 where neither size nor cost is told."""
        if asset.capex is not None:
            return asset.capex
        return self._typical_cost(asset) * (1.0 if self._scale is None else self._scale)

    def _bought_sizes(self, left: float, kinds: set[str]) -> dict[str, float]:
        """Return the sizes of assets that the deal leaves open: what the money left buys."""
        if kinds == {"smelter", "hydropower"}:
            chain = self.buys(left)
            return {"smelter": chain.metal, "hydropower": chain.hydropower}
        return {kind: left / self.cost(kind).median for kind in kinds}

    def _sized(self, asset: ProjectAsset, bought_size: float | None) -> Sized:
        if asset.kind == "line":
            return Sized(
                "line", None, self._cost_of(asset), from_deal=True, cost_range=self._overrun
            )
        price = self.cost(asset.kind)
        told = asset.capex is not None or self._scale is not None
        size = bought_size
        if size is None:
            size = self._cost_of(asset) / price.median if asset.size is None else asset.size.amount
        capex = self._cost_of(asset) if bought_size is None else bought_size * price.median
        relative = Spread(price.low / price.median, 1.0, price.high / price.median)
        return Sized(asset.kind, size, capex, told, self._overrun if told else relative)

    @property
    def _overrun(self) -> Between:
        return self.tables.range("capex_factor", self.region)

    def size(self, kind: str) -> float:
        """Return the size of the asset of a kind, 0 where there is none."""
        return next((a.size or 0.0 for a in self.assets if a.kind == kind), 0.0)

    @property
    def capex(self) -> float:
        """What all assets cost."""
        return sum(a.capex for a in self.assets)

    def plan(
        self,
        prices: Prices,
        export_tax: float = 0.0,
        values: Mapping[str, Array] | None = None,
    ) -> Plan:
        """Return the plan in the base case, or with draws of uncertain numbers in their place.

        ``prices`` of metal before the export tax, a part of it.
        """
        v = self._values(values)
        assets = tuple(
            Asset(
                a.kind,
                a.capex * v[f"capex.{a.kind}"],
                self._build_years(a.kind) * v["delay_factor"],
                v[f"{a.kind}.life"],
                v[f"{a.kind}.fixed_cost"],
            )
            for a in self.assets
        )
        return Plan(
            assets,
            self._operation(v),
            Prices(
                prices.metal * v["metal_factor"],
                prices.alumina * v["alumina_factor"],
                prices.power * v["power_price_factor"],
            ),
            self._loan(v),
            Taxes(
                v["profit_tax"],
                v["property_tax"],
                v["royalty"],
                export_tax,
                v["withholding_tax"],
                v["loss_use_limit"],
            ),
            v["lead_years"] if self.term.lead_years is None else float(self.term.lead_years),
        )

    def owners(self, values: Mapping[str, Array] | None = None) -> tuple[Owner, ...]:
        """Return the holders of shares with what their money must earn."""
        v = self._values(values)
        needed = v["risk_free_rate"] + v["beta"] * v["equity_premium"] + v["country_risk"]
        total = sum(s.share for s in self.term.share)
        return tuple(
            Owner(
                s.party,
                s.country,
                s.share / total,
                s.country not in {self.term.region, self.region},
                needed if s.required_return is None else s.required_return,
            )
            for s in self.term.share
        )

    @property
    def public_rate(self) -> float:
        """What the treasury discounts at."""
        return self.tables.range("public_discount_rate", self.region).median

    def ranges(self, metal: Between) -> dict[str, Between]:
        """Return every number that is drawn, with its range; ``metal`` that of its price."""
        found: dict[str, Between] = {"metal_factor": metal}
        if self.size("hydropower"):
            found["capacity_factor"] = self.factor
        found |= {f"capex.{a.kind}": a.cost_range for a in self.assets}
        names = [n for n in self._names if n not in self._stated]
        found |= {name: self.tables.range(name, self.region) for name in names}
        return {name: r for name, r in found.items() if r.high > r.low}

    def unit_of(self, name: str) -> str:
        """Return the unit of a number that is drawn; ``factor`` for one on the base case."""
        if name.startswith("capex.") or name.endswith("_factor"):
            return "fraction" if name == "capacity_factor" else "factor"
        return self.tables.range(name, self.region).unit

    @property
    def assumed(self) -> dict[str, Range]:
        """The numbers that are assumed and not the deal's, by name."""
        names = [n for n in self._names if n not in self._stated]
        names += [f"{a.kind}.build_years" for a in self.term.asset if a.build_years is None]
        if any(a.from_deal for a in self.assets):
            names.append("capex_factor")
        found = {name: self.tables.range(name, self.region) for name in names}
        return {name: r for name, r in found.items() if r.status == "assumed"}

    def draws(self, metal: Between, count: int, seed: int) -> dict[str, Array]:
        """Return draws of the uncertain numbers, (count,) each."""
        return drawn(self.ranges(metal), count, seed)

    @property
    def _names(self) -> tuple[str, ...]:
        kinds = [a.kind for a in self.term.asset]
        own = [f"{kind}.{item}" for kind in kinds for item in ("life", "fixed_cost")]
        return (
            *("lead_years", "operating_years", "ramp_years", "delay_factor", *own),
            *("alumina_factor", "other_cost_factor", "power_price_factor"),
            *("debt_share", "loan_rate", "risk_free_rate", "equity_premium", "beta"),
            *("country_risk", "profit_tax", "property_tax", "royalty", "withholding_tax"),
            "loss_use_limit",
        )

    @property
    def _stated(self) -> set[str]:
        """Numbers that the deal itself gives: they are not drawn."""
        f, t = self.term.financing, self.term
        given = {
            "debt_share": f.debt_share,
            "loan_rate": f.rate,
            "lead_years": t.lead_years,
            "power_price_factor": t.power_price,
        }
        return {name for name, value in given.items() if value is not None}

    def _values(self, values: Mapping[str, Array] | None) -> dict[str, float | Array]:
        """Return every number by name: its draws where there are any, else its likely value."""
        found: dict[str, float | Array] = {
            name: self.tables.range(name, self.region).median for name in self._names
        }
        found |= {"metal_factor": 1.0, "capacity_factor": self.factor.median}
        found |= {f"capex.{a.kind}": 1.0 for a in self.assets}
        return found | dict(values or {})

    def _build_years(self, kind: str) -> float:
        asset = self.term.asset_of(kind)
        if asset is not None and asset.build_years is not None:
            return float(asset.build_years)
        return self.tables.range(f"{kind}.build_years", self.region).median

    def _operation(self, v: Mapping[str, float | Array]) -> Operation:
        made = self.technique
        factor = v["other_cost_factor"]
        return Operation(
            metal=self.size("smelter"),
            power_per_tonne=self.power_per_tonne,
            alumina_per_tonne=0.0 if made is None else made.ore_per_tonne,
            other_cost=0.0 if made is None else made.other_cost * factor,
            hydropower=self.size("hydropower"),
            capacity_factor=v["capacity_factor"],
            ramp_years=v["ramp_years"],
            years=v["operating_years"],
            rising_cost=0.0 if made is None else made.rising_cost * factor,
            curvature=1.0 if made is None else made.activity.curvature,
        )

    def _loan(self, v: Mapping[str, float | Array]) -> Loan:
        given = self.term.financing
        years = self.tables.range("loan_years", self.region).median
        return Loan(
            v["debt_share"] if given.debt_share is None else given.debt_share,
            v["loan_rate"] if given.rate is None else given.rate,
            int(years) if given.loan_years is None else given.loan_years,
            given.grace_years,
        )
