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
    """A destination whose buyer price is observed (USD/t).

    With ``premium`` imports there carry a delivery premium, the same for every origin, so that
    their mean landed cost is that price; home sellers get the price less their delivery.
    """

    region: str
    price: float
    premium: bool


@dataclass(frozen=True)
class Prices:
    """By region: producer prices, mean landed costs, delivery premia, dispersion (USD/t)."""

    producer: Mapping[str, float]
    buyer: Mapping[str, float]
    premium: Mapping[str, float]
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
    observed: Sequence[Observed] = (),
) -> Prices:
    """Return prices of one good. Raises ``InputError`` where one is further off than allowed."""
    origins = sorted({i for _, i, _ in flows})
    solution = _solve(flows, rates, setting, observed)
    producer = {r: round(float(v), 2) for r, v in zip(origins, solution, strict=False)}
    premium = dict.fromkeys((seen.region for seen in observed), 0.0)
    for seen in observed:
        if seen.premium:
            producer, premium[seen.region] = _meet(flows, rates, producer, seen)
    _refuse_far(producer, setting)
    landed = _landed(flows, rates, producer, premium)
    return Prices(producer, _means(flows, landed), premium, _dispersion(flows, landed))


@dataclass(frozen=True)
class _Columns:
    """Which column of the least squares stands for which unknown."""

    producer: Mapping[str, int]
    buyer: Mapping[str, int]
    premium: Mapping[str, int]

    @property
    def size(self) -> int:
        return len(self.producer) + len(self.buyer) + len(self.premium)


def _columns(flows: Mapping[LaneName, float], observed: Sequence[Observed]) -> _Columns:
    origins = sorted({i for _, i, _ in flows})
    seen = {x.region for x in observed}
    buyers = sorted({j for _, _, j in flows} - seen)
    extra = sorted(x.region for x in observed if x.premium)
    return _Columns(
        {r: k for k, r in enumerate(origins)},
        {r: k + len(origins) for k, r in enumerate(buyers)},
        {r: k + len(origins) + len(buyers) for k, r in enumerate(extra)},
    )


def _solve(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    setting: Setting,
    observed: Sequence[Observed],
) -> Vector:
    """Least squares in (p, P, premium), with the anchor as a Lagrange row."""
    at = _columns(flows, observed)
    fixed = {x.region: x.price for x in observed}
    rows: list[Vector] = []
    goals: list[float] = []
    for lane in sorted(flows):
        _, i, j = lane
        row = np.zeros(at.size)
        row[at.producer[i]] = rates[lane].slope
        goal = fixed.get(j, 0.0) - rates[lane].intercept
        if j not in fixed:
            row[at.buyer[j]] = -1.0
        elif j in at.premium and i != j:
            row[at.premium[j]] = 1.0
        scale = float(np.sqrt(flows[lane]))
        rows.append(row * scale)
        goals.append(goal * scale)
    sold = {r: sum(v for (_, i, _), v in flows.items() if i == r) for r in at.producer}
    for r, column in at.producer.items():
        row = np.zeros(at.size)
        scale = float(np.sqrt(setting.ridge * sold[r]))
        row[column] = scale
        rows.append(row)
        goals.append(setting.reference * scale)
    anchor = np.zeros(at.size)
    for r in sorted(setting.anchors & set(at.producer)):
        anchor[at.producer[r]] = sold[r]
    anchor /= anchor.sum()
    return _constrained(np.array(rows), np.array(goals), anchor, setting.reference)


def _constrained(matrix: Vector, goal: Vector, anchor: Vector, level: float) -> Vector:
    """Minimise |A z − b|² subject to anchor·z = level (normal equations with a multiplier)."""
    size = matrix.shape[1]
    system = np.zeros((size + 1, size + 1))
    system[:size, :size] = matrix.T @ matrix + 1e-9 * np.eye(size)
    system[:size, size] = system[size, :size] = anchor
    right = np.append(matrix.T @ goal, level)
    return np.asarray(np.linalg.solve(system, right)[:size], dtype=np.float64)


def _meet(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    producer: Mapping[str, float],
    seen: Observed,
) -> tuple[dict[str, float], float]:
    """Set the home producer price and the premium so that the observed price is met exactly."""
    found = dict(producer)
    home = next((x for x in flows if x[1] == x[2] == seen.region), None)
    if home is not None:
        found[seen.region] = round(seen.price - rates[home].intercept, 2)
    into = [x for x in flows if x[2] == seen.region != x[1]]
    total = sum(flows[x] for x in into)
    landed = sum(flows[x] * (rates[x].slope * found[x[1]] + rates[x].intercept) for x in into)
    return found, seen.price - landed / total


def _landed(
    flows: Mapping[LaneName, float],
    rates: Mapping[LaneName, Rates],
    producer: Mapping[str, float],
    premium: Mapping[str, float],
) -> dict[LaneName, float]:
    return {
        (good, i, j): rates[good, i, j].slope * producer[i]
        + rates[good, i, j].intercept
        + (premium.get(j, 0.0) if i != j else 0.0)
        for good, i, j in flows
    }


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
