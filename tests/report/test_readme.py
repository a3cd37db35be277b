"""README.md and the pages it shows say what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import click
from click.testing import CliRunner

from accord.assessment import Assessment
from accord.cli import cli
from accord.report.picture import picture
from accord.report.terminal import first_screen, screen

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
READING = (ROOT / "docs" / "reading-an-answer.md").read_text("utf-8")
# Residuals differ in their last digits from one machine to another.
RESIDUAL = re.compile(r"\d(e−\d+)?(?=[,;.])")
STALE = "run `python docs/refresh.py`"


def block(kind: str, text: str = README) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found.group(1)


def masked(text: str) -> list[str]:
    return [
        RESIDUAL.sub("#", line) if line.startswith("Certified") else line
        for line in text.splitlines()
    ]


def test_the_screen_in_the_readme_is_the_programs(printed: Assessment) -> None:
    shown = block("text")
    assert masked(shown) == masked(first_screen(printed)), STALE
    assert "The offers side by side" in shown
    assert screen(printed).startswith(first_screen(printed))


def test_the_picture_is_the_programs(printed: Assessment) -> None:
    shown = (ROOT / "docs" / "us-russia-2025.svg").read_text("utf-8")
    assert shown == picture(printed, standalone=True), STALE


def test_the_founding_case_fits_one_screen(printed: Assessment) -> None:
    text = first_screen(printed)
    assert text.count("\n") <= 60
    assert max(map(len, text.splitlines())) <= 100


def test_the_example_passes_its_check_and_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(block("toml"), "utf-8")
    for arguments in (
        ["check", str(path)],
        ["compare", str(path), f"{path}:half", "--json", "--draws", "40"],
    ):
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.stderr


def test_every_command_shown_is_one() -> None:
    for line in re.findall(r"^accord .*$", README + READING, re.MULTILINE):
        words = line.partition("#")[0].split()
        command, following = cli.commands[words[1]], iter(words[2:])
        while isinstance(command, click.Group):
            command = command.commands[next(following)]
        options = {name for p in command.params for name in p.opts}
        assert {w for w in words if w.startswith("--")} <= options, line


def test_every_file_linked_exists() -> None:
    for page, folder in ((README, ROOT), (READING, ROOT / "docs")):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page):
            assert (folder / target).exists(), target


def test_every_heading_of_the_screen_is_explained(founding: Assessment) -> None:
    for word in ("before", "after", "share", "duty by law", "paid", "users", "makers", "treasury",
                 "rents", "low … high access"):  # fmt: skip
        assert word in screen(founding)
        assert f"**{word}**" in READING
