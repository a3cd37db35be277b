"""What would have to be true: the nearest turn, held against models whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.claims.judge import model_of
from accord.claims.nearest_turn import FARTHEST, Drawn, nearest_draw, nearest_turn
from accord.claims.true_if import _left, rounded
from accord.claims.verdict import Range, one_sided
from accord.ensemble.drawn import Matrix, Vector
from accord.probability import copula, points

COUNT = 200


def turn_of(values, within: Range, correlation: Matrix):  # noqa: ANN001, ANN201
    """Return the nearest turn of a plain function of scores, and how often it was asked for."""
    asked: list[int] = []

    def model(scores: Matrix, near: Vector | None) -> Vector:
        del near
        asked.append(len(scores))
        return values(scores)

    independent = points.normals(COUNT, len(correlation), 3)
    scores = copula.correlated(independent, correlation)
    central = float(values(np.zeros((1, len(correlation))))[0])
    drawn = Drawn(scores, independent, values(scores))
    left = _left(within, central)
    return nearest_turn(model, left, correlation, central, drawn), sum(asked)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=6),
    st.floats(0.2, 3.5),
    st.floats(-0.8, 0.8),
    st.booleans(),
)
def test_of_a_plane_it_is_the_foot_of_the_perpendicular(
    slopes: list[float],
    distance: float,
    tie: float,
    above: bool,  # noqa: FBT001 - hypothesis chooses it
) -> None:
    slope = np.array(slopes)
    correlation = np.eye(len(slope))
    correlation[0, 1] = correlation[1, 0] = tie
    steep = float(np.linalg.norm(copula.factor(correlation).T @ slope))
    if steep < 0.05:
        return
    edge = distance * steep
    within = one_sided("at_most" if above else "more_than", edge)
    found, asked = turn_of(lambda z: z @ slope, within, correlation)
    assert found is not None
    assert found.distance == pytest.approx(distance, rel=0.03)
    assert within.holds(found.value) != within.holds(0.0)
    assert found.value == pytest.approx(edge, rel=0.03)
    assert asked < 400


def test_of_a_curve_it_is_nearer_than_any_draw_that_turned() -> None:
    def values(z: Matrix) -> Vector:
        return np.exp(0.5 * z[:, 0]) + 0.3 * z[:, 1] ** 2 - 0.4 * z[:, 2]

    within = one_sided("at_most", 2.5)
    found, _ = turn_of(values, within, np.eye(3))
    independent = points.normals(4000, 3, 5)
    drawn = Drawn(independent, independent, values(independent))
    best = nearest_draw(_left(within, 1.0), drawn)
    assert found is not None
    assert best is not None
    assert found.distance <= best.distance
    assert not within.holds(found.value)


def test_none_where_the_answer_never_turns() -> None:
    found, _ = turn_of(lambda z: np.tanh(z[:, 0]), one_sided("at_most", 1.5), np.eye(2))
    assert found is None


def test_none_beyond_the_farthest() -> None:
    within = one_sided("at_most", FARTHEST + 0.5)
    assert turn_of(lambda z: z[:, 0], within, np.eye(2))[0] is None


def test_what_never_moves_and_stands_on_the_edge_does_not_turn() -> None:
    """0 is not more than 0, in every draw and everywhere."""
    within = one_sided("more_than", 0.0)
    assert turn_of(lambda z: np.zeros(len(z)), within, np.eye(2))[0] is None


def test_points_without_an_answer_are_not_a_turn() -> None:
    def values(z: Matrix) -> Vector:
        return np.where(z[:, 0] > 1.0, np.nan, z[:, 0] + 0.5 * z[:, 1])

    def model(scores: Matrix, near: Vector | None) -> Vector:
        del near
        return values(scores)

    independent = points.normals(COUNT, 2, 3)
    kept = independent[np.isfinite(values(independent))]
    within = one_sided("at_most", 1.2)
    found = nearest_turn(model, _left(within, 0.0), np.eye(2), 0.0, Drawn(kept, kept, values(kept)))
    assert found is None or math.isfinite(found.value)


@pytest.fixture(scope="module")
def answer():  # noqa: ANN201
    return assess_named("us-russia-2025", sampling=Sampling(64, 0))


def test_the_market_itself_has_turned_there(answer) -> None:  # noqa: ANN001
    """Each turn found in the founding case is solved again, from scratch, at its numbers."""
    model = model_of(answer.scene)
    assert model is not None
    told = [
        (judged, found)
        for _, judged, found in answer.ledger.true_if
        if found.distance is not None and "2 Mt" not in judged.asserts
    ]
    assert told
    for judged, found in told:
        assert isinstance(judged.threshold, float)
        size = abs(found.value)
        edge = abs(judged.threshold)
        held = "significant" in judged.reason
        assert (size < edge) == (found.holds != held), judged.asserts
        assert found.value == pytest.approx(judged.threshold, rel=0.02) or held
        assert found.distance < FARTHEST
        scores = [moved.score for moved in found.moved]
        assert [abs(x) for x in scores] == sorted((abs(x) for x in scores), reverse=True)


@pytest.mark.parametrize(
    ("value", "said"),
    [(9.704, "9.7"), (-0.5113, "−0.511"), (999.7, "1,000"), (12345.6, "12,346"), (0.0, "0")],
)
def test_numbers_are_said_with_three_digits(value: float, said: str) -> None:
    assert rounded(value) == said
