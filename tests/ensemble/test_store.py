"""Chunks kept in a folder: taken up again, refused for another question, never half-read."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from accord.ensemble.ask import Ask
from accord.ensemble.chunk import SIZE, Prepared, Stretch, solve_chunk
from accord.ensemble.run import How, run
from accord.errors import InputError
from ensemble_asks import DUTY, QUOTA, toy_ask

DRAWS = 2 * SIZE + 3
RUN = import_module("accord.ensemble.run")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    return toy_ask(tmp_path, DUTY)


def stopping(after: int):  # noqa: ANN201
    def stop(done: int, wanted: int) -> None:
        del wanted
        if done >= after:
            raise KeyboardInterrupt

    return stop


def test_a_run_is_taken_up_where_it_stopped(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    part = run(ask, DRAWS, how=How(1, resume=folder, progress=stopping(2 * SIZE)))
    assert part.partial
    assert len(list(folder.glob("*.npz"))) == 2
    computed: list[Stretch] = []

    def counted(prepared: Prepared, stretch: Stretch):  # noqa: ANN202
        computed.append(stretch)
        return solve_chunk(prepared, stretch)

    monkeypatch.setattr(RUN, "solve_chunk", counted)
    whole = run(ask, DRAWS, how=How(1, resume=folder))
    assert computed == [Stretch(2 * SIZE, DRAWS)]
    plain = run(ask, DRAWS, how=How(1))
    np.testing.assert_array_equal(whole.effects.after, plain.effects.after)
    np.testing.assert_array_equal(whole.values, plain.values)
    assert whole.closures == plain.closures
    assert not list(folder.glob("*.part"))


def test_more_draws_go_on_from_fewer(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(ask, SIZE, how=How(1, resume=folder))
    more = run(ask, 2 * SIZE, how=How(1, resume=folder))
    assert more.done == 2 * SIZE
    assert len(list(folder.glob("*.npz"))) == 2


def test_a_chunk_that_cannot_be_read_is_computed_again(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = run(ask, SIZE, how=How(1, resume=folder))
    (file,) = folder.glob("*.npz")
    file.write_bytes(file.read_bytes()[:100])
    again = run(ask, SIZE, how=How(1, resume=folder))
    np.testing.assert_array_equal(first.effects.after, again.effects.after)


def refused(ask: Ask, folder: Path, seed: int = 0) -> str:
    with pytest.raises(InputError) as caught:
        run(ask, SIZE, seed, how=How(1, resume=folder))
    (fault,) = caught.value.faults
    assert fault.field == "resume"
    return fault.found


def test_a_folder_of_another_question_is_refused(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(ask, SIZE, how=How(1, resume=folder))
    assert "seed" in refused(ask, folder, seed=1)
    (tmp_path / "other").mkdir()
    assert "deal" in refused(toy_ask(tmp_path / "other", QUOTA), folder)


def test_a_folder_that_is_something_else_is_refused(ask: Ask, tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "thesis.txt").write_text("mine", encoding="utf-8")
    assert "other files" in refused(ask, strange)
    (broken := tmp_path / "broken").mkdir()
    (broken / "ensemble.json").write_text("{", encoding="utf-8")
    assert str(broken) in refused(ask, broken)
    assert "thesis.txt" in refused(ask, strange / "thesis.txt")


def test_a_file_is_no_folder(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    with pytest.raises(InputError, match="a file, not a folder"):
        run(ask, 4, how=How(1, resume=file))
    assert file.read_text("utf-8") == "mine"


def test_of_one_thing_that_differs_it_is_said_in_the_singular(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    run(ask, 4, seed=1, how=How(1, resume=folder))
    with pytest.raises(InputError, match="another question: seed differs"):
        run(ask, 4, seed=2, how=How(1, resume=folder))
