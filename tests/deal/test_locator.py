"""Lines of tables and fields in TOML text."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.deal.locator import Locator

TEXT = '''# a comment with [[term]] in it
title = "top"

[deal]   # header
note = """
[[term]]
id = "not a term"
"""
quoted = 'a # no comment'
"a key" = 1
list = [
  "one", # first
  "two, with comma",

  { what = "three", why = "[" },
]
a.b.c = 2

[[term]]
id = "first"
lines = ["x", "y"]
[[term.not_modelled]]
what = "w"
[[term.not_modelled]]
what = "v"

[[term]]
id = "second"

[variant.low]
title = "Low"
[variant.low.set.first]
lines = []
[[variant.low.term]]
id = "third"
'''
PLACES = {
    ("title",): 2,
    ("deal",): 4,
    ("deal", "note"): 5,
    ("deal", "quoted"): 9,
    ("deal", "a key"): 10,
    ("deal", "list"): 11,
    ("deal", "list", 0): 12,
    ("deal", "list", 1): 13,
    ("deal", "list", 2): 15,
    ("deal", "list", 2, "why"): 15,
    ("deal", "a", "b", "c"): 17,
    ("term", 0): 19,
    ("term", 0, "id"): 20,
    ("term", 0, "lines", 1): 21,
    ("term", 0, "not_modelled", 1, "what"): 25,
    ("term", 1): 27,
    ("term", 1, "id"): 28,
    ("term", 1, "absent"): 27,
    ("variant", "low", "title"): 31,
    ("variant", "low", "set", "first", "lines"): 33,
    ("variant", "low", "term", 0, "id"): 35,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places_are_found(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    tomllib.loads(text)
    locator = Locator(text)
    assert {place: locator.line(place) for place in PLACES} == PLACES


def test_what_stands_nowhere_has_no_line() -> None:
    assert Locator(TEXT).line(("claim", 0)) is None
    assert Locator("").line(("deal",)) is None


def test_lines_below_a_table_are_by_path_from_there() -> None:
    assert Locator(TEXT).below(("term", 1)) == {(): 27, ("id",): 28}


@given(st.lists(st.sampled_from(['a = "x"', 'a = """\n[b]\n"""', "a = [\n1,\n2]", "# [c]", ""])))
def test_every_table_has_its_line(bodies: list[str]) -> None:
    text, lines = "", []
    for body in bodies:
        lines.append(text.count("\n") + 1)
        text += f"[[t]]\n{body}\n"
    tomllib.loads(text)
    locator = Locator(text)
    assert [locator.line(("t", n)) for n in range(len(bodies))] == lines
