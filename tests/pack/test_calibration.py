"""The calibrated market returns its benchmark: the closure's formulas, written out once more."""

import math
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from accord import pack
from accord.errors import InputError
from accord.market import Activity, Lane, LaneKey, Market
from accord.market.landed_cost import landed_cost
from accord.pack import Calibration, Pack, PriorKey

LAW_2020 = date(2020, 7, 1)
BBB_TO_CCC = "metal,BBB,CCC,190,kt/yr,2020,toyland,assumed\n"


@pytest.fixture(scope="module")
def toyland() -> Pack:
    return pack.load("toyland")


@pytest.fixture(scope="module", params=["toyland", "aluminium"])
def benchmark(request: pytest.FixtureRequest) -> tuple[Market, Calibration]:
    """The market of a pack's first benchmark under its law, and how it was calibrated."""
    loaded = pack.load(request.param)
    year = min(loaded.benchmarks)
    law = loaded.benchmarks[year].law_date
    calibration = loaded.calibration(year)
    return loaded.under_law(calibration.market, law), calibration


def edited(toyland: Pack, tmp_path: Path, *edits: tuple[str, str, str]) -> Pack:
    """Return toyland with some text replaced; an empty old text appends."""
    folder = tmp_path / "edited"
    shutil.copytree(toyland.folder, folder)
    for name, old, new in edits:
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new) if old else text + new, encoding="utf-8")
    return pack.load(folder)


def flows_by_formula(market: Market, at: Calibration) -> dict[LaneKey, float]:
    """x = s·Q(P) with P = constant − ln(Σ α e^(−θ c))/θ, at the producer prices of ``at``."""
    weighted: dict[tuple[str, str], dict[LaneKey, float]] = defaultdict(dict)
    buyers = {(b.good, b.region): b for b in market.buyers}
    for lane in market.lanes:
        place = (lane.good, lane.destination)
        cost = landed_cost(lane, at.producer_price[lane.good, lane.origin])
        if lane.is_open:
            theta = buyers[place].theta
            weighted[place][lane.key] = math.exp(lane.log_weight - theta * cost)
    flows: dict[LaneKey, float] = {}
    for place, terms in weighted.items():
        total = sum(terms.values())
        price = buyers[place].constant - math.log(total) / buyers[place].theta
        use = demand(market, place, price) + input_use(market, at, place)
        flows |= {key: term / total * use for key, term in terms.items()}
    return flows


def demand(market: Market, place: tuple[str, str], price: float) -> float:
    found = [d for d in market.demands if (d.good, d.region) == place]
    if not found:
        return 0.0
    (d,) = found
    gamma = d.elasticity * (d.choke - d.price) / d.price
    return d.quantity * ((d.choke - price) / (d.choke - d.price)) ** gamma


def input_use(market: Market, at: Calibration, place: tuple[str, str]) -> float:
    good, region = place
    users = (a for a in market.activities if a.region == region)
    return sum(dict(a.inputs).get(good, 0.0) * at.level[a.name] for a in users)


def marginal_cost(activity: Activity, at: Calibration) -> float:
    inputs = sum(x * at.buyer_price[good, activity.region] for good, x in activity.inputs)
    used = at.level[activity.name] / activity.capacity.level
    rising = activity.rising_cost * used ** (1.0 / activity.curvature)
    return inputs + activity.power * activity.power_price + activity.other_cost + rising


def test_the_share_closure_returns_the_flows(benchmark: tuple[Market, Calibration]) -> None:
    market, calibration = benchmark
    found = flows_by_formula(market, calibration)
    for key, flow in calibration.flow.items():
        assert found[key] == pytest.approx(flow, rel=1e-10), key
    assert sum(found.values()) == pytest.approx(sum(calibration.flow.values()), rel=1e-9)


def test_buyers_pay_the_mean_landed_cost(benchmark: tuple[Market, Calibration]) -> None:
    market, calibration = benchmark
    spent: dict[tuple[str, str], float] = defaultdict(float)
    tonnes: dict[tuple[str, str], float] = defaultdict(float)
    for key, flow in calibration.flow.items():
        price = calibration.producer_price[key.good, key.origin]
        spent[key.good, key.destination] += flow * landed_cost(market.lane_by_key[key], price)
        tonnes[key.good, key.destination] += flow
    for place, paid in spent.items():
        assert calibration.buyer_price[place] == pytest.approx(paid / tonnes[place], rel=1e-12)


