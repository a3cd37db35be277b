"""Who gets and who pays what at one equilibrium: the accounts that welfare is the sum of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.effects.charges import (
    OnLane,
    limits_by_lane,
    rebate_on_value,
    rent_per_tonne,
    share_beyond,
    statutory_wedges,
    wedge_per_tonne,
)
from accord.effects.measures import MEASURES, USER, WELFARE_PARTS, WORLD
from accord.equilibrium import Equilibrium
from accord.equilibrium.arrays import customs_base
from accord.market import Activity, Lane, Wedge

Key = tuple[str, str | None]
Table = dict[Key, float]


@dataclass(frozen=True)
class Accounts:
    """Amounts by measure, then by (region or lane, good). See conventions C47 for each measure.

    ``dissipated`` is the rent of limits that nobody earns (USD a year), a real cost.
    """

    tables: dict[str, Table]
    dissipated: float

    @cached_property
    def _totals(self) -> dict[tuple[str, str], float]:
        totals: defaultdict[tuple[str, str], float] = defaultdict(float)
        for measure, table in self.tables.items():
            for (region, _), amount in table.items():
                totals[measure, region] += amount
        return dict(totals)

    def total(self, measure: str, region: str) -> float:
        """Return a measure summed over goods; 0 where the region has no entry."""
        return self._totals.get((measure, region), 0.0)


def accounts_of(equilibrium: Equilibrium) -> Accounts:
    """Return all accounts of an equilibrium."""
    ledger: dict[str, defaultdict[Key, float]] = defaultdict(lambda: defaultdict(float))
    _prices(equilibrium, ledger)
    _flows(equilibrium, ledger)
    _wedges(equilibrium, ledger)
    dissipated = _rents(equilibrium, ledger)
    _surplus(equilibrium, ledger)
    _activities(equilibrium, ledger)
    _per_unit(ledger)
    tables = {measure: dict(table) for measure, table in ledger.items()}
    tables["welfare"] = _welfare(tables)
    return Accounts(_with_world(tables), dissipated)


Ledger = dict[str, defaultdict[Key, float]]


def _prices(eq: Equilibrium, ledger: Ledger) -> None:
    for good, price in eq.hub_price.items():
        if price is not None:
            ledger["hub_price"][WORLD, good] = price
    for buyer in eq.universe.buyers:
        price = eq.buyer_price(buyer.good, buyer.region)
        if price is not None:
            ledger["buyer_price"][buyer.region, buyer.good] = price
    for good, region in eq.universe.nodes:
        price = eq.producer_price(good, region)
        if price is not None:
            ledger["producer_price"][region, good] = price


def _flows(eq: Equilibrium, ledger: Ledger) -> None:
    for lane, tonnes in zip(eq.universe.lanes, eq.state.flow.tolist(), strict=True):
        if tonnes == 0.0:
            continue
        good = lane.good
        ledger["flow"][f"{lane.origin}>{lane.destination}", good] = tonnes
        ledger["freight_cost"][lane.destination, good] += tonnes * lane.freight
        if lane.origin != lane.destination:
            ledger["imports"][lane.destination, good] += tonnes
            ledger["exports"][lane.origin, good] += tonnes / (1.0 - lane.loss)
    for (good, region), tonnes in zip(eq.universe.nodes, eq.state.supply.tolist(), strict=True):
        ledger["output"][region, good] += tonnes
    used = zip(eq.universe.buyers, eq.state.use.tolist(), eq.state.final_use.tolist(), strict=True)
    for buyer, tonnes, final in used:
        ledger["use"][buyer.region, buyer.good] += tonnes
        ledger["final_use"][buyer.region, buyer.good] += final


def _wedges(eq: Equilibrium, ledger: Ledger) -> None:
    """Book every duty, tax and subsidy on a lane to its treasury, and the rates on the lane."""
    own = eq.market.lane_by_key
    value: defaultdict[Key, float] = defaultdict(float)
    paid: defaultdict[Key, float] = defaultdict(float)
    limits = limits_by_lane(eq)
    for i, (shared, tonnes) in enumerate(
        zip(eq.universe.lanes, eq.state.flow.tolist(), strict=True)
    ):
        lane = own.get(shared.key)
        if lane is None or (lane.origin == lane.destination and not lane.wedges):
            continue
        mine = limits.get(i, [])
        if not (tonnes or lane.wedges or mine):
            continue
        rebate = rebate_on_value(eq, mine)
        customs = _customs_value(eq, i, lane) - rebate
        duty = 0.0
        if lane.wedges or mine:
            duty = _book_lane(eq, i, mine, rebate, ledger)
            _rates(eq, lane, mine, ledger, customs)
        if tonnes > 0.0 and lane.origin != lane.destination:
            ledger["duty_rate_collected"][f"{lane.origin}>{lane.destination}", lane.good] = duty / (
                customs * tonnes
            )
            value[lane.destination, lane.good] += customs * tonnes
            paid[lane.destination, lane.good] += duty
    for key, amount in value.items():
        ledger["duty_rate_collected"][key] = paid[key] / amount


def _book_lane(
    eq: Equilibrium, i: int, limits: list[OnLane], rebate: float, ledger: Ledger
) -> float:
    """Book the wedges and over-quota duties of lane i; return the import duty it pays."""
    lane = eq.market.lane_by_key[eq.universe.lanes[i].key]
    tonnes = float(eq.state.flow[i])
    duty = 0.0
    for wedge in lane.active_wedges:
        amount = wedge_per_tonne(eq, i, wedge, rebate) * tonnes
        _book(ledger, lane, wedge, amount)
        duty += amount if wedge.side == "import" else 0.0
    return duty + _over_quota(eq, i, limits, ledger)


def _book(ledger: Ledger, lane: Lane, wedge: Wedge, amount: float) -> None:
    if wedge.revenue_to is None:
        return
    key = (wedge.revenue_to, lane.good)
    if wedge.side == "export":
        ledger["export_tax_revenue"][key] += amount
    elif wedge.side == "import":
        ledger["duty_revenue"][key] += amount
    else:
        ledger["subsidy_cost"][key] -= amount


def _over_quota(eq: Equilibrium, i: int, limits: list[OnLane], ledger: Ledger) -> float:
    """Book the extra duty due beyond tariff-rate quotas on lane i; return it."""
    total = 0.0
    for m, limit in limits:
        if limit.over is None:
            continue
        beyond = share_beyond(eq, m) * float(eq.state.flow[i])
        amount = rent_per_tonne(eq, m, i, 1.0) * beyond
        if limit.over.revenue_to is not None and amount:
            ledger["duty_revenue"][limit.over.revenue_to, eq.universe.lanes[i].good] += amount
        total += amount
    return total


def _customs_value(eq: Equilibrium, i: int, lane: Lane) -> float:
    """Return what a tonne is worth to customs before any rebate: the base of import duties."""
    price = float(eq.state.price[eq.state.arrays.lanes.node[i]])
    region = eq.market.region_by_code.get(lane.destination)
    if not lane.wedges:
        freight = lane.freight if region and region.customs_basis == "cif" else 0.0
        return price / (1.0 - lane.loss) + freight
    imports = [w for w in lane.wedges if w.side == "import"]
    basis = imports[0].basis if imports else (region.customs_basis if region else "fob")
    slope, intercept = customs_base(lane, Wedge("", "import", basis=basis))
    return slope * price + intercept


def _rates(
    eq: Equilibrium, lane: Lane, limits: list[OnLane], ledger: Ledger, customs: float
) -> None:
    """Book the rate the law asks on a lane, over-quota and origin duties at their full rate."""
    wedges = statutory_wedges(lane, limits)
    specific = sum(w.specific for w in wedges)
    # Without a price there is no fraction of the value that dollars per tonne would be.
    valued = customs > 0.0 and eq.producer_price(lane.good, lane.origin) is not None
    if lane.origin != lane.destination and (valued or specific == 0.0):
        rate = sum(w.ad_valorem * w.content for w in wedges) + (specific and specific / customs)
        ledger["duty_rate_statutory"][f"{lane.origin}>{lane.destination}", lane.good] = rate


def _rents(eq: Equilibrium, ledger: Ledger) -> float:
    """Book limits' rents to who earns or pays them; return what nobody earns."""
    dissipated = 0.0
    limits = eq.state.arrays.limits
    for m, limit in enumerate(eq.universe.limits):
        rent = float(eq.state.rent[m])
        if not limits.active[m] or rent == 0.0:
            continue
        within = 1.0 - share_beyond(eq, m) if limit.over is not None else 1.0
        sign = 1.0 if limit.sense == "at_most" else -1.0
        for i in np.flatnonzero(limits.member[m]):
            # The payer of a minimum is debited the rebate itself, not the duty it saves.
            each = rent_per_tonne(eq, m, int(i), rent) if sign > 0.0 else -rent
            amount = each * within * float(eq.state.flow[i])
            if limit.rent_to is None:
                dissipated += amount
            else:
                ledger["limit_rent"][limit.rent_to, eq.universe.lanes[int(i)].good] += amount
    return dissipated


