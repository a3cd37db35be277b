"""What an equilibrium must satisfy, checked on the answer itself, whatever method found it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.equilibrium.state import State
from accord.solve import Outcome

CLEARING_TOLERANCE = 1e-8
COMPLEMENTARITY_TOLERANCE = 1e-8
MASS_TOLERANCE = 1e-8
IDLE = 1e-2


@dataclass(frozen=True, slots=True)
class MarketCheck:
    """One node's clearing: what is made, what leaves, and the excess relative to what is made."""

    good: str
    region: str
    supply: float
    shipped: float
    excess: float


@dataclass(frozen=True)
class Certificate:
    """Worst values over all markets; ``ok`` when each is within its tolerance (conventions C41)."""

    market_clearing: float
    complementarity: float
    mass_balance: float
    steps: int
    seconds: float
    markets: tuple[MarketCheck, ...]

    @property
    def ok(self) -> bool:
        """Whether every check is within its tolerance."""
        return (
            self.market_clearing <= CLEARING_TOLERANCE
            and self.complementarity <= COMPLEMENTARITY_TOLERANCE
            and self.mass_balance <= MASS_TOLERANCE
        )


def certify(state: State, outcome: Outcome) -> Certificate:
    """Check a state: clearing at positive prices, complementarity, tonnes in and out."""
    checks = _market_checks(state)
    return Certificate(
        market_clearing=max((abs(c.excess) for c in checks), default=0.0),
        complementarity=_complementarity(state),
        mass_balance=_mass_balance(state),
        steps=outcome.total_steps,
        seconds=outcome.seconds,
        markets=checks,
    )


def _market_checks(state: State) -> tuple[MarketCheck, ...]:
    rows: list[MarketCheck] = []
    capable = state.arrays.activities.outputs @ state.arrays.activities.capacity
    for (good, region), made, left, price, most in zip(
        state.arrays.universe.nodes, state.supply, state.shipped, state.price, capable, strict=True
    ):
        excess = made - left
        # A surplus is allowed where the price is zero: that is disposal, not a failure to clear.
        failing = excess if price > 0.0 else min(excess, 0.0)
        # What an idle plant fails to clear is judged against a hundredth of what it could make.
        size = max(abs(made), abs(left), IDLE * most)
        relative = float(failing / size) if size > 0.0 else 0.0
        rows.append(MarketCheck(good, region, float(made), float(left), relative))
    return tuple(rows)


def _complementarity(state: State) -> float:
    problem = state.closure.problem(state.arrays)
    f = state.conditions
    natural = problem.natural_residual(state.z, f)
    return float(np.max(np.abs(natural), initial=0.0))


def _mass_balance(state: State) -> float:
    """Worst over goods of |made − disposed − lost − used| over what is made; idle as above."""
    universe, lanes = state.arrays.universe, state.arrays.lanes
    capable = state.arrays.activities.outputs @ state.arrays.activities.capacity
    worst = 0.0
    lost, used = state.flow * (lanes.shipped - 1.0), state.use + state.unwanted
    for good in sorted({good for good, _ in universe.nodes}):
        nodes = np.array([g == good for g, _ in universe.nodes])
        buyers = np.array([b.good == good for b in universe.buyers])
        on_lanes = nodes[lanes.node]
        free = np.where(state.price > 0.0, 0.0, np.maximum(state.supply - state.shipped, 0.0))
        made = float(state.supply[nodes].sum())
        gone = float(free[nodes].sum() + lost[on_lanes].sum() + used[buyers].sum())
        size = max(made, IDLE * float(capable[nodes].sum()))
        worst = max(worst, abs(made - gone) / size if size > 0.0 else abs(gone))
    return worst
