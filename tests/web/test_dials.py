from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment.reference import find
from accord.deal import load
from accord.errors import InputError
from accord.web.desk import Desk
from accord.web.dials import DUTY, Dial
from accord.web.moved import DUTY_TERM, moved_deal, values_of
from accord.web.position import Position, position_of
from accord.web.term_dials import term_dials


def test_numbers_of_terms_and_uncertain_numbers_have_sliders(desk: Desk) -> None:
    dials = desk.scenario.dials
    supply = dials["t.supply.up_to"]
    assert (supply.unit, supply.value, supply.scale) == ("kt/yr", 2000.0, 1e3)
    assert dials[DUTY].value == pytest.approx(10.0)
    numbers = {dial.number for dial in dials.values() if dial.number}
    assert numbers == {number.key for number in desk.scenario.uncertainty.numbers}


def test_every_slider_has_words_a_range_and_a_place_for_its_value(desk: Desk) -> None:
    for dial in desk.scenario.dials.values():
        assert dial.label
        assert dial.least < dial.most
        assert 20 <= (dial.most - dial.least) / dial.step <= 1_001, dial
        assert dial.least <= dial.value <= dial.most, dial
        assert abs(dial.snapped(dial.value) - dial.value) <= dial.step / 2.0 + 1e-12


def test_numbers_of_other_parts_have_sliders_too(desk: Desk) -> None:
    dials = {key: x for key, x in desk.scenario.dials.items() if x.group == "offers"}
    found = {key: (x.part, x.unit, x.value, x.form) for key, x in dials.items()}
    assert found == {
        "t.krasnoyarsk.budget": ("project", "bn USD", 15.0, "quantity"),
        "t.krasnoyarsk.share.0.share": ("project", "%", 50.0, "quantity"),
        "t.rare-earths.horizon_years": ("minerals", "years", 15.0, "count"),
        "t.rare-earths.target_factor": ("minerals", "times", 7.0, "number"),
        "t.rare-earths.share.0.share": ("minerals", "%", 51.0, "quantity"),
        "t.halve-defence-budgets.cut": ("budget", "%", 50.0, "quantity"),
        "t.halve-defence-budgets.years": ("budget", "years", 5.0, "count"),
    }


def test_a_number_deep_in_a_term_is_moved_where_it_is(desk: Desk) -> None:
    scenario = desk.scenario
    values = {"t.krasnoyarsk.share.0.share": 30.0, "t.rare-earths.horizon_years": 20.0,
              "t.rare-earths.target_factor": 3.5}  # fmt: skip
    deal = moved_deal(scenario.deal, scenario.dials, values, None)
    terms = {term.id: term for term in deal.terms}
    assert [x.share for x in terms["krasnoyarsk"].share] == pytest.approx([0.3, 0.7])
    assert (terms["rare-earths"].horizon_years, terms["rare-earths"].target_factor) == (20, 3.5)
    own = {term.id: term for term in scenario.deal.terms}
    assert [x.share for x in own["krasnoyarsk"].share] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("name", ["rare-earths-2025", "krasnoyarsk-2025", "halve-defence-2025"])
def test_every_end_of_a_slider_of_a_part_is_a_deal(name: str) -> None:
    deal = load(find(name).path).variant(None)
    dials = {dial.key: dial for dial in term_dials(deal)}
    assert dials
    for key, dial in dials.items():
        for value in (dial.least, dial.most, dial.snapped((dial.least + dial.most) / 2.0)):
            assert moved_deal(deal, dials, {key: value}, None).terms


def test_what_the_file_leaves_out_is_no_number_of_the_deal(desk: Desk) -> None:
    assert "t.supply.at_least" not in desk.scenario.dials


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_snapped_value_is_on_the_slider_and_stays(value: float) -> None:
    dial = Dial("k", "terms", "l", "%", 0.0, 50.0, 0.5, 10.0)
    once = dial.snapped(value)
    assert dial.least <= once <= dial.most
    assert dial.snapped(once) == once


def test_nothing_moved_is_the_deal_itself(desk: Desk) -> None:
    deal, dials = desk.scenario.deal, desk.scenario.dials
    assert moved_deal(deal, dials, {}, None) is deal
    at_home = tuple((key, dial.value) for key, dial in dials.items())
    assert values_of(dials, at_home) == {}


def test_moved_terms_are_read_as_a_file_would_be(desk: Desk) -> None:
    scenario = desk.scenario
    lane = scenario.answer.focus.lane
    values = {"t.supply.up_to": 150.0, DUTY: 25.0}
    deal = moved_deal(scenario.deal, scenario.dials, values, lane)
    terms = {term.id: term for term in deal.terms}
    assert terms["supply"].up_to == pytest.approx(150e3)
    assert terms[DUTY_TERM].ad_valorem == pytest.approx(0.25)
    assert terms[DUTY_TERM].implied


def test_a_number_that_the_deal_has_not_is_a_fault(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"a\.nothing"):
        values_of(desk.scenario.dials, (("a.nothing", 1.0),))


# ------------------------------------------------------------------------------------- addresses


def test_an_address_has_one_form() -> None:
    one = position_of("duty=12.50&v=common-duty&a.sigma.aluminium=6&embed=1")
    other = position_of("a.sigma.aluminium=6.0&v=common-duty&duty=12.5&c=me&n=4")
    assert one == other
    assert position_of(one.query) == one
    assert position_of("") == Position()


HOSTILE = [
    "duty=nan", "duty=inf", "duty=1e999", "duty=", "duty=1&duty=2", "duty=<script>", "x=1",
    "v=../../etc/passwd", "v=%00", "day=2025-13-01", "day=yesterday", "d=xyz", "d=../../../a",
    "t.=1", "a..%2F=1", "__class__=1", "&".join(f"a.b{i}=1" for i in range(200)), "a" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda x: x[:24])
def test_a_hostile_address_is_refused_with_its_fault(query: str) -> None:
    with pytest.raises(InputError):
        position_of(query)


@given(query=st.text(max_size=200))
def test_any_address_is_read_or_refused(query: str) -> None:
    try:
        found = position_of(query)
    except InputError:
        return
    assert position_of(found.query) == found


def test_the_own_files_are_few_and_there() -> None:
    static = Path(__file__).parents[2] / "src" / "accord" / "web" / "static"
    scripts = {"page.js", "editor.js", "pins.js", "more.js"}
    assert {path.name for path in static.iterdir()} == {*scripts, "page.css"}
