"""Deals far from any benchmark that people ask about all the same: embargoes, mines shut."""

from __future__ import annotations

from datetime import date

import pytest

from accord import pack as packs
from accord.effects import compare
from accord.equilibrium import solve_market, universe_of
from accord.market import Market
from accord.market.market import set_capacity

DAY = date(2025, 2, 24)


@pytest.fixture(scope="module")
def world() -> Market:
    return packs.load("aluminium").market(2024, DAY)


def no_mines(world: Market) -> Market:
    mines = [a.name for a in world.activities if a.kind == "mine" and a.region == "AUS"]
    return set_capacity(world, dict.fromkeys(mines, 0.0))


def embargo(world: Market) -> Market:
    return world.map_lanes(
        lambda x: x.good == "bauxite" and x.origin == "GIN" and x.destination != "GIN",
        lambda x: x.closed("embargo"),
    )


@pytest.mark.parametrize("change", [no_mines, embargo])
def test_welfare_is_computed_twice_to_the_same(change: object, world: Market) -> None:
    assert callable(change)
    other = change(world)
    names = universe_of(world, other)
    before = solve_market(world, universe=names)
    effects = compare(before, solve_market(other, universe=names))
    assert effects.welfare_identity <= 1e-8
