"""A deal as a shock to the economy-wide model: what lanes of a market become of a sector's trade.

For a good that is a share s of a sector's flow X between two regions (the trade elasticity is θ):

    duty           Δτ = s·(t′ − t), collected by the importer
    quota          its rent is a duty of the same size if the importer holds it, a real cost if
                   nobody does; any other holder is not modelled
    ban            what is forbidden leaves the flow at given prices: (κ/(1 + s·t))^(−θ) = 1 − s
    trade begun    flow v where there was none: (κ·(1 + Δτ))^(−θ) = 1 + v/X, Δτ = t′·v/(X + v)

κ is the change of the real cost of the sector's trade, τ its duty. The duties t that the deal
changes are put into the table first, where it has none, so that they can be lifted. No instrument
is known by name: lanes before and after tell everything, and what they tell that trade cannot show
is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np

from accord.economy.baseline import Shock
from accord.economy.deal_lane import LaneChange, LaneSide
from accord.economy.world import UNITS, Array, Source, WorldTable, index_of

Kind = Literal["duty", "ban", "opened"]
# The largest share of a sector's flow that a ban may take, so that costs stay numbers.
WHOLE = 1.0 - 1e-9
UNCHANGED = 1e-12
# Rents move a little with every price: below this part of the price it is not said.
RENT_MOVES = 1e-4
LAW = Source(
    "law", "Duties in force before the deal, from the deal's pack", "as the pack", "derived"
)


class Link(NamedTuple):
    """How one lane enters: its sector's flow (USD), its share of it, rates before and after.

    ``cost`` is the factor on the real cost of the sector's trade on the lane.
    """

    lane: str
    sector: str
    exporter: str
    importer: str
    kind: Kind
    flow: float
    share: float
    rate_before: float
    rate_after: float
    cost: float


class NotModelled(NamedTuple):
    """What a deal does that the economy-wide model cannot show, and why."""

    what: str
    why: str


@dataclass
class _Sums:
    """Changes so far: duties before and after and the logarithm of real cost, (J, N, N) each."""

    before: Array
    tariff: Array
    log_cost: Array
    links: list[Link] = field(default_factory=list[Link])
    left_out: list[NotModelled] = field(default_factory=list[NotModelled])


@dataclass(frozen=True)
class DealShock:
    """A deal for the economy-wide model.

    ``table``   the world table with the duties in force that the deal changes
    ``tariff``  (J, N, N) the new duties;  ``trade_cost`` (J, N, N) factors on real costs of trade
    """

    table: WorldTable
    tariff: Array
    trade_cost: Array
    links: tuple[Link, ...]
    not_modelled: tuple[NotModelled, ...]
    notes: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether anything in it changes at all."""
        return bool(self.links)

    def shock(self) -> Shock:
        """Return it as the models take it."""
        return Shock(tariff=self.tariff, trade_cost=self.trade_cost)


def shock_of(
    lanes: Iterable[LaneChange],
    table: WorldTable,
    year: int,
    not_modelled: Sequence[NotModelled] = (),
) -> DealShock:
    """Return the shock of a deal, from every lane of its market and a world table.

    ``year``  of the market's dollars;  ``not_modelled`` what the caller knows to be left out
    """
    sums = _Sums(
        np.zeros_like(table.trade),
        table.tariff.copy(),
        np.zeros_like(table.trade),
        left_out=list(not_modelled),
    )
    for lane in lanes:
        _add(lane, table, sums)
    absent = np.where(table.tariff > 0.0, 0.0, sums.before)
    own = table if not absent.any() else table.with_tariff(table.tariff + absent, LAW)
    # Where the table has duties of its own, those that a deal lifts are among them.
    tariff = np.maximum(sums.tariff + absent, 0.0)
    return DealShock(
        own,
        tariff,
        np.exp(sums.log_cost),
        tuple(sums.links),
        tuple(dict.fromkeys(sums.left_out)),
        _notes(sums, table, year),
    )


def _add(change: LaneChange, table: WorldTable, sums: _Sums) -> None:
    told = _what_trade_cannot_show(change)
    # An export tax that changes is not modelled; it must not move the base of duties either.
    change = replace(change, after=change.after.with_export_taxes_of(change.before))
    before, after = change.before, change.after
    if not told and not _moves(before, after):
        return
    sums.left_out += told
    place = _place(change, table, sums)
    if place is None or not _moves(before, after):
        return
    sector, importer, exporter = place
    names = table.sectors[sector], table.regions[exporter], table.regions[importer]
    flow = float(table.trade[place]) * UNITS[table.unit]
    if flow <= 0.0:
        why = f"{names[1]} sells nothing of {names[0]} to {names[2]} in the table"
        sums.left_out.append(NotModelled(f"trade in {change.name}", why))
        return
    link = _link(change, names, flow, float(table.theta[sector]))
    if link.share <= 0.0:
        return
    sums.links.append(link)
    sums.before[place] += link.share * link.rate_before
    sums.tariff[place] += link.share * (link.rate_after - link.rate_before)
    sums.log_cost[place] += np.log(link.cost)