def _surplus(eq: Equilibrium, ledger: Ledger) -> None:
    """Area under final demand above the buyer price, up to the choke price."""
    buyers = eq.state.arrays.buyers
    span = buyers.choke - buyers.price
    gap = np.maximum((buyers.choke - eq.state.buyer_price) / span, 0.0)
    area = buyers.quantity * span / (buyers.gamma + 1.0) * gap ** (buyers.gamma + 1.0)
    users = {(d.good, d.region): d.users for d in eq.market.demands if d.users}
    for buyer, amount in zip(eq.universe.buyers, area.tolist(), strict=True):
        if amount:
            ledger["consumer_surplus"][buyer.region, buyer.good] += amount
            for user, share in users.get((buyer.good, buyer.region), ()):
                ledger["user_surplus"][f"{buyer.region}{USER}{user}", buyer.good] += share * amount


def _activities(eq: Equilibrium, ledger: Ledger) -> None:
    state, arrays = eq.state, eq.state.arrays.activities
    exponent = arrays.inverse_curvature + 1.0
    rising = arrays.rising_cost * arrays.capacity / exponent * state.utilisation**exponent
    profit = state.level * (state.revenue - state.flat_cost) - rising
    own = eq.market.activity_by_name
    for i, shared in enumerate(eq.universe.activities):
        a, level = own.get(shared.name, shared), float(state.level[i])
        if level == 0.0:
            continue
        good = a.outputs[0][0]
        ledger["profit"][a.owner or a.region, good] += float(profit[i])
        if a.power:
            ledger["power"][a.region, good] += a.power * level
            ledger["power_cost"][a.region, good] += a.power * a.power_price * level
        if a.emissions:
            ledger["emissions"][a.region, good] += a.emissions * level
        _book_output_wedges(eq, a, level, ledger)


