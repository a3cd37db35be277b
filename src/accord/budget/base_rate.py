"""How often military spending fell by so much within so many years."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from accord.pack.budgets import CountedCuts


def count_cuts(
    history: Mapping[str, Mapping[int, float]],
    *,
    horizon: int,
    minimum: float,
    cut: float,
    source: str,
) -> CountedCuts | None:
    """Count country-years with at least ``minimum`` whose level fell by ``cut`` or more.

    ``history`` is spending in constant money by country and year, ``minimum`` in bn of it,
    ``horizon`` in years, ``cut`` a fraction. A country-year counts where there is a figure
    ``horizon`` years later, whatever lies between. ``None`` where none counts.
    """
    places = [
        (country, year)
        for country, levels in history.items()
        for year, level in levels.items()
        if level >= 1e3 * minimum and level > 0.0 and year + horizon in levels
    ]
    if not places:
        return None
    change = np.array([history[c][y + horizon] / history[c][y] - 1.0 for c, y in places])
    worst = int(change.argmin())
    return CountedCuts(
        horizon=horizon,
        minimum=minimum,
        cut=cut,
        observed=len(places),
        cuts=int((change <= -cut).sum()),
        largest=float(change[worst]),
        where=f"{places[worst][0]} {places[worst][1]}",
        first=min(year for levels in history.values() for year in levels),
        last=max(year for levels in history.values() for year in levels),
        source=source,
    )
