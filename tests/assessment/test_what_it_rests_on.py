"""What an answer rests on, beyond its draws: held against markets solved one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.main_number import MainNumber, main_number
from accord.assessment.one_at_a_time import OneAtATime, one_at_a_time
from accord.assessment.sampling import Sampling
from accord.assessment.sobol import Index, Sobol, agreement, in_parts, sobol
from accord.ensemble.drawn import Drawn
from accord.ensemble.markets import markets_of
from accord.equilibrium import solve_market
from accord.market import Market, Wedge
from ensemble_asks import DUTY, HEAD


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    deal = tmp_path_factory.mktemp("deals") / "duty.toml"
    deal.write_text(HEAD + DUTY, "utf-8")
    found = assess_named(str(deal), sampling=Sampling(64, 0))
    assert isinstance(found, Assessment)
    return found


@pytest.fixture(scope="module")
def main(answer: Assessment) -> MainNumber:
    found = main_number(answer)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def alone(answer: Assessment, main: MainNumber) -> OneAtATime:
    return one_at_a_time(answer, main)


def test_at_the_medians_it_is_the_central_answer(answer: Assessment, main: MainNumber) -> None:
    lane = answer.focus.lane
    assert lane is not None
    assert main.asked.key == ("flow", f"{lane.origin}>{lane.destination}", lane.good)
    assert main.central == pytest.approx(answer.effects.after.flow(*lane), rel=1e-8)


def test_in_the_draws_it_is_what_the_draws_say(answer: Assessment, main: MainNumber) -> None:
    ensemble = answer.ensemble
    assert ensemble is not None
    scores = main.uncertainty.scores(ensemble.wanted, ensemble.seed)
    np.testing.assert_allclose(main(scores), main.asked.values, rtol=1e-8)


def test_a_bar_is_a_market_made_from_the_tables(
    answer: Assessment, main: MainNumber, alone: OneAtATime
) -> None:
    """The widest bar's ends, each solved alone from the pack's own tables."""
    bar = alone.bars[0]
    names = [" ".join(p for p in n.key if p != "*") for n in main.uncertainty.numbers]
    place = names.index(bar.parameter)
    values = np.tile(main.uncertainty.central, (2, 1))
    values[:, place] = bar.low, bar.high
    keys = tuple(number.key for number in main.uncertainty.numbers)
    ask = main.sides[1]._markets.ask
    made = markets_of(ask)
    lane = answer.focus.lane
    assert lane is not None
    for draw, told in enumerate((bar.at_low, bar.at_high)):
        _, after = made.single(Drawn(keys, values), draw)
        assert told == pytest.approx(solve_market(after).flow(*lane), rel=1e-7)


def test_bars_are_told_widest_first(alone: OneAtATime) -> None:
    swings = [abs((b.at_high or 0.0) - (b.at_low or 0.0)) for b in alone.bars]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0.0


def test_a_slope_is_that_of_the_markets_around(main: MainNumber, alone: OneAtATime) -> None:
    names = [" ".join(p for p in n.key if p != "*") for n in main.uncertainty.numbers]
    bar = alone.bars[0]
    point = np.zeros((2, len(names)))
    point[:, names.index(bar.parameter)] = 0.01, -0.01
    up, down = main(point).tolist()
    assert bar.slope == pytest.approx((up - down) / 0.02, rel=1e-2)
    values = main.uncertainty.values(point)[:, names.index(bar.parameter)]
    expected = (up - down) / main.central / ((values[0] - values[1]) / bar.median)
    assert bar.elasticity == pytest.approx(expected, rel=1e-2)


def test_a_datum_is_what_another_duty_does(answer: Assessment, alone: OneAtATime) -> None:
    lane = answer.focus.lane
    assert lane is not None
    where = f"{lane.good} {lane.origin}→{lane.destination}"
    told = next(d for d in alone.data if (d.datum, d.where) == ("ad_valorem", where))
    after = answer.effects.after.market

    def with_more(market: Market, more: float) -> Market:
        wedge = Wedge("more", "import", more, basis="cif", revenue_to=lane.destination)
        return market.map_lanes(lambda x: x.key == lane, lambda x: x.with_wedge(wedge))

    step = 1e-4
    flows = [solve_market(with_more(after, x)).flow(*lane) for x in (step, -step)]
    assert told.derivative == pytest.approx((flows[0] - flows[1]) / (2.0 * step), rel=1e-3)


def test_none_without_draws(tmp_path: Path) -> None:
    deal = tmp_path / "duty.toml"
    deal.write_text(HEAD + DUTY, "utf-8")
    found = assess_named(str(deal))
    assert isinstance(found, Assessment)
    assert main_number(found) is None


def test_indices_add_up_and_agree_with_the_draws(
    answer: Assessment, main: MainNumber, alone: OneAtATime
) -> None:
    found = sobol(main, 64, 0)
    assert found is not None
    assert found.points == 64
    assert found.solved == 64 * (len(main.uncertainty.groups) + 2)
    assert sum(x.first for x in found.indices) == pytest.approx(1.0, abs=0.25)
    assert all(x.total_low <= x.total <= x.total_high + 1e-12 for x in found.indices)
    totals = [x.total for x in found.indices]
    assert totals == sorted(totals, reverse=True)
    told = " ".join(agreement(answer.rests_on, alone, found))
    assert "All 3 ways put the same number first" in told


def test_points_without_all_answers_are_left_out(main: MainNumber) -> None:
    def lost(scores: np.ndarray) -> np.ndarray:
        values = main(scores)
        return np.where(np.arange(len(values)) == 3, np.nan, values)

    class Lossy:
        """The main number, with the fourth answer of every call lost."""

        def __getattr__(self, name: str) -> object:
            return getattr(main, name)

        def __call__(self, scores: np.ndarray) -> np.ndarray:
            return lost(scores)

    found = sobol(Lossy(), 32, 0)  # pyright: ignore[reportArgumentType]
    assert found is not None
    assert found.lost > 0
    assert found.points + found.lost == 32


def test_parts_are_the_whole(main: MainNumber) -> None:
    scores = main.uncertainty.scores(130, 0)
    np.testing.assert_allclose(in_parts(main, scores), main(scores), rtol=1e-9)


def test_disagreement_is_said(answer: Assessment, alone: OneAtATime) -> None:
    """An index that leaves no room for what the draws say, and another first number."""
    strange = Index(("something else",), ("other",), 0.9, 0.9, 0.9, 0.9, 0.9, 0.9)
    assert answer.rests_on is not None
    first = answer.rests_on.pillars[0]
    own = Index((first.name,), (first.parameter,), 0.01, 0.01, 0.01, 0.02, 0.02, 0.02)
    told = agreement(answer.rests_on, alone, Sobol("x", (strange, own), 64, 0, 128))
    assert "do not put the same number first" in told[0]
    assert "differ beyond their errors" in told[1]
    assert first.name in told[1]
