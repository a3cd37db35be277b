"""Two limits of one measure on the same lanes are two limits, in every market of a comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.equilibrium import solve_market, universe_of
from accord.equilibrium.arrays import compile_market
from accord.market import Limit
from worlds import LANE_AB, duty, limit, toy

LOOSE = limit(20e3)
TIGHT = limit(12e3)
STEP = limit(5e3, over=duty(0.3))


@pytest.mark.parametrize("limits", [(LOOSE, TIGHT), (TIGHT, LOOSE)])
def test_the_tighter_of_two_quotas_binds_whichever_comes_first(limits: tuple[Limit, Limit]) -> None:
    market = replace(toy(), limits=limits)
    assert len(universe_of(market).limits) == 2
    assert solve_market(market).flow(*LANE_AB) == pytest.approx(12e3)


def test_a_quota_and_a_tariff_rate_quota_of_one_measure_both_hold() -> None:
    both = solve_market(replace(toy(), limits=(STEP, TIGHT)))
    apart = replace(toy(), limits=(STEP, replace(TIGHT, measure="another")))
    assert both.flow(*LANE_AB) == pytest.approx(solve_market(apart).flow(*LANE_AB))


def test_a_limit_set_aside_keeps_its_place_among_those_of_its_measure() -> None:
    """Before, the looser one is set aside by another measure; after, both are in force."""
    before = replace(toy(), limits=(replace(LOOSE, suspended_by=("other",)), TIGHT))
    after = before.without("other")
    universe = universe_of(before, after)
    assert len(universe.limits) == 2
    order = [universe.limit_index[key] for key in universe.limit_keys]
    assert order == [0, 1]
    first, second = (compile_market(x, universe).limits for x in (before, after))
    assert sorted(first.bound[first.active]) == [12e3]
    assert sorted(second.bound[second.active]) == [12e3, 20e3]
    assert solve_market(before, universe=universe).flow(*LANE_AB) == pytest.approx(12e3)


def test_one_limit_with_another_bound_is_the_same_limit() -> None:
    before, after = replace(toy(), limits=(LOOSE,)), replace(toy(), limits=(TIGHT,))
    assert len(universe_of(before, after).limits) == 1
