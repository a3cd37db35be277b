"""Options about draws: what is refused, what is the same however it is computed, what is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from accord.assessment.sampling import Sampling
from accord.cli import cli
from accord.ensemble.run import How


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.parametrize("seed", ["-1", "x", str(2**63), "1" * 30])
def test_a_seed_that_no_points_are_made_from_is_refused(deal: Path, seed: str) -> None:
    done = invoke("run", deal, "--seed", seed)
    assert done.exit_code == 2
    assert "--seed" in done.stderr
    assert not done.stdout


def test_json_is_the_same_however_many_processes(deal: Path) -> None:
    told = [invoke("run", deal, "--draws", 300, "--workers", n, "--json").stdout for n in (1, 2)]
    assert told[0] == told[1]
    assert json.loads(told[0])["ensemble"]["done"] == 300


def test_each_scenario_has_a_folder_of_its_own(deal: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    asked = ("compare", deal, f"{deal}@2021-07-01", "--draws", 40, "--resume", kept)
    first = invoke(*asked)
    assert first.exit_code == 0, first.stderr
    folders = sorted(kept.iterdir())
    assert len(folders) == 2
    assert all((folder / "ensemble.json").is_file() for folder in folders)
    again = invoke(*asked)
    assert (again.exit_code, again.stdout) == (0, first.stdout)


def test_a_scenario_stopped_early_leaves_no_more_draws_to_the_next(
    deal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops = iter([True, False])

    def sampling(asked: object, closure: str) -> Sampling:
        del closure
        stop = next(stops)

        def progress(done: int, wanted: int) -> None:
            if stop and done < wanted:
                raise KeyboardInterrupt

        return Sampling(asked.draws, 0, How(1, progress=progress))  # type: ignore[attr-defined]

    monkeypatch.setattr("accord.cli_draws.sampling", sampling)
    done = invoke("compare", deal, f"{deal}@2021-07-01", "--draws", 300)
    assert done.exit_code == 0, done.stderr
    told = " ".join(done.stdout.split())
    found = re.search(r"Stopped early: ([\d,]+) of 300 draws of ", told)
    assert found is not None
    assert f"has the same {found[1]} draws" in told


def test_one_draw_tells_nothing_of_what_an_answer_rests_on(deal: Path) -> None:
    done = invoke("rests-on", deal, "--draws", 1, "--points", 16)
    assert done.exit_code == 2
    assert "differs from no other" in done.stderr
    few = invoke("rests-on", deal, "--draws", 7, "--points", 16)
    assert few.exit_code == 0
    assert "7 draws are too few" in few.stdout


@pytest.mark.parametrize("option", [("--resume", "kept"), ("--scheduler", "tcp://127.0.0.1:1")])
@pytest.mark.parametrize("command", ["run", "claims"])
def test_what_is_for_draws_is_refused_without_them(
    deal: Path, command: str, option: tuple[str, str]
) -> None:
    done = invoke(command, deal, "--draws", 0, *option)
    assert done.exit_code == 2
    assert f"{option[0]} is for draws" in done.stderr


def test_years_say_that_they_have_no_ranges() -> None:
    asked = ("run", "us-russia-2025", "--years", "2025-2025", "--draws")
    drawn, point = (" ".join(invoke(*asked, n).stdout.split()) for n in (2, 0))
    said = "these years have no range"
    assert said in drawn
    assert said not in point
