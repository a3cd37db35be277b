"""How likely the evidence to 2022 is under chosen parameters: every error with its variance.

Import shares of a year t: ln s_pred − ln s_seen ~ N(0, J·d²(t − base)·Jᵀ + e²I), J = I − 1sᵀ, with
d the yearly drift of an origin's weight (a parameter; the shares of a year move together), s the
predicted shares and e the error of a published figure. Totals, outputs and single lanes are
random walks in logarithms around the model, with covariance v²·(min(t, t′) − base). Premia have
errors in dollars of the base year. The panel's supply slope is one more observation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.backcast.evidence import LAST_EVIDENCE, Evidence, Observed
from accord.backcast.quantities import IMPORTER, WORLD, read
from accord.backcast.replay import Replay

Vector = NDArray[np.float64]
SHARE, TOTAL, PREMIUM = "us_import_share", "us_imports", "us_premium"
OUTPUT = "us_output"
SHOCKED = (2021, 2022)


@dataclass(frozen=True)
class Predictions:
    """What a replay says of the evidence, on the scale of its errors.

    ``left``    predicted less observed: logarithms, or USD/t of the base year for premia
    ``shares``  all predicted import shares by year and origin
    """

    left: Vector
    shares: dict[int, dict[str, float]]


def evidence_rows(evidence: Evidence) -> tuple[Observed, ...]:
    """Return the observations the parameters are fitted to, in a fixed order.

    Raises ``ValueError`` where one is of a year that the fit is judged by.
    """
    rows = [o for o in evidence.observed if o.calibration]
    late = [f"{o.quantity} {o.region} {o.date}" for o in rows if o.year > LAST_EVIDENCE]
    if late:
        msg = f"figures after {LAST_EVIDENCE} are never fitted to: {', '.join(late)}"
        raise ValueError(msg)
    return tuple(sorted(rows, key=lambda o: (o.quantity, o.region, o.date)))


def predictions(rows: Sequence[Observed], replay: Replay, evidence: Evidence) -> Predictions:
    """Return what a replay says of the evidence."""
    left = [_left(o, replay, evidence) for o in rows]
    years = sorted({o.year for o in rows if o.quantity == SHARE})
    shares: dict[int, dict[str, float]] = {}
    for year in years:
        imports = replay.year(year).imports(IMPORTER)
        total = sum(imports.values())
        shares[year] = {origin: x / total for origin, x in imports.items()}
    return Predictions(np.array(left), shares)


def _left(o: Observed, replay: Replay, evidence: Evidence) -> float:
    state = replay.at(o)
    value = None if state is None else read(o, state, evidence)
    if value is None:
        raise ValueError(o)
    if o.quantity == PREMIUM:
        return (value - o.value) / evidence.deflator[o.year]
    return math.log(value / o.value)


def covariance(
    rows: Sequence[Observed],
    shares: dict[int, dict[str, float]],
    drift: float,
    evidence: Evidence,
) -> Vector:
    """Return the covariance of the errors (n, n)."""
    n = len(rows)
    found = np.zeros((n, n))
    for i, one in enumerate(rows):
        for j, other in enumerate(rows[: i + 1]):
            value = _covariance(one, other, shares, drift, evidence)
            found[i, j] = found[j, i] = value
    return found


def _covariance(
    one: Observed,
    other: Observed,
    shares: dict[int, dict[str, float]],
    drift: float,
    evidence: Evidence,
) -> float:
    if one.quantity != other.quantity:
        return 0.0
    if one.quantity == SHARE:
        return _of_shares(one, other, shares, drift, evidence)
    if one.quantity in (TOTAL, OUTPUT):
        size = _size(evidence, OUTPUT)
        size = evidence.panel["total_us"].value if one.quantity == TOTAL else size
        return size**2 * (min(one.year, other.year) - evidence.base)
    return _alone(one, evidence) ** 2 if one is other else 0.0


def _alone(o: Observed, evidence: Evidence) -> float:
    """Return the standard deviation of an error that has nothing to do with others."""
    if o.quantity == PREMIUM:
        shocked = o.day is None and o.year in SHOCKED
        return _size(evidence, "us_premium_2021" if shocked else PREMIUM)
    if o.region == WORLD:
        return _size(evidence, "russia_exports_world")
    return evidence.panel["drift_all"].value * math.sqrt(o.year - evidence.base)


def _of_shares(
    one: Observed,
    other: Observed,
    shares: dict[int, dict[str, float]],
    drift: float,
    evidence: Evidence,
) -> float:
    """Return the covariance of two origins' log shares; years are taken as independent."""
    if one.year != other.year:
        return 0.0
    s = shares[one.year]
    a, b = evidence.region(one.region), evidence.region(other.region)
    same = 1.0 if one is other else 0.0
    spread = same - s.get(a, 0.0) - s.get(b, 0.0) + sum(x * x for x in s.values())
    noise = same * _size(evidence, SHARE) ** 2
    return drift**2 * (one.year - evidence.base) * spread + noise


def _size(evidence: Evidence, name: str) -> float:
    value = evidence.errors[name]
    if value is None:
        raise ValueError(name)
    return value


def supply_evidence(evidence: Evidence) -> tuple[float, float]:
    """Return the panel's supply slope and the standard deviation around the model's."""
    moment = evidence.panel["supply"]
    return moment.value, math.hypot(moment.error, _size(evidence, "supply_panel"))


def log_normal(left: Vector, cover: Vector) -> float:
    """Return the log density of a normal vector, less a constant."""
    factor = np.linalg.cholesky(cover)
    scaled = np.linalg.solve(factor, left)
    return -0.5 * float(scaled @ scaled) - float(np.log(np.diag(factor)).sum())
