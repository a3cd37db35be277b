"""One deal by both engines: its market, and the whole economy of a world table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from accord.assessment.assessment import Answer, Assessment
from accord.economy.deal_lane import LaneChange, LaneSide
from accord.economy.from_deal import DealShock, NotModelled, shock_of
from accord.economy.models import Question, Setting, answered
from accord.economy.result import Counterfactual
from accord.economy.world import UNITS, WorldTable
from accord.equilibrium import Equilibrium
from accord.errors import Fault, InputError
from accord.market import Lane, LaneKey, Market
from accord.market.landed_cost import border_price, landed_cost

# Changes below this part are rounding of the economy-wide answer.
NOTHING = 1e-9
# Why a part of a deal is no shock to the economy-wide model, by its id.
WHY_NOT = {
    "project": "the model compares two states, with no plants, no investment and no years between",
    "minerals": "deposits and plants yet to come are not in the world table, and what they may "
    "make is no change of duties",
    "budget": "the model has one final demand of households and states, no budgets",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One measure by both engines: the change in the market and in the economy, each in its unit.

    ``agree``  whether both go the same way; ``None`` where one of them does not move
    """

    what: str
    region: str
    market_of: str
    market: float
    economy_of: str
    economy: float
    unit: str

    @property
    def agree(self) -> bool | None:
        """Whether both changes have one sign."""
        if self.market == 0.0 or self.economy == 0.0:
            return None
        return (self.market > 0.0) == (self.economy > 0.0)


@dataclass(frozen=True)
class BothEngines:
    """A deal's answer by the market's model, its shock to the economy, and the answer of that."""

    answer: Assessment
    shock: DealShock
    result: Counterfactual
    setting: Setting

    @property
    def table(self) -> WorldTable:
        """The world table, with the duties that the deal changes in it."""
        return self.shock.table

    @property
    def not_modelled(self) -> tuple[NotModelled, ...]:
        """What the economy-wide answer leaves out: of the deal, of the deal file, of the table."""
        own = (NotModelled(x.what, x.why) for x in self.answer.not_modelled)
        table = (NotModelled(*x) for x in self.table.not_modelled)
        return tuple(dict.fromkeys((*self.shock.not_modelled, *own, *table)))

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """What both engines say: prices, trade and output of the good in focus, welfare."""
        return tuple(_sides(self))


def both_engines(answer: Answer, table: WorldTable, setting: Setting | None = None) -> BothEngines:
    """Return a deal's answer by the economy-wide model beside that by its market.

    Raises ``InputError`` where the deal is not about a market, or nothing of it is about trade
    that the table has; ``NoCertifiedAnswer`` where the model has none.
    """
    if not isinstance(answer, Assessment):
        found = f"{answer.deal.title}: no term about a market"
        fix = "give duties by country and sector with --duty instead"
        raise InputError([Fault("command line", found, "a deal with terms about trade", fix)])
    effects = answer.effects
    before, after = effects.before, effects.after
    shock = shock_of(_lanes(before, after), table, before.market.price_year, _beyond_trade(answer))
    if not shock.moves:
        raise InputError([_nothing_moves(answer, shock)])
    question = Question(shock.table, shock.tariff, shock.trade_cost, setting or Setting())
    return BothEngines(answer, shock, answered(question), question.setting)


def _nothing_moves(answer: Assessment, shock: DealShock) -> Fault:
    reasons = "; ".join(f"{x.what}: {x.why}" for x in shock.not_modelled[:4])
    found = f"nothing in {answer.deal.title} that the economy-wide model can show ({reasons})"
    fix = "use a table that has this trade, or answer the deal with `accord run`"
    return Fault("command line", found, "a change of duties, bans or quotas on trade", fix)


def _lanes(before: Equilibrium, after: Equilibrium) -> Iterator[LaneChange]:
    """Yield every lane across a border with a price, as it is before and after."""
    regions = {r.code: (r.code, *r.members) for r in before.market.regions}
    sides = zip(_lane_sides(before), _lane_sides(after), strict=True)
    for was, now in sides:
        if was is None or now is None:
            continue
        lane = now.lane
        ends = regions[lane.origin], regions[lane.destination]
        yield LaneChange(lane.good, *ends, was, replace(now, price=was.price))


def _lane_sides(solved: Equilibrium) -> Iterator[LaneSide | None]:
    state, universe = solved.state, solved.universe
    lanes, _ = universe.own_lanes(solved.market)
    nodes, _ = universe.lane_ends
    holders = _holders(solved.market)
    for k, lane in enumerate(lanes):
        price = float(state.price[nodes[k]])
        if lane.origin == lane.destination or price <= 0.0:
            yield None
            continue
        share = _traced(solved, lane, int(nodes[k]))
        rent = float(state.landed_cost[k]) - landed_cost(lane, price, share)
        value = float(state.flow[k]) * border_price(lane, price)
        held = holders.get(lane.key, ())
        yield LaneSide(lane, value, price, share, rent if held else 0.0, held)


def _holders(market: Market) -> dict[LaneKey, tuple[str | None, ...]]:
    """Return who holds the rents of the limits in force on each lane."""
    out: dict[LaneKey, tuple[str | None, ...]] = {}
    for limit in market.limits:
        if limit.in_force:
            for key in limit.lanes:
                out[key] = (*out.get(key, ()), limit.rent_to)
    return out


