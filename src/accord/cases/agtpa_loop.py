"""The guide's loop for full equilibrium, step by step, to show where it stops.

Each round moves trade by the last changes of prices and resistances, fits effects of exporters and
importers to it, and reads output off the fit and expenditure off output. Expenditure as a fixed
share of output does not add up to output, so the loop has no point to converge to: it ends when
prices move little, with spending up to several per cent from what is bought. ``multilateral``
solves the same model with what is missing: one factor that makes the world spend what it makes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.errors import NoCertifiedAnswer

Array = NDArray[np.float64]
ROUNDS = 50


@dataclass(frozen=True)
class LoopEnd:
    """Where the loop ends: changes (N,), and how far its markets are from clearing, relative.

    ``unsold`` is |sold − made| over made; ``unspent`` |bought − spent| over spent; the worst each
    """

    price: Array
    inward: Array
    rounds: int
    unsold: float
    unspent: float


@dataclass(frozen=True)
class _Round:
    fitted: Array
    output: Array
    exporter: Array
    importer: Array
    spent: Array
    reference: int

    @property
    def anchor(self) -> float:
        """Expenditure of the reference country."""
        return float(self.spent[self.reference])

    @property
    def outward(self) -> Array:
        return self.output * self.anchor / self.exporter

    @property
    def inward(self) -> Array:
        return self.spent / (self.importer * self.anchor)

    def price_since(self, before: _Round, power: float) -> Array:
        ratio = (self.exporter / before.exporter) / (self.anchor / before.anchor)
        return np.asarray(ratio**power, dtype=np.float64)


def printed_loop(  # noqa: PLR0913, PLR0917 — the loop's inputs, each used once
    observed: Array, fitted: Array, change: Array, substitution: float, reference: int, ends: float
) -> LoopEnd:
    """Return where the loop ends. ``observed``, ``fitted``, ``change`` (N importer, N exporter)."""
    power = 1.0 / (1.0 - substitution)
    spent, made = observed.sum(axis=1), observed.sum(axis=0)
    phi, kernel = spent / made, fitted * change
    base = _fit(fitted, fitted, spent, made, reference)
    now = _fit(kernel, observed, spent, made, reference)
    moved, last = now.price_since(base, power), np.zeros_like(made)
    inward, outward = np.ones_like(made), np.ones_like(made)
    for rounds in range(1, ROUNDS + 1):
        trade = now.fitted * moved * moved[:, None] / (outward * inward[:, None])
        after = _fit(kernel, trade, None, None, reference, phi)
        outward, inward = after.outward / now.outward, after.inward / now.inward
        step, last = moved - last, moved
        moved, now = after.price_since(now, power), after
        if step.std(ddof=1) <= ends and abs(step.max()) <= ends:
            return _end(base, now, kernel, phi * made, made, power, rounds)
    raise NoCertifiedAnswer(f"the loop does not end in {ROUNDS} rounds", "a wider end")


def _end(  # noqa: PLR0913, PLR0917
    base: _Round, now: _Round, kernel: Array, spent: Array, made: Array, power: float, rounds: int
) -> LoopEnd:
    price = now.price_since(base, power)
    output, spending = price * made, price * spent
    outward = output * now.anchor / now.exporter
    trade = output * spending[:, None] * kernel / (now.inward[:, None] * outward)
    return LoopEnd(
        price=price,
        inward=(now.inward / base.inward) ** power,
        rounds=rounds,
        unsold=float(np.abs(trade.sum(axis=0) / output - 1.0).max()),
        unspent=float(np.abs(trade.sum(axis=1) / spending - 1.0).max()),
    )


def _fit(  # noqa: PLR0913, PLR0917
    kernel: Array,
    trade: Array,
    spent: Array | None,
    made: Array | None,
    reference: int,
    phi: Array | None = None,
) -> _Round:
    """Fit effects to trade by its sums: PPML with nothing but effects is proportional fitting."""
    importer, exporter = _proportional(kernel, trade.sum(axis=1), trade.sum(axis=0))
    scale = float(importer[reference])
    importer, exporter = importer / scale, exporter * scale
    fitted = importer[:, None] * kernel * exporter
    output = fitted.sum(axis=0) if made is None else made
    wanted = output * phi if phi is not None else spent
    if wanted is None:
        raise ValueError("either expenditure or its share of output")
    return _Round(fitted, output, exporter, importer, wanted, reference)


def _proportional(kernel: Array, rows: Array, columns: Array) -> tuple[Array, Array]:
    """Return factors of importers and exporters that give the kernel these sums."""
    exporter = np.ones(len(kernel))
    for _ in range(10_000):
        better = np.asarray(columns / ((rows / (kernel @ exporter)) @ kernel), dtype=np.float64)
        settled = float(np.abs(better / exporter - 1.0).max()) < 1e-14  # noqa: PLR2004 — rounding
        exporter = better
        if settled:
            break
    return rows / (kernel @ exporter), exporter
