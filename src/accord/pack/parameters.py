"""The numbers of a calibrated market that its priors move: for one set of values, or for many.

What the benchmark fixes (``Anchors``) is worked out once. Values of priors may have leading axes,
one entry a draw; everything here broadcasts over them, and the last axis is that of the market's
own tuples. The formulas are those of ``calibrate``, and of ``carry`` for a year carried forward.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.pack.benchmark import Place
from accord.pack.priors import PriorKey, Priors
from accord.pack.side_by_side import share_beside

Vector = NDArray[np.float64]
Index = NDArray[np.intp]
Chosen = Mapping[PriorKey, ArrayLike]

LEAST_PART = 1e-100
"""Smallest rising cost at a benchmark over that at full capacity: steeper overflows the numbers."""
LEAST_RISING = 0.01
"""Smallest share of rising cost in revenue with which a supply curve can still be computed."""


@dataclass(frozen=True, eq=False)
class Margins:
    """Activities (A) at the benchmark, USD per unit and units a year.

    ``kind``     (kind, good of the main output, region): whose priors hold
    ``revenue``  net of output taxes;  ``main`` sales of the main output
    ``flat``     inputs and power;  ``stated`` other cost in the data, NaN where prices tell it
    ``ahead``    power cost below that of the plants beside it, over ``main``; NaN without any
    ``level``    units a year;  ``used`` level over capacity, 1 where idle
    """

    kind: tuple[tuple[str, str, str], ...]
    revenue: Vector
    main: Vector
    flat: Vector
    stated: Vector
    ahead: Vector
    level: Vector
    used: Vector

    @property
    def left(self) -> Vector:
        """What flat and stated costs leave for rising cost, over ``main`` (A,)."""
        return (self.revenue - self.flat - np.nan_to_num(self.stated)) / self.main

    def wanted_share(self, prior: Vector) -> Vector:
        """Return rising cost over main revenue as the priors have it (…, A)."""
        beside = share_beside(prior, np.nan_to_num(self.ahead))
        runs_beside = ~np.isnan(self.ahead) & (self.level > 0.0)
        return np.where(runs_beside, beside, prior)

    def rising_share(self, prior: Vector) -> Vector:
        """Return rising cost over main revenue, less where cost would exceed revenue (…, A)."""
        wanted, left = self.wanted_share(prior), self.left
        fitted = np.where(np.isnan(self.stated), np.minimum(wanted, left), left)
        return np.where(self.level > 0.0, fitted, wanted)

    def losing(self, prior: Vector) -> NDArray[np.bool_]:
        """Return which activities produce and cannot earn their cost (…, A)."""
        bound = ~np.isnan(self.stated) | (self.left < self.wanted_share(prior))
        return (self.level > 0.0) & bound & (self.left < LEAST_RISING)


@dataclass(frozen=True, eq=False)
class CostCurves:
    """Activities' costs (…, A): other and rising cost in USD per unit, curvature φ."""

    other: Vector
    rising: Vector
    curvature: Vector


def cost_curves(margins: Margins, share: Vector, elasticity: Vector) -> CostCurves:
    """Return the curves on which every activity earns just its cost at its level.

    A plant far below capacity with hardly any supply response has its curvature raised until its
    curve can be computed (``LEAST_PART``); it happens in the far tails of the priors only.
    """
    steepest = np.log(margins.used) / math.log(LEAST_PART)
    curvature = np.maximum(elasticity * share, steepest)
    # An idle plant breaks even at its first tonne.
    rising = np.where(margins.level > 0.0, share * margins.main, 0.0)
    rest = np.maximum(margins.revenue - margins.flat - rising, 0.0)
    return CostCurves(
        other=np.where(np.isnan(margins.stated), rest, margins.stated),
        rising=share * margins.main / margins.used ** (1.0 / curvature),
        curvature=curvature,
    )


@dataclass(frozen=True, eq=False)
class Carried:
    """Where activities (A) stand in a year carried forward: what ``carry`` knows of each.

    ``price_ratio`` λ;  ``used`` level over capacity, 0 where idle;  ``left`` USD per unit that
    inputs and power leave of the revenue
    """

    price_ratio: float
    used: Vector
    left: Vector


def short_of(curves: CostCurves, at: Carried) -> NDArray[np.bool_]:
    """Return where rising cost at the year's level is more than the revenue leaves (…, A)."""
    rising = curves.rising * at.price_ratio
    return (at.used > 0.0) & (rising * _part(curves, at) > at.left)


