"""The model beside the world: three objects kept apart and labelled.

fitted        the benchmark year, reconciled with what was observed; closeness proves nothing
prediction    a later year from the tastes of an earlier benchmark, never shown the outcome
levels        a year carried forward by outputs and capacities alone
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from accord.assessment.assessment import BaselineRow
from accord.equilibrium import Equilibrium, solve_market
from accord.errors import NoCertifiedAnswer
from accord.market import Market
from accord.pack import Observation, Pack
from accord.units import MASS_RATE, parse


@dataclass(frozen=True, slots=True)
class BaselineObject:
    """One comparison of model and world: its label, what it is, its rows or why there are none.

    ``flow_gap``  largest relative difference of any flow to the benchmark, where it is one
    """

    label: str
    says: str
    rows: tuple[BaselineRow, ...]
    flow_gap: float | None = None
    failure: str = ""


def law_day(pack: Pack, year: int) -> date:
    """Return the day whose law stands for a year: the benchmark's own, else its first of July."""
    benchmark = pack.benchmarks.get(year)
    return date(year, 7, 1) if benchmark is None else benchmark.law_date


def compare_with_world(
    observed: tuple[Observation, ...], equilibrium: Equilibrium, *, fitted: bool | None = None
) -> tuple[BaselineRow, ...]:
    """Return each observation beside the model's value; ``fitted`` overrides the pack's flag."""
    return tuple(_row(o, equilibrium, o.fitted if fitted is None else fitted) for o in observed)


def _row(o: Observation, eq: Equilibrium, fitted: bool) -> BaselineRow:  # noqa: FBT001
    value, unit = _in_base_units(o)
    return BaselineRow(
        quantity=o.quantity,
        region=f"{o.partner}>{o.region}" if o.partner else o.region,
        year=o.year,
        observed=value,
        model=_model_value(o, eq),
        unit=unit,
        fitted=fitted,
        source=o.source,
    )


def _in_base_units(o: Observation) -> tuple[float, str]:
    unit = o.unit.removesuffix("/yr")
    if unit in ("kt", "t", "Mt"):
        return parse(f"{o.value!r} {unit}/yr", MASS_RATE), "t/yr"
    return o.value, o.unit


def _model_value(o: Observation, eq: Equilibrium) -> float | None:
    good = _good_of(o, eq.market)
    if o.quantity == "hub_price":
        return eq.hub_price.get(good)
    if o.quantity == "buyer_price":
        return eq.buyer_price(good, o.region)
    if o.quantity == "producer_price":
        return eq.producer_price(good, o.region)
    if o.quantity == "imports":
        return _imports(eq, good, o.region, o.partner)
    kind, _, what = o.quantity.rpartition("_")
    name = f"{kind}.{o.region}"
    plants = eq.market.plants_of(name) if what == "output" else ()
    return sum(eq.output(a.name) * a.outputs[0][1] for a in plants) if plants else None


def _good_of(o: Observation, market: Market) -> str:
    """Observations are of the pack's quoted good unless they name an activity."""
    del o
    return market.hubs[0].good if market.hubs else market.goods[-1].code


def _imports(eq: Equilibrium, good: str, region: str, partner: str) -> float:
    if partner:
        return eq.flow(good, partner, region)
    others = (r.code for r in eq.market.regions if r.code != region)
    return sum(eq.flow(good, origin, region) for origin in others)


def baseline_objects(pack: Pack, closure: str = "share") -> tuple[BaselineObject, ...]:
    """Return every labelled comparison of a pack with the world, benchmarks first."""
    years = sorted(pack.benchmarks)
    first = pack.market(years[0], law_day(pack, years[0]))
    return (
        *(_Comparison(pack, year, closure).fitted() for year in years),
        *(_Comparison(pack, year, closure).from_tastes(first, years[0]) for year in years[1:]),
        *(_Comparison(pack, year, closure).from_levels() for year in sorted(pack.levels)),
    )


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A market of a year, to be solved under a closure and held against what was observed."""

    pack: Pack
    year: int
    closure: str

    @property
    def market(self) -> Market:
        """The year's own market under the year's own law."""
        return self.pack.market(self.year, law_day(self.pack, self.year))

    def fitted(self) -> BaselineObject:
        says = (
            f"benchmark {self.year}, reconciled with what was observed; "
            "rows marked fitted prove nothing"
        )
        return self._against(f"fitted {self.year}", says, self.market, own_flows=True)

    def from_levels(self) -> BaselineObject:
        base = self.pack.benchmark_year(self.year)
        says = (
            f"{self.year} predicted from the {base} benchmark with outputs and capacities of "
            f"{self.year}; its trade is not fitted"
        )
        return self._against(f"{self.year} from {base}", says, self.market)

    def from_tastes(self, first: Market, first_year: int) -> BaselineObject:
        says = (
            f"{self.year} predicted with the lane weights of {first_year}; capacities, demand, "
            f"prices of inputs and law of {self.year}; its trade is not fitted"
        )
        market = with_tastes_of(self.market, first)
        return self._against(f"{self.year} from {first_year}", says, market, fitted=False)

    def _against(
        self,
        label: str,
        says: str,
        market: Market,
        *,
        fitted: bool | None = None,
        own_flows: bool = False,
    ) -> BaselineObject:
        try:
            equilibrium = solve_market(market, closure=self.closure)
        except NoCertifiedAnswer as error:
            return BaselineObject(label, says, (), failure=error.cause)
        rows = compare_with_world(self.pack.observed(self.year), equilibrium, fitted=fitted)
        gap = largest_flow_gap(self.pack, self.year, equilibrium) if own_flows else None
        return BaselineObject(label, says, rows, flow_gap=gap)


def largest_flow_gap(pack: Pack, year: int, equilibrium: Equilibrium) -> float:
    """Return the largest relative difference of any flow to the benchmark it should reproduce."""
    flows = pack.benchmarks[year].flow.items()
    return max(abs(equilibrium.flow(*key) - x) / x for key, x in flows if x > 0.0)


def with_tastes_of(market: Market, earlier: Market) -> Market:
    """Return the market with every lane's weight taken from an earlier one, where it had one.

    θ is σ over the mean landed cost, so a weight means the same at another price level. A lane
    that the earlier market did not have closes: it had no weight.
    """
    weights = {key: lane.log_weight for key, lane in earlier.lane_by_key.items()}
    lanes = tuple(
        replace(lane, log_weight=weights.get(lane.key, float("-inf"))) for lane in market.lanes
    )
    return replace(market, lanes=lanes)
