"""Counterfactuals in changes from a baseline ("exact hat algebra"), certified or refused.

One core for one sector or many, with input–output links, duties and deficits. The ladder: the
accelerated iteration with the baseline's chord; the same with a chord at the best point reached;
Newton; and Newton along a path from the baseline to the shock. What passes none is refused.

Source: Dekle, Eaton and Kortum, "Global rebalancing with gravity: measuring the burden of
adjustment", IMF Staff Papers 55 (2008); Caliendo and Parro, "Estimates of the trade and welfare
effects of NAFTA", Review of Economic Studies 82 (2015).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from accord.economy.baseline import Array, Baseline, Shock
from accord.economy.hat_anderson import Reached, accelerate
from accord.economy.hat_certificate import certify, levels_at
from accord.economy.hat_chord import Chord, chord
from accord.economy.hat_direct import direct
from accord.economy.hat_linear import Derivative
from accord.economy.hat_newton import derivative_at, newton
from accord.economy.hat_sweep import Equations, Point
from accord.economy.hat_trade import DenseTrade, dense_trade
from accord.economy.result import Certificate, Counterfactual, Levels
from accord.errors import NoCertifiedAnswer

SOLVED = 1e-10
POLISHED = 1e-13
CONSISTENT = 1e-9
SWEEPS = 80
NEWTON_STEPS = 30
PIECES = 64  # the finest path from the baseline to a shock


@dataclass(frozen=True)
class Solution:
    """A certified equilibrium: the point, and what follows from it.

    ``wage`` (N,), ``price`` (J, N), ``price_index`` (N,)  changes, ratios
    ``levels``  values;  ``certificate``  the check
    ``equations``, ``trade``, ``tariff``  the problem
    """

    equations: Equations
    trade: DenseTrade
    tariff: Array
    point: Point
    levels: Levels
    certificate: Certificate

    @cached_property
    def wage(self) -> Array:
        """Change of wages (N,)."""
        return np.exp(self.point.e[:, 0])

    @cached_property
    def price(self) -> Array:
        """Change of each sector's price index (J, N)."""
        return np.exp(self.point.p[:, :, 0])

    @cached_property
    def price_index(self) -> Array:
        """Change of the price of final spending (N,)."""
        return np.exp((self.equations.base.final * self.point.p[:, :, 0]).sum(axis=0))

    @cached_property
    def derivative(self) -> Derivative:
        """The derivative of the equations there."""
        found = self.equations.sweep(self.point)
        return derivative_at(self.equations, self.trade, self.tariff, self.point, found)


@dataclass(frozen=True)
class ExactHat:
    """A baseline, ready to be asked: what depends on it alone is computed once.

    ``base``  a baseline whose markets clear; see ``consistent`` for one whose do not quite
    ``name``  what results are called
    """

    base: Baseline
    name: str = "exact hat"

    @cached_property
    def still(self) -> tuple[Equations, DenseTrade]:
        """The equations of the baseline itself."""
        return equations_of(self.base, Shock())

    @cached_property
    def chord(self) -> Chord:
        """The approximate inverse at the baseline."""
        equations, trade = self.still
        return chord(
            equations, equations.start, equations.sweep(equations.start), trade, ahead=True
        )

    @cached_property
    def inconsistency(self) -> float:
        """How far the baseline is from an equilibrium: its largest residual."""
        equations, _ = self.still
        return float(equations.sweep(equations.start).error[0])

    def solve(self, shock: Shock) -> Solution:
        """Return the equilibrium after a shock. Raises ``NoCertifiedAnswer``."""
        began = time.perf_counter()
        equations, trade = equations_of(self.base, shock)
        tariff = self.base.tariff if shock.tariff is None else shock.tariff
        with np.errstate(all="ignore"):  # a step too far is judged by its residual
            reached = self._climb(shock, equations, trade)
            solution = _certified(equations, trade, tariff, reached, began)
            if not solution.certificate.ok:  # sums over many sectors: polish to rounding
                polished = _newton(equations, trade, tariff, reached.point, POLISHED)
                if polished is not None:
                    solution = _certified(equations, trade, tariff, polished, began)
        if not solution.certificate.ok:
            raise NoCertifiedAnswer(
                f"the answer found misses its own checks by {solution.certificate.worst:.1e}",
                "a smaller shock, or a check of the table",
            )
        return solution

    def counterfactual(self, shock: Shock) -> Counterfactual:
        """Return the answer; welfare is the change of real spending on final goods."""
        return self.answer(self.solve(shock))

    def answer(self, solution: Solution) -> Counterfactual:
        """Return a solution as a result."""
        before = self.base.levels
        welfare = solution.levels.income / before.income / solution.price_index
        return Counterfactual(
            model=self.name,
            regions=self.base.regions,
            sectors=self.base.sectors,
            welfare=welfare,
            real_wage=solution.wage / solution.price_index,
            wage=solution.wage,
            price_index=solution.price_index,
            price=solution.price,
            before=before,
            after=solution.levels,
            certificate=solution.certificate,
            unit=self.base.unit,
        )

    def _climb(self, shock: Shock, equations: Equations, trade: DenseTrade) -> Reached:
        tried: list[str] = []
        for name, attempt in self._ladder(shock, equations, trade):
            if attempt is not None and float(attempt.error[0]) <= SOLVED:
                return attempt
            reached = float(attempt.error[0]) if attempt is not None else float("inf")
            tried.append(f"{name} {reached:.0e}")
        raise NoCertifiedAnswer(
            "no method reached a residual of 1e-10: " + ", ".join(tried),
            "a smaller shock; a region whose deficit exceeds what it can import has no equilibrium",
        )

    def _ladder(
        self, shock: Shock, equations: Equations, trade: DenseTrade
    ) -> Iterator[tuple[str, Reached | None]]:
        start, steps = equations.start, 0
        if not equations.has_inputs:
            start, steps = direct(equations, self.chord, tolerance=0.5 * SOLVED, most=SWEEPS)
        first = accelerate(equations, self.chord, start, tolerance=SOLVED, most=SWEEPS)
        first = replace(first, steps=first.steps + steps)
        yield "iteration", first
        yield "iteration renewed", _renewed(equations, trade, first)
        tariff = self.base.tariff if shock.tariff is None else shock.tariff
        yield "Newton", _newton(equations, trade, tariff, first.point)
        yield "Newton from the baseline", _newton(equations, trade, tariff, equations.start)
        yield "path", self._path(shock)

    def _path(self, shock: Shock) -> Reached | None:
        """Follow the equilibrium while the shock grows from nothing, in steps that adapt."""
        whole = _whole(self.base, shock)
        done, step = 0.0, 0.25
        equations, _ = self.still
        reached: Reached | None = None
        point = equations.start
        while done < 1.0:
            part = min(1.0, done + step)
            piece = _part(self.base, whole, part)
            equations, trade = equations_of(self.base, piece)
            tariff = self.base.tariff if piece.tariff is None else piece.tariff
            reached = _newton(equations, trade, tariff, point)
            if reached is not None and float(reached.error[0]) <= SOLVED:
                done, point, step = part, reached.point, min(2.0 * step, 0.25)
                continue
            step *= 0.5
            if step < 1.0 / PIECES:
                return None
        return reached


