"""The exact-hat iteration of worlds without inputs, where prices and spending follow from wages.

Without inputs costs are wages, and all spending is final: with k_n^j the share of n's spending on j
that duties take,

    X_n^j = α_n^j (wages_n ŵ_n + deficit_n)/(1 − Σ_j α_n^j k_n^j)

so that only the N wages are iterated: plain chord steps while they cut the error fast enough, and
accelerated ones from then on. What is reached is a start for the general iteration, which checks
it.
"""

from __future__ import annotations

import numpy as np

from accord.economy.hat_anderson import History
from accord.economy.hat_chord import Chord
from accord.economy.hat_sweep import Equations, Point

FAST = 0.2  # a plain step that leaves more of the error than this is the last plain one
LOST = 1e3  # times the first error: the general iteration does better from the baseline


def direct(equations: Equations, chord: Chord, *, tolerance: float, most: int) -> tuple[Point, int]:
    """Return the point reached, solved or else the baseline, and the evaluations it took."""
    theta, cost = equations.theta, equations.cost
    trade, home, wages = equations.trade, equations.trade.home, equations.wages
    final = equations.base.final[:, :, None]
    world = float(wages.sum())
    e = np.zeros_like(wages)
    history: History | None = None
    first = last = 0.0
    for step in range(most):
        paid = wages * np.exp(e)
        a = np.exp(-theta * (e + cost))
        abroad = trade.gross(a)
        phi = home * a + abroad
        net = trade.net(a) if trade.dutiable else abroad
        deficit = equations.deficits(e)
        income = paid + deficit
        if trade.dutiable:
            income = income / (1.0 - (final * (abroad - net) / phi).sum(axis=0))
        v = final * income / phi
        sold, bought = (a * trade.sold(v)).sum(axis=0), (v * net).sum(axis=0)
        gap = (sold - bought + deficit) / (sold + bought) + np.log(paid.sum() / world)
        size = max(float(gap.max()), -float(gap.min()))
        first = first or size
        if size <= tolerance:
            return Point(e, -np.log(phi) / theta, final * income), step + 1
        if not size <= LOST * first:
            break
        move = chord.wage @ gap
        if history is None and step > 0 and size > FAST * last:
            history = History(len(e), 1)
        if history is not None:
            move = history.move(move)
        last = size
        e = e + move
    return equations.start, most
