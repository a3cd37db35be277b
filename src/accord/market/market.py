"""The market: plain data, changed only by making another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from accord.market.activity import Activity, Capacity
from accord.market.buyer import Buyer, FinalDemand
from accord.market.lane import Lane, LaneKey
from accord.market.limit import Limit
from accord.market.wedge import Basis, Wedge


@dataclass(frozen=True, slots=True)
class Region:
    """A country or group of countries that buys and sells as one.

    ``members`` are ISO 3166 alpha-3 codes; ``customs_basis`` is what its import duties value.
    """

    code: str
    name: str
    customs_basis: Basis = "cif"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Good:
    """A good, in tonnes."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Hub:
    """A quoted world price: a fixed-weight mean of exporters' border prices of ``good``.

    ``weights`` are (lane, share) and sum to 1; ``quote`` is the name users know (LME).
    The quote equals the mean plus ``offset`` (USD per t).
    """

    good: str
    quote: str
    weights: tuple[tuple[LaneKey, float], ...]
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class DutyColumn:
    """One column of an importer's tariff: the rate for a good under a status of trade relations."""

    importer: str
    good: str
    column: str
    ad_valorem: float = 0.0
    specific: float = 0.0


@dataclass(frozen=True, slots=True)
class Tracer:
    """Marks metal by where it was made: outputs of ``kinds`` of activities in ``sources``."""

    name: str
    good: str
    sources: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Market:
    """Everything the model knows about a market at one time. Values only, no equations.

    Prices are in USD of ``price_year`` per tonne, quantities in tonnes a year.
    """

    name: str
    year: int
    price_year: int
    regions: tuple[Region, ...]
    goods: tuple[Good, ...]
    activities: tuple[Activity, ...]
    lanes: tuple[Lane, ...]
    buyers: tuple[Buyer, ...]
    demands: tuple[FinalDemand, ...]
    limits: tuple[Limit, ...] = ()
    columns: tuple[DutyColumn, ...] = ()
    tracers: tuple[Tracer, ...] = ()
    hubs: tuple[Hub, ...] = ()

    @cached_property
    def lane_by_key(self) -> dict[LaneKey, Lane]:
        """Lanes by (good, origin, destination)."""
        return {LaneKey(x.good, x.origin, x.destination): x for x in self.lanes}

    @cached_property
    def region_by_code(self) -> dict[str, Region]:
        """Regions by code."""
        return {region.code: region for region in self.regions}

    @cached_property
    def activity_by_name(self) -> dict[str, Activity]:
        """Activities by name."""
        return {activity.name: activity for activity in self.activities}

    def plants_of(self, name: str) -> tuple[Activity, ...]:
        """Return the activity of a name, or the plants that stand for ``kind.REGION`` together."""
        one = self.activity_by_name.get(name)
        if one is not None:
            return (one,)
        return tuple(a for a in self.activities if a.plant and f"{a.kind}.{a.region}" == name)

    def region_of(self, country: str) -> str | None:
        """Return the region that a country code (or a region's own code) belongs to."""
        if country in self.region_by_code:
            return country
        return next((r.code for r in self.regions if country in r.members), None)

    def map_lanes(self, chosen: Callable[[Lane], bool], change: Callable[[Lane], Lane]) -> Market:
        """Return the market with ``change`` made to every chosen lane."""
        # A list first: tuples are slow to build from generators, and there are many lanes.
        return replace(self, lanes=tuple([change(x) if chosen(x) else x for x in self.lanes]))

    def map_activities(
        self, chosen: Callable[[Activity], bool], change: Callable[[Activity], Activity]
    ) -> Market:
        """Return the market with ``change`` made to every chosen activity."""
        changed = tuple(change(x) if chosen(x) else x for x in self.activities)
        return replace(self, activities=changed)

    def with_limit(self, limit: Limit) -> Market:
        """Return the market with one more limit."""
        return replace(self, limits=(*self.limits, limit))

    def without(self, measure: str) -> Market:
        """Return the market as if ``measure`` had never been: what it added or set aside."""
        limits = (
            replace(x, suspended_by=tuple(m for m in x.suspended_by if m != measure))
            for x in self.limits
            if x.measure != measure
        )
        return replace(
            self,
            lanes=tuple(
                [
                    lane.without(measure) if lane.wedges or lane.closed_by else lane
                    for lane in self.lanes
                ]
            ),
            activities=tuple(_activity_without(a, measure) for a in self.activities),
            limits=tuple(limits),
        )

    @cached_property
    def measures(self) -> frozenset[str]:
        """The names of all measures that have left a trace in this market."""
        found = {w.measure for lane in self.lanes for w in lane.wedges}
        found |= {m for lane in self.lanes for m in lane.closed_by}
        found |= {w.measure for a in self.activities for w in a.wedges}
        found |= {limit.measure for limit in self.limits}
        found |= {m for lane in self.lanes for w in lane.wedges for m in w.suspended_by}
        return frozenset(found | {m for limit in self.limits for m in limit.suspended_by})

    def scaled(self, factor: float) -> Market:
        """Return the market with every nominal datum multiplied by ``factor``."""
        return replace(
            self,
            lanes=tuple(_scaled_lane(x, factor) for x in self.lanes),
            activities=tuple(_scaled_activity(x, factor) for x in self.activities),
            buyers=tuple(
                replace(x, theta=x.theta / factor, constant=x.constant * factor)
                for x in self.buyers
            ),
            demands=tuple(
                replace(x, price=x.price * factor, choke=x.choke * factor) for x in self.demands
            ),
            limits=tuple(
                replace(x, over=None if x.over is None else _scaled_wedge(x.over, factor))
                for x in self.limits
            ),
            columns=tuple(replace(x, specific=x.specific * factor) for x in self.columns),
            hubs=tuple(replace(x, offset=x.offset * factor) for x in self.hubs),
        )


def _activity_without(activity: Activity, measure: str) -> Activity:
    if not activity.wedges:
        return activity
    kept = tuple(w.released_from(measure) for w in activity.wedges if w.measure != measure)
    return replace(activity, wedges=kept)


def _scaled_wedge(wedge: Wedge, factor: float) -> Wedge:
    return replace(wedge, specific=wedge.specific * factor)


def _scaled_lane(lane: Lane, factor: float) -> Lane:
    wedges = tuple(_scaled_wedge(w, factor) for w in lane.wedges)
    return replace(lane, freight=lane.freight * factor, wedges=wedges)


def _scaled_activity(activity: Activity, factor: float) -> Activity:
    return replace(
        activity,
        power_price=activity.power_price * factor,
        other_cost=activity.other_cost * factor,
        rising_cost=activity.rising_cost * factor,
        wedges=tuple(_scaled_wedge(w, factor) for w in activity.wedges),
    )


def set_capacity(market: Market, levels: Mapping[str, float]) -> Market:
    """Return the market with the capacities of the named activities replaced (units a year)."""
    return market.map_activities(
        lambda a: a.name in levels,
        lambda a: replace(a, capacity=Capacity(levels[a.name], a.capacity.since)),
    )
