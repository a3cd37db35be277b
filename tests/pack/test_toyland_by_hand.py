"""The engine against equilibria of toyland solved by hand (docs/toyland.md)."""

import tomllib
from pathlib import Path

import pytest

from accord import pack
from accord.effects import accounts_of, compare
from accord.equilibrium import solve_market, universe_of
from accord.instruments import enact, read_term
from accord.market import Market
from accord.pack import Pack

BY_HAND = tomllib.loads(
    Path(__file__).with_name("toyland_by_hand.toml").read_text(encoding="utf-8")
)
CASES = {case["id"]: case for case in BY_HAND["case"]}
TOLERANCE = BY_HAND["tolerance"]


@pytest.fixture(scope="module")
def toyland() -> Pack:
    return pack.load("toyland")


def market_of(case: dict, toyland: Pack) -> Market:
    terms = [read_term(table) for table in case.get("term", [])]
    market = toyland.market(case["year"], case["law"])
    for term in terms:
        assert term.faults(market) == []
    return enact(market, terms)


@pytest.mark.parametrize("name", CASES)
def test_the_equilibrium_is_the_one_solved_by_hand(name: str, toyland: Pack) -> None:
    case = CASES[name]
    tables = accounts_of(solve_market(market_of(case, toyland))).tables
    for measure, region, good, value in case["expected"]:
        found = tables[measure].get((region, good or None), 0.0)
        assert found == pytest.approx(value, rel=TOLERANCE, abs=TOLERANCE), (measure, region, good)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "changes" in case])
def test_the_changes_are_the_ones_solved_by_hand(name: str, toyland: Pack) -> None:
    markets = [market_of(CASES[case], toyland) for case in ("baseline", name)]
    universe = universe_of(*markets)
    effects = compare(*(solve_market(market, universe=universe) for market in markets))
    for measure, region, good, value in CASES[name]["changes"]:
        found = effects.change(measure, region, good or None)
        assert found == pytest.approx(value, rel=1e-8), (measure, region, good)
    assert effects.welfare_identity < 1e-8
