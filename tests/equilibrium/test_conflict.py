"""A minimum that cannot be met says what it conflicts with, and nothing that could be spared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.equilibrium import solve_market
from accord.errors import Infeasible
from accord.market import Market
from accord.market.market import set_capacity
from worlds import LANE_AB, LANE_CB, banned, limit, toy

MINIMUM = replace(limit(30e3, sense="at_least", rent_to="B"), measure="promise")
QUOTA = replace(limit(20e3), measure="quota")
BESIDE = replace(limit(1.0, LANE_CB), measure="beside")


def refusal(market: Market) -> Infeasible:
    with pytest.raises(Infeasible) as caught:
        solve_market(market)
    return caught.value


def test_a_quota_below_the_minimum_is_named_alone() -> None:
    market = toy().with_limit(MINIMUM).with_limit(QUOTA).with_limit(BESIDE)
    found = refusal(market)
    assert found.measure == "promise"
    assert "promise conflicts with quota; lifting that makes room" in found.cause
    assert solve_market(market.without("quota")).certificate.ok


def test_a_ban_on_the_lane_is_named() -> None:
    market = banned(toy().with_limit(MINIMUM).with_limit(BESIDE))
    assert "promise conflicts with ban;" in refusal(market).cause


def test_where_more_than_one_thing_forbids_it_the_words_say_that_one_is_not_enough() -> None:
    other = replace(limit(21e3), measure="second quota")
    market = toy().with_limit(MINIMUM).with_limit(QUOTA).with_limit(other)
    found = refusal(market)
    assert "promise conflicts with second quota; lifting that is not enough" in found.cause
    assert (
        "conflicts with quota; lifting that makes room"
        in refusal(market.without("second quota")).cause
    )


def test_capacity_that_does_not_suffice_is_named() -> None:
    market = set_capacity(toy(), {"smelter.A": 25e3}).with_limit(MINIMUM)
    found = refusal(market)
    assert "promise conflicts with the capacity of smelter.A" in found.cause
    assert "short by" in found.cause


def test_what_nothing_helps_is_said_to_be_so() -> None:
    """More than B would buy if metal were free."""
    found = refusal(toy().with_limit(replace(MINIMUM, bound=1e9)))
    assert "cannot be met whatever" in found.cause
    assert LANE_AB.good in found.cause
