"""θ and σ in both readings, weights, and the home nest: against solving again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accord.equilibrium import Equilibrium, solve_market, universe_of
from accord.equilibrium.adjoint import Gradient, gradient
from accord.equilibrium.share import ShareState
from accord.errors import InputError
from accord.market import Market
from adjoint_worlds import (
    EFFECTS,
    WORLDS,
    agrees,
    away_from_the_benchmark,
    by_choice,
    chosen_effects,
    differences,
    nested,
    size_of,
)
from worlds import toy

STEP = 2e-4
CHOICES = [key for key in WORLDS if key[0] != "homogeneous"]


def sizes(eq: Equilibrium, column: str) -> np.ndarray:
    buyers, lanes = eq.state.arrays.buyers, eq.state.arrays.lanes
    if column == "log_weight":
        return np.where(np.isfinite(lanes.log_weight), 1.0, 0.0)
    return np.nan_to_num(getattr(buyers, column))


def wrong_of(
    found: dict[str, Gradient], column: str, place: int, reference: dict[str, float], size: float
) -> list[str]:
    wrong: list[str] = []
    for name, mine in found.items():
        value = float(getattr(mine, column)[place])
        if not agrees(value, reference[name], size_of(mine, column, size)):
            wrong.append(f"{name} by {column}[{place}]: {value:.9g}, {reference[name]:.9g}")
    return wrong


@pytest.mark.parametrize(("closure", "world"), CHOICES)
def test_weights_and_elasticities_with_all_else_held(closure: str, world: str) -> None:
    eq = solve_market(WORLDS[closure, world](), closure=closure)
    found = {name: gradient(e, eq) for name, e in chosen_effects(eq).items()}
    wrong: list[str] = []
    for column in ("theta", "log_weight", "home_elasticity"):
        for place, size in enumerate(sizes(eq, column)):
            if size == 0.0 or (column == "log_weight" and place % 4 and place < 9):
                continue
            step = STEP * size

            def values(s: float, what: str = column, at: int = place) -> dict[str, float]:
                return by_choice(eq, what, at, s)

            reference = differences(values, step)
            wrong += wrong_of(found, column, place, reference, size)
    assert not wrong, "\n".join([f"{len(wrong)} wrong", *wrong])


def recalibrated(market: Market, base: ShareState, place: int, change: float) -> Market:
    """The market with one buyer's θ changed and weights such that the base's shares are kept."""
    universe, buyers, lanes = base.arrays.universe, base.arrays.buyers, base.arrays.lanes
    theta = buyers.theta[place] + change
    index = base.landed_cost + (buyers.constant - base.buyer_price)[lanes.buyer]
    weight = np.log(base.share) + theta * index
    key = universe.buyers[place]
    return replace(
        market,
        buyers=tuple(
            replace(b, theta=theta) if (b.good, b.region) == (key.good, key.region) else b
            for b in market.buyers
        ),
        lanes=tuple(
            replace(x, log_weight=float(weight[universe.lane_index[x.key]]))
            if (x.good, x.destination) == (key.good, key.region)
            else x
            for x in market.lanes
        ),
    )


@pytest.mark.parametrize("closure", ["share", "armington"])
@pytest.mark.parametrize("nests", [False, True])
def test_sigma_with_the_benchmark_s_shares_held(closure: str, nests: bool) -> None:  # noqa: FBT001
    """Calibrated anew at each θ, as a pack would be, then solved with a duty."""
    start = nested(toy()) if nests else toy()
    changed = away_from_the_benchmark(start)
    universe = universe_of(start, changed)
    base = solve_market(start, universe=universe)
    assert isinstance(base.state, ShareState)
    benchmark = solve_market(start, closure=closure, universe=universe)
    eq = solve_market(changed, closure=closure, universe=universe)
    found = {name: gradient(e, eq, benchmark=benchmark) for name, e in chosen_effects(eq).items()}
    wrong: list[str] = []
    for place, theta in enumerate(eq.state.arrays.buyers.theta):

        def values(s: float, at: int = place) -> dict[str, float]:
            first, then = (recalibrated(x, base.state, at, s) for x in (start, changed))
            again = solve_market(
                then, closure=closure, universe=universe_of(first, then), start=eq.state.z
            )
            return {name: make(again).value(again.state) for name, make in EFFECTS.items()}

        reference = differences(values, STEP * theta)
        wrong += wrong_of(found, "theta_recalibrated", place, reference, theta)
    assert not wrong, "\n".join([f"{len(wrong)} wrong", *wrong])


@pytest.mark.parametrize("closure", ["share", "armington"])
def test_at_the_benchmark_itself_sigma_moves_nothing_when_its_shares_are_held(closure: str) -> None:
    eq = solve_market(nested(toy()), closure=closure)
    for effect in chosen_effects(eq).values():
        found = gradient(effect, eq, benchmark=eq)
        size = float(np.max(np.abs(found.theta)))
        assert np.max(np.abs(found.theta_recalibrated)) <= 1e-8 * max(size, abs(found.value))


def test_shares_held_needs_a_benchmark_on_the_same_universe_and_closure() -> None:
    eq = solve_market(toy())
    effect = EFFECTS["flow"](eq)
    with pytest.raises(InputError, match="whose shares are held"):
        _ = gradient(effect, eq).theta_recalibrated
    with pytest.raises(InputError, match="another universe or closure"):
        gradient(effect, eq, benchmark=solve_market(toy(), closure="armington"))
