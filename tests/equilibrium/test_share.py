"""Properties of equilibria under the share closure, on the toy world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.equilibrium import Equilibrium, solve_market, universe_of
from accord.equilibrium.certificate import certify
from accord.equilibrium.share import ShareState
from accord.errors import InputError, NoCertifiedAnswer
from accord.market import Activity, Capacity, FinalDemand, Good, Lane, Market
from accord.market.market import set_capacity
from worlds import (
    LANE_AB,
    PRICES,
    banned,
    benchmark_flows,
    duty,
    limit,
    origin_duty,
    quota,
    toy,
    with_duty,
)

TOY = toy()
ENTREPOT = toy(entrepot=True)
BUSY = origin_duty(ENTREPOT, 0.4, "pro rata").with_limit(quota(4e3, duty(0.2, specific=30.0)))


def flows(equilibrium: Equilibrium) -> dict[tuple[str, str, str], float]:
    lanes = equilibrium.universe.lanes
    return {tuple(x.key): equilibrium.flow(*x.key) for x in lanes}


def differ(one: Equilibrium, other: Equilibrium, tonnes: float = 1e5) -> float:
    """The largest difference of a flow, over the size of the market."""
    a, b = flows(one), flows(other)
    return max(abs(a.get(k, 0.0) - b.get(k, 0.0)) for k in {*a, *b}) / tonnes


# ------------------------------------------------------------------- calibration and certificate


@pytest.mark.parametrize("entrepot", [False, True])
def test_the_benchmark_is_an_equilibrium(*, entrepot: bool) -> None:
    solved = solve_market(toy(entrepot=entrepot))
    for key, tonnes in benchmark_flows(entrepot=entrepot).items():
        assert solved.flow(*key) == pytest.approx(tonnes, rel=1e-9)
    for good, region in solved.universe.nodes:
        assert solved.producer_price(good, region) == pytest.approx(PRICES[good, region], rel=1e-9)


def test_at_calibration_the_buyer_price_is_the_mean_landed_cost() -> None:
    """C20."""
    solved = solve_market(TOY)
    for buyer in TOY.buyers:
        price = solved.buyer_price(buyer.good, buyer.region)
        assert price == pytest.approx(buyer.constant, rel=1e-9)
    state = solved.state
    mean = np.bincount(state.arrays.lanes.buyer, state.share * state.landed_cost)
    assert np.abs(state.buyer_price / mean - 1.0).max() < 1e-9


@pytest.mark.parametrize("market", [TOY, ENTREPOT, BUSY, banned(TOY)], ids=str)
def test_the_certificate_holds(market: Market) -> None:
    """C41."""
    solved = solve_market(market)
    assert solved.certificate.ok
    assert solved.certificate.market_clearing < 1e-9
    assert solved.certificate.mass_balance < 1e-9
    assert solved.certificate.complementarity < 1e-9
    assert "certified" in repr(solved)


@pytest.mark.parametrize("part", ["price", "level", "rent"])
def test_the_certificate_fails_where_the_state_is_spoilt(part: str) -> None:
    """C41: the check can fail."""
    solved = solve_market(BUSY)
    n, a, _, _ = solved.state.arrays.sizes
    row = {"price": 3, "level": n + 3, "rent": n + a}[part]
    z = solved.state.z.copy()
    assert z[row] > 0.0
    z[row] *= 1.0 + 1e-6
    spoilt = certify(ShareState(solved.state.arrays, z), solved.outcome)
    assert not spoilt.ok
    assert max(spoilt.market_clearing, spoilt.complementarity) > 1e-9


def test_the_certificate_fails_where_tonnes_go_missing() -> None:
    """C41, C1: mass balance is its own check."""
    solved = solve_market(TOY)
    lanes = replace(solved.state.arrays.lanes, shipped=1.001 * solved.state.arrays.lanes.shipped)
    leaky = ShareState(replace(solved.state.arrays, lanes=lanes), solved.state.z)
    spoilt = certify(leaky, solved.outcome)
    assert spoilt.market_clearing > 1e-4
    assert not spoilt.ok


def test_an_idle_plant_is_judged_by_what_it_could_make() -> None:
    """C41: a thousandth of capacity is the least size of a market."""
    market = TOY.map_activities(
        lambda a: a.name == "smelter.B", lambda a: replace(a, other_cost=8e4)
    )
    solved = solve_market(market)
    assert solved.output("smelter.B") < 1e-3
    assert solved.certificate.ok


def test_the_same_answer_from_another_start() -> None:
    solved = solve_market(BUSY)
    universe = solved.universe
    again = solve_market(BUSY, universe=universe, start=0.3 * solved.state.z)
    assert differ(solved, again) < 1e-10


# --------------------------------------------------------------------------------- homogeneity


@pytest.mark.parametrize("factor", [1e-3, 7.0, 1e3])
@pytest.mark.parametrize("market", [TOY, BUSY], ids=["plain", "busy"])
def test_scaling_every_nominal_datum_changes_no_quantity(market: Market, factor: float) -> None:
    """C2."""
    plain, scaled = solve_market(market), solve_market(market.scaled(factor))
    for key, tonnes in flows(plain).items():
        assert scaled.flow(*key) == pytest.approx(tonnes, rel=1e-10, abs=1e-10 * 1e5)
    assert np.abs(scaled.state.level / plain.state.level - 1.0).max() < 1e-10
    assert np.abs(scaled.state.price / (factor * plain.state.price) - 1.0).max() < 1e-10
    assert scaled.hub_price["metal"] == pytest.approx(factor * plain.hub_price["metal"], rel=1e-10)


# ---------------------------------------------------------------------------------- relabelling


def renamed(market: Market, names: dict[str, str]) -> Market:
    """Exchange the letters of regions, and reverse the order of everything."""

    def to(code: str | None) -> str | None:
        return None if code is None else names.get(code, code)

    lanes = tuple(
        replace(
            x,
            origin=to(x.origin),
            destination=to(x.destination),
            wedges=tuple(replace(w, revenue_to=to(w.revenue_to)) for w in x.wedges),
        )
        for x in market.lanes
    )
    return replace(
        market,
        regions=tuple(replace(r, code=to(r.code)) for r in market.regions)[::-1],
        lanes=lanes[::-1],
        activities=tuple(
            replace(a, region=to(a.region), owner=to(a.owner)) for a in market.activities
        )[::-1],
        buyers=tuple(replace(b, region=to(b.region)) for b in market.buyers)[::-1],
        demands=tuple(replace(d, region=to(d.region)) for d in market.demands)[::-1],
        hubs=(),
        tracers=tuple(replace(t, sources=tuple(to(s) for s in t.sources)) for t in market.tracers),
    )


def test_relabelling_permutes_the_answer_only() -> None:
    names = {"A": "C", "B": "A", "C": "B"}
    market = origin_duty(ENTREPOT, 0.4, "pro rata")
    plain, other = solve_market(market), solve_market(renamed(market, names))
    for (good, origin, destination), tonnes in flows(plain).items():
        there = other.flow(good, names.get(origin, origin), names.get(destination, destination))
        assert there == pytest.approx(tonnes, rel=1e-10, abs=1e-6)


# ----------------------------------------------------------------------- duties and limit cases


@settings(max_examples=15, deadline=None)
@given(
    low=st.floats(0.0, 0.8),
    more=st.floats(0.001, 1.5),
    where=st.sampled_from(["all", "A", "C"]),
)
def test_a_higher_duty_never_raises_the_payers_imports(low: float, more: float, where: str) -> None:
    key = None if where == "all" else LANE_AB._replace(origin=where)
    less, most = (with_duty(TOY, duty(rate), key) for rate in (low, low + more))
    taken = [_imports(solve_market(m), where) for m in (less, most)]
    assert taken[1] <= taken[0] * (1.0 + 1e-9)


def _imports(solved: Equilibrium, where: str) -> float:
    origins = ("A", "C") if where == "all" else (where,)
    return sum(solved.flow("metal", o, "B") for o in origins)


SAME = {
    "quota of 0, ban": (TOY.with_limit(limit(0.0)), banned(TOY)),
    "slack quota, nothing": (TOY.with_limit(limit(40e3)), TOY),
    "endless quota, nothing": (TOY.with_limit(limit(float("inf"))), TOY),
    "TRQ with equal rates, duty": (
        with_duty(TOY, duty(0.2), LANE_AB).with_limit(quota(10e3, duty(0.0))),
        with_duty(TOY, duty(0.2), LANE_AB),
    ),
    "TRQ with bound 0, duty over quota": (
        TOY.with_limit(quota(0.0, duty(0.3))),
        with_duty(TOY, duty(0.3), LANE_AB),
    ),
    "endless TRQ, duty in quota": (TOY.with_limit(quota(float("inf"), duty(0.3))), TOY),
    "prohibitive TRQ, quota": (
        TOY.with_limit(quota(10e3, duty(30.0))),
        TOY.with_limit(limit(10e3)),
    ),
    "slack minimum, nothing": (TOY.with_limit(limit(20e3, sense="at_least")), TOY),
    "minimum of 0, nothing": (TOY.with_limit(limit(0.0, sense="at_least")), TOY),
    "duty on no content, nothing": (with_duty(TOY, duty(0.5, content=0.0)), TOY),
    "duty on half the content, half the duty": (
        with_duty(TOY, duty(0.5, content=0.5)),
        with_duty(TOY, duty(0.25)),
    ),
    "capacity 0, no plant": (
        set_capacity(ENTREPOT, {"trader.D": 0.0}),
        replace(
            ENTREPOT, activities=tuple(a for a in ENTREPOT.activities if a.name != "trader.D")
        ),
    ),
    "idle capacity 0 in a region with other plant": (
        replace(
            TOY,
            activities=(
                *TOY.activities,
                replace(TOY.activity_by_name["smelter.B"], name="new.B", capacity=Capacity(0.0)),
            ),
        ),
        TOY,
    ),
    "a region cut off and a plant closed": (
        TOY.map_lanes(lambda x: x.good == "ore" and x.destination == "B", lambda x: x.closed("s")),
        set_capacity(
            TOY.map_lanes(
                lambda x: x.good == "ore" and x.destination == "B", lambda x: x.closed("s")
            ),
            {"smelter.B": 0.0},
        ),
    ),
    "export tax and FOB duty without each other": (
        with_duty(TOY, replace(duty(0.1, to="A"), side="export"), LANE_AB),
        with_duty(TOY, duty(0.1 * 1.05, to="A"), LANE_AB),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_limit_cases_reduce_to_the_simpler_instrument(case: str) -> None:
    one, other = (solve_market(m) for m in SAME[case])
    assert differ(one, other) < 1e-10
    for region in "ABC":
        price, same = one.buyer_price("metal", region), other.buyer_price("metal", region)
        assert price == pytest.approx(same, rel=1e-9)


def test_fob_and_cif_are_the_same_without_freight() -> None:
    """C23."""
    free = TOY.map_lanes(lambda x: x.good == "metal", lambda x: replace(x, freight=0.0))
    fob, cif = (solve_market(with_duty(free, duty(0.3, basis=b))) for b in ("fob", "cif"))
    assert differ(fob, cif) < 1e-12
    fob, cif = (solve_market(with_duty(TOY, duty(0.3, basis=b))) for b in ("fob", "cif"))
    assert differ(fob, cif) > 1e-4


def test_duties_on_one_base_add_up() -> None:
    """C24."""
    twice = with_duty(with_duty(TOY, duty(0.1)), duty(0.2))
    assert differ(solve_market(twice), solve_market(with_duty(TOY, duty(0.3)))) < 1e-12


def test_a_specific_duty_equal_to_the_ad_valorem_one_gives_the_same_answer() -> None:
    """C25."""
    ad_valorem = solve_market(with_duty(TOY, duty(0.3), LANE_AB))
    amount = 0.3 * ad_valorem.producer_price("metal", "A")
    specific = solve_market(with_duty(TOY, duty(0.0, specific=amount), LANE_AB))
    assert differ(ad_valorem, specific) < 1e-10


@pytest.mark.parametrize("tonnes", [26e3, 40e3, 60e3])
@pytest.mark.parametrize("lowers", [False, True])
def test_a_minimum_is_met_exactly(tonnes: float, *, lowers: bool) -> None:
    """C29, C30."""
    least = limit(tonnes, sense="at_least", lowers_customs_value=lowers)
    solved = solve_market(TOY.with_limit(least))
    assert solved.flow(*LANE_AB) == pytest.approx(tonnes, rel=1e-9)
    assert solved.state.rent[0] > 0.0


def test_a_rebate_that_lowers_the_customs_value_saves_its_payer_the_duty() -> None:
    rents = [
        solve_market(
            TOY.with_limit(limit(40e3, sense="at_least", lowers_customs_value=lowers))
        ).state.rent[0]
        for lowers in (False, True)
    ]
    assert rents[0] == pytest.approx(rents[1] * 1.05, rel=1e-9)


def test_a_quota_binds_exactly_and_its_rent_closes_the_gap() -> None:
    """C30: the same flows as under the specific duty that equals the rent."""
    bound = solve_market(TOY.with_limit(limit(10e3)))
    assert bound.flow(*LANE_AB) == pytest.approx(10e3, rel=1e-9)
    taxed = solve_market(with_duty(TOY, duty(0.0, specific=float(bound.state.rent[0])), LANE_AB))
    assert differ(bound, taxed) < 1e-10


def test_the_rent_of_a_tariff_rate_quota_stays_within_the_two_rates() -> None:
    """C31."""
    rents = [
        float(solve_market(TOY.with_limit(quota(q, duty(0.15)))).state.rent[0])
        for q in (5e3, 18e3, 24e3, 30e3)
    ]
    assert rents[0] == 1.0
    assert 0.0 < rents[2] < 1.0
    assert rents[3] == 0.0


# -------------------------------------------------------------------------- duties by origin


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.0, 2.0, 5.0])
def test_origin_duty_by_segregation_never_hurts_clean_re_exports_more(rate: float) -> None:
    mixed = solve_market(origin_duty(ENTREPOT, rate, "pro rata"))
    apart = solve_market(origin_duty(ENTREPOT, rate, "segregated"))
    assert mixed.certificate.ok
    assert apart.certificate.ok
    # What C makes itself is clean either way; what passes through D is partly A's.
    made, dirty = apart.state.supply, apart.state.traced[0]
    d = apart.universe.node_index["metal", "D"]
    c = apart.universe.node_index["metal", "C"]
    assert 0.0 < dirty[d] < made[d]
    assert dirty[c] == pytest.approx(0.0, abs=1e-6)
    if apart.state.rent.max() < 1.0:
        sent = apart.flow("metal", "D", "B")
        assert sent == pytest.approx(made[d] - dirty[d], rel=1e-6)


def test_origin_duty_on_a_region_that_only_makes_its_own_is_a_plain_duty() -> None:
    plain = solve_market(with_duty(TOY, duty(0.5), LANE_AB))
    for accounting in ("pro rata", "segregated"):
        assert differ(plain, solve_market(origin_duty(TOY, 0.5, accounting))) < 1e-10


def test_traced_tonnes_add_up_over_the_world() -> None:
    """C1: all that A makes is used somewhere as A's metal."""
    solved = solve_market(origin_duty(ENTREPOT, 0.3, "pro rata"))
    state, lanes = solved.state, solved.state.arrays.lanes
    final = state.flow * state.traced_share[0][lanes.node]
    passed_on = state.traced[0][solved.universe.node_index["metal", "D"]]
    lost = float((final * (lanes.shipped - 1.0)).sum())
    made = solved.output("smelter.A")
    assert float(final.sum()) - passed_on + lost == pytest.approx(made, rel=1e-9)


