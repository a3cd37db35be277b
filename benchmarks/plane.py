"""Seeded Takayama–Judge worlds: regions on a plane, one good, linear supply and demand.

Freight grows with distance and duties are per tonne, so the equilibrium is a quadratic program and
solvers of programs can be asked for the same answer.
"""

from __future__ import annotations

import numpy as np

from accord.market import (
    Activity,
    Buyer,
    Capacity,
    FinalDemand,
    Good,
    Lane,
    Market,
    Region,
    Wedge,
)

GOOD = "metal"


def plane(count: int, seed: int) -> Market:
    """``count`` regions, every pair of them linked, every one with a duty per tonne of its own."""
    draw = np.random.default_rng(seed)
    codes = [f"R{i:03}" for i in range(count)]
    place = draw.uniform(0.0, 1.0, (count, 2))
    base = draw.uniform(1500.0, 2500.0, count)
    capacity = draw.lognormal(13.0, 1.0, count)
    wanted = 0.8 * draw.lognormal(13.0, 1.0, count)
    duties = [
        Wedge(f"duty of {c}", "import", specific=float(d), revenue_to=c)
        for c, d in zip(codes, draw.uniform(0.0, 60.0, count), strict=True)
    ]
    freight = 20.0 + 300.0 * np.hypot(*(place[:, None] - place[None, :]).T).T
    return Market(
        name="plane",
        year=2020,
        price_year=2020,
        regions=tuple(Region(c, c) for c in codes),
        goods=(Good(GOOD, "Metal"),),
        activities=tuple(
            Activity(f"plant.{c}", "plant", c, ((GOOD, 1.0),), other_cost=0.5 * p,
                     rising_cost=0.6 * p, capacity=Capacity(k), owner=c)
            for c, p, k in zip(codes, base, capacity, strict=True)
        ),
        lanes=tuple(
            Lane(GOOD, o, d) if i == j
            else Lane(GOOD, o, d, freight=float(freight[i, j]), wedges=(duties[j],))
            for i, o in enumerate(codes)
            for j, d in enumerate(codes)
        ),
        buyers=tuple(Buyer(GOOD, c, 8.0 / 2000.0, 2000.0) for c in codes),
        demands=tuple(
            FinalDemand(GOOD, c, q, 2000.0, 0.5, 6000.0)
            for c, q in zip(codes, wanted, strict=True)
        ),
    )  # fmt: skip
