"""The pages of the tariff model and of gravity: what they print is what the program gives."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.assessment.economy_answer import EconomyAnswer, ask, of_best
from accord.assessment.economy_link import link_of
from accord.cli import cli
from accord.economy.data.build import Wish, build
from accord.economy.data.load import load_table
from accord.economy.known import known
from accord.economy.models import Setting
from accord.report.economy import headline
from accord.report.economy_link import headline as link_headline

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
    if re.match(r"    accord economy (run|optimal|gains|link) ", line)
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
    for part in (
        "run us-russia-2025", "--duty", "tariffs-2025", "optimal --war", "gains --region",
        "link us-russia-2025", "optimal --region USA --model tariffs-2025",
    ):  # fmt: skip
        assert part in text, part


def gains(a: EconomyAnswer) -> dict[str, str]:
    assert a.both is not None
    return {s.region: f"{s.economy / 1e6:+.0f} mn USD" for s in a.both.sides if s.what == "gain"}


def test_the_example_of_a_deal_in_the_table_that_ships() -> None:
    found = gains(ask("us-russia-2025", (), load_table()))
    page = " ".join((DOCS / "economy-deals.md").read_text("utf-8").split())
    assert f"{found['RUS']} for Russia and {found['USA']} for the United States" in page


def test_the_example_of_a_link_in_the_table_that_ships() -> None:
    page = " ".join((DOCS / "economy-deals.md").read_text("utf-8").split())
    assert link_headline(link_of("us-russia-2025", load_table())) in page


def test_the_best_duties_of_2025_in_the_table_that_ships() -> None:
    page = " ".join((DOCS / "economy-2025.md").read_text("utf-8").split())
    kept = of_best(["USA"], load_table(), "uniform", Setting("tariffs-2025")).best
    out = Setting("tariffs-2025", revenue_use="lump sum")
    handed = of_best(["USA"], load_table(), "uniform", out).best
    assert kept is not None
    assert handed is not None
    gains = [x.answer.welfare[x.answer.regions.index("USA")] for x in (kept, handed)]
    told = [f"{100 * x.rate:.1f} %" for x in (kept, handed)]
    first, second = (f"+{100 * (gain - 1):.2f} %" for gain in gains)
    rule = f"{100 * kept.formula:.1f} %"
    assert (
        f"{told[0]} for the United States (welfare {first}; the paper's rule says {rule})" in page
    )
    assert f"{told[1]} where revenue is handed out ({second})" in page


def test_how_much_of_the_table_that_ships_is_known_is_on_its_page() -> None:
    """The page's table of statuses against the rows."""
    page = (DOCS / "world-table.md").read_text("utf-8")
    found = {x.what: x for x in known(load_table())}
    assert found["duties"].counts == {}
    for what, words in KNOWN.items():
        ((status, count),) = found[what].counts.items()
        assert re.search(rf"\| {words} \| {count:,}( each)? \| [^|]*\| {status}", page), what


KNOWN = {
    "pairs": "flows between pairs", "home sales": "home sales", "inputs": "inputs",
    "value added": "value added, final demand", "final demand": "value added, final demand",
    "trade elasticities": "trade elasticities",
}  # fmt: skip


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