# ------------------------------------------------------------------------------ hard markets


def with_by_product(market: Market, slag: float) -> Market:
    """Smelters also make slag, which only B has a little use for."""
    lanes = tuple(
        Lane("slag", o, "B", freight=5.0 * (o != "B"), log_weight=0.0) for o in ("A", "B", "C")
    )
    buyer = replace(market.buyers[0], good="slag", region="B", theta=0.1, constant=20.0)
    return replace(
        market,
        goods=(*market.goods, Good("slag", "Slag")),
        lanes=(*market.lanes, *lanes),
        buyers=(*market.buyers, buyer),
        demands=(*market.demands, FinalDemand("slag", "B", 300.0, 20.0, 0.5, 60.0)),
        activities=tuple(
            replace(a, outputs=(*a.outputs, ("slag", slag))) if a.kind == "smelter" else a
            for a in market.activities
        ),
    )


def test_joint_products_in_surplus_have_price_0() -> None:
    solved = solve_market(with_by_product(TOY, 0.4))
    price = {r: solved.state.price[solved.universe.node_index["slag", r]] for r in "ABC"}
    assert set(price.values()) == {0.0}
    assert solved.certificate.ok
    made = sum(0.4 * solved.output(f"smelter.{r}") for r in "ABC")
    sold = sum(solved.flow("slag", r, "B") for r in "ABC")
    assert 0.0 < sold < 0.1 * made