def test_activities_earn_their_cost(benchmark: tuple[Market, Calibration]) -> None:
    market, calibration = benchmark
    for activity in market.activities:
        if calibration.level[activity.name] > 0.0:
            revenue = calibration.revenue[activity.name]
            assert marginal_cost(activity, calibration) == pytest.approx(revenue, rel=1e-12)
            assert activity.other_cost >= 0.0
            assert calibration.level[activity.name] <= activity.capacity.level


def test_activities_have_the_supply_elasticity_of_their_prior(toyland: Pack) -> None:
    calibration = toyland.calibration(2020)
    activity = calibration.market.activity_by_name["smelter.AAA"]
    level, price = calibration.level["smelter.AAA"], 1980.0
    flat = price - activity.rising_cost * level / activity.capacity.level
    dearer = ((price * 1.0001 - flat) / activity.rising_cost) * activity.capacity.level
    assert (dearer / level - 1.0) / 1e-4 == pytest.approx(4.0, rel=1e-6)


def test_the_hub_quotes_the_benchmark_price(toyland: Pack) -> None:
    (hub,) = toyland.calibration(2020).market.hubs
    assert sum(weight for _, weight in hub.weights) == pytest.approx(1.0)
    assert all(key.origin != key.destination for key, _ in hub.weights)
    assert hub.offset == pytest.approx(0.0, abs=1e-9)


def test_a_latent_lane_carries_its_flow_without_policy(toyland: Pack, tmp_path: Path) -> None:
    """Borland's metal is banned in Cormark; the latent flow says what it would sell there."""
    ban = (
        '\n[[measure]]\nid = "ccc.ban"\nkind = "ban"\ntitle = "Ban"\ngoods = ["metal"]\n'
        'exporters = ["BBB"]\nimporters = ["CCC"]\nsource = "toyland"\nstatus = "assumed"\n'
    )
    header = "good,origin,destination,low,central,high,unit,year,source,status\n"
    latent = "metal,BBB,CCC,95,190,380,kt/yr,2016,toyland,assumed\n"
    other = edited(
        toyland,
        tmp_path,
        ("policy.toml", "", ban),
        ("benchmark_2020/flows.csv", BBB_TO_CCC, "metal,BBB,BBB,830,kt/yr,2020,toyland,assumed\n"),
        ("benchmark_2020/flows.csv", "metal,BBB,BBB,640,kt/yr,2020,toyland,assumed\n", ""),
        ("benchmark_2020/latent_flows.csv", "", header + latent),
    )
    for choice, tonnes in (("low", 95e3), ("central", 190e3), ("high", 380e3)):
        market = other.market(2020, LAW_2020, choice)
        lane = market.lane_by_key["metal", "BBB", "CCC"]
        assert lane.closed_by == ("ccc.ban",)
        (buyer,) = (b for b in market.buyers if (b.good, b.region) == ("metal", "CCC"))
        # Without policy it lands at 1,980 + 295; the weight is relative to 190 kt at 2,375.
        share = math.exp(lane.log_weight - buyer.theta * (1980.0 + 295.0))
        assert share == pytest.approx(tonnes / 190e3)
    assert market.without("ccc.ban").lane_by_key["metal", "BBB", "CCC"].is_open


def test_lanes_without_flow_or_latent_row_do_not_exist(toyland: Pack, tmp_path: Path) -> None:
    zero = BBB_TO_CCC.replace(",190,", ",0,")
    home = "metal,BBB,BBB,640"
    other = edited(
        toyland,
        tmp_path,
        ("benchmark_2020/flows.csv", BBB_TO_CCC, zero),
        ("benchmark_2020/flows.csv", home, "metal,BBB,BBB,830"),
    )
    assert ("metal", "BBB", "CCC") not in other.market(2020, LAW_2020).lane_by_key


def test_a_flow_beyond_a_tariff_rate_quota_pays_the_higher_duty(
    toyland: Pack, tmp_path: Path
) -> None:
    quota = (
        '\n[[measure]]\nid = "ccc.trq"\nkind = "tariff_rate_quota"\ntitle = "Quota"\n'
        'goods = ["metal"]\nexporters = ["AAA"]\nimporters = ["CCC"]\nquantity = "{} kt/yr"\n'
        'over_quota_specific = "50 USD/t"\nsource = "toyland"\nstatus = "assumed"\n'
    )
    for tonnes, price in ((150, 2375.0 + 25.0), (200, 2375.0)):
        text = quota.format(tonnes)
        other = edited(toyland, tmp_path / str(tonnes), ("policy.toml", "", text))
        calibration = other.calibration(2020)
        assert calibration.buyer_price["metal", "CCC"] == pytest.approx(price)


