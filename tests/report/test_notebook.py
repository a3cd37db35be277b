"""Answers in a notebook, and the worked notebook itself."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.assessment import Assessment
from accord.display import Displayed
from accord.errors import InputError
from accord.report.compare import compare
from accord.report.notebook import answer_html, effects_html, ledger_html

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
VOID = {"br", "hr", "meta", "link", "img"}


class Pairs(HTMLParser):
    """Checks that tags pair; keeps the names of all that there are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.seen.add(tag)
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html_of(value: Displayed) -> str:
    html = value._repr_html_()
    assert html is not None
    assert value._mime_() == ("text/html", html)
    Pairs(html)
    return html


def test_an_answer_shows_itself(founding: Assessment) -> None:
    html = html_of(founding)
    assert founding.headline.split("(")[0] in html
    assert "Certified" in html
    assert f"Assumed ({len(founding.assumptions) + sum(t.implied for t in founding.terms)})" in html
    assert len(html) < 40_000


def test_ranges_over_draws_stand_with_the_numbers(drawn: Assessment) -> None:
    html = html_of(drawn)
    assert "10 … 90 %" in html
    assert "60 draws" in html


def test_effects_claims_and_comparisons_show_themselves(
    free: Assessment, banned: Assessment, founding: Assessment
) -> None:
    assert "USD a year" in html_of(free.effects)
    assert "verdict" in html_of(founding.ledger)
    assert "free" in html_of(compare(["a", "b"], [free, banned]))


def test_an_answer_without_a_market_shows_its_parts() -> None:
    html = html_of(accord.run("halve-defence-2025"))
    assert "<table>" in html


def test_titles_are_text_and_never_tags(free: Assessment) -> None:
    html = answer_html(replace(free, headline="<script>alert(1)</script>"))
    assert "<free>" not in html
    assert Pairs(html).seen.isdisjoint({"script", "free"})


def test_it_has_no_colours_of_its_own(founding: Assessment) -> None:
    """Text and lines take the notebook's colours, so that light and dark are both readable."""
    for html in (answer_html(founding), effects_html(founding.effects),
                 ledger_html(founding.ledger)):  # fmt: skip
        style = html.partition("</style>")[0]
        colours = re.findall(r"(?<![-\w])(?:color|background|background-color): *([^;}]+)", style)
        assert {x.strip() for x in colours} <= {"inherit", "none"}
        assert "#" not in style
        assert "http" not in html


def test_numbers_stand_to_the_right_and_names_are_heads(free: Assessment) -> None:
    html = answer_html(free)
    assert "text-align: right" in html
    assert '<th scope="row"' in html
    assert '<th scope="col"' in html


def test_run_is_what_the_command_line_answers(deal_file: Path) -> None:
    answer = accord.run(f"{deal_file}:banned@2020-10-01", as_of="2020-09-01")
    assert (answer.deal.variant, answer.as_of.isoformat()) == ("banned", "2020-10-01")


def test_a_bad_day_is_told_in_words(deal_file: Path) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        accord.run(deal_file, as_of="tomorrow")


def test_importing_accord_imports_nothing_heavy() -> None:
    code = "import accord, sys; print(accord.run.__name__, sorted({'numpy', 'pydantic', 'click', "
    code += "'rich'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split(maxsplit=1) == ["run", "[]\n"]


def test_a_result_without_the_report_has_its_repr() -> None:
    code = (
        "from accord.assessment.assess import assess_named\n"
        "a = assess_named('halve-defence-2025')\n"
        "print(a._repr_html_(), a._mime_() == ('text/plain', repr(a)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "None True\n"


def cells(path: Path) -> list[str]:
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    return ["".join(x["source"]) for x in notebook["cells"] if x["cell_type"] == "code"]


def run_cell(source: str, names: dict[str, object]) -> object:
    """Run a cell as a notebook does; return the value of its last line if that is an expression."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - a notebook is code to be run
        return None
    exec(compile(ast.Module(tree.body[:-1], []), "cell", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_worked_notebook_runs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    shown = [value for source in cells(path) if (value := run_cell(source, names)) is not None]
    assert len(shown) >= 4
    for value in shown:
        assert isinstance(value, Displayed)
        html_of(value)
    assert "kB" in capsys.readouterr().out


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_worked_notebook_holds_no_numbers_of_some_earlier_run(path: Path) -> None:
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    code = [x for x in notebook["cells"] if x["cell_type"] == "code"]
    assert code
    assert all(x["outputs"] == [] and x["execution_count"] is None for x in code)
    assert len({x["id"] for x in notebook["cells"]}) == len(notebook["cells"])
