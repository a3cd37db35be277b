"""What each kind of term does to the four primitives, and its limit cases."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.instruments import KINDS, ORDINARY_TARIFF, Term, TermError, enact, read_term
from accord.market import Lane, LaneKey, Limit, Market, Wedge
from accord.market.landed_cost import landed_cost

Table = dict[str, object]

TRADE: Table = {"goods": ["aluminium"], "exporters": ["RUS"], "importers": ["USA"]}
RUS_USA = LaneKey("aluminium", "RUS", "USA")
CAN_USA = LaneKey("aluminium", "CAN", "USA")
RUS_EUN = LaneKey("aluminium", "RUS", "EUN")

EXAMPLES: dict[str, Table] = {
    "import_duty": {**TRADE, "ad_valorem": "10 %"},
    "exemption": {**TRADE, "measures": ["law.duty"]},
    "export_tax": {**TRADE, "importers": "all", "ad_valorem": "7 %"},
    "ban": TRADE,
    "lift": {"measures": ["law.duty"]},
    "import_quota": {**TRADE, "quantity": "275 kt/yr"},
    "export_quota": {**TRADE, "quantity": "275 kt/yr"},
    "tariff_rate_quota": {**TRADE, "quantity": "18 kt/yr", "over_quota": "10 %"},
    "supply_commitment": {**TRADE, "at_least": "500 kt/yr", "up_to": "2 Mt/yr", "payer": "RUS"},
    "smelt_origin_duty": {
        "good": "aluminium",
        "importers": ["USA"],
        "sources": ["RUS"],
        "accounting": "pro_rata",
        "ad_valorem": "200 %",
    },
    "subsidy": {"to": "output", "goods": "aluminium", "regions": "USA", "specific": "50 USD/t"},
    "capacity": {"region": "RUS", "activity": "smelter", "level": "600 kt/yr"},
    "closure": {"region": "RUS", "activity": "smelter", "by": "300 kt/yr"},
    "trade_relations": {"relations": "suspended", "exporters": "RUS", "importers": "USA"},
    "unmodelled": {"what": "a promise", "why": "no number in it"},
    "joint_project": {
        "region": "RUS",
        "asset": [{"kind": "smelter", "size": "600 kt/yr"}],
        "share": [{"party": "Rusal", "country": "RUS", "share": "100 %"}],
    },
    "budget_cut": {"countries": ["USA", "RUS"], "cut": "50 %", "years": 5},
    "joint_exploration": {"region": "RUS", "through": "magnet"},
    "offtake": {"project": "dig", "good": "ndpr_oxide", "buyer": "USA", "share": "50 %"},
    "price_floor": {
        "project": "dig",
        "good": "ndpr_oxide",
        "floor": "110 USD/kg",
        "payer": "USA",
    },
}
BESIDE_MARKETS = {kind for kind, table in KINDS.items() if table.domain != "market"}
PHYSICAL = {"capacity", "closure"}
POLICIES = sorted(set(EXAMPLES) - PHYSICAL - {"lift"})


def term(kind: str, name: str = "t", **fields: object) -> Term:
    return read_term({"id": name, "kind": kind, **fields})


def example(kind: str, **fields: object) -> Term:
    return term(kind, **{**EXAMPLES[kind], **fields})


def duty(name: str = "law.duty", rate: str = "25 %", **fields: object) -> Term:
    return term("import_duty", name, **{**TRADE, "exporters": "all", "ad_valorem": rate, **fields})


def cost(market: Market, key: LaneKey, price: float = 2000.0, tracer: float = 0.0) -> float:
    return landed_cost(market.lane_by_key[key], price, tracer)


def wedges(market: Market, key: LaneKey, measure: str = "t") -> list[Wedge]:
    return [w for w in market.lane_by_key[key].wedges if w.measure == measure]


def limit(market: Market) -> Limit:
    (only,) = market.limits
    return only


@pytest.fixture
def lawful(market: Market) -> Market:
    """The market with a law to act on: a duty on all aluminium into the USA."""
    return duty().apply(market)


# ------------------------------------------------------------------------------- every kind


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_examples_have_no_faults(kind: str, lawful: Market) -> None:
    assert example(kind).faults(lawful) == []


@pytest.mark.parametrize("kind", POLICIES)
def test_lifting_a_term_gives_the_market_back(kind: str, lawful: Market) -> None:
    with_term = example(kind).apply(lawful)
    assert with_term != lawful or kind in BESIDE_MARKETS
    assert with_term.without("t") == lawful
    assert term("lift", "end", measures=["t"]).apply(with_term) == lawful


def test_lifting_what_never_was_leaves_every_lane_itself(lawful: Market) -> None:
    after = lawful.without("never.was")
    assert all(one is other for one, other in zip(after.lanes, lawful.lanes, strict=True))


@pytest.mark.parametrize("kind", ["import_duty", "tariff_rate_quota"])
@pytest.mark.parametrize("replaces", [(), ("law.*",)])
def test_lifting_a_duty_puts_back_what_it_replaced(
    kind: str, replaces: tuple[str, ...], lawful: Market
) -> None:
    named = {"replaces": list(replaces)} if replaces else {}
    with_term = example(kind, mode="replaces", **named).apply(lawful)
    assert not wedges(with_term, RUS_USA, "law.duty")[0].in_force
    assert with_term.without("t") == lawful


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_term_marks_what_it_adds_with_its_id(kind: str, lawful: Market) -> None:
    assert example(kind).apply(lawful).measures - lawful.measures <= {"t"}


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_term_changes_home_use_of_no_border_measure(kind: str, lawful: Market) -> None:
    after = example(kind).apply(lawful)
    home = [x for x in lawful.lanes if x.origin == x.destination]
    assert [after.lane_by_key[x.key] for x in home] == home


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_term_that_touches_nothing_is_a_fault(kind: str, lawful: Market) -> None:
    # No Canadian plant, no trade of China with itself, no such measures.
    empty = lawful.map_lanes(lambda _: True, lambda x: x)
    nothing = Market(
        **{
            **{n: getattr(empty, n) for n in empty.__dataclass_fields__},
            "lanes": tuple(x for x in lawful.lanes if x.origin == x.destination == "CHN"),
            "activities": (),
        }
    )
    found = example(kind).faults(nothing)
    assert bool(found) == (kind not in {"lift", *BESIDE_MARKETS})


# ----------------------------------------------------------------------------------- duties


@given(price=st.floats(1.0, 1e5))
def test_a_duty_of_nothing_leaves_landed_costs(market: Market, price: float) -> None:
    after = example("import_duty", ad_valorem="0 %", specific="0 USD/t").apply(market)
    assert cost(after, RUS_USA, price) == cost(market, RUS_USA, price)


@given(low=st.floats(0.0, 900.0), more=st.floats(0.0, 90.0))
def test_a_higher_duty_never_lowers_the_landed_cost(
    market: Market, low: float, more: float
) -> None:
    costs = [
        cost(example("import_duty", ad_valorem=f"{x} %").apply(market), RUS_USA)
        for x in (low, low + more)
    ]
    assert costs[0] <= costs[1]


def test_duties_add_and_do_not_compound(market: Market) -> None:
    both = duty("a", "10 %").apply(duty("b", "15 %").apply(market))
    once = duty("c", "25 %").apply(market)
    assert cost(both, RUS_USA) == pytest.approx(cost(once, RUS_USA), rel=1e-15)


def test_fob_duty_leaves_freight_out_and_cif_duty_charges_it(market: Market) -> None:
    fob = example("import_duty").apply(market)
    cif = example("import_duty", importers=["EUN"]).apply(market)
    assert cost(fob, RUS_USA) == pytest.approx(2000 * 1.11 + 100)
    assert cost(cif, RUS_EUN) == pytest.approx((2000 + 100) * 1.10)
    named = example("import_duty", importers=["EUN"], basis="fob").apply(market)
    assert cost(named, RUS_EUN) == pytest.approx(2000 * 1.10 + 100)


def test_compound_duty_and_content_share(market: Market) -> None:
    after = example("import_duty", specific="100 USD/t", content="40 %").apply(market)
    assert cost(after, RUS_USA) == pytest.approx(2000 * (1.01 + 0.04) + 100 + 100)


def test_an_import_duty_is_charged_on_an_export_tax(market: Market) -> None:
    taxed = example("export_tax", ad_valorem="7 %", specific="10 USD/t").apply(market)
    after = example("import_duty", importers=["EUN"]).apply(taxed)
    assert cost(after, RUS_EUN) == pytest.approx((2000 * 1.07 + 10 + 100) * 1.10)


def test_revenue_goes_to_the_importer_and_of_a_tax_to_the_exporter(market: Market) -> None:
    assert wedges(example("import_duty").apply(market), RUS_USA)[0].revenue_to == "USA"
    assert wedges(example("export_tax").apply(market), RUS_USA)[0].revenue_to == "RUS"


def test_replacing_without_a_list_sets_the_ordinary_tariff_aside(lawful: Market) -> None:
    after = example("import_duty", mode="replaces").apply(lawful)
    assert cost(after, RUS_USA) == pytest.approx(2000 * 1.10 + 100)
    assert cost(after, CAN_USA) == cost(lawful, CAN_USA)


def test_exemption_is_as_if_the_measure_were_not_there(market: Market, lawful: Market) -> None:
    after = example("exemption", measures=["law.*"]).apply(lawful)
    assert cost(after, RUS_USA) == cost(market, RUS_USA)
    assert cost(after, CAN_USA) == cost(lawful, CAN_USA)


def test_the_order_of_the_law_does_not_matter(market: Market) -> None:
    law = (
        duty("law.10", "10 %"),
        duty("law.russia", "200 %", exporters="RUS", mode="replaces", replaces=["law.10"]),
        term("exemption", "free", **{**TRADE, "exporters": "CAN", "measures": ["law.*"]}),
        term("trade_relations", "col2", relations="suspended", exporters="RUS", importers="USA"),
    )
    costs = {
        (cost(after, RUS_USA), cost(after, CAN_USA))
        for order in itertools.permutations(law)
        for after in [enact(market, order)]
    }
    assert len(costs) == 1
    assert costs.pop() == pytest.approx((2000 * (1 + 2.00 + 0.11) + 100, 2000 * 1.01 + 100))


def test_lifting_the_special_duty_brings_the_general_one_back(market: Market) -> None:
    law = [
        duty("law.russia", "200 %", exporters="RUS", mode="replaces", replaces=["law.50"]),
        duty("law.50", "50 %"),
    ]
    after = term("lift", measures=["law.russia"]).apply(enact(market, law))
    assert cost(after, RUS_USA) == pytest.approx(2000 * 1.51 + 100)


def test_a_lift_for_some_trade_leaves_the_rest(market: Market, lawful: Market) -> None:
    after = term("lift", measures=["law.duty"], exporters=["CAN"]).apply(lawful)
    assert cost(after, CAN_USA) == cost(market, CAN_USA)
    assert cost(after, RUS_USA) == cost(lawful, RUS_USA)


def test_new_duties_of_a_deal_are_not_replaced_by_its_own(lawful: Market) -> None:
    deal = [example("import_duty", ad_valorem="3 %"), duty("u", "5 %", mode="replaces")]
    for order in (deal, deal[::-1]):
        assert cost(enact(lawful, order), RUS_USA) == pytest.approx(2000 * 1.08 + 100)


# ------------------------------------------------------------------- bans, quotas, commitments


def test_a_ban_closes_its_lanes_only(market: Market) -> None:
    after = term("ban", **{**TRADE, "exporters": "all", "except": ["CAN"]}).apply(market)
    closed = {x.key for x in after.lanes if not x.is_open}
    assert closed == {LaneKey("aluminium", origin, "USA") for origin in ("RUS", "CHN", "EUN")}


def test_quota_is_an_upper_limit_with_rent(market: Market) -> None:
    found = limit(example("import_quota").apply(market))
    assert (found.sense, found.bound, found.rent_to) == ("at_most", 275e3, "USA")
    assert found.lanes == (RUS_USA,)
    assert limit(example("export_quota").apply(market)).rent_to == "RUS"
    assert limit(example("export_quota", rent_to="nobody").apply(market)).rent_to is None


def test_exporters_share_a_quota(market: Market) -> None:
    shared = example("import_quota", exporters=["RUS", "CAN"])
    assert set(limit(shared.apply(market)).lanes) == {RUS_USA, CAN_USA}
    (problem,) = example("import_quota", exporters="all", rent_to="exporter").faults(market)
    assert problem.field == "rent_to"


def test_tariff_rate_quota_is_one_lane_and_a_capped_rent(market: Market) -> None:
    after = example("tariff_rate_quota", in_quota="4 %").apply(market)
    found = limit(after)
    assert found.over is not None
    assert found.over.ad_valorem == pytest.approx(0.06)
    assert (found.bound, found.over.basis, found.over.revenue_to) == (18e3, "fob", "USA")
    assert [w.ad_valorem for w in wedges(after, RUS_USA)] == [0.04]


@given(rate=st.integers(0, 1000), tonnes=st.integers(1, 10**6))
@settings(max_examples=25)
def test_tariff_rate_quota_with_equal_rates_is_a_duty(
    market: Market, rate: int, tonnes: int
) -> None:
    percent = f"{rate} %"
    quota = example(
        "tariff_rate_quota", quantity=f"{tonnes} t/yr", in_quota=percent, over_quota=percent
    )
    assert quota.apply(market) == example("import_duty", ad_valorem=percent).apply(market)


def test_tariff_rate_quota_of_nothing_is_the_over_quota_duty(market: Market) -> None:
    quota = example("tariff_rate_quota", quantity="0 t/yr")
    assert quota.apply(market) == example("import_duty", ad_valorem="10 %").apply(market)


def test_up_to_is_an_upper_limit_and_obliges_nobody(market: Market) -> None:
    supply = term("supply_commitment", **TRADE, up_to="2 Mt/yr")
    after = supply.apply(market)
    assert limit(after) == Limit("t", "at_most", (RUS_USA,), 2e6, rent_to="RUS")
    assert supply.notes(market, after) == []


def test_at_least_is_a_lower_limit_with_a_payer(market: Market) -> None:
    supply = term(
        "supply_commitment",
        **TRADE,
        at_least="2 Mt/yr",
        payer="USA",
        lowers_customs_value=True,
    )
    after = supply.apply(market)
    lower = Limit("t", "at_least", (RUS_USA,), 2e6, rent_to="USA", lowers_customs_value=True)
    assert limit(after) == lower
    assert supply.notes(market, after) == []


def test_a_commitment_on_closed_trade_is_a_fault(market: Market) -> None:
    closed = term("ban", "law.ban", **TRADE).apply(market)
    (problem,) = example("supply_commitment").result_faults(closed)
    assert "closed by law.ban" in problem.found
    assert "law.ban" in problem.fix


# ------------------------------------------------------------------------------ other kinds


def test_suspended_relations_put_the_other_column_in_place(market: Market) -> None:
    after = example("trade_relations").apply(market)
    assert cost(after, RUS_USA) == pytest.approx(2000 * 1.11 + 100)
    assert cost(after, LaneKey("alumina", "RUS", "USA"), 400) == pytest.approx(511.0)
    assert [w.in_force for w in wedges(after, RUS_USA, ORDINARY_TARIFF)] == [False]
    back = term(
        "trade_relations",
        "back",
        relations="normal",
        restores=["t"],
        exporters="RUS",
        importers="USA",
    )
    assert back.apply(after) == market


def test_smelt_origin_pro_rata_charges_the_traced_share(market: Market) -> None:
    after = example("smelt_origin_duty").apply(market)
    assert cost(after, CAN_USA, tracer=0.0) == cost(market, CAN_USA)
    assert cost(after, CAN_USA, tracer=0.25) == pytest.approx(cost(market, CAN_USA) + 1000)
    assert cost(after, RUS_USA) == pytest.approx(cost(market, RUS_USA) + 4000)
    indirect = example("smelt_origin_duty", direct=False).apply(market)
    assert indirect.lane_by_key[RUS_USA] == market.lane_by_key[RUS_USA]


def test_smelt_origin_segregated_lets_clean_supply_through(market: Market) -> None:
    after = example("smelt_origin_duty", accounting="segregated", direct=False).apply(market)
    found = {x.lanes: x for x in after.limits}
    canada = found[CAN_USA,]
    assert canada.over is not None
    assert (canada.bound, canada.clean_supply) == (0.0, ("CAN", "russian"))
    assert canada.over.ad_valorem == 2.0
    assert set(found) == {(LaneKey("aluminium", x, "USA"),) for x in ("CAN", "CHN", "EUN")}
    assert cost(after, CAN_USA) == cost(market, CAN_USA)


def test_smelt_origin_in_place_of_others_charges_the_difference(lawful: Market) -> None:
    after = example("smelt_origin_duty", in_place_of=["law.*"]).apply(lawful)
    assert cost(after, CAN_USA, tracer=1.0) == pytest.approx(2000 * 3.01 + 100)
    assert cost(after, RUS_USA) == pytest.approx(2000 * 3.01 + 100)


def test_subsidy_to_output_and_to_use(market: Market) -> None:
    after = example("subsidy", payer="CAN", ad_valorem="5 %").apply(market)
    (paid,) = after.activity_by_name["smelter.USA"].wedges
    assert (paid.side, paid.ad_valorem, paid.specific) == ("output", -0.05, -50.0)
    assert paid.revenue_to == "CAN"
    used = example("subsidy", to="use").apply(market)
    home = LaneKey("aluminium", "USA", "USA")
    assert cost(used, home) == pytest.approx(cost(market, home) - 50)
    assert cost(used, RUS_USA) == pytest.approx(cost(market, RUS_USA) - 50)


def test_capacity_grows_and_closure_takes_it_back(market: Market) -> None:
    grown = example("capacity").apply(market)
    assert grown.activity_by_name["smelter.RUS"].capacity.level == 4.6e6
    assert example("closure", by="600 kt/yr").apply(grown) == market
    closed = term("closure", region="RUS", activity="smelter").apply(market)
    assert closed.activity_by_name["smelter.RUS"].capacity.level == 0.0
    half = term("closure", region="RUS", activity="smelter", share="50 %").apply(market)
    assert half.activity_by_name["smelter.RUS"].capacity.level == 2e6


def test_a_new_plant_is_modelled_on_another(market: Market) -> None:
    plant = example(
        "capacity",
        like="smelter.CAN",
        power_price="22 USD/MWh",
        owner="USA",
        **{"from": date(2030, 1, 1)},
    )
    built = plant.apply(market).activity_by_name["smelter.RUS.t"]
    assert (built.region, built.owner, built.capacity.since) == ("RUS", "USA", date(2030, 1, 1))
    assert (built.power, built.power_price, built.capacity.level) == (14.5, 22.0, 6e5)


def test_unmodelled_changes_nothing(market: Market) -> None:
    assert example("unmodelled").apply(market) is market


# ------------------------------------------------------------------------------------ notes


def test_a_measure_not_in_force_is_a_note_and_no_fault(market: Market) -> None:
    for kind in ("lift", "exemption"):
        absent = example(kind)
        assert absent.faults(market) == []
        assert "law.duty is not in force" in absent.notes(market, absent.apply(market))[0]


def test_a_lift_behind_a_ban_says_that_it_moves_nothing(market: Market) -> None:
    law = [duty(exporters="RUS"), term("ban", "law.ban", **TRADE)]
    before = enact(market, law)
    lift = term("lift", measures=["law.duty"])
    (note,) = lift.notes(before, lift.apply(before))
    assert note.endswith("stays closed by law.ban.")
    both = enact(before, [lift, term("lift", "u", measures=["law.ban"])])
    assert lift.notes(before, both) == []


def test_an_exemption_says_what_stays_replaced(market: Market) -> None:
    law = [duty("general"), duty("special", "200 %", mode="replaces", replaces=["general"])]
    before = enact(market, law)
    free = example("exemption", measures=["special"])
    (note,) = free.notes(before, free.apply(before))
    assert note == "t: general, which special stands in place of, stays set aside too."


# ----------------------------------------------------------------------------- faults and dates


def test_a_country_inside_a_region_is_not_the_region(market: Market) -> None:
    (problem,) = example("ban", exporters=["DEU"]).faults(market)
    assert problem.found == '"DEU", which this pack holds only as a part of EUN (European Union)'
    assert example("ban", exporters=["DEU", "FRA"]).faults(market) == []


def test_an_exemption_from_a_ban_or_a_shared_quota_is_a_fault(market: Market) -> None:
    banned = term("ban", "law.duty", **TRADE).apply(market)
    assert "a ban" in example("exemption").faults(banned)[0].found
    shared = term("import_quota", "law.duty", **{**TRADE, "exporters": "all"}, quantity="1 kt/yr")
    assert "shared" in example("exemption").faults(shared.apply(market))[0].found


def test_dates_and_ramp() -> None:
    phased = example(
        "import_quota",
        ramp=["25 %", "50 %", "100 %"],
        **{"from": date(2025, 7, 1), "until": date(2030, 1, 1)},
    )
    days = [date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [phased.in_force(d) for d in days] == [False, True, True, True]
    assert not phased.in_force(date(2030, 1, 1))
    assert [phased.share_on(d) for d in days[1:]] == [0.25, 0.25, 0.5]
    assert phased.share_on(date(2029, 12, 31)) == 1.0
    assert getattr(phased.scaled(0.25), "quantity") == 275e3 / 4  # noqa: B009 - Term has no such field


def test_a_percentage_needs_its_sign() -> None:
    with pytest.raises(TermError) as caught:
        example("import_duty", ad_valorem=5)
    (problem,) = caught.value.problems
    assert problem.field == "ad_valorem"
    assert problem.fix == 'write "5 %", or "500 %" if 5 times the whole is meant'


def test_all_problems_of_a_term_come_together() -> None:
    with pytest.raises(TermError) as caught:
        example(
            "import_duty",
            exporters="Russia",
            ad_valorem=5,
            frum=date(2025, 1, 1),
            until=date(2024, 1, 1),
            **{"from": date(2025, 1, 1)},
        )
    assert {p.field for p in caught.value.problems} == {"exporters", "ad_valorem", "frum"}


def test_lanes_are_untouched_values(market: Market) -> None:
    before = market.lane_by_key[RUS_USA]
    example("ban").apply(market)
    assert market.lane_by_key[RUS_USA] is before
    assert isinstance(before, Lane)
