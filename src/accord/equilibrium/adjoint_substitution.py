"""How an effect moves with the elasticity of substitution, in two readings of what stays.

**Weights held**: θ (or σ) moves and α stays as it is. Shares then move even at the benchmark, by
how far each origin's cost is from the mean. **The benchmark's shares held**: weights move along, so
that shares and buyers' prices at the benchmark's costs stay, as a calibration anew would have it:

    share:      d ln α_l/dθ = c_l + constant − P          armington: see ``_armington_shift``
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from accord.equilibrium.adjoint_backward import Backward
from accord.equilibrium.armington import ArmingtonState, elasticities
from accord.equilibrium.arrays import Vector
from accord.equilibrium.effect_taxes import by_buyer
from accord.equilibrium.homogeneous import HomogeneousState
from accord.equilibrium.share import ShareState
from accord.equilibrium.state import State


class Nests(NamedTuple):
    """A CES choice in logs.

    ``cost`` (L,); ``imports``, ``whole`` price indices (B,), ``among``, ``home`` elasticities (B,),
    ``part`` share of imports in what is spent (B,).
    """

    cost: Vector
    imports: Vector
    whole: Vector
    among: Vector
    home: Vector
    part: Vector

    @staticmethod
    def of(state: ArmingtonState) -> Nests:
        """Read the nests of a state."""
        among, home = elasticities(state.arrays)
        within = by_buyer(state, state.levels[1].slope * state.landed_cost)
        some = within > 0.0
        abroad = np.where(state.arrays.lanes.home, 0.0, state.per_unit * state.landed_cost)
        return Nests(
            cost=np.log(np.where(state.landed_cost > 0.0, state.landed_cost, 1.0)),
            imports=np.log(np.where(some, within, state.buyer_price)),
            whole=np.log(state.buyer_price),
            among=among,
            home=home,
            part=by_buyer(state, abroad) / state.buyer_price,
        )


def by_log_weight(back: Backward) -> Vector:
    """Slope by ln of each lane's weight (L,): α under share, v under armington."""
    state = back.state
    if isinstance(state, HomogeneousState):
        return np.zeros(len(state.flow))
    if not isinstance(state, ArmingtonState):
        return -back.cost / state.arrays.buyers.theta[state.arrays.lanes.buyer]
    lanes, (among, home) = state.arrays.lanes, elasticities(state.arrays)
    sigma = np.where(lanes.home, home[lanes.buyer], among[lanes.buyer])
    # A larger weight is a lower cost of a unit that is made of fewer tonnes.
    flow, _ = back.at_choice
    return (back.cost * state.landed_cost + flow * state.flow) / (1.0 - sigma)


def by_theta(back: Backward) -> Vector:
    """Slope by θ of each buyer (B,), weights and constants held; σ = θ·constant."""
    state = back.state
    if isinstance(state, HomogeneousState):
        return np.zeros(len(state.buyer_price))
    if isinstance(state, ArmingtonState):
        moves_home = np.isnan(state.arrays.buyers.home_elasticity).astype(np.float64)
        found = _armington(back, state, 1.0, moves_home)
        return found * state.arrays.buyers.constant
    assert isinstance(state, ShareState)  # noqa: S101 - the other closures have no backward pass
    return _share(back, state)


def by_home_elasticity(back: Backward) -> Vector:
    """Slope by the elasticity between home supply and imports (B,); 0 where there is no nest."""
    state = back.state
    if not isinstance(state, ArmingtonState):
        return np.zeros(len(state.buyer_price))
    return _armington(back, state, 0.0, 1.0) * ~np.isnan(state.arrays.buyers.home_elasticity)


