"""A benchmark becomes a market that reproduces it: the parameters that no table holds.

With the law of the benchmark's day in force, landed costs c_l of the lanes, flows x_l and mean
landed costs P₀ = Σ s c of the buyers are known. Then, so that the share closure returns the flows:

    θ = σ/P₀        ln α_l = ln s_l + θ c_l   (hence Σ α e^(−θ c) = 1)        constant = P₀

A latent lane, empty at the benchmark, has ln α = ln(x̃/Σx) + θ(p + freight): the flow x̃ is what it
would carry without policy. Every activity earns exactly its cost at the benchmark level z₀:

    m u^(1/φ) = s·r,   φ = ε·s,   v = revenue − Σ inputs·P₀ − power·price − s·r,   u = z₀/K

with s the share of rising cost in the revenue r per unit from the main output, ε the supply
elasticity at the benchmark (plants side by side: see ``side_by_side``). Final demand is what
arrives less what activities use, at P₀. A limit that holds exactly at the benchmark has no rent
there; a flow beyond a tariff-rate quota pays the duty beyond it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from accord.errors import Fault, InputError
from accord.market import (
    Activity,
    Buyer,
    Capacity,
    FinalDemand,
    Hub,
    Lane,
    LaneKey,
    Limit,
    Market,
    Wedge,
)
from accord.market.landed_cost import border_price, landed_cost
from accord.pack.benchmark import Benchmark, Place, Technique
from accord.pack.contents import Adjustment, Contents
from accord.pack.priors import PriorKey
from accord.pack.side_by_side import fellows_of
from accord.pack.tracing import traced_shares

LaneWeights = Literal["low", "central", "high"]

FULLEST = 0.98
"""Level over capacity of an activity whose stated capacity is below its output."""
LEAST_RISING = 0.01
"""Smallest share of rising cost in revenue with which a supply curve can still be computed."""


@dataclass(frozen=True)
class Calibration:
    """A market without any law, and the point at which it was calibrated.

    ``market``          under the law of ``law_date`` its flows are the benchmark's
    ``flow``            tonnes a year by lane;  ``level`` units a year by activity
    ``producer_price``, ``buyer_price``  USD per tonne by (good, region)
    ``revenue``         net of output taxes, USD per unit by activity
    ``adjustments``     what had to be changed in the data, and why
    """

    market: Market
    flow: Mapping[LaneKey, float]
    level: Mapping[str, float]
    producer_price: Mapping[Place, float]
    buyer_price: Mapping[Place, float]
    revenue: Mapping[str, float]
    adjustments: tuple[Adjustment, ...]


def skeleton(contents: Contents, benchmark: Benchmark) -> Market:
    """Return the market of a benchmark before any parameter or law: names, lanes, capacities."""
    balance = contents.balances[benchmark.year]
    return Market(
        name=contents.name,
        year=benchmark.year,
        price_year=contents.price_year,
        regions=contents.regions,
        goods=contents.goods,
        activities=tuple(_bare(t) for t in balance.techniques),
        lanes=tuple(
            Lane(*key, freight=benchmark.freight.get(key, 0.0))
            for key in (*benchmark.flow, *benchmark.latent)
        ),
        buyers=tuple(Buyer(*place, theta=1.0) for place in balance.inflow),
        demands=(),
        columns=contents.columns,
        tracers=contents.tracers,
    )


def _bare(t: Technique) -> Activity:
    return Activity(
        name=t.name,
        kind=t.kind,
        region=t.region,
        outputs=t.outputs,
        inputs=t.inputs,
        power=t.power,
        power_price=t.power_price,
        capacity=Capacity(t.capacity / t.outputs[0][1]),
        owner=t.region,
        emissions=t.emissions,
        plant=t.plant,
    )


def calibrate(
    contents: Contents,
    benchmark: Benchmark,
    lane_weights: LaneWeights = "central",
    chosen: Mapping[PriorKey, float] | None = None,
) -> Calibration:
    """Return the market that reproduces a benchmark under the law of its day.

    ``lane_weights`` picks the flow of latent lanes; ``chosen`` gives values of priors in place of
    their medians. Raises ``InputError`` where the data contradict the law or an activity cannot
    earn its cost.
    """
    values = chosen or {}
    bare = skeleton(contents, benchmark)
    legal = contents.statutes.enacted(bare, benchmark.law_date)
    faults = _closed_lanes(benchmark, legal)
    cost, notes = _landed_costs(contents, benchmark, legal)
    buyers = _buyers(contents, benchmark, cost, values)
    buyer_price = {place: buyer.constant for place, buyer in buyers.items()}
    run = _Run(contents, benchmark, buyer_price, values, legal)
    activities = [_activity(a, t, run) for a, t in _paired(bare, contents, benchmark)]
    faults += run.faults
    if faults:
        raise InputError(faults)
    market = replace(
        bare,
        lanes=_weighted(benchmark, bare, buyers, cost, lane_weights),
        buyers=tuple(buyers.values()),
        activities=tuple(a for a in activities if a is not None),
        demands=tuple(_demands(contents, benchmark, buyer_price, values)),
        hubs=_hubs(contents, benchmark, legal),
    )
    return Calibration(
        market=market,
        flow=benchmark.flow,
        level=contents.balances[benchmark.year].level,
        producer_price=benchmark.price,
        buyer_price=buyer_price,
        revenue=run.revenue,
        adjustments=(*notes, *run.adjustments),
    )


def _paired(
    bare: Market, contents: Contents, benchmark: Benchmark
) -> list[tuple[Activity, Technique]]:
    techniques = contents.balances[benchmark.year].techniques
    return list(zip(bare.activities, techniques, strict=True))


def _closed_lanes(benchmark: Benchmark, legal: Market) -> list[Fault]:
    return [
        Fault(
            f"{benchmark.folder}/flows.csv",
            f"{benchmark.flow[lane.key]:,.0f} t on a lane that {', '.join(lane.closed_by)} closes",
            f"no flow that the law of {benchmark.law_date} (law_date) forbids",
            "remove the flow or state it in latent_flows.csv, or correct the dates in policy.toml",
            benchmark.line_of_flow.get(lane.key),
            f"{lane.good} {lane.origin} {lane.destination}",
        )
        for lane in legal.lanes
        if lane.closed_by and lane.key in benchmark.flow
    ]


def _landed_costs(
    contents: Contents, benchmark: Benchmark, legal: Market
) -> tuple[dict[LaneKey, float], list[Adjustment]]:
    """Return landed costs under the law (lanes with a flow) or without any law (latent lanes)."""
    shares = traced_shares(legal, benchmark, contents.balances[benchmark.year])
    over, notes = _beyond_quotas(contents, benchmark, legal, shares)
    cost: dict[LaneKey, float] = {}
    for lane in legal.lanes:
        key = lane.key
        price = benchmark.price[key.good, key.origin]
        if key not in benchmark.flow:
            cost[key] = price + lane.freight
        elif lane.wedges or key in over:
            settled = _settled(lane, over.get(key, ()), shares)
            cost[key] = landed_cost(settled, price)
        else:
            cost[key] = price + lane.freight
    return cost, notes


def _settled(lane: Lane, over: tuple[Wedge, ...], shares: Mapping[tuple[str, str], float]) -> Lane:
    """Return the lane with duties on traced metal weighted by the exporter's traced share."""
    wedges: list[Wedge] = []
    for wedge in (*lane.active_wedges, *over):
        if wedge.tracer is None:
            wedges.append(wedge)
            continue
        share = shares.get((wedge.tracer, lane.origin), 0.0)
        rate, specific = wedge.ad_valorem * share, wedge.specific * share
        wedges.append(replace(wedge, ad_valorem=rate, specific=specific, tracer=None))
    return replace(lane, wedges=tuple(wedges))


