"""Markets at their bounds, every datum of them to move, and differences of solving again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from accord.equilibrium import Equilibrium, closure_named, solve_market
from accord.equilibrium.adjoint import Gradient
from accord.equilibrium.effect import Effect
from accord.equilibrium.effect_named import (
    buyer_price,
    flow,
    hub_price,
    imports,
    output,
    producer_price,
    receipts,
    welfare,
)
from accord.market import Activity, FinalDemand, Lane, Limit, Market, Wedge
from accord.market.market import set_capacity
from worlds import LANE_AB, LANE_CB, banned, duty, limit, origin_duty, quota, toy, with_duty

Move = Callable[[float], Market]
EFFECTS: dict[str, Callable[[Equilibrium], Effect]] = {
    "price of metal in A": lambda eq: producer_price(eq, "metal", "A"),
    "price of metal to B": lambda eq: buyer_price(eq, "metal", "B"),
    "hub price": lambda eq: hub_price(eq, "metal"),
    "flow": lambda eq: flow(eq, "metal", "C", "B"),
    "imports of B": lambda eq: imports(eq, "metal", "B"),
    "output": lambda eq: output(eq, "smelter.B"),
    "receipts of B": lambda eq: receipts(eq, "B"),
    "welfare of A": lambda eq: welfare(eq, "A"),
    "welfare of B": lambda eq: welfare(eq, "B"),
    "world welfare": welfare,
}


# ------------------------------------------------------------------------------------- markets


def taxed() -> Market:
    """An export tax on metal, a subsidy to a smelter, a tax on another: what receipts are of."""
    market = toy().map_lanes(
        lambda x: x.good == "metal" and x.origin == "C" and x.destination == "B",
        lambda x: x.with_wedge(Wedge("export tax", "export", 0.03, 5.0, revenue_to="C")),
    )
    taxes = {"smelter.A": (0.02, 3.0, "A"), "smelter.B": (-0.04, -6.0, "B")}
    return market.map_activities(
        lambda a: a.name in taxes,
        lambda a: replace(a, wedges=(_output_wedge(*taxes[a.name]),)),
    )


def _output_wedge(rate: float, specific: float, region: str) -> Wedge:
    return Wedge("output tax", "output", rate, specific, revenue_to=region)


def strained() -> Market:
    """A minimum that lowers the customs value, a tariff-rate quota in its kink, a full plant."""
    market = set_capacity(toy(), {"smelter.C": 28e3})
    least = replace(
        limit(9e3, LANE_CB, sense="at_least", rent_to="C", lowers_customs_value=True),
        measure="least",
    )
    over = duty(0.3, basis="cif", specific=40.0)
    return market.with_limit(least).with_limit(quota(20e3, over))


def beyond_the_quota() -> Market:
    """Flows past a tariff-rate quota, some of the duty to B and some of the rent to A."""
    return toy().with_limit(quota(12e3, duty(0.1, basis="fob", specific=20.0)))


def within_the_quota() -> Market:
    return toy().with_limit(quota(60e3, duty(0.2)))


def at_most() -> Market:
    return toy().with_limit(limit(18e3))


def idle() -> Market:
    """The smelter of B costs more than metal does: it makes nothing."""
    return toy().map_activities(
        lambda a: a.name == "smelter.B", lambda a: replace(a, other_cost=a.other_cost + 2e3)
    )


def spare(cost: float = 1e4) -> Market:
    """A second smelter in B that costs more than metal does, at a cost that rises in a line."""
    market = toy()
    old = market.activity_by_name["smelter.B"]
    new = replace(
        old, name="spare.B", curvature=1.0, rising_cost=500.0, other_cost=old.other_cost + cost
    )
    return replace(market, activities=(*market.activities, new))


def nested(market: Market) -> Market:
    """The same with home supply and imports in nests of their own."""
    home = {"ore": 2.5, "metal": 5.0}
    return replace(
        market,
        buyers=tuple(replace(b, home_elasticity=home[b.good]) for b in market.buyers),
    )


def growing() -> Market:
    """A quota that grows with the output of B's smelter."""
    room = replace(limit(2e3), per_activity=(("smelter.B", 0.5),))
    return toy().with_limit(room)


def away_from_the_benchmark(market: Market) -> Market:
    return with_duty(market, duty(0.15))


