"""Ranges of effects over draws: the central answer's rows, quantiles, and what is absent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from accord.effects import Effects, Row, compare
from accord.effects.many import accounts_of_many, joined
from accord.effects.many_effects import ManyEffects, many_effects, quantiles
from accord.equilibrium import Equilibrium, solve_market, universe_of
from accord.equilibrium.many_state import ManyState
from accord.equilibrium.stack import stacked
from accord.market import Market
from accord.market.market import set_capacity
from worlds import LANE_DB, banned, limit, origin_duty, toy

ENTREPOT = toy(entrepot=True)
CHANCES = (0.1, 0.5, 0.9)


def changed(market: Market) -> Market:
    shut = set_capacity(origin_duty(banned(market), 0.4, "pro rata"), {"smelter.C": 0.0})
    return shut.with_limit(limit(2e3, LANE_DB))


def thicker(market: Market, factor: float) -> Market:
    """A market whose buyers care more, or less, about prices; one draw of the uncertain θ."""
    return replace(market, buyers=tuple(replace(b, theta=b.theta * factor) for b in market.buyers))


FACTORS = (1.0, 0.8, 0.9, 1.1, 1.25)


@pytest.fixture(scope="module", name="solved")
def solved_pairs() -> list[tuple[Equilibrium, Equilibrium]]:
    universe = universe_of(ENTREPOT, changed(ENTREPOT))
    return [
        (
            solve_market(thicker(ENTREPOT, x), universe=universe),
            solve_market(thicker(changed(ENTREPOT), x), universe=universe),
        )
        for x in FACTORS
    ]


def many_of(side: list[Equilibrium]) -> ManyState:
    return ManyState(stacked([x.state.arrays for x in side]), np.array([x.state.z for x in side]))


@pytest.fixture(scope="module", name="ranged")
def ranged_effects(solved: list[tuple[Equilibrium, Equilibrium]]) -> ManyEffects:
    firsts, afters = [b for b, _ in solved], [a for _, a in solved]
    return many_effects(
        compare(*solved[0]),
        accounts_of_many(firsts[0].market, many_of(firsts)),
        accounts_of_many(afters[0].market, many_of(afters)),
    )


def test_rows_are_the_central_answers_in_its_order(
    ranged: ManyEffects, solved: list[tuple[Equilibrium, Equilibrium]]
) -> None:
    """C12."""
    assert ranged.rows == compare(*solved[0]).rows
    assert ranged.before.shape == ranged.after.shape == (len(FACTORS), len(ranged.rows))
    assert ranged.count == len(FACTORS)


def test_every_draw_has_its_own_effects(
    ranged: ManyEffects, solved: list[tuple[Equilibrium, Equilibrium]]
) -> None:
    for draw, (before, after) in enumerate(solved):
        effects = compare(before, after)
        for i, row in enumerate(ranged.rows):
            mine = effects.row(row.measure, row.region, row.good)
            found = ranged.before[draw, i], ranged.after[draw, i], ranged.change[draw, i]
            # A draw may have no row where all that it could say is 0, or nothing.
            said = (mine.before, mine.after, mine.change) if mine else (0.0, 0.0, 0.0)
            for ours, theirs in zip(found, said, strict=True):
                if theirs is None:
                    assert np.isnan(ours)
                elif mine or not np.isnan(ours):
                    assert ours == pytest.approx(theirs, rel=1e-10, abs=1e-6)


def test_low_and_high_are_of_what_is_after(ranged: ManyEffects) -> None:
    """C45."""
    for row, central in zip(ranged.ranged_rows, ranged.rows, strict=True):
        spread = ranged.after_of(row.measure, row.region, row.good)
        assert spread is not None
        change = ranged.change_of(row.measure, row.region, row.good)
        assert change is not None
        assert (row.low, row.high) == (spread.low, spread.high)
        assert (row.change_low, row.change_high) == (change.low, change.high)
        none = {"low": None, "high": None, "change_low": None, "change_high": None}
        assert replace(row, **none) == central
        if row.low is not None and row.high is not None:
            assert row.low <= row.high
    assert ranged.after_of("flow", "B>D", "metal") is None
    assert ranged.change_of("flow", "B>D", "metal") is None


def test_changes_range_draw_by_draw(ranged: ManyEffects) -> None:
    """Before and after move together: the range of the change is not that of the difference."""
    i = ranged.place["output", "A", "metal"]
    spread = ranged.change_of("output", "A", "metal")
    change = ranged.after[:, i] - ranged.before[:, i]
    assert spread is not None
    found = (spread.low, spread.median, spread.high)
    assert found == pytest.approx(tuple(np.quantile(change, CHANCES)), rel=1e-12)
    assert spread.missing == 0


def test_a_row_that_no_draw_has_after_has_no_range(ranged: ManyEffects) -> None:
    """C14: the smelter in C is shut, so metal of C has no price after, in any draw."""
    after = ranged.after_of("producer_price", "C", "metal")
    assert after == (None, None, None, len(FACTORS))
    change = ranged.change_of("producer_price", "C", "metal")
    assert change == (None, None, None, len(FACTORS))


def test_a_row_absent_in_some_draws_says_in_how_many() -> None:
    row = Row("buyer_price", "A", "metal", 2020, 1.0, 2.0, "USD/t")
    before = np.array([[1.0], [np.nan], [3.0], [9.0]])
    after = np.array([[2.0], [5.0], [np.nan], [9.0]])
    solved = np.array([True, True, True, False])
    ranged = ManyEffects((row,), before, after, solved)
    assert ranged.after_of("buyer_price", "A", "metal") == (2.3, 3.5, 4.7, 1)
    assert ranged.change_of("buyer_price", "A", "metal") == (1.0, 1.0, 1.0, 2)
    assert ranged.before_spread.missing.tolist() == [1]


def test_draws_without_an_answer_count_nowhere(ranged: ManyEffects) -> None:
    some = np.array([True, False, True, True, False])
    part = ManyEffects(ranged.rows, ranged.before, ranged.after, some)
    here = ManyEffects(ranged.rows, ranged.before[some], ranged.after[some], some[some])
    for ours, theirs in zip(part.change_spread, here.change_spread, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert part.count == 3


def test_without_any_answer_there_is_no_range(ranged: ManyEffects) -> None:
    none = ManyEffects(ranged.rows, ranged.before, ranged.after, np.zeros(5, dtype=np.bool_))
    assert {(row.low, row.high) for row in none.ranged_rows} == {(None, None)}


def test_where_nothing_varies_low_and_high_are_the_central_answer(
    solved: list[tuple[Equilibrium, Equilibrium]],
) -> None:
    before, after = solved[0]
    central = compare(before, after)
    ranged = many_effects(
        central,
        accounts_of_many(before.market, many_of([before] * 4)),
        accounts_of_many(after.market, many_of([after] * 4)),
    )
    for row in ranged.ranged_rows:
        assert row.low == row.high
        assert row.low == (None if row.after is None else pytest.approx(row.after, rel=1e-10))


def test_a_deal_of_nothing_changes_nothing_in_any_draw(
    solved: list[tuple[Equilibrium, Equilibrium]],
) -> None:
    """C35."""
    firsts = [b for b, _ in solved]
    accounts = accounts_of_many(firsts[0].market, many_of(firsts))
    ranged = many_effects(Effects(firsts[0], firsts[0]), accounts, accounts)
    assert not np.nan_to_num(ranged.change).any()


def test_effects_of_parts_joined_are_those_of_the_whole(
    ranged: ManyEffects, solved: list[tuple[Equilibrium, Equilibrium]]
) -> None:
    sides = []
    for side in (0, 1):
        draws = [pair[side] for pair in solved]
        parts = [draws[:2], draws[2:]]
        sides.append(joined([accounts_of_many(draws[0].market, many_of(part)) for part in parts]))
    again = many_effects(compare(*solved[0]), *sides)
    np.testing.assert_array_equal(again.before, ranged.before)
    np.testing.assert_array_equal(again.after, ranged.after)


@given(
    arrays(
        np.float64,
        array_shapes(min_dims=2, max_dims=2, max_side=7),
        elements=st.floats(-1e9, 1e9, allow_nan=False) | st.just(float("nan")),
    )
)
def test_quantiles_are_numpys_linear_ones_of_what_is_there(values: np.ndarray) -> None:
    """Type 7 of Hyndman and Fan."""
    found, present = quantiles(values, CHANCES)
    for r, column in enumerate(values.T):
        here = column[~np.isnan(column)]
        assert present[r] == len(here)
        for quantile, chance in zip(found, CHANCES, strict=True):
            if len(here):
                expected = np.quantile(here, chance, method="linear")
                assert quantile[r] == pytest.approx(
                    expected, rel=1e-12, abs=1e-12 * abs(here).max()
                )
            else:
                assert np.isnan(quantile[r])
