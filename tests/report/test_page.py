from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from accord.assessment import Answer, Assessment
from accord.assessment.assess import assess_named
from accord.report.compare import compare
from accord.report.comparison_page import comparison_page
from accord.report.figures import Figures
from accord.report.flow_picture import flow_picture
from accord.report.html import item, linked
from accord.report.page import page, page_with
from accord.report.picture import picture

VOID = {"meta", "br", "hr", "img", "link", "input"}
MOST_BYTES = 400_000
ORDER = (
    "Terms", "Numbers", "Trade", "Gains", "Why", "Offers", "Years", "Claims", "Rests on",
    "Accuracy", "Certificate", "Law", "Assumed", "Not modelled", "Sources", "Reproduce",
)  # fmt: skip


class Tree(HTMLParser):
    """Fails on tags that do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.events: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "xlink:href") or (name == "href" and tag != "a"):
                self.loads.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name.startswith("on"):
                self.events.append(name)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> Tree:
    tree = Tree()
    tree.feed(text)
    assert tree.open == []
    return tree


@pytest.fixture(scope="module")
def whole() -> Assessment:
    """The founding case with years."""
    answer = assess_named("us-russia-2025", years=(2025, 2035))
    assert isinstance(answer, Assessment)
    return answer


@pytest.fixture(scope="module")
def defence() -> Answer:
    return assess_named("halve-defence-2025")


def test_the_page_is_one_file_that_needs_nothing(free: Assessment) -> None:
    tree = read(page(free))
    assert tree.loads == []
    assert tree.events == []
    assert "script" not in tree.seen
    assert "@import" not in page(free)
    assert re.findall(r"url\((?!#)", page(free)) == []


def test_links_lead_within_the_page_or_to_the_web(whole: Assessment) -> None:
    tree = read(page(whole))
    assert len(tree.links) > 20
    inside = [x for x in tree.links if x.startswith("#")]
    assert {x[1:] for x in inside} <= set(tree.ids)
    assert all(x.startswith(("https://", "http://")) for x in tree.links if x not in inside)


def test_every_id_is_there_once(whole: Assessment) -> None:
    tree = read(page(whole))
    assert sorted(tree.ids) == sorted(set(tree.ids))


def test_words_of_the_deal_are_escaped(free: Assessment) -> None:
    text = page(free)
    assert "Borland&#x27;s metal &lt;free&gt; of duty &amp; more" in text
    assert "<free>" not in text


def test_an_address_that_is_no_page_is_no_link() -> None:
    assert linked("<b>", "javascript:alert(1)") == "&lt;b&gt;"
    assert linked("x", 'https://a.b/"onclick="') == (
        '<a href="https://a.b/&quot;onclick=&quot;" rel="noreferrer">x</a>'
    )


def test_an_item_ends_its_sentences_once() -> None:
    assert item("One.", "two", "where") == (
        '<li>One. <span class="why">two.</span> <span class="mark">where</span></li>'
    )


def headings(text: str) -> list[str]:
    return re.findall(r'<section id="[^"]*" aria-labelledby="[^"]*"><h2[^>]*>(.*?)</h2>', text)


def listed(text: str) -> list[str]:
    nav = text[text.index("<nav") : text.index("</nav>")]
    return re.findall(r">([^<>]+)</a>", nav)


def test_sections_stand_in_the_order_of_reading(whole: Assessment) -> None:
    text = page(whole)
    shown = [x for x in listed(text) if x in ORDER]
    assert shown == [x for x in ORDER if x in shown]
    assert set(ORDER) - set(shown) == {"Rests on"}  # nothing was drawn
    assert len(headings(text)) == len(listed(text))


def test_headings_go_down_one_level_at_a_time(whole: Assessment, defence: Answer) -> None:
    for text in (page(whole), page(defence)):
        levels = [int(x) for x in re.findall(r"<h([1-6])[ >]", text)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_is_small(whole: Assessment, drawn: Assessment) -> None:
    assert len(page(whole).encode()) < MOST_BYTES
    assert len(page(drawn).encode()) < MOST_BYTES


def test_implied_and_assumed_terms_are_marked(whole: Assessment) -> None:
    text = page(whole)
    terms = text[text.index('<ol class="terms">') : text.index("</ol>")]
    assert terms.count("<li>") == len(whole.terms)
    assert terms.count("implied, not in the text") == sum(t.implied for t in whole.terms)
    assert terms.count("assumed: ") == sum(bool(t.assumed) for t in whole.terms)
    assert terms.count("not modelled") == sum(t.kind == "unmodelled" for t in whole.terms)


def test_a_picture_is_followed_by_its_table(whole: Assessment) -> None:
    text = page(whole)
    assert text.count("<figure>") >= 1
    for found in re.finditer("</figure>", text):
        assert "<table>" in text[found.end() : text.index("</section>", found.end())]


def test_every_picture_says_what_it_shows(whole: Assessment) -> None:
    drawn = re.findall(r"<svg[^>]*>\s*<title", page(whole))
    assert len(drawn) == page(whole).count("<svg") > 1
    assert all('role="img"' in head for head in drawn)


def test_without_charts_the_page_is_whole(drawn: Assessment) -> None:
    text = page_with(drawn, Figures(charts=False))
    read(text)
    assert drawn.rests_on is not None
    for said in ("What each term does", drawn.rests_on.pillars[0].name, 'class="flow wide"'):
        assert said in text
    assert "at the right" in text  # the bands are drawn without a library
    assert "Thin lines" not in text  # whiskers are not


def test_it_says_how_to_get_it_again(drawn: Assessment) -> None:
    text = page(drawn)
    assert "--draws 60 --seed 3</code>" in text
    assert drawn.packs[0].digest in text
    assert drawn.deal_file.digest in text


def test_the_back_cast_stands_beside_the_answer(whole: Assessment, free: Assessment) -> None:
    assert "Back-cast: errors" in page(whole)
    assert "Back-cast" not in page(free)  # its pack has none


def test_a_deal_without_a_market_has_a_page(defence: Answer) -> None:
    text = page(defence)
    read(text)
    for name in ("Terms", "Numbers", "Defence budgets", "Sources", "Reproduce"):
        assert name in listed(text)
    assert "Trade" not in listed(text)


def test_the_picture_stands_alone(free: Assessment) -> None:
    drawn = picture(free, standalone=True)
    assert drawn is not None
    assert drawn.startswith("<svg ")
    assert "prefers-color-scheme" in drawn
    read(drawn)


def test_no_picture_without_a_buyer(nothing: Assessment) -> None:
    assert (picture(nothing) is None) == (nothing.focus.importer is None)
    assert (flow_picture(nothing) is None) == (nothing.focus.importer is None)
    assert "<figure>" not in page(nothing)


def test_a_comparison_has_a_page(free: Assessment, banned: Assessment) -> None:
    text = comparison_page(compare(["a", "b"], [free, banned]))
    read(text)
    assert "no deal" in text


def test_the_style_knows_paper_dark_and_phone() -> None:
    import accord.report

    style = Path(accord.report.__file__).with_name("page.css").read_text("utf-8")
    for rule in ("@media print", "prefers-color-scheme: dark", "max-width: 40rem"):
        assert rule in style