def _traced(solved: Equilibrium, lane: Lane, node: int) -> float:
    """Return the part of an exporter's supply that a duty by origin on the lane falls on."""
    names = [w.tracer for w in lane.active_wedges if w.tracer is not None]
    known = [t.name for t in solved.market.tracers]
    if not names or names[0] not in known or not solved.state.arrays.tracers.count:
        return 0.0
    return float(solved.state.traced_share[known.index(names[0]), node])


def _beyond_trade(answer: Assessment) -> list[NotModelled]:
    """Return what the deal changes besides trade."""
    before, after = answer.effects.before.market, answer.effects.after.market
    was, out = before.activity_by_name, list[NotModelled]()
    moved = [a.name for a in after.activities if was.get(a.name) != a]
    if moved:
        why = "the model has sectors of a country, no plants"
        out.append(NotModelled(f"changes of plants: {', '.join(moved)}", why))
    for part in answer.parts:
        why = f"{WHY_NOT.get(part.id, 'it is no duty, ban or quota')}; `accord run` answers it"
        out.append(NotModelled(part.title, why))
    return [*out, *_slack(answer)]


def _slack(answer: Assessment) -> Iterator[NotModelled]:
    """Yield the limits of the deal that do not bind: they are in the market and move nothing."""
    after = answer.effects.after
    known = set(answer.effects.before.market.limits)
    titles = {term.id: term.title for term in answer.terms}
    rents = {side.lane.key: side.rent_rate for side in _lane_sides(after) if side is not None}
    for limit in after.market.limits:
        new = limit.in_force and limit not in known
        if new and not any(rents.get(key, 0.0) for key in limit.lanes):
            what = titles.get(limit.measure, f"the limit of {limit.measure}")
            yield NotModelled(what, "the limit does not bind in the market, so it moves no trade")


def _sides(both: BothEngines) -> Iterator[Side]:
    focus, effects = both.answer.focus, both.answer.effects
    result, table = both.result, both.table
    at = {region: n for n, region in enumerate(result.regions)}
    sector = table.goods.get(focus.good)
    s = None if sector is None or sector not in result.sectors else result.sectors.index(sector)
    if s is None and len(result.sectors) == 1:
        s, sector = 0, result.sectors[0]
    if s is not None and focus.importer is not None and focus.exporter is not None:
        importer, exporter = (table.region_of(code) for code in (focus.importer, focus.exporter))
        if importer in at and exporter in at and importer != exporter:
            yield from _trade_sides(both, (s, at[importer], at[exporter]))
    for code in both.answer.parties:
        region = table.region_of(code)
        row = effects.row("welfare", code)
        if region in at and row is not None:
            n = at[region]
            money = float(result.welfare[n] - 1.0) * float(table.final_demand[n].sum())
            money *= UNITS[table.unit] if abs(result.welfare[n] - 1.0) > NOTHING else 0.0
            yield Side("gain", code, "welfare", row.change or 0.0, "real income", money, "USD/yr")


def _trade_sides(both: BothEngines, place: tuple[int, int, int]) -> Iterator[Side]:
    focus, effects, result = both.answer.focus, both.answer.effects, both.result
    s, n, _ = place
    sector, importer = result.sectors[s], str(focus.importer)
    price = effects.row("buyer_price", importer, focus.good)
    if price is not None and price.before and price.after and result.price is not None:
        pct = 100.0 * (price.after / price.before - 1.0)
        # Prices are in units of the numeraire; in the importer's own money they are relative.
        own = 100.0 * (float(result.price[s, n] / result.price_index[n]) - 1.0)
        of = f"{sector} over all prices"
        yield Side("buyer price", importer, focus.good, pct, of, own, "%")
    if focus.lane is not None:
        ends = str(focus.exporter), importer, focus.good
        value = _border_value(effects.after, *ends) - _border_value(effects.before, *ends)
        flow = float(result.after.trade[place] - result.before.trade[place])
        flow *= UNITS[both.table.unit]
        lane, of = f"{focus.exporter}→{importer}", f"{focus.good} at the border"
        table = both.table
        status = table.pair_status(sector, *(table.regions[k] for k in (place[2], place[1])))
        known = sector if status in {"measured", "reported"} else f"{sector} (pair {status})"
        yield Side("trade", lane, of, value, known, flow, "USD/yr")
    made = effects.row("output", importer, focus.good)
    if made is not None and made.before and made.after is not None:
        pct = 100.0 * (made.after / made.before - 1.0)
        old, new = (float(x.output[s, n]) for x in (result.before, result.after))
        grown = 100.0 * (new / old / float(result.wage[n]) - 1.0) if old > 0.0 else 0.0
        of = f"{sector} over wages"
        yield Side("output", importer, f"tonnes of {focus.good}", pct, of, grown, "%")


def _border_value(solved: Equilibrium, exporter: str, importer: str, good: str) -> float:
    """Return what passes a lane is worth at the exporter's border (USD a year)."""
    price = solved.producer_price(good, exporter)
    lane = solved.market.lane_by_key.get(LaneKey(good, exporter, importer))
    if price is None or lane is None:
        return 0.0
    return solved.flow(good, exporter, importer) * border_price(lane, price)
