"""Starts that follow the numbers: nearer than the centre, the same however draws are spread."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from accord.ensemble import chunk as chunks
from accord.ensemble.ask import Ask
from accord.ensemble.drawn import Drawn
from accord.ensemble.response import FARTHEST, response_of
from accord.ensemble.run import FAST_FROM, How, kernel_for, prepare, run
from accord.equilibrium import fast
from accord.equilibrium.many import solve_many
from accord.equilibrium.stack import Stack
from ensemble_asks import DUTY, ask_of, toy_ask

RUN = import_module("accord.ensemble.run")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    return toy_ask(tmp_path, DUTY)


def test_starts_are_nearer_than_the_centre() -> None:
    prepared = prepare(ask_of("us-russia-2025"), 0)
    numbers = prepared.uncertainty
    scores = numbers.scores(32, 5)
    drawn = Drawn(tuple(n.key for n in numbers.numbers), numbers.values(scores))
    stack = prepared.markets.before(drawn)
    assert prepared.response is not None
    starts = prepared.response.starts(scores)
    near, far = solve_many(stack, starts), solve_many(stack, prepared.starts[0])
    assert near.solved.all()
    sizes = np.abs(far.z).max(axis=0) + 1e-9
    away = np.abs(starts - far.z) / sizes
    from_centre = np.abs(prepared.starts[0] - far.z) / sizes
    assert np.median(away.mean(axis=1)) < 0.5 * np.median(from_centre.mean(axis=1))
    np.testing.assert_allclose(near.z / sizes, far.z / sizes, atol=1e-8)


def test_numbers_at_their_medians_start_at_the_centre(ask: Ask) -> None:
    prepared = prepare(ask, 0)
    assert prepared.response is not None
    start = prepared.response.starts(np.zeros((1, len(prepared.uncertainty.numbers))))
    assert np.array_equal(start[0], prepared.starts[0])


def test_far_tails_start_no_further_than_the_farthest_score(ask: Ask) -> None:
    prepared = prepare(ask, 0)
    assert prepared.response is not None
    count = len(prepared.uncertainty.numbers)
    far, farther = (prepared.response.starts(np.full((1, count), x)) for x in (FARTHEST, 9.0))
    assert np.array_equal(far, farther)


def test_a_trial_without_an_answer_moves_nothing(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare(ask, 0)
    numbers = prepared.uncertainty
    keys, count = tuple(n.key for n in numbers.numbers), len(numbers.numbers)

    def stack(scores: np.ndarray) -> Stack:
        return prepared.markets.before(Drawn(keys, numbers.values(scores)))

    def failing(stack: Stack, start: np.ndarray) -> object:
        found = solve_many(stack, start)
        found.solved[count], found.z[count] = False, np.nan
        return found

    monkeypatch.setattr("accord.ensemble.response.solve_many", failing)
    response = response_of(stack, count, prepared.starts[0])
    assert not response.slope[0].any()
    assert not response.bend[0].any()
    assert np.isfinite(response.slope).all()


def test_without_numbers_every_start_is_the_centre() -> None:
    centre = np.array([1.0, 2.0])

    def nobody(scores: np.ndarray) -> Stack:
        raise AssertionError(scores)

    response = response_of(nobody, 0, centre)
    assert np.array_equal(response.starts(np.zeros((3, 0))), np.tile(centre, (3, 1)))


def test_draws_that_are_solved_alone_need_no_response(tmp_path: Path) -> None:
    assert prepare(toy_ask(tmp_path, DUTY, closure="armington"), 0).response is None


# ------------------------------------------------------------------------------------ kernels


def test_few_draws_clusters_and_kept_folders_are_solved_with_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUN, "kernel_in_use", lambda: "numba")
    assert kernel_for(FAST_FROM) == "numba"
    assert kernel_for(FAST_FROM - 1) == "numpy"
    assert kernel_for(FAST_FROM, How(scheduler="tcp://127.0.0.1:8786")) == "numpy"
    assert kernel_for(FAST_FROM, How(resume=tmp_path)) == "numpy"


def test_what_would_be_faster_is_said_where_draws_are_many(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = fast.Cache(installed=True, warm=False)
    monkeypatch.setattr(RUN, "FAST_FROM", 40)
    monkeypatch.setattr(RUN, "look", lambda: cold)
    monkeypatch.setattr(RUN, "kernel_in_use", lambda: "numpy")
    many, few = run(ask, 40, how=How(workers=1)), run(ask, 39, how=How(workers=1))
    assert many.kernel == "numpy"
    assert any(fast.COMMAND in note for note in many.notes)
    assert not any(fast.COMMAND in note for note in few.notes)


@pytest.mark.skipif(not fast.look().warm, reason=f"needs accord[fast], warm: {fast.COMMAND}")
def test_both_kernels_give_the_same_ranges_on_any_number_of_processes(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run(ask, 300, how=How(workers=1))
    monkeypatch.setattr(RUN, "FAST_FROM", 300)
    one, two = (run(ask, 300, how=How(workers=n)) for n in (1, 2))
    assert (plain.kernel, one.kernel) == ("numpy", "numba")
    np.testing.assert_array_equal(one.effects.after, two.effects.after)
    np.testing.assert_allclose(one.effects.after, plain.effects.after, rtol=1e-8, atol=1e-3)
    assert chunks.SIZE < 300
