"""A deal's market with the wages and spending that the whole economy answers with."""

from __future__ import annotations

from functools import lru_cache

import pytest

from accord.assessment.economy_link import ON_DEMAND, LinkAnswer, link_of
from accord.economy.data.load import load_table
from accord.economy.link import shifted
from accord.errors import InputError
from accord.report.economy_link import headline, link_json, market_rows
from accord.report.main_results import results

DEAL = "us-russia-2025"


@lru_cache(maxsize=1)
def answer() -> LinkAnswer:
    return link_of(DEAL, load_table())


def test_before_is_the_same_world_and_after_has_the_economy_in_it() -> None:
    a = answer()
    assert a.linked.before is a.alone.before
    assert a.linked.after.market == shifted(a.alone.after.market, a.by)
    assert a.linked.after.certificate.ok
    wages = {r: a.by.cost[r] for r in ("RUS", "USA")}
    assert all(cost > 1.0 for cost in wages.values())
    assert wages["RUS"] > wages["USA"]  # trade begins with Russia, whose wages rise most


def test_dearer_work_makes_the_metal_dearer_where_it_is_sold() -> None:
    a = answer()
    for result in results(a.market):
        if result.measure in {"hub_price", "producer_price"}:
            _, alone = result.read(a.alone)
            _, linked = result.read(a.linked)
            assert alone is not None
            assert linked is not None
            assert alone < linked < alone * 1.001


def test_regions_between_those_of_the_table_stay_and_are_named() -> None:
    a = answer()
    assert a.by.apart == ("GLF",)
    assert any(x.what == "wages and spending in GLF" for x in a.not_modelled)
    assert link_json(a)["left_as_they_are"] == ["GLF"]


def test_no_gain_is_read_off_a_demand_curve_that_has_moved() -> None:
    a = answer()
    rows = list(market_rows(a))
    assert {str(r["measure"]) for r in rows} >= {"flow", "output", "buyer_price", "profit"}
    assert not {str(r["measure"]) for r in rows} & ON_DEMAND
    assert any("demand curves" in x.why for x in a.not_modelled)


def test_the_headline_is_of_the_numbers() -> None:
    said = headline(answer())
    assert said.startswith("“World price (LME)” moves by −0.06 % with the deal alone")
    assert "The most that it adds is" in said


def test_other_dollars_move_all_costs_alike() -> None:
    """Wages over another region's prices: every region's cost by one factor, demand as it was."""
    other = link_of(DEAL, load_table(), deflator="RUS").by
    ratio = {other.cost[r] / answer().by.cost[r] for r in other.cost}
    assert max(ratio) == pytest.approx(min(ratio), rel=1e-12)
    assert other.demand == answer().by.demand


def test_a_deflator_that_the_table_lacks() -> None:
    with pytest.raises(InputError, match="no such region to take prices from"):
        link_of(DEAL, load_table(), deflator="QQQ")
