"""The equilibrium a counterfactual starts from, in shares, and the shock that moves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.economy.result import Levels

Array = NDArray[np.float64]
Deficits = Literal["additive", "multiplicative", "balanced"]
# Trade elasticities must be above this in every economy-wide model and world table: at 1 and below
# goods of different origin hardly replace each other, and terms of trade swing without limit.
LEAST_THETA = 1.0


@dataclass(frozen=True)
class Baseline:
    """A world of J sectors and N regions whose markets clear. Shares are of expenditure.

    ``regions`` (N), ``sectors`` (J)  labels
    ``theta``        (J,) elasticity of trade to cost, > 1
    ``share``        (J, N importer, N exporter) share of n's spending in sector j that goes to i,
                     duty included; sums to 1 over exporters
    ``tariff``       (J, N importer, N exporter) ad valorem duty, a fraction; 0 at home
    ``value_added``  (J, N) share of value added in what sector j sells
    ``inputs``       (N, J input, J user) share of input in what the user sells; with value added
                     they sum to 1 over inputs
    ``final``        (J, N) share of sector j in final spending; sums to 1 over sectors
    ``expenditure``  (J, N) spending, final and intermediate, duty included, money
    ``wages``        (N,) value added, money;  ``deficit`` (N,) imports less exports, money
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    theta: Array
    share: Array
    tariff: Array
    value_added: Array
    inputs: Array
    final: Array
    expenditure: Array
    wages: Array
    deficit: Array
    unit: str = "money of the table"

    @property
    def size(self) -> tuple[int, int]:
        """(J, N)."""
        return len(self.sectors), len(self.regions)

    @cached_property
    def traded(self) -> slice | NDArray[np.intp]:
        """The sectors in which any region buys abroad; as a slice where they are in a row."""
        home = np.diagonal(self.share, axis1=1, axis2=2)
        pairs = np.count_nonzero(self.share, axis=(1, 2)) - np.count_nonzero(home, axis=1)
        found = np.asarray(np.flatnonzero(pairs > 0), dtype=np.intp)
        if len(found) == len(self.sectors):
            return slice(None)
        in_a_row = len(found) > 0 and int(found[-1] - found[0]) == len(found) - 1
        return slice(int(found[0]), int(found[-1]) + 1) if in_a_row else found

    @cached_property
    def log_duty(self) -> Array:
        """ln(1+τ) of the sectors that trade."""
        return np.log(1.0 + self.tariff[self.traded])

    @cached_property
    def trade(self) -> Array:
        """(J, N importer, N exporter), without duty."""
        return self.share * self.expenditure[:, :, None] / (1.0 + self.tariff)

    @cached_property
    def duty(self) -> Array:
        """(J, N importer, N exporter) duty collected."""
        return self.trade * self.tariff

    @cached_property
    def levels(self) -> Levels:
        """The baseline's values."""
        trade = self.trade
        revenue = self.duty.sum(axis=(0, 2))
        return Levels(
            trade=trade,
            output=trade.sum(axis=1),
            expenditure=self.expenditure,
            income=self.wages + revenue + self.deficit,
            revenue=revenue,
        )


@dataclass(frozen=True)
class Shock:
    """What changes. ``None``: nothing.

    ``tariff``      (J, N importer, N exporter) the new duties, fractions ≥ 0; 0 at home
    ``trade_cost``  (J, N, N) change of iceberg costs, a ratio > 0; 1 at home
    ``cost``        (J, N) change of unit cost at given prices, a ratio > 0 (1/productivity)
    ``deficits``    ``additive``: fixed in units of the numeraire, world value added;
                    ``multiplicative``: (wages + deficit)/wages fixed but for one factor for all,
                    with which deficits sum to 0 (Baier–Yotov–Zylkin); ``balanced``: 0 everywhere;
                    or an array (N,), new deficits in the table's money that sum to 0
    """

    tariff: Array | None = None
    trade_cost: Array | None = None
    cost: Array | None = None
    deficits: Deficits | Array = "additive"
