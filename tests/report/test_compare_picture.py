"""The picture of a comparison: every number beside its mark, one axis for each number."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.report.compare import Comparison, compare
from accord.report.compare_axis import NARROW, WIDE, nice_step
from accord.report.compare_picture import compared, picture, says
from accord.report.compare_tables import MOST_COLUMNS, in_columns, level_grid, on_paper
from accord.report.comparison_page import comparison_page

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def ranged(deal_file: Path) -> Comparison:
    found: list[Assessment] = []
    for name in ("free", "closing"):
        a = assess_named(f"{deal_file}:{name}", sampling=Sampling(20))
        assert isinstance(a, Assessment)
        found.append(a)
    return compare(["a", "b"], found)


class Nesting(HTMLParser):
    """Fails on tags that do not nest; keeps ids and what is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> Nesting:
    tree = Nesting()
    tree.feed(text)
    assert tree.open == []
    return tree


def test_every_picture_has_its_title_its_words_and_a_table(ranged: Comparison) -> None:
    text = comparison_page(ranged)
    tree = read(text)
    assert len(tree.ids) == len(set(tree.ids))
    assert "script" not in tree.seen
    count = len(compared(ranged))
    assert tree.seen.count("svg") == 2 * count
    assert tree.seen.count("desc") == 2 * count
    assert tree.seen.count("table") == 2
    assert "10 … 90 %" in text


def test_a_picture_says_its_numbers_in_real_text(ranged: Comparison) -> None:
    for one in compared(ranged):
        for frame in (WIDE, NARROW):
            drawn = picture(one, frame)
            for words in re.findall(r"[+−]?[\d,.]+ \([^)]*\)", says(one)):
                value, _, ends = words.partition(" ")
                assert f">{value}</tspan>" in drawn
                assert f"<tspan>{ends}</tspan>" in drawn


def test_all_marks_are_on_their_axis(ranged: Comparison) -> None:
    for one in compared(ranged):
        for frame in (WIDE, NARROW):
            drawn = picture(one, frame)
            for x in re.findall(r'c?x[12]?="([-\d.]+)"', drawn):
                assert 0.0 <= float(x) <= frame.width


def test_without_draws_there_are_dots_and_no_ranges(free: Assessment, closing: Assessment) -> None:
    c = compare(["a", "b"], [free, closing])
    for one in compared(c):
        assert len(one.panels) == 1
        assert 'class="range"' not in picture(one)
    assert "of the draws" not in comparison_page(c)


def test_words_of_deals_are_escaped(ranged: Comparison) -> None:
    answers = [
        replace(a, deal=replace(a.deal, title=HOSTILE, variant=HOSTILE), headline=HOSTILE)
        for a in ranged.answers
    ]
    text = comparison_page(compare(["a", "b"], answers))
    read(text)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_eight_are_shown_and_more_are_said(ranged: Comparison) -> None:
    many = compare([str(i) for i in range(10)], list(ranged.answers) * 5)
    text = comparison_page(many)
    assert "10 scenarios: the first 8 stand side by side" in text
    first = compared(many.shown)[0]
    assert len(first.panels[0].marks) == 8


def test_tables_of_many_scenarios_are_narrow_enough_for_paper(ranged: Comparison) -> None:
    many = compare([str(i) for i in range(8)], list(ranged.answers) * 4)
    grid = level_grid(many)
    blocks = on_paper(grid)
    assert all(len(block.columns) <= 1 + MOST_COLUMNS for block in blocks)
    assert len({block.heading for block in blocks}) == 2
    assert [block.notes != () for block in blocks] == [False] * (len(blocks) - 1) + [True]
    cells = [cell for block in blocks for cell in block.lines[2].cells[1:]]
    assert cells == list(in_columns(grid).lines[2].cells[1:])
    read(comparison_page(many))


def test_scenarios_that_do_nothing_have_a_picture(nothing: Assessment) -> None:
    c = compare(["a", "b"], [nothing, nothing])
    for one in compared(c):
        assert "nan" not in picture(one)


@given(
    length=st.floats(min_value=1e-6, max_value=1e12),
    parts=st.integers(min_value=1, max_value=8),
)
def test_a_step_of_an_axis_is_round_and_no_smaller_than_needed(length: float, parts: int) -> None:
    step = nice_step(length, parts)
    assert step * parts >= length * (1.0 - 1e-8)
    assert step * parts <= 10.0 * length * (1.0 + 1e-8)
    assert f"{step:.0e}"[0] in "125"
