"""A world table as the models take it: shares, and the levels they are of."""

from __future__ import annotations

import numpy as np

from accord.economy.baseline import Baseline
from accord.economy.world import Array, WorldTable


def baseline_of(table: WorldTable) -> Baseline:
    """Return the table in shares, sectors first.

    A place that buys nothing of a sector has a home share of 1 of nothing; a sector that makes
    nothing has no inputs. The table is taken to balance: check it first (``data.checks.refuse``).
    """
    paid = table.trade * (1.0 + table.tariff)
    total = paid.sum(axis=2, keepdims=True)
    home = np.broadcast_to(np.eye(len(table.regions)), paid.shape)
    share = np.divide(paid, total, out=home.copy(), where=total > 0.0)
    output = table.output
    inputs = _parts(table.io, output[:, None, :])
    wages = table.value_added.sum(axis=1)
    return Baseline(
        regions=table.regions,
        sectors=table.sectors,
        theta=table.theta,
        share=share,
        tariff=table.tariff,
        value_added=(1.0 - inputs.sum(axis=1)).T,
        inputs=inputs,
        final=(table.final_demand / table.final_demand.sum(axis=1, keepdims=True)).T,
        expenditure=table.absorption.T,
        wages=wages,
        deficit=table.deficit,
        unit=table.unit,
    )


def one_sector(table: WorldTable) -> WorldTable:
    """Return the table with all sectors added up to one, without input–output links.

    Value added is output and all that is bought is final, as the one-sector models have it; home
    sales are what is made less what is exported. The trade elasticity is the mean weighted by
    trade across borders; a duty is the mean weighted by trade.
    """
    trade = table.trade.sum(axis=0, keepdims=True)
    duty = (table.trade * table.tariff).sum(axis=0, keepdims=True)
    border = table.trade.sum(axis=(1, 2)) - np.einsum("jnn->j", table.trade)
    theta = float(border @ table.theta / border.sum()) if border.any() else table.theta.mean()
    tariff = np.divide(duty, trade, out=np.zeros_like(duty), where=trade > 0.0)
    said = "one sector without inputs: everything that is sold counts as final"
    return WorldTable(
        name=table.name,
        title=table.title,
        year=table.year,
        unit=table.unit,
        regions=table.regions,
        sectors=("all",),
        trade=trade,
        io=np.zeros((len(table.regions), 1, 1)),
        value_added=trade.sum(axis=1).T,
        final_demand=(trade + duty).sum(axis=2).T,
        tariff=tariff,
        theta=np.array([theta]),
        sources=table.sources,
        assumptions=(*table.assumptions, said),
        not_modelled=table.not_modelled,
        goods=dict.fromkeys(table.goods, "all"),
        members=table.members,
        region_names=table.region_names,
        origins={"trade": table.origins_of("trade").summed(_all_sectors)},
    )


def _all_sectors(values: Array) -> Array:
    return values.sum(axis=0, keepdims=True)


def _parts(values: Array, of: Array) -> Array:
    return np.divide(values, of, out=np.zeros_like(values), where=of > 0.0)
