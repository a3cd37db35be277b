"""Many counterfactuals on one baseline, side by side.

Shocks that change few flows (one country's duties, one sector's) share the baseline's trade: one
matrix product serves all of them, and each adds what its own entries change. Shocks that change
more than ``FEW`` flows a buyer and sector are solved one by one, as are those that do not settle.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from accord.economy.baseline import Array, Shock
from accord.economy.hat import SOLVED, ExactHat, Solution
from accord.economy.hat_anderson import accelerate
from accord.economy.hat_certificate import TOLERANCE
from accord.economy.hat_sweep import SMALL, Equations, Point, Sweep
from accord.economy.hat_trade import Index, SharedTrade
from accord.economy.result import Certificate
from accord.errors import NoCertifiedAnswer

FEW = 6.0
TOGETHER = 16
SWEEPS = 45


@dataclass(frozen=True)
class Batch:
    """Answers to S shocks. Rows of refused shocks are NaN.

    ``welfare``, ``real_wage``, ``wage``, ``price_index`` (S, N)  changes, ratios
    ``revenue``      (S, N) tariff revenue, money
    ``certificates`` one a shock, ``None`` where refused;  ``refused`` shock → why
    ``together``     how many were solved side by side
    """

    regions: tuple[str, ...]
    welfare: Array
    real_wage: Array
    wage: Array
    price_index: Array
    revenue: Array
    certificates: tuple[Certificate | None, ...]
    refused: Mapping[int, NoCertifiedAnswer] = field(
        default_factory=lambda: MappingProxyType(dict[int, NoCertifiedAnswer]())
    )
    together: int = 0

    def __repr__(self) -> str:
        """Return how many answers there are, and how good the worst is."""
        held = [check.worst for check in self.certificates if check is not None]
        worst = max(held, default=float("nan"))
        return (
            f"<{len(held)} of {len(self.certificates)} counterfactuals certified, "
            f"{len(self.refused)} refused; worst error {worst:.0e}>"
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """One shock's answer: change of wages and prices (N,), income and revenue in money."""

    wage: Array
    price_index: Array
    income: Array
    revenue: Array
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class _Entries:
    """Where a shock changes trade: (L,) sector, importer, exporter, change of B and B/(1+τ′)."""

    sector: Index
    importer: Index
    exporter: Index
    gross: Array
    net: Array


@dataclass(frozen=True, slots=True)
class _Waiting:
    number: int
    shock: Shock
    entries: _Entries


def solve_many(model: ExactHat, shocks: Iterable[Shock]) -> Batch:
    """Return the answers to shocks, which may be made one by one as they are needed."""
    rows: dict[int, _Row] = {}
    refused: dict[int, NoCertifiedAnswer] = {}
    waiting: list[_Waiting] = []
    count = together = 0
    for number, shock in enumerate(shocks):
        count += 1
        entries = _entries(model, shock)
        if entries is None:
            _alone(model, number, shock, rows, refused)
            continue
        waiting.append(_Waiting(number, shock, entries))
        if len(waiting) == TOGETHER:
            together += _side_by_side(model, waiting, rows, refused)
            waiting = []
    if waiting:
        together += _side_by_side(model, waiting, rows, refused)
    return _batch(model, count, rows, refused, together)


def _alone(
    model: ExactHat, number: int, shock: Shock, rows: dict[int, _Row],
    refused: dict[int, NoCertifiedAnswer],
) -> None:  # fmt: skip
    try:
        solution = model.solve(shock)
    except NoCertifiedAnswer as why:
        refused[number] = why
    else:
        rows[number] = _row(solution)


def _row(solution: Solution) -> _Row:
    levels = solution.levels
    return _Row(
        solution.wage, solution.price_index, levels.income, levels.revenue, solution.certificate
    )


def _entries(model: ExactHat, shock: Shock) -> _Entries | None:
    """Return what a shock changes, or ``None`` where that is too much to share a baseline."""
    base = model.base
    if shock.cost is not None or not isinstance(shock.deficits, str):
        return None
    if shock.deficits != "additive":
        return None
    changed = np.zeros(base.share.shape, dtype=np.bool_)
    if shock.tariff is not None:
        changed |= shock.tariff != base.tariff
    if shock.trade_cost is not None:
        changed |= shock.trade_cost != 1.0
    changed &= base.share > 0.0
    if np.count_nonzero(changed) > FEW * base.size[0] * base.size[1]:
        return None
    at = np.nonzero(changed)
    old = base.tariff[at]
    new = old if shock.tariff is None else shock.tariff[at]
    dearer = (1.0 + new) / (1.0 + old)
    if shock.trade_cost is not None:
        dearer = dearer * shock.trade_cost[at]
    share = base.share[at]
    moved = share * np.exp(-base.theta[at[0]] * np.log(dearer))
    return _Entries(at[0], at[1], at[2], moved - share, moved / (1.0 + new) - share / (1.0 + old))


