"""The calibrated market under many draws of its priors at once.

What the benchmark fixes is taken from a calibration that is there already; only what priors move
is computed again, for all draws together, by the formulas that the calibration itself uses
(``parameters``). Latent lanes, closed at the benchmark, have one uncertain number of their own:
``access``, a standard normal score common to all of them (``pack.access``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from accord.pack.access import access_shift
from accord.pack.calibrate import Calibration
from accord.pack.pack import Pack
from accord.pack.parameters import CostCurves, Parameters, Vector, carried, parameters
from accord.pack.priors import PriorKey


def calibrate_draws(
    pack: Pack,
    calibration: Calibration,
    chosen: Mapping[PriorKey, Vector],
    access: Vector,
) -> Parameters:
    """Return what priors move in ``calibration.market``, one row a draw (D, …).

    ``calibration``  of the pack, with latent lanes at central weights
    ``chosen``       (D,) values by row of the priors; rows left out are at their central values
    ``access``       (D,) scores of what latent lanes carry: −1.28 low, 0 central, 1.28 high
    Every draw is what ``calibrate`` and ``carry`` give for its values. Raises ``KeyError`` where no
    row of the priors holds.
    """
    found = parameters(calibration.anchors, pack.priors, {**pack.central_values(), **chosen})
    if calibration.carried is not None:
        found = carried(found, calibration.carried)
    weight = found.log_weight + access_shift(pack, calibration, access)
    return _by_draw(replace(found, log_weight=weight), len(access))


def _by_draw(found: Parameters, count: int) -> Parameters:
    """Return every array with a row for each draw, those that no prior moves among them."""

    def rows(values: Vector) -> Vector:
        return np.broadcast_to(values, (count, values.shape[-1]))

    curves = found.curves
    return Parameters(
        theta=rows(found.theta),
        log_weight=rows(found.log_weight),
        elasticity=rows(found.elasticity),
        choke=rows(found.choke),
        curves=CostCurves(rows(curves.other), rows(curves.rising), rows(curves.curvature)),
    )
