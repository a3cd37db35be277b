"""``accord economy`` and ``accord data`` as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from accord.cli import cli

Accord = Callable[..., "CompletedProcess[str]"]
DUTY = "USA:CHN:*=10%"
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"


def invoke(*arguments: object) -> CompletedProcess[str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return CompletedProcess([], done.exit_code, done.stdout, done.stderr)


def test_duties_are_answered_on_one_screen(accord: Accord) -> None:
    done = accord("economy", "run", "--duty", DUTY)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("USA charges 10 % more on everything from CHN\n")
    for part in ("Who gains, who loses", "Certified:", "Assumed (", "Not modelled (", "Data ("):
        assert part in done.stdout, part


def test_json_is_one_object_without_nan() -> None:
    done = invoke("economy", "run", "--duty", DUTY, "--model", "one-sector", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout, parse_constant=pytest.fail)
    assert answer["model"] == "one-sector"
    assert answer["certificate"]["ok"] is True
    assert {r["measure"] for r in answer["effects"]} >= {"welfare", "real wage", "tariff revenue"}
    assert answer["duties"] == [
        {"importer": "USA", "exporter": "CHN", "sector": "*", "rate": pytest.approx(0.1)}
    ]


def test_a_deal_is_answered_by_both_engines(accord: Accord) -> None:
    done = accord("economy", "run", "us-russia-2025:duty-free")
    assert done.returncode == 0
    for part in ("Both engines", "The deal as the economy sees it", "trade begins", "same sign"):
        assert part in done.stdout, part


def test_tables_are_written_whole_with_a_manifest(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = invoke("economy", "run", "--duty", DUTY, "--out", out)
    assert done.returncode == 0
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    names = {f["name"] for f in manifest["files"]}
    assert names | {"manifest.json"} == {p.name for p in out.iterdir()}
    assert manifest["command"][:3] == ["accord", "economy", "run"]
    assert (out / "effects.csv").read_text("utf-8").startswith("region,sector,measure,before")


def test_the_command_of_a_manifest_gives_the_same_answer(tmp_path: Path) -> None:
    out = tmp_path / "answer"
    invoke("economy", "run", "--duty", DUTY, "--duty", "CHN:USA:GOODS=5%", "--out", out)
    command = json.loads((out / "manifest.json").read_text("utf-8"))["command"]
    again = tmp_path / "again"
    invoke(*command[1:], "--out", again)
    assert (again / "effects.csv").read_bytes() == (out / "effects.csv").read_bytes()


USAGE = [
    ["economy"],
    ["economy", "run"],
    ["economy", "run", "us-russia-2025", "--duty", DUTY],
    ["economy", "run", "us-russia-2025", "--deficits", "balanced"],
    ["economy", "run", "--duty", DUTY, "--deficits", "none"],
    ["economy", "run", "--duty", "x"],
    ["economy", "run", "--duty", DUTY, "--model", "gtap"],
    ["economy", "run", "--duty", DUTY, "--table", "nowhere"],
    ["economy", "run", "no-such-deal"],
    ["economy", "run", "halve-defence-2025"],
    ["economy", "validate", "no_such_case"],
    ["economy", "build", "icio", "--out", "t"],
    ["economy", "build", "eora", "--sources", ".", "--out", "t"],
    ["economy", "build", "open-2022", "--sources", "nowhere", "--out", "t"],
    ["data"],
    ["data", "get"],
    ["data", "get", "nothing"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_input_is_status_2_with_nothing_on_standard_output(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_table_is_refused_with_amounts_and_places(tmp_path: Path) -> None:
    from accord.economy.data.load import SHIPPED

    folder = tmp_path / "mine"
    folder.mkdir()
    for path in (SHIPPED / "open-2022").iterdir():
        text = path.read_text("utf-8")
        if path.name == "accounts.csv":
            lines = text.splitlines()
            region, sector, _, final = lines[1].split(",")
            lines[1] = f"{region},{sector},1.0,{final}"
            text = "\n".join(lines) + "\n"
        (folder / path.name).write_text(text, "utf-8")
    done = invoke("economy", "run", "--duty", DUTY, "--table", folder)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "off at 1 places" in done.stderr
    assert "ARE GOODS" in done.stderr


def test_tables_and_data_are_listed() -> None:
    assert invoke("economy", "tables").stdout.startswith("open-2022: Open world of 2022")
    listed = json.loads(invoke("economy", "tables", "--json").stdout)
    assert listed["recipes"] == ["open-2022", "world-2022"]
    assert "no checksum known" in invoke("data", "list").stdout
    assert json.loads(invoke("data", "list", "--json").stdout)["data"]


def test_nothing_is_fetched_on_a_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("fetched")

    monkeypatch.setattr("accord.economy.data.fetch.urlopen", refuse)
    done = invoke("data", "get", "itpd-e-r02", "--dry-run", "--to", tmp_path / "x")
    assert done.returncode == 0
    assert done.stdout == ""
    for part in ("from", "size", "licence", "check", "no checksum is known"):
        assert part in done.stderr, part
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(not FACTS.is_dir(), reason="the sources are not here")
def test_a_table_is_built_and_answers(tmp_path: Path) -> None:
    out = tmp_path / "world"
    refused = invoke("economy", "build", "world-2022", "--sources", FACTS, "--out", out)
    assert refused.returncode == 2
    assert not out.exists()
    done = invoke("economy", "build", "world-2022", "--sources", FACTS, "--out", out, "--repair")
    assert done.returncode == 0
    assert "Mended (3)" in done.stdout
    answer = invoke("economy", "run", "--duty", "USA:*:STEEL=25%", "--table", out)
    assert answer.returncode == 0
    assert "Sectors in the United States" in answer.stdout


def test_validate_runs_the_economy_wide_cases_only() -> None:
    done = invoke("economy", "validate", "gegravity_sample", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)["rows"]
    assert {row["case"] for row in rows} == {"gegravity_sample"}
    assert invoke("economy", "validate", "hansmcp").returncode == 2
