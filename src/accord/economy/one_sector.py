"""One sector: Armington, or Eaton and Kortum, in changes; with deficits of three kinds.

    π′_ni = π_ni (d̂_ni (1+τ′)/(1+τ) ŵ_i)^(−θ) / Φ_n,   P̂_n = Φ_n^(−1/θ)
    wages_i ŵ_i = Σ_n π′_ni X′_n/(1+τ′_ni),   X′_n = wages_n ŵ_n + revenue_n + deficit′_n
    welfare_n = X̂_n / P̂_n

Units: trade in any money; θ is the elasticity of trade to cost (σ − 1 in Armington), valid above 1
and usual between 2 and 10; at θ ≤ 1 goods of different origin hardly replace each other and terms
of trade swing without limit as a region closes. Deficits: ``additive`` keeps them in units of world
output, ``multiplicative`` keeps spending over output but for one factor that is the same for all,
``balanced`` ends them. Only additive deficits make real answers hang on the numeraire.

Sources: Dekle, Eaton and Kortum (2008); Baier, Yotov and Zylkin, "On the widely differing effects
of free trade agreements", Journal of International Economics 116 (2019) and the same authors'
``ge_gravity``. The Armington and Eaton–Kortum worlds have the same changes at the same θ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.economy.baseline import Array, Baseline, Shock
from accord.economy.baseline_faults import refuse_baseline, refuse_shock
from accord.economy.hat import ExactHat
from accord.economy.result import Counterfactual
from accord.errors import Fault, InputError

NAME = "one sector (Armington, Eaton–Kortum)"
ALL = "all"


@dataclass(frozen=True)
class OneSector:
    """One sector's world, ready to be asked.

    ``base``  a baseline of one sector without inputs, from ``one_sector_baseline``

    Raises ``InputError`` with all faults of the baseline at once.
    """

    base: Baseline

    def __post_init__(self) -> None:
        refuse_baseline(self.base)

    @cached_property
    def hat(self) -> ExactHat:
        """The core, which keeps what depends on the baseline alone."""
        return ExactHat(self.base, NAME)

    def counterfactual(self, shock: Shock) -> Counterfactual:
        """Return the answer to a shock. Raises ``InputError`` or ``NoCertifiedAnswer``."""
        refuse_shock(self.base, shock)
        return self.hat.counterfactual(shock)


def one_sector_baseline(
    regions: Sequence[str],
    trade: Array,
    theta: float,
    *,
    tariff: Array | None = None,
    unit: str = "money of the table",
) -> Baseline:
    """Return the baseline of a trade matrix.

    ``trade``   (N importer, N exporter) without duty, home sales on the diagonal
    ``tariff``  (N importer, N exporter) duties in force, fractions; ``None``: none are modelled

    Raises ``InputError`` for wrong shapes and for regions that buy or sell nothing.
    """
    count = len(regions)
    rate = np.zeros((count, count)) if tariff is None else tariff
    if trade.shape != (count, count) or rate.shape != (count, count):
        raise InputError([
            Fault(
                "trade", f"trade {trade.shape}, duties {rate.shape}, {count} labels",
                "a square table with one row and column a label", "fill in missing pairs with 0",
            )
        ])  # fmt: skip
    spent, sold = (trade * (1.0 + rate)).sum(axis=1), trade.sum(axis=0)
    nothing = [regions[n] for n in np.flatnonzero((spent <= 0.0) | (sold <= 0.0)).tolist()]
    if nothing:
        raise InputError([
            Fault("trade", f"{', '.join(nothing)} buys or sells nothing", "both above 0",
                  "leave the region out, or give its home sales")
        ])  # fmt: skip
    abroad = trade * (1.0 - np.eye(count))
    return Baseline(
        regions=tuple(regions),
        sectors=(ALL,),
        theta=np.array([theta], dtype=np.float64),
        share=(trade * (1.0 + rate) / spent[:, None])[None],
        tariff=rate[None],
        value_added=np.ones((1, count)),
        inputs=np.zeros((count, 1, 1)),
        final=np.ones((1, count)),
        expenditure=spent[None],
        wages=sold,
        deficit=abroad.sum(axis=1) - abroad.sum(axis=0),
        unit=unit,
    )