def _side_by_side(
    model: ExactHat, waiting: list[_Waiting], rows: dict[int, _Row],
    refused: dict[int, NoCertifiedAnswer],
) -> int:  # fmt: skip
    """Solve the waiting shocks at once; return how many settled. The rest are solved alone."""
    began = time.perf_counter()
    equations = _shared_equations(model, [one.entries for one in waiting])
    start = model.still[0].start
    many = len(waiting)
    repeated = Point(*(np.repeat(part, many, axis=-1) for part in (start.e, start.p, start.x)))
    with np.errstate(all="ignore"):  # a step too far is judged by its residual
        reached = accelerate(equations, model.chord, repeated, tolerance=SOLVED, most=SWEEPS)
    seconds = (time.perf_counter() - began) / many
    settled = 0
    for s, one in enumerate(waiting):
        certificate = _certificate(equations, reached.point, reached.sweep, s, reached.steps)
        if certificate.ok:
            certificate = Certificate(
                certificate.market_clearing, certificate.budget, certificate.numeraire,
                reached.steps, seconds, TOLERANCE,
            )  # fmt: skip
            rows[one.number] = _Row(
                np.exp(reached.point.e[:, s]),
                np.exp((model.base.final * reached.point.p[:, :, s]).sum(axis=0)),
                reached.sweep.income[:, s],
                reached.sweep.revenue[:, s],
                certificate,
            )
            settled += 1
        else:
            _alone(model, one.number, one.shock, rows, refused)
    return settled


def _shared_equations(model: ExactHat, shocks: list[_Entries]) -> Equations:
    still, base_trade = model.still
    count, regions = model.base.size
    many = len(shocks)
    shape = (count, regions, many)
    buyers: list[Index] = []
    sellers: list[Index] = []
    for s, shock in enumerate(shocks):
        column = np.full(len(shock.sector), s, dtype=np.intp)
        buyers.append(_flat((shock.sector, shock.importer, column), shape))
        sellers.append(_flat((shock.sector, shock.exporter, column), shape))
    trade = SharedTrade(
        base=base_trade,
        buyer=np.concatenate(buyers),
        seller=np.concatenate(sellers),
        gross_change=np.concatenate([shock.gross for shock in shocks]),
        net_change=np.concatenate([shock.net for shock in shocks]),
    )
    fixed = np.repeat(still.fixed, many, axis=1)
    return Equations(model.base, trade, still.cost, fixed)


def _flat(places: tuple[Index, ...], shape: tuple[int, ...]) -> Index:
    return np.asarray(np.ravel_multi_index(places, shape), dtype=np.intp)


def _certificate(
    equations: Equations, point: Point, found: Sweep, s: int, steps: int
) -> Certificate:
    """Check one column: prices, goods, labour, balances, budgets, numeraire."""
    base, x, output = equations.base, point.x[:, :, s], found.output[:, :, s]
    income = found.income[:, s]
    size = np.maximum(x, SMALL * x.max(axis=0))
    needed = np.matmul(base.inputs, output.T[:, :, None])[:, :, 0].T
    paid = base.wages * np.exp(point.e[:, s])
    checks = (
        np.abs(np.expm1(base.theta[:, None] * found.price_gap[:, :, s])).max(),
        np.abs((needed + base.final * income - x) / size).max(),
        np.abs((base.value_added * output).sum(axis=0) / paid - 1.0).max(),
        np.abs(found.balance[:, s]).max(),
    )
    left = x.sum(axis=0) - needed.sum(axis=0)
    return Certificate(
        market_clearing=float(np.max(checks)),
        budget=float(np.abs(left / income - 1.0).max()),
        numeraire=float(abs(paid.sum() / base.wages.sum() - 1.0)),
        steps=steps,
        seconds=0.0,
        tolerance=TOLERANCE,
    )


def _batch(
    model: ExactHat, count: int, rows: Mapping[int, _Row],
    refused: dict[int, NoCertifiedAnswer], together: int,
) -> Batch:  # fmt: skip
    regions = model.base.size[1]
    before = model.base.levels.income
    nothing = np.full(regions, np.nan)
    table = [rows.get(number) for number in range(count)]
    wage = np.array([nothing if row is None else row.wage for row in table])
    index = np.array([nothing if row is None else row.price_index for row in table])
    income = np.array([nothing if row is None else row.income for row in table])
    shape = (count, regions)
    wage, index, income = wage.reshape(shape), index.reshape(shape), income.reshape(shape)
    return Batch(
        regions=model.base.regions,
        welfare=income / before / index,
        real_wage=wage / index,
        wage=wage,
        price_index=index,
        revenue=np.array([nothing if row is None else row.revenue for row in table]).reshape(shape),
        certificates=tuple(None if row is None else row.certificate for row in table),
        refused=MappingProxyType(refused),
        together=together,
    )
