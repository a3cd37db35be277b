"""What terms about plants share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accord.instruments.problem import Problem, listed, nearest
from accord.market import Activity, Capacity, Market


def tonnes_per_unit(activity: Activity) -> float:
    """Return the tonnes of the main (first) product per unit of the activity."""
    return activity.outputs[0][1]


def plants_named(kind: str, region: str, plant: str | None, market: Market) -> tuple[Activity, ...]:
    """Return the plants of a kind in a region, all of them or the one of that name."""
    name = f"{kind}.{market.region_of(region)}"
    return market.plants_of(name if plant is None else f"{name}.{plant}")


def activity_problems(
    kind: str, region: str, market: Market, plant: str | None = None
) -> list[Problem]:
    """Return what is wrong with a kind of activity in a region, or with the name of a plant."""
    code = market.region_of(region)
    every = plants_named(kind, region, None, market)
    if every:
        return _plant_problems(every, f"{kind}.{code}", plant)
    kinds = sorted({a.kind for a in market.activities})
    if kind not in kinds:
        likely = nearest(kind, kinds)
        fix = f'write "{likely}"' if likely else "name an activity of the pack"
        allowed = listed(kinds) or "none: the pack has no activities"
        return [Problem(("activity",), f'the unknown activity "{kind}"', allowed, fix)]
    there = sorted({a.kind for a in market.activities if a.region == code})
    found = f"no {kind} in {code}"
    allowed = f"an activity that {code} has: {listed(there) or 'none'}"
    return [Problem(("activity",), found, allowed, "name another activity or another region")]


def _plant_problems(every: Sequence[Activity], name: str, plant: str | None) -> list[Problem]:
    names = sorted(a.plant for a in every if a.plant)
    if plant is None or plant in names:
        return []
    found = f'no plant "{plant}" among those of {name}'
    if not names:
        allowed = f"no plant: {name} is one activity in the pack"
        return [Problem(("plant",), found, allowed, "take plant out")]
    likely = nearest(plant, names)
    fix = f'write "{likely}"' if likely else "name another plant, or take plant out to name all"
    return [Problem(("plant",), found, listed(names), fix)]


def grown(plants: Sequence[Activity], tonnes: float) -> dict[str, Activity]:
    """Return plants by name with so many tonnes a year more, shared out by what each has.

    Equal parts where none has any.
    """
    room = [a.capacity.level * tonnes_per_unit(a) for a in plants]
    total = sum(room)
    parts = [r / total if total > 0.0 else 1.0 / len(plants) for r in room]
    return {
        a.name: replace(
            a,
            capacity=Capacity(
                a.capacity.level + part * tonnes / tonnes_per_unit(a), a.capacity.since
            ),
        )
        for a, part in zip(plants, parts, strict=True)
    }


def typical(plants: Sequence[Activity]) -> Activity:
    """Return one plant like several of a kind in a region: their means, weighted by capacity."""
    if len(plants) == 1:
        return plants[0]
    total = sum(a.capacity.level for a in plants)
    weight = [a.capacity.level / total if total > 0.0 else 1.0 / len(plants) for a in plants]
    first = plants[0]

    def mean(values: Sequence[float]) -> float:
        return sum(w * v for w, v in zip(weight, values, strict=True))

    power = mean([a.power for a in plants])
    paid = mean([a.power * a.power_price for a in plants])
    return replace(
        first,
        name=f"{first.kind}.{first.region}",
        plant="",
        power=power,
        power_price=paid / power if power > 0.0 else 0.0,
        other_cost=mean([a.other_cost for a in plants]),
        rising_cost=mean([a.rising_cost for a in plants]),
        curvature=mean([a.curvature for a in plants]),
        capacity=Capacity(total),
        emissions=mean([a.emissions for a in plants]),
    )
