"""Carries a calibrated market forward to a year of which only outputs and capacities are known.

Four steps, each stated in the adjustments:

1. Every nominal datum is multiplied by λ, the hub price of the year over that of the benchmark.
   The tariff is not: specific duties are what the law says.
2. Capacities become those of the year; one below the year's output is raised to output/0.98.
3. Each activity's other cost is set so that at the reference prices (the benchmark's times λ)
   its output is the year's: v = revenue − Σ inputs·P − power·price − m (z/K)^(1/φ). Where that is
   negative, v is 0 and m is what is left.
4. Final demand of each good grows by one factor everywhere, so that what the world uses is what it
   makes. A good that has no final demand, or whose makers have no stated output, has the output of
   its makers scaled instead. Goods are taken from the last of the chain to the first.

The market is then solved like any other: its prices and flows are a prediction, not data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from accord.market import Activity, Capacity, FinalDemand, Market
from accord.pack.calibrate import Calibration
from accord.pack.contents import Adjustment, Level
from accord.pack.earnings import FULLEST
from accord.pack.parameters import Carried, CostCurves, carried_curves, short_of

UNCHANGED = 1e-12


def carry(
    start: Calibration, year: int, levels: tuple[Level, ...], price_ratio: float
) -> Calibration:
    """Return the calibration carried to ``year``; its flows and shares stay the benchmark's.

    ``levels`` outputs and capacities in tonnes a year; ``price_ratio`` is λ.
    """
    scaled = replace(start.market.scaled(price_ratio), year=year, columns=start.market.columns)
    stated = _by_activity(levels, scaled, start.level)
    targets = _targets(scaled, start.level, stated)
    growth, notes = _balanced(scaled, targets, stated)
    point = _Point(start, targets, stated, price_ratio)
    at = _standing(scaled.activities, point)
    activities = _reset(scaled.activities, start, point, at)
    notes += _activity_notes(scaled.activities, activities, point, at)
    market = replace(
        scaled,
        activities=activities,
        demands=tuple(_grown(d, growth.get(d.good, 1.0)) for d in scaled.demands),
    )
    return Calibration(
        market=market,
        flow=start.flow,
        level=targets,
        producer_price={k: p * price_ratio for k, p in start.producer_price.items()},
        buyer_price={k: p * price_ratio for k, p in start.buyer_price.items()},
        revenue={k: r * price_ratio for k, r in start.revenue.items()},
        adjustments=(*start.adjustments, *notes),
        anchors=start.anchors,
        carried=at,
    )


def _by_activity(
    levels: tuple[Level, ...], market: Market, level: Mapping[str, float]
) -> dict[str, Level]:
    """Return levels by activity; those of a region are split among its plants.

    Output by what each makes at the benchmark, capacity by what each has there.
    """
    stated: dict[str, Level] = {}
    for entry in levels:
        plants = market.plants_of(entry.name)
        made = sum(level[a.name] * a.outputs[0][1] for a in plants)
        room = sum(a.capacity.level * a.outputs[0][1] for a in plants)
        for a in plants:
            per_unit = a.outputs[0][1]
            stated[a.name] = replace(
                entry,
                output=_part(entry.output, level[a.name] * per_unit, made),
                capacity=_part(entry.capacity, a.capacity.level * per_unit, room),
            )
    return stated


def _part(whole: float | None, own: float, total: float) -> float | None:
    if whole is None or own == total:
        return whole
    return whole * own / total


def _grown(demand: FinalDemand, factor: float) -> FinalDemand:
    return replace(demand, quantity=demand.quantity * factor)


def _targets(
    market: Market, level: Mapping[str, float], stated: Mapping[str, Level]
) -> dict[str, float]:
    """Return the levels aimed at: the year's output where stated, else the benchmark's."""
    targets: dict[str, float] = {}
    for a in market.activities:
        entry = stated.get(a.name)
        output = None if entry is None else entry.output
        targets[a.name] = level[a.name] if output is None else output / a.outputs[0][1]
    return targets


def _balanced(
    market: Market, targets: dict[str, float], stated: Mapping[str, Level]
) -> tuple[dict[str, float], list[Adjustment]]:
    """Return final demand's growth by good; scale outputs in ``targets`` where that cannot do."""
    growth: dict[str, float] = {}
    notes: list[Adjustment] = []
    final: dict[str, float] = defaultdict(float)
    for demand in market.demands:
        final[demand.good] += demand.quantity
    for good in last_first(market):
        makers = [a for a in market.activities if a.outputs[0][0] == good]
        known = any(_output(stated, a) is not None for a in makers)
        made, used = _sums(market, targets, good)
        wanted = made - used
        if known and final[good] > 0.0 and wanted > 0.0:
            growth[good] = wanted / final[good]
            why = "final demand grows by one factor, so that use equals output"
            notes.append(Adjustment("final demand", good, final[good], wanted, "t/yr", why))
        elif makers:
            _scale_makers(market, targets, good, final[good], notes)
    return growth, notes


def _output(stated: Mapping[str, Level], activity: Activity) -> float | None:
    entry = stated.get(activity.name)
    return None if entry is None else entry.output


