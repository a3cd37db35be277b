from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from accord.assessment.assess import assess
from accord.assessment.reference import find
from accord.assessment.sampling import Sampling
from accord.errors import Infeasible, InputError
from accord.report.main_numbers import main_numbers
from accord.web.desk import Desk, checked
from accord.web.draws import PARTS
from accord.web.ground import DRAWS, SEED
from accord.web.library import Asked, Library
from accord.web.position import position_of
from accord.web.view import view_of


def test_at_home_it_is_the_answer_of_a_run_with_as_many_draws(desk: Desk) -> None:
    scenario = desk.scenario
    run = assess(scenario.deal, variant=scenario.deal.active, sampling=Sampling(DRAWS, SEED))
    here = desk.solve(position_of("")).answer
    assert here.headline == run.headline
    assert set(here.because) == set(run.because)
    for mine, its in zip(main_numbers(here), main_numbers(run), strict=True):
        assert mine.after == pytest.approx(its.after, rel=1e-9)
        assert mine.low == pytest.approx(its.low, rel=1e-7)
        assert mine.high == pytest.approx(its.high, rel=1e-7)


def test_a_moved_term_is_the_deal_with_that_term(library: Library) -> None:
    text = library._text.replace('up_to = "2 Mt/yr"', 'up_to = "150 kt/yr"')
    digest = "0" * 16
    edited = json.loads(library.answer(Asked("view", position_of(f"d={digest}"), text)))
    moved = json.loads(library.answer(Asked("view", position_of("t.supply.up_to=150"))))
    assert moved["headline"] == edited["headline"]
    assert moved["blocks"] == edited["blocks"]
    assert moved["gains"]["says"] == edited["gains"]["says"]
    one, other = ([x["low"] for x in view["gains"]["rows"]] for view in (moved, edited))
    assert [x for x in one if x] == pytest.approx([x for x in other if x], rel=1e-7)


def test_the_answer_does_not_hang_on_the_way_there(desk: Desk) -> None:
    """From near by or from the start: the same numbers, to rounding."""
    for query in ("duty=11", "duty=11.5", "duty=12", "a.sigma.aluminium=9&duty=12"):
        near = desk.solve(position_of(query)).answer
        cold = Desk(desk.scenario).solve(position_of(query)).answer
        assert near.headline == cold.headline
        one, other = near.ensemble.effects.after, cold.ensemble.effects.after
        assert np.allclose(one, other, rtol=1e-7, atol=1e-3, equal_nan=True)


def test_a_fixed_number_has_no_spread_and_moves_point_and_range(desk: Desk) -> None:
    at = desk.solve(position_of("a.sigma.aluminium=5"))
    column = [n.key.parameter for n in desk.scenario.uncertainty.numbers].index("sigma")
    assert set(at.answer.ensemble.values[:, column].tolist()) == {5.0}
    home = {x.name: x for x in main_numbers(desk.solve(position_of("")).answer)}
    for x in main_numbers(at.answer)[:1]:
        assert x.after > home[x.name].after
        assert x.low > home[x.name].low


def test_a_higher_duty_never_raises_the_trade_it_falls_on(desk: Desk) -> None:
    flows = []
    for duty in (0, 5, 10, 20, 35, 50):
        position = position_of("" if duty == 10 else f"duty={duty}")
        flows.append(main_numbers(desk.solve(position).answer)[0])
    assert all(a.after > b.after for a, b in pairwise(flows))
    assert all(a.high > b.high for a, b in pairwise(flows))


def test_the_second_computation_of_welfare_agrees(desk: Desk) -> None:
    for query in ("", "duty=3", "t.supply.up_to=50", "a.access=1.28"):
        solved = desk.solve(position_of(query))
        assert checked(solved.answer.effects).welfare_identity < 1e-8


def test_the_certificate_needs_no_draws(desk: Desk) -> None:
    anew = Desk(desk.scenario)
    anew.draws.keep(PARTS[:1])
    found = anew.check(position_of("duty=4"))
    assert found.ok
    assert found.welfare_identity < 1e-8
    with pytest.raises(RuntimeError, match="by no process"):
        anew.solve(position_of("duty=4"))


def test_point_and_range_are_of_one_position(desk: Desk) -> None:
    for query in ("duty=4", "t.supply.up_to=50"):
        solved = desk.solve(position_of(query))
        view = view_of(solved)
        assert view["query"] == query
        first = view["numbers"][0]
        assert first["low"] <= first["after"] * (1.0 + 1e-9)
        assert first["after"] <= first["high"] * (1.0 + 1e-9)


def test_a_minimum_that_cannot_be_met_says_what_binds(library: Library) -> None:
    asked = Asked("view", position_of("v=two-million&t.supply.at_least=5000"))
    found = json.loads(library.answer(asked))
    assert not found["ok"]
    assert "supply asks for at least" in found["cause"]
    assert "capacity" in found["cause"]
    with pytest.raises(Infeasible):
        library._desk(asked).solve(asked.position)
    # And it goes on.
    assert json.loads(library.answer(Asked("view", position_of("v=two-million"))))["ok"]


def test_a_variant_that_is_not_there_is_a_fault(library: Library) -> None:
    found = json.loads(library.answer(Asked("view", position_of("v=nothing"))))
    assert not found["ok"]
    assert "nothing" in found["faults"][0]["found"]


def test_faults_of_an_edited_deal_have_their_line(library: Library) -> None:
    text = library._text.replace('up_to = "2 Mt/yr"', 'up_to = "2 Mt"', 1)
    line = text[: text.index('up_to = "2 Mt"')].count("\n") + 1
    found = json.loads(library.answer(Asked("deal", position_of(""), text)))
    assert not found["ok"]
    assert line in [x["line"] for x in found["faults"]]


def test_an_edited_deal_may_not_name_folders(library: Library) -> None:
    text = library._text.replace('pack = ["aluminium"', 'pack = ["/etc"', 1)
    found = json.loads(library.answer(Asked("deal", position_of(""), text)))
    assert not found["ok"]
    assert "/etc" in found["faults"][0]["found"]


def test_a_deal_without_a_market_is_refused() -> None:
    library = Library(find("halve-defence-2025"))
    with pytest.raises(InputError, match="no term about a market"):
        library.prepare(Asked("page", position_of("")))
