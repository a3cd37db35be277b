from __future__ import annotations

import numpy as np
import pytest

from accord.economy.data.nearness import distances, nearness, neighbours

SOME = ("CAN", "FRA", "DEU", "HKG", "SGP", "USA")


def test_distances_are_symmetric_and_of_the_right_size() -> None:
    km = distances(SOME)
    np.testing.assert_array_equal(km, km.T)
    # One city each: 2,590 km by any atlas, on a sphere to half a per cent.
    assert km[SOME.index("HKG"), SOME.index("SGP")] == pytest.approx(2590.0, rel=0.01)
    assert km[SOME.index("FRA"), SOME.index("DEU")] < 1000.0 < km[SOME.index("FRA"), 0]


def test_the_order_of_countries_does_not_matter() -> None:
    back = tuple(reversed(SOME))
    np.testing.assert_allclose(distances(SOME), distances(back)[::-1, ::-1], rtol=1e-13)


def test_neighbours_are_those_with_a_land_border() -> None:
    near = neighbours(SOME)
    pairs = {(SOME[a], SOME[b]) for a, b in np.argwhere(np.triu(near)).tolist()}
    assert pairs == {("CAN", "USA"), ("FRA", "DEU")}


def test_trade_at_given_sizes_falls_with_distance_and_rises_at_borders() -> None:
    near = nearness(SOME, -0.8, 0.7)
    km = distances(SOME)
    a, b, c = (SOME.index(code) for code in ("FRA", "HKG", "DEU"))
    assert near[a, b] == pytest.approx(km[a, b] ** -0.8)
    assert near[a, c] == pytest.approx(km[a, c] ** -0.8 * np.exp(0.7))
    assert (np.diag(near) == 0.0).all()


def test_a_country_without_a_place_is_named() -> None:
    with pytest.raises(KeyError, match="ZZZ"):
        distances(("USA", "ZZZ"))
