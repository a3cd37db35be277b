"""What a tonne costs where it lands at a benchmark, under the law of its day.

A duty on traced metal counts by the exporter's traced share; a flow beyond a tariff-rate quota pays
the duty beyond it. Latent lanes, which carry nothing, cost what they would without any law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accord.market import Lane, LaneKey, Limit, Market, Wedge
from accord.market.landed_cost import landed_cost
from accord.pack.benchmark import Benchmark, Place
from accord.pack.contents import Adjustment, Contents
from accord.pack.tracing import traced_shares


def landed_costs(
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


def mean_costs(
    contents: Contents, benchmark: Benchmark, cost: Mapping[LaneKey, float]
) -> dict[Place, float]:
    """Return the mean landed cost P₀ of every buyer, USD per tonne."""
    inflow = contents.balances[benchmark.year].inflow
    spent = dict.fromkeys(inflow, 0.0)
    for key, x in benchmark.flow.items():
        spent[key.good, key.destination] += x * cost[key]
    return {place: spent[place] / tonnes for place, tonnes in inflow.items()}
