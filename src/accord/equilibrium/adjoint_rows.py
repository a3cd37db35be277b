"""A gradient as a table: one row a datum, with its place, value, derivative and elasticity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.equilibrium.adjoint import Gradient
from accord.equilibrium.effect_taxes import own_lanes, own_limits
from accord.equilibrium.homogeneous import HomogeneousState
from accord.errors import Fault, InputError
from accord.market import Activity, Buyer, FinalDemand, Lane, Limit, Wedge

Number = float | None


class Row(NamedTuple):
    """One datum and what it does to the effect.

    ``datum`` its kind, as ``DATA`` lists them;  ``where`` the lane, limit, activity or buyer
    ``value`` what it is now, in ``datum_unit``; ``None`` where it has no single value
    ``derivative`` change of the effect per unit of the datum, in ``unit``
    ``elasticity`` per cent per per cent; ``None`` where the datum or the effect is 0 or absent
    """

    datum: str
    where: str
    value: Number
    datum_unit: str
    derivative: float
    unit: str
    elasticity: Number


@dataclass(frozen=True)
class Kind:
    """A kind of datum: its unit, what it is a datum of, and how its value is read there.

    ``docs/derivatives.md`` says what each of them is.
    """

    unit: str
    of: str
    value: Callable[..., Number]


def _sum(wedges: Iterable[Wedge], side: str, part: str) -> float:
    mine = [w for w in wedges if w.side == side and w.tracer is None]
    if part == "ad_valorem":
        return sum((w.ad_valorem * w.content for w in mine), 0.0)
    return sum((w.specific for w in mine), 0.0)


def _over(part: str) -> Callable[[Limit], Number]:
    return lambda x: None if x.over is None else float(getattr(x.over, part))


def _lane(side: str, part: str) -> Callable[[Lane], Number]:
    return lambda x: _sum(x.active_wedges, side, part)


def _plant(part: str) -> Callable[[Activity], Number]:
    return lambda a: _sum(a.active_wedges, "output", part)


def _field(name: str) -> Callable[[object], Number]:
    return lambda x: float(getattr(x, name))


def _capacity(activity: Activity) -> Number:
    return float(activity.capacity.level)


def _input(activity: Activity, good: str) -> Number:
    return dict(activity.inputs)[good]


def _sigma(buyer: Buyer) -> Number:
    return float(buyer.theta * buyer.constant)


def _home(buyer: Buyer) -> Number:
    return buyer.home_elasticity


DATA: dict[str, Kind] = {
    "ad_valorem": Kind("fraction", "lane", _lane("import", "ad_valorem")),
    "specific": Kind("USD/t", "lane", _lane("import", "specific")),
    "export_ad_valorem": Kind("fraction", "lane", _lane("export", "ad_valorem")),
    "export_specific": Kind("USD/t", "lane", _lane("export", "specific")),
    "freight": Kind("USD/t", "lane", _field("freight")),
    "loss": Kind("fraction", "lane", _field("loss")),
    "log_weight": Kind("ln α", "lane", _field("log_weight")),
    "bound": Kind("t/yr", "limit", _field("bound")),
    "over_ad_valorem": Kind("fraction", "limit", _over("ad_valorem")),
    "over_specific": Kind("USD/t", "limit", _over("specific")),
    "capacity": Kind("t/yr", "activity", _capacity),
    "other_cost": Kind("USD/t", "activity", _field("other_cost")),
    "rising_cost": Kind("USD/t", "activity", _field("rising_cost")),
    "curvature": Kind("φ", "activity", _field("curvature")),
    "power": Kind("MWh/t", "activity", _field("power")),
    "power_price": Kind("USD/MWh", "activity", _field("power_price")),
    "output_tax": Kind("fraction", "activity", _plant("ad_valorem")),
    "output_tax_specific": Kind("USD/t", "activity", _plant("specific")),
    "input": Kind("t/t", "input", _input),
    "demand_quantity": Kind("t/yr", "demand", _field("quantity")),
    "demand_elasticity": Kind("η", "demand", _field("elasticity")),
    "demand_price": Kind("USD/t", "demand", _field("price")),
    "demand_choke": Kind("USD/t", "demand", _field("choke")),
    "sigma": Kind("σ", "buyer", _sigma),
    "sigma_recalibrated": Kind("σ", "buyer", _sigma),
    "home_elasticity": Kind("σ_H", "buyer", _home),
}
# What has no say where a tonne is a tonne.
OF_CHOICE = ("log_weight", "sigma", "sigma_recalibrated", "home_elasticity")


def rows(gradient: Gradient, *data: str) -> Iterator[Row]:
    """Yield the rows of the kinds of data named, or of all that the closure knows.

    Raises ``InputError`` for a name that is none of ``DATA``, and for ``sigma_recalibrated``
    without a benchmark.
    """
    unknown = [name for name in data if name not in DATA]
    if unknown:
        raise InputError([_unknown(name) for name in unknown])
    return _rows(gradient, data or tuple(x for x in DATA if _applies(gradient, x)))


def _applies(gradient: Gradient, datum: str) -> bool:
    """Whether a kind of datum has a say under the gradient's closure."""
    if datum == "sigma_recalibrated" and gradient.benchmark is None:
        return False
    if datum == "home_elasticity" and gradient.equilibrium.closure != "armington":
        return False
    return not (isinstance(gradient.equilibrium.state, HomogeneousState) and datum in OF_CHOICE)


