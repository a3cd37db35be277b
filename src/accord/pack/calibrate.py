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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from accord.errors import Fault, InputError
from accord.market import (
    Activity,
    Buyer,
    Capacity,
    FinalDemand,
    Hub,
    Lane,
    LaneKey,
    Market,
)
from accord.market.landed_cost import border_price
from accord.pack.benchmark import Benchmark, Place, Technique
from accord.pack.contents import Adjustment, Contents
from accord.pack.earnings import Earnings, Plant, cut_shares, losses, margins_of
from accord.pack.landed_costs import landed_costs, mean_costs
from accord.pack.parameters import (
    Anchors,
    Carried,
    Margins,
    Parameters,
    parameters,
)
from accord.pack.priors import PriorKey

LaneWeights = Literal["low", "central", "high"]


@dataclass(frozen=True)
class Calibration:
    """A market without any law, and the point at which it was calibrated.

    ``market``          under the law of ``law_date`` its flows are the benchmark's
    ``flow``            tonnes a year by lane;  ``level`` units a year by activity
    ``producer_price``, ``buyer_price``  USD per tonne by (good, region)
    ``revenue``         net of output taxes, USD per unit by activity
    ``adjustments``     what had to be changed in the data, and why
    ``anchors``         what the benchmark fixes whatever the priors say
    ``carried``         where activities stand in a year carried forward; ``None`` at a benchmark
    """

    market: Market
    flow: Mapping[LaneKey, float]
    level: Mapping[str, float]
    producer_price: Mapping[Place, float]
    buyer_price: Mapping[Place, float]
    revenue: Mapping[str, float]
    adjustments: tuple[Adjustment, ...]
    anchors: Anchors = field(repr=False, compare=False)
    carried: Carried | None = field(default=None, repr=False, compare=False)


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


@dataclass(frozen=True, eq=False)
class Calibrator:
    """What is the same in every calibration of a benchmark, worked out once for many of them.

    ``bare``, ``plants``  the market without parameters, its activities with what they earn and pay
    ``users``    who final demand is made of;  ``hubs`` with their offsets to the quotes
    ``notes``    what had to be changed in the data;  ``faults`` flows that the law forbids
    """

    contents: Contents
    benchmark: Benchmark
    bare: Market
    anchors: Anchors
    plants: Sequence[Plant]
    run: Earnings
    hubs: tuple[Hub, ...]
    notes: Sequence[Adjustment]
    faults: Sequence[Fault]

    def at(self, chosen: Mapping[PriorKey, float]) -> Calibration:
        """Return the market that reproduces the benchmark under the law of its day.

        ``chosen`` gives values of priors in place of their medians. Raises ``InputError`` where the
        data contradict the law or an activity cannot earn its cost.
        """
        contents, benchmark, anchors, plants = (
            self.contents,
            self.benchmark,
            self.anchors,
            self.plants,
        )
        faults = [*self.faults, *losses(anchors, contents, benchmark, plants, chosen)]
        if faults:
            raise InputError(faults)
        found = parameters(anchors, contents.priors, chosen)
        cuts = cut_shares(anchors, contents, plants, chosen)
        mean = dict(zip(anchors.buyers, anchors.mean.tolist(), strict=True))
        return Calibration(
            market=self._market(mean, found),
            flow=benchmark.flow,
            level=contents.balances[benchmark.year].level,
            producer_price=benchmark.price,
            buyer_price=mean,
            revenue={x.bare.name: x.revenue for x in plants},
            adjustments=(*self.notes, *self.run.notes(cuts)),
            anchors=anchors,
        )

    def _market(self, mean: Mapping[Place, float], found: Parameters) -> Market:
        return replace(
            self.bare,
            lanes=_weighted(self.bare, found),
            buyers=tuple(
                Buyer(*place, theta=theta, constant=mean[place])
                for place, theta in zip(mean, found.theta.tolist(), strict=True)
            ),
            activities=_costed(self.plants, found),
            demands=self._demands(mean, found),
            hubs=self.hubs,
        )

    def _demands(self, mean: Mapping[Place, float], found: Parameters) -> tuple[FinalDemand, ...]:
        final = self.contents.balances[self.benchmark.year].final_use.items()
        drawn = zip(found.elasticity.tolist(), found.choke.tolist(), strict=True)
        return tuple(
            FinalDemand(*place, tonnes, mean[place], elasticity, choke, self._users.get(place, ()))
            for (place, tonnes), (elasticity, choke) in zip(final, drawn, strict=True)
        )

    @cached_property
    def _users(self) -> dict[Place, tuple[tuple[str, float], ...]]:
        users: dict[Place, tuple[tuple[str, float], ...]] = {}
        for u in self.contents.users:
            known = users.get((u.good, u.region), ())
            users[u.good, u.region] = (*known, (u.user, u.share))
        return users


