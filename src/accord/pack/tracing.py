"""The share of each exporter's supply that was made where a tracer says, at the benchmark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from accord.market import Market, Tracer
from accord.pack.balance import Balance
from accord.pack.benchmark import Benchmark

ROUNDS = 200
"""Most rounds of passing traced metal on; each is a step along a chain of re-exporters."""
SETTLED = 1e-13


def traced_shares(
    legal: Market, benchmark: Benchmark, balance: Balance
) -> dict[tuple[str, str], float]:
    """Return traced shares of supply by (tracer, region), for the tracers that a duty needs."""
    needed = {w.tracer for lane in legal.lanes for w in lane.active_wedges}
    needed |= {x.clean_supply[1] for x in legal.limits if x.clean_supply and x.in_force}
    return {
        (tracer.name, region): share
        for tracer in legal.tracers
        if tracer.name in needed
        for region, share in _shares(tracer, benchmark, balance).items()
    }


def _shares(tracer: Tracer, benchmark: Benchmark, balance: Balance) -> dict[str, float]:
    """Return the traced share by region: ω = (made + passed on · ω of what arrives)/supply."""
    supply: dict[str, float] = defaultdict(float)
    made: dict[str, float] = defaultdict(float)
    passed: dict[str, float] = defaultdict(float)
    for t in balance.techniques:
        tonnes = dict(t.outputs).get(tracer.good, 0.0) * balance.level[t.name]
        supply[t.region] += tonnes
        if tracer.good in dict(t.inputs):
            passed[t.region] += tonnes
        elif t.region in tracer.sources and t.kind in tracer.kinds:
            made[t.region] += tonnes
    share = {r: made[r] / total if total > 0.0 else 0.0 for r, total in supply.items()}
    if not any(passed.values()):
        return share
    arrivals = _arrivals(tracer.good, benchmark)
    for _ in range(ROUNDS):
        mix = {r: _mixed(arrivals.get(r, {}), share) for r in passed}
        new = {
            r: (made[r] + passed[r] * mix.get(r, 0.0)) / total if total > 0.0 else 0.0
            for r, total in supply.items()
        }
        gap = max(abs(new[r] - share[r]) for r in new)
        share = new
        if gap < SETTLED:
            break
    return share


def _arrivals(good: str, benchmark: Benchmark) -> dict[str, dict[str, float]]:
    arrivals: dict[str, dict[str, float]] = defaultdict(dict)
    for key, x in benchmark.flow.items():
        if key.good == good:
            arrivals[key.destination][key.origin] = x
    return arrivals


def _mixed(arrivals: Mapping[str, float], share: Mapping[str, float]) -> float:
    total = sum(arrivals.values())
    if total == 0.0:
        return 0.0
    return sum(x * share.get(origin, 0.0) for origin, x in arrivals.items()) / total