def _share(back: Backward, state: ShareState) -> Vector:
    lanes, buyers = state.arrays.lanes, state.arrays.buyers
    flow, price = back.at_choice
    cost = np.where(state.share > 0.0, state.landed_cost, 0.0)
    mean_cost = by_buyer(state, state.share * cost)
    index = (buyers.constant - state.buyer_price + mean_cost) / buyers.theta
    shifted = -state.share * np.where(state.share > 0.0, cost - mean_cost[lanes.buyer], 0.0)
    direct = by_buyer(state, flow * shifted) * state.use
    level = (back.wanted * state.final_use_slope + price) * index
    for t in range(len(back.mix) if state.arrays.tracers.passes else 0):
        direct = direct + back.mix[t] * by_buyer(state, shifted * state.traced_share[t][lanes.node])
    return np.where(state.served, direct + level, 0.0)


def _armington(
    back: Backward, state: ArmingtonState, among_moves: float, home_moves: float | Vector
) -> Vector:
    """Slope by elasticities that move at these rates, weights held (B,)."""
    lanes, nests = state.arrays.lanes, Nests.of(state)
    flow, price = back.at_choice
    value = np.where(lanes.home, 0.0, state.levels[1].slope * state.landed_cost)
    of_imports = value / np.exp(nests.imports)[lanes.buyer]
    mean = by_buyer(state, of_imports * nests.cost)
    imports = np.where(nests.part > 0.0, (nests.imports - mean) / (1.0 - nests.among), 0.0)
    imports = imports * among_moves
    at_home = np.where(lanes.home, state.per_unit * state.landed_cost * nests.cost, 0.0)
    middle = by_buyer(state, at_home) / state.buyer_price + nests.part * nests.imports
    whole = home_moves * (nests.whole - middle) / (1.0 - nests.home) + nests.part * imports
    home_turn = home_moves * (nests.imports - nests.whole)
    abroad = -among_moves * (nests.cost - nests.imports[lanes.buyer])
    abroad = abroad + ((nests.among - nests.home) * imports - home_turn)[lanes.buyer]
    home = -(np.broadcast_to(home_moves, whole.shape)[lanes.buyer]) * (
        nests.cost - nests.whole[lanes.buyer]
    )
    moved = np.where(lanes.home, home, abroad) + (nests.home * whole)[lanes.buyer]
    index = (back.wanted * state.final_use_slope + price) * state.buyer_price * whole
    return np.where(state.served, by_buyer(state, flow * state.flow * moved) + index, 0.0)


def by_theta_recalibrated(back: Backward, benchmark: State) -> Vector:
    """Slope by θ of each buyer (B,), shares and prices at the benchmark's costs held.

    A lane that was closed there keeps the share it would have had at its cost there.
    """
    state, lanes = back.state, back.state.arrays.lanes
    if isinstance(benchmark, ArmingtonState):
        shift = _armington_shift(benchmark) * state.arrays.buyers.constant[lanes.buyer]
    elif isinstance(benchmark, ShareState):
        extra = benchmark.arrays.buyers.constant - benchmark.buyer_price
        shift = benchmark.landed_cost + extra[lanes.buyer]
    else:
        shift = np.zeros(len(lanes.node))
    is_open = np.isfinite(lanes.log_weight) & benchmark.served[lanes.buyer]
    return by_theta(back) + by_buyer(state, np.where(is_open, by_log_weight(back) * shift, 0.0))


def _armington_shift(state: ArmingtonState) -> Vector:
    """Return d ln v/dσ (L,) that holds tonnes per unit and prices at a state.

    With P_M = P ω^(1/(1−σ_H)) and ln v = ln a + σ ln(c/P_M) + σ_H ln(P_M/P), home lanes alike.
    """
    lanes, nests = state.arrays.lanes, Nests.of(state)
    home_moves = np.isnan(state.arrays.buyers.home_elasticity).astype(np.float64)
    gap = nests.imports - nests.whole
    imports = home_moves * gap / (1.0 - nests.home)
    turn = home_moves * gap + (nests.home - nests.among) * imports
    abroad = nests.cost - nests.imports[lanes.buyer] + turn[lanes.buyer]
    home = home_moves[lanes.buyer] * (nests.cost - nests.whole[lanes.buyer])
    return np.where(lanes.home, home, abroad)
