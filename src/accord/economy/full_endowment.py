"""Full equilibrium of structural gravity: endowments are fixed, factory-gate prices clear markets.

With p the change of the price of a country's goods, importers i and exporters j, φ' costs' part:

    λ'_ij = λ_ij φ'_ij p_j^(1−σ) / P_i^(1−σ)     P_i^(1−σ) = Σ_j λ_ij φ'_ij p_j^(1−σ)
    Y'_j = p_j Y_j = Σ_i λ'_ij E'_i              markets clear
    E'_i = (E_i/Y_i) Y'_i c                      deficits as shares of output, but for c, the same
                                                 everywhere, with which the world spends what it
                                                 makes: shares of output cannot all be kept
    P = 1 in the reference country               numeraire

This is the exact-hat Armington model of the trade given: trade fitted by PPML with effects of
exporters and importers, whose sums are the observed output and expenditure, or data. Solved by
accelerated iteration, by Newton's method where that is not enough, then along a path.

Valid range: as ``multilateral``. Sources: J. Anderson, M. Larch and Y. Yotov, "GEPPML: general
equilibrium analysis with PPML", The World Economy 41 (2018); for c, S. Baier, Y. Yotov and T.
Zylkin, "On the widely differing effects of free trade agreements", Journal of International
Economics 116 (2019).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.economy.complex_newton import Columns, along_path, complex_newton
from accord.economy.multilateral import (
    LOOSE,
    SOLVED,
    SOLVER,
    GravityWorld,
    check_kernel,
    imbalance,
    trade_balance,
    without_home,
)
from accord.economy.result import Certificate, Counterfactual, Levels
from accord.errors import NoCertifiedAnswer

Array = NDArray[np.float64]
SECTOR = "goods"


def full_endowment(world: GravityWorld, change: Array) -> Counterfactual:
    """Return the full equilibrium when φ changes by ``change`` (N importer, N exporter), ratios.

    Welfare is expenditure over the price index; the real wage, price at the gate over the price
    index, is real output. Raises ``InputError``, ``NoCertifiedAnswer``.
    """
    check_kernel("the change of the kernel", change, world)
    model, many, began = FullEndowment(world, change), len(world.regions), time.perf_counter()
    with np.errstate(all="ignore"):  # a step may leave the model's range; it is then shortened
        first = SOLVER.solve(model.step, np.zeros(many))
        steps, x = first.total_steps, first.reached
        error = float(np.abs(model.residual(x[:, None])).max())
        if not error <= SOLVED:
            found = complex_newton(model.residual, x if np.isfinite(error) else np.zeros(many))
            steps, x, error = steps + found.steps, found.x, found.error
        if not error <= SOLVED:
            found = along_path(
                lambda s: FullEndowment(world, change**s).residual, np.zeros(many), SOLVED
            )
            steps, x, error = steps + found.steps, found.x, found.error
    if not error <= LOOSE:
        cause = f"markets are left open by {error:.1e} of trade after {steps} steps"
        raise NoCertifiedAnswer(cause, "a smaller change, or countries that trade more")
    return _result(model, x, steps, time.perf_counter() - began)


@dataclass(frozen=True)
class FullEndowment:
    """The equations of full equilibrium at x = ln p, (N,) or columns (N, k), real or complex.

    Markets are measured by the balance of trade, exports − imports + deficit over trade, which
    stays exact where countries trade next to nothing with each other.
    """

    world: GravityWorld
    change: Array

    @cached_property
    def weights(self) -> Array:
        """Base shares times the change of φ."""
        return self.world.trade / self.world.expenditure[:, None] * self.change

    @cached_property
    def abroad(self) -> Array:
        """``weights`` without home sales."""
        return without_home(self.weights)

    @cached_property
    def deficit(self) -> Array:
        """Base imports less exports, (N,)."""
        return imbalance(self.world.trade)

    def price_index(self, x: Columns) -> Columns:
        """Return P, new over old."""
        power = 1.0 - self.world.substitution
        return (self.weights @ np.exp(power * x)) ** (1.0 / power)

    def new_deficit(self, x: Columns) -> Columns:
        """Return E' − Y', money, for columns."""
        price = np.exp(x)
        spread = -(self.deficit @ price) / (self.world.expenditure @ price)  # c − 1
        return price * (self.deficit[:, None] + self.world.expenditure[:, None] * spread)

    def spending(self, x: Columns) -> Columns:
        """Return E' for columns."""
        return np.exp(x) * self.world.output[:, None] + self.new_deficit(x)

    def residual(self, x: Columns) -> Columns:
        """Return the balance of trade over trade, plus the level of prices; columns."""
        strength = np.exp((1.0 - self.world.substitution) * x)
        demand = self.spending(x) / (self.weights @ strength)
        opened = trade_balance(self.abroad, strength, demand, self.new_deficit(x))
        level = np.log(self.price_index(x)[self.world.reference_index])
        return opened + level

    def step(self, x: Array) -> Array:
        """Return the next ln p of the simple iteration: each price moves by its own market."""
        trade = self.trade(x)
        moved = x + np.log(trade.sum(axis=0) / self.world.output / np.exp(x)) / (
            self.world.substitution
        )
        return moved - np.log(self.price_index(moved)[self.world.reference_index])

    def trade(self, x: Array) -> Array:
        """Return X' (N importer, N exporter)."""
        strength = self.weights * np.exp((1.0 - self.world.substitution) * x)
        share = strength / strength.sum(axis=1, keepdims=True)
        return share * self.spending(x[:, None])


def _result(model: FullEndowment, x: Array, steps: int, seconds: float) -> Counterfactual:
    world, price = model.world, np.exp(x)
    trade, index = model.trade(x), np.asarray(model.price_index(x), dtype=np.float64)
    output, spending = price * world.output, model.spending(x[:, None])[:, 0]
    power, spread = 1.0 / (1.0 - world.substitution), world.output.sum() / output.sum()
    outward = (output / world.output * spread) ** power / price
    factor = float((spending / world.expenditure / price)[0])
    certificate = Certificate(
        market_clearing=float(
            np.maximum(
                np.abs(trade.sum(axis=0) / output - 1.0).max(),
                np.abs(model.residual(x[:, None])).max(),
            )
        ),
        budget=float(np.abs(trade.sum(axis=1) / spending - 1.0).max()),
        numeraire=abs(float(index[world.reference_index]) - 1.0),
        steps=steps,
        seconds=seconds,
    )
    spending_note = (
        "expenditure over output moves by one factor everywhere, so that the world spends what it "
        f"makes: {100.0 * (factor - 1.0):+.3f} %"
    )
    none = np.zeros(len(world.regions))
    return Counterfactual(
        model="structural gravity, endowments fixed, deficits shares of output",
        regions=world.regions,
        sectors=(SECTOR,),
        welfare=spending / world.expenditure / index,
        real_wage=price / index,
        wage=price,
        price_index=index,
        price=index[None],
        before=_levels(world.trade, world.output, world.expenditure, none),
        after=_levels(trade, output, spending, none),
        certificate=certificate,
        decomposition={"inward resistance, ratio": index, "outward resistance, ratio": outward},
        notes=(spending_note, "tariff revenue is not modelled: costs are real costs"),
    )


def _levels(trade: Array, output: Array, spending: Array, revenue: Array) -> Levels:
    return Levels(trade[None], output[None], spending[None], spending, revenue)
