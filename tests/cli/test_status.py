"""C46: exit status, an empty standard output unless all is well, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from accord.cli import cli

Accord = Callable[..., "CompletedProcess[str]"]


def test_an_answer_is_status_0(accord: Accord, deal: Path) -> None:
    done = accord("run", deal)
    assert done.returncode == 0
    assert done.stdout.startswith("Borland's metal free of duty\n")
    assert done.stderr == ""


USAGE = [
    ["frobnicate"],
    ["run"],
    ["run", "--frob", "x"],
    ["run", "us-russia-2025", "--as-of", "yesterday"],
    ["run", "us-russia-2025", "--as-of", "2025-02-30"],
    ["run", "us-russia-2025", "--draws", "-1"],
    ["run", "us-russia-2025", "--draws", "some"],
    ["run", "us-russia-2025", "--seed", "-1"],
    ["check", "us-russia-2025", "--draws", "5"],
    ["rests-on"],
    ["rests-on", "us-russia-2025", "--draws", "0"],
    ["rests-on", "us-russia-2025", "--points", "1"],
    ["compare", "us-russia-2025", "us-russia-2025:duty-free", "--years", "2025-2030"],
    ["check", "us-russia-2025", "--years", "2025-2030"],
    ["compare", "us-russia-2025"],
    ["compare"],
    ["check"],
    ["pack"],
    ["pack", "show"],
    ["claims"],
    ["claims", "us-russia-2025", "--years", "2025-2030"],
    ["backcast"],
    ["backcast", "toyland"],
    ["backcast", "aluminium", "--years", "2018-2020"],
    ["serve", "--port", "many"],
    ["serve", "us-russia-2025", "more"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_a_wrong_command_is_status_2(arguments: list[str]) -> None:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr


INPUT = [
    ["run", "no-such-deal"],
    ["run", "us-rusia-2025"],
    ["run", "us-russia-2025:no-such-variant"],
    ["run", "us-russia-2025@noon"],
    ["run", "no/such/file.toml"],
    ["run", "."],
    ["run", "us-russia-2025", "--closure", "magic"],
    ["check", "no-such-deal"],
    ["compare", "us-russia-2025", "no-such-deal"],
    ["pack", "show", "no-such-pack"],
    ["pack", "build", "no-such-pack"],
    ["pack", "build", "aluminium", "--sources", "no/such/folder", "--out", "rebuilt"],
]


@pytest.mark.parametrize("arguments", INPUT, ids=" ".join)
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["text", "json"])
def test_faulty_input_is_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], json: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    options = [] if arguments[:2] == ["pack", "build"] else json
    done = CliRunner().invoke(cli, [*arguments, *options])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "found" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_as_a_process_too(accord: Accord, tmp_path: Path) -> None:
    done = accord("run", "no-such-deal", "--json", "--out", "answer")
    assert (done.returncode, done.stdout) == (2, "")
    assert list((tmp_path / "here").iterdir()) == []


def test_a_likely_name_is_offered() -> None:
    def told(*arguments: str) -> str:
        return CliRunner().invoke(cli, arguments).stderr

    assert "us-russia-2025" in told("run", "us-rusia-2025")
    assert "aluminium" in told("pack", "show", "aluminum")
    assert "duty-free" in told("run", "us-russia-2025:duty-fre")


def test_no_certified_answer_is_status_1(accord: Accord, deal: Path, tmp_path: Path) -> None:
    done = accord("run", f"{deal}:too-much", "--json", "--out", "answer")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "supply" in done.stderr
    assert "short by" in done.stderr
    assert list((tmp_path / "here").iterdir()) == []


def test_one_answer_that_fails_fails_the_comparison(
    accord: Accord, deal: Path, tmp_path: Path
) -> None:
    done = accord("compare", deal, f"{deal}:too-much", "--out", "both")
    assert done.returncode == 1
    assert done.stdout == ""
    assert list((tmp_path / "here").iterdir()) == []


def test_the_reader_may_leave_early(deal: Path) -> None:
    """`accord run ... | head -1` ends without a word."""
    program = "from accord.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "run", str(deal), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "utf-8"])
def test_any_terminal_can_be_written_to(accord: Accord, deal: Path, encoding: str) -> None:
    done = accord("run", deal, PYTHONIOENCODING=f"{encoding}:strict", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "Main results" in done.stdout
