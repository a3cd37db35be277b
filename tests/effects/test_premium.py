"""A premium over the quote, worked out by hand at the toy benchmark; its pieces add up anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.effects.charges import charges_on, limits_by_lane
from accord.effects.premium import premia, premium
from accord.equilibrium import Equilibrium, solve_market
from accord.market import LaneKey, Market, Wedge
from worlds import (
    LANE_AB,
    LANE_CB,
    LANE_DB,
    banned,
    duty,
    is_lane,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

TOY = toy()
ENTREPOT = toy(entrepot=True)
AC = LaneKey("metal", "A", "C")
QUOTE = 0.75 * 1900.0 + 0.25 * 1950.0 + 10.0


def least(bound: float, **more: object) -> Market:
    return TOY.with_limit(limit(bound, sense="at_least", rent_to="A", **more))


WORLDS: dict[str, Market] = {
    "benchmark": TOY,
    "entrepot": ENTREPOT,
    "duty": with_duty(TOY, duty(0.3, specific=20.0)),
    "duty on content": with_duty(TOY, duty(0.5, content=0.4), LANE_AB),
    "cif duty": with_duty(TOY, duty(0.2, to="C", basis="cif"), AC),
    "duty nobody gets": with_duty(TOY, replace(duty(0.1), revenue_to=None)),
    "export tax": TOY.map_lanes(
        is_lane(AC), lambda x: x.with_wedge(Wedge("t", "export", 0.1, 7.0, revenue_to="A"))
    ),
    "use subsidy": TOY.map_lanes(
        is_lane(LANE_AB), lambda x: x.with_wedge(Wedge("s", "use", -0.05, -9.0, revenue_to="B"))
    ),
    "quota": TOY.with_limit(limit(1e4)),
    "rent nobody gets": TOY.with_limit(limit(1e4, rent_to=None)),
    "tariff-rate quota, beyond": TOY.with_limit(quota(1e4, duty(0.05))),
    "tariff-rate quota, at the bound": TOY.with_limit(quota(2.4e4, duty(0.5))),
    "minimum": least(3e4),
    "minimum that lowers the customs value": least(3e4, lowers_customs_value=True),
    "origin duty pro rata": origin_duty(ENTREPOT, 0.4, "pro rata"),
    "origin duty segregated": origin_duty(ENTREPOT, 0.4, "segregated"),
    "ban": banned(TOY, LANE_CB),
}


@pytest.fixture(params=WORLDS, scope="module")
def solved(request: pytest.FixtureRequest) -> Equilibrium:
    return solve_market(WORLDS[request.param])


def test_the_premium_of_b_at_the_benchmark_by_hand() -> None:
    found = premium(solve_market(TOY), "B", "metal")
    assert found is not None
    landed = (25.0 * (1900.0 * 1.05 + 90.0) + 24.0 * 2050.0 + 6.0 * (1950.0 * 1.05 + 108.0)) / 55.0
    assert (found.quote, found.hub_price) == ("TOY", pytest.approx(QUOTE))
    assert found.premium == pytest.approx(landed - QUOTE)
    pieces = found.pieces
    assert pieces.freight == pytest.approx((25.0 * 90.0 + 6.0 * 108.0) / 55.0)
    assert pieces.duty == pytest.approx(0.05 * (25.0 * 1900.0 + 6.0 * 1950.0) / 55.0)
    assert pieces.home_makers == pytest.approx(24.0 * (2050.0 - QUOTE) / 55.0)
    abroad = 25.0 * (1900.0 - QUOTE) + 6.0 * (1950.0 - QUOTE)
    assert pieces.foreign_makers == pytest.approx(abroad / 55.0)
    assert (pieces.limit_rent, pieces.other_taxes) == (0.0, 0.0)
    assert pieces.matching == pytest.approx(0.0, abs=1e-9)
    assert found.statutory_duty == pytest.approx(pieces.duty)


def test_a_loss_on_the_way_is_freight() -> None:
    """A tonne that arrives in C from A is 1/0.99 tonnes bought."""
    found = premium(solve_market(TOY), "C", "metal")
    assert found is not None
    lost = 20.0 * 1900.0 * (1.0 / 0.99 - 1.0)
    assert found.pieces.freight == pytest.approx((20.0 * 90.0 + 3.0 * 90.0 + lost) / 55.0)


def test_the_pieces_of_every_lane_are_its_landed_cost(solved: Equilibrium) -> None:
    limits = limits_by_lane(solved)
    for i, lane in enumerate(solved.universe.lanes):
        charges = charges_on(solved, i, limits.get(i, []))
        landed = float(solved.state.landed_cost[i])
        assert charges.landed == pytest.approx(landed, rel=1e-12), lane.key


def test_the_pieces_add_up_to_the_premium(solved: Equilibrium) -> None:
    found = premia(solved, "metal")
    assert [p.region for p in found] == list(solved.universe.regions)
    for each in found:
        assert each.pieces.total == pytest.approx(each.premium, abs=1e-9)


def test_what_quotas_leave_of_the_duty_is_the_gap_to_the_statutory_one() -> None:
    """C26, C27: half the metal of A is within the quota, and pays the lower duty."""
    found = premium(solve_market(WORLDS["tariff-rate quota, at the bound"]), "B", "metal")
    assert found is not None
    assert found.pieces.limit_rent > 0.0
    assert found.statutory_duty > found.pieces.duty


def test_duty_on_the_origin_of_metal_is_in_the_duty_of_who_sells_it_on() -> None:
    market = WORLDS["origin duty pro rata"]
    solved = solve_market(market)
    i = solved.universe.lane_index[LANE_DB]
    assert charges_on(solved, i, []).duty > 0.0


def test_without_a_quote_or_a_buyer_there_is_no_premium() -> None:
    """C16."""
    solved = solve_market(TOY)
    assert premium(solved, "B", "ore") is None
    assert premium(solved, "NOBODY", "metal") is None
    assert premia(solved, "ore") == ()


@pytest.mark.parametrize("name", ["benchmark", "duty", "quota", "ban"])
def test_where_origins_are_alike_nothing_is_lost_in_matching(name: str) -> None:
    """C39: the buyer price is then the landed cost of every origin that sells."""
    solved = solve_market(WORLDS[name], closure="homogeneous")
    for each in premia(solved, "metal"):
        assert each.pieces.total == pytest.approx(each.premium, abs=1e-9)
        assert each.pieces.matching == pytest.approx(0.0, abs=1e-6)


def test_the_quoted_good_is_meant_where_none_is_named() -> None:
    solved = solve_market(TOY)
    assert premium(solved, "B") == premium(solved, "B", "metal")
    assert premium(solve_market(replace(TOY, hubs=())), "B") is None