def _beyond_quotas(
    contents: Contents,
    benchmark: Benchmark,
    legal: Market,
    shares: Mapping[tuple[str, str], float],
) -> tuple[dict[LaneKey, tuple[Wedge, ...]], list[Adjustment]]:
    """Return the duties beyond quotas that benchmark flows exceed, and limits that they break."""
    over: dict[LaneKey, tuple[Wedge, ...]] = {}
    notes: list[Adjustment] = []
    for limit in legal.limits:
        flow = sum(benchmark.flow.get(key, 0.0) for key in limit.lanes)
        bound = _bound(limit, contents, benchmark, shares)
        broken = flow > bound if limit.sense == "at_most" else flow < bound
        if not limit.in_force or not broken:
            continue
        if limit.over is not None:
            for key in limit.lanes:
                over[key] = (*over.get(key, ()), limit.over)
        else:
            why = "the flow of the benchmark breaks the limit; the market keeps it"
            notes.append(Adjustment("limit", limit.measure, flow, bound, "t/yr", why))
    return over, notes


def _bound(
    limit: Limit, contents: Contents, benchmark: Benchmark, shares: Mapping[tuple[str, str], float]
) -> float:
    level = contents.balances[benchmark.year].level
    bound = limit.bound + sum(tonnes * level.get(name, 0.0) for name, tonnes in limit.per_activity)
    if limit.clean_supply is None:
        return bound
    region, tracer = limit.clean_supply
    good = limit.lanes[0].good
    supply = sum(x for k, x in benchmark.flow.items() if (k.good, k.origin) == (good, region))
    return bound + supply * (1.0 - shares.get((tracer, region), 0.0))