def calibrator(
    contents: Contents, benchmark: Benchmark, lane_weights: LaneWeights = "central"
) -> Calibrator:
    """Return what calibrates a benchmark; ``lane_weights`` picks the flow of latent lanes."""
    bare = skeleton(contents, benchmark)
    legal = contents.statutes.enacted(bare, benchmark.law_date)
    cost, notes = landed_costs(contents, benchmark, legal)
    mean = mean_costs(contents, benchmark, cost)
    run = Earnings(contents, benchmark, mean, legal)
    plants = [x for pair in _paired(bare, contents, benchmark) if (x := run.plant(*pair))]
    trade = _Trade(cost, mean, _tonnes(benchmark, lane_weights))
    demands = tuple(contents.balances[benchmark.year].final_use)
    return Calibrator(
        contents=contents,
        benchmark=benchmark,
        bare=bare,
        anchors=_anchors(bare, benchmark, trade, margins_of(plants), demands),
        plants=plants,
        run=run,
        hubs=_hubs(contents, benchmark, legal),
        notes=notes,
        faults=_closed_lanes(benchmark, legal),
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


@dataclass(frozen=True)
class _Trade:
    """Lanes' landed costs (USD/t) and tonnes a year, and buyers' mean landed costs (USD/t)."""

    cost: Mapping[LaneKey, float]
    mean: Mapping[Place, float]
    tonnes: Mapping[LaneKey, float]


def _tonnes(benchmark: Benchmark, lane_weights: LaneWeights) -> dict[LaneKey, float]:
    latent = {key: float(getattr(row, lane_weights)) for key, row in benchmark.latent.items()}
    return {**benchmark.flow, **latent}


def _weighted(bare: Market, found: Parameters) -> tuple[Lane, ...]:
    return tuple(
        Lane(lane.good, lane.origin, lane.destination, lane.freight, log_weight=weight)
        for lane, weight in zip(bare.lanes, found.log_weight.tolist(), strict=True)
    )


def _anchors(
    bare: Market, benchmark: Benchmark, trade: _Trade, margins: Margins, demands: tuple[Place, ...]
) -> Anchors:
    place = {buyer: i for i, buyer in enumerate(trade.mean)}
    inflow = dict.fromkeys(trade.mean, 0.0)
    for key, x in benchmark.flow.items():
        inflow[key.good, key.destination] += x
    ends = [(lane.good, lane.destination) for lane in bare.lanes]
    share = [trade.tonnes[x.key] / inflow[to] for x, to in zip(bare.lanes, ends, strict=True)]
    return Anchors(
        buyers=tuple(trade.mean),
        mean=np.array(list(trade.mean.values())),
        share=np.array(share),
        cost=np.array([trade.cost[lane.key] for lane in bare.lanes]),
        buyer=np.array([place[to] for to in ends], dtype=np.intp),
        demands=demands,
        margins=margins,
    )


def _costed(plants: Sequence[Plant], found: Parameters) -> tuple[Activity, ...]:
    curves = found.curves
    costs = np.stack([curves.other, curves.rising, curves.curvature], axis=-1).tolist()
    return tuple(
        replace(
            x.bare,
            other_cost=other,
            rising_cost=rising,
            curvature=curvature,
            capacity=Capacity(x.capacity),
        )
        for x, (other, rising, curvature) in zip(plants, costs, strict=True)
    )


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
