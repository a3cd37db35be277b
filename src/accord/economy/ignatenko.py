"""The tariff model of 2025: labour supply, local selling costs, tariff revenue and deficits.

One traded sector, N countries, importers i and exporters j. A share ν_i of what i spends pays i's
own labour (the fixed cost of selling there), 1 − ν_i reaches the exporter. With duties t, changes
of the wage w, labour L, expenditure E and price index P (new over old) solve

    λ'_ij = K_ij a_j / S_i      K_ij = λ_ij (1+t_ij)^(−ε φ_i)   a_j = (w_j / L_j^ψ)^(−ε)
                                S_i = Σ_j K_ij a_j
    P_i = (E_i/w_i)^(1−φ_i) S_i^(−1/ε)
    X'_ij = λ'_ij E'_i / (1+t_ij)                     trade, duty not included
    R_i = E'_i − Σ_j X'_ij                            tariff revenue
    w_j L_j Y_j = Σ_i (1−ν_i) X'_ij + ν_j Σ_k X'_jk   output: sales abroad and home, local costs
    E'_i = R_i + w_i L_i Y_i + T_i · (Σ wLY / ΣY)     transfers T keep their share of world output
    L_i = ((w_i/P_i) / (1 − R_i/(w_i L_i Y_i)))^κ     revenue relieves the income tax, or
    L_i = (w_i/P_i)^κ                                 revenue is handed out, the same to each
    Σ_i (P_i − 1) E_i = 0                             numeraire

with ψ = 1/ϑ and φ_i = (1+ϑ)/((1−ν_i)ϑ) − 1/ϑ. ν = 0 makes φ = 1: the model of Eaton and Kortum,
or Krugman. Welfare is δ E/P + (1−δ) wL/P, δ = E/(E − κ(1−τ)Y/(1+κ)), τ = R/wLY where revenue
relieves the income tax and else 0.

Valid range: ε > 1, κ ≥ 0, ϑ > 0, 0 ≤ ν < 1, duties > −1, every country spends and sells. Scale
economies (ψ > 0) can allow several equilibria; the one reached from the base is returned.

Source: A. Ignatenko, A. Lashkaripour, L. Macedoni and I. Simonovska, "Making America great again?
The economic impacts of Liberation Day tariffs", Journal of International Economics 157 (2025).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.economy.complex_newton import along_path, complex_newton
from accord.economy.ignatenko_equations import Equations, RevenueUse, Tariffs
from accord.economy.ignatenko_world import Parameters, TariffWorld, check_duties
from accord.economy.result import CERTIFIED, Certificate, Counterfactual, Levels
from accord.errors import NoCertifiedAnswer
from accord.solve.anderson import Anderson

__all__ = ["Point", "RevenueUse", "Tariffs", "balanced", "counterfactual", "solve"]

Array = NDArray[np.float64]
SECTOR = "goods"
SOLVER = Anderson(memory=8, tolerance=1e-12, max_steps=500)
SOLVED = 1e-9  # of markets, a tenth of what a certificate needs


@dataclass(frozen=True)
class Point:
    """The model evaluated at x (3N,) = ln w, ln E, ln L, new over old."""

    world: TariffWorld
    parameters: Parameters
    tariffs: Tariffs
    x: Array

    @cached_property
    def wage(self) -> Array:
        """Change of the wage."""
        return np.exp(self.x[: self.world.count])

    @cached_property
    def spending(self) -> Array:
        """Change of expenditure."""
        return np.exp(self.x[self.world.count : 2 * self.world.count])

    @cached_property
    def labour(self) -> Array:
        """Change of employment."""
        return np.exp(self.x[2 * self.world.count :])

    @cached_property
    def _unnormalised(self) -> Array:
        strength = (self.wage / self.labour**self.parameters.scale) ** (
            -self.parameters.trade_elasticity
        )
        response = self.parameters.duty_response(self.world.local_share)
        power = -self.parameters.trade_elasticity * response[:, None]
        return self.world.share * (1.0 + self.tariffs.duty) ** power * strength

    @cached_property
    def price(self) -> Array:
        """Change of the price index P."""
        response = self.parameters.duty_response(self.world.local_share)
        inside = self._unnormalised.sum(axis=1) ** (-1.0 / self.parameters.trade_elasticity)
        return (self.spending / self.wage) ** (1.0 - response) * inside

    @cached_property
    def trade(self) -> Array:
        """X' (importer, exporter), duty not included."""
        share = self._unnormalised / self._unnormalised.sum(axis=1, keepdims=True)
        return share * (self.spending * self.world.expenditure)[:, None] / (1.0 + self.tariffs.duty)

    @cached_property
    def revenue(self) -> Array:
        """R, tariff revenue."""
        return self.spending * self.world.expenditure - self.trade.sum(axis=1)

    @cached_property
    def output(self) -> Array:
        """w·L·Y, what labour earns."""
        return self.wage * self.labour * self.world.output

    @cached_property
    def sales(self) -> Array:
        """What is sold, to be equal to ``output``."""
        share = self.world.local_share
        return (1.0 - share) @ self.trade + share * self.trade.sum(axis=1)

    @cached_property
    def relief(self) -> Array:
        """τ: revenue over output where it relieves the income tax, else 0."""
        relieves = self.tariffs.revenue_use == "income tax"
        return self.revenue / self.output if relieves else np.zeros(self.world.count)

    @cached_property
    def welfare(self) -> Array:
        """Change of welfare: expenditure in real terms, less the effort of working more."""
        supply, base = self.parameters.labour_supply, self.world.expenditure
        effort = supply * (1.0 - self.relief) * self.world.output / (1.0 + supply)
        weight = base / (base - effort)
        return (weight * self.spending + (1.0 - weight) * self.wage * self.labour) / self.price

    @property
    def income(self) -> Array:
        """What may be spent: revenue, output and transfers."""
        growth = self.output.sum() / self.world.output.sum()
        return self.revenue + self.output + self.tariffs.transfer_of(self.world) * growth

    def certificate(self, steps: int, seconds: float) -> Certificate:
        """Return the errors of the model's own conditions.

        Markets: sales over output, from the trade matrix; exports less imports and transfers over
        trade; labour over its supply.
        """
        equations = Equations(self.world, self.parameters, self.tariffs)
        opened = np.abs(equations.residual(self.x[:, None])[: self.world.count]).max()
        spent, base = self.spending * self.world.expenditure, self.world.expenditure
        wanted = (self.wage / self.price / (1.0 - self.relief)) ** self.parameters.labour_supply
        clearing = np.abs(self.sales / self.output - 1.0).max()
        supplied = np.abs(self.labour / wanted - 1.0).max()
        return Certificate(
            market_clearing=float(np.max([clearing, supplied, opened])),
            budget=float(np.abs(spent / self.income - 1.0).max()),
            numeraire=float(abs((self.price - 1.0) @ base) / base.sum()),
            steps=steps,
            seconds=seconds,
        )