def _renewed(equations: Equations, trade: DenseTrade, first: Reached) -> Reached | None:
    if not np.isfinite(first.error[0]):
        return None
    try:
        renewed = chord(equations, first.point, first.sweep, trade, ahead=False)
    except np.linalg.LinAlgError:
        return None
    return accelerate(equations, renewed, first.point, tolerance=SOLVED, most=SWEEPS)


def _certified(
    equations: Equations, trade: DenseTrade, tariff: Array, reached: Reached, began: float
) -> Solution:
    levels, unspent = levels_at(equations, trade, tariff, reached.point)
    seconds = time.perf_counter() - began
    certificate = certify(
        equations, levels, unspent, reached.point.e, steps=reached.steps, seconds=seconds
    )
    return Solution(equations, trade, tariff, reached.point, levels, certificate)


def _newton(
    equations: Equations, trade: DenseTrade, tariff: Array, start: Point, tolerance: float = SOLVED
) -> Reached | None:
    try:
        return newton(equations, trade, tariff, start, tolerance, NEWTON_STEPS)
    except (np.linalg.LinAlgError, NoCertifiedAnswer):
        return None


def equations_of(base: Baseline, shock: Shock) -> tuple[Equations, DenseTrade]:
    """Return a baseline's equations under a shock."""
    trade = dense_trade(base, shock)
    cost = np.zeros((*base.size, 1))
    if shock.cost is not None:
        cost = np.log(shock.cost)[:, :, None]
    fixed, ratio = np.zeros((base.size[1], 1)), None
    if isinstance(shock.deficits, np.ndarray):
        fixed = shock.deficits[:, None]
    elif shock.deficits == "additive":
        fixed = base.deficit[:, None]
    elif shock.deficits == "multiplicative":
        ratio = (base.deficit / base.wages)[:, None]
    return Equations(base, trade, cost, fixed, ratio), trade


def _whole(base: Baseline, shock: Shock) -> Shock:
    deficits = shock.deficits
    if not isinstance(deficits, np.ndarray) and deficits == "balanced":
        deficits = np.zeros_like(base.deficit)
    return Shock(shock.tariff, shock.trade_cost, shock.cost, deficits)


def _part(base: Baseline, whole: Shock, t: float) -> Shock:
    tariff, cost, unit, deficits = whole.tariff, whole.trade_cost, whole.cost, whole.deficits
    if tariff is not None:
        tariff = (1.0 + base.tariff) ** (1.0 - t) * (1.0 + tariff) ** t - 1.0
    if isinstance(deficits, np.ndarray):
        deficits = (1.0 - t) * base.deficit + t * deficits
    return Shock(
        tariff, None if cost is None else cost**t, None if unit is None else unit**t, deficits
    )


def consistent(base: Baseline, *, deficits: Array | None = None) -> Baseline:
    """Return a baseline re-solved at its own duties so that its markets clear exactly.

    ``deficits``  (N,) the deficits it shall have; ``None``: its own

    Wages, prices, shares and spending move; the units of goods are redefined so that all prices
    are 1 again. Raises ``NoCertifiedAnswer`` where there is no such world.
    """
    held: Array = base.deficit if deficits is None else deficits
    solution = ExactHat(base, "baseline").solve(Shock(deficits=held))
    derivative = solution.derivative
    return Baseline(
        regions=base.regions,
        sectors=base.sectors,
        theta=base.theta,
        share=derivative.share,
        tariff=base.tariff,
        value_added=base.value_added,
        inputs=base.inputs,
        final=base.final,
        expenditure=solution.levels.expenditure,
        wages=base.wages * solution.wage,
        deficit=held,
        unit=base.unit,
    )
