"""A toy world for tests of the engine: three regions, ore → metal, calibrated by hand.

The benchmark below is an exact equilibrium of the market that `toy` returns: flows, prices and
freight are chosen, weights and costs follow from them. With `entrepot`, region D buys metal and
sends some of it on without smelting any.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from accord.effects import Effects, compare
from accord.equilibrium import solve_market, universe_of
from accord.market import (
    Activity,
    Buyer,
    Capacity,
    FinalDemand,
    Good,
    Hub,
    Lane,
    LaneKey,
    Limit,
    Market,
    Region,
    Tracer,
    Wedge,
)
from accord.market.landed_cost import landed_cost

Flows = dict[tuple[str, str, str], float]

ORE_MIX: Flows = {
    ("ore", "A", "A"): 0.75, ("ore", "B", "A"): 0.08, ("ore", "C", "A"): 0.17,
    ("ore", "A", "B"): 0.42, ("ore", "B", "B"): 0.50, ("ore", "C", "B"): 0.08,
    ("ore", "A", "C"): 0.38, ("ore", "B", "C"): 0.12, ("ore", "C", "C"): 0.50,
}  # fmt: skip
METAL_FLOWS: Flows = {
    ("metal", "A", "A"): 15e3, ("metal", "B", "A"): 3e3, ("metal", "C", "A"): 2e3,
    ("metal", "A", "B"): 25e3, ("metal", "B", "B"): 24e3, ("metal", "C", "B"): 6e3,
    ("metal", "A", "C"): 20e3, ("metal", "B", "C"): 3e3, ("metal", "C", "C"): 32e3,
}  # fmt: skip
ENTREPOT_FLOWS: Flows = {
    ("metal", "A", "D"): 9e3, ("metal", "C", "D"): 4e3, ("metal", "D", "B"): 5e3,
    ("metal", "D", "A"): 1e3,
}  # fmt: skip

PRICES = {
    ("ore", "A"): 30.0, ("ore", "B"): 40.0, ("ore", "C"): 35.0,
    ("metal", "A"): 1900.0, ("metal", "B"): 2050.0, ("metal", "C"): 1950.0,
    ("metal", "D"): 2120.0,
}  # fmt: skip

FREIGHT = {"ore": 8.0, "metal": 90.0}
LOSSES = {("ore", "C", "A"): 0.02, ("metal", "A", "C"): 0.01}
SIGMA = {"ore": 4.0, "metal": 8.0}
ORE_PER_METAL = 2.0
SOURCE_A = Tracer("made in A", "metal", ("A",), ("smelter",))

LANE_AB = LaneKey("metal", "A", "B")
LANE_CB = LaneKey("metal", "C", "B")
LANE_DB = LaneKey("metal", "D", "B")


def benchmark_flows(*, entrepot: bool = False) -> Flows:
    """Tonnes delivered at the benchmark, by (good, origin, destination)."""
    metal = METAL_FLOWS | (ENTREPOT_FLOWS if entrepot else {})
    ore = {k: s * ORE_PER_METAL * _made(metal, "metal", k[2]) for k, s in ORE_MIX.items()}
    return ore | metal


def toy(*, entrepot: bool = False) -> Market:
    """The toy world, calibrated: solving it gives back its benchmark."""
    flows = benchmark_flows(entrepot=entrepot)
    bare = {key: _bare_lane(*key) for key in flows}
    buyers = _buyers(flows, bare)
    price = {(b.good, b.region): b.constant for b in buyers}
    lanes = tuple(_weighted(lane, flows, buyers) for lane in bare.values())
    codes = ("A", "B", "C", "D") if entrepot else ("A", "B", "C")
    activities = _mines(flows) + _smelters(flows, price) + _traders(flows, price)
    bases = {"B": "fob"}
    return Market(
        name="toy",
        year=2020,
        price_year=2020,
        regions=tuple(Region(c, f"Region {c}", bases.get(c, "cif")) for c in codes),
        goods=(Good("ore", "Ore"), Good("metal", "Metal")),
        activities=activities,
        lanes=lanes,
        buyers=tuple(buyers),
        demands=_demands(flows, activities, price),
        tracers=(SOURCE_A,),
        hubs=(Hub("metal", "TOY", ((LANE_AB, 0.75), (LANE_CB, 0.25)), 10.0),),
    )


def _bare_lane(good: str, origin: str, destination: str) -> Lane:
    abroad = origin != destination
    wedges = ()
    if good == "metal" and abroad and destination == "B":
        wedges = (Wedge("tariff of B", "import", 0.05, basis="fob", revenue_to="B"),)
    if good == "metal" and abroad and destination == "C":
        wedges = (Wedge("tariff of C", "import", 0.03, 12.0, basis="cif", revenue_to="C"),)
    if good == "ore" and abroad and origin == "A":
        wedges = (Wedge("export tax of A", "export", 0.04, 1.0, revenue_to="A"),)
    freight = FREIGHT[good] * (1.0 + 0.2 * (origin == "C")) if abroad else 0.0
    loss = LOSSES.get((good, origin, destination), 0.0)
    return Lane(good, origin, destination, freight=freight, loss=loss, wedges=wedges)


def _buyers(flows: Flows, lanes: dict[tuple[str, str, str], Lane]) -> list[Buyer]:
    found = []
    for good, region in sorted({(g, d) for g, _, d in flows}, key=lambda x: (x[0] != "ore", x[1])):
        mine = {k: x for k, x in flows.items() if k[0] == good and k[2] == region}
        cost = {k: landed_cost(lanes[k], PRICES[k[:2]]) for k in mine}
        mean = sum(mine[k] * cost[k] for k in mine) / sum(mine.values())
        found.append(Buyer(good, region, theta=SIGMA[good] / mean, constant=mean))
    return found


def _weighted(lane: Lane, flows: Flows, buyers: list[Buyer]) -> Lane:
    """Set ln α = ln s + θ c, so that Σ α e^(−θ c) = 1 and P is the mean landed cost."""
    theta = next(b.theta for b in buyers if (b.good, b.region) == (lane.good, lane.destination))
    total = sum(x for k, x in flows.items() if (k[0], k[2]) == (lane.good, lane.destination))
    cost = landed_cost(lane, PRICES[lane.good, lane.origin])
    return replace(lane, log_weight=math.log(flows[lane.key] / total) + theta * cost)


def _made(flows: Flows, good: str, region: str) -> float:
    return sum(x / (1.0 - LOSSES.get(k, 0.0)) for k, x in flows.items() if k[:2] == (good, region))


def _calibrated(plant: Activity, level: float, price: float, inputs: float) -> Activity:
    """Set capacity, rising and other cost so that the plant wants just this level."""
    share, used, elasticity = 0.3, 0.9, 1.5
    rising = share * price
    other = price - inputs - plant.power * plant.power_price - rising
    assert other >= 0.0, plant.name
    curvature = elasticity * share
    return replace(
        plant,
        capacity=Capacity(level / used),
        other_cost=other,
        rising_cost=rising / used ** (1.0 / curvature),
        curvature=curvature,
        owner=plant.owner or plant.region,
    )


def _mines(flows: Flows) -> tuple[Activity, ...]:
    return tuple(
        _calibrated(
            Activity(f"mine.{r}", "mine", r, (("ore", 1.0),), power=0.05, power_price=50.0),
            _made(flows, "ore", r),
            PRICES["ore", r],
            0.0,
        )
        for r in ("A", "B", "C")
    )


def _smelters(flows: Flows, price: dict[tuple[str, str], float]) -> tuple[Activity, ...]:
    power_price = {"A": 30.0, "B": 45.0, "C": 35.0}
    return tuple(
        _calibrated(
            Activity(
                f"smelter.{r}", "smelter", r, (("metal", 1.0),), (("ore", ORE_PER_METAL),),
                power=14.0, power_price=power_price[r], emissions=8.0,
                owner="A" if r == "C" else r,
            ),
            _made(flows, "metal", r),
            PRICES["metal", r],
            ORE_PER_METAL * price["ore", r],
        )
        for r in ("A", "B", "C")
    )  # fmt: skip


def _traders(flows: Flows, price: dict[tuple[str, str], float]) -> tuple[Activity, ...]:
    level = _made(flows, "metal", "D")
    if not level:
        return ()
    trader = Activity("trader.D", "trader", "D", (("metal", 1.0),), (("metal", 1.0),), owner="D")
    margin = PRICES["metal", "D"] - price["metal", "D"]
    assert margin > 0.0
    return (
        replace(
            trader,
            capacity=Capacity(level / 0.5),
            other_cost=0.25 * margin,
            rising_cost=0.75 * margin / 0.5,
        ),
    )


def _demands(
    flows: Flows, activities: tuple[Activity, ...], price: dict[tuple[str, str], float]
) -> tuple[FinalDemand, ...]:
    traded = {a.region: _made(flows, "metal", "D") for a in activities if a.kind == "trader"}
    rows = []
    for region in sorted({d for g, _, d in flows if g == "metal"}):
        used = sum(x for k, x in flows.items() if k[0] == "metal" and k[2] == region)
        at = price["metal", region]
        left = used - traded.get(region, 0.0)
        rows.append(FinalDemand("metal", region, left, at, elasticity=0.6, choke=4.0 * at))
    return tuple(rows)


def effects_of(before: Market, after: Market) -> Effects:
    """Solve both markets on one universe and compare them."""
    universe = universe_of(before, after)
    first = solve_market(before, universe=universe)
    return compare(first, solve_market(after, universe=universe, start=first.state.z))


# ------------------------------------------------------------------------------- changes of it


def is_metal_import(region: str) -> Callable[[Lane], bool]:
    """Chooses the lanes that bring metal into a region from abroad."""
    return lambda x: x.good == "metal" and x.destination == region and x.origin != region


def is_lane(key: LaneKey) -> Callable[[Lane], bool]:
    """Chooses one lane."""
    return lambda x: x.key == key


def duty(rate: float, *, to: str = "B", specific: float = 0.0, **more: object) -> Wedge:
    """An import duty named `new duty`."""
    return Wedge("new duty", "import", rate, specific, revenue_to=to, **more)  # type: ignore[arg-type]


def with_duty(market: Market, wedge: Wedge, key: LaneKey | None = None) -> Market:
    """Put a wedge on one lane, or on all of B's imports of metal."""
    chosen = is_metal_import("B") if key is None else is_lane(key)
    return market.map_lanes(chosen, lambda x: x.with_wedge(wedge))


