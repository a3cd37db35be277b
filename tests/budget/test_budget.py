"""The room of public budgets: levels, cuts, base rates, output, sides."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.budget import (
    Cut,
    Level,
    NoLevel,
    count_cuts,
    cut_path,
    level_of,
    levels_of,
    multiplier_range,
    public_money,
    sides,
    total_in_closed_form,
    years_known,
)
from accord.pack.budgets import BudgetPack, Multiplier

shares = st.floats(0.01, 1.0)
amounts = st.floats(1e6, 1e13)


def level(country: str = "AAA", dollars: float = 100.0, ppp: float | None = 200.0) -> Level:
    return Level(country, 2020, "wdi", dollars, 3.0 * dollars, "AAC", ppp, "x", "derived")


# ------------------------------------------------------------------------------------- levels


def test_the_halves_of_2024(pack: BudgetPack) -> None:
    halves = {c: 0.5 * level_of(pack, "sipri", c, 2024).dollars / 1e9 for c in ("USA", "RUS")}
    # The source prints one digit after the point.
    assert halves["USA"] == pytest.approx(498.7, abs=0.0501)
    assert halves["RUS"] == pytest.approx(74.5, abs=0.0501)


def test_seven_to_one_in_dollars_and_two_to_one_at_purchasing_power(pack: BudgetPack) -> None:
    for definition, in_dollars in (("sipri", 6.7), ("wdi", 6.5)):
        usa, rus = (level_of(pack, definition, c, 2024) for c in ("USA", "RUS"))
        assert usa.dollars / rus.dollars == pytest.approx(in_dollars, abs=0.05)
        assert usa.ppp is not None
        assert rus.ppp is not None
        assert usa.ppp / rus.ppp == pytest.approx(2.0, abs=0.15)


def test_a_figure_in_local_currency_agrees_with_that_in_dollars(pack: BudgetPack) -> None:
    figures = {x.unit: x.value for x in pack.cited["sipri", "RUS", 2024]}
    turned = level_of(pack, "sipri", "RUS", 2024).local
    assert turned == pytest.approx(figures["RUB/yr"], rel=5e-3)


def test_a_budget_in_roubles_is_turned_at_the_rate_of_its_year(pack: BudgetPack) -> None:
    found = level_of(pack, "national", "RUS", 2024)
    assert found.local == 10.8e12
    rate = pack.value("RUS", 2024, "exchange_rate")
    assert rate is not None
    assert found.dollars == pytest.approx(10.8e12 / rate, rel=1e-12)


def test_a_currency_without_a_rate_for_the_year_is_no_level(pack: BudgetPack) -> None:
    assert 2025 in years_known(pack, "national", "RUS")
    with pytest.raises(NoLevel, match="RUB, without a rate for 2025") as missing:
        level_of(pack, "national", "RUS", 2025)
    assert missing.value.what == "rate"


def test_every_definition_that_can_be_told_is_told(pack: BudgetPack) -> None:
    assert [x.definition for x in levels_of(pack, "USA", 2024)] == [
        "wdi", "sipri", "national", "nato",
    ]  # fmt: skip
    assert [x.definition for x in levels_of(pack, "RUS", 2025)] == []


# --------------------------------------------------------------------------------------- cuts


@given(share=shares, years=st.integers(1, 30), dollars=amounts)
def test_a_path_ends_at_what_the_cut_leaves_and_adds_up(
    share: float, years: int, dollars: float
) -> None:
    cut = Cut("t", level(dollars=dollars), share, years, 2021)
    path = cut_path(cut)
    assert path.years == tuple(range(2021, 2021 + years))
    assert path.after[-1] == pytest.approx(dollars * (1.0 - share), rel=1e-12, abs=dollars * 1e-12)
    assert np.all(np.diff(path.freed) > 0.0)
    assert path.total == pytest.approx(total_in_closed_form(cut), rel=1e-12)
    assert math.isclose(path.local_per_dollar or 0.0, 3.0)
    assert math.isclose(path.ppp_per_dollar or 0.0, 200.0 / dollars)


def test_a_half_over_four_years_by_hand() -> None:
    path = cut_path(Cut("t", level(dollars=800.0), 0.5, 4, 2021))
    assert path.after.tolist() == [700.0, 600.0, 500.0, 400.0]
    assert path.freed.tolist() == [100.0, 200.0, 300.0, 400.0]
    assert path.total == 1000.0


# --------------------------------------------------------------------------------- base rates

HISTORY = {
    "AAA": {2000: 20_000.0, 2001: 9_000.0, 2002: 11_000.0},
    "BBB": {2000: 12_000.0, 2002: 6_000.0},
    "CCC": {2000: 500.0, 2001: 100.0},
}


def test_a_count_by_hand() -> None:
    # Of 10 bn or more: AAA and BBB in 2000 and AAA in 2002; only the first two have 2002 beside.
    found = count_cuts(HISTORY, horizon=2, minimum=10.0, cut=0.5, source="x")
    assert found is not None
    assert (found.observed, found.cuts, found.where) == (2, 1, "BBB 2000")
    assert found.largest == -0.5
    one = count_cuts(HISTORY, horizon=1, minimum=0.0, cut=0.55, source="x")
    assert one is not None
    assert (one.observed, one.cuts, one.where) == (3, 2, "CCC 2000")
    assert count_cuts(HISTORY, horizon=7, minimum=0.0, cut=0.5, source="x") is None


@given(scale=st.floats(0.1, 10.0), cut=shares)
def test_a_count_does_not_depend_on_the_unit_of_money(scale: float, cut: float) -> None:
    scaled = {c: {y: v * scale for y, v in levels.items()} for c, levels in HISTORY.items()}
    first = count_cuts(HISTORY, horizon=1, minimum=0.0, cut=cut, source="x")
    other = count_cuts(scaled, horizon=1, minimum=0.0, cut=cut, source="x")
    assert first is not None
    assert other is not None
    assert first.observed == other.observed


def test_nine_of_983_is_cited_and_the_packs_own_count_stands_beside_it(pack: BudgetPack) -> None:
    (cited,) = (x for x in pack.base_rates if (x.horizon, x.minimum, x.cut) == (5, 10.0, 0.5))
    assert (cited.cuts, cited.observed, cited.source) == (9, 983, "sipri-base-rate")
    own = count_cuts(pack.history, horizon=5, minimum=10.0, cut=0.5, source="wdi")
    assert own is not None
    # Another series, later years: the same order of magnitude, not the same number.
    assert own.observed < cited.observed
    assert 1 / 3 < (own.cuts / own.observed) / (cited.cuts / cited.observed) < 3


def test_larger_cuts_and_longer_horizons(pack: BudgetPack) -> None:
    counts = [count_cuts(pack.history, horizon=5, minimum=10.0, cut=x, source="wdi")
              for x in (0.1, 0.25, 0.5)]  # fmt: skip
    cuts = [x.cuts for x in counts if x is not None]
    assert cuts == sorted(cuts, reverse=True)
    assert cuts[0] > cuts[-1]


# -------------------------------------------------------------------------- output and money


def estimate(low: float, high: float, *, national: bool = True) -> Multiplier:
    return Multiplier("s", "c", low, high, national, "x", "reported", "")


def test_a_range_of_multipliers_leaves_out_those_of_single_states() -> None:
    found = multiplier_range(
        [estimate(0.0, 0.2), estimate(0.4, 0.6), estimate(0.8, 1.6),
         estimate(2.0, 3.0, national=False)]
    )  # fmt: skip
    assert (found.low, found.high, found.studies) == (0.0, 1.6, 3)
    assert found.middle == pytest.approx(0.5)
    with pytest.raises(ValueError, match="no estimate"):
        multiplier_range([estimate(1.0, 2.0, national=False)])


def test_what_a_cut_frees_beside_gdp(pack: BudgetPack) -> None:
    path = cut_path(Cut("t", level_of(pack, "wdi", "USA", 2024), 0.5, 5, 2025))
    money = public_money(pack, path, multiplier_range(pack.multipliers))
    assert money is not None
    share = pack.value("USA", 2024, "military_share")
    assert share is not None
    assert money.freed[-1] == pytest.approx(0.5 * share, rel=1e-12)
    assert money.saved[-1] == pytest.approx(0.5 * share * 3.0, rel=1e-12)
    assert money.balance is not None
    assert money.balance < 0.0
    assert money.balance_year == 2023
    assert np.all(money.output <= 0.0)
    assert not np.signbit(money.output[0]).any()


# -------------------------------------------------------------------------------------- sides


def test_two_sides_by_hand() -> None:
    levels = [level("AAA", 900.0), level("BBB", 100.0, ppp=None)]
    one, two, both = sides(levels, [0.5, 0.5], (-0.2, 0.2))
    assert (one.who, two.who, both.who) == (("AAA",), ("BBB",), ("AAA", "BBB"))
    assert (one.freed, two.freed, both.freed) == (450.0, 50.0, 500.0)
    assert one.left == (450.0, 100.0)
    # The other side answers a fall by half by a tenth more or less.
    assert one.low == pytest.approx((450.0, 90.0))
    assert one.high == pytest.approx((450.0, 110.0))
    assert both.low == both.high == both.left == (450.0, 50.0)
    assert one.freed_ppp == 100.0
    assert both.freed_ppp is None


def test_a_party_that_cuts_nothing_only_reacts() -> None:
    (only,) = sides([level("AAA"), level("BBB")], [0.5, 0.0], (-0.3, 0.3))
    assert only.who == ("AAA",)
    assert only.low[1] < only.left[1] < only.high[1]


@given(cuts=st.lists(shares, min_size=2, max_size=3), elasticity=st.floats(0.0, 1.0))
def test_sides_alone_add_up_to_all_together(cuts: list[float], elasticity: float) -> None:
    levels = [level(f"C{i}", 10.0 * (i + 1)) for i in range(len(cuts))]
    found = sides(levels, cuts, (-elasticity, elasticity))
    alone = sum(x.freed for x in found if len(x.who) == 1)
    assert alone == pytest.approx(max(x.freed for x in found), rel=1e-12)
    assert all(lo <= mid + 1e-12 for x in found for lo, mid in zip(x.low, x.left, strict=True))
    assert all(hi >= mid - 1e-12 for x in found for hi, mid in zip(x.high, x.left, strict=True))


def test_many_countries_are_taken_alone_and_all_together() -> None:
    levels = [level(f"C{i}") for i in range(5)]
    assert [len(x.who) for x in sides(levels, [0.5] * 5, (0.0, 0.0))] == [1, 1, 1, 1, 1, 5]


def test_a_state_that_spends_nothing_cuts_nothing() -> None:
    nothing = level("AAA", 0.0, 0.0)
    path = cut_path(Cut("t", nothing, 0.5, 3, 2021))
    assert (path.total, path.local_per_dollar, path.ppp_per_dollar) == (0.0, None, None)
    alone, other, both = sides([nothing, level("BBB")], [0.5, 0.5], (-0.3, 0.3))
    assert alone.freed == 0.0
    assert alone.low == alone.high == (0.0, 100.0)
    assert both.freed == other.freed == 50.0