def _buyers(
    contents: Contents,
    benchmark: Benchmark,
    cost: Mapping[LaneKey, float],
    values: Mapping[PriorKey, float],
) -> dict[Place, Buyer]:
    inflow = contents.balances[benchmark.year].inflow
    spent = dict.fromkeys(inflow, 0.0)
    for key, x in benchmark.flow.items():
        spent[key.good, key.destination] += x * cost[key]
    buyers: dict[Place, Buyer] = {}
    for place, tonnes in inflow.items():
        mean = spent[place] / tonnes
        sigma = contents.priors.value("sigma", *place, values)
        buyers[place] = Buyer(*place, theta=sigma / mean, constant=mean)
    return buyers


def _weighted(
    benchmark: Benchmark,
    bare: Market,
    buyers: Mapping[Place, Buyer],
    cost: Mapping[LaneKey, float],
    lane_weights: LaneWeights,
) -> tuple[Lane, ...]:
    inflow: dict[Place, float] = dict.fromkeys(buyers, 0.0)
    for key, x in benchmark.flow.items():
        inflow[key.good, key.destination] += x
    lanes: list[Lane] = []
    for lane in bare.lanes:
        key = lane.key
        place = (key.good, key.destination)
        x = benchmark.flow.get(key)
        tonnes = getattr(benchmark.latent[key], lane_weights) if x is None else x
        weight = math.log(tonnes / inflow[place]) + buyers[place].theta * cost[key]
        lanes.append(Lane(*key, freight=lane.freight, log_weight=weight))
    return tuple(lanes)


def _demands(
    contents: Contents,
    benchmark: Benchmark,
    buyer_price: Mapping[Place, float],
    values: Mapping[PriorKey, float],
) -> list[FinalDemand]:
    users: dict[Place, list[tuple[str, float]]] = {}
    for u in contents.users:
        users.setdefault((u.good, u.region), []).append((u.user, u.share))
    demands: list[FinalDemand] = []
    for place, tonnes in contents.balances[benchmark.year].final_use.items():
        price = buyer_price[place]
        elasticity = contents.priors.value("demand_elasticity", *place, values)
        ratio = contents.priors.value("choke_ratio", *place, values)
        who = tuple(users.get(place, ()))
        demands.append(FinalDemand(*place, tonnes, price, elasticity, ratio * price, who))
    return demands


class _Run:
    """What the activities of one calibration share, and what it notes down on the way."""

    def __init__(
        self,
        contents: Contents,
        benchmark: Benchmark,
        buyer_price: Mapping[Place, float],
        values: Mapping[PriorKey, float],
        legal: Market,
    ) -> None:
        self.contents = contents
        self.benchmark = benchmark
        self.buyer_price = buyer_price
        self.values = values
        self.legal = legal
        self.level = contents.balances[benchmark.year].level
        self.fellows = fellows_of(contents.balances[benchmark.year])
        self.revenue: dict[str, float] = {}
        self.adjustments: list[Adjustment] = []
        self.faults: list[Fault] = []

    def prior(self, parameter: str, t: Technique) -> float:
        """Return a prior of the activity's kind, for its main output and region."""
        name = f"{parameter}:{t.kind}"
        return self.contents.priors.value(name, t.outputs[0][0], t.region, self.values)


def _activity(bare: Activity, t: Technique, run: _Run) -> Activity | None:
    """Return an activity with its costs; ``None`` where nothing says what it would earn."""
    price = run.benchmark.price
    priced = all((good, t.region) in price for good, _ in t.outputs)
    supplied = all((good, t.region) in run.buyer_price for good, _ in t.inputs)
    if not (priced and supplied):
        if t.capacity > 0.0:
            why = "idle at the benchmark, and no price says what it would earn: left out"
            run.adjustments.append(Adjustment("capacity", t.name, t.capacity, 0.0, "t/yr", why))
        return None
    gross = sum(tonnes * price[good, t.region] for good, tonnes in t.outputs)
    bought = sum(tonnes * run.buyer_price[good, t.region] for good, tonnes in t.inputs)
    sums = _Sums(
        revenue=_net(gross, run.legal.activity_by_name[bare.name]),
        main=t.outputs[0][1] * price[t.outputs[0][0], t.region],
        flat=bought + t.power * t.power_price,
        level=run.level[bare.name],
    )
    run.revenue[bare.name] = sums.revenue
    return _costed(bare, t, run, sums)


