"""The deal file of a position: TOML that says what was moved and changes nothing else."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment.reference import find
from accord.deal import Deal, load
from accord.market import LaneKey
from accord.web.dial import Dial
from accord.web.dials import DUTY
from accord.web.ground import Scenario
from accord.web.moved_file import _toml, moved_file
from accord.web.term_dials import term_dials

PATH = find("us-russia-2025").path
TEXT = PATH.read_text("utf-8")
DAY = date(2025, 7, 1)
LANE = LaneKey("aluminium", "RUS", "USA")

VALUES = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.dates()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(value=VALUES)
def test_any_value_is_read_back_as_it_was(value: object) -> None:
    assert tomllib.loads(f"x = {_toml(value)}")["x"] == value


def scenario(variant: str | None = None, path: Path = PATH) -> Scenario:
    """A deal with its sliders and a day, without its market."""
    deal = load(path).variant(variant)
    dials = {dial.key: dial for dial in term_dials(deal)}
    dials[DUTY] = Dial(DUTY, "terms", "Duty", "%", 0.0, 50.0, 0.5, 10.0, 0.01)
    answer = SimpleNamespace(focus=SimpleNamespace(lane=LANE), as_of=DAY)
    return cast("Scenario", SimpleNamespace(deal=deal, dials=dials, answer=answer))


def read(text: str, folder: Path) -> Deal:
    path = folder / PATH.name
    path.write_text(text, "utf-8")
    return load(path)


def test_nothing_moved_is_the_file_itself() -> None:
    found = moved_file(TEXT, scenario("duty-free"), {})
    assert (found.text, found.variant) == (TEXT, "duty-free")


@pytest.mark.parametrize("variant", ["common-duty", "duty-free", "only-200-lifted", "two-million"])
def test_what_was_moved_is_a_variant_on_top_of_the_one_shown(variant: str, tmp_path: Path) -> None:
    here = scenario(variant)
    key = "t.supply.at_least" if variant == "two-million" else "t.supply.up_to"
    values = {key: 500.0, "t.krasnoyarsk.share.0.share": 30.0, DUTY: 5.0}
    found = moved_file(TEXT, here, values)
    assert found.variant == "moved"
    deal = read(found.text, tmp_path)
    moved = deal.variant()
    assert (moved.active, moved.as_of) == ("moved", DAY)
    title = deal.variants["moved"].variant.title
    assert title.startswith(here.deal.variants[variant].variant.title)
    assert "500 kt/yr, in place of 2,000 kt/yr" in title
    assert "Duty: 5.0 %, in place of 10.0 %" in title
    terms = {term.id: term for term in moved.terms}
    assert getattr(terms["supply"], key.rpartition(".")[2]) == 500e3
    assert [x.share for x in terms["krasnoyarsk"].share] == pytest.approx([0.3, 0.7])
    own = {term.id: term for term in here.deal.terms}
    assert set(terms) == {*own, "duty-set-on-the-page"}
    for name in set(own) - {"supply", "krasnoyarsk"}:
        assert terms[name] == own[name]
    # Every other variant is what it was.
    for name, before in here.deal.variants.items():
        assert [x.term for x in deal.variants[name].entries] == [x.term for x in before.entries]


def test_a_deal_that_was_moved_before_can_be_moved_again(tmp_path: Path) -> None:
    once = moved_file(TEXT, scenario(), {"t.supply.up_to": 500.0})
    path = tmp_path / PATH.name
    path.write_text(once.text, "utf-8")
    twice = moved_file(once.text, scenario("moved", path), {"t.krasnoyarsk.budget": 20.0})
    assert twice.variant == "moved-2"
    terms = {term.id: term for term in read(twice.text, tmp_path).variant().terms}
    assert (terms["supply"].up_to, terms["krasnoyarsk"].budget) == (500e3, 20e9)


def test_a_file_without_a_default_variant_gets_one(tmp_path: Path) -> None:
    text = TEXT.replace('default_variant = "common-duty"\n', "")
    found = moved_file(text, scenario(), {"t.supply.up_to": 500.0})
    assert read(found.text, tmp_path).default_variant == "moved"
