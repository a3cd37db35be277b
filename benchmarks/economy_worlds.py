"""Made-up worlds whose markets clear: mild ones, and ones as harsh as numbers allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import Baseline, Shock

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """What a made-up world is like.

    ``openness``  powers of ten between which a region's trade lies, relative to its home sales
    ``size``      powers of ten between which regions lie;  ``theta``, ``value_added``, ``tariff``
    """

    sectors: int = 4
    regions: int = 5
    openness: tuple[float, float] = (-1.0, 0.0)
    size: tuple[float, float] = (-1.0, 0.0)
    theta: tuple[float, float] = (2.0, 8.0)
    value_added: tuple[float, float] = (0.3, 0.7)
    tariff: float = 0.2
    nontraded: int = 1


def made_up(seed: int, kind: Kind | None = None) -> Baseline:
    """Return a baseline whose markets clear to rounding."""
    k = kind or Kind()
    random = np.random.default_rng(seed)
    count, regions = k.sectors, k.regions
    trade = _trade(k, random)
    tariff = random.uniform(0.0, k.tariff, trade.shape) * (trade > 0.0)
    tariff[:, np.arange(regions), np.arange(regions)] = 0.0
    spent = (trade * (1.0 + tariff)).sum(axis=2)
    output = trade.sum(axis=1)
    value_added = random.uniform(*k.value_added, (count, regions))
    value_added = np.maximum(value_added, 1.0 - 0.9 * spent.sum(axis=0) / output.sum(axis=0))
    inputs, final = _uses(value_added, output, spent, random)
    abroad = trade * (1.0 - np.eye(regions))
    return Baseline(
        regions=tuple(f"R{n}" for n in range(regions)),
        sectors=tuple(f"S{j}" for j in range(count)),
        theta=random.uniform(*k.theta, count),
        share=trade * (1.0 + tariff) / spent[:, :, None],
        tariff=tariff,
        value_added=value_added,
        inputs=inputs,
        final=final / final.sum(axis=0),
        expenditure=spent,
        wages=(value_added * output).sum(axis=0),
        deficit=abroad.sum(axis=(0, 2)) - abroad.sum(axis=(0, 1)),
    )


def _trade(k: Kind, random: np.random.Generator) -> Array:
    size = 10.0 ** random.uniform(*k.size, k.regions)
    open_ = 10.0 ** random.uniform(*k.openness, k.regions)
    pairs = np.sqrt(np.outer(size * open_, size * open_))
    trade = random.lognormal(0.0, 0.5, (k.sectors, k.regions, k.regions)) * pairs / k.regions
    trade[:, np.arange(k.regions), np.arange(k.regions)] = size * random.uniform(
        0.5, 2.0, (k.sectors, k.regions)
    )
    for j in range(k.sectors - k.nontraded, k.sectors):
        trade[j] *= np.eye(k.regions)
    return trade


def _uses(
    value_added: Array, output: Array, spent: Array, random: np.random.Generator
) -> tuple[Array, Array]:
    """Return input shares as random as leaves no final demand negative, and final demand."""
    count, regions = output.shape
    needed = 1.0 - value_added
    even = (spent / spent.sum(axis=0)).T[:, :, None] * needed.T[:, None, :]
    loose = random.dirichlet(np.ones(count), (regions, count)).transpose(0, 2, 1)
    loose = loose * needed.T[:, None, :]
    for part in (1.0, 0.5, 0.25, 0.0):
        inputs = part * loose + (1.0 - part) * even
        final = spent - np.einsum("njk,kn->jn", inputs, output)
        if (final >= 0.0).all():
            break
    return inputs, np.maximum(final, 0.0)


HARSH = (
    Kind(openness=(-12.0, -6.0)),
    Kind(openness=(-12.0, 0.0), size=(-6.0, 0.0)),
    Kind(openness=(-4.0, 0.0), size=(-10.0, 0.0), regions=8),
    Kind(theta=(0.3, 30.0), value_added=(0.02, 0.3), tariff=2.0),
    Kind(sectors=1, nontraded=0, regions=12, openness=(-8.0, 0.5), theta=(1.0, 10.0)),
)


def harsh(seed: int) -> tuple[Baseline, Shock]:
    """Return a harsh world and a shock of duties up to 1000 %, deficits kept or ended."""
    random = np.random.default_rng((seed, 1))
    base = made_up(seed, HARSH[seed % len(HARSH)])
    rate = 10.0 ** random.uniform(-3.0, 1.0, base.tariff.shape)
    struck = random.random(base.tariff.shape) < random.choice([0.05, 0.3, 1.0])
    tariff = np.where(struck & (base.share > 0.0), rate, base.tariff)
    place = np.arange(base.size[1])
    tariff[:, place, place] = 0.0
    kinds = ("additive", "multiplicative", "balanced")
    return base, Shock(tariff=tariff, deficits=kinds[int(random.integers(3))])
