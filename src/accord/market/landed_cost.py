"""What a tonne costs where it lands: the price arithmetic shared by calibration and closures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.market.lane import Lane
from accord.market.wedge import Wedge

Number = TypeVar("Number", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class Rates:
    """A lane's active wedges gathered by base: landed = slope·p + intercept.

    ``slope``      USD landed per USD of producer price
    ``intercept``  USD per tonne that does not depend on the producer price
    """

    slope: float
    intercept: float


class Sums(NamedTuple, Generic[Number]):
    """Wedges added up by what they are levied on, of one lane or of many.

    ``export_rate`` of the producer price; ``export_specific`` USD per tonne shipped; ``fob`` and
    ``cif`` of either customs value; ``specific`` USD per tonne delivered.
    """

    export_rate: Number
    export_specific: Number
    fob: Number
    cif: Number
    specific: Number


def slope_and_intercept(
    per_delivered: Number, freight: Number, sums: Sums[Number]
) -> tuple[Number, Number]:
    """Return what lands per USD of producer price, and USD per tonne besides."""
    slope = per_delivered * (1.0 + sums.export_rate) * (1.0 + sums.fob + sums.cif)
    fixed = per_delivered * sums.export_specific * (1.0 + sums.fob + sums.cif)
    return slope, fixed + freight * (1.0 + sums.cif) + sums.specific


def wedge_rate(wedge: Wedge, share: float = 1.0) -> tuple[float, float]:
    """Return (effective ad valorem rate on its base, specific USD/t), scaled by a tracer share."""
    scale = share if wedge.tracer else 1.0
    return wedge.ad_valorem * wedge.content * scale, wedge.specific * scale


def rates(lane: Lane, tracer_share: float = 0.0) -> Rates:
    """Gather a lane's active wedges; duties on one base add, they do not compound.

    FOB-valued: c = p(1+τ_x)(1+Στ) + freight + specific.  CIF-valued: c = [p(1+τ_x) + freight](1+Στ)
    + specific. A loss multiplies the price per tonne shipped into the price per tonne delivered.
    """
    export_rate = export_specific = fob = cif = specific = 0.0
    for wedge in lane.active_wedges:
        rate, amount = wedge_rate(wedge, tracer_share)
        if wedge.side == "export":
            export_rate += rate
            export_specific += amount
        else:
            specific += amount
            if wedge.basis == "fob":
                fob += rate
            else:
                cif += rate
    per_delivered = 1.0 / (1.0 - lane.loss)
    sums = Sums(export_rate, export_specific, fob, cif, specific)
    return Rates(*slope_and_intercept(per_delivered, lane.freight, sums))


def landed_cost(lane: Lane, producer_price: float, tracer_share: float = 0.0) -> float:
    """Return the landed cost of a tonne (USD), without any limit's rent."""
    gathered = rates(lane, tracer_share)
    return gathered.slope * producer_price + gathered.intercept


def border_price(lane: Lane, producer_price: float) -> float:
    """Return what a tonne costs at the exporter's border: producer price and export taxes (USD)."""
    if not lane.wedges:
        return producer_price
    exports = [wedge_rate(w) for w in lane.active_wedges if w.side == "export"]
    return producer_price * (1.0 + sum(r for r, _ in exports)) + sum(s for _, s in exports)
