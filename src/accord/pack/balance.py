"""Whether a benchmark adds up: what every activity makes, what every region uses.

What a region ships of a good (home use among it) is what its activities make; what arrives there is
what its activities take in and, the rest, final demand. No flow is changed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from accord.errors import Fault
from accord.market import LaneKey
from accord.pack.benchmark import Benchmark, Place, Technique

TOLERANCE = 1e-6
"""Relative gap between two sides of a balance that is taken for rounding of the tables."""


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A good in a region in tonnes a year: made = exported + kept; arrived = inputs + final use."""

    good: str
    region: str
    output: float
    exports: float
    imports: float
    home: float
    input_use: float
    final_use: float


@dataclass(frozen=True)
class Balance:
    """A benchmark that adds up.

    ``techniques``  as in the benchmark, input coefficients scaled by at most ``TOLERANCE`` where
                    inputs take all that arrives, so that the sums are exact
    ``level``       units a year of each activity;  ``inflow``, ``final_use`` tonnes a year
    """

    techniques: tuple[Technique, ...]
    level: Mapping[str, float]
    inflow: Mapping[Place, float]
    final_use: Mapping[Place, float]
    rows: tuple[BalanceRow, ...]


def totals(flow: Mapping[LaneKey, float], end: int) -> dict[Place, float]:
    """Return flows summed by (good, origin) for ``end`` 1, by (good, destination) for 2."""
    total: dict[Place, float] = defaultdict(float)
    for key, value in flow.items():
        total[key.good, key[end]] += value
    return dict(total)