def _book_output_wedges(eq: Equilibrium, a: Activity, level: float, ledger: Ledger) -> None:
    for wedge in a.active_wedges:
        if wedge.revenue_to is None:
            continue
        nodes = eq.universe.node_index
        sales = sum(t * float(eq.state.price[nodes[g, a.region]]) for g, t in a.outputs)
        amount = (wedge.ad_valorem * sales + wedge.specific) * level
        ledger["subsidy_cost"][wedge.revenue_to, a.outputs[0][0]] -= amount


def _per_unit(ledger: Ledger) -> None:
    """Book what a MWh costs makers, and what a tonne made emits, by region and in the world."""
    rates = (("power_price", "power_cost", "power"), ("carbon_intensity", "emissions", "output"))
    for rate, above, below in rates:
        sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (region, good), amount in list(ledger[above].items()):
            # Without a price nothing to speak of is made (conventions C16).
            if (region, good) not in ledger["producer_price"] or good is None:
                continue
            base = ledger[below][region, good]
            ledger[rate][region, good] = amount / base
            sums[good][0] += amount
            sums[good][1] += base
        for good, (amount, base) in sums.items():
            ledger[rate][WORLD, good] = amount / base


def _welfare(tables: dict[str, Table]) -> Table:
    total: defaultdict[Key, float] = defaultdict(float)
    for measure, sign in WELFARE_PARTS:
        for (region, _), amount in tables.get(measure, {}).items():
            total[region, None] += sign * amount
    return dict(total)


def _with_world(tables: dict[str, Table]) -> dict[str, Table]:
    whole: dict[str, Table] = {}
    for measure in MEASURES:
        table = tables.get(measure.name, {})
        if measure.additive and table:
            world: defaultdict[Key, float] = defaultdict(float)
            for (_, good), amount in table.items():
                world[WORLD, good] += amount
            table = table | dict(world)
        whole[measure.name] = table
    return whole
