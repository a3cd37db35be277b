"""A minimum that cannot be met says what it conflicts with, and nothing that could be spared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accord.equilibrium import closure_named, conflict_search, solve_market, universe_of
from accord.equilibrium.arrays import compile_market
from accord.equilibrium.conflict import explained, refuse_the_empty
from accord.equilibrium.equilibrium import refuse_unmet_minimum
from accord.errors import Infeasible, NoCertifiedAnswer
from accord.market import LaneKey, Market, Wedge
from accord.market.market import set_capacity
from worlds import LANE_AB, LANE_CB, banned, limit, toy, with_duty

MINIMUM = replace(limit(30e3, sense="at_least", rent_to="B"), measure="promise")
LANE_AC = LANE_AB._replace(destination="C")
OTHER = replace(limit(40e3, LANE_AC, sense="at_least", rent_to="C"), measure="other promise")
QUOTA = replace(limit(20e3), measure="quota")
BESIDE = replace(limit(1.0, LANE_CB), measure="beside")
CAPACITY_OF_A = 66_891.13


def refusal(market: Market, closure: str = "share") -> Infeasible:
    with pytest.raises(Infeasible) as caught:
        solve_market(market, closure=closure)
    return caught.value


# ------------------------------------------------------------------------------ proved in tonnes


def test_a_quota_below_the_minimum_is_named_alone() -> None:
    found = refusal(toy().with_limit(MINIMUM).with_limit(QUOTA).with_limit(BESIDE))
    assert found.proof == "linear"
    assert found.members == ("minimum promise", "quota quota")
    assert found.short == pytest.approx(10e3)
    assert found.certificate_error is not None
    assert found.certificate_error <= 1e-9
    assert "which conflicts with the limit of quota (20,000 t/yr)" in found.cause
    assert "short by at least 10,000 t/yr at any price (proved" in found.cause
    assert "raise the limit of quota to 30,000 t/yr or more" in found.remedy
    assert "ask promise for 20,000 t/yr or less" in found.remedy


def test_a_ban_on_the_lane_is_named() -> None:
    found = refusal(banned(toy().with_limit(MINIMUM).with_limit(BESIDE)))
    assert found.members == ("minimum promise", "closed ban")
    assert "drop promise, or open the lanes that ban closes" in found.remedy


def test_a_lane_closed_twice_opens_to_neither_alone() -> None:
    twice = banned(toy().with_limit(MINIMUM)).with_limit(replace(limit(0.0), measure="no more"))
    found = refusal(twice)
    assert len(found.members) == 2
    assert "not enough alone: open the lanes that" in found.remedy
    assert "drop promise" in found.remedy


def test_where_two_quotas_forbid_it_raising_one_is_not_said_to_be_enough() -> None:
    second = replace(limit(21e3), measure="second quota")
    found = refusal(toy().with_limit(MINIMUM).with_limit(QUOTA).with_limit(second))
    assert found.members == ("minimum promise", "quota quota")
    assert "not enough alone: raise the limit of quota to 30,000 t/yr" in found.remedy


def test_capacity_that_does_not_suffice_is_named_with_what_would() -> None:
    found = refusal(set_capacity(toy(), {"smelter.A": 25e3}).with_limit(MINIMUM))
    assert found.proof == "capacity"
    assert "the capacity of smelter.A (25,000 a year)" in found.cause
    assert "raise the capacity of smelter.A to 30,000 a year or more" in found.remedy


def test_two_minimums_that_one_smelter_cannot_meet_are_both_named() -> None:
    found = refusal(toy().with_limit(MINIMUM).with_limit(OTHER))
    assert found.proof == "capacity"
    assert found.members == ("minimum promise", "minimum other promise", "capacity smelter.A")
    # 1 % of what goes to C is lost on the way.
    assert found.short == pytest.approx(30e3 + 40e3 / 0.99 - CAPACITY_OF_A, abs=0.02)
    assert "which together conflict with the capacity of smelter.A" in found.cause


def test_a_smelter_without_its_ore_is_traced_to_the_ban_on_ore() -> None:
    market = (
        toy()
        .with_limit(MINIMUM)
        .map_lanes(
            lambda x: x.good == "ore" and x.destination == "A" and x.origin != "A",
            lambda x: x.closed("ore ban"),
        )
    )
    market = set_capacity(market, {"mine.A": 50e3})
    found = refusal(market)
    assert found.proof == "linear"
    assert found.members == ("minimum promise", "closed ore ban", "capacity mine.A")
    assert found.short == pytest.approx(30e3 - 25e3)
    assert "raise the capacity of mine.A to 60,000 a year or more" in found.remedy


def test_more_than_buyers_would_take_at_the_largest_rebate_is_said_so() -> None:
    market = set_capacity(toy(), {"smelter.A": 25e6, "mine.A": 1e9})
    found = refusal(market.with_limit(replace(MINIMUM, bound=1e6)))
    assert found.proof == "demand"
    assert "what users of metal in B would take at most" in found.cause
    assert "even at the largest rebate" in found.cause


@pytest.mark.parametrize("closure", ["share", "armington", "homogeneous"])
def test_a_proof_holds_under_every_closure(closure: str) -> None:
    market = toy().with_limit(MINIMUM).with_limit(QUOTA)
    assert refusal(market, closure).members == ("minimum promise", "quota quota")


def test_what_the_remedy_says_removes_the_proof() -> None:
    market = toy().with_limit(MINIMUM).with_limit(replace(QUOTA, bound=30e3))
    assert solve_market(market).flow(*LANE_AB) == pytest.approx(30e3)


def test_a_tariff_rate_quota_never_forbids_a_minimum() -> None:
    over = Wedge("limit", "import", 0.5, basis="fob", revenue_to="B")
    market = toy().with_limit(limit(1e3, over=over)).with_limit(MINIMUM)
    found = solve_market(market)
    assert found.flow(*LANE_AB) == pytest.approx(30e3)
    assert found.certificate.ok


# ------------------------------------------------------------- possible in tonnes, not in prices


def dear(market: Market, specific: float) -> Market:
    """A duty that no rebate makes up for."""
    return with_duty(market, Wedge("wall", "import", 0.0, specific, revenue_to="B"), LANE_AB)


def test_a_duty_that_no_rebate_makes_up_for_is_found_and_not_called_a_proof() -> None:
    found = refusal(dear(toy().with_limit(MINIMUM).with_limit(BESIDE), 12e3))
    assert found.proof == "largest rebate"
    assert found.certificate_error is None
    assert "not at any rebate up to" in found.cause
    assert "promise conflicts with wall; lifting that makes room" in found.cause
    assert "lift wall" in found.remedy
    assert "proved" not in found.cause


def test_the_most_that_the_largest_rebate_brings_can_be_had() -> None:
    market = dear(toy(), 12e3)
    found = refusal(market.with_limit(MINIMUM))
    less = replace(MINIMUM, bound=0.999 * (30e3 - found.short))
    assert solve_market(market.with_limit(less)).certificate.ok


def test_two_walls_of_which_either_is_enough_are_lifted_together() -> None:
    market = dear(toy().with_limit(MINIMUM), 12e3)
    other = Wedge("other wall", "export", 0.0, 12e3, revenue_to="A")
    found = refusal(with_duty(market, other, LANE_AB))
    assert found.members == ("minimum promise", "other wall", "wall")
    assert "none alone, both lifted make room" in found.cause


def test_a_full_smelter_is_named_where_more_of_it_makes_room() -> None:
    """B's smelter runs full on ore that a wall keeps from being all of A's."""
    wall = Wedge("wall", "import", 0.0, 100.0, revenue_to="B")
    lane = LaneKey("ore", "A", "B")
    least = limit(2.0 * 15e3 * (1.0 - 1e-7), lane, sense="at_least", rent_to="A")
    market = set_capacity(with_duty(toy(), wall, lane), {"smelter.B": 15e3})
    found = refusal(market.with_limit(replace(least, measure="promise")))
    assert found.proof == "largest rebate"
    assert found.members == ("minimum promise", "smelter.B", "wall")
    assert "raise the capacity of smelter.B" in found.remedy


def test_a_search_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict_search, "MOST_TRIED", 1)
    found = refusal(dear(toy().with_limit(MINIMUM), 12e3))
    assert "1 change tried of" in found.cause
    assert "then the search was cut" in found.cause


def test_nothing_is_looked_into_where_there_is_no_minimum() -> None:
    """Any other refusal is handed on as it came."""
    market, names = toy(), universe_of(toy())
    came = NoCertifiedAnswer("a cause", "a remedy")
    assert explained(came, market, closure_named("share"), names) is came
    met = market.with_limit(replace(MINIMUM, bound=1.0))
    assert explained(came, met, closure_named("share"), universe_of(met)) is came


def test_what_tonnes_forbid_is_refused_before_the_long_ways_are_tried() -> None:
    market, share = toy().with_limit(MINIMUM).with_limit(QUOTA), closure_named("share")
    with pytest.raises(Infeasible) as caught:
        refuse_the_empty(market, share, universe_of(market))
    assert caught.value.proof == "linear"
    assert explained(caught.value, market, share, universe_of(market)) is caught.value
    refuse_the_empty(toy().with_limit(MINIMUM), share, universe_of(toy().with_limit(MINIMUM)))


def test_armington_at_no_cost_is_not_called_infeasible() -> None:
    """With a rebate above the price a bundle has no meaning: no answer, and no claim either."""
    market = toy().with_limit(replace(MINIMUM, bound=1e12))
    arrays = compile_market(market, universe_of(market))
    rents = arrays.limits.top
    z = np.concatenate([arrays.reference_price, arrays.activities.capacity, rents])
    for name, error in (("armington", NoCertifiedAnswer), ("share", Infeasible)):
        closure = closure_named(name)
        state = closure.state(closure.prepared(arrays, toy()), z)
        with pytest.raises(NoCertifiedAnswer) as caught:
            refuse_unmet_minimum(state)
        assert type(caught.value) is error