ORIGIN_DUTY = (
    '\n[[measure]]\nid = "ccc.origin"\nkind = "smelt_origin_duty"\ntitle = "Origin"\n'
    'good = "metal"\nimporters = ["CCC"]\nsources = ["BBB"]\nspecific = "80 USD/t"\n'
    'accounting = "{}"\nsource = "toyland"\nstatus = "assumed"\n'
)
REEXPORTS = (
    ("benchmark_2020/flows.csv", "metal,AAA,CCC,190", "metal,AAA,CCC,290"),
    ("benchmark_2020/flows.csv", "metal,BBB,AAA,160", "metal,BBB,AAA,260"),
    ("benchmark_2020/flows.csv", "ore,CCC,BBB,1980", "ore,CCC,BBB,2180"),
    (
        "benchmark_2020/activities.csv",
        "",
        (
            "trader,AAA,input:metal,0.9,t/t,2020,toyland,assumed\n"
            "trader,AAA,output:metal,1,t/t,2020,toyland,assumed\n"
            "trader,AAA,output,100,kt/yr,2020,toyland,assumed\n"
            "trader,AAA,capacity,200,kt/yr,2020,toyland,assumed\n"
        ),
    ),
    (
        "priors.csv",
        "",
        (
            "supply_elasticity:trader,*,*,fixed,1,1,1,1,toyland,assumed,\n"
            "rising_cost_share:trader,*,*,fixed,0.05,0.05,0.05,1,toyland,assumed,\n"
        ),
    ),
)


@pytest.mark.parametrize("accounting", ["pro_rata", "segregated"])
def test_a_duty_by_origin_falls_on_the_traced_share(
    accounting: str, toyland: Pack, tmp_path: Path
) -> None:
    duty = ORIGIN_DUTY.format(accounting)
    other = edited(toyland, tmp_path, ("policy.toml", "", duty))
    # Borland's own exports pay in full; Arvland's metal is all its own.
    assert other.calibration(2020).buyer_price["metal", "CCC"] == pytest.approx(2375.0 + 40.0)


def test_traced_metal_is_followed_through_a_trader(toyland: Pack, tmp_path: Path) -> None:
    duty = ("policy.toml", "", ORIGIN_DUTY.format("pro_rata"))
    calibration = edited(toyland, tmp_path, *REEXPORTS, duty).calibration(2020)
    # ω·1,090 = 100·(260 + 640 ω)/900 for Arvland's supply of 1,090 kt.
    omega = 26_000 / (1_090 * 900 - 64_000)
    paid = (290 * (2375.0 + 80.0 * omega) + 190 * (2375.0 + 80.0)) / 480
    assert calibration.buyer_price["metal", "CCC"] == pytest.approx(paid, rel=1e-12)


def test_output_above_capacity_raises_it_and_says_so(toyland: Pack, tmp_path: Path) -> None:
    old, new = "smelter,AAA,capacity,1200", "smelter,AAA,capacity,900"
    other = edited(toyland, tmp_path, ("benchmark_2020/activities.csv", old, new))
    calibration = other.calibration(2020)
    (note,) = calibration.adjustments
    assert (note.what, note.subject, note.before) == ("capacity", "smelter.AAA", 900e3)
    assert note.after == pytest.approx(990e3 / 0.98)
    assert calibration.market.activity_by_name["smelter.AAA"].capacity.level == note.after


def test_dear_inputs_lower_the_rising_cost_and_say_so(toyland: Pack, tmp_path: Path) -> None:
    old, new = "smelter,AAA,power_price,40", "smelter,AAA,power_price,120"
    other = edited(toyland, tmp_path, ("benchmark_2020/activities.csv", old, new))
    calibration = other.calibration(2020)
    (note,) = calibration.adjustments
    assert (note.what, note.subject, note.before) == ("rising cost share", "smelter.AAA", 0.25)
    assert note.after == pytest.approx((1980 - 500 - 1200) / 1980)
    activity = calibration.market.activity_by_name["smelter.AAA"]
    assert activity.other_cost == 0.0
    assert marginal_cost(activity, calibration) == pytest.approx(1980.0)