def counterfactual(
    world: TariffWorld,
    tariffs: Tariffs,
    parameters: Parameters | None = None,
    start: Array | None = None,
) -> Counterfactual:
    """Return the certified equilibrium under ``tariffs``.

    ``start`` (3N,) is a point to begin from, ln w, ln E, ln L; without one, the base. Raises
    ``InputError`` for duties that do not fit the world, ``NoCertifiedAnswer`` where none is found.
    """
    point, certificate = solve(world, tariffs, parameters, start)
    if tariffs.forgone is not None:
        cause = "some sales are earned by nobody, so markets do not clear"
        raise NoCertifiedAnswer(cause, "leave `forgone` out")
    return _result(point, certificate)


def solve(
    world: TariffWorld,
    tariffs: Tariffs,
    parameters: Parameters | None = None,
    start: Array | None = None,
) -> tuple[Point, Certificate]:
    """Return the point reached and its errors, which may be too large for an answer.

    Raises as ``counterfactual`` does, but for a certificate that fails.
    """
    check_duties(world, tariffs.duty, tariffs.transfer, balanced=tariffs.forgone is None)
    parameters = Parameters() if parameters is None else parameters
    start = np.zeros(3 * world.count) if start is None else start
    began = time.perf_counter()
    with np.errstate(all="ignore"):  # a step may leave the model's range; it is then shortened
        x, error, steps = _reached(world, parameters, tariffs, start)
        if not error <= CERTIFIED:
            cause = f"no equilibrium found in {steps} steps, nor on a path from the base"
            raise NoCertifiedAnswer(cause, "smaller duties, or a start nearer the answer")
        point = Point(world, parameters, tariffs, x)
        return point, point.certificate(steps, time.perf_counter() - began)


def balanced(world: TariffWorld, parameters: Parameters | None = None) -> TariffWorld:
    """Return the world as it would be without transfers and without duties: a new base.

    Raises ``NoCertifiedAnswer`` where that world is not found.
    """
    none = np.zeros((world.count, world.count))
    answer = counterfactual(world, Tariffs(none, transfer=none[0]), parameters)
    notes = (*world.notes, "the base was solved again with every transfer set to 0")
    return TariffWorld(world.regions, answer.trade[0], world.local_share, notes)


def _reached(
    world: TariffWorld, parameters: Parameters, tariffs: Tariffs, start: Array
) -> tuple[Array, float, int]:
    """Return the best x found, its residual and the steps: iteration, Newton, then a path."""
    equations = Equations(world, parameters, tariffs)
    first = SOLVER.solve(equations.step, start)
    x, steps = first.reached, first.total_steps
    error = float(np.abs(equations.residual(x[:, None])).max())
    if error <= SOLVED:
        return x, error, steps
    found = complex_newton(equations.residual, x if np.isfinite(error) else start)
    steps += found.steps
    if not found.error <= SOLVED:
        path = along_path(
            lambda s: Equations(world, parameters, tariffs.part(world, s)).residual,
            np.zeros(3 * world.count),
            SOLVED,
        )
        steps += path.steps
        found = min(found, path, key=lambda reached: reached.error)
    return found.x, found.error, steps


def _result(point: Point, certificate: Certificate) -> Counterfactual:
    world = point.world
    use = point.tariffs.revenue_use
    after = Levels(
        trade=point.trade[None],
        output=point.output[None],
        expenditure=(point.spending * world.expenditure)[None],
        income=point.spending * world.expenditure,
        revenue=point.revenue,
    )
    before = Levels(
        trade=world.trade[None],
        output=world.output[None],
        expenditure=world.expenditure[None],
        income=world.expenditure,
        revenue=np.zeros(world.count),
    )
    real = point.spending / point.price
    return Counterfactual(
        model=f"tariff model of 2025, revenue use: {use}",
        regions=world.regions,
        sectors=(SECTOR,),
        welfare=point.welfare,
        real_wage=point.wage / point.price,
        wage=point.wage,
        price_index=point.price,
        price=point.price[None],
        before=before,
        after=after,
        certificate=certificate,
        employment=point.labour,
        decomposition={
            "real expenditure, ratio": real,
            "real labour income, ratio": point.wage * point.labour / point.price,
        },
        notes=world.notes,
    )
