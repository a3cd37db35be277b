"""Seeded chains of goods under conditions no calibrated world has, to try a solver to its limits.

Elasticities, duties, bans, quotas, minimums, capacities and sizes are drawn from ranges far wider
than any market's; a chain's benchmark is an equilibrium, what is done to it afterwards need not
have one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
Draw = np.random.Generator

SMALLEST = 1e-12


@dataclass(frozen=True)
class Stage:
    """One good of a chain: its flows (origin, destination), prices, buyers and lanes."""

    good: str
    flow: Table
    price: Table
    lanes: tuple[Lane, ...]
    buyers: tuple[Buyer, ...]


def harsh(seed: int, *, most_regions: int = 60, most_stages: int = 6) -> Market:
    """The chain of a seed, after everything that is done to it."""
    draw = np.random.default_rng(seed)
    regions = int(np.exp(draw.uniform(np.log(3.0), np.log(most_regions + 0.99))))
    stages = int(draw.integers(1, most_stages + 1))
    return shaken(draw, benchmark(draw, regions, stages))


def benchmark(draw: Draw, regions: int, stages: int) -> Market:
    """A calibrated chain whose every good but the last is bought to make the next."""
    codes = [f"R{i:02d}" for i in range(regions)]
    joint = [draw.random() < 0.3 for _ in range(stages)]
    chain = _stages(draw, codes, stages)
    beside = {s: _beside(draw, codes, chain[s]) for s in range(stages) if joint[s]}
    everything = [*chain, *beside.values()]
    last = [chain[-1], *beside.values()]
    return Market(
        name=f"harsh {stages} × {regions}",
        year=2020,
        price_year=2020,
        regions=tuple(Region(c, c) for c in codes),
        goods=tuple(Good(x.good, x.good) for x in everything),
        activities=_plants(draw, codes, chain, beside),
        lanes=tuple(lane for x in everything for lane in x.lanes),
        buyers=tuple(buyer for x in everything for buyer in x.buyers),
        demands=tuple(d for x in last for d in _demands(draw, codes, x)),
    )


def _log_uniform(draw: Draw, low: float, high: float) -> float:
    return float(np.exp(draw.uniform(np.log(low), np.log(high))))


def _stages(draw: Draw, codes: list[str], stages: int) -> list[Stage]:
    n = len(codes)
    bought = 10.0 ** draw.normal(5.0, draw.choice([0.3, 1.5]), n)
    found: list[Stage] = []
    for s in reversed(range(stages)):
        flow = _mix(draw, n) * bought
        price = 100.0 * 3.0**s * draw.uniform(0.6, 1.4, n)
        found.append(_traded(draw, f"G{s}", codes, flow, price))
        bought = 1.5 * flow.sum(axis=1)
    return found[::-1]


def _mix(draw: Draw, n: int) -> Table:
    """Shares of origins in each destination's purchases (n, n), some next to nothing."""
    pull = draw.lognormal(0.0, 1.5, (n, n)) * draw.lognormal(0.0, 1.5, n)[:, None]
    faint = draw.random((n, n)) < draw.choice([0.0, 0.3, 0.7])
    pull = np.where(faint, pull * 10.0 ** draw.uniform(-18.0, -3.0, (n, n)), pull)
    pull[np.diag_indices(n)] = draw.lognormal(0.0, 1.0, n) * draw.choice([0.01, 1.0, n])
    return pull / pull.sum(axis=0)


def _traded(draw: Draw, good: str, codes: list[str], flow: Table, price: Table) -> Stage:
    sigma = _log_uniform(draw, 1.1, 20.0)
    freight = price[:, None] * draw.uniform(0.0, 0.3, flow.shape)
    freight[np.diag_indices(len(codes))] = 0.0
    lanes: list[Lane] = []
    buyers: list[Buyer] = []
    for j, to in enumerate(codes):
        duty = draw.uniform(0.0, 0.1)
        tariff = Wedge(f"tariff of {to}", "import", duty, basis="cif", revenue_to=to)
        bare = [
            Lane(good, at, to, freight[i, j], wedges=() if at == to else (tariff,))
            for i, at in enumerate(codes)
        ]
        costs = np.array([landed_cost(x, price[i]) for i, x in enumerate(bare)])
        tonnes = np.maximum(flow[:, j], SMALLEST)
        share = tonnes / tonnes.sum()
        mean = float(share @ costs)
        weight = np.log(share) + sigma / mean * costs
        lanes += [replace(x, log_weight=float(w)) for x, w in zip(bare, weight, strict=True)]
        buyers.append(Buyer(good, to, sigma / mean, mean))
    return Stage(good, flow, price, tuple(lanes), tuple(buyers))


def _beside(draw: Draw, codes: list[str], main: Stage) -> Stage:
    """A joint product of a stage: made in fixed proportion, wanted by final users only."""
    n = len(codes)
    made = main.flow.sum(axis=1) * _log_uniform(draw, 0.01, 2.0)
    share = _mix(draw, n).T
    flow = share / share.sum(axis=1, keepdims=True) * made[:, None]
    price = main.price * _log_uniform(draw, 0.05, 1.0)
    return _traded(draw, f"{main.good}b", codes, flow, price)


