"""What terms about plants share."""

from __future__ import annotations

from accord.instruments.problem import Problem, listed, nearest
from accord.market import Activity, Market


def tonnes_per_unit(activity: Activity) -> float:
    """Return the tonnes of the main (first) product per unit of the activity."""
    return activity.outputs[0][1]


def activity_problems(kind: str, region: str, market: Market) -> list[Problem]:
    """Return what is wrong with a kind of activity in a region."""
    code = market.region_of(region)
    if f"{kind}.{code}" in market.activity_by_name:
        return []
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
