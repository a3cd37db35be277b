"""The row of all other countries has a range too: that of their sum, draw by draw."""

from __future__ import annotations

import numpy as np
import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.effects.measures import WORLD
from accord.report.chart_data import gains_data
from accord.report.gains import gains, range_of_gain, range_of_row, shown_gains


@pytest.fixture(scope="module")
def answer() -> Assessment:
    found = assess_named("us-russia-2025", sampling=Sampling(60, 0))
    assert isinstance(found, Assessment)
    return found


@pytest.mark.parametrize("most", [6, 9])
def test_it_is_the_worlds_gain_less_that_of_those_shown(answer: Assessment, most: int) -> None:
    rows = [gain for _, gain in shown_gains(answer, most).rows]
    (rest,) = (gain for gain in rows if gain.together)
    ensemble = answer.ensemble
    left = ensemble.changes("welfare", WORLD).copy()
    for gain in rows:
        if gain.region not in {"", WORLD}:
            left -= ensemble.changes("welfare", gain.region)
    low, high = np.quantile(left, (0.1, 0.9)).tolist()
    size = np.abs(left).max()
    assert range_of_row(ensemble, rest) == pytest.approx((low, high), rel=1e-7, abs=1e-7 * size)
    # It is not the sum of the ranges.
    ends = [range_of_gain(ensemble, code) for code in rest.together]
    assert high - low < sum(b - a for a, b in ends)


def test_every_row_of_the_table_and_the_chart_has_a_range(answer: Assessment) -> None:
    block = gains(answer, 6)
    column = block.columns.index("10 … 90 %")
    assert all("…" in line.cells[column] for line in block.lines)
    assert all(row["range"] for row in gains_data(answer).rows)


def test_without_draws_there_is_none(answer: Assessment) -> None:
    for _, gain in shown_gains(answer, 6).rows:
        assert range_of_row(None, gain) is None
