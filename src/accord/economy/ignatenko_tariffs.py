"""Duties of the tariff model of 2025: on one country's imports, in answer to them, and the best.

The paper's formula for the best uniform duty of country i is

    t_i = 1 / ((1 + δ_i ε) φ_i − 1)
    δ_i = Σ_{n≠i} (1−ν_n) X_ni (1−λ_ni) / ((1−ν_i) Σ_{j≠i} X_ij)

with base trade X and shares λ (importer, exporter). It is a first-order rule read off the base; the
duty that is best in the model itself is searched for, and the two are shown apart.

Source: A. Ignatenko et al., "Making America great again?", Journal of International Economics 157
(2025), its formula for the optimal tariff.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.economy.ignatenko import RevenueUse, Tariffs, counterfactual, solve
from accord.economy.ignatenko_world import PLACE, Parameters, TariffWorld
from accord.economy.result import Counterfactual
from accord.errors import Fault, InputError, NoCertifiedAnswer

Array = NDArray[np.float64]
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
GRID = 11
SAME = 1e-9  # of welfare: what an equilibrium is solved to
LOWER = "in Python, a lower `highest`"


@dataclass(frozen=True)
class OptimalDuty:
    """The uniform duty that is best for one country while no other answers it.

    ``rate``     0.2 for 20 %;  ``formula`` the paper's rule on the base
    ``answer``   the equilibrium at ``rate``;  ``solves`` equilibria computed to find it
    ``spacing``  how finely the rate was searched;  ``tried`` other rates from 0 to the highest, and
                 the formula's, each with its change of welfare: none does better
    """

    region: str
    rate: float
    formula: float
    answer: Counterfactual
    solves: int
    spacing: float
    tried: tuple[tuple[float, float], ...] = ()

    def __repr__(self) -> str:
        """Answer first."""
        welfare = self.answer.welfare[self.answer.regions.index(self.region)]
        return (
            f"<{self.region}: best uniform duty {100.0 * self.rate:.2f} %, welfare "
            f"{100.0 * (welfare - 1.0):+.3f} %; the paper's rule: {100.0 * self.formula:.2f} %>"
        )


def import_duties(world: TariffWorld, region: str, rates: Array | float) -> Array:
    """Return duties (N, N): ``region`` charges ``rates`` (N,) or one rate, nobody else any."""
    duty, row = np.zeros((world.count, world.count)), _index(world, region)
    duty[row] = rates
    duty[row, row] = 0.0
    return duty


def reciprocal_duties(world: TariffWorld, region: str, rates: Array | float) -> Array:
    """Return ``import_duties``, with every other country charging ``region`` what it is charged."""
    duty, n = import_duties(world, region, rates), _index(world, region)
    duty[:, n] = duty[n]
    return duty


def optimal_duty_formula(
    world: TariffWorld, region: str, parameters: Parameters | None = None
) -> float:
    """Return the paper's rule for the best uniform duty of ``region``, from base trade alone."""
    parameters = Parameters() if parameters is None else parameters
    n, kept = _index(world, region), 1.0 - world.local_share
    sold = kept * world.trade[:, n] * (1.0 - world.share[:, n])
    abroad = sold.sum() - sold[n]
    imports = world.expenditure[n] - world.trade[n, n]
    export_weight = abroad / (kept[n] * imports)
    response = parameters.duty_response(world.local_share)[n]
    return float(1.0 / ((1.0 + export_weight * parameters.trade_elasticity) * response - 1.0))


def optimal_duty(  # noqa: PLR0913 — the last three are how, not what
    world: TariffWorld,
    region: str,
    parameters: Parameters | None = None,
    revenue_use: RevenueUse = "income tax",
    *,
    transfer: Array | None = None,
    highest: float = 1.0,
    spacing: float = 1e-6,
) -> OptimalDuty:
    """Return the uniform duty from 0 to ``highest`` that is best for ``region``'s welfare.

    ``transfer``  (N,) as in ``Tariffs``: ``None`` keeps those of the world

    Golden-section search to ``spacing``, each equilibrium started at the last, then ``GRID`` duties
    over the whole range and the paper's rule beside it. Raises ``NoCertifiedAnswer`` where an
    equilibrium is not found, the best duty is an end of the range, or one of those does better.
    """
    start, solves, n = np.zeros(3 * world.count), 0, _index(world, region)

    def tariffs(rate: float) -> Tariffs:
        return Tariffs(import_duties(world, region, rate), revenue_use, transfer)

    def welfare(rate: float) -> float:
        nonlocal start, solves
        point, certificate = solve(world, tariffs(rate), parameters, start)
        if not certificate.ok:
            cause = f"the equilibrium at a duty of {rate:.4f} is off by {certificate.worst:.1e}"
            raise NoCertifiedAnswer(cause, LOWER)
        start, solves = point.x, solves + 1
        return float(point.welfare[n])

    rate = _golden(welfare, highest, spacing)
    if highest - rate < 2.0 * spacing:
        cause = f"welfare of {region} still rises at a duty of {100.0 * highest:.0f} %"
        raise NoCertifiedAnswer(cause, "in Python, a higher `highest`")
    best, near = welfare(rate), start
    formula = optimal_duty_formula(world, region, parameters)
    rates = {
        *np.linspace(0.0, highest, GRID).tolist(),
        *([formula] if 0.0 <= formula <= highest else []),
    }
    tried = tuple((float(r), welfare(float(r))) for r in sorted(rates))
    top = max(tried, key=lambda pair: pair[1])
    if top[1] > best + SAME:
        two = f"a top at {100.0 * rate:.1f} % and more at {100.0 * top[0]:.1f} %"
        cause = f"welfare of {region} has {two}"
        raise NoCertifiedAnswer(cause, LOWER)
    answer = counterfactual(world, tariffs(rate), parameters, near)
    return OptimalDuty(region, rate, formula, answer, solves, spacing, tried)


def _golden(value: Callable[[float], float], highest: float, spacing: float) -> float:
    """Return where a function with one top between 0 and ``highest`` has it, to ``spacing``."""
    low, high = 0.0, highest
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = value(left), value(right)
    while high - low > spacing:
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = value(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = value(right)
    return 0.5 * (low + high)


def _index(world: TariffWorld, region: str) -> int:
    if region not in world.regions:
        shown = ", ".join(world.regions[:8]) + (", …" if world.count > 8 else "")  # noqa: PLR2004
        raise InputError([Fault(PLACE, f"the region {region}", shown, "a region of the table")])
    return world.regions.index(region)
