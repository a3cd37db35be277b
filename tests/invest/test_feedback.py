"""Price feedback, in a world small enough to know what must happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accord import pack as packs
from accord.invest.feedback import Feedback, Technique, feedback, technique_of
from accord.market import Market


@pytest.fixture(scope="module")
def market() -> Market:
    pack = packs.load("toyland")
    return pack.market(pack.years[0], date(2020, 12, 31))


@pytest.fixture(scope="module")
def technique(market: Market) -> Technique:
    name = next(f"smelter.{a.region}" for a in market.activities if a.kind == "smelter")
    found = technique_of(market, name)
    assert found is not None
    return found


def found(market: Market, technique: Technique, tonnes: float) -> Feedback:
    home = technique.activity.region
    plant = technique.plant("t", home, tonnes, technique.activity.power_price, market)
    partner = next(r.code for r in market.regions if r.code != home)
    return feedback(market, market, plant, technique, partner)


def test_a_plant_of_nothing_moves_nothing(market: Market, technique: Technique) -> None:
    small = found(market, technique, 1e-3)
    assert small.with_project.gate == pytest.approx(small.without.gate, rel=1e-7)
    assert small.with_project.ore == pytest.approx(small.without.ore, rel=1e-7)
    assert small.before_deal == small.without


def test_the_more_it_sells_the_less_it_gets(market: Market, technique: Technique) -> None:
    capacity = technique.activity.capacity.level
    runs = [found(market, technique, part * capacity) for part in (0.05, 0.1, 0.3)]
    gates = [runs[0].without.gate, *(run.with_project.gate for run in runs)]
    ores = [runs[0].without.ore, *(run.with_project.ore for run in runs)]
    assert gates == sorted(gates, reverse=True)
    assert ores == sorted(ores)
    assert all(0.0 < (run.with_project.utilisation or 0.0) <= 1.0 for run in runs)
    assert runs[0].without.utilisation is None


def test_a_plant_never_takes_the_name_of_another(market: Market, technique: Technique) -> None:
    region = technique.activity.region
    one = technique.plant("t", region, 1.0, 25.0, market)
    taken = replace(market, activities=(*market.activities, one))
    other = technique.plant("t", region, 1.0, 25.0, taken)
    assert other.name not in taken.activity_by_name


def test_an_unknown_smelter_is_none(market: Market) -> None:
    assert technique_of(market, "smelter.NOWHERE") is None
