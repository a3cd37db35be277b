"""Why the answer is what it is: sentences that follow from the two equilibria and the terms."""

from __future__ import annotations

from accord.assessment.focus import Focus
from accord.assessment.words import dollars, per_tonne, percent, tonnes
from accord.effects import Effects
from accord.equilibrium import Equilibrium
from accord.market import Limit

CLOSE_PRICES = 5.0
BINDS = 1e-9


def because(effects: Effects, focus: Focus) -> tuple[str, ...]:
    """Return the reasons that follow from the numbers: what binds, what obliges nobody."""
    return (*_limits(effects), *_too_differentiated(effects, focus))


def _limits(effects: Effects) -> list[str]:
    """Say of each limit the deal adds whether it binds, and who earns or pays."""
    old = set(effects.before.market.limits)
    eq = effects.after
    active = eq.state.arrays.limits.active
    return [
        _limit_line(eq, m, limit)
        for m, limit in enumerate(eq.universe.limits)
        if active[m] and limit not in old and _has_open_lane(eq, limit)
    ]


def _has_open_lane(eq: Equilibrium, limit: Limit) -> bool:
    lanes = eq.market.lane_by_key
    return any(key in lanes and lanes[key].is_open for key in limit.lanes)


def _limit_line(eq: Equilibrium, m: int, limit: Limit) -> str:
    bound, flow = float(eq.state.bound[m]), float(eq.state.counted_flow[m])
    rent = float(eq.state.rent[m])
    if limit.sense == "at_least":
        return _minimum(limit, bound, flow, rent)
    if limit.over is not None:
        return _tariff_quota(limit, bound, flow, rent)
    if rent <= BINDS:
        return (
            f"“{limit.measure}” says up to {tonnes(bound)} a year and obliges nobody: "
            f"{tonnes(flow)} is what buyers would take at these prices, "
            f"{percent(100.0 * flow / bound) if bound > 0.0 else 'none'} of it."
        )
    return (
        f"“{limit.measure}” holds trade at {tonnes(bound)} a year; the right to sell is worth "
        f"{per_tonne(rent)}, {dollars(rent * flow)} a year, to {limit.rent_to or 'nobody'}."
    )


def _minimum(limit: Limit, bound: float, flow: float, rent: float) -> str:
    if rent <= BINDS:
        return (
            f"“{limit.measure}” asks for at least {tonnes(bound)} a year, which costs nothing: "
            f"{tonnes(flow)} would flow anyway."
        )
    return (
        f"“{limit.measure}” asks for at least {tonnes(bound)} a year, more than buyers would "
        f"take: it needs a rebate of {per_tonne(rent)}, {dollars(rent * flow)} a year, "
        f"paid by {limit.rent_to or 'nobody in particular'}."
    )


def _tariff_quota(limit: Limit, bound: float, flow: float, rent: float) -> str:
    if flow > bound * (1.0 + BINDS):
        return (
            f"“{limit.measure}”: {tonnes(flow)} passes the quota of {tonnes(bound)} and pays the "
            "rate beyond it on the rest."
        )
    state = "fills the quota" if rent > BINDS else "stays within the quota"
    return f"“{limit.measure}”: {tonnes(flow)} {state} of {tonnes(bound)}."


def _too_differentiated(effects: Effects, focus: Focus) -> list[str]:
    """Warn where buyers' and home producers' prices part too far for one grade of metal."""
    if focus.importer is None:
        return []
    buyer = effects.after.buyer_price(focus.good, focus.importer)
    maker = effects.after.producer_price(focus.good, focus.importer)
    if buyer is None or maker is None or abs(buyer / maker - 1.0) * 100.0 <= CLOSE_PRICES:
        return []
    apart = percent(abs(100.0 * (buyer / maker - 1.0)))
    way = "more" if buyer > maker else "less"
    line = (
        f"Buyers in {focus.importer} pay {apart} {way} than producers there get. For one grade of "
        "metal the two should nearly coincide: this closure is too differentiated for that "
        "question."
    )
    return [line]
