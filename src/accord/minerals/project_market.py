"""The market of a pack with new makers in it, from ore to whatever step they get to.

Ore goes to oxide in one plant; makers of metal and magnets buy where everybody buys. Costs are
those of the largest maker of each step outside China. In each market a new seller weighs what a
seller of its size weighs: at the mean landed cost its share is its part of the world's supply of
the good, as nobody knows its buyers yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from accord.market import Activity, Capacity, Lane, Market
from accord.minerals.recipe import METALS, Recipe, largest, recipe
from accord.pack import Pack
from accord.pack.chain import Chain

NEW = "new_"
LEAST = 1.0
"""Tonnes a year below which nothing is built."""
SWARF = "swarf"


@dataclass(frozen=True)
class NewMaker:
    """What gets to each step in a region: (ore, step) → tonnes a year of ore."""

    region: str
    reached: Mapping[tuple[str, str], float]

    @property
    def nothing(self) -> bool:
        """Whether no step is worth building."""
        return all(tonnes <= LEAST for tonnes in self.reached.values())


def with_maker(pack: Pack, chain: Chain, year: int, day: date, maker: NewMaker) -> Market:
    """Return the market of ``year`` under the law of ``day``, with the maker in it.

    Metal and magnets are left out in a region where nobody buys what they are made from.
    """
    calibration = pack.calibration(year)
    bare = calibration.market
    new = tuple(a for a in _activities(chain, bare, maker) if a.capacity.level > LEAST)
    lanes = {lane.key: lane for lane in bare.lanes}
    world = _supply(bare.activities, calibration.level)
    sold = _supply(new, {a.name: a.capacity.level for a in new})
    for good, tonnes in sold.items():
        for lane in _lanes(bare, maker.region, good, tonnes / world[good]):
            lanes[lane.key] = _joined(lanes.get(lane.key), lane)
    market = replace(bare, activities=(*bare.activities, *new), lanes=tuple(lanes.values()))
    return pack.under_law(market, day)


def new_activities(market: Market) -> tuple[Activity, ...]:
    """Return the activities of the new maker."""
    return tuple(a for a in market.activities if a.kind.startswith(NEW))


def _activities(chain: Chain, market: Market, maker: NewMaker) -> Iterator[Activity]:
    ores = dict.fromkeys(ore for ore, _ in maker.reached)
    for ore in ores:
        mined, separated = (maker.reached.get((ore, s), 0.0) for s in ("mine", "separation"))
        for step, tonnes in (("mine", mined - separated), ("separation", separated)):
            yield _from_ore(market, maker.region, recipe(chain, market, ore, step), tonnes)
    bought = {buyer.good for buyer in market.buyers if buyer.region == maker.region}
    for e in METALS:
        if f"{e}_oxide" in bought:
            tonnes = _made(chain, market, maker, "metal", f"{e}_metal")
            yield _like(largest(market, f"metal_{e}"), maker.region, tonnes)
    if "ndpr_metal" in bought:
        magnet = largest(market, "magnet")
        tonnes = _made(chain, market, maker, "magnet", "magnet")
        yield _like(magnet, maker.region, tonnes)
        if SWARF in bought:
            scrap = dict(magnet.outputs)[SWARF] * tonnes
            yield _like(largest(market, "recycling"), maker.region, scrap)


def _made(chain: Chain, market: Market, maker: NewMaker, step: str, good: str) -> float:
    """Return tonnes of a good that what reaches a step can become."""
    return sum(
        tonnes * dict(recipe(chain, market, ore, step).outputs).get(good, 0.0)
        for (ore, s), tonnes in maker.reached.items()
        if s == step
    )


def _like(model: Activity, region: str, tonnes: float) -> Activity:
    """Return an activity with the costs of another, making ``tonnes`` of its main product."""
    kind = f"{NEW}{model.kind}"
    level = Capacity(tonnes / model.outputs[0][1])
    name = f"{kind}.{region}"
    return replace(model, name=name, kind=kind, region=region, owner=region, capacity=level)


def _from_ore(market: Market, region: str, r: Recipe, tonnes: float) -> Activity:
    """Return a mine, with its separation plant if there is one, per tonne of ore."""
    steps = [largest(market, f"mine_{r.ore}")]
    if r.step == "separation":
        steps.append(largest(market, f"separation_{r.ore}"))
    # A plant's costs are per tonne of ore, as one unit of it takes in one tonne.
    units = [1.0 / dict(a.inputs).get(r.ore, 1.0) for a in steps]
    kind = f"{NEW}{r.step}_{r.ore}"
    return Activity(
        name=f"{kind}.{region}",
        kind=kind,
        region=region,
        outputs=r.outputs,
        other_cost=sum(
            n * (a.other_cost + a.power * a.power_price) for a, n in zip(steps, units, strict=True)
        ),
        rising_cost=sum(n * a.rising_cost for a, n in zip(steps, units, strict=True)),
        # Convexity is that of the mine: the first step is the one that runs short.
        curvature=steps[0].curvature,
        capacity=Capacity(max(tonnes, 0.0)),
        owner=region,
    )


def _supply(activities: Iterable[Activity], level: Mapping[str, float]) -> dict[str, float]:
    total: dict[str, float] = {}
    for a in activities:
        for good, rate in a.outputs:
            total[good] = total.get(good, 0.0) + rate * level[a.name]
    return total


def _lanes(market: Market, region: str, good: str, part: float) -> Iterator[Lane]:
    """Yield lanes to everybody who buys the good, at the weight of a seller of this size."""
    freight = [x.freight for x in market.lanes if x.good == good and x.origin != x.destination]
    usual = sum(freight) / len(freight) if freight else 0.0
    for buyer in market.buyers:
        if buyer.good == good and (good != SWARF or buyer.region == region):
            # Scrap that is not traded stays where it falls, with all the weight there.
            weight = buyer.theta * buyer.constant + (0.0 if good == SWARF else math.log(part))
            rate = 0.0 if buyer.region == region else usual
            yield Lane(good, region, buyer.region, freight=rate, log_weight=weight)


def _joined(old: Lane | None, new: Lane) -> Lane:
    """Return one lane for what a region sold before and what it sells now."""
    if old is None:
        return new
    both = math.exp(old.log_weight - new.log_weight) + 1.0
    return replace(old, log_weight=new.log_weight + math.log(both))
