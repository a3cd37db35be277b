"""Where solving begins: along one slider, over several, and never far outside what is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.web.dial import Dial
from accord.web.starts import APART, PLACES, RECENT, Starts, around, between

DIALS = {
    key: Dial(key, "terms", key, "", 0.0, 100.0, 0.5, 20.0, term=key) for key in ("t.a", "t.b")
}


def truth(values: dict[str, float]) -> np.ndarray:
    """Unknowns that add up over sliders, one of them with a kink."""
    a, b = values.get("t.a", 20.0), values.get("t.b", 20.0)
    return np.array([[a + 3.0 * b, a * a, max(b - 40.0, 0.0)]])


def filled(*positions: dict[str, float]) -> Starts:
    starts = Starts(DIALS)
    for values in positions:
        starts.put(values, truth(values))
    return starts


def test_nothing_is_known_of_a_market_that_was_never_solved() -> None:
    assert Starts(DIALS).at({"t.a": 3.0}) is None


def test_a_known_position_is_its_own_start() -> None:
    known = [{}, {"t.a": 0.0}, {"t.a": 100.0}, {"t.b": 70.0}, {"t.a": 30.0, "t.b": 60.0}]
    starts = filled(*known)
    for values in known:
        assert starts.at(values) == pytest.approx(truth(values))


@given(st.floats(0.0, 100.0), st.floats(0.0, 40.0))
def test_sliders_that_add_up_are_foretold_together(a: float, b: float) -> None:
    starts = filled({}, {"t.a": 0.0}, {"t.a": 50.0}, {"t.a": 100.0}, {"t.b": 0.0}, {"t.b": 40.0})
    values = {"t.a": a, "t.b": b}
    assert starts.at(values) == pytest.approx(truth(values), rel=1e-9, abs=1e-6)


def test_what_sliders_do_together_is_learnt_from_the_position_before() -> None:
    starts = filled({}, {"t.a": 0.0}, {"t.a": 100.0}, {"t.b": 100.0})
    starts.put({"t.a": 50.0, "t.b": 50.0}, truth({"t.a": 50.0, "t.b": 50.0}) + 7.0)
    beside = starts.at({"t.a": 50.0, "t.b": 50.5})
    assert beside is not None
    assert beside[0, 0] == pytest.approx(truth({"t.a": 50.0, "t.b": 50.5})[0, 0] + 7.0)


@given(st.lists(st.integers(0, 200), min_size=3, max_size=3, unique=True), st.integers(0, 200))
def test_between_known_places_nothing_leaves_their_values(steps: list[int], step: int) -> None:
    places, at = [x / 200.0 for x in steps], step / 200.0
    nearest = around(at, places)
    values = [np.array([max(x - 0.5, 0.0)]) for x in nearest]
    found = between(at, nearest, values)
    if min(nearest) <= at <= max(nearest):
        assert min(values) - 1e-12 <= found <= max(values) + 1e-12


def test_a_draw_without_an_answer_leaves_the_others_their_start() -> None:
    starts = Starts(DIALS)
    starts.put({}, np.array([[1.0], [np.nan]]))
    starts.put({"t.a": 100.0}, np.array([[5.0], [2.0]]))
    found = starts.at({"t.a": 60.0})
    assert found is not None
    assert found[0, 0] == pytest.approx(3.0)


def test_what_is_kept_is_bounded() -> None:
    starts = filled({})
    for i in range(4001):
        starts.put({"t.a": i / 40.0}, np.zeros((1, 3)))
        starts.put({"t.a": i / 40.0, "t.b": 5.0}, np.zeros((1, 3)))
    assert len(starts._along["t.a"]) <= 1.0 / APART + 1
    assert starts._count <= PLACES
    assert len(starts._recent.values()) <= RECENT
