"""Observed outputs of a year as input: what is left once policy has been told apart.

An output of a year is partly policy's work: US smelters made more because of the duty. So the
curve of supply is shifted by observed output over what policy alone predicts, r = z/ẑ: all
quantities on it are multiplied by r (capacity K becomes rK; the cost at z is then that at z/r).
Where the world's output is observed too, all makers that are not observed share what is left.

Nothing says how demand moved. A region's final demand is taken to grow as much as the outputs of
those who supplied it in the base year, weighted by what they sent; demand then grows in the world
by exactly what supply does. Makers of what the smelters use grow by one factor with its use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from accord.backcast.evidence import Evidence
from accord.backcast.quantities import SMELTER, WORLD, FromModel
from accord.backcast.replay import Replay
from accord.market import Activity, Capacity, Market

Ratios = Mapping[str, float]


@dataclass(frozen=True)
class Inputs:
    """The observed outputs, and the replay of policy alone that they are measured against."""

    evidence: Evidence
    policy: Replay

    def used(self, year: int) -> tuple[str, ...]:
        """Return the regions whose output of a year is an input, ``WORLD`` among them."""
        return tuple(r for _, r, y in self.evidence.outputs if y == year)

    def ratios(self, year: int) -> dict[str, float]:
        """Return r by region for a year; regions that are not in it stay as they were."""
        seen = {r: x for (_, r, y), x in self.evidence.outputs.items() if y == year}
        world = seen.pop(WORLD, None)
        state = self.policy.year(year)
        alone = {r: state.output(SMELTER, r) for r in self._makers()}
        ratios = {r: x / alone[r] for r, x in seen.items() if alone.get(r, 0.0) > 0.0}
        others = {r: x for r, x in alone.items() if r not in ratios and x > 0.0}
        if world is not None and others:
            left = world - sum(seen[r] for r in ratios)
            ratios |= dict.fromkeys(others, left / sum(others.values()))
        return ratios

    def changed(self, market: Market, year: int) -> Market:
        """Return the world of a year with the observed outputs in it."""
        ratios = self.ratios(year)
        return shifted(market, self.policy.at_base, ratios) if ratios else market

    def _makers(self) -> list[str]:
        kinds = (a for a in self.policy.world.market.activities if a.kind == SMELTER)
        return list(dict.fromkeys(a.region for a in kinds))


def shifted(market: Market, base: FromModel, ratios: Ratios) -> Market:
    """Return a market whose smelters' supply is shifted by ``ratios`` and demand with it."""
    good = base.good
    growth = _node_growth(market, base, ratios)
    demand = {r.code: _mean_growth(base, r.code, growth) for r in market.regions}
    upstream = _upstream(market, base, ratios)

    def made(a: Activity) -> Activity:
        factor = ratios.get(a.region, 1.0) if a.kind == SMELTER else upstream.get(a.name, 1.0)
        return replace(a, capacity=Capacity(a.capacity.level * factor, a.capacity.since))

    return replace(
        market,
        activities=tuple(made(a) for a in market.activities),
        demands=tuple(
            replace(d, quantity=d.quantity * demand[d.region]) if d.good == good else d
            for d in market.demands
        ),
    )


def _node_growth(market: Market, base: FromModel, ratios: Ratios) -> dict[str, float]:
    """Return growth of what a region makes of the good, all its makers together."""
    made: dict[str, float] = defaultdict(float)
    more: dict[str, float] = defaultdict(float)
    for a in market.activities:
        tonnes = dict(a.outputs).get(base.good, 0.0) * base.solved.output(a.name)
        made[a.region] += tonnes
        more[a.region] += tonnes * (ratios.get(a.region, 1.0) if a.kind == SMELTER else 1.0)
    return {region: more[region] / x for region, x in made.items() if x > 0.0}


def _mean_growth(base: FromModel, region: str, growth: Ratios) -> float:
    arrived = {**base.imports(region), region: base.solved.flow(base.good, region, region)}
    total = sum(arrived.values())
    if total <= 0.0:
        return 1.0
    return sum(x * growth.get(origin, 1.0) for origin, x in arrived.items()) / total


def _upstream(market: Market, base: FromModel, ratios: Ratios) -> dict[str, float]:
    """Return factors by activity for makers of inputs, so that they keep up with their use."""
    level = {a.name: base.solved.output(a.name) for a in market.activities}
    factor = {a.name: ratios.get(a.region, 1.0) for a in market.activities if a.kind == SMELTER}
    users = [a for a in market.activities if a.kind == SMELTER]
    found: dict[str, float] = {}
    while users:
        use: dict[str, float] = defaultdict(float)
        more: dict[str, float] = defaultdict(float)
        made: dict[str, float] = defaultdict(float)
        for a in users:
            for good, tonnes in a.inputs:
                use[good] += tonnes * level[a.name]
                more[good] += tonnes * level[a.name] * (factor[a.name] - 1.0)
        makers = [a for a in market.activities if a.outputs[0][0] in use and a.name not in factor]
        for a in makers:
            made[a.outputs[0][0]] += a.outputs[0][1] * level[a.name]
        for a in makers:
            good = a.outputs[0][0]
            factor[a.name] = 1.0 + (more[good] / made[good] if made[good] > 0.0 else 0.0)
        found |= {a.name: factor[a.name] for a in makers}
        users = makers
    return found
