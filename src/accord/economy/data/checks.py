"""What is wrong with a world table: by how much, where, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import LEAST_THETA
from accord.economy.world import Array, Residual, WorldTable
from accord.errors import Fault, InputError

# A table balances if its identities hold to this part of the larger side of each.
BALANCE = 1e-6
# Places named in one message; the rest are counted.
SHOWN = 5
REPAIR = "use --repair to have it mended and every change told, or correct the table"


def refuse(table: WorldTable, file: str, tolerance: float = BALANCE) -> None:
    """Raise ``InputError`` with everything that is wrong with a table."""
    found = faults(table, file, tolerance)
    if found:
        raise InputError(found)


def faults(table: WorldTable, file: str, tolerance: float = BALANCE) -> tuple[Fault, ...]:
    """Return labels, shapes, numbers and identities that are wrong.

    ``tolerance`` is the part of the larger side by which an identity may be off. Shapes come
    first: where one is wrong nothing else can be told.
    """
    wrong = (*label_faults(table, file), *_shape_faults(table, file))
    if wrong:
        return wrong
    wrong = tuple(_not_numbers(table, file))
    if wrong:
        return wrong
    return (
        *_negatives(table, file),
        *_balance_faults(table, file, tolerance),
        *_home_faults(table, file),
        *_theta_faults(table, file),
    )


def label_faults(table: WorldTable, file: str) -> tuple[Fault, ...]:
    """Return labels that are there twice, or that goods and members name and the table lacks."""
    found = [
        Fault(file, f'the {what} "{label}" twice', "each label once", "rename or remove one")
        for what, labels in (("region", table.regions), ("sector", table.sectors))
        for label in dict.fromkeys(labels)
        if labels.count(label) > 1
    ]
    found += [
        Fault(
            file,
            f'the good "{good}" in the sector "{sector}"',
            f"a sector of the table: {', '.join(table.sectors)}",
            "name a sector that is there",
        )
        for good, sector in table.goods.items()
        if sector not in table.sectors
    ]
    found += [
        Fault(file, f'countries of the region "{region}"', "a region of the table", "rename it")
        for region in table.members
        if region not in table.regions
    ]
    return tuple(found)


def _shapes(table: WorldTable) -> Iterable[tuple[str, Array, tuple[int, ...], str]]:
    n, j = len(table.regions), len(table.sectors)
    yield "trade", table.trade, (j, n, n), "sector, importer, exporter"
    yield "io", table.io, (n, j, j), "region, input, user"
    yield "value added", table.value_added, (n, j), "region, sector"
    yield "final demand", table.final_demand, (n, j), "region, sector"
    yield "tariff", table.tariff, (j, n, n), "sector, importer, exporter"
    yield "theta", table.theta, (j,), "sector"


def _shape_faults(table: WorldTable, file: str) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            file,
            f"{name} of shape {values.shape}",
            f"{wanted}, as many as the labels [{axes}]",
            "give it a value for every label",
            field=name,
        )
        for name, values, wanted, axes in _shapes(table)
        if values.shape != wanted
    )


def _not_numbers(table: WorldTable, file: str) -> Iterable[Fault]:
    for name, values, _, _ in _shapes(table):
        count = int(np.count_nonzero(~np.isfinite(values)))
        if count:
            fix = "write numbers; 0 where nothing is traded"
            yield Fault(file, f"{count} values that are no numbers", "numbers", fix, field=name)


def _place(table: WorldTable, name: str, index: NDArray[np.intp]) -> str:
    """Return where an entry of an array stands, in words."""
    i = [int(x) for x in index]
    if name in {"trade", "tariff"}:
        return f"{table.sectors[i[0]]} {table.regions[i[2]]}→{table.regions[i[1]]}"
    if name == "io":
        return f"{table.regions[i[0]]}: {table.sectors[i[1]]} used by {table.sectors[i[2]]}"
    return f"{table.regions[i[0]]} {table.sectors[i[1]]}"


def _negatives(table: WorldTable, file: str) -> Iterable[Fault]:
    for name, values, _, _ in _shapes(table):
        if name in {"tariff", "theta"}:
            continue
        at = np.argwhere(values < 0.0)
        if not len(at):
            continue
        order = np.argsort([values[tuple(p)] for p in at])[:SHOWN]
        worst = [f"{_place(table, name, at[k])} {values[tuple(at[k])]:,.6g}" for k in order]
        total = float(values[values < 0.0].sum())
        found = f"{len(at)} below 0, together {total:,.6g} {table.unit}: {listed(worst, len(at))}"
        yield Fault(file, found, "0 or more", REPAIR, field=name)
    low = np.argwhere(table.tariff <= -1.0)
    if len(low):
        where = [_place(table, "tariff", p) for p in low[:SHOWN]]
        found = f"{len(low)} at −100 % or below: {listed(where, len(low))}"
        yield Fault(file, found, "more than −100 %", "write a duty as a fraction", field="tariff")
    home = np.argwhere(np.einsum("jnn->jn", table.tariff) != 0.0)
    if len(home):
        where = [f"{table.sectors[j]} {table.regions[n]}" for j, n in home[:SHOWN]]
        found = f"{len(home)} on home sales: {listed(where, len(home))}"
        yield Fault(file, found, "0 on home sales", "a duty is paid at a border", field="tariff")


def _balance_faults(table: WorldTable, file: str, tolerance: float) -> Iterable[Fault]:
    off = [r for r in table.residuals() if _relative(r) > tolerance]
    for identity in dict.fromkeys(r.identity for r in off):
        mine = sorted((r for r in off if r.identity == identity), key=lambda r: -abs(r.amount))
        worst = [
            f"{r.region} {r.sector} {r.amount:+,.6g} ({r.left:,.6g} against {r.right:,.6g})"
            for r in mine[:SHOWN]
        ]
        total = sum(abs(r.amount) for r in mine)
        found = f"off at {len(mine)} places, together {total:,.6g} {table.unit}: "
        fix = "correct the figures: an account that does not close has no counterfactual"
        allowed = f"equal to {tolerance:g} of the larger side"
        yield Fault(file, found + listed(worst, len(mine)), allowed, fix, field=identity)


def _relative(residual: Residual) -> float:
    size = max(abs(residual.left), abs(residual.right))
    return abs(residual.amount) / size if size > 0.0 else 0.0


def _home_faults(table: WorldTable, file: str) -> Iterable[Fault]:
    at = np.argwhere(table.home_share == 0.0)
    if len(at):
        where = [f"{table.regions[n]} {table.sectors[j]}" for j, n in at[:SHOWN]]
        found = f"{len(at)} where nothing is bought at home: {listed(where, len(at))}"
        allowed = "a home share above 0 wherever anything is bought"
        yield Fault(file, found, allowed, REPAIR, field="home share")


def _theta_faults(table: WorldTable, file: str) -> Iterable[Fault]:
    low = [j for j, theta in enumerate(table.theta) if theta <= LEAST_THETA]
    if low:
        worst = [f"{table.sectors[j]} {table.theta[j]:g}" for j in low[:SHOWN]]
        found = f"{len(low)} at {LEAST_THETA:g} or below: {listed(worst, len(low))}"
        fix = "take a trade elasticity from a source; published ones are mostly 2 to 12"
        yield Fault(file, found, f"above {LEAST_THETA:g}", fix, field="theta")


def listed(items: Sequence[str], count: int) -> str:
    """Return items, and how many more there are."""
    left = count - len(items)
    return "; ".join(items) + (f"; … and {left} more" if left > 0 else "")
