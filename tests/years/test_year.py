"""A year is its regimes, each a market at annual rates, taken together by days."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import pack
from accord.equilibrium import solve_market, universe_of
from accord.errors import NoCertifiedAnswer
from accord.instruments import Term, read_term
from accord.pack import Pack
from accord.pack.law import Law
from accord.years import YearEquilibrium, solve_year, year_markets
from accord.years.start import point_in

MakeTerm = Callable[..., Term]
LANE = ("metal", "AAA", "CCC")
HALF = date(2023, 7, 2)  # 182 days before it in 2023, 183 from it on


def duty(rate: str, **more: object) -> Term:
    return read_term({
        "id": "deal", "kind": "import_duty", "goods": ["metal"], "exporters": ["AAA"],
        "importers": ["CCC"], "ad_valorem": rate, "source": "own", **more,
    })  # fmt: skip


def year_2023(toyland: Pack, *terms: Term, closure: str = "share") -> YearEquilibrium:
    market = toyland.calibration(2021).market
    return solve_year(toyland, market, 2023, deal_terms=terms, closure=closure)


def test_a_year_under_one_law_is_the_market_itself(toyland: Pack) -> None:
    year = year_2023(toyland)
    market = toyland.market(2021, date(2023, 1, 1))
    alone = solve_market(replace(market, year=2023))
    assert len(year.parts) == 1
    assert year.year == year.last.market.year == 2023
    assert year.flow(*LANE) == alone.flow(*LANE)
    assert year.hub_price == alone.hub_price
    assert year.certificate.ok
    assert repr(year) == "<Year 2023: metal 2,079 USD/t; 1 regimes>"


@pytest.mark.parametrize("closure", ["share", "armington", "homogeneous"])
def test_a_year_is_the_mean_of_its_laws_by_days(toyland: Pack, closure: str) -> None:
    whole = duty("20 %")
    half = duty("20 %", **{"from": HALF})
    market = toyland.calibration(2021).market
    # Closures with parameters of their own set them by the first market of the universe.
    timed = year_markets(toyland, market, toyland.regimes(2023, [half]), [half])
    names = universe_of(*(m for _, m in timed))
    before, after, mixed = (
        solve_year(toyland, market, 2023, deal_terms=x, closure=closure, universe=names)
        for x in ([], [whole], [half])
    )
    one, other = (p.equilibrium for p in mixed.parts)
    assert [p.regime.days for p in mixed.parts] == [182, 183]
    assert one.flow(*LANE) == pytest.approx(before.flow(*LANE), rel=1e-6)
    assert other.flow(*LANE) == pytest.approx(after.flow(*LANE), rel=1e-6, abs=1e-3)
    for number in (
        lambda eq: eq.flow(*LANE),
        lambda eq: eq.output("smelter.AAA"),
        lambda eq: eq.hub_price["metal"],
        lambda eq: eq.buyer_price("metal", "CCC"),
        lambda eq: eq.producer_price("metal", "AAA"),
    ):
        assert number(mixed) == pytest.approx((182 * number(one) + 183 * number(other)) / 365)
    assert mixed.certificate.steps == sum(p.equilibrium.certificate.steps for p in mixed.parts)


def test_a_year_of_two_duties_is_not_the_year_of_their_mean(toyland: Pack) -> None:
    half = year_2023(toyland, duty("60 %", **{"from": HALF}))
    mean = year_2023(toyland, duty(f"{60 * 183 / 365} %"))
    assert half.flow(*LANE) > 1.05 * mean.flow(*LANE)


def test_an_annual_quota_that_holds_half_the_year_lets_half_of_it_in(
    toyland: Pack, term: MakeTerm
) -> None:
    quota = {
        "goods": ["metal"], "exporters": ["AAA"], "importers": ["CCC"],
        "quantity": "50 kt/yr", "rent_to": "importer",
    }  # fmt: skip
    free = year_2023(toyland).flow(*LANE)
    half = year_2023(toyland, term("import_quota", **quota, from_=HALF))
    assert half.flow(*LANE) == pytest.approx((182 * free + 183 * 50e3) / 365)


def test_use_of_capacity_is_a_mean_too_and_absent_without_capacity(
    toyland: Pack, term: MakeTerm
) -> None:
    plant = term(
        "capacity", region="AAA", activity="smelter", level="100 kt/yr", like="smelter.AAA",
        from_=HALF,
    )  # fmt: skip
    year = year_2023(toyland, plant)
    assert year.utilisation("smelter.AAA.deal") == year.last.state.utilisation[-1]
    assert year.parts[0].equilibrium.output("smelter.AAA.deal") == 0.0
    share = year.parts[1].regime.share
    made = year.parts[1].equilibrium.output("smelter.AAA.deal")
    assert year.output("smelter.AAA.deal") == pytest.approx(share * made)


def test_a_price_that_only_some_days_have_is_their_mean(toyland: Pack, term: MakeTerm) -> None:
    ban = term("ban", goods=["metal"], exporters="all", importers=["CCC"], from_=HALF)
    year = year_2023(toyland, ban)
    first = year.parts[0].equilibrium.buyer_price("metal", "CCC")
    assert year.parts[1].equilibrium.buyer_price("metal", "CCC") is None
    assert year.buyer_price("metal", "CCC") == first


def test_what_cannot_be_is_told_with_the_year_and_the_days(toyland: Pack, term: MakeTerm) -> None:
    supply = term(
        "supply_commitment", goods=["metal"], exporters=["BBB"], importers=["CCC"],
        at_least="900 Mt/yr", payer="BBB", from_=date(2023, 5, 1),
    )  # fmt: skip
    with pytest.raises(NoCertifiedAnswer, match=r"2023 \(2023-05-01 to 2023-12-31\): "):
        year_2023(toyland, supply)


def test_another_year_is_a_place_to_start_from() -> None:
    aluminium = pack.load("aluminium")
    market = aluminium.calibration(2017).market
    first = solve_year(aluminium, market, 2018)
    cold = solve_year(aluminium, market, 2019)
    warm = solve_year(aluminium, market, 2019, start=first)
    assert point_in(cold.universe, first.last) is not None
    assert warm.certificate.steps < cold.certificate.steps
    for good, region in (("aluminium", "USA"), ("alumina", "RUS")):
        assert warm.buyer_price(good, region) == pytest.approx(cold.buyer_price(good, region))


@settings(max_examples=10, deadline=None)
@given(st.floats(0.3, 3.0), st.integers(1, 364))
def test_all_nominal_prices_times_a_number_leave_the_year_as_it_is(
    factor: float, split: int
) -> None:
    toyland = pack.load("toyland")
    lawless = replace(toyland, statutes=Law((), toyland.statutes.document))
    market = toyland.calibration(2020).market
    term = duty("30 %", **{"from": date.fromordinal(date(2023, 1, 1).toordinal() + split)})
    plain, scaled = (
        solve_year(lawless, m, 2023, deal_terms=[term]) for m in (market, market.scaled(factor))
    )
    assert scaled.flow(*LANE) == pytest.approx(plain.flow(*LANE), rel=1e-10)
    price = plain.hub_price["metal"]
    assert price is not None
    assert scaled.hub_price["metal"] == pytest.approx(factor * price, rel=1e-10)


def test_shares_of_the_days_add_up_to_one(toyland: Pack) -> None:
    year = year_2023(toyland, duty("20 %", **{"from": HALF}))
    assert math.fsum(p.regime.share for p in year.parts) == 1.0
