"""Shares of a change by term: they add up, treat alike what is alike, give nothing for nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.effects.by_term import ByTerm, by_term, orders_of, shared_out
from accord.effects.measures import WORLD

DEAL = """
[deal]
title = "Three terms"
date = 2020-07-01
status = "hypothetical"
pack = ["toyland"]

[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"

[[party]]
code = "NOR"
name = "Norway"

[[term]]
id = "end-duty"
kind = "lift"
measures = ["ccc.metal_duty_2020"]
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
source = "own"

[[term]]
id = "cap"
kind = "supply_commitment"
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
up_to = "900 Mt/yr"
rent_to = "exporter"
source = "own"

[[term]]
id = "close"
kind = "closure"
region = "AAA"
activity = "smelter"
share = "20 %"
source = "own"
"""
KEYS = (
    ("flow", "BBB>CCC", "metal"),
    ("hub_price", WORLD, "metal"),
    ("welfare", "CCC", None),
    ("welfare", WORLD, None),
)
NAMES = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    path = tmp_path_factory.mktemp("deals") / "three.toml"
    path.write_text(DEAL, "utf-8")
    answer = assess_named(str(path))
    assert isinstance(answer, Assessment)
    return answer


@pytest.fixture(scope="module")
def shared(three: Assessment) -> ByTerm:
    found = by_term(three.effects, three.scene.deal.terms, KEYS)
    assert found is not None
    return found


def test_shares_add_up_to_the_change(shared: ByTerm, three: Assessment) -> None:
    for key, before, after in zip(shared.keys, shared.before, shared.after, strict=True):
        assert after - before == pytest.approx(three.effects.change(*key), rel=1e-12)
        assert sum(shared.of(key)) == pytest.approx(after - before, rel=1e-12, abs=1e-9)


def test_a_term_that_never_binds_does_nothing(shared: ByTerm) -> None:
    cap = shared.terms.index("cap")
    for key in KEYS:
        size = max(abs(x) for x in shared.of(key))
        assert size > 0.0
        assert abs(shared.of(key)[cap]) <= 1e-9 * size


def test_every_order_of_three_terms_counts(shared: ByTerm) -> None:
    assert (shared.orders, shared.every_order, shared.solved) == (6, True, 6)


def test_the_order_in_the_file_does_not_matter(three: Assessment, shared: ByTerm) -> None:
    other = by_term(three.effects, three.scene.deal.terms[::-1], KEYS)
    assert other is not None
    assert other.shares[:, ::-1] == pytest.approx(shared.shares, rel=1e-9, abs=1e-6)


def test_a_deal_without_terms_on_the_market_has_no_shares(three: Assessment) -> None:
    assert by_term(three.effects, [], KEYS) is None


def sets_of(names: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(x) for n in range(len(names) + 1) for x in combinations(names, n)]


worth_lists = st.lists(st.floats(-1e6, 1e6), min_size=16, max_size=16)


@given(worth_lists)
def test_any_worths_are_shared_out_in_full(values: list[float]) -> None:
    worths = {s: np.array([v]) for s, v in zip(sets_of(NAMES), values, strict=True)}
    found = shared_out(list(orders_of(NAMES, {})), worths, NAMES)
    assert found.sum() == pytest.approx(values[-1] - values[0], abs=1e-6)


@given(worth_lists)
def test_terms_that_do_the_same_have_the_same_share(values: list[float]) -> None:
    drawn = dict(zip(sets_of(NAMES), values, strict=True))
    swap = {"a": "b", "b": "a"}
    alike = {s: np.array([drawn[s] + drawn[frozenset(swap.get(x, x) for x in s)]]) for s in drawn}
    found = shared_out(list(orders_of(NAMES, {})), alike, NAMES)[0]
    assert found[0] == pytest.approx(found[1], abs=1e-6)


@given(worth_lists)
def test_a_term_that_adds_nothing_has_no_share(values: list[float]) -> None:
    drawn = dict(zip(sets_of(NAMES), values, strict=True))
    worths = {s: np.array([drawn[s - {"c"}]]) for s in drawn}
    assert shared_out(list(orders_of(NAMES, {})), worths, NAMES)[0, 2] == 0.0


def test_a_term_comes_after_those_that_it_requires() -> None:
    found = list(orders_of(NAMES, {"a": ("d",), "b": ("elsewhere",)}))
    assert len(found) == 12
    assert all(order.index("d") < order.index("a") for order in found)


def test_orders_of_many_terms_are_even() -> None:
    names = tuple("abcdefgh")
    found = list(orders_of(names, {}))
    assert len(set(found)) == 16
    for place in range(8):
        assert sorted(order[place] for order in found) == sorted(names * 2)


def test_orders_of_many_terms_obey_requirements() -> None:
    found = orders_of(tuple("abcdefgh"), {"a": ("h",)})
    assert all(order.index("h") < order.index("a") for order in found)


def test_terms_that_require_each_other_still_have_an_order() -> None:
    names = tuple("abcdefg")
    found = list(orders_of(names, {"a": ("b",), "b": ("a",)}))
    assert all(sorted(order) == sorted(names) for order in found)
