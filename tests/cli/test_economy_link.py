"""``accord economy link`` and the best duty of the model of 2025, as a user asks for them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from accord.cli import cli


def invoke(*arguments: object) -> CompletedProcess[str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return CompletedProcess([], done.exit_code, done.stdout, done.stderr)


def test_a_market_with_the_economys_wages_is_told_on_one_screen() -> None:
    done = invoke("economy", "link", "us-russia-2025")
    assert done.returncode == 0, done.stderr
    for part in (
        "Trade between pairs of regions is assumed", "more by the", "final", "Certified:",
        "the market changes nothing in the economy", "Numbers of the table (",
        "wages and spending in GLF", "Not modelled (",
    ):  # fmt: skip
        assert part in done.stdout, part
    assert all(len(line) <= 100 for line in done.stdout.splitlines())


def test_it_is_written_whole_with_the_command_that_gives_it_again(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = invoke("economy", "link", "us-russia-2025:duty-free", "--deflator", "EUN", "--out", out)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    named = {f["name"] for f in manifest["files"]} | {"manifest.json"}
    assert named == {p.name for p in out.iterdir()}
    page = (out / "answer.html").read_text("utf-8")
    for heading in ("Assumed", "Not modelled", "Numbers of the table", "The market"):
        assert f">{heading}<" in page, heading
    again = tmp_path / "again"
    invoke(*manifest["command"][1:], "--out", again)
    for name in ("shifts.csv", "market.csv"):
        assert (again / name).read_bytes() == (out / name).read_bytes()
    with (out / "shifts.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {r["region"] for r in rows} >= {"USA", "RUS", "EUN"}
    assert {r["unit"] for r in rows} == {"ratio"}


def test_as_one_object_without_nan() -> None:
    done = invoke("economy", "link", "us-russia-2025", "--model", "one-sector", "--json")
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    assert answer["model"] == "one-sector"
    assert answer["certificates"]["economy"]["ok"] is True
    assert answer["certificates"]["market"]["ok"] is True
    assert answer["headline"]


def test_the_best_uniform_duty_of_the_model_of_2025(tmp_path: Path) -> None:
    out = tmp_path / "best"
    asked = ("economy", "optimal", "--region", "USA", "--model", "tariffs-2025")
    done = invoke(*asked, "--revenue", "lump sum", "--out", out)
    assert done.returncode == 0, done.stderr
    for part in ("best in the model", "the paper's rule", "no duty", "Certified:"):
        assert part in done.stdout, part
    answer = json.loads((out / "answer.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert answer["choice"] is None
    rates = answer["best"]["rates"]
    assert max(rates, key=lambda r: r["welfare"])["what"] == "best in the model"
    with (out / "uniform_duties.csv").open(encoding="utf-8", newline="") as lines:
        assert [float(r["rate"]) for r in csv.DictReader(lines)] == [r["rate"] for r in rates]
    relieved = json.loads(invoke(*asked, "--json").stdout)["best"]
    assert relieved["rate"] > answer["best"]["rate"]  # handed out, revenue is worth less
