"""``accord report``: what a file's name asks for, whole or not at all, never over another file."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner, Result

from accord.cli import cli
from accord.mcp_server import tools
from accord.report.export import MAKERS

Accord = Callable[..., "CompletedProcess[str]"]
TOOLS = {"list_deals", "list_packs", "new_deal", "check_deal", "run_deal", "explain_deal"}
BEGINS = {".html": b"<!doctype html>", ".xlsx": b"PK", ".tex": b"% accord", ".dta": b"<stata_dta>",
          ".bib": b"@software{accord", ".zip": b"PK"}  # fmt: skip


def report(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["report", *(str(a) for a in arguments)])


@pytest.mark.parametrize("suffix", MAKERS)
def test_the_end_of_the_name_says_what_is_written(deal: Path, tmp_path: Path, suffix: str) -> None:
    if suffix == ".xlsx":
        pytest.importorskip("xlsxwriter", reason="needs the extra [tables]")
    path = tmp_path / f"answer{suffix.upper()}"
    done = report(deal, "--to", path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == f"written: {path}\n"
    assert path.read_bytes().startswith(BEGINS[suffix])


def test_several_at_once(deal: Path, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.tex", "a.dta", "a.zip")]
    done = report(deal, *(x for path in paths for x in ("--to", path)))
    assert done.exit_code == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.dta", "a.tex", "a.zip", "borland.toml"]


def test_a_file_is_replaced_only_when_told_to(deal: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    path.write_text("mine", "utf-8")
    done = report(deal, "--to", path)
    assert done.exit_code == 2
    assert "add --force" in done.stderr
    assert path.read_text("utf-8") == "mine"
    assert report(deal, "--to", path, "--force").exit_code == 0
    assert path.read_bytes().startswith(b"% accord")


def test_all_faults_of_the_names_are_told_at_once(deal: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    wrong = [tmp_path / "folder.zip", tmp_path / "none" / "a.tex"]
    done = report(deal, *(x for path in wrong for x in ("--to", path)), "--force")
    assert done.exit_code == 2
    assert "a folder" in done.stderr
    assert "no folder" in done.stderr


@pytest.mark.parametrize("name", ["answer.pdf", "answer", ".xlsx", "a.json"])
def test_an_unknown_kind_is_refused_before_any_work(deal: Path, tmp_path: Path, name: str) -> None:
    done = report(deal, "--to", tmp_path / name)
    assert done.exit_code == 2
    assert ".html" in done.stderr
    assert done.stdout == ""


def test_a_name_given_twice_is_refused(deal: Path, tmp_path: Path) -> None:
    done = report(deal, "--to", tmp_path / "a.tex", "--to", tmp_path / "." / "a.tex")
    assert done.exit_code == 2
    assert "twice" in done.stderr


def test_without_an_answer_there_is_no_file(deal: Path, tmp_path: Path) -> None:
    done = report(f"{deal}:too-much", "--to", tmp_path / "a.tex")
    assert done.exit_code == 1
    assert [p.name for p in tmp_path.iterdir()] == [deal.name]


def test_a_missing_library_leaves_no_file(
    deal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = report(deal, "--to", tmp_path / "a.tex", "--to", tmp_path / "a.xlsx")
    assert done.exit_code == 2
    assert "pip install XlsxWriter" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == [deal.name]


def test_options_reach_the_answer(deal: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    assert report(deal, "--to", path, "--as-of", "2020-09-01").exit_code == 0
    assert "% law of: 2020-09-01" in path.read_text("utf-8")


def test_the_mcp_sdk_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    for name in [n for n in sys.modules if n.startswith(("mcp.", "accord.mcp_server.server"))]:
        monkeypatch.delitem(sys.modules, name)
    done = CliRunner().invoke(cli, ["mcp"])
    assert done.exit_code == 2
    assert "pip install mcp" in done.stderr
    assert done.stdout == ""


def test_a_plain_report_needs_no_extra(accord: Accord, deal: Path, tmp_path: Path) -> None:
    done = accord("report", deal, "--to", tmp_path / "a.zip", "--to", tmp_path / "a.dta")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.dta").exists()


def test_the_page_on_files_names_every_kind_and_every_tool() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "files.md").read_text("utf-8")
    assert re.findall(r"^\| `(\.\w+)` \|", page, re.MULTILINE) == list(MAKERS)
    below = page.partition("## For AI assistants")[2]
    rows = re.findall(r"^\| (`.+?) \|", below, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {name for name in vars(tools) if name in TOOLS}
    assert named == TOOLS