def _part(curves: CostCurves, at: Carried) -> Vector:
    """Return rising cost at the level over rising cost at full capacity (…, A)."""
    runs = at.used > 0.0
    return np.where(runs, np.where(runs, at.used, 1.0) ** (1.0 / curves.curvature), 0.0)


def carried_curves(curves: CostCurves, at: Carried) -> CostCurves:
    """Return the curves on which every activity makes the year's output at reference prices."""
    part = _part(curves, at)
    cut = np.maximum(at.left, 0.0) / np.where(at.used > 0.0, part, 1.0)
    rising = np.where(short_of(curves, at), cut, curves.rising * at.price_ratio)
    other = np.maximum(at.left - rising * part, 0.0)
    return CostCurves(other, rising, curves.curvature)


@dataclass(frozen=True, eq=False)
class Anchors:
    """What the benchmark fixes whatever the priors say, in the order of the market's tuples.

    ``buyers``, ``mean``   (good, region) of buyers and their mean landed costs P₀, USD/t (B,)
    ``share``, ``cost``    of lanes: x/Σx and landed cost in USD/t (L,);  ``buyer`` index (L,)
    ``demands``            (good, region) of final demands;  ``margins`` activities
    """

    buyers: tuple[Place, ...]
    mean: Vector
    share: Vector
    cost: Vector
    buyer: Index
    demands: tuple[Place, ...]
    margins: Margins


@dataclass(frozen=True, eq=False)
class Parameters:
    """What priors move: of buyers (…, B), lanes (…, L), final demands (…, F), activities (…, A).

    ``theta`` 1/(USD per t); ``log_weight`` ln α; ``elasticity`` and ``choke`` (USD/t) of demand
    """

    theta: Vector
    log_weight: Vector
    elasticity: Vector
    choke: Vector
    curves: CostCurves


def parameters(anchors: Anchors, priors: Priors, chosen: Chosen) -> Parameters:
    """Return the parameters under values of priors (one number or one vector a row).

    Rows that ``chosen`` leaves out are at their medians. Raises ``KeyError`` where no row holds.
    """
    sigma = values_for(priors, [("sigma", *place) for place in anchors.buyers], chosen)
    theta = sigma / anchors.mean
    ratio = values_for(priors, [("choke_ratio", *place) for place in anchors.demands], chosen)
    at = [anchors.buyers.index(place) for place in anchors.demands]
    elasticities = [("demand_elasticity", *place) for place in anchors.demands]
    share = anchors.margins.rising_share(
        activity_priors("rising_cost_share", anchors, priors, chosen)
    )
    supply = activity_priors("supply_elasticity", anchors, priors, chosen)
    return Parameters(
        theta=theta,
        log_weight=np.log(anchors.share) + theta[..., anchors.buyer] * anchors.cost,
        elasticity=values_for(priors, elasticities, chosen),
        choke=ratio * anchors.mean[at],
        curves=cost_curves(anchors.margins, share, supply),
    )


def activity_priors(parameter: str, anchors: Anchors, priors: Priors, chosen: Chosen) -> Vector:
    """Return a prior of each activity's kind, for its main output and region (…, A)."""
    wanted = [(f"{parameter}:{kind}", good, region) for kind, good, region in anchors.margins.kind]
    return values_for(priors, wanted, chosen)


def values_for(priors: Priors, wanted: Sequence[tuple[str, str, str]], chosen: Chosen) -> Vector:
    """Return the value of the row that holds for each (parameter, good, region) (…, k)."""
    rows = [priors.row(*name) for name in wanted]
    if None in rows:
        raise KeyError(PriorKey(*wanted[rows.index(None)]))
    found = [row for row in rows if row is not None]
    place = {key: i for i, key in enumerate(dict.fromkeys(row.key for row in found))}
    if not place:
        return np.zeros(0)
    columns = [
        np.asarray(chosen.get(key, priors.by_key[key].median), dtype=np.float64) for key in place
    ]
    table = np.stack(np.broadcast_arrays(*columns), axis=-1)
    return table[..., [place[row.key] for row in found]]


def carried(start: Parameters, at: Carried) -> Parameters:
    """Return the parameters of the year that a benchmark is carried to."""
    return replace(
        start,
        theta=start.theta / at.price_ratio,
        choke=start.choke * at.price_ratio,
        curves=carried_curves(start.curves, at),
    )
