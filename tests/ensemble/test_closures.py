"""Closures as one of the uncertain things."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.ensemble.chunk import SIZE
from accord.ensemble.closures import UNSURE, choice_of, read_weights
from accord.ensemble.run import How, prepare, run
from accord.equilibrium.homogeneous import Homogeneous
from accord.errors import InputError
from ensemble_asks import DUTY, ask_of, toy_ask

HEADER = "closure,weight,unit,source,status,note\n"


def test_the_table_of_weights_is_sound_and_assumed() -> None:
    rows = read_weights()
    assert sum(row.weight for row in rows) == pytest.approx(1.0)
    assert {row.status for row in rows} == {"assumed"}


def test_draws_of_each_closure_come_as_often_as_its_weight(tmp_path: Path) -> None:
    ask = toy_ask(tmp_path, DUTY, closure="mixed")
    choice = choice_of(ask.closure, ask.markets)
    weight = {row.closure: row.weight for row in choice.weights}
    counts = Counter(choice.picks(1_000, seed=5))
    for closure, share in weight.items():
        assert counts[closure] / 1_000 == pytest.approx(share, abs=5e-3)
    # A draw's closure is its own, whatever stretch it is asked for in.
    whole = choice.picks(100, seed=5)
    assert choice.picks(30, seed=5, start=40) == whole[40:70]
    assert choice.picks(100, seed=6) != whole


def test_a_closure_that_has_no_words_for_the_market_is_left_out_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As it does for markets in which duties follow the metal's origin.
    monkeypatch.setattr(Homogeneous, "refusal", lambda self, market: "duties by origin")  # noqa: ARG005
    choice = choice_of("mixed", toy_ask(tmp_path, DUTY).markets)
    assert dict(choice.left_out) == {"homogeneous": "duties by origin"}
    assert sum(row.weight for row in choice.weights) == pytest.approx(1.0)
    assert "homogeneous is left out: the market has duties by origin." in choice.notes


def test_mixed_draws_are_those_of_their_closures(tmp_path: Path) -> None:
    ask = toy_ask(tmp_path, DUTY, closure="mixed")
    plain = toy_ask(tmp_path, DUTY)
    mixed, share = run(ask, 24, seed=2), run(plain, 24, seed=2)
    assert len(set(mixed.closures)) > 1
    assert mixed.solved == 24
    np.testing.assert_array_equal(mixed.values, share.values)
    alike = [i for i, name in enumerate(mixed.closures) if name == "share"]
    other = [i for i, name in enumerate(mixed.closures) if name != "share"]
    assert alike
    np.testing.assert_allclose(
        mixed.effects.after[alike], share.effects.after[alike], rtol=1e-9, atol=1e-6
    )
    assert np.nanmax(np.abs(mixed.effects.after[other] - share.effects.after[other])) > 0.0
    assert any("each" in note.lower() for note in mixed.notes)


def test_what_a_closure_does_not_pin_down_is_absent_in_its_draws(tmp_path: Path) -> None:
    ask = toy_ask(tmp_path, DUTY, closure="homogeneous")
    found = run(ask, 3)
    assert found.closures == ("homogeneous",) * 3
    for i, row in enumerate(found.effects.rows):
        absent = bool(np.isnan(found.effects.after[:, i]).all())
        if row.measure in UNSURE["homogeneous"]:
            assert absent, row.measure
        elif row.measure == "output":
            assert not absent


def test_mixed_draws_are_the_same_on_two_processes(tmp_path: Path) -> None:
    ask = toy_ask(tmp_path, DUTY, closure="mixed")
    one = run(ask, SIZE + 9, how=How(workers=1))
    two = run(ask, SIZE + 9, how=How(workers=2))
    np.testing.assert_array_equal(one.effects.after, two.effects.after)
    assert one.closures == two.closures


def test_the_default_is_one_closure_and_needs_no_note() -> None:
    ask = ask_of("us-russia-2025")
    prepared = prepare(ask, 0)
    assert prepared.choice.notes == ()
    assert set(prepared.choice.picks(10, 0)) == {"share"}


@pytest.mark.parametrize(
    ("row", "field"),
    [("share,0,1,own,assumed,", "weight"), ("share,-0.2,1,own,assumed,", "weight")],
)
def test_weights_that_are_none_are_refused(tmp_path: Path, row: str, field: str) -> None:
    path = tmp_path / "closures.csv"
    path.write_text(f"{HEADER}{row}\narmington,1,1,own,assumed,\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_weights(path)
    (fault,) = caught.value.faults
    assert (fault.field, fault.line) == (field, 2)


def test_a_draw_that_a_closure_cannot_say_counts_as_failed() -> None:
    """Under armington σ must be above 1; the third draw has a σ of bauxite below it."""
    ask = replace(ask_of("us-russia-2025"), closure="armington")
    known = ask.pack.uncertainty(ask.year)
    place = [n.key.parameter == "sigma" for n in known.numbers]
    low = (known.draws(3, 0)[:, place] <= 1.0).any(axis=1)
    assert low.any()
    found = run(ask, 3, 0, how=How(workers=1))
    assert found.effects.solved.tolist() == (~low).tolist()
    assert any("elasticity of substitution of 1 or less" in cause for cause in found.causes)
