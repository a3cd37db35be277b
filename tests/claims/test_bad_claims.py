"""Faulty claims, figures and words: every fault in one message, status 2, nothing on stdout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.cli import cli
from accord.deal import shipped_deals

HERE = Path(__file__).resolve().parents[1] / "bad_input" / "claims"
SHIPPED = shipped_deals()["us-russia-2025"]
FACTS = "quantity,region,good,year,value,unit,edition,source,status\n"
WORDS = "word,kind,strict,middle,generous,unit,means,source,status\n"


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(HERE / "faulty.toml", tmp_path)
    return Path("faulty.toml")


@pytest.mark.parametrize("command", ["claims", "run", "check"])
def test_all_faults_of_claims_at_once(faulty: Path, command: str) -> None:
    done = CliRunner().invoke(cli, [command, str(faulty)])
    assert done.exit_code == 2
    assert done.stdout == ""
    expected = (HERE / "faulty.expected").read_text("utf-8")
    assert done.stderr == f"accord: {expected}"


def test_all_faults_of_figures_at_once(tmp_path: Path) -> None:
    deal = tmp_path / "deal.toml"
    shutil.copy(SHIPPED, deal)
    rows = (
        "mine_outptu,RUS,rare_earths,2024,2.6,kt REO/yr,e,usgs-2026,reported",
        "mine_output,XYZ,rare_earths,2024,2.6,kt REO/yr,e,usgs-2026,reported",
        "mine_output,RUS,rare_earths,2024,many,kt REO/yr,e,usgs-2026,reported",
        "mine_output,RUS,rare_earths,2025,2.6,kt REO/yr,e,usgs-2027,rumoured",
    )
    deal.with_suffix(".facts.csv").write_text(FACTS + "\n".join(rows) + "\n", "utf-8")
    done = CliRunner().invoke(cli, ["claims", str(deal), "--draws", "0"])
    assert done.exit_code == 2
    assert done.stdout == ""
    for found in ('"mine_outptu"', '"many"', '"rumoured"'):
        assert found in done.stderr


def test_a_figure_names_a_region_and_a_source_that_there_are(tmp_path: Path) -> None:
    deal = tmp_path / "deal.toml"
    shutil.copy(SHIPPED, deal)
    row = "mine_output,XYZ,rare_earths,2024,2.6,kt REO/yr,e,usgs-2027,reported\n"
    deal.with_suffix(".facts.csv").write_text(FACTS + row, "utf-8")
    for command in (["claims", "--draws", "0"], ["check"]):
        done = CliRunner().invoke(cli, [*command, str(deal)])
        assert done.exit_code == 2
        assert '"XYZ"' in done.stderr
        assert 'write "usgs-202' in done.stderr


def test_cut_offs_run_from_strict_to_generous(tmp_path: Path) -> None:
    deal = tmp_path / "deal.toml"
    shutil.copy(SHIPPED, deal)
    row = "significant,size,0.1,0.5,0.01,furlong,wild,own,assumed\n"
    deal.with_suffix(".words.csv").write_text(WORDS + row, "utf-8")
    done = CliRunner().invoke(cli, ["claims", str(deal), "--draws", "0"])
    assert done.exit_code == 2
    assert done.stderr.count("found") == 2
    assert "furlong" in done.stderr


def test_a_law_that_never_was(tmp_path: Path) -> None:
    deal = tmp_path / "deal.toml"
    text = SHIPPED.read_text("utf-8")
    deal.write_text(text.replace('law = "us.s232_russia_200"', 'law = "us.s232_rusia"'), "utf-8")
    done = CliRunner().invoke(cli, ["claims", str(deal), "--draws", "0"])
    assert done.exit_code == 2
    assert 'the unknown measure "us.s232_rusia"' in done.stderr


def test_what_no_table_has_is_not_checkable(tmp_path: Path) -> None:
    """Without its figures a deal still runs; what they would test says what is missing."""
    deal = tmp_path / "deal.toml"
    shutil.copy(SHIPPED, deal)
    done = CliRunner().invoke(cli, ["claims", str(deal), "--json", "--draws", "0"])
    assert done.exit_code == 0
    rows = [r for r in json.loads(done.stdout)["rows"] if r["measure"] == "reserves_ratio"]
    assert rows
    for row in rows:
        assert (row["verdict"], row["value"]) == ("not checkable", None)
        assert row["because"] == "No figure for reserves of RUS."
