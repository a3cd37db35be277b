"""Multilateral resistance, and what trade costs do while output and expenditure stay.

Structural gravity: importers i, exporters j, σ the elasticity of substitution, φ_ij = t_ij^(1−σ),

    X_ij = φ_ij (E_i / P_i^(1−σ)) (Y_j / Π_j^(1−σ)) / Y
    P_i^(1−σ) = Σ_j φ_ij Π_j^(σ−1) Y_j / Y       inward resistance
    Π_j^(1−σ) = Σ_i φ_ij P_i^(σ−1) E_i / Y       outward resistance

normalised by P = 1 in a reference country. When costs change, three answers, from narrow to wide:

partial       resistances stay: X changes by the change of φ
conditional   resistances change, output Y and expenditure E do not: here
full          endowments are fixed, prices clear markets: ``full_endowment``

Valid range: σ > 2, so that the elasticity of trade σ − 1 is above 1 as everywhere; kernels ≥ 0,
every country buys and sells, and zeros of the kernel leave room for the sums of rows and columns.

Sources: J. Anderson and E. van Wincoop, "Gravity with gravitas", American Economic Review 93
(2003); J. Anderson, M. Larch and Y. Yotov, "GEPPML: general equilibrium analysis with PPML", The
World Economy 41 (2018); Y. Yotov, R. Piermartini, J.-A. Monteiro and M. Larch, "An advanced guide
to trade policy analysis: the structural gravity model" (WTO and UNCTAD, 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import LEAST_THETA
from accord.economy.complex_newton import Columns, Residual, along_path, complex_newton
from accord.errors import Fault, InputError, NoCertifiedAnswer
from accord.solve.anderson import Anderson

Array = NDArray[np.float64]
PLACE = "structural gravity"
SOLVER = Anderson(memory=8, tolerance=1e-13, max_steps=500)
LOOSE, SOLVED = 1e-9, 1e-12


@dataclass(frozen=True)
class GravityWorld:
    """Trade that a gravity model explains.

    ``regions``   N labels;  ``reference`` the one whose inward resistance is 1
    ``trade``     (N importer, N exporter), money; home sales on the diagonal
    ``substitution``  σ > 2

    Raises ``InputError`` with every fault.
    """

    regions: tuple[str, ...]
    trade: Array
    substitution: float
    reference: str

    def __post_init__(self) -> None:
        """Refuse what the model has no meaning for."""
        faults = [*_faults(self)]
        if faults:
            raise InputError(faults)

    @cached_property
    def expenditure(self) -> Array:
        """E (N,)."""
        return self.trade.sum(axis=1)

    @cached_property
    def output(self) -> Array:
        """Y (N,)."""
        return self.trade.sum(axis=0)

    @property
    def reference_index(self) -> int:
        """Where the reference country is."""
        return self.regions.index(self.reference)


@dataclass(frozen=True)
class Resistances:
    """Multilateral resistances of a kernel φ.

    ``inward`` P (N,), 1 in the reference;  ``outward`` Π (N,);  ``trade`` (N importer, N exporter)
    ``error``  largest relative gap between sums of trade and output or expenditure
    """

    inward: Array
    outward: Array
    trade: Array
    error: float


def resistances(world: GravityWorld, kernel: Array) -> Resistances:
    """Return the resistances of ``kernel`` φ (N importer, N exporter) ≥ 0 at the world's E and Y.

    Raises ``InputError`` for a kernel that does not fit, ``NoCertifiedAnswer`` where no trade with
    these sums exists or it is not found.
    """
    check_kernel("the kernel", kernel, world)
    spent, made = world.expenditure, world.output
    makers, error = _balanced(world, kernel)
    buyers = spent / (kernel @ makers)
    trade = buyers[:, None] * kernel * makers
    error = max(_gap(trade, spent, made), error)
    if not error <= LOOSE:
        cause = f"no trade with these costs and sums is found: off by {error:.1e}"
        raise NoCertifiedAnswer(cause, "fewer zeros in the kernel, or a smaller change")
    scale = float(buyers[world.reference_index] / spent[world.reference_index])
    power = 1.0 / (1.0 - world.substitution)
    inward = (spent * scale / buyers) ** power
    outward = (made / (makers * scale * made.sum())) ** power
    return Resistances(inward, outward, trade, error)


def _balanced(world: GravityWorld, kernel: Array) -> tuple[Array, float]:
    """Return factors of exporters (N,) that give the kernel the world's sums, and their error."""
    spent, made, reference = world.expenditure, world.output, world.reference_index
    start, change = np.zeros(len(made)), np.ones_like(kernel)
    np.divide(kernel, world.trade, out=change, where=world.trade > 0.0)

    def step(x: Array) -> Array:  # sums of rows, then of columns, as in iterative proportional fit
        return np.log(made / ((spent / (kernel @ np.exp(x))) @ kernel))

    with np.errstate(all="ignore"):  # a step may leave the range of numbers; it is then shortened
        x = SOLVER.solve(step, start).reached
        x = x - x[reference]
        error = float(np.abs(_residual(world, kernel)(x[:, None])).max())
        if not error <= SOLVED:
            found = complex_newton(_residual(world, kernel), x if np.isfinite(error) else start)
            x, error = found.x, found.error
        if not error <= SOLVED and ((kernel > 0.0) == (world.trade > 0.0)).all():
            # from the world's own trade, whose factors are 1
            found = along_path(lambda s: _residual(world, world.trade * change**s), start, SOLVED)
            x, error = found.x, found.error
        return np.exp(x), error


