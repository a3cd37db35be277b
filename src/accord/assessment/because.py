"""Why the answer is what it is: sentences that follow from the two equilibria and the terms."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment.focus import Focus
from accord.assessment.headline import Names
from accord.assessment.words import dollars, per_tonne, percent, signed, tonnes
from accord.effects import Effects
from accord.equilibrium import Equilibrium
from accord.market import LaneKey, Limit

CLOSE_PRICES = 5.0
WORTH_SAYING = 1.0
BINDS = 1e-9


def because(effects: Effects, focus: Focus, names: Names) -> tuple[str, ...]:
    """Return the reasons that follow from the numbers: what binds, what obliges nobody."""
    return (
        *_limits(effects, names),
        *_apart_from_the_quote(effects, focus, names),
        *_too_differentiated(effects, focus, names),
    )


def _limits(effects: Effects, names: Names) -> list[str]:
    """Say of each limit the deal adds whether it binds, and who earns or pays."""
    old = set(effects.before.market.limits)
    eq = effects.after
    active = eq.state.arrays.limits.active
    return [
        _limit_line(_Bound(eq, m, limit, names))
        for m, limit in enumerate(eq.universe.limits)
        if active[m] and limit not in old and _has_open_lane(eq, limit)
    ]


def _has_open_lane(eq: Equilibrium, limit: Limit) -> bool:
    lanes = eq.market.lane_by_key
    return any(key in lanes and lanes[key].is_open for key in limit.lanes)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A limit at an equilibrium: its bound, what it counts, what it is worth and to whom."""

    eq: Equilibrium
    m: int
    limit: Limit
    names: Names

    @property
    def bound(self) -> float:
        """Tonnes a year."""
        return float(self.eq.state.bound[self.m])

    @property
    def flow(self) -> float:
        """Tonnes a year that it counts."""
        return float(self.eq.state.counted_flow[self.m])

    @property
    def rent(self) -> float:
        """Scarcity in USD per tonne, the mean over its lanes."""
        state, limits = self.eq.state, self.eq.state.arrays.limits
        each = limits.rent_slope[self.m] * state.price[state.arrays.lanes.node]
        each = each + limits.rent_intercept[self.m]
        if self.limit.sense == "at_least":
            return float(state.rent[self.m])
        weight = limits.member[self.m] * state.flow
        total = float(weight.sum())
        return float(state.rent[self.m] * (weight @ each) / total) if total > 0.0 else 0.0

    @property
    def holder(self) -> str:
        """Who earns the scarcity or pays for the minimum, in words."""
        return "nobody" if self.limit.rent_to is None else self.names.region(self.limit.rent_to)


def _limit_line(b: _Bound) -> str:
    if b.limit.sense == "at_least":
        return _minimum(b)
    if b.limit.over is not None:
        return _tariff_quota(b)
    if b.rent <= BINDS:
        share = percent(100.0 * b.flow / b.bound) if b.bound > 0.0 else "none"
        return (
            f"“{b.limit.measure}” says up to {tonnes(b.bound)} a year and obliges nobody: "
            f"{tonnes(b.flow)} is what buyers would take at these prices, {share} of it."
        )
    return (
        f"“{b.limit.measure}” holds trade at {tonnes(b.bound)} a year; the right to sell is worth "
        f"{per_tonne(b.rent)}, {dollars(b.rent * b.flow)} a year, to {b.holder}."
    )


def _minimum(b: _Bound) -> str:
    if b.rent <= BINDS:
        return (
            f"“{b.limit.measure}” asks for at least {tonnes(b.bound)} a year, which costs nothing: "
            f"{tonnes(b.flow)} would flow anyway."
        )
    return (
        f"“{b.limit.measure}” asks for at least {tonnes(b.bound)} a year, more than buyers would "
        f"take: it needs a rebate of {per_tonne(b.rent)}, {dollars(b.rent * b.flow)} a year, "
        f"paid by {b.holder}."
    )


def _tariff_quota(b: _Bound) -> str:
    within = min(b.flow, b.bound)
    worth = f"{dollars(b.rent * within)} a year to {b.holder}"
    if b.flow > b.bound * (1.0 + BINDS):
        return (
            f"“{b.limit.measure}”: {tonnes(b.flow)} passes the quota of {tonnes(b.bound)} and pays "
            f"the rate beyond it on the rest; coming in within the quota is worth {worth}."
        )
    if b.rent > BINDS:
        return (
            f"“{b.limit.measure}”: {tonnes(b.flow)} fills the quota of {tonnes(b.bound)}; coming "
            f"in within it is worth {per_tonne(b.rent)}, {worth}."
        )
    return f"“{b.limit.measure}”: {tonnes(b.flow)} stays within the quota of {tonnes(b.bound)}."


def _apart_from_the_quote(effects: Effects, focus: Focus, names: Names) -> list[str]:
    """Say where buyers' prices go the other way than the quoted world price."""
    before, after = (eq.hub_price.get(focus.good) for eq in (effects.before, effects.after))
    if before is None or after is None:
        return []
    quoted = 100.0 * (after / before - 1.0)
    against = sorted(
        (change, region)
        for region in (r.code for r in effects.after.market.regions)
        if (change := _buyer_change(effects, focus.good, region)) is not None
        and change * quoted < 0.0
        and abs(change) >= WORTH_SAYING
    )
    if not against:
        return []
    most = sorted(against, key=lambda pair: -abs(pair[0]))[:3]
    told = ", ".join(f"{names.region(r)} {signed(percent(change))}" for change, r in most)
    way = "rises" if quoted > 0.0 else "falls"
    return [f"The quote {way}, but not everywhere do buyers' prices go with it: {told}."]


def _buyer_change(effects: Effects, good: str, region: str) -> float | None:
    prices = [eq.buyer_price(good, region) for eq in (effects.before, effects.after)]
    before, after = prices
    return None if before is None or after is None else 100.0 * (after / before - 1.0)


def _too_differentiated(effects: Effects, focus: Focus, names: Names) -> list[str]:
    """Warn where buyers' and home producers' prices part too far for one grade of metal."""
    quoted = {hub.good for hub in effects.after.market.hubs}
    if focus.importer is None or focus.good not in quoted:
        return []
    buyer = effects.after.buyer_price(focus.good, focus.importer)
    maker = effects.after.producer_price(focus.good, focus.importer)
    if buyer is None or maker is None or _home_wedges(effects, focus):
        return []
    if abs(buyer / maker - 1.0) * 100.0 <= CLOSE_PRICES:
        return []
    apart = percent(abs(100.0 * (buyer / maker - 1.0)))
    way = "more" if buyer > maker else "less"
    line = (
        f"Buyers in {names.region(focus.importer)} pay {apart} {way} than producers there get. For "
        "one grade of metal the two should nearly coincide: this closure is too differentiated "
        "for that question."
    )
    return [line]


def _home_wedges(effects: Effects, focus: Focus) -> bool:
    """Return whether a tax or subsidy parts the two prices at home, so that they should differ."""
    if focus.importer is None:
        return False
    home = effects.after.market.lane_by_key.get(LaneKey(focus.good, focus.importer, focus.importer))
    return home is not None and bool(home.active_wedges)
