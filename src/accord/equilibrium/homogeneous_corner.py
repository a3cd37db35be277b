"""From near a solution of the homogeneous closure to the solution, corners and all.

Semismooth Newton steps on the form: what stands nearer to its bound than its slack to 0 goes to
the bound, all else meets its row. Lanes that tie leave flows undetermined, so each row gets a ridge
that picks the flows nearest to the present ones; it is in the matrix only and moves no solution.
Source: L. Qi and J. Sun, "A nonsmooth version of Newton's method", Mathematical Programming 58
(1993); the ridge is the proximal point method's, R. T. Rockafellar, SIAM J. Control 14 (1976).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.equilibrium.arrays import Vector
from accord.equilibrium.homogeneous_form import Form, Mask, Values
from accord.equilibrium.homogeneous_linear import PriceSystem
from accord.solve import Step


class _Sides(NamedTuple):
    """Where each unknown would go if it stood alone, and which of them meet their rows."""

    aim: Vector
    inside: Mask
    residual: Vector


@dataclass(frozen=True, slots=True)
class CornerNewton:
    """``ridge`` in scaled units; ``tolerance`` for residuals; ``patience`` steps without gain."""

    max_steps: int = 30
    ridge: float = 1e-7
    tolerance: float = 1e-14
    patience: int = 4

    def run(self, form: Form, price: Vector, drive: Vector) -> tuple[Vector, Vector, Step]:
        """Return prices (N,) and drives (K,) from near ones, and what it took."""
        best, reached, idle, steps = (price, drive), np.inf, 0, 0
        while True:
            at = form.values(price, drive)
            sides = _sides(form, at, price, drive)
            worst = max(float(np.max(np.abs(side.residual), initial=0.0)) for side in sides)
            idle = 0 if worst < 0.5 * reached else idle + 1
            if worst < reached:
                best, reached = (price, drive), worst
            if reached <= self.tolerance or idle > self.patience or steps >= self.max_steps:
                break
            if not np.isfinite(worst):
                break
            try:
                price, drive = self._stepped(form, at, sides, (price, drive))
            except np.linalg.LinAlgError:
                break
            steps += 1
        return *best, Step("corner Newton", steps, reached)

    def _stepped(
        self, form: Form, at: Values, sides: tuple[_Sides, _Sides], now: tuple[Vector, Vector]
    ) -> tuple[Vector, Vector]:
        (price, drive), (prices, drives) = now, sides
        to_price = np.where(prices.inside, 0.0, prices.aim - price)
        to_drive = np.where(drives.inside, 0.0, drives.aim - drive)
        stiff = at.cost_slope + self.ridge
        reach = np.where(drives.inside, at.level_slope / stiff, 0.0)
        matrix = form.response(at, reach)
        matrix[np.diag_indices_from(matrix)] += self.ridge
        rows = np.flatnonzero(prices.inside)
        left = at.cost + form.charges(at, to_price)
        moved = at.level_slope * to_drive - reach * left
        step = to_price + PriceSystem(form, matrix, rows).solve(-(at.balance + form.effects(moved)))
        onward = -(at.cost + form.charges(at, step)) / stiff
        ahead = drive + np.where(drives.inside, onward, to_drive)
        return np.clip(price + step, 0.0, form.top), np.maximum(ahead, 0.0)


def _sides(form: Form, at: Values, price: Vector, drive: Vector) -> tuple[_Sides, _Sides]:
    highest = np.where(np.isfinite(form.most), form.curves.drive(form.most), np.inf)
    free = ~form.held
    prices = _side(price, at.balance, form.top)
    held = _Sides(
        np.where(free, prices.aim, price), free & prices.inside,
        np.where(free, prices.residual, 0.0),
    )  # fmt: skip
    return held, _side(drive, at.cost, highest)


def _side(value: Vector, row: Vector, top: Vector) -> _Sides:
    alone = value - row
    aim = np.clip(alone, 0.0, top)
    return _Sides(aim, (alone > 0.0) & (alone < top), value - aim)