def _residual(world: GravityWorld, kernel: Array) -> Residual:
    """Return how far markets are open at ln factors of exporters, in columns (N, k)."""
    spent, deficit, abroad = world.expenditure, imbalance(world.trade), without_home(kernel)

    def residual(x: Columns) -> Columns:
        strength = np.exp(x)
        demand = spent[:, None] / (kernel @ strength)
        opened = trade_balance(abroad, strength, demand, deficit[:, None])
        return opened + x[world.reference_index]

    return residual


def conditional(world: GravityWorld, change: Array) -> Resistances:
    """Return changes of the resistances when φ changes by ``change`` and E, Y do not.

    ``change`` (N importer, N exporter), ratios of t^(1−σ); ``inward`` and ``outward`` are then
    ratios, new over old. Raises as ``resistances``.
    """
    check_kernel("the change of the kernel", change, world)
    after = resistances(world, world.trade * change)
    before = resistances(world, world.trade)
    return Resistances(
        after.inward / before.inward, after.outward / before.outward, after.trade, after.error
    )


def without_home(matrix: Array) -> Array:
    """Return a matrix with zeros on its diagonal."""
    return matrix * (1.0 - np.eye(len(matrix)))


def imbalance(trade: Array) -> Array:
    """Return imports less exports, (N,): exact where home sales are much larger than trade."""
    abroad = without_home(trade)
    return abroad.sum(axis=1) - abroad.sum(axis=0)


def trade_balance(abroad: Array, strength: Columns, demand: Columns, deficit: Columns) -> Columns:
    """Return exports − imports + deficit over trade; ``strength``, ``demand`` in columns (N, k).

    ``abroad`` (N importer, N exporter) has no home sales; trade is demand_i abroad_ij strength_j.
    This is how far a market is open, exact where countries trade next to nothing.
    """
    exports, imports = strength * (abroad.T @ demand), demand * (abroad @ strength)
    size = np.abs(exports.real) + np.abs(imports.real)
    return (exports - imports + deficit) / np.where(size > 0.0, size, 1.0)


def check_kernel(what: str, kernel: Array, world: GravityWorld) -> None:
    """Raise ``InputError`` for a matrix that is not (N, N), finite, 0 or more."""
    n = len(world.regions)
    faults = list[Fault]()
    if kernel.shape != (n, n):
        faults.append(Fault(PLACE, f"{what} {kernel.shape}", f"({n}, {n})", "importer, exporter"))
    else:
        faults = [
            Fault(
                PLACE,
                f"{what} from {world.regions[j]} to {world.regions[i]}: {kernel[i, j]}",
                "0 or more, finite",
                "trade costs above 0, to the power 1 − σ",
            )
            for i, j in np.argwhere(~((kernel >= 0.0) & np.isfinite(kernel)))
        ]
    if faults:
        raise InputError(faults)


def _gap(trade: Array, spent: Array, made: Array) -> float:
    rows = np.abs(trade.sum(axis=1) / spent - 1.0)
    columns = np.abs(trade.sum(axis=0) / made - 1.0)
    worst = float(np.maximum(rows.max(), columns.max()))
    return worst if np.isfinite(worst) else float("inf")


def _faults(world: GravityWorld) -> Iterator[Fault]:
    names, trade, n = world.regions, world.trade, len(world.regions)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield Fault(PLACE, f"twice: {', '.join(twice)}", "each region once", "name them apart")
    if world.reference not in names:
        yield Fault(PLACE, f"reference {world.reference}", "a region", "name one of the table")
    least = 1.0 + LEAST_THETA
    if not (np.isfinite(world.substitution) and world.substitution > least):
        fix = "an elasticity of trade ε is σ − 1"
        yield Fault(PLACE, f"{world.substitution}", f"above {least:g}", fix, field="substitution")
    if trade.shape != (n, n):
        allowed = f"({n}, {n}): one row and one column for each of {n} regions"
        yield Fault(PLACE, f"trade {trade.shape}", allowed, "importers in rows, exporters across")
        return
    for i, j in np.argwhere(~((trade >= 0.0) & np.isfinite(trade))):
        found = f"trade from {names[j]} to {names[i]}: {trade[i, j]}"
        yield Fault(PLACE, found, "0 or more", "a flow that is not known is left out as 0")
    for word, total in (("buys", trade.sum(axis=1)), ("sells", trade.sum(axis=0))):
        for k in np.flatnonzero(total == 0.0):
            yield Fault(PLACE, f"{names[k]} {word} nothing", "more than 0", "leave it out")