@dataclass(frozen=True, slots=True)
class _Sums:
    """An activity at the benchmark: USD per unit, units a year.

    ``revenue`` net of output taxes; ``main`` sales of the main output; ``flat`` inputs and power
    """

    revenue: float
    main: float
    flat: float
    level: float


def _net(gross: float, legal: Activity) -> float:
    """Return sales per unit after taxes on output (before subsidies, if negative)."""
    wedges = legal.active_wedges
    return gross * (1.0 - sum(w.ad_valorem for w in wedges)) - sum(w.specific for w in wedges)


def _costed(bare: Activity, t: Technique, run: _Run, sums: _Sums) -> Activity:
    share = _rising_share(t, run, sums)
    capacity = _capacity(bare.capacity.level, t, run, sums.level)
    curvature = run.prior("supply_elasticity", t) * share
    # An idle plant breaks even at its first tonne.
    used, rising = (sums.level / capacity, share * sums.main) if sums.level > 0.0 else (1.0, 0.0)
    rest = max(sums.revenue - sums.flat - rising, 0.0)
    return replace(
        bare,
        other_cost=rest if t.other_cost is None else t.other_cost,
        rising_cost=share * sums.main / used ** (1.0 / curvature),
        curvature=curvature,
        capacity=Capacity(capacity),
    )


def _rising_share(t: Technique, run: _Run, sums: _Sums) -> float:
    """Return rising cost over main revenue: the prior, less where cost would exceed revenue."""
    prior = run.prior("rising_cost_share", t)
    if sums.level == 0.0:
        return prior
    fellows = run.fellows.get((t.kind, t.region))
    if fellows is not None:
        prior = fellows.share(t.power * t.power_price, prior, sums.main)
    left = (sums.revenue - sums.flat - (t.other_cost or 0.0)) / sums.main
    if t.other_cost is None and left >= prior:
        return prior
    if left < LEAST_RISING:
        run.faults.append(_loss(t, run, sums))
        return prior
    if t.other_cost is None:
        why = "inputs and power leave no more of the revenue; other cost is then 0"
        run.adjustments.append(
            Adjustment("rising cost share", t.name, prior, left, "fraction", why)
        )
    return left


def _loss(t: Technique, run: _Run, sums: _Sums) -> Fault:
    power = t.power * t.power_price
    costs = f"inputs {sums.flat - power:,.0f}, power {power:,.0f}"
    if t.other_cost:
        costs += f", other {t.other_cost:,.0f}"
    total = sums.flat + (t.other_cost or 0.0)
    return Fault(
        f"{run.benchmark.folder}/activities.csv",
        f"costs of {total:,.0f} USD per unit ({costs}) against sales of {sums.revenue:,.0f}",
        f"costs of at most {100.0 * (1.0 - LEAST_RISING):g} % of sales while it produces",
        "check its input coefficients, power, power price, other cost, and the prices",
        t.line,
        t.name,
    )


def _capacity(stated: float, t: Technique, run: _Run, level: float) -> float:
    if level <= stated:
        return stated
    raised = level / FULLEST
    per_unit = t.outputs[0][1]
    why = f"output exceeds the stated capacity; capacity set to output/{FULLEST}"
    before, after = stated * per_unit, raised * per_unit
    run.adjustments.append(Adjustment("capacity", t.name, before, after, "t/yr", why))
    return raised


def _hubs(contents: Contents, benchmark: Benchmark, legal: Market) -> tuple[Hub, ...]:
    """Return the hubs: weights by what crosses borders, offset to the quote of the benchmark."""
    hubs: list[Hub] = []
    for entry in contents.hubs:
        traded = {
            key: x
            for key, x in benchmark.flow.items()
            if key.good == entry.good
            and key.origin != key.destination
            and key.origin not in entry.except_origins
        }
        total = sum(traded.values())
        weights = tuple((key, x / total) for key, x in traded.items())
        border = sum(
            weight * border_price(legal.lane_by_key[key], benchmark.price[key.good, key.origin])
            for key, weight in weights
        )
        quote = contents.hub_prices[entry.quote, benchmark.year]
        hubs.append(Hub(entry.good, entry.quote, weights, quote - border))
    return tuple(hubs)
