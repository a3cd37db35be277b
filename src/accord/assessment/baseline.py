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
    """One comparison of model and world: its label, what it is, its rows or why there are none."""

    label: str
    says: str
    rows: tuple[BaselineRow, ...]
    failure: str = ""


def baseline_rows(
    pack: Pack, year: int, before: Equilibrium, closure: str
) -> tuple[BaselineRow, ...]:
    """Return what the world showed in ``year`` beside the model under the law of that year.

    ``before`` is used as it is where its law is that of the year's own day.
    """
    market = pack.market(year, law_day(pack, year))
    equilibrium = before
    if market != before.market:
        equilibrium = solve_market(market, closure=closure)
    return compare_with_world(pack.observed(year), equilibrium)


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
    if o.unit in ("kt", "t", "Mt"):
        return parse(f"{o.value!r} {o.unit}/yr", MASS_RATE), "t/yr"
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
    if what == "output" and name in eq.market.activity_by_name:
        return eq.output(name) * eq.market.activity_by_name[name].outputs[0][1]
    return None


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
    objects = [_fitted(pack, year, closure) for year in sorted(pack.benchmarks)]
    objects += _predictions(pack, closure)
    objects += [_levels(pack, year, closure) for year in sorted(pack.levels)]
    return tuple(objects)


def _fitted(pack: Pack, year: int, closure: str) -> BaselineObject:
    says = f"benchmark {year}, reconciled with what was observed; rows marked fitted prove nothing"
    return _solved(
        f"fitted {year}", says, pack, year, pack.market(year, law_day(pack, year)), closure
    )


def _levels(pack: Pack, year: int, closure: str) -> BaselineObject:
    base = pack.benchmark_year(year)
    says = f"{year} predicted from the {base} benchmark with outputs and capacities of {year}"
    return _solved(
        f"{year} from {base}", says, pack, year, pack.market(year, law_day(pack, year)), closure
    )


def _predictions(pack: Pack, closure: str) -> list[BaselineObject]:
    """Predict each later benchmark with the tastes of the first, never shown the outcome."""
    years = sorted(pack.benchmarks)
    first = pack.market(years[0], law_day(pack, years[0]))
    objects: list[BaselineObject] = []
    for year in years[1:]:
        market = with_tastes_of(pack.market(year, law_day(pack, year)), first)
        says = (
            f"{year} predicted with the lane weights of {years[0]}; capacities, demand, "
            f"prices of inputs and law of {year}; nothing fitted"
        )
        label = f"{year} from {years[0]}"
        objects.append(_solved(label, says, pack, year, market, closure, fitted=False))
    return objects


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


def _solved(
    label: str,
    says: str,
    pack: Pack,
    year: int,
    market: Market,
    closure: str,
    *,
    fitted: bool | None = None,
) -> BaselineObject:
    try:
        equilibrium = solve_market(market, closure=closure)
    except NoCertifiedAnswer as error:
        return BaselineObject(label, says, (), failure=error.cause)
    return BaselineObject(
        label, says, compare_with_world(pack.observed(year), equilibrium, fitted=fitted)
    )
