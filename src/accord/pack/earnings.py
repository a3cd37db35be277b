"""What every activity earns and pays at a benchmark, and where its costs leave it too little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.errors import Fault
from accord.market import Activity, Market
from accord.pack.benchmark import Benchmark, Place, Technique
from accord.pack.contents import Adjustment, Contents
from accord.pack.parameters import LEAST_RISING, Anchors, Margins, activity_priors
from accord.pack.priors import PriorKey
from accord.pack.side_by_side import Fellows, fellows_of

FULLEST = 0.98
"""Level over capacity of an activity whose stated capacity is below its output."""


@dataclass(frozen=True, slots=True)
class Plant:
    """An activity at the benchmark: USD per unit, units a year.

    ``revenue`` net of output taxes; ``main`` sales of the main output; ``flat`` inputs and power;
    ``capacity`` not below ``level``; ``ahead`` as in ``Margins``
    """

    bare: Activity
    technique: Technique
    revenue: float
    main: float
    flat: float
    level: float
    capacity: float
    ahead: float


class Earnings:
    """What the activities of one benchmark have in common, and what is noted on the way."""

    def __init__(
        self, contents: Contents, benchmark: Benchmark, mean: Mapping[Place, float], legal: Market
    ) -> None:
        self._price = benchmark.price
        self._mean = mean
        self._legal = legal
        self._level = contents.balances[benchmark.year].level
        self._fellows = fellows_of(contents.balances[benchmark.year])
        self._notes: list[tuple[str, Adjustment]] = []

    def plant(self, bare: Activity, t: Technique) -> Plant | None:
        """Return what an activity earns and pays; ``None`` where nothing says what it would."""
        priced = all((good, t.region) in self._price for good, _ in t.outputs)
        if not (priced and all((good, t.region) in self._mean for good, _ in t.inputs)):
            if t.capacity > 0.0:
                why = "idle at the benchmark, and no price says what it would earn: left out"
                left_out = Adjustment("capacity", t.name, t.capacity, 0.0, "t/yr", why)
                self._notes.append((t.name, left_out))
            return None
        gross = sum(tonnes * self._price[good, t.region] for good, tonnes in t.outputs)
        bought = sum(tonnes * self._mean[good, t.region] for good, tonnes in t.inputs)
        main = t.outputs[0][1] * self._price[t.outputs[0][0], t.region]
        level = self._level[bare.name]
        return Plant(
            bare=bare,
            technique=t,
            revenue=_net(gross, self._legal.activity_by_name[bare.name]),
            main=main,
            flat=bought + t.power * t.power_price,
            level=level,
            capacity=self._capacity(bare.capacity.level, t, level),
            ahead=_ahead(self._fellows.get((t.kind, t.region)), t, main),
        )

    def _capacity(self, stated: float, t: Technique, level: float) -> float:
        if level <= stated:
            return stated
        raised = level / FULLEST
        per_unit = t.outputs[0][1]
        why = f"output exceeds the stated capacity; capacity set to output/{FULLEST}"
        before, after = stated * per_unit, raised * per_unit
        note = Adjustment("capacity", t.name, before, after, "t/yr", why)
        self._notes.append((t.name, note))
        return raised

    def notes(self, cuts: Mapping[str, Adjustment]) -> list[Adjustment]:
        """Return all that was noted, activity by activity, with the ``cuts`` of rising cost."""
        order = list(self._level)
        every = [*cuts.items(), *self._notes]
        return [note for _, note in sorted(every, key=lambda x: order.index(x[0]))]


def _ahead(fellows: Fellows | None, t: Technique, main: float) -> float:
    return float("nan") if fellows is None else fellows.ahead(t.power * t.power_price, main)


def _net(gross: float, legal: Activity) -> float:
    """Return sales per unit after taxes on output (before subsidies, if negative)."""
    wedges = legal.active_wedges
    return gross * (1.0 - sum(w.ad_valorem for w in wedges)) - sum(w.specific for w in wedges)


def margins_of(plants: Sequence[Plant]) -> Margins:
    """Return what activities earn and pay as arrays, in their order."""
    stated = [x.technique.other_cost for x in plants]
    return Margins(
        kind=tuple(
            (x.technique.kind, x.technique.outputs[0][0], x.technique.region) for x in plants
        ),
        revenue=np.array([x.revenue for x in plants]),
        main=np.array([x.main for x in plants]),
        flat=np.array([x.flat for x in plants]),
        stated=np.array([np.nan if cost is None else cost for cost in stated], dtype=np.float64),
        ahead=np.array([x.ahead for x in plants]),
        level=np.array([x.level for x in plants]),
        used=np.array([x.level / x.capacity if x.level > 0.0 else 1.0 for x in plants]),
    )


def cut_shares(
    anchors: Anchors,
    contents: Contents,
    plants: Sequence[Plant],
    values: Mapping[PriorKey, float],
) -> dict[str, Adjustment]:
    """Return by activity where costs leave less of the revenue than the prior's share."""
    prior = activity_priors("rising_cost_share", anchors, contents.priors, values)
    wanted, taken = anchors.margins.wanted_share(prior), anchors.margins.rising_share(prior)
    why = "inputs and power leave no more of the revenue; other cost is then 0"
    names = [x.technique.name for x in plants]
    return {
        name: Adjustment("rising cost share", name, before, after, "fraction", why)
        for name, x, before, after in zip(
            names, plants, wanted.tolist(), taken.tolist(), strict=True
        )
        if x.technique.other_cost is None and after < before
    }


def losses(
    anchors: Anchors,
    contents: Contents,
    benchmark: Benchmark,
    plants: Sequence[Plant],
    values: Mapping[PriorKey, float],
) -> list[Fault]:
    """Return the activities that produce and cannot earn their cost, each as a fault."""
    prior = activity_priors("rising_cost_share", anchors, contents.priors, values)
    losing = anchors.margins.losing(prior)
    return [_loss(x, benchmark) for x, loses in zip(plants, losing, strict=True) if loses]


def _loss(plant: Plant, benchmark: Benchmark) -> Fault:
    t, power = plant.technique, plant.technique.power * plant.technique.power_price
    costs = f"inputs {plant.flat - power:,.0f}, power {power:,.0f}"
    if t.other_cost:
        costs += f", other {t.other_cost:,.0f}"
    total = plant.flat + (t.other_cost or 0.0)
    return Fault(
        f"{benchmark.folder}/activities.csv",
        f"costs of {total:,.0f} USD per unit ({costs}) against sales of {plant.revenue:,.0f}",
        f"costs of at most {100.0 * (1.0 - LEAST_RISING):g} % of sales while it produces",
        "check its input coefficients, power, power price, other cost, and the prices",
        t.line,
        t.name,
    )
