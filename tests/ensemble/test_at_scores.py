"""A market at any scores is the market of the draw that has them, and the central one at 0."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from accord.effects import Effects
from accord.ensemble.ask import Ask
from accord.ensemble.at_scores import AFTER, BEFORE, AtScores
from accord.ensemble.markets import markets_of
from accord.ensemble.run import central_of, run
from accord.equilibrium.many import Many
from accord.pack.uncertain import Uncertainty
from ensemble_asks import DUTY, toy_ask

PLACE = ("CCC", "metal")
FLOW = ("AAA>CCC", "metal")
COUNT = 24


class Asked(NamedTuple):
    ask: Ask
    central: Effects
    known: Uncertainty

    def side(self, side: int) -> AtScores:
        eq = self.central.before if side == BEFORE else self.central.after
        return AtScores(markets_of(self.ask, eq.universe), self.known, side, eq.state.z)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    ask = toy_ask(tmp_path_factory.mktemp("deal"), DUTY)
    return Asked(ask, central_of(ask), ask.pack.uncertainty(ask.year))


@pytest.mark.parametrize(("measure", "place"), [("buyer_price", PLACE), ("flow", FLOW)])
def test_at_a_draw_it_is_that_draw(asked: Asked, measure: str, place: tuple[str, str]) -> None:
    found = run(asked.ask, COUNT, 7, central=asked.central)
    scores = asked.known.scores(COUNT, 7)
    column = found.effects.place[measure, *place]
    for side, table in ((BEFORE, found.effects.before), (AFTER, found.effects.after)):
        np.testing.assert_allclose(
            asked.side(side).values(scores, measure, place), table[:, column], rtol=1e-8
        )


def test_at_the_medians_it_is_the_central_market(asked: Asked) -> None:
    nowhere = np.zeros((1, len(asked.known.numbers)))
    row = asked.central.row("buyer_price", *PLACE)
    assert row is not None
    for side, value in ((BEFORE, row.before), (AFTER, row.after)):
        found = asked.side(side).values(nowhere, "buyer_price", PLACE)
        assert found[0] == pytest.approx(value, rel=1e-9)


def test_a_point_near_by_is_a_way_and_not_an_answer(asked: Asked) -> None:
    centre = asked.known.scores(1, 3)[0]
    points = centre + 0.05 * np.eye(len(centre))
    plain = asked.side(AFTER).values(points, "buyer_price", PLACE)
    near = asked.side(AFTER).values(points, "buyer_price", PLACE, centre)
    np.testing.assert_allclose(near, plain, rtol=1e-9)


def test_no_point_is_solved_twice(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    from accord.ensemble import at_scores

    solved: list[int] = []
    solve = at_scores.solve_many

    def counted(stack: object, *more: object, **named: object) -> Many:
        solved.append(stack.count)  # pyright: ignore[reportAttributeAccessIssue]
        return solve(stack, *more, **named)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(at_scores, "solve_many", counted)
    side = asked.side(AFTER)
    points = asked.known.scores(6, 1)
    twice = np.concatenate([points, points[::-1]])
    first = side.values(twice, "buyer_price", PLACE)
    again = side.values(points, "flow", FLOW)
    assert sum(solved) == side.solved == 6
    assert first[:6].tolist() == first[:5:-1].tolist()
    assert np.isfinite(again).all()


def test_what_is_not_traded_is_zero_and_has_no_price(asked: Asked) -> None:
    points = asked.known.scores(2, 1)
    side = asked.side(BEFORE)
    assert side.values(points, "flow", ("NOWHERE>CCC", "metal")).tolist() == [0.0, 0.0]
    assert np.isnan(side.values(points, "buyer_price", ("NOWHERE", "metal"))).all()


def test_a_point_without_an_answer_is_no_number(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from accord.ensemble import at_scores

    solve = at_scores.solve_many

    def half(*given: object, **named: object) -> Many:
        found = solve(*given, **named)  # pyright: ignore[reportArgumentType]
        solved = found.solved.copy()
        solved[::2] = False
        return replace(found, solved=solved)

    monkeypatch.setattr(at_scores, "solve_many", half)
    found = asked.side(AFTER).values(asked.known.scores(4, 1), "buyer_price", PLACE)
    assert np.isnan(found).tolist() == [True, False, True, False]
