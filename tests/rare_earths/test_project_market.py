"""New makers in the market: nothing, little, much."""

from __future__ import annotations

import pytest

from accord.equilibrium import Equilibrium, solve_market
from accord.minerals.project_market import NewMaker, new_activities, with_maker
from accord.minerals.recipe import recipe
from accord.pack import Pack
from accord.pack.chain import Chain

YEAR = 2024


@pytest.fixture
def chain(pack: Pack) -> Chain:
    assert pack.chain is not None
    return pack.chain


def solved(pack: Pack, chain: Chain, region: str, **reached: float) -> Equilibrium:
    maker = NewMaker(region, {("monazite_au", step): x for step, x in reached.items()})
    day = pack.benchmarks[YEAR].law_date
    return solve_market(with_maker(pack, chain, YEAR, day, maker))


def price(eq: Equilibrium, good: str) -> float:
    found = eq.buyer_price(good, "JPN")
    assert found is not None
    return found


def test_a_maker_of_nothing_changes_nothing(pack: Pack, chain: Chain, base: Equilibrium) -> None:
    assert NewMaker("RUS", {("loparite", "mine"): 0.5}).nothing
    same = solved(pack, chain, "RUS", mine=0.5)
    assert not new_activities(same.market)
    assert price(same, "ndpr_metal") == pytest.approx(price(base, "ndpr_metal"), rel=1e-9)


def test_more_separation_lowers_prices_more(pack: Pack, chain: Chain, base: Equilibrium) -> None:
    before = price(base, "ndpr_oxide")
    for tonnes in (2_000.0, 10_000.0, 30_000.0):
        after = price(solved(pack, chain, "RUS", mine=tonnes, separation=tonnes), "ndpr_oxide")
        assert after < before
        before = after


def test_joint_products_come_along(pack: Pack, chain: Chain, base: Equilibrium) -> None:
    """Who digs for neodymium sells cerium too, and its price falls as well."""
    after = solved(pack, chain, "RUS", mine=20_000.0, separation=20_000.0)
    for good in ("ndpr_oxide", "la_oxide", "ce_oxide", "seg_oxide"):
        assert price(after, good) < price(base, good)


def test_ore_alone_feeds_separation_elsewhere(pack: Pack, chain: Chain, base: Equilibrium) -> None:
    after = solved(pack, chain, "RUS", mine=20_000.0)
    (mine,) = new_activities(after.market)
    assert mine.outputs == (("monazite_au", 1.0),)
    assert after.flow("monazite_au", "RUS", "CHN") > 0.0
    assert price(after, "ndpr_oxide") < price(base, "ndpr_oxide")


def test_magnets_compete_with_magnets(pack: Pack, chain: Chain, base: Equilibrium) -> None:
    whole = dict.fromkeys(("mine", "separation", "metal", "magnet"), 20_000.0)
    after = solved(pack, chain, "RUS", **whole)
    assert price(after, "magnet") < price(base, "magnet")
    kinds = {a.kind for a in new_activities(after.market)}
    assert {"new_metal_ndpr", "new_magnet", "new_recycling"} <= kinds


def test_no_metal_where_nobody_buys_oxide(pack: Pack, chain: Chain) -> None:
    whole = dict.fromkeys(("mine", "separation", "metal", "magnet"), 20_000.0)
    after = solved(pack, chain, "AUS", **whole)
    assert {a.kind for a in new_activities(after.market)} == {"new_separation_monazite_au"}


@pytest.mark.parametrize("step", ["mine", "separation", "metal", "magnet"])
def test_a_recipe_never_holds_more_than_the_ore(pack: Pack, chain: Chain, step: str) -> None:
    market = pack.calibration(YEAR).market
    for ore in ("loparite", "monazite_au", "ionic_clay", "bastnaesite_us"):
        made = recipe(chain, market, ore, step)
        for element, lost in made.lost.items():
            held = chain.held(made.outputs, element)
            assert lost >= -1e-12
            assert held + lost == pytest.approx(chain.content.get((ore, element), 0.0), abs=1e-12)
