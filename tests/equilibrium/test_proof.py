"""The linear system behind a proof: right by hand, by HiGHS, and never against a solved market."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from harsh_chains import harsh
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from accord.equilibrium import universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.demand_ceiling import demand_ceiling
from accord.equilibrium.equilibrium import _solved
from accord.equilibrium.linear_system import System
from accord.equilibrium.proof import Proof, prove_empty
from accord.errors import Infeasible, NoCertifiedAnswer
from accord.market import Market
from accord.market.market import set_capacity
from worlds import LANE_AB, LANE_CB, banned, limit, toy

LANE_AC = LANE_AB._replace(destination="C")


def arrays_of(market: Market) -> Arrays:
    return compile_market(market, universe_of(market))


def proof_of(market: Market) -> Proof | None:
    return prove_empty(arrays_of(market), market, "share")


def is_empty(market: Market, proof: Proof | None = None) -> bool:
    """Ask HiGHS about all minimums, or about those of a proof, in units of the largest of them."""
    system = System(arrays_of(market), market, "share")
    asked = {i for i, x in enumerate(system.elements) if x.kind == "minimum"}
    if proof is not None:
        named = {x.element for x in proof.members}
        asked = {i for i in asked if system.elements[i] in named}
    scale = max(system.elements[i].size for i in asked)
    others = {i for i, x in enumerate(system.elements) if x.kind == "minimum"} - asked
    program = system.without(frozenset(others), scale)
    table = np.zeros((len(program.bound), len(program.upper)))
    np.add.at(table, (program.row, program.column), program.entry)
    asks = np.isfinite(program.bound)
    less, same = asks & ~program.equal, asks & program.equal
    found = linprog(
        np.zeros(len(program.upper)), table[less], program.bound[less], table[same],
        program.bound[same], bounds=[(0.0, None if np.isinf(u) else u) for u in program.upper],
    )  # fmt: skip
    assert found.status in {0, 2}
    return found.status == 2


amount = st.floats(1e3, 120e3)


@settings(max_examples=40, deadline=None)
@given(st.tuples(amount, amount, amount, amount, st.floats(10e3, 200e3)))
def test_it_proves_what_highs_finds_empty_and_nothing_else(drawn: tuple[float, ...]) -> None:
    one, two, quota, smelter, mine = drawn
    market = set_capacity(toy(), {"smelter.A": smelter, "mine.A": mine})
    for bound, key, name in ((one, LANE_AB, "one"), (two, LANE_AC, "two")):
        least = limit(bound, key, sense="at_least", rent_to="B")
        market = market.with_limit(replace(least, measure=name))
    market = market.with_limit(replace(limit(quota), measure="quota"))
    if quota < smelter:
        market = banned(market, LANE_CB)
    proof = proof_of(market)
    assert (proof is not None) == is_empty(market)
    if proof is not None:
        assert proof.error <= 1e-9
        assert proof.gap < -1e-9
        _none_can_be_spared(market, proof)


def _none_can_be_spared(market: Market, proof: Proof) -> None:
    """Lifting any one member leaves a set that has a point."""
    system = System(arrays_of(market), market, "share")
    places = {(x.kind, x.name): i for i, x in enumerate(system.elements)}
    members = {places[x.element.kind, x.element.name] for x in proof.members}
    others = frozenset(range(len(system.elements))) - members
    scale = max(x.element.size for x in proof.members)
    for i in members:
        program = system.without(others | {i}, scale)
        assert not proof.certificate.proves(program, 1e-9)


@pytest.mark.parametrize("seed", range(9100, 9125))
def test_no_solved_chain_is_proved_empty_and_no_proof_contradicts_highs(seed: int) -> None:
    market = harsh(seed, most_regions=5, most_stages=2)
    if not any(x.sense == "at_least" for x in market.limits):
        return
    proof = proof_of(market)
    assert proof is None or _has_no_answer(market)
    if proof is not None:
        assert is_empty(market, proof)


def _has_no_answer(market: Market) -> bool:
    try:
        _solved(market, "share", None, None)
    except NoCertifiedAnswer:
        return True
    return False


def test_the_smallest_of_minimums_is_judged_in_its_own_scale() -> None:
    """A gram short of a gram is short, beside millions of tonnes."""
    huge = set_capacity(toy(), {"smelter.A": 1e8, "mine.A": 1e9, "smelter.C": 1e-7})
    tiny = replace(limit(1e-6, LANE_CB, sense="at_least", rent_to="B"), measure="tiny")
    large = replace(limit(1e5, sense="at_least", rent_to="B"), measure="large")
    proof = proof_of(huge.with_limit(large).with_limit(tiny))
    assert proof is not None
    assert [x.element.name for x in proof.members] == ["tiny", "smelter.C"]


def test_demand_never_passes_its_ceiling() -> None:
    """Even with the rebate at its largest, which the market is made to pay."""
    market = set_capacity(toy(), {"smelter.A": 25e6, "mine.A": 1e9})
    asked = market.with_limit(limit(350e3, sense="at_least", rent_to="B"))
    state = _point_of(asked)
    most = demand_ceiling(arrays_of(asked), "share")
    assert np.all(state <= most)
    assert state.max() > 0.3 * most.max()


def _point_of(market: Market) -> np.ndarray:
    try:
        return _solved(market, "share", None, None).state.final_demand
    except Infeasible as refusal:
        demand = getattr(refusal.point, "final_demand", None)
        assert isinstance(demand, np.ndarray)
        return demand


def test_a_market_that_can_be_met_has_no_proof() -> None:
    assert proof_of(toy().with_limit(limit(30e3, sense="at_least", rent_to="B"))) is None
