"""Who buys a good in a region, and how they choose among origins."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Buyer:
    """How a region's buyers of a good choose among origins.

    ``theta``     price sensitivity θ in 1/(USD per t): σ over the mean landed cost
    ``constant``  USD per t; the buyer price is P = constant − θ⁻¹ ln Σ α e^(−θ c), with the
                  constant set so that at calibration P is the mean landed cost
    ``home_elasticity``  elasticity between home supply and imports as a whole in the armington
                  closure, above 1; ``None``: home supply is one origin among the others
    """

    good: str
    region: str
    theta: float
    constant: float = 0.0
    home_elasticity: float | None = None


@dataclass(frozen=True, slots=True)
class FinalDemand:
    """Demand for a good by users outside the chain: D(P) = quantity·((choke−P)/(choke−price))^γ.

    γ = elasticity·(choke − price)/price, so that ``elasticity`` (a positive number) is the
    elasticity at (price, quantity). ``choke`` is the price at which demand ends. ``users`` are
    (name, share) of those who make it up, shares summing to 1; empty where nobody knows.
    """

    good: str
    region: str
    quantity: float
    price: float
    elasticity: float
    choke: float
    users: tuple[tuple[str, float], ...] = ()
