"""World tables for tests: small, balanced, made from a seed, with duties and input–output links."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accord.economy.world import Source, WorldTable

TOY = Source("toy", "Made for tests", "none", "assumed")


def toy_table(
    n: int = 4, j: int = 3, seed: int = 0, *, duties: bool = True, links: bool = True
) -> WorldTable:
    """Return a balanced world of n regions and j sectors; trade is of any size, home is largest."""
    rng = np.random.default_rng(seed)
    trade = rng.lognormal(0.0, 1.0, (j, n, n))
    place = np.arange(n)
    trade[:, place, place] += 6.0 * n
    tariff = rng.uniform(0.0, 0.2, (j, n, n)) * duties
    tariff[:, place, place] = 0.0
    output = trade.sum(axis=1).T
    absorption = (trade * (1.0 + tariff)).sum(axis=2).T
    # Inputs take at most a third of output, spread so that each good's use stays below absorption.
    share = rng.uniform(0.2, 1.0, (n, j, j))
    share /= share.sum(axis=1, keepdims=True)
    io = 0.33 * links * share * np.minimum(output, absorption).min(axis=1)[:, None, None] / j
    table = WorldTable(
        name="toy",
        title="A toy world",
        year=2020,
        unit="million USD",
        regions=tuple("ABCDEFGHIJ"[k] * 3 for k in range(n)),
        sectors=tuple(f"S{k + 1}" for k in range(j)),
        trade=trade,
        io=io,
        value_added=output - io.sum(axis=1),
        final_demand=absorption - io.sum(axis=2),
        tariff=tariff,
        theta=rng.uniform(2.0, 8.0, j),
        sources=(TOY,),
    )
    assert (table.value_added > 0.0).all()
    assert (table.final_demand > 0.0).all()
    return table


def changed(table: WorldTable, **values: object) -> WorldTable:
    """Return a copy with other arrays; nothing is made to balance again."""
    return replace(table, **values)  # type: ignore[arg-type]
