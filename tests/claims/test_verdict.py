from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.claims.sizes import UNITS, digits, from_base, in_base, said
from accord.claims.verdict import (
    Criterion,
    Range,
    Verdict,
    chance,
    one_sided,
    overall,
    verdict_of,
)

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)
ONE_SIDED = ["at_least", "at_most", "more_than", "less_than"]


def sharp(within: Range) -> Criterion:
    return Criterion("any", {"": within})


@given(NUMBERS, NUMBERS, st.sampled_from(ONE_SIDED))
def test_past_its_edge_a_verdict_is_the_other_one(value: float, bound: float, how: str) -> None:
    within = one_sided(how, bound)
    edge = within.edge(value)
    assert edge == bound
    beyond = edge + (edge - value) + math.copysign(1e-3 * (1.0 + abs(edge)), edge - value)
    if abs(value - bound) > 1e-6 * (1.0 + abs(bound)):
        assert within.holds(value) != within.holds(beyond)


@given(NUMBERS, st.floats(1e-3, 1e9))
def test_a_move_within_a_bound_is_judged_by_its_size(value: float, bound: float) -> None:
    assert one_sided("within", bound).holds(value) == (abs(value) < bound)


def test_ends_count_as_they_are_said() -> None:
    assert one_sided("at_least", 2.0).holds(2.0)
    assert one_sided("at_most", 2.0).holds(2.0)
    assert not one_sided("more_than", 2.0).holds(2.0)
    assert not one_sided("less_than", 2.0).holds(2.0)
    assert Range(0.135, 0.165).holds(0.1 + 0.035)


def test_a_verdict_depends_where_values_or_cut_offs_disagree() -> None:
    test = sharp(Range(low=1.0))
    assert verdict_of(test, {"": [2.0, 3.0]}) == "supported"
    assert verdict_of(test, {"": [0.0, 0.5]}) == "contradicted"
    assert verdict_of(test, {"": [0.5, 2.0]}) == "depends"
    ranges = {"strict": Range(low=3.0), "middle": Range(low=2.0), "generous": Range(low=1.0)}
    words = Criterion("at_least", ranges, ("word",))
    assert verdict_of(words, dict.fromkeys(ranges, (2.5,))) == "depends"
    assert verdict_of(words, dict.fromkeys(ranges, (3.5,))) == "supported"
    assert words.middle == ranges["middle"]


@pytest.mark.parametrize(
    ("readings", "claim"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "contradicted"], "depends"),
        (["contradicted", "not checkable"], "contradicted"),
        (["supported", "depends"], "depends"),
        (["pending", "supported"], "supported"),
        (["pending", "not checkable"], "pending"),
        (["not checkable"], "not checkable"),
        ([], "not checkable"),
    ],
)
def test_a_claim_has_the_verdict_of_its_readings(readings: list[Verdict], claim: Verdict) -> None:
    assert overall(readings) == claim


@given(st.sampled_from(sorted(UNITS)), NUMBERS)
def test_units_go_there_and_back(unit: str, value: float) -> None:
    assert from_base(in_base(value, unit), unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.146, "fraction", "14.6 %"),
        (-0.00093, "fraction", "−0.09 %"),
        (0.000012, "fraction", "0.001 %"),
        (0.0, "fraction", "0 %"),
        (498.65, "bn USD/yr", "499 bn USD a year"),
        (6.693, "ratio", "6.69 times"),
        (2017.0, "year", "2017"),
        (2_000.0, "kt/yr", "2,000 kt a year"),
    ],
)
def test_numbers_are_said_with_the_digits_that_matter(value: float, unit: str, text: str) -> None:
    assert said(value, unit) == text


def test_a_small_number_is_never_shown_as_zero() -> None:
    assert digits(1e-5) == "1e-05"
    assert digits(0.0) == "0"


@given(st.lists(NUMBERS, min_size=1), NUMBERS, st.sampled_from([*ONE_SIDED, "within"]))
def test_of_many_values_each_is_judged_as_by_itself(
    values: list[float], bound: float, how: str
) -> None:
    within = one_sided(how, abs(bound))
    told = within.held_by(np.array([*values, abs(bound), -abs(bound)]))
    assert told.tolist() == [within.holds(x) for x in (*values, abs(bound), -abs(bound))]


@given(st.lists(NUMBERS, min_size=1), NUMBERS)
def test_what_lies_inside_holds(values: list[float], bound: float) -> None:
    within = one_sided("at_least", bound)
    inside = within.inside(np.array(values))
    for value, left in zip(values, inside.tolist(), strict=True):
        if left != 0.0 and not math.isclose(value, bound, rel_tol=1e-12):
            assert within.holds(value) == (left > 0.0)


def test_no_draws_no_chance() -> None:
    assert chance(np.zeros(0, dtype=np.bool_)) is None
    told = chance(np.array([True, False, True, True]))
    assert told is not None
    assert told.value == 0.75
    assert told.low < 0.75 < told.high