def _rows(gradient: Gradient, data: tuple[str, ...]) -> Iterator[Row]:
    for datum in data:
        kind = DATA[datum]
        unit = _per(gradient.effect.unit, kind.unit)
        for where, value, derivative in _PLACES[kind.of](gradient, datum, kind):
            # A weight is there in logs: a per cent of it is a hundredth of its logarithm.
            size = 1.0 if datum == "log_weight" else value
            elasticity = derivative * size / gradient.value if size and gradient.value else None
            yield Row(datum, where, value, kind.unit, derivative, unit, elasticity)


def _per(effect: str, datum: str) -> str:
    plain = datum in {"fraction", "ln α", "φ", "η", "σ", "σ_H"}
    return effect if plain else f"{effect} per {datum}"


Place = tuple[str, Number, float]


def _of_lanes(gradient: Gradient, datum: str, kind: Kind) -> Iterator[Place]:
    eq = gradient.equilibrium
    found = getattr(gradient, datum).tolist()
    weights = eq.state.arrays.lanes.log_weight
    for i, lane in enumerate(own_lanes(eq.market, eq.state.arrays)):
        if np.isfinite(weights[i]):
            value = float(weights[i]) if datum == "log_weight" else kind.value(lane)
            yield str(lane.key), value, found[i]


def _of_limits(gradient: Gradient, datum: str, kind: Kind) -> Iterator[Place]:
    eq = gradient.equilibrium
    found = getattr(gradient, datum).tolist()
    for i, limit in enumerate(own_limits(eq.market, eq.state.arrays)):
        if eq.state.arrays.limits.active[i] and (limit.over is not None or datum == "bound"):
            lanes = ", ".join(str(key) for key in limit.lanes)
            yield f"{limit.measure}: {lanes}", kind.value(limit), found[i]


def _known_activities(gradient: Gradient) -> list[Activity]:
    own = gradient.equilibrium.market.activity_by_name
    return [own.get(a.name, a) for a in gradient.equilibrium.universe.activities]


def _of_activities(gradient: Gradient, datum: str, kind: Kind) -> Iterator[Place]:
    found = getattr(gradient, datum).tolist()
    activities = gradient.equilibrium.state.arrays.activities
    # Where nobody can make a good there is no price, and nothing to say of a first plant.
    alone = ~np.any(
        activities.outputs[activities.outputs @ activities.capacity > 0.0] > 0.0, axis=0
    )
    for activity, derivative, no_price in zip(
        _known_activities(gradient), found, alone.tolist(), strict=True
    ):
        if not (no_price and datum == "capacity"):
            yield activity.name, kind.value(activity), derivative


def _of_inputs(gradient: Gradient, datum: str, kind: Kind) -> Iterator[Place]:
    table, buyers = getattr(gradient, datum), gradient.equilibrium.universe.buyer_index
    for i, activity in enumerate(_known_activities(gradient)):
        for good, _ in activity.inputs:
            derivative = float(table[buyers[good, activity.region], i])
            yield f"{good} in {activity.name}", kind.value(activity, good), derivative


def _of_demands(gradient: Gradient, datum: str, kind: Kind) -> Iterator[Place]:
    found, buyers = getattr(gradient, datum), gradient.equilibrium.universe.buyer_index
    for demand in gradient.equilibrium.market.demands:
        place = buyers.get((demand.good, demand.region))
        if place is not None:
            yield _place(demand), kind.value(demand), float(found[place])


def _of_buyers(gradient: Gradient, datum: str, kind: Kind) -> Iterator[Place]:
    by_theta = {"sigma": "theta", "sigma_recalibrated": "theta_recalibrated"}
    found = getattr(gradient, by_theta.get(datum, datum))
    universe = gradient.equilibrium.universe
    for buyer in gradient.equilibrium.market.buyers:
        place = universe.buyer_index.get((buyer.good, buyer.region))
        if place is None or (datum == "home_elasticity" and buyer.home_elasticity is None):
            continue
        scale = 1.0 if datum == "home_elasticity" else 1.0 / buyer.constant
        yield _place(buyer), kind.value(buyer), float(found[place]) * scale


def _place(x: FinalDemand | Buyer) -> str:
    return f"{x.good} in {x.region}"


_PLACES: dict[str, Callable[[Gradient, str, Kind], Iterator[Place]]] = {
    "lane": _of_lanes,
    "limit": _of_limits,
    "activity": _of_activities,
    "input": _of_inputs,
    "demand": _of_demands,
    "buyer": _of_buyers,
}


def _unknown(name: str) -> Fault:
    return Fault(
        file="gradient",
        field="datum",
        found=name,
        allowed=", ".join(DATA),
        fix="name one of the allowed kinds, or none for all",
    )
