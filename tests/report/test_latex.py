"""LaTeX tables: whole, escaped, every one with a caption and a label of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.report.latex import ESCAPES, escaped, latex


def body(a: Assessment) -> str:
    """Return the source without its comments."""
    lines = latex(a).decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith("%"))


@pytest.fixture(scope="module")
def source(founding: Assessment) -> str:
    return body(founding)


def test_every_environment_is_closed(source: str) -> None:
    for name in ("table", "tabular", "longtable"):
        opened = source.count(rf"\begin{{{name}}}")
        assert opened == source.count(rf"\end{{{name}}}")
        assert opened


def test_braces_pair(source: str) -> None:
    plain = re.sub(r"\\[{}]", "", source)
    depth = 0
    for character in plain:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


def test_labels_are_unlike_each_other_and_every_table_has_one(source: str) -> None:
    labels = re.findall(r"\\label\{(tab:[a-z0-9-]+)\}", source)
    assert len(set(labels)) == len(labels) == source.count(r"\caption{")
    assert labels.count("tab:us-russia-2025-common-duty-main-results") == 1


def test_every_row_has_as_many_cells_as_its_table_has_columns(source: str) -> None:
    width, rows = 0, 0
    for line in source.splitlines():
        opened = re.match(r"\\begin\{(?:tabular|longtable)\}\{(.+)\}$", line)
        if opened:
            plain = re.sub(r"p\{[^}]*\}", "l", re.sub(r">\{.*?\}(?=p)", "", opened[1]))
            assert set(plain) <= {"l", "r"}
            width = len(plain)
        elif line.endswith(r"\\") and not line.startswith(r"\caption"):
            assert len(re.findall(r"(?<!\\)&", line)) == width - 1, line
            rows += 1
    assert rows > 200


def test_rules_are_those_of_booktabs(source: str) -> None:
    assert r"\hline" not in source
    assert source.count(r"\toprule") >= source.count(r"\bottomrule") > 0


def test_units_stand_with_the_numbers(source: str) -> None:
    assert "USD/t" in source
    assert "kt/yr" in source


def test_the_same_answer_is_the_same_bytes(free: Assessment) -> None:
    assert latex(free) == latex(free)


def test_an_answer_without_a_market_has_its_tables() -> None:
    source = latex(assess_named("halve-defence-2025")).decode()
    assert "tab:halve-defence-2025-budget-by-country" in source


def test_hostile_text_breaks_nothing(free: Assessment) -> None:
    hostile = "100 % of {A} & B\\input{/etc/passwd}\n% <b>\n\\end{document}"
    terms = tuple(replace(t, title=hostile, reading=hostile) for t in free.terms)
    deal = replace(free.deal, title=hostile)
    source = latex(replace(free, terms=terms, deal=deal)).decode()
    said = [line for line in source.splitlines() if not line.startswith("%")]
    assert not any(r"\input" in line or r"\end{document}" in line for line in said)
    assert r"\textbackslash{}input\{/etc/passwd\}" in source


@given(st.text())
def test_escaped_text_holds_nothing_that_latex_reads_as_a_command(text: str) -> None:
    found = escaped(text)
    for command in sorted(ESCAPES.values(), key=len, reverse=True):
        found = found.replace(command, "")
    assert not set(found) & {"\\", "{", "}", "$", "&", "#", "%", "_", "^"}
    assert "\n" not in found
