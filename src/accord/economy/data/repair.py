"""Mends what keeps a world table from being used, only when asked, and tells every change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.economy.data.checks import listed
from accord.economy.world import Array, WorldTable

# Home sales given to a place that buys nothing at home, as a part of what it buys.
HOME_SHARE = 1e-6
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One change of one place: what was done, where, and how much of it (the table's unit)."""

    what: str
    region: str
    sector: str
    amount: float


def repaired(table: WorldTable) -> tuple[WorldTable, tuple[Adjustment, ...]]:
    """Return a table without negative entries or empty home shares, and every change.

    Both identities hold after each step where they held before:

    1. a negative flow becomes 0; its maker's value added and its buyer's final demand rise by it;
    2. a negative input becomes 0; its user's value added and the region's final demand of it fall;
    3. negative value added becomes 0; the sector's inputs shrink in proportion to what it makes,
       and final demand takes what it leaves;
    4. negative final demand (stocks drawn down) becomes 0; home sales, output and value added rise
       by it: what came out of stock counts as made this year;
    5. a place that buys nothing at home buys a millionth of it there.
    """
    mended = replace(
        table,
        trade=table.trade.copy(),
        io=table.io.copy(),
        value_added=table.value_added.copy(),
        final_demand=table.final_demand.copy(),
    )
    told: list[Adjustment] = []
    for step in (_flows, _inputs, _value_added, _final_demand, _home_sales):
        told += [
            Adjustment(what, table.regions[n], table.sectors[j], x)
            for what, n, j, x in step(mended)
        ]
        # What is computed from the arrays is kept by the table: a new one computes it anew.
        mended = replace(mended)
    said = (*table.assumptions, *sentences(told, table.unit))
    changed = {
        name: table.origins_of(name).changed(getattr(mended, name) != getattr(table, name))
        for name in ("trade", "io", "value_added", "final_demand")
    }
    origins = {**table.origins, **changed}
    return replace(mended, assumptions=said, origins=origins), tuple(told)


Step = Iterator[tuple[str, int, int, float]]


def _negative(values: Array) -> list[tuple[int, ...]]:
    return [tuple(at) for at in np.argwhere(values < 0.0).tolist()]


def _flows(t: WorldTable) -> Step:
    for j, n, i in _negative(t.trade):
        amount = -float(t.trade[j, n, i])
        t.trade[j, n, i] = 0.0
        t.value_added[i, j] += amount
        t.final_demand[n, j] += amount * (1.0 + float(t.tariff[j, n, i]))
        yield "negative flow set to 0", n, j, amount


def _inputs(t: WorldTable) -> Step:
    for n, j, k in _negative(t.io):
        amount = -float(t.io[n, j, k])
        t.io[n, j, k] = 0.0
        t.value_added[n, k] -= amount
        t.final_demand[n, j] -= amount
        yield "negative input set to 0", n, j, amount


def _value_added(t: WorldTable) -> Step:
    for n, j in _negative(t.value_added):
        amount = -float(t.value_added[n, j])
        cut = t.io[n, :, j] * (amount / float(t.io[n, :, j].sum()))
        t.io[n, :, j] -= cut
        t.final_demand[n] += cut
        t.value_added[n, j] = 0.0
        yield "negative value added set to 0", n, j, amount


def _final_demand(t: WorldTable) -> Step:
    for n, j in _negative(t.final_demand):
        amount = -float(t.final_demand[n, j])
        t.final_demand[n, j] = 0.0
        t.trade[j, n, n] += amount
        t.value_added[n, j] += amount
        yield "negative final demand set to 0, home output raised", n, j, amount


def _home_sales(t: WorldTable) -> Step:
    for j, n in np.argwhere(t.home_share == 0.0).tolist():
        amount = HOME_SHARE * float(t.absorption[n, j])
        t.trade[j, n, n] += amount
        t.value_added[n, j] += amount
        t.final_demand[n, j] += amount
        yield "home sales begun", n, j, amount


def sentences(told: Sequence[Adjustment], unit: str) -> tuple[str, ...]:
    """Return a sentence for each kind of change: how many, how much, the largest."""
    out: list[str] = []
    for what in dict.fromkeys(a.what for a in told):
        mine = sorted((a for a in told if a.what == what), key=lambda a: -a.amount)
        total = sum(a.amount for a in mine)
        largest = [f"{a.region} {a.sector} {a.amount:,.6g}" for a in mine[:SHOWN]]
        places = f"at {len(mine)} place{'' if len(mine) == 1 else 's'}"
        out.append(f"{what} {places}, {total:,.6g} {unit}: {listed(largest, len(mine))}")
    return tuple(out)
