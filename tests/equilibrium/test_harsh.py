"""A sample of the harsh chains of benchmarks/harsh.py: each ends certified or proved infeasible."""

from __future__ import annotations

import numpy as np
import pytest
from harsh_chains import benchmark, harsh

from accord.equilibrium import solve_market
from accord.equilibrium.certificate import certify
from accord.equilibrium.equilibrium import _solved
from accord.errors import Infeasible

TOLERANCE = 1e-8
FIRST = 9000


@pytest.mark.parametrize("seed", range(20))
def test_a_harsh_chain_ends_one_way_or_the_other(seed: int) -> None:
    market = harsh(FIRST + seed, most_regions=5, most_stages=2)
    try:
        eq = _solved(market, "share", None, None)  # without the search for what conflicts
    except Infeasible as refusal:
        words = refusal.cause
    else:
        again = certify(eq.state, eq.outcome)
        worst = max(again.market_clearing, again.complementarity, again.mass_balance)
        assert worst <= TOLERANCE
        assert eq.outcome.method
        return
    assert "short by" in words


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_chain_left_in_peace_gives_back_its_benchmark(seed: int) -> None:
    market = benchmark(np.random.default_rng(seed), 6, 3)
    eq = solve_market(market)
    for buyer in market.buyers:
        price = eq.buyer_price(buyer.good, buyer.region)
        assert price is None or price == pytest.approx(buyer.constant, rel=0.5)


def test_a_seed_is_a_market() -> None:
    assert harsh(7) == harsh(7)
    assert harsh(7) != harsh(8)
