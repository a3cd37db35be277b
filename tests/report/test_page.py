from __future__ import annotations

import re
from html.parser import HTMLParser

from accord.assessment import Assessment
from accord.report.compare import compare
from accord.report.page import comparison_page, page
from accord.report.picture import picture

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Tree(HTMLParser):
    """Fails on tags that do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> Tree:
    tree = Tree()
    tree.feed(text)
    assert tree.open == []
    return tree


def test_the_page_is_one_file_that_needs_nothing(free: Assessment) -> None:
    tree = read(page(free))
    assert tree.links == []
    assert "script" not in tree.seen
    assert "@import" not in page(free)
    assert "url(" not in page(free)


def test_words_of_the_deal_are_escaped(free: Assessment) -> None:
    text = page(free)
    assert "Borland&#x27;s metal &lt;free&gt; of duty &amp; more" in text
    assert "<free>" not in text


def test_every_heading_has_a_table_or_a_list(free: Assessment) -> None:
    text = page(free)
    for heading in re.findall(r"<section><h2>.*?</h2>\s*<(\w+)", text):
        assert heading in {"div", "ul", "p"}


def test_the_picture_is_in_the_page_and_stands_alone(free: Assessment) -> None:
    drawn = picture(free, standalone=True)
    assert drawn is not None
    assert drawn.startswith("<svg ")
    assert "prefers-color-scheme" in drawn
    assert '<svg class="suppliers"' in page(free)
    read(drawn)


def test_no_picture_without_a_buyer(nothing: Assessment) -> None:
    assert (picture(nothing) is None) == (nothing.focus.importer is None)


def test_a_comparison_has_a_page(free: Assessment, banned: Assessment) -> None:
    text = comparison_page(compare(["a", "b"], [free, banned]))
    read(text)
    assert "no deal" in text