def banned(market: Market, key: LaneKey = LANE_AB) -> Market:
    """Close one lane."""
    return market.map_lanes(is_lane(key), lambda x: x.closed("ban"))


def limit(bound: float, key: LaneKey = LANE_AB, **more: object) -> Limit:
    """An `at_most` on one lane whose rent goes to the exporter, unless said otherwise."""
    settings: dict[str, object] = {"sense": "at_most", "rent_to": key.origin} | more
    return Limit("limit", lanes=(key,), bound=bound, **settings)  # type: ignore[arg-type]


def quota(bound: float, over: Wedge, key: LaneKey = LANE_AB) -> Limit:
    """A tariff-rate quota on one lane: beyond the bound, `over` is due as well."""
    return limit(bound, key, over=over)


def origin_duty(market: Market, rate: float, accounting: str) -> Market:
    """B's duty on metal made in A, whoever sends it; `accounting` is pro rata or segregated."""
    on_source = with_duty(market, duty(rate), LANE_AB)
    others = [x for x in market.lanes if is_metal_import("B")(x) and x.origin != "A"]
    if accounting == "pro rata":
        for lane in others:
            on_source = with_duty(on_source, duty(rate, tracer=SOURCE_A.name), lane.key)
        return on_source
    for lane in others:
        clean = (lane.origin, SOURCE_A.name)
        on_source = on_source.with_limit(limit(0.0, lane.key, over=duty(rate), clean_supply=clean))
    return on_source
