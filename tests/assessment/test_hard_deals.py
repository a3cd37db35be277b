"""Deals far from any benchmark that people ask about all the same: embargoes, mines shut."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from accord import pack as packs
from accord.assessment.assess import assess_named
from accord.effects import compare
from accord.equilibrium import solve_market, universe_of
from accord.market import Market
from accord.market.market import set_capacity

DAY = date(2025, 2, 24)
NO_TRADE = """
[deal]
title = "No trade in aluminium"
date = 2025-02-24
status = "hypothetical"
pack = ["aluminium"]

[[source]]
id = "own"
title = "An example"
publisher = "accord"

[[party]]
code = "USA"
name = "United States"

[[term]]
id = "ban"
kind = "ban"
title = "Nobody trades aluminium"
goods = ["aluminium"]
exporters = "all"
importers = "all"
source = "own"
"""


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


def test_without_trade_the_headline_says_that_there_is_no_quote(tmp_path: Path) -> None:
    """C21: an index of export prices is no outcome where nothing is exported."""
    file = tmp_path / "autarky.toml"
    file.write_text(NO_TRADE, "utf-8")
    answer = assess_named(str(file))
    assert "is quoted no more: none of its exporters sells abroad" in answer.headline
    row = answer.row("hub_price", "WORLD", "aluminium")
    assert row is None or row.after is None