def test_joint_products_in_demand_have_a_price() -> None:
    solved = solve_market(with_by_product(TOY, 1e-3))
    assert all(solved.producer_price("slag", r) > 0.0 for r in "ABC")


def test_there_is_no_price_where_nothing_moves() -> None:
    """C16."""
    siege = TOY.map_lanes(lambda x: x.destination == "B", lambda x: x.closed("siege"))
    solved = solve_market(siege)
    assert solved.buyer_price("metal", "B") is None
    assert solved.buyer_price("ore", "B") is None
    assert solved.producer_price("metal", "B") is None
    assert solved.producer_price("ore", "B") is not None
    assert solved.output("smelter.B") == 0.0
    assert solved.buyer_price("metal", "A") is not None
    assert solved.buyer_price("metal", "nowhere") is None


def test_the_hub_leaves_out_exporters_that_sell_nothing() -> None:
    """C21: fixed weights, scaled up; absent where no weighted exporter sells."""
    some = set_capacity(TOY, {"smelter.A": 0.0})
    solved = solve_market(some)
    assert solved.hub_price["metal"] == pytest.approx(solved.producer_price("metal", "C") + 10.0)
    none = set_capacity(some, {"smelter.C": 0.0})
    assert solve_market(none).hub_price["metal"] is None
    both = solve_market(TOY)
    mean = 0.75 * PRICES["metal", "A"] + 0.25 * PRICES["metal", "C"] + 10.0
    assert both.hub_price["metal"] == pytest.approx(mean, rel=1e-9)