WORLDS: dict[tuple[str, str], Callable[[], Market]] = {
    ("share", "plain"): toy,
    ("share", "taxed"): taxed,
    ("share", "entrepot"): lambda: toy(entrepot=True),
    ("share", "strained"): strained,
    ("share", "beyond the quota"): beyond_the_quota,
    ("share", "within the quota"): within_the_quota,
    ("share", "growing"): growing,
    ("share", "idle"): idle,
    ("share", "spare"): spare,
    ("share", "banned"): lambda: banned(toy()),
    ("share", "pro rata"): lambda: origin_duty(toy(entrepot=True), 0.3, "pro rata"),
    ("share", "segregated"): lambda: origin_duty(toy(entrepot=True), 0.3, "segregated"),
    ("armington", "plain"): toy,
    ("armington", "taxed"): taxed,
    ("armington", "nested"): lambda: nested(toy()),
    ("armington", "nested, strained"): lambda: nested(strained()),
    ("armington", "beyond the quota"): beyond_the_quota,
    ("armington", "spare"): spare,
    ("armington", "banned"): lambda: banned(nested(toy())),
    ("homogeneous", "plain"): toy,
    ("homogeneous", "taxed"): taxed,
    ("homogeneous", "at most"): at_most,
    ("homogeneous", "idle"): idle,
    ("homogeneous", "spare"): spare,
    ("homogeneous", "full"): lambda: set_capacity(toy(), {"smelter.C": 28e3}),
    ("homogeneous", "banned"): lambda: banned(toy()),
    ("homogeneous", "growing"): growing,
}


# ---------------------------------------------------------------------------------------- data


@dataclass(frozen=True)
class Datum:
    """One number of a market: where the gradient has it, how to move it, and its size."""

    column: str
    place: int | tuple[int, int]
    size: float
    moved: Move


def data_of(eq: Equilibrium) -> Iterator[Datum]:
    """Every kind of datum, at some places of each."""
    yield from _on_lanes(eq)
    yield from _on_limits(eq)
    yield from _on_activities(eq)
    yield from _on_demands(eq)


def _on_lanes(eq: Equilibrium) -> Iterator[Datum]:
    market, basis = eq.market, {r.code: r.customs_basis for r in eq.market.regions}
    names = {str(x.key): i for i, x in enumerate(eq.universe.lanes)}
    for i in sorted({names[str(LANE_AB)], names[str(LANE_CB)], names["metal B→B"], 2, 5}):
        lane = eq.universe.lanes[i]
        to, at = lane.destination, lane.origin

        def put(wedge: Callable[[float], Wedge], x: Lane = lane) -> Move:
            return lambda s: with_duty(market, wedge(s), x.key)

        def on(change: Callable[[Lane, float], Lane], x: Lane = lane) -> Move:
            return lambda s: market.map_lanes(lambda y: y.key == x.key, lambda y: change(y, s))

        def new(side: str, to: str, *, rate: bool, kind: str = "fob") -> Callable[[float], Wedge]:
            return lambda s: Wedge(
                "probe", side, s * rate, s * (not rate), kind, revenue_to=to  # type: ignore[arg-type]
            )  # fmt: skip

        price = 2000.0 if lane.good == "metal" else 40.0
        kind = basis[to]
        yield Datum("ad_valorem", i, 1.0, put(new("import", to, rate=True, kind=kind)))
        yield Datum("specific", i, price, put(new("import", to, rate=False)))
        yield Datum("export_ad_valorem", i, 1.0, put(new("export", at, rate=True)))
        yield Datum("export_specific", i, price, put(new("export", at, rate=False)))
        yield Datum("freight", i, price, on(lambda y, s: replace(y, freight=y.freight + s)))
        yield Datum("loss", i, 1.0, on(lambda y, s: replace(y, loss=y.loss + s)))


def _on_limits(eq: Equilibrium) -> Iterator[Datum]:
    for i, bound in enumerate(eq.universe.limits):

        def moved(change: Callable[[Limit, float], Limit], x: Limit = bound) -> Move:
            return lambda s: replace(
                eq.market,
                limits=tuple(
                    change(y, s) if (y.measure, y.lanes) == (x.measure, x.lanes) else y
                    for y in eq.market.limits
                ),
            )

        yield Datum(
            "bound", i, max(bound.bound, 1e3), moved(lambda y, s: replace(y, bound=y.bound + s))
        )
        if bound.over is not None:
            yield Datum("over_ad_valorem", i, 1.0, moved(lambda y, s: _over(y, s, 0.0)))
            yield Datum("over_specific", i, 2000.0, moved(lambda y, s: _over(y, 0.0, s)))


def _over(limit: Limit, rate: float, specific: float) -> Limit:
    over = limit.over
    assert over is not None
    more = replace(over, ad_valorem=over.ad_valorem + rate, specific=over.specific + specific)
    return replace(limit, over=more)