def _plants(
    draw: Draw, codes: list[str], chain: list[Stage], beside: dict[int, Stage]
) -> tuple[Activity, ...]:
    plants: list[Activity] = []
    for s, stage in enumerate(chain):
        elasticity, part = _log_uniform(draw, 0.05, 2.0), draw.uniform(0.1, 0.5)
        for i, code in enumerate(codes):
            used = draw.uniform(0.5, 0.98)
            inputs = ((chain[s - 1].good, 1.5),) if s else ()
            spent = 1.5 * chain[s - 1].buyers[i].constant if s else 0.0
            level, price = float(stage.flow[i].sum()), float(stage.price[i])
            outputs, sales = ((stage.good, 1.0),), price
            if s in beside:
                per_unit = float(beside[s].flow[i].sum()) / level
                outputs = (*outputs, (beside[s].good, per_unit))
                sales += per_unit * float(beside[s].price[i])
            margin = max(sales - spent, 0.05 * sales)
            rising = min(part * sales, margin)
            curvature = elasticity * rising / sales
            plants.append(
                Activity(
                    f"stage {s}.{code}", f"stage {s}", code, outputs, inputs,
                    other_cost=max(sales - spent - rising, 0.0),
                    rising_cost=rising / used ** (1.0 / curvature),
                    curvature=curvature, capacity=Capacity(level / used), owner=code,
                )
            )  # fmt: skip
    return tuple(plants)


def _demands(draw: Draw, codes: list[str], stage: Stage) -> tuple[FinalDemand, ...]:
    elasticity, choke = _log_uniform(draw, 0.2, 1.5), _log_uniform(draw, 2.0, 20.0)
    return tuple(
        FinalDemand(
            stage.good, c, float(stage.flow[:, j].sum()), stage.buyers[j].constant, elasticity,
            choke * stage.buyers[j].constant,
        )
        for j, c in enumerate(codes)
    )  # fmt: skip


# -------------------------------------------------------------------------- what is done to it


def shaken(draw: Draw, market: Market) -> Market:
    """The market under duties to 500 %, bans, quotas, minimums and lost capacity."""
    flows = _benchmark_flows(market)
    part = draw.choice([0.02, 0.1, 0.3])
    hit, closed = draw.random(len(market.lanes)), draw.random(len(market.lanes))
    keys = {x.key for x, h in zip(market.lanes, hit, strict=True) if h < part}
    bans = {x.key for x, h in zip(market.lanes, closed, strict=True) if h < part}
    duty = {key: draw.uniform(0.0, 5.0) for key in sorted(keys)}
    treasury = market.regions[0].code
    changed = market.map_lanes(
        lambda x: x.key in keys,
        lambda x: x.with_wedge(
            Wedge("duty", "import", duty[x.key], basis="cif", revenue_to=treasury)
        ),
    )
    changed = changed.map_lanes(lambda x: x.key in bans, lambda x: x.closed("ban"))
    lost = draw.random(len(market.activities)) < draw.choice([0.0, 0.1, 0.3])
    capacity = {
        a.name: 0.05 * a.capacity.level for a, x in zip(market.activities, lost, strict=True) if x
    }
    return replace(set_capacity(changed, capacity), limits=_limits(draw, market, flows))


def _benchmark_flows(market: Market) -> Table:
    """Tonnes of each lane in the calibrated benchmark (L,): demand times share, good by good."""
    made = {a.region + g: t * a.capacity.level for a in market.activities for g, t in a.outputs}
    buyer = {(b.good, b.region): b for b in market.buyers}
    size = np.array([made[x.origin + x.good] for x in market.lanes])
    log_share = np.array([
        x.log_weight - buyer[x.good, x.destination].theta * buyer[x.good, x.destination].constant
        for x in market.lanes
    ])  # fmt: skip
    return size * np.exp(np.clip(log_share, -40.0, 0.0))


def _limits(draw: Draw, market: Market, flows: Table) -> tuple[Limit, ...]:
    count = int(draw.integers(0, 13))
    order = draw.permutation(len(market.lanes))[: 3 * count]
    over = Wedge("beyond the quota", "import", draw.uniform(0.1, 5.0), revenue_to="R00")
    found: list[Limit] = []
    for i in range(count):
        lanes = order[3 * i : 3 * i + int(draw.integers(1, 4))]
        keys = tuple(market.lanes[j].key for j in lanes)
        bound = float(flows[lanes].sum()) * 10.0 ** draw.uniform(-3.0, 0.3)
        bound = max(bound, SMALLEST)
        kind = draw.choice(["quota", "tariff-rate quota", "minimum"], p=[0.45, 0.35, 0.2])
        sense = "at_least" if kind == "minimum" else "at_most"
        extra = over if kind == "tariff-rate quota" else None
        found.append(Limit(f"{kind} {i}", sense, keys, bound, "R00", over=extra))
    return tuple(found)
