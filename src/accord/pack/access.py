"""How much lanes that are closed today would carry, as one score for all of them.

A score of −1.28 gives every such lane the low flow of ``latent_flows.csv``, 0 the central one and
1.28 the high one; in between and beyond it is linear in the logarithm on either side of 0.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from accord.market import LaneKey
from accord.pack.benchmark import Latent
from accord.pack.calibrate import Calibration
from accord.pack.contents import Contents
from accord.pack.parameters import Vector
from accord.probability.normal import NINETIETH


def access_shift(contents: Contents, calibration: Calibration, access: Vector) -> Vector:
    """Return what scores of access add to the log weights of the market's lanes (D, L).

    It is linear in the score on either side of central, and beyond.
    """
    year = max(y for y in contents.benchmarks if y <= calibration.market.year)
    latent = contents.benchmarks[year].latent
    lanes = calibration.market.lanes
    rows = [latent.get(LaneKey(lane.good, lane.origin, lane.destination)) for lane in lanes]
    some = [i for i, row in enumerate(rows) if row is not None]
    ways = np.array([_ways(row) for row in rows if row is not None]).reshape(-1, 2)
    shift = np.zeros((len(access), len(lanes)))
    score = access[:, None]
    shift[:, some] = np.where(score > 0.0, *ways.T) * score / NINETIETH
    return shift


def with_access(contents: Contents, calibration: Calibration, access: float) -> Calibration:
    """Return a calibration at central weights with its closed lanes at a score of access."""
    shift = access_shift(contents, calibration, np.array([access]))[0].tolist()
    lanes = tuple(
        replace(lane, log_weight=lane.log_weight + more) if more else lane
        for lane, more in zip(calibration.market.lanes, shift, strict=True)
    )
    return replace(calibration, market=replace(calibration.market, lanes=lanes))


def _ways(row: Latent) -> tuple[float, float]:
    """Return how far a lane's log weight moves up to the high flow, and down to the low one."""
    return math.log(row.high / row.central), math.log(row.central / row.low)