def _sums(market: Market, targets: Mapping[str, float], good: str) -> tuple[float, float]:
    """Return what activities make and use of a good, tonnes a year."""
    made = sum(dict(a.outputs).get(good, 0.0) * targets[a.name] for a in market.activities)
    used = sum(dict(a.inputs).get(good, 0.0) * targets[a.name] for a in market.activities)
    return made, used


def _scale_makers(
    market: Market, targets: dict[str, float], good: str, final: float, notes: list[Adjustment]
) -> None:
    """Scale the levels of those who make a good, so that they make what is used."""
    makers = [a for a in market.activities if a.outputs[0][0] == good]
    made, used = _sums(market, targets, good)
    own = sum(dict(a.outputs).get(good, 0.0) * targets[a.name] for a in makers)
    through = sum(dict(a.inputs).get(good, 0.0) * targets[a.name] for a in makers)
    if own <= through:
        return
    factor = (final + used - through - (made - own)) / (own - through)
    if factor <= 0.0 or abs(factor - 1.0) < UNCHANGED:
        return
    for a in makers:
        targets[a.name] *= factor
    why = "output of all makers scaled by one factor, so that it equals use"
    notes.append(Adjustment("output", good, own, own * factor, "t/yr", why))


def last_first(market: Market) -> list[str]:
    """Return goods so that each comes after those it is used to make (file order in a circle)."""
    becomes: dict[str, set[str]] = {good.code: set() for good in market.goods}
    for a in market.activities:
        for good, _ in a.inputs:
            becomes[good] |= {made for made, _ in a.outputs if made != good}
    order: list[str] = []
    waiting = [good.code for good in market.goods]
    while waiting:
        ready = [g for g in waiting if not becomes[g] & set(waiting)] or waiting[:1]
        order += ready
        waiting = [g for g in waiting if g not in ready]
    return order


@dataclass(frozen=True)
class _Point:
    """Where the activities of the new year are to stand."""

    start: Calibration
    targets: Mapping[str, float]
    stated: Mapping[str, Level]
    price_ratio: float


def _standing(activities: tuple[Activity, ...], point: _Point) -> Carried:
    level = [point.targets[a.name] for a in activities]
    room = [_capacity(a, point) for a in activities]
    return Carried(
        price_ratio=point.price_ratio,
        used=np.array([x / k if x > 0.0 else 0.0 for x, k in zip(level, room, strict=True)]),
        left=np.array([_left(a, point) for a in activities]),
    )


def _left(activity: Activity, point: _Point) -> float:
    """Return what inputs and power leave of the revenue, USD per unit."""
    bought = sum(
        tonnes * point.start.buyer_price[good, activity.region] for good, tonnes in activity.inputs
    )
    revenue = (point.start.revenue[activity.name] - bought) * point.price_ratio
    return revenue - activity.power * activity.power_price


def _capacity(activity: Activity, point: _Point) -> float:
    level, stated = point.targets[activity.name], _stated_capacity(activity, point)
    return stated if level <= stated else level / FULLEST


def _stated_capacity(activity: Activity, point: _Point) -> float:
    entry = point.stated.get(activity.name)
    if entry is None or entry.capacity is None:
        return activity.capacity.level
    return entry.capacity / activity.outputs[0][1]


def _curves(activities: tuple[Activity, ...]) -> CostCurves:
    return CostCurves(
        other=np.array([a.other_cost for a in activities]),
        rising=np.array([a.rising_cost for a in activities]),
        curvature=np.array([a.curvature for a in activities]),
    )


def _reset(
    scaled: tuple[Activity, ...], start: Calibration, point: _Point, at: Carried
) -> tuple[Activity, ...]:
    """Return activities with the year's capacity, and costs that make their output the year's."""
    curves = carried_curves(_curves(start.market.activities), at)
    costs = zip(scaled, curves.other.tolist(), curves.rising.tolist(), strict=True)
    return tuple(
        replace(
            a,
            other_cost=other,
            rising_cost=rising,
            capacity=Capacity(_capacity(a, point), a.capacity.since),
        )
        for a, other, rising in costs
    )


def _activity_notes(
    scaled: tuple[Activity, ...], reset: tuple[Activity, ...], point: _Point, at: Carried
) -> list[Adjustment]:
    """Return where capacity was raised to the year's output, or rising cost cut to the revenue."""
    notes: list[Adjustment] = []
    short = short_of(_curves(point.start.market.activities), at)
    for a, after, cut in zip(scaled, reset, short, strict=True):
        stated, per_unit = _stated_capacity(a, point), a.outputs[0][1]
        if after.capacity.level > stated:
            why = f"output exceeds the capacity; capacity set to output/{FULLEST}"
            before, raised = stated * per_unit, after.capacity.level * per_unit
            notes.append(Adjustment("capacity", a.name, before, raised, "t/yr", why))
        if cut:
            why = "at the year's level rising cost is all that revenue leaves; other cost is 0"
            costs = a.rising_cost, after.rising_cost
            notes.append(Adjustment("rising cost", a.name, *costs, "USD/t", why))
    return notes