def test_where_nothing_crosses_a_border_there_is_no_quote() -> None:
    shut = TOY.map_lanes(
        lambda x: x.good == "metal" and x.origin != x.destination, lambda x: x.closed("ban")
    )
    solved = solve_market(shut)
    assert solved.producer_price("metal", "A") is not None
    assert solved.hub_price["metal"] is None


@pytest.mark.parametrize("times", [5.0, 20.0])
@pytest.mark.parametrize("tastes", ["kept", "scaled", "none"])
def test_nearly_homogeneous_markets_are_solved(times: float, tastes: str) -> None:
    """θ twenty times as large: σ = 160 for metal, where whole flows switch at small gaps."""
    grown = {"kept": 1.0, "scaled": times, "none": 0.0}[tastes]
    market = replace(
        TOY,
        buyers=tuple(replace(b, theta=times * b.theta) for b in TOY.buyers),
        lanes=tuple(replace(x, log_weight=grown * x.log_weight) for x in TOY.lanes),
    )
    solved = solve_market(market)
    assert solved.certificate.ok


def test_a_plant_priced_out_by_a_tax_is_solved() -> None:
    """A market of next to nothing: the plant is left at its bound by a hair."""
    tax = replace(duty(0.8), side="output")
    market = TOY.map_activities(
        lambda a: a.name == "smelter.B", lambda a: replace(a, wedges=(tax,))
    )
    assert solve_market(market).certificate.ok


