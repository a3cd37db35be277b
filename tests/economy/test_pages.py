"""The pages of the tariff model and of gravity: what they print is what the program gives."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.assessment.economy_answer import EconomyAnswer, ask
from accord.cli import cli
from accord.economy.data.build import Wish, build
from accord.economy.data.load import load_table
from accord.report.economy import headline

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["economy-2025.md", "economy-gravity.md"])
def test_a_page_prints_what_it_says(page: str) -> None:
    found = doctest.testfile(str(DOCS / page), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


COMMANDS = sorted({
    (path.name, line.strip().split("  ")[0])
    for path in DOCS.glob("economy*.md")
    for line in path.read_text("utf-8").splitlines()
    if re.match(r"    accord economy (run|optimal|gains) ", line)
    and "..." not in line
    and "world-2022" not in line
})  # fmt: skip


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=[c for _, c in COMMANDS])
def test_every_command_of_a_page_runs(page: str, command: str) -> None:
    done = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert done.exit_code == 0, f"{page}: {done.stderr}"
    assert "Certified" in done.stdout or "Gains from trade" in done.stdout


def test_there_are_commands_of_every_kind() -> None:
    text = " ".join(command for _, command in COMMANDS)
    for part in ("run us-russia-2025", "--duty", "tariffs-2025", "optimal --war", "gains --region"):
        assert part in text, part


def gains(a: EconomyAnswer) -> dict[str, str]:
    assert a.both is not None
    return {s.region: f"{s.economy / 1e6:+.0f} mn USD" for s in a.both.sides if s.what == "gain"}


def test_the_example_of_a_deal_in_the_table_that_ships() -> None:
    found = gains(ask("us-russia-2025", (), load_table()))
    page = " ".join((DOCS / "economy-deals.md").read_text("utf-8").split())
    assert f"{found['RUS']} for Russia and {found['USA']} for the United States" in page


def test_the_example_of_a_deal_in_the_world_of_2022() -> None:
    facts = Path(os.environ.get("ACCORD_FACTS") or Path("..", "shared", "facts"))
    if not facts.is_dir():
        pytest.skip("the sources are not here")
    table = build(Wish("world-2022", facts, "world-2022", repair=True)).table
    answer = ask("us-russia-2025", (), table)
    page = " ".join((DOCS / "economy-deals.md").read_text("utf-8").split())
    assert headline(answer) in page
    for region, gain in gains(answer).items():
        assert re.search(rf"gain, {NAMES[region]} \| [^|]* \| {re.escape(gain)} ", page), region


NAMES = {"RUS": "Russia", "USA": "United States"}