def _moves(before: LaneSide, after: LaneSide) -> bool:
    if before.is_open != after.is_open:
        return True
    return after.is_open and (
        abs(_duty(after) - _duty(before)) > UNCHANGED
        or abs(_real_rent(after) - _real_rent(before)) > UNCHANGED
    )


def _duty(side: LaneSide) -> float:
    """Return duty, and quota rent that the importer holds, as a fraction of the border price."""
    held = set(side.rent_to) == {side.lane.destination}
    return max(side.duty, 0.0) + (side.rent_rate if held and side.rent_rate > 0.0 else 0.0)


def _real_rent(side: LaneSide) -> float:
    return side.rent_rate if set(side.rent_to) == {None} and side.rent_rate > 0.0 else 0.0


def _link(change: LaneChange, names: tuple[str, str, str], flow: float, theta: float) -> Link:
    before, after = change.before, change.after
    head = (change.name, *names)
    if before.is_open and before.value > 0.0 and not after.is_open:
        share = min(before.value / flow, WHOLE)
        rate = _duty(before)
        cost = (1.0 - share) ** (-1.0 / theta) * (1.0 + share * rate)
        return Link(*head, "ban", flow, share, rate, 0.0, cost)
    if before.is_open and before.value > 0.0:
        share = min(before.value / flow, 1.0)
        cost = 1.0 + share * (_real_rent(after) - _real_rent(before))
        return Link(*head, "duty", flow, share, _duty(before), _duty(after), cost)
    value = after.value if after.is_open else 0.0
    share = value / (flow + value)
    rate = _duty(after) if after.is_open else 0.0
    cost = (1.0 + value / flow) ** (-1.0 / theta) / (1.0 + share * rate)
    return Link(*head, "opened", flow, share, 0.0, rate, cost)


def _place(change: LaneChange, table: WorldTable, sums: _Sums) -> tuple[int, int, int] | None:
    """Return where a lane stands in a table; ``None``, and why, where it does not."""
    sector = table.goods.get(change.good)
    sides = [_regions(table, codes) for codes in (change.origin, change.destination)]
    why = None
    if sector is None:
        why = f"the table {table.name} has no sector for {change.good}"
    elif any(len(side) != 1 or side == ["None"] for side in sides):
        why = f"the table {table.name} has no one region for {change.name.split(' ', 1)[1]}"
    elif sides[0] == sides[1]:
        why = f"in the table {table.name} that is trade inside {sides[0][0]}"
    if why is not None or sector is None:
        sums.left_out.append(NotModelled(f"trade in {change.name}", str(why)))
        return None
    at = index_of(table.regions)
    return table.sectors.index(sector), at[sides[1][0]], at[sides[0][0]]


def _regions(table: WorldTable, codes: Sequence[str]) -> list[str]:
    """Return the table's regions of a market's region: its own code, else those of its members."""
    if codes[0] in table.regions:
        return [codes[0]]
    return sorted({str(table.region_of(code)) for code in codes[1:] or codes})


def _what_trade_cannot_show(change: LaneChange) -> list[NotModelled]:
    """Return what happens on a lane that neither a duty nor a real cost can stand for."""
    before, after, name = change.before, change.after, change.name
    if not (before.is_open and after.is_open):
        return []
    out: list[NotModelled] = []
    if abs(after.export_tax - before.export_tax) > UNCHANGED:
        why = "the model's duties are collected by the importer, this by the exporter"
        out.append(NotModelled(f"the export tax on {name}", why))
    if abs(after.other - before.other) > UNCHANGED:
        why = "the model taxes trade, not use or output"
        out.append(NotModelled(f"taxes or subsidies on use of {name}", why))
    if min(before.duty, after.duty) < -UNCHANGED:
        why = "the model has duties on imports and no subsidies to them"
        out.append(NotModelled(f"the import subsidy on {name}", why))
    if abs(after.rent_rate - before.rent_rate) <= RENT_MOVES:
        return out
    holders = {*before.rent_to, *after.rent_to}
    if min(before.rent_rate, after.rent_rate) < -RENT_MOVES:
        why = "a minimum that somebody pays to fulfil has no counterpart among duties"
        out.append(NotModelled(f"the rebate that fulfils a minimum of {name}", why))
    elif holders not in ({None}, {after.lane.destination}):
        why = "its rent is not the importer's, and the model pays all rents to importers"
        out.append(NotModelled(f"the limit on {name}", why))
    return out


def _notes(sums: _Sums, table: WorldTable, year: int) -> tuple[str, ...]:
    notes: list[str] = []
    if sums.links:
        notes.append(
            "a duty on one good is that duty times the good's share of the sector's flow between "
            f"the two; goods are in dollars of {year}, the table's flows of {table.year}"
        )
    over = [x.lane for x in sums.links if x.kind != "opened" and x.share >= WHOLE]
    if over:
        notes.append(f"larger than the table's whole flow, taken as all of it: {', '.join(over)}")
    opened = [x.lane for x in sums.links if x.kind == "opened"]
    if opened:
        notes.append(
            "trade that had stopped has no share to start from: the sector's cost of trade falls "
            f"until the flow grows by what the market shows: {', '.join(opened)}"
        )
    return tuple(notes)
