"""At a kink the derivative is one-sided: the two are told apart, stated and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from accord.equilibrium import Equilibrium, solve_market
from accord.equilibrium.adjoint import gradient
from accord.errors import InputError
from accord.market import LaneKey, Market
from accord.market.market import set_capacity
from adjoint_worlds import EFFECTS, again, agrees, chosen_effects, idle, size_of, spare
from worlds import LANE_AB, duty, limit, quota, toy


@dataclass(frozen=True)
class Kink:
    """A market on a kink, the datum that crosses it, and which side is the one that is held.

    ``held`` +1: more of the datum keeps what is undecided at its bound; −1: less of it does.
    """

    market: Market
    closure: str
    named: str
    column: str
    where: Callable[[Equilibrium], int]
    move: Callable[[Market, float], Market]
    size: float
    held: int


def solved(market: Market, closure: str = "share") -> Equilibrium:
    return solve_market(market, closure=closure)


def flow_of(market: Market, closure: str = "share", key: LaneKey = LANE_AB) -> float:
    return solved(market, closure).flow(key.good, key.origin, key.destination)


def activity(name: str) -> Callable[[Equilibrium], int]:
    return lambda eq: eq.universe.activity_index[name]


def first(eq: Equilibrium) -> int:
    del eq
    return 0


def dearer(name: str) -> Callable[[Market, float], Market]:
    return lambda market, s: market.map_activities(
        lambda a: a.name == name, lambda a: replace(a, other_cost=a.other_cost + s)
    )


def wider(market: Market, s: float) -> Market:
    return replace(market, limits=tuple(replace(x, bound=x.bound + s) for x in market.limits))


def about_to_start(closure: str) -> Kink:
    """A spare smelter in B at the cost at which its first tonne would just pay."""
    eq = solved(spare(), closure)
    place = eq.universe.activity_index["spare.B"]
    slack = float((eq.state.marginal_cost - eq.state.revenue)[place])
    assert slack > 0.0
    return Kink(
        dearer("spare.B")(spare(), -slack), closure, "the activity spare.B", "other_cost",
        activity("spare.B"), dearer("spare.B"), 2000.0, 1,
    )  # fmt: skip


def the_only_one_about_to_start() -> Kink:
    """The only smelter of B, at the cost at which its first tonne would just pay.

    Nothing being made there, the price of B's metal is what B's buyers pay for any.
    """
    market = idle().map_activities(
        lambda a: a.name == "smelter.B", lambda a: replace(a, curvature=1.0)
    )
    eq = solved(market, "homogeneous")
    paid = eq.buyer_price("metal", "B")
    assert paid is not None
    place = eq.universe.activity_index["smelter.B"]
    slack = float(eq.state.marginal_cost[place]) - paid
    return Kink(
        dearer("smelter.B")(market, -slack), "homogeneous", "the activity smelter.B", "other_cost",
        activity("smelter.B"), dearer("smelter.B"), 2000.0, 1,
    )  # fmt: skip


def about_to_be_full() -> Kink:
    """The smelter of C with just the capacity it uses; its own cost curve does not depend on it."""
    flat = toy().map_activities(
        lambda a: a.name == "smelter.C",
        lambda a: replace(a, rising_cost=0.0, other_cost=a.other_cost + 0.3 * 1950.0),
    )
    used = solved(set_capacity(flat, {"smelter.C": 1e6})).output("smelter.C")
    return Kink(
        set_capacity(flat, {"smelter.C": used}), "share", "the activity smelter.C", "other_cost",
        activity("smelter.C"), dearer("smelter.C"), 2000.0, -1,
    )  # fmt: skip


def about_to_bind(closure: str) -> Kink:
    bound = flow_of(toy(), closure)
    return Kink(
        toy().with_limit(limit(bound)), closure, "the limit of limit", "bound", first, wider,
        bound, 1,
    )  # fmt: skip


def quota_about_to_fill() -> Kink:
    over = duty(0.1, specific=20.0)
    bound = flow_of(toy())
    return Kink(
        toy().with_limit(quota(bound, over)), "share", "the limit of limit", "bound", first,
        wider, bound, 1,
    )  # fmt: skip


def quota_about_to_be_passed() -> Kink:
    over = duty(0.1, specific=20.0)
    bound = flow_of(toy().with_limit(quota(0.0, over)))
    return Kink(
        toy().with_limit(quota(bound, over)), "share", "the limit of limit", "bound", first,
        wider, bound, -1,
    )  # fmt: skip


KINKS: dict[str, Callable[[], Kink]] = {
    "a plant about to start": lambda: about_to_start("share"),
    "a plant about to start, homogeneous": lambda: about_to_start("homogeneous"),
    "the only plant about to start, homogeneous": the_only_one_about_to_start,
    "a plant about to be full": about_to_be_full,
    "a limit about to bind": lambda: about_to_bind("share"),
    "a limit about to bind, armington": lambda: about_to_bind("armington"),
    "a limit about to bind, homogeneous": lambda: about_to_bind("homogeneous"),
    "a tariff-rate quota about to fill": quota_about_to_fill,
    "a tariff-rate quota about to be passed": quota_about_to_be_passed,
}


def one_sided(eq: Equilibrium, kink: Kink, step: float) -> dict[str, float]:
    """Differences of third order into one side: (−11 f₀ + 18 f₁ − 9 f₂ + 2 f₃) / 6 h."""
    f = [again(eq, kink.move(kink.market, i * step) if i else kink.market) for i in range(4)]
    return {
        x: (-11.0 * f[0][x] + 18.0 * f[1][x] - 9.0 * f[2][x] + 2.0 * f[3][x]) / (6.0 * step)
        for x in f[0]
    }


def room_for(name: str) -> Callable[[Market, float], Market]:
    def more(market: Market, s: float) -> Market:
        return set_capacity(market, {name: market.activity_by_name[name].capacity.level + s})

    return more


@pytest.mark.parametrize("closure", ["share", "armington", "homogeneous"])
@pytest.mark.parametrize(("cost", "used"), [(-300.0, 1.0), (400.0, 0.5), (1e4, 0.0)])
def test_the_first_capacity_of_a_plant_that_has_none(
    closure: str, cost: float, used: float
) -> None:
    """It runs in full, in part or not at all, and its derivative says so."""
    market = set_capacity(spare(cost), {"spare.B": 0.0})
    eq = solved(market, closure)
    place = eq.universe.activity_index["spare.B"]
    part = gradient(EFFECTS["price of metal in A"](eq), eq)
    margin = float((eq.state.revenue - eq.state.flat_cost)[place])
    assert min(max(margin / 500.0, 0.0), 1.0) == pytest.approx(used, abs=0.35)
    kink = Kink(market, closure, "", "capacity", activity("spare.B"), room_for("spare.B"), 1e4, 1)
    reference = one_sided(eq, kink, 2.0)
    wrong: list[str] = []
    for label, effect in chosen_effects(eq).items():
        found = gradient(effect, eq)
        value = float(found.capacity[place])
        if not agrees(value, reference[label], size_of(found, "capacity", 1e4), rtol=1e-5):
            wrong.append(f"{label}: {value:.9g}, {reference[label]:.9g}")
    assert not wrong, "\n".join(wrong)
    assert (part.capacity[place] == 0.0) == (used == 0.0)


@pytest.mark.parametrize("name", KINKS)
def test_both_sides_of_a_kink(name: str) -> None:
    kink = KINKS[name]()
    eq = solved(kink.market, kink.closure)
    place = kink.where(eq)
    wrong: list[str] = []
    sides: dict[str, list[float]] = {}
    for at_kinks, sign in (("held", kink.held), ("released", -kink.held)):
        reference = one_sided(eq, kink, sign * 2e-4 * kink.size)
        for label, effect in chosen_effects(eq).items():
            found = gradient(effect, eq, at_kinks=at_kinks)  # type: ignore[arg-type]
            assert kink.named in found.kinks
            value = float(getattr(found, kink.column)[place])
            size = size_of(found, kink.column, kink.size)
            if not agrees(value, reference[label], size, rtol=1e-5):
                wrong.append(f"{label}, {at_kinks}: {value:.9g}, {reference[label]:.9g}")
            sides.setdefault(label, []).append(value)
    assert not wrong, "\n".join(wrong)
    # The two sides differ, so that this is a kink indeed.
    assert any(abs(x - y) > 1e-3 * max(abs(x), abs(y)) for x, y in sides.values())


def lane_about_to_pay() -> Kink:
    """A lane that nobody uses, at the freight at which it would just pay."""
    eq = solved(toy(), "homogeneous")
    state = eq.state
    excess = state.landed_cost - state.buyer_price[state.arrays.lanes.buyer]
    unused = np.flatnonzero((state.flow == 0.0) & (excess > 1.0))
    metal = [i for i in unused if eq.universe.lanes[i].good == "metal"]
    key = eq.universe.lanes[metal[0]].key

    def nearer(market: Market, s: float) -> Market:
        return market.map_lanes(lambda x: x.key == key, lambda x: replace(x, freight=x.freight + s))

    def per_freight(i: int) -> float:
        duties = eq.universe.lanes[i].active_wedges
        return 1.0 + sum(w.ad_valorem for w in duties if w.basis == "cif" and w.side == "import")

    market = nearer(toy(), -float(excess[metal[0]]) / per_freight(metal[0]))
    return Kink(
        market, "homogeneous", f"the lane {key}", "freight",
        lambda found: found.universe.lane_index[key], nearer, 2000.0, 1,
    )  # fmt: skip


def named_at(eq: Equilibrium) -> str:
    """What the gradient says of a place where it is not two-sided, or not there at all."""
    try:
        return "; ".join(gradient(EFFECTS["welfare of B"](eq), eq).kinks)
    except InputError as refusal:
        return str(refusal)


def test_a_lane_about_to_pay_takes_over_at_once_and_is_named() -> None:
    """At the tie flows are not unique; a cent dearer they are, and so are derivatives."""
    kink = lane_about_to_pay()
    assert kink.named in named_at(solved(kink.market, kink.closure))
    eq = solved(kink.move(kink.market, 0.01), kink.closure)
    for effect in chosen_effects(eq).values():
        found = gradient(effect, eq)
        assert found.kinks == ()
        assert found.freight[kink.where(eq)] == 0.0


@pytest.mark.parametrize("closure", ["share", "homogeneous"])
def test_a_bound_that_is_held_firmly_is_no_kink(closure: str) -> None:
    for market in (idle(), toy().with_limit(limit(15e3)), set_capacity(toy(), {"smelter.C": 2e4})):
        eq = solved(market, closure)
        assert gradient(EFFECTS["flow"](eq), eq).kinks == ()


def test_lanes_that_tie_in_a_ring_have_no_derivatives() -> None:
    """A and C both send metal to A, B and C alike: how much of it goes where is anybody's guess."""
    near = toy().map_lanes(
        lambda x: x.good == "metal",
        lambda x: replace(x, freight=0.0, loss=0.0, wedges=()),
    )
    eq = solved(near, "homogeneous")
    with pytest.raises(InputError, match="say the same twice") as refusal:
        gradient(EFFECTS["welfare of B"](eq), eq)
    assert "metal" in str(refusal.value)


def test_two_limits_on_the_same_tonnes_have_no_derivatives() -> None:
    """Which of them earns the rent is anybody's guess; so is what loosening one of them does."""
    twice = toy().with_limit(limit(15e3)).with_limit(replace(limit(15e3), measure="other"))
    eq = solved(twice)
    assert np.all(eq.state.rent > 0.0)
    with pytest.raises(InputError, match="the limit of limit; the limit of other"):
        gradient(EFFECTS["flow"](eq), eq)
