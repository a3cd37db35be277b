"""One backward solve against solving again: every derivative by central differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from accord.equilibrium import Equilibrium, solve_market
from accord.equilibrium.adjoint import Gradient, gradient
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.effect import Bases, Linear, Total, Transfers, receipts, welfare
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.share import Share, ShareState
from accord.equilibrium.universe import universe_of
from accord.errors import InputError
from accord.market import Lane, Market
from accord.market.market import set_capacity
from worlds import (
    LANE_AB,
    LANE_CB,
    SOURCE_A,
    duty,
    effects_of,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

Effect = Linear | Total | Transfers


def strained() -> Market:
    """A quota that binds, a minimum, a tariff-rate quota in its kink, a full plant."""
    market = set_capacity(toy(), {"smelter.C": 28e3})
    least = replace(
        limit(9e3, LANE_CB, sense="at_least", rent_to="C", lowers_customs_value=True),
        measure="least",
    )
    return market.with_limit(least).with_limit(quota(20e3, duty(0.3, basis="cif", specific=40.0)))


MARKETS: dict[str, Callable[[], Market]] = {
    "plain": toy,
    "entrepot": lambda: toy(entrepot=True),
    "strained": strained,
    "pro rata": lambda: origin_duty(toy(entrepot=True), 0.3, "pro rata"),
    "segregated": lambda: origin_duty(toy(entrepot=True), 0.3, "segregated"),
}


def solved(market: Market) -> Equilibrium:
    return solve_market(market)


def effect_of(name: str, market: Market, arrays: Arrays) -> Effect:
    bases = Bases.of(market, arrays)
    n, a, _, _ = arrays.sizes
    unit = {
        "price": ("price", n, 4),
        "buyer price": ("buyer_price", len(arrays.buyers.theta), 4),
        "flow": ("flow", len(arrays.lanes.node), arrays.universe.lane_index[LANE_AB]),
        "output": ("level", a, 4),
    }
    if name in unit:
        field, size, place = unit[name]
        return Linear(bases, **{field: np.eye(size)[place]})
    if name == "revenue of B":
        return receipts(market, arrays, ("B",))
    return welfare(market, arrays, ("B",) if name == "welfare of B" else ("A", "B", "C", "D"))


def by_adjoint(name: str, eq: Equilibrium) -> Gradient:
    arrays, closure = eq.state.arrays, Share()
    effect = effect_of(name, eq.market, arrays)
    state = closure.state(arrays, eq.state.z)
    return gradient(state, closure.problem(arrays), effect)


def value_again(name: str, market: Market, near: Equilibrium) -> float:
    eq = solve_market(market, universe=near.universe, start=near.state.z)
    return effect_of(name, eq.market, eq.state.arrays).value(eq.state)


def difference(name: str, eq: Equilibrium, step: float, moved: Callable[[float], Market]) -> float:
    ahead, behind = (value_again(name, moved(s), eq) for s in (step, -step))
    return (ahead - behind) / (2.0 * step)


def on_lane(market: Market, lane: Lane, change: Callable[[Lane], Lane]) -> Market:
    return market.map_lanes(lambda x: x.key == lane.key, change)


def close(found: float, reference: float, size: float, noise: float = 0.0) -> bool:
    return abs(found - reference) <= 2e-5 * abs(reference) + 1e-6 * size + noise


def agrees(found: Gradient, what: str, place: int, reference: float, step: float) -> bool:
    column = getattr(found, what)
    noise = 1e-12 * abs(found.value) / step
    return close(float(column[place]), reference, float(np.abs(column).max()), noise)


NAMES = ["price", "buyer price", "flow", "output", "revenue of B", "welfare of B", "world welfare"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("world", MARKETS)
def test_derivatives_are_those_of_solving_again(name: str, world: str) -> None:
    if world == "pro rata" and name in {"revenue of B", "welfare of B", "world welfare"}:
        with pytest.raises(InputError, match="follows the metal"):
            by_adjoint(name, solved(MARKETS[world]()))
        return
    eq = solved(MARKETS[world]())
    market, found = eq.market, by_adjoint(name, eq)
    assert found.value == pytest.approx(value_again(name, market, eq), rel=1e-9)
    basis = {r.code: r.customs_basis for r in market.regions}
    checks: list[tuple[str, float, float, float]] = []
    for i in (1, 5, eq.universe.lane_index[LANE_AB], eq.universe.lane_index[LANE_CB]):
        lane = eq.universe.lanes[i]
        to, kind = lane.destination, basis[lane.destination]
        small = 1e-4 * max(lane.freight, 10.0)
        moves: dict[str, tuple[float, Callable[[float], Market]]] = {
            "specific": (
                small,
                lambda s, x=lane, t=to: with_duty(market, duty(0.0, specific=s, to=t), x.key),
            ),
            "ad_valorem": (
                1e-5,
                lambda s, x=lane, t=to, k=kind: with_duty(market, duty(s, to=t, basis=k), x.key),
            ),
            "freight": (
                small,
                lambda s, x=lane: on_lane(market, x, lambda y: replace(y, freight=y.freight + s)),
            ),
            "log_weight": (
                1e-5,
                lambda s, x=lane: on_lane(
                    market, x, lambda y: replace(y, log_weight=y.log_weight + s)
                ),
            ),
        }
        if name in {"revenue of B", "welfare of B"} and to != "B":
            moves.pop("ad_valorem")  # the test's duty wedge and the base agree only by treasury
        for what, (step, moved) in moves.items():
            reference = difference(name, eq, step, moved)
            noise = 1e-12 * abs(found.value) / step
            value = float(getattr(found, what)[i])
            checks.append((f"{what} {lane.key}", value, reference, noise))
    for label, value, reference, noise in checks:
        size = max(abs(r) for k, _, r, _ in checks if k.split()[0] == label.split()[0])
        assert close(value, reference, size, noise), (label, value, reference)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("world", ["plain", "strained", "segregated"])
def test_derivatives_by_capacities_bounds_and_elasticities(name: str, world: str) -> None:
    eq = solved(MARKETS[world]())
    market, found = eq.market, by_adjoint(name, eq)
    for i, activity in enumerate(eq.universe.activities):
        level = activity.capacity.level
        reference = difference(
            name, eq, 1e-5 * level,
            lambda s, a=activity, k=level: set_capacity(market, {a.name: k + s}),
        )  # fmt: skip
        assert agrees(found, "capacity", i, reference, 1e-5 * level)
    for i, bound in enumerate(eq.universe.limits):
        reference = difference(
            name, eq, 1e-5 * max(bound.bound, 1e3),
            lambda s, b=bound: replace(market, limits=tuple(
                replace(x, bound=x.bound + s) if x.measure == b.measure and x.lanes == b.lanes
                else x for x in market.limits)),
        )  # fmt: skip
        assert agrees(found, "bound", i, reference, 1e-5 * max(bound.bound, 1e3))
    for i, buyer in enumerate(eq.universe.buyers):
        reference = difference(
            name, eq, 1e-5 * buyer.theta,
            lambda s, b=buyer: replace(market, buyers=tuple(
                replace(x, theta=x.theta + s) if x == b else x for x in market.buyers)),
        )  # fmt: skip
        assert agrees(found, "theta", i, reference, 1e-5 * buyer.theta)
        place = (buyer.good, buyer.region)
        reference = difference(
            name, eq, 1e-5,
            lambda s, p=place: replace(market, demands=tuple(
                replace(x, elasticity=x.elasticity + s) if (x.good, x.region) == p else x
                for x in market.demands)),
        )  # fmt: skip
        assert agrees(found, "elasticity", i, reference, 1e-5)


def test_the_active_set_comes_with_the_answer() -> None:
    eq = solved(strained())
    found = by_adjoint("price", eq)
    names = [a.name for a in eq.universe.activities]
    assert found.active.full[names.index("smelter.C")]
    assert not found.active.idle.any()
    by_measure = dict(
        zip((x.measure for x in eq.universe.limits), found.active.binding, strict=True)
    )
    assert by_measure["limit"]
    assert np.all((found.bound != 0.0) <= found.active.binding)


def test_welfare_is_that_of_the_accounts() -> None:
    """C36."""
    before = toy()
    after = with_duty(before, duty(0.25))
    told = effects_of(before, after)
    values = []
    for eq in (told.before, told.after):
        arrays = eq.state.arrays
        values.append(welfare(eq.market, arrays, ("B",)).value(eq.state))
    change = next(row.change for row in told.rows if row.measure == "welfare" and row.region == "B")
    assert values[1] - values[0] == pytest.approx(change, rel=1e-7)


def test_the_sum_of_lanes_is_what_all_lanes_do_together() -> None:
    """A duty of 1 % on all imports of metal: one number, and the sum of the gradient's."""
    eq = solved(toy())
    found = by_adjoint("buyer price", eq)
    chosen = [
        i for i, x in enumerate(eq.universe.lanes)
        if x.good == "metal" and x.destination == "B" and x.origin != "B"
    ]  # fmt: skip
    reference = difference(
        "buyer price", eq, 1e-5, lambda s: with_duty(eq.market, duty(s, basis="fob"))
    )
    assert float(found.ad_valorem[chosen].sum()) == pytest.approx(reference, rel=1e-6)


def test_a_market_compiled_without_what_cannot_run_has_slopes_too() -> None:
    market = set_capacity(toy(), {"smelter.C": 0.0})
    arrays = without_the_impossible(compile_market(market, universe_of(market)))
    eq = solve_market(market)
    state = ShareState(arrays, eq.state.z)
    effect = effect_of("price", market, arrays)
    found = gradient(state, Share().problem(arrays), effect)
    assert np.all(np.isfinite(found.ad_valorem))
    assert SOURCE_A.good == "metal"
