"""Producer prices under which the origins that serve one destination land at one price.

    min Σ_l x_l (c_l(p_i) − P_j)² + ρ Σ_i X_i (p_i − p*)²,    c_l(p) = slope_l·p + intercept_l

over producer prices p and destination prices P, subject to Σ_i X_i p_i / Σ_i X_i = p* over the
regions that set the reference. A premium may be added to all imports of one destination so that
its mean landed cost equals an observed price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.errors import Fault, InputError
from accord.market.landed_cost import Rates
from accord.pack.build.mirror import LaneName

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Observed:
    """A destination whose buyer price is observed: the price, and what home sellers pay to deliver.

    Imports there carry a delivery premium, the same for every origin, chosen to meet the price.
    """

    region: str
    price: float


@dataclass(frozen=True)
class Prices:
    """Producer prices by region, mean landed cost by destination, premium, worst dispersion."""

    producer: Mapping[str, float]
    buyer: Mapping[str, float]
    premium: float
    dispersion: Mapping[str, float]


@dataclass(frozen=True)
class Setting:
    """What to agree with: reference price, ridge ρ, largest deviation, anchoring regions."""

    reference: float
    ridge: float
    bound: float
    anchors: frozenset[str]


def producer_prices(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    setting: Setting,
    observed: Observed | None = None,
) -> Prices:
    """Return prices of one good. Raises ``InputError`` where one is further off than allowed."""
    lanes = sorted(flows)
    origins = sorted({i for _, i, _ in lanes})
    solution = _solve(flows, rates, lanes, origins, setting, observed)
    producer = {r: round(float(v), 2) for r, v in zip(origins, solution, strict=False)}
    premium = 0.0
    if observed is not None:
        producer, premium = _meet(flows, rates, producer, observed)
    _refuse_far(producer, setting)
    landed = _landed(flows, rates, producer, premium, observed)
    return Prices(producer, _means(flows, landed), premium, _dispersion(flows, landed))


def _solve(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    lanes: Sequence[LaneName],
    origins: Sequence[str],
    setting: Setting,
    observed: Observed | None,
) -> Vector:
    """Least squares in (p, P, premium) with the anchor as a Lagrange row."""
    destinations = sorted({j for _, _, j in lanes})
    n, m = len(origins), len(destinations)
    at_p = {r: k for k, r in enumerate(origins)}
    at_P = {r: n + k for k, r in enumerate(destinations)}
    extra = 0 if observed is None else 1
    rows: list[Vector] = []
    goals: list[float] = []
    for lane in lanes:
        _, i, j = lane
        row = np.zeros(n + m + extra)
        scale = float(np.sqrt(flows[lane]))
        row[at_p[i]] = rates[lane].slope
        goal = -rates[lane].intercept
        if observed is not None and j == observed.region:
            row[-1] = 1.0 if i != j else 0.0
            goal += observed.price
        else:
            row[at_P[j]] = -1.0
        rows.append(row * scale)
        goals.append(goal * scale)
    sold = {r: sum(v for (_, i, _), v in flows.items() if i == r) for r in origins}
    for r in origins:
        row = np.zeros(n + m + extra)
        scale = float(np.sqrt(setting.ridge * sold[r]))
        row[at_p[r]] = scale
        rows.append(row)
        goals.append(setting.reference * scale)
    anchor = np.zeros(n + m + extra)
    for r in sorted(setting.anchors & set(origins)):
        anchor[at_p[r]] = sold[r]
    anchor /= anchor.sum()
    return _constrained(np.array(rows), np.array(goals), anchor, setting.reference)[:n]


def _constrained(matrix: Vector, goal: Vector, anchor: Vector, level: float) -> Vector:
    """Minimise |A z − b|² subject to anchor·z = level (normal equations with a multiplier)."""
    size = matrix.shape[1]
    system = np.zeros((size + 1, size + 1))
    system[:size, :size] = matrix.T @ matrix + 1e-9 * np.eye(size)
    system[:size, size] = system[size, :size] = anchor
    right = np.append(matrix.T @ goal, level)
    solution: Vector = np.linalg.solve(system, right)
    return solution[:size]


def _meet(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    producer: dict[str, float],
    observed: Observed,
) -> tuple[dict[str, float], float]:
    """Set the home producer price and the premium so that the observed price is met exactly."""
    good = next(iter(flows))[0]
    home = (good, observed.region, observed.region)
    producer = dict(producer)
    if home in flows:
        producer[observed.region] = round(observed.price - rates[home].intercept, 2)
    into = [x for x in flows if x[2] == observed.region and x[1] != observed.region]
    total = sum(flows[x] for x in into)
    landed = sum(
        flows[x] * (rates[x].slope * producer[x[1]] + rates[x].intercept) for x in into
    )
    return producer, observed.price - landed / total


def _landed(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    producer: Mapping[str, float],
    premium: float,
    observed: Observed | None,
) -> dict[LaneName, float]:
    found: dict[LaneName, float] = {}
    for lane in flows:
        _, i, j = lane
        cost = rates[lane].slope * producer[i] + rates[lane].intercept
        if observed is not None and j == observed.region and i != j:
            cost += premium
        found[lane] = cost
    return found


def _means(flows: Mapping[LaneName, float], landed: Mapping[LaneName, float]) -> dict[str, float]:
    destinations = {j for _, _, j in flows}
    found: dict[str, float] = {}
    for region in sorted(destinations):
        lanes = [x for x in flows if x[2] == region]
        total = sum(flows[x] for x in lanes)
        found[region] = sum(flows[x] * landed[x] for x in lanes) / total
    return found


def _dispersion(
    flows: Mapping[LaneName, float], landed: Mapping[LaneName, float]
) -> dict[str, float]:
    """Return the flow-weighted standard deviation of landed costs by destination, USD/t."""
    means = _means(flows, landed)
    found: dict[str, float] = {}
    for region, mean in means.items():
        lanes = [x for x in flows if x[2] == region]
        total = sum(flows[x] for x in lanes)
        square = sum(flows[x] * (landed[x] - mean) ** 2 for x in lanes) / total
        found[region] = float(np.sqrt(square))
    return found


def _refuse_far(producer: Mapping[str, float], setting: Setting) -> None:
    faults = [
        Fault(
            file="sources",
            term=f"producer price in {region}",
            found=f"{price:.0f} USD/t, {price / setting.reference - 1.0:+.0%} from the reference",
            allowed=f"within {setting.bound:.0%} of {setting.reference:.0f} USD/t",
            fix="check the freight and the duties of this region's lanes",
        )
        for region, price in sorted(producer.items())
        if abs(price / setting.reference - 1.0) > setting.bound
    ]
    if faults:
        raise InputError(faults)
