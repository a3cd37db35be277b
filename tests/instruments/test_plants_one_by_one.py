"""Terms that name a kind of activity reach all its plants; ``plant`` names one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.instruments import Term, TermError, read_term
from accord.instruments.plant import typical
from accord.market import Capacity, Market

FIELDS = {
    "capacity": {"region": "RUS", "activity": "smelter", "level": "600 kt/yr"},
    "closure": {"region": "RUS", "activity": "smelter"},
}


def example(kind: str, **fields: object) -> Term:
    return read_term({"id": "t", "kind": kind, **FIELDS[kind], **fields})


@pytest.fixture
def plants(market: Market) -> Market:
    """The small market with Russia's 4 Mt as two plants."""
    whole = market.activity_by_name["smelter.RUS"]
    parts = (("bratsk", 3e6, 30.0, 200.0), ("volgograd", 1e6, 46.0, 80.0))
    own = tuple(
        replace(whole, name=f"smelter.RUS.{n}", plant=n, capacity=Capacity(k), power_price=p,
                rising_cost=m)
        for n, k, p, m in parts
    )  # fmt: skip
    others = tuple(a for a in market.activities if a.name != "smelter.RUS")
    return replace(market, activities=(*others, *own))


def capacities(market: Market) -> dict[str, float]:
    return {a.plant: a.capacity.level for a in market.plants_of("smelter.RUS")}


def test_closing_takes_from_each_by_what_it_has(plants: Market) -> None:
    closed = example("closure", by="600 kt/yr").apply(plants)
    assert capacities(closed) == pytest.approx({"bratsk": 2.55e6, "volgograd": 0.85e6})
    half = example("closure", share="50 %").apply(plants)
    assert capacities(half) == {"bratsk": 1.5e6, "volgograd": 0.5e6}
    every = example("closure").apply(plants)
    assert capacities(every) == {"bratsk": 0.0, "volgograd": 0.0}


def test_one_plant_may_be_closed_alone(plants: Market) -> None:
    alone = example("closure", plant="volgograd").apply(plants)
    assert capacities(alone) == {"bratsk": 3e6, "volgograd": 0.0}


def test_growth_goes_to_all_or_to_the_one_that_is_named(plants: Market) -> None:
    """600 kt."""
    assert capacities(example("capacity").apply(plants)) == {"bratsk": 3.45e6, "volgograd": 1.15e6}
    one = example("capacity", plant="bratsk").apply(plants)
    assert capacities(one) == {"bratsk": 3.6e6, "volgograd": 1e6}


def test_growth_of_plants_without_capacity_is_shared_evenly(plants: Market) -> None:
    none = example("closure").apply(plants)
    assert capacities(example("capacity").apply(none)) == {"bratsk": 3e5, "volgograd": 3e5}


def test_a_new_plant_like_several_is_like_their_mean(plants: Market) -> None:
    built = example("capacity", like="smelter.RUS").apply(plants)
    new = built.activity_by_name["smelter.RUS.t"]
    assert (new.plant, new.power) == ("", 14.5)
    assert new.power_price == pytest.approx(34.0)
    assert new.rising_cost == pytest.approx(170.0)
    assert capacities(built) == capacities(plants)


def test_a_new_plant_may_be_like_one(plants: Market) -> None:
    built = example("capacity", like="smelter.RUS.volgograd").apply(plants)
    assert built.activity_by_name["smelter.RUS.t"].power_price == 46.0


def test_one_plant_is_typical_of_itself(plants: Market) -> None:
    own = plants.plants_of("smelter.CAN")
    assert typical(own) is own[0]


@pytest.mark.parametrize("kind", ["closure", "capacity"])
def test_an_unknown_plant_is_a_fault_with_the_likely_one(kind: str, plants: Market) -> None:
    (problem,) = example(kind, plant="bratks").faults(plants)
    assert problem.found == 'no plant "bratks" among those of smelter.RUS'
    assert (problem.allowed, problem.fix) == ("bratsk or volgograd", 'write "bratsk"')


def test_a_plant_where_the_pack_has_one_activity_is_a_fault(plants: Market) -> None:
    entry = example("closure", region="CAN", plant="alma")
    (problem,) = entry.faults(plants)
    assert problem.allowed == "no plant: smelter.CAN is one activity in the pack"


def test_more_than_a_plant_has_cannot_be_closed(plants: Market) -> None:
    entry = example("closure", by="1.5 Mt/yr", plant="volgograd")
    (problem,) = entry.faults(plants)
    assert problem.found == "1500 kt/yr, more than smelter.RUS.volgograd has"
    assert example("closure", by="1.5 Mt/yr").faults(plants) == []


def test_like_and_plant_are_one_too_many() -> None:
    with pytest.raises(TermError) as caught:
        example("capacity", plant="bratsk", like="smelter.RUS")
    assert [p.found for p in caught.value.problems] == ["plant and like"]


def test_an_unknown_like_names_the_nearest(plants: Market) -> None:
    (problem,) = example("capacity", like="smelter.RSU").faults(plants)
    assert problem.fix == 'write "smelter.RUS"'


def test_a_new_plant_may_not_take_the_name_of_one_that_is_there(plants: Market) -> None:
    table = {"id": "bratsk", "kind": "capacity", **FIELDS["capacity"], "like": "smelter.RUS"}
    (problem,) = read_term(table).faults(plants)
    assert problem.path == ("id",)
    assert "smelter.RUS.bratsk" in problem.found
    assert not example("capacity", like="smelter.RUS").faults(plants)
