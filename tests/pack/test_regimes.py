"""A year falls into regimes at the days on which the law changes, and nowhere else."""

import math
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord import pack
from accord.instruments import Term, read_term
from accord.pack import Pack
from accord.pack.regimes import Regime, regimes_of


@pytest.fixture(scope="module")
def aluminium() -> Pack:
    return pack.load("aluminium")


def duty(name: str, **dates: object) -> Term:
    table: Mapping[str, object] = {
        "id": name, "kind": "import_duty", "goods": ["metal"], "importers": ["CCC"],
        "exporters": "all", "ad_valorem": "10 %", "source": "own",
    }  # fmt: skip
    return read_term({**table, **{k.rstrip("_"): v for k, v in dates.items()}})


def starts(regimes: tuple[Regime, ...]) -> list[date]:
    return [regime.starts for regime in regimes]


def test_a_year_without_a_change_is_one_regime() -> None:
    assert regimes_of(2023, []) == (Regime(date(2023, 1, 1), date(2023, 12, 31), 1.0),)
    held = duty("held", from_=date(2020, 5, 5), until=date(2024, 1, 1))
    assert len(regimes_of(2023, [held])) == 1


def test_a_year_falls_where_a_measure_starts_and_where_it_ends() -> None:
    first, second, third = regimes_of(
        2023, [duty("short", from_=date(2023, 3, 2), until=date(2023, 4, 1))]
    )
    assert (first.starts, first.ends) == (date(2023, 1, 1), date(2023, 3, 1))
    assert (second.starts, second.ends) == (date(2023, 3, 2), date(2023, 3, 31))
    assert (third.starts, third.ends) == (date(2023, 4, 1), date(2023, 12, 31))
    assert (first.days, second.days, third.days) == (60, 30, 275)
    assert second.share == 30 / 365


def test_a_change_on_the_first_of_january_splits_nothing() -> None:
    terms = [
        duty("old", until=date(2023, 1, 1)),
        duty("new", from_=date(2023, 1, 1), until=date(2024, 1, 1)),
    ]
    assert len(regimes_of(2023, terms)) == 1


def test_a_year_falls_where_a_ramp_takes_a_step_and_no_more_after_its_last() -> None:
    ramped = duty("ramped", from_=date(2022, 7, 1), ramp=["25 %", "50 %", "100 %"])
    assert starts(regimes_of(2022, [ramped])) == [date(2022, 1, 1), date(2022, 7, 1)]
    assert starts(regimes_of(2024, [ramped])) == [date(2024, 1, 1), date(2024, 7, 1)]
    assert starts(regimes_of(2025, [ramped])) == [date(2025, 1, 1)]


def test_a_ramp_from_the_29th_of_february_steps_on_the_1st_of_march() -> None:
    ramped = duty("ramped", from_=date(2024, 2, 29), ramp=["50 %", "100 %"])
    assert starts(regimes_of(2025, [ramped])) == [date(2025, 1, 1), date(2025, 3, 1)]
    assert ramped.share_on(date(2025, 2, 28)) == 0.5
    assert ramped.share_on(date(2025, 3, 1)) == 1.0


days = st.dates(date(2021, 1, 1), date(2026, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> list[Term]:
    found: list[Term] = []
    for i in range(draw(st.integers(0, 6))):
        first, last = sorted([draw(days), draw(days)])
        dates: dict[str, object] = {"from_": first}
        if first < last and draw(st.booleans()):
            dates["until"] = last
        if draw(st.booleans()):
            dates["ramp"] = ["25 %", "50 %", "100 %"]
        found.append(duty(f"m{i}", **dates))
    return found


@given(terms(), st.integers(2021, 2026))
def test_every_day_is_in_one_regime_and_its_law_is_that_of_the_regimes_first_day(
    law: list[Term], year: int
) -> None:
    found = regimes_of(year, law)
    assert math.fsum(regime.share for regime in found) == 1.0
    day = date(year, 1, 1)
    for regime in found:
        assert day == regime.starts
        while day <= regime.ends:
            for term in law:
                assert term.in_force(day) == term.in_force(regime.starts)
                if term.in_force(day):
                    assert term.share_on(day) == term.share_on(regime.starts)
            day += timedelta(days=1)
    assert day == date(year + 1, 1, 1)


def test_the_pack_splits_a_year_by_its_own_law(aluminium: Pack) -> None:
    first_days = starts(aluminium.regimes(2018))
    assert {date(2018, 3, 23), date(2018, 4, 6), date(2018, 6, 1)} <= set(first_days)
    for regime in aluminium.regimes(2025):
        law = [m.id for m in aluminium.law(regime.starts)]
        assert law == [m.id for m in aluminium.law(regime.ends)]


def test_a_deals_terms_split_the_year_too(aluminium: Pack) -> None:
    plain = starts(aluminium.regimes(2027))
    term = duty("deal", from_=date(2027, 7, 1))
    assert plain == [date(2027, 1, 1)]
    assert starts(aluminium.regimes(2027, [term])) == [date(2027, 1, 1), date(2027, 7, 1)]