def _on_activities(eq: Equilibrium) -> Iterator[Datum]:
    for i, activity in enumerate(eq.universe.activities):
        if activity.kind == "mine" and activity.region != "A":
            continue

        def moved(change: Callable[[Activity, float], Activity], x: Activity = activity) -> Move:
            return lambda s: eq.market.map_activities(
                lambda a: a.name == x.name, lambda a: change(a, s)
            )

        def plus(name: str, change: Callable[..., Move] = moved) -> Move:
            return change(lambda a, s: replace(a, **{name: getattr(a, name) + s}))

        for good, tonnes in activity.inputs:
            buyer = eq.universe.buyer_index[good, activity.region]
            yield Datum("input", (buyer, i), tonnes, moved(partial(_hungrier, good)))
        price = 2000.0 if activity.kind != "mine" else 40.0
        yield Datum("other_cost", i, price, plus("other_cost"))
        yield Datum("rising_cost", i, price, plus("rising_cost"))
        yield Datum("curvature", i, 0.3, plus("curvature"))
        yield Datum("power", i, 10.0, plus("power"))
        yield Datum("power_price", i, 30.0, plus("power_price"))
        level = activity.capacity.level
        yield Datum(
            "capacity", i, level,
            lambda s, a=activity, k=level: set_capacity(eq.market, {a.name: k + s}),
        )  # fmt: skip
        for name, rate in (("output_tax", True), ("output_tax_specific", False)):
            yield Datum(
                name, i, 1.0 if rate else price,
                moved(lambda a, s, r=rate: replace(a, wedges=(
                    *a.wedges, _output_wedge(s * r, s * (not r), a.region)))),
            )  # fmt: skip


def _hungrier(good: str, activity: Activity, more: float) -> Activity:
    inputs = tuple((g, t + more * (g == good)) for g, t in activity.inputs)
    return replace(activity, inputs=inputs)


def _on_demands(eq: Equilibrium) -> Iterator[Datum]:
    for i, buyer in enumerate(eq.universe.buyers):
        mine = [d for d in eq.market.demands if (d.good, d.region) == (buyer.good, buyer.region)]
        if not mine:
            continue
        (demand,) = mine

        def plus(name: str, x: FinalDemand = demand) -> Move:
            return lambda s: replace(
                eq.market,
                demands=tuple(
                    replace(d, **{name: getattr(d, name) + s}) if d == x else d
                    for d in eq.market.demands
                ),
            )

        for name in ("quantity", "price", "elasticity", "choke"):
            yield Datum(f"demand_{name}", i, getattr(demand, name), plus(name))


def chosen_effects(eq: Equilibrium) -> dict[str, Effect]:
    return {name: make(eq) for name, make in EFFECTS.items()}


# --------------------------------------------------------------------------------- differences

FAR, NEAR = 2.0, 1.0


def differences(values: Callable[[float], dict[str, float]], step: float) -> dict[str, float]:
    """Central differences of fourth order: (8 (f₁ − f₋₁) − (f₂ − f₋₂)) / 12 h."""
    far, near = [values(s * FAR * step) for s in (1, -1)], [values(s * step) for s in (1, -1)]
    return {
        name: (8.0 * (near[0][name] - near[1][name]) - far[0][name] + far[1][name]) / (12.0 * step)
        for name in near[0]
    }


def again(eq: Equilibrium, market: Market) -> dict[str, float]:
    """Every effect of the market solved anew, near an equilibrium of one like it."""
    closure = eq.closure
    found = solve_market(market, closure=closure, universe=eq.universe, start=eq.state.z)
    return {name: make(found).value(found.state) for name, make in EFFECTS.items()}


def by_choice(eq: Equilibrium, column: str, place: int, step: float) -> dict[str, float]:
    """Every effect with one parameter of buyers' choice moved, all else and the data held."""
    arrays, closure = eq.state.arrays, closure_named(eq.closure)
    bump = step * np.eye(len(_column(eq, column)))[place]
    if column == "log_weight":
        moved = replace(
            arrays, lanes=replace(arrays.lanes, log_weight=arrays.lanes.log_weight + bump)
        )
    else:
        value = getattr(arrays.buyers, column) + bump
        moved = replace(arrays, buyers=replace(arrays.buyers, **{column: value}))
    outcome = closure.solve(moved, eq.state.z)
    assert outcome.solved
    state = closure.state(moved, outcome.z)
    return {name: make(eq).value(state) for name, make in EFFECTS.items()}


def _column(eq: Equilibrium, column: str) -> np.ndarray:
    arrays = eq.state.arrays
    return arrays.lanes.log_weight if column == "log_weight" else getattr(arrays.buyers, column)


def agrees(found: float, reference: float, size: float, *, rtol: float = 1e-6) -> bool:
    """Whether two derivatives agree; ``size`` is what counts as nothing, times 1e-7."""
    return abs(found - reference) <= rtol * abs(reference) + 1e-7 * size


def size_of(found: Gradient, column: str, datum_size: float) -> float:
    """What a derivative is small against: the largest of its kind, and the effect's usual size."""
    values = np.asarray(getattr(found, column), np.float64)
    usual = {"USD/t": 2e3, "t/yr": 3e4, "USD/yr": 1e8}[found.effect.unit]
    return max(float(np.abs(values).max(initial=0.0)), 1e-2 * usual / datum_size)
