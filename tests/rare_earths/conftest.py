from __future__ import annotations

import pytest

from accord import pack as packs
from accord.equilibrium import Equilibrium, solve_market
from accord.pack import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.load("rare_earths")


@pytest.fixture(scope="session")
def base(pack: Pack) -> Equilibrium:
    return solve_market(pack.market(2024, pack.benchmarks[2024].law_date))
