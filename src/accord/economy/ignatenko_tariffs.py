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

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.economy.ignatenko import RevenueUse, Tariffs, counterfactual, solve
from accord.economy.ignatenko_world import PLACE, Parameters, TariffWorld
from accord.economy.result import Counterfactual
from accord.errors import Fault, InputError, NoCertifiedAnswer

Array = NDArray[np.float64]
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True)
class OptimalDuty:
    """The uniform duty that is best for one country while no other answers it.

    ``rate``     0.2 for 20 %;  ``formula`` the paper's rule on the base
    ``answer``   the equilibrium at ``rate``;  ``solves`` equilibria computed to find it
    ``spacing``  how finely the rate was searched
    """

    region: str
    rate: float
    formula: float
    answer: Counterfactual
    solves: int
    spacing: float

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


def optimal_duty(  # noqa: PLR0913 — the last two are how, not what
    world: TariffWorld,
    region: str,
    parameters: Parameters | None = None,
    revenue_use: RevenueUse = "income tax",
    *,
    highest: float = 1.0,
    spacing: float = 1e-6,
) -> OptimalDuty:
    """Return the uniform duty from 0 to ``highest`` that is best for ``region``'s welfare.

    Golden-section search to ``spacing``, each equilibrium started at the last. Raises
    ``NoCertifiedAnswer`` where an equilibrium is not found or the best duty is an end of the range.
    """
    n, start, solves = _index(world, region), np.zeros(3 * world.count), 0

    def welfare(rate: float) -> float:
        nonlocal start, solves
        tariffs = Tariffs(import_duties(world, region, rate), revenue_use)
        point, certificate = solve(world, tariffs, parameters, start)
        if not certificate.ok:
            cause = f"the equilibrium at a duty of {rate:.4f} is off by {certificate.worst:.1e}"
            raise NoCertifiedAnswer(cause, "a lower `highest`")
        start, solves = point.x, solves + 1
        return float(point.welfare[n])

    low, high = 0.0, highest
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = welfare(left), welfare(right)
    while high - low > spacing:
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = welfare(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = welfare(right)
    rate = 0.5 * (low + high)
    if highest - rate < 2.0 * spacing:
        cause = f"welfare of {region} still rises at a duty of {100.0 * highest:.0f} %"
        raise NoCertifiedAnswer(cause, "a higher `highest`")
    tariffs = Tariffs(import_duties(world, region, rate), revenue_use)
    answer = counterfactual(world, tariffs, parameters, start)
    formula = optimal_duty_formula(world, region, parameters)
    return OptimalDuty(region, rate, formula, answer, solves + 1, spacing)


def _index(world: TariffWorld, region: str) -> int:
    if region not in world.regions:
        shown = ", ".join(world.regions[:8]) + (", …" if world.count > 8 else "")  # noqa: PLR2004
        raise InputError([Fault(PLACE, f"the region {region}", shown, "a region of the table")])
    return world.regions.index(region)
