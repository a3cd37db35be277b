"""Where numbers are from: counted, kept when they are added up, weakened when they are changed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accord.economy.origins import NO_FIGURE, STATUSES, Origin, Origins, counted, weaker

COUNTED = Origin("customs", "measured", 2022)
TOLD = Origin("bank", "reported", 2021)
GUESSED = Origin("guess", "assumed", 2022)
KINDS = (COUNTED, TOLD, GUESSED)


def origins(*codes: int) -> Origins:
    return Origins(KINDS, np.array(codes, dtype=np.intp))


def test_numbers_are_counted_by_status_best_known_first() -> None:
    found = origins(2, 0, 2, NO_FIGURE, 1)
    assert list(found.counts().items()) == [("measured", 1), ("reported", 1), ("assumed", 2)]
    assert found.missing() == 1
    first = np.array([True, True, False, False, False])
    assert found.counts(first) == {"measured": 1, "assumed": 1}
    assert counted({"reported": 1234, "assumed": 2}) == "1,234 reported, 2 assumed"
    assert found.at((3,)) is None
    assert found.at((1,)) == COUNTED


def test_a_sum_has_all_sources_of_its_parts_and_the_weakest_status() -> None:
    found = origins(0, 0, 1, 2, NO_FIGURE, NO_FIGURE).summed(lambda x: x.reshape(3, 2).sum(axis=1))
    assert [found.at((k,)) for k in range(3)] == [
        COUNTED,
        Origin("bank; guess", "assumed", 2022),
        None,
    ]


def test_what_is_changed_is_derived_unless_it_was_assumed() -> None:
    found = origins(0, 1, 2, NO_FIGURE).changed(np.array([True, False, True, True]))
    assert found.at((0,)) == Origin("customs", "derived", 2022)
    assert found.at((1,)) == TOLD
    assert found.at((2,)) == GUESSED
    assert found.at((3,)) is None


def test_the_order_of_statuses() -> None:
    assert all(weaker([a, b]) == b for a, b in pairwise(STATUSES))


CODES = st.lists(st.integers(NO_FIGURE, 2), min_size=1, max_size=12)


@given(CODES)
def test_every_number_is_counted_once(codes: list[int]) -> None:
    found = origins(*codes)
    assert sum(found.counts().values()) + found.missing() == len(codes)


@given(CODES)
def test_adding_up_nothing_changes_nothing(codes: list[int]) -> None:
    found = origins(*codes)
    again = found.summed(lambda x: x)
    places = [(k,) for k in range(len(codes))]
    assert [again.at(p) for p in places] == [found.at(p) for p in places]


@given(CODES)
def test_a_sum_is_never_better_known_than_a_part(codes: list[int]) -> None:
    whole = origins(*codes).summed(lambda x: x.sum(keepdims=True)).at((0,))
    parts = [KINDS[k].status for k in codes if k != NO_FIGURE]
    assert (whole is None) == (not parts)
    assert whole is None or all(STATUSES.index(whole.status) >= STATUSES.index(p) for p in parts)
