"""Synthetic markets of any size: a chain of stages, each good made from the one before it.

Seeded, calibrated so that the benchmark flows are an equilibrium, and shaped like a metal: few
regions make much, everyone trades a little with everyone, and prices rise along the chain.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accord.market import (
    Activity,
    Buyer,
    Capacity,
    FinalDemand,
    Good,
    Lane,
    Limit,
    Market,
    Region,
    Wedge,
)
from accord.market.landed_cost import landed_cost
from accord.market.market import set_capacity

Table = NDArray[np.float64]

SIGMA, ELASTICITY, SUPPLY_ELASTICITY = 6.0, 0.5, 1.2
COST_SHARE, USED = 0.3, 0.85


def chain(stages: int, regions: int, *, seed: int = 1) -> Market:
    """A chain of ``stages`` goods traded among ``regions``; each pair of regions is a lane."""
    rng = np.random.default_rng(seed)
    codes = [f"R{i:02d}" for i in range(regions)]
    goods = [f"G{s}" for s in range(stages)]
    prices = [100.0 * 3.0**s * rng.uniform(0.9, 1.1, regions) for s in range(stages)]
    flows = _flows(rng, stages, regions)
    lanes: list[Lane] = []
    buyers: list[Buyer] = []
    for s, good in enumerate(goods):
        traded, users = _trade(rng, good, codes, flows[s], prices[s])
        lanes += traded
        buyers += users
    return Market(
        name=f"chain of {stages} × {regions}",
        year=2020,
        price_year=2020,
        regions=tuple(Region(c, c) for c in codes),
        goods=tuple(Good(g, g) for g in goods),
        activities=_plants(goods, codes, flows, prices, buyers),
        lanes=tuple(lanes),
        buyers=tuple(buyers),
        demands=_demands(goods[-1], codes, flows[-1], buyers),
    )


def _flows(rng: np.random.Generator, stages: int, regions: int) -> list[Table]:
    """Tonnes by (origin, destination) and stage: from the last good back to the first."""
    bought = 1e6 * rng.lognormal(0.0, 1.0, regions)
    flows: list[Table] = []
    for _ in range(stages):
        size = rng.lognormal(0.0, 1.2, regions)
        pull = size[:, None] * rng.lognormal(0.0, 0.7, (regions, regions))
        pull[np.diag_indices(regions)] *= 0.4 * regions
        flow = pull / pull.sum(axis=0) * bought
        flows.append(flow)
        bought = 1.5 * flow.sum(axis=1)
    return flows[::-1]


def _trade(
    rng: np.random.Generator, good: str, codes: list[str], flow: Table, price: Table
) -> tuple[list[Lane], list[Buyer]]:
    lanes: list[Lane] = []
    buyers: list[Buyer] = []
    duty = rng.uniform(0.0, 0.08, len(codes))
    freight = price[:, None] * rng.uniform(0.02, 0.12, flow.shape)
    freight[np.diag_indices(len(codes))] = 0.0
    for j, to in enumerate(codes):
        tariff = Wedge(f"tariff of {to}", "import", duty[j], basis="cif", revenue_to=to)
        bare = [
            Lane(good, at, to, freight[i, j], wedges=() if at == to else (tariff,))
            for i, at in enumerate(codes)
        ]
        costs = np.array([landed_cost(x, price[i]) for i, x in enumerate(bare)])
        share = flow[:, j] / flow[:, j].sum()
        mean = float(share @ costs)
        theta = SIGMA / mean
        weights = np.log(share) + theta * costs
        lanes += [
            Lane(good, x.origin, to, x.freight, log_weight=float(w), wedges=x.wedges)
            for x, w in zip(bare, weights, strict=True)
        ]
        buyers.append(Buyer(good, to, theta, mean))
    return lanes, buyers


def _plants(
    goods: list[str],
    codes: list[str],
    flows: list[Table],
    prices: list[Table],
    buyers: list[Buyer],
) -> tuple[Activity, ...]:
    cost = {(b.good, b.region): b.constant for b in buyers}
    curvature = SUPPLY_ELASTICITY * COST_SHARE
    plants: list[Activity] = []
    for s, good in enumerate(goods):
        for i, code in enumerate(codes):
            inputs = ((goods[s - 1], 1.5),) if s else ()
            price, made = float(prices[s][i]), float(flows[s][i].sum())
            spent = sum(t * cost[g, code] for g, t in inputs)
            rising = min(COST_SHARE * price, price - spent)
            plants.append(
                Activity(
                    f"stage {s}.{code}", f"stage {s}", code, ((good, 1.0),), inputs,
                    other_cost=price - spent - rising,
                    rising_cost=rising / USED ** (1.0 / curvature),
                    curvature=curvature,
                    capacity=Capacity(made / USED),
                    owner=code,
                )
            )  # fmt: skip
    return tuple(plants)


def _demands(
    good: str, codes: list[str], flow: Table, buyers: list[Buyer]
) -> tuple[FinalDemand, ...]:
    price = {b.region: b.constant for b in buyers if b.good == good}
    return tuple(
        FinalDemand(good, c, float(flow[:, j].sum()), price[c], ELASTICITY, 4.0 * price[c])
        for j, c in enumerate(codes)
    )


def strained(market: Market, *, seed: int = 1) -> Market:
    """The same market under stress: bans, quotas, minimums, duties of 200 %, plants closed."""
    rng = np.random.default_rng(seed)
    last = market.goods[-1].code
    lanes = [x.key for x in market.lanes if x.good == last and x.origin != x.destination]
    order = [lanes[i] for i in rng.permutation(len(lanes))]
    part = max(len(order) // 12, 1)
    bans, duties, held, pushed = (order[i * part : (i + 1) * part] for i in range(4))
    scale = 1.0 / sum(len(g) for g in (held, pushed))
    world = sum(d.quantity for d in market.demands)
    wedge = Wedge("duty of 200 %", "import", 2.0, revenue_to=market.regions[0].code)
    limits = [Limit("quota", "at_most", (k,), 1e-3 * scale * world) for k in held]
    limits += [Limit("minimum", "at_least", (k,), 2e-2 * scale * world) for k in pushed[:5]]
    idle = {a.name for a in market.activities[:: max(len(market.activities) // 5, 2)]}
    changed = market.map_lanes(lambda x: x.key in duties, lambda x: x.with_wedge(wedge))
    changed = changed.map_lanes(lambda x: x.key in bans, lambda x: x.closed("ban"))
    changed = set_capacity(changed, dict.fromkeys(idle, 0.0))
    return replace(changed, limits=tuple(limits), name=f"{market.name}, strained")
