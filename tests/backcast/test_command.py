"""``accord backcast``: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from accord import cli
from accord.backcast import Backcast
from accord.backcast.score import RUNS


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli.cli, [str(a) for a in arguments])


def test_json_is_the_rows_and_nothing_else(found: Backcast) -> None:
    done = invoke("backcast", "aluminium", "--json")
    assert done.exit_code == 0, done.stderr
    value = json.loads(done.stdout)
    assert list(value) == ["rows"]
    assert len(value["rows"]) == len(found.rows)
    assert {row["run"] for row in value["rows"]} == set(RUNS)
    for row, own in zip(value["rows"], found.rows, strict=True):
        assert row["predicted"] == pytest.approx(own.predicted, rel=1e-9, abs=1e-12)
        assert isinstance(row["used_in_calibration"], bool)


def test_the_answer_comes_first() -> None:
    done = invoke("backcast", "aluminium")
    assert done.exit_code == 0, done.stderr
    first = done.stdout[:900]
    assert first.startswith("Back-cast of aluminium: 2018-2025 from the world of 2017\n")
    assert "beats “nothing changes” in 3 of 3 years" in first


def test_out_has_every_row_and_one_page(tmp_path: Path, found: Backcast) -> None:
    out = tmp_path / "out"
    done = invoke("backcast", "aluminium", "--out", out)
    assert done.exit_code == 0, done.stderr
    assert [p.name for p in out.glob("*.html")] == ["backcast.html"]
    with (out / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.rows)
    assert list(rows[0]) == list(found.rows[0].as_json())
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["command"] == ["accord", "backcast", "aluminium"]
    assert {entry["name"] for entry in manifest["files"]} == {
        p.name for p in out.iterdir() if p.name != "manifest.json"
    }


@pytest.mark.parametrize("pack", ["toyland", "nowhere"])
def test_a_pack_that_cannot_be_back_cast_is_status_2(pack: str) -> None:
    done = invoke("backcast", pack)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("accord: 1 fault")


def test_a_taken_folder_is_refused_before_anything_is_solved(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    done = invoke("backcast", "aluminium", "--out", tmp_path)
    assert done.exit_code == 2
    assert done.stdout == ""
