"""Why infeasible: the smallest set of measures and capacities that a minimum cannot live with.

The elastic re-solve has already been made when this is asked: with rebates up to their largest,
the market has an equilibrium in which the minimum falls short. Measures and capacities are now
lifted one after another and stay lifted as long as the minimum stays unmet; what is left is a set
of which none can be spared. There may be other such sets; then lifting this one does not make room
by itself, and the words say so. Source: J. Chinneck and E. Dravnieks, "Locating minimal infeasible
constraint sets in linear programs", ORSA Journal on Computing 3 (1991), the deletion filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from accord.market import Activity, Capacity, Lane, Limit, Market

Candidate = tuple[str, str]
Feasible = Callable[[Market], bool]

# Capacity enough for any minimum, as a multiple of what there is and of what is asked.
AMPLE = 1e3
# Candidates tried: a solve each, the farthest from the minimum left out first.
MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Conflict:
    """A minimal set in conflict: the minimum, and what it cannot live with.

    ``minimum``     measure of the minimum
    ``measures``    other measures, none of which can be spared from the conflict
    ``capacities``  activities whose capacity is part of it
    ``enough``      lifting any one of them makes room; otherwise something else conflicts as well
    ``alone``       nothing that was tried helps when lifted, not even all of it at once
    """

    minimum: str
    measures: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    enough: bool = True
    alone: bool = False

    def __str__(self) -> str:
        """Say the conflict in words."""
        if self.alone:
            return f"{self.minimum} cannot be met whatever measure or capacity nearby is lifted"
        parts = [*self.measures]
        if self.capacities:
            names = ", ".join(self.capacities)
            parts.append(f"the capacity of {names}")
        one = "that" if len(parts) == 1 else "any one of these"
        room = "makes room" if self.enough else "is not enough, other things conflict with it too"
        together = " together" if len(parts) > 1 else ""
        return (
            f"{self.minimum} conflicts with {' and '.join(parts)}{together}; lifting {one} {room}"
        )


def conflict_of(market: Market, minimum: Limit, feasible: Feasible) -> Conflict:
    """Return what the minimum of an infeasible market conflicts with.

    ``feasible`` says whether a market has an answer; it is asked once per candidate, and those
    nearest to the minimum's lanes come last, so that they are the ones named where several
    sets would do.
    """
    candidates = _candidates(market, minimum)
    lifted = market
    for candidate in candidates:
        lifted = _without(lifted, candidate, minimum)
    if not feasible(lifted):
        return Conflict(minimum.measure, alone=True)
    lifted = market
    needed: list[Candidate] = []
    for candidate in candidates:
        trial = _without(lifted, candidate, minimum)
        if feasible(trial):
            needed.append(candidate)
        else:
            lifted = trial
    return Conflict(
        minimum.measure,
        tuple(x for kind, x in needed if kind == "measure"),
        tuple(x for kind, x in needed if kind == "capacity"),
        enough=all(feasible(_without(market, x, minimum)) for x in needed[:1]),
    )


def _candidates(market: Market, minimum: Limit) -> list[Candidate]:
    """Measures that bound or close a lane, then plants of the minimum's goods; the nearest last."""
    goods = {key.good for key in minimum.lanes}
    lanes = set(minimum.lanes)
    near = {name for x in market.lanes if x.key in lanes for name in _measures_on(x)}
    near |= {x.measure for x in market.limits if x.in_force and lanes & set(x.lanes)}
    all_measures = {name for x in market.lanes if x.good in goods for name in x.closed_by} | {
        x.measure for x in market.limits if x.in_force
    }
    all_measures -= {minimum.measure}
    far = sorted(all_measures - near)
    origins = {(key.good, key.origin) for key in minimum.lanes}
    plants = [a.name for a in market.activities if _makes(a, origins)]
    named: list[Candidate] = [("measure", x) for x in far]
    named += [("measure", x) for x in sorted(near - {minimum.measure})]
    return (named + [("capacity", x) for x in plants])[-MOST_TRIED:]


def _measures_on(lane: Lane) -> Iterable[str]:
    return (*lane.closed_by, *(w.measure for w in lane.active_wedges))


def _makes(activity: Activity, places: set[tuple[str, str]]) -> bool:
    return any((good, activity.region) in places for good, _ in activity.outputs)


def _without(market: Market, candidate: Candidate, minimum: Limit) -> Market:
    kind, name = candidate
    if kind == "measure":
        return market.without(name)

    def ample(activity: Activity) -> Activity:
        level = AMPLE * max(activity.capacity.level, minimum.bound)
        return replace(activity, capacity=Capacity(level, activity.capacity.since))

    return market.map_activities(lambda a: a.name == name, ample)