# -------------------------------------------------------------------------------- refusals


def test_a_minimum_beyond_capacity_names_the_limit_and_the_shortfall() -> None:
    """C29."""
    with pytest.raises(NoCertifiedAnswer) as caught:
        solve_market(TOY.with_limit(limit(100e3, sense="at_least")))
    capacity = TOY.activity_by_name["smelter.A"].capacity.level
    assert "limit asks for at least 100,000 t/yr on metal A→B" in caught.value.cause
    assert f"short by at least {100e3 - capacity:,.0f} t/yr" in caught.value.cause
    assert f"the capacity of smelter.A ({capacity:,.0f} a year)" in caught.value.cause
    assert caught.value.remedy
    assert caught.value.exit_status == 1


def test_a_minimum_on_a_closed_lane_is_refused() -> None:
    """C28, C29."""
    with pytest.raises(NoCertifiedAnswer, match="the lanes that ban closes"):
        solve_market(banned(TOY).with_limit(limit(1e3, sense="at_least")))


def test_an_unknown_closure_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        solve_market(TOY, closure="gravity")
    (fault,) = caught.value.faults
    assert fault.field == "closure"
    assert "gravity" in fault.found
    assert "share" in fault.allowed


def test_a_datum_that_is_not_a_number_is_named() -> None:
    """C15."""
    broken = TOY.map_activities(
        lambda a: a.name == "smelter.C", lambda a: replace(a, other_cost=float("nan"))
    )
    with pytest.raises(NoCertifiedAnswer, match=r"smelter\.C"):
        solve_market(broken)


def test_a_market_without_plants_is_refused_or_empty() -> None:
    none = replace(TOY, activities=(Activity("mine.A", "mine", "A", (("ore", 1.0),)),))
    solved = solve_market(none)
    assert all(x == 0.0 for x in flows(solved).values())
    assert solved.hub_price["metal"] is None


def test_one_universe_serves_both_markets() -> None:
    extra = replace(TOY.activity_by_name["smelter.B"], name="new.B", capacity=Capacity(9e3))
    after = replace(TOY, activities=(*TOY.activities, extra))
    universe = universe_of(TOY, after)
    before = solve_market(TOY, universe=universe)
    assert before.output("new.B") == 0.0
    assert differ(before, solve_market(TOY)) < 1e-12
    assert solve_market(after, universe=universe).output("new.B") > 0.0