def test_two_makers_share_a_regions_output_as_stated(toyland: Pack, tmp_path: Path) -> None:
    rows = (
        "remelter,AAA,output:metal,1,t/t,2020,toyland,assumed\n"
        "remelter,AAA,capacity,100,kt/yr,2020,toyland,assumed\n"
        "remelter,AAA,output,90,kt/yr,2020,toyland,assumed\n"
    )
    priors = (
        "supply_elasticity:remelter,*,*,fixed,1,1,1,1,toyland,assumed,\n"
        "rising_cost_share:remelter,*,*,fixed,0.5,0.5,0.5,1,toyland,assumed,\n"
    )
    old, new = "smelter,AAA,input:ore,2,", "smelter,AAA,input:ore,2.2,"
    other = edited(
        toyland,
        tmp_path,
        ("benchmark_2020/activities.csv", "", rows),
        ("benchmark_2020/activities.csv", old, new),
        ("priors.csv", "", priors),
    )
    calibration = other.calibration(2020)
    assert calibration.level["remelter.AAA"] == pytest.approx(90e3)
    assert calibration.level["smelter.AAA"] == pytest.approx(900e3)


def test_rounding_of_a_balance_is_absorbed_exactly(toyland: Pack, tmp_path: Path) -> None:
    old, new = "ore,CCC,AAA,1980,", "ore,CCC,AAA,1980.001,"
    other = edited(toyland, tmp_path, ("benchmark_2020/flows.csv", old, new))
    calibration = other.calibration(2020)
    market = calibration.market
    assert not [d for d in market.demands if d.good == "ore"]
    assert input_use(market, calibration, ("ore", "AAA")) == pytest.approx(1980001.0, rel=1e-14)


def test_priors_may_be_given_in_place_of_medians(toyland: Pack) -> None:
    key = PriorKey("sigma", "metal", "*")
    market = toyland.market(2020, LAW_2020, priors={key: 16.0})
    theta = {b.region: b.theta for b in market.buyers if b.good == "metal"}
    assert theta["AAA"] == pytest.approx(2.0 / 250.0)
    assert theta["CCC"] == pytest.approx(1.0 / 250.0)
    with pytest.raises(InputError, match="the prior sigma,steel"):
        toyland.market(2020, LAW_2020, priors={PriorKey("sigma", "steel", "*"): 1.0})


def test_carried_forward_every_activity_earns_its_cost(toyland: Pack) -> None:
    calibration = toyland.calibration(2021)
    assert calibration.level["smelter.AAA"] == pytest.approx(1089e3)
    assert calibration.producer_price["metal", "AAA"] == pytest.approx(1980.0 * 1.05)
    for activity in calibration.market.activities:
        revenue = calibration.revenue[activity.name]
        assert marginal_cost(activity, calibration) == pytest.approx(revenue, rel=1e-12)
    (note,) = calibration.adjustments
    assert (note.what, note.subject) == ("final demand", "metal")
    assert note.after / note.before == pytest.approx(1.1)


def test_carried_forward_use_equals_output(toyland: Pack, tmp_path: Path) -> None:
    """Without the mine's output, it is scaled to what the smelters of the year use."""
    old = "mine,CCC,output,4356,kt/yr,2021,toyland,assumed\n"
    raised = ("levels_2021.csv", "smelter,BBB,output,1089", "smelter,BBB,output,1200")
    other = edited(toyland, tmp_path, ("levels_2021.csv", old, ""), raised)
    calibration = other.calibration(2021)
    level = calibration.level
    assert level["mine.CCC"] == pytest.approx(2.0 * (level["smelter.AAA"] + level["smelter.BBB"]))
    total = sum(d.quantity for d in calibration.market.demands)
    assert total == pytest.approx(level["smelter.AAA"] + level["smelter.BBB"])


def test_specific_duties_are_not_carried_forward(toyland: Pack) -> None:
    assert toyland.calibration(2021).market.columns == toyland.columns


def test_the_market_keeps_lanes_apart_from_law(toyland: Pack) -> None:
    bare = toyland.calibration(2020).market
    assert all(lane == Lane(*lane.key, lane.freight, 0.0, lane.log_weight) for lane in bare.lanes)
    lawful = toyland.market(2020, LAW_2020)
    assert replace(lawful, lanes=bare.lanes) == bare
