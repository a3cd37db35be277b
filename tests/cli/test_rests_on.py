"""``accord rests-on``: which uncertain numbers decide an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.cli import cli

ASKED = ("--draws", "64", "--points", "16")


def invoke(*arguments: object) -> str:
    done = CliRunner().invoke(cli, ["rests-on", *(str(a) for a in arguments)])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_the_short_list_comes_first(deal: Path) -> None:
    text = invoke(deal, *ASKED)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    parts = ["decide", "One number at a time", "What of law and market", "Sobol indices of",
             "Do they agree?"]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "−0.00" not in text


def test_json_and_files(deal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    value = json.loads(invoke(deal, *ASKED, "--json", "--out", out))
    assert set(value) == {"fixed", "by_draws", "one_at_a_time", "sobol", "agreement"}
    names = [bar["name"] for bar in value["one_at_a_time"]["numbers"]]
    assert value["by_draws"]["pillars"][0]["name"] in names
    assert value["sobol"]["points"] == 16
    assert {path.name for path in out.iterdir()} == {
        "rests_on.csv", "tornado.csv", "elasticities.csv", "rests_on.json", "manifest.json",
    }  # fmt: skip
    assert json.loads((out / "rests_on.json").read_text("utf-8")) == value


def test_a_run_writes_it_too(deal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(cli, ["run", str(deal), "--draws", "64", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    found = json.loads((out / "assessment.json").read_text("utf-8"))["rests_on"]
    assert found["one_at_a_time"]["numbers"]
    assert found["sobol"] is None
    for name in ("rests_on.csv", "tornado.csv", "elasticities.csv"):
        assert (out / name).read_text("utf-8").count("\n") > 1


@pytest.mark.parametrize("name", ["halve-defence-2025", "rare-earths-2025"])
def test_a_deal_without_a_market_is_refused(name: str) -> None:
    done = CliRunner().invoke(cli, ["rests-on", name, *ASKED])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "found" in done.stderr