def balance(benchmark: Benchmark, order: Iterable[Place]) -> tuple[Balance, tuple[Fault, ...]]:
    """Return the balance of a benchmark, and where it does not close.

    ``order`` lists every (good, region) in the pack's order.
    """
    outflow, inflow = totals(benchmark.flow, 1), totals(benchmark.flow, 2)
    level, faults = _levels(benchmark, outflow)
    faults += _supply_faults(benchmark, outflow, level)
    techniques, final_use, short = _final_use(benchmark, inflow, level)
    sums = _Sums(
        output=_output(techniques, level),
        outflow=outflow,
        inflow=inflow,
        input_use=_input_use(techniques, level),
        final_use=final_use,
    )
    rows = tuple(
        _row(place, benchmark.flow.get(LaneKey(*place, place[1]), 0.0), sums)
        for place in order
        if place in sums.output or place in inflow
    )
    return Balance(techniques, level, inflow, final_use, rows), (*faults, *short)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Tonnes a year by (good, region)."""

    output: Mapping[Place, float]
    outflow: Mapping[Place, float]
    inflow: Mapping[Place, float]
    input_use: Mapping[Place, float]
    final_use: Mapping[Place, float]


def _row(place: Place, home: float, sums: _Sums) -> BalanceRow:
    return BalanceRow(
        good=place[0],
        region=place[1],
        output=sums.output.get(place, 0.0),
        exports=sums.outflow.get(place, 0.0) - home,
        imports=sums.inflow.get(place, 0.0) - home,
        home=home,
        input_use=sums.input_use.get(place, 0.0),
        final_use=sums.final_use.get(place, 0.0),
    )


def _levels(
    benchmark: Benchmark, outflow: Mapping[Place, float]
) -> tuple[dict[str, float], list[Fault]]:
    """Return activity levels: as stated; where not, the rest of what leaves the region."""
    makers: dict[Place, list[Technique]] = defaultdict(list)
    for technique in benchmark.techniques:
        makers[technique.outputs[0][0], technique.region].append(technique)
    level: dict[str, float] = {}
    faults: list[Fault] = []
    for place, group in makers.items():
        shipped = outflow.get(place, 0.0) - _byproduct(place, benchmark, level)
        open_ended = [t for t in group if t.output is None]
        stated = {t.name: t.output for t in group if t.output is not None}
        if len(open_ended) > 1:
            faults.append(_unclear(benchmark, place, open_ended))
        rest = shipped - sum(stated.values())
        if open_ended:
            stated |= dict.fromkeys((t.name for t in open_ended), 0.0)
            stated[open_ended[0].name] = max(rest, 0.0)
        elif abs(rest) <= TOLERANCE * max(shipped, 1.0) and stated:
            _absorb(stated, rest)
        level |= {t.name: stated[t.name] / t.outputs[0][1] for t in group}
    return level, faults


def _absorb(stated: dict[str, float], rest: float) -> None:
    """Give the rounding of stated outputs to the largest of them."""
    largest = max(stated, key=lambda name: stated[name])
    stated[largest] += rest


def _byproduct(place: Place, benchmark: Benchmark, level: Mapping[str, float]) -> float:
    """Return what activities whose main output is another good make of this one."""
    good, region = place
    return sum(
        tonnes * level.get(t.name, 0.0)
        for t in benchmark.techniques
        if t.region == region
        for other, tonnes in t.outputs[1:]
        if other == good
    )


def _unclear(benchmark: Benchmark, place: Place, group: list[Technique]) -> Fault:
    names = " and ".join(t.name for t in group)
    return Fault(
        f"{benchmark.folder}/activities.csv",
        f"{names} make {place[0]} there, and the output of none is stated",
        "at most one maker of a good in a region without a stated output",
        "add rows with item output (tonnes of the main output a year) for the others",
        group[1].line,
        " ".join(place),
    )


def _supply_faults(
    benchmark: Benchmark, outflow: Mapping[Place, float], level: Mapping[str, float]
) -> list[Fault]:
    made = _output(benchmark.techniques, level)
    faults: list[Fault] = []
    for place in dict.fromkeys([*outflow, *made]):
        sent, output = outflow.get(place, 0.0), made.get(place, 0.0)
        gap = output - sent
        if abs(gap) <= TOLERANCE * max(sent, output):
            continue
        if place not in made:
            faults.append(_no_maker(benchmark, place, sent))
        else:
            faults.append(_supply_gap(benchmark, place, sent, output))
    return faults


def _no_maker(benchmark: Benchmark, place: Place, sent: float) -> Fault:
    good, region = place
    key = next(k for k in benchmark.flow if (k.good, k.origin) == place)
    return Fault(
        f"{benchmark.folder}/flows.csv",
        f"{region} ships {sent:,.0f} t of {good} and nothing there makes it",
        f"flows out of regions with an activity that makes {good}",
        f"add an activity with output:{good} in {region} to activities.csv, or remove its flows",
        benchmark.line_of_flow.get(key),
        f"{good} {region}",
    )


def _supply_gap(benchmark: Benchmark, place: Place, sent: float, output: float) -> Fault:
    good, region = place
    makers = ", ".join(
        t.name for t in benchmark.techniques if t.region == region and good in dict(t.outputs)
    )
    less = "more" if output > sent else "less"
    return Fault(
        f"{benchmark.folder}/flows.csv",
        f"{makers} {'make' if ',' in makers else 'makes'} {output:,.0f} t and {sent:,.0f} t leave "
        f"{region}, home use among them: {abs(output - sent):,.0f} t {less} made than sent",
        "output equal to what leaves, to 1e-6",
        f"correct the flows out of {region}, or the outputs",
        None,
        f"{good} {region}",
    )


def _final_use(
    benchmark: Benchmark, inflow: Mapping[Place, float], level: Mapping[str, float]
) -> tuple[tuple[Technique, ...], dict[Place, float], list[Fault]]:
    use = _input_use(benchmark.techniques, level)
    final: dict[Place, float] = {}
    factor: dict[Place, float] = {}
    faults: list[Fault] = []
    for place in dict.fromkeys([*inflow, *use]):
        arrives, taken = inflow.get(place, 0.0), use.get(place, 0.0)
        if taken > 0.0 and abs(arrives - taken) <= TOLERANCE * arrives:
            factor[place] = arrives / taken
        elif arrives > taken:
            final[place] = arrives - taken
        elif taken > arrives:
            faults.append(_short(benchmark, place, arrives, taken, level))
    return tuple(_closed(t, factor) for t in benchmark.techniques), final, faults


def _closed(technique: Technique, factor: Mapping[Place, float]) -> Technique:
    if not any((good, technique.region) in factor for good, _ in technique.inputs):
        return technique
    inputs = tuple(
        (good, tonnes * factor.get((good, technique.region), 1.0))
        for good, tonnes in technique.inputs
    )
    return replace(technique, inputs=inputs)


def _short(
    benchmark: Benchmark,
    place: Place,
    arrives: float,
    taken: float,
    level: Mapping[str, float],
) -> Fault:
    good, region = place
    flows = sorted(
        (
            (value, key.origin)
            for key, value in benchmark.flow.items()
            if (key.good, key[2]) == place
        ),
        reverse=True,
    )
    from_where = ", ".join(f"{origin} {value:,.0f} t" for value, origin in flows[:3]) or "nobody"
    users = sorted(
        (
            (dict(t.inputs)[good] * level[t.name], t.name)
            for t in benchmark.techniques
            if t.region == region and good in dict(t.inputs)
        ),
        reverse=True,
    )
    by_whom = ", ".join(f"{name} {value:,.0f} t" for value, name in users[:3])
    return Fault(
        f"{benchmark.folder}/flows.csv",
        f"activities use {taken:,.0f} t and {arrives:,.0f} t arrive: {taken - arrives:,.0f} t "
        f"short (from {from_where}; used by {by_whom})",
        "arrivals, home supply among them, that cover what activities use, to 1e-6",
        f"raise flows of {good} into {region}, or lower the input coefficient or the output there",
        None,
        f"{good} {region}",
    )


def _input_use(techniques: Iterable[Technique], level: Mapping[str, float]) -> dict[Place, float]:
    use: dict[Place, float] = defaultdict(float)
    for t in techniques:
        for good, tonnes in t.inputs:
            use[good, t.region] += tonnes * level[t.name]
    return {place: value for place, value in use.items() if value > 0.0}


def _output(techniques: Iterable[Technique], level: Mapping[str, float]) -> dict[Place, float]:
    made: dict[Place, float] = defaultdict(float)
    for t in techniques:
        for good, tonnes in t.outputs:
            made[good, t.region] += tonnes * level[t.name]
    return {place: value for place, value in made.items() if value > 0.0}
