"""Who supplies the buyer in focus, before and after, and the duty asked and paid at each origin."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Assessment
from accord.equilibrium import Equilibrium
from accord.market import LaneKey, Limit, Market, Wedge
from accord.report.block import Block, Line, more
from accord.report.names import place, region
from accord.report.numbers import NONE, TONNES, Unit, amount, digits_for, percent, rate, unit_for

STAR = "*"


@dataclass(frozen=True, slots=True)
class Trade:
    """Tonnes on one lane, before and after."""

    origin: str
    destination: str
    before: float
    after: float

    @property
    def home(self) -> bool:
        """Whether the lane stays inside one region."""
        return self.origin == self.destination

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


def trades(
    a: Assessment, *, origin: str | None = None, destination: str | None = None
) -> list[Trade]:
    """Return the flows of the good in focus from an origin, or to a destination."""
    found: list[Trade] = []
    for row in a.effects.rows:
        if row.measure != "flow" or row.good != a.focus.good:
            continue
        start, _, end = row.region.partition(">")
        if (origin or start) == start and (destination or end) == end:
            found.append(Trade(start, end, row.before or 0.0, row.after or 0.0))
    return found


def suppliers(a: Assessment, most: int | None = None) -> Block | None:
    """Return the importer's suppliers, largest after first, the focus exporter always shown."""
    importer = a.focus.importer
    if importer is None:
        return None
    rows = trades(a, destination=importer)
    if a.focus.exporter not in {t.origin for t in rows} and a.focus.exporter is not None:
        rows.append(Trade(a.focus.exporter, importer, 0.0, 0.0))
    rows.sort(key=lambda t: (-t.after, -t.before))
    shown = chosen(rows, a.focus.exporter, most)
    unit = unit_for((max(t.before, t.after) for t in rows), TONNES)
    lines = [_line(a, t, rows, unit) for t in shown]
    rest = [t for t in rows if t not in shown]
    if rest:
        lines.append(_sum_line(more(len(rest)), rest, rows, unit, "rest"))
    lines.append(_sum_line("All", rows, rows, unit, "total"))
    heading = f"Who supplies {place(a, importer)}, {unit.name}"
    columns = ("", "before", "share", "after", "share", "change", "duty by law", "paid")
    return Block(heading, columns, tuple(lines), origin_note(a, importer))


def chosen(rows: list[Trade], exporter: str | None, most: int | None) -> list[Trade]:
    """Return the first rows so that ``most`` lines are enough, the exporter's among them."""
    if most is None or len(rows) <= most:
        return rows
    kept = rows[: most - 1]
    if all(t.origin != exporter for t in kept):
        kept = [*kept[:-1], *(t for t in rows if t.origin == exporter)]
    return kept


def _line(a: Assessment, trade: Trade, rows: list[Trade], unit: Unit) -> Line:
    name = region(a, trade.origin) + (", home" if trade.home else "")
    weight = "focus" if trade.origin == a.focus.exporter else "plain"
    duty = (NONE, NONE) if trade.home else (law(a, trade), paid(a, trade))
    return Line((name, *_tonnes([trade], rows, unit), *duty), weight)


def _sum_line(name: str, some: list[Trade], rows: list[Trade], unit: Unit, weight: str) -> Line:
    cells = (name, *_tonnes(some, rows, unit), "", "")
    return Line(cells, "total" if weight == "total" else "rest")


def _tonnes(some: list[Trade], rows: list[Trade], unit: Unit) -> tuple[str, ...]:
    digits = digits_for((max(t.before, t.after) for t in rows), unit)
    before, after = sum(t.before for t in some), sum(t.after for t in some)
    return (
        amount(before, unit, digits),
        _share(before, sum(t.before for t in rows)),
        amount(after, unit, digits),
        _share(after, sum(t.after for t in rows)),
        amount(after - before, unit, digits, signed=True),
    )


def _share(part: float, whole: float) -> str:
    return percent(100.0 * part / whole if whole else None)


def law(a: Assessment, trade: Trade) -> str:
    """Return the duty the law asks on a lane: "10 %", or "banned → 10 %" where the deal moves it.

    A duty on metal made elsewhere, whatever its exporter, is not in it but marked by a star.
    """
    row = a.row("duty_rate_statutory", f"{trade.origin}>{trade.destination}", a.focus.good)
    key = LaneKey(a.focus.good, trade.origin, trade.destination)
    sides = (
        (a.effects.before, row.before if row else None),
        (a.effects.after, row.after if row else None),
    )
    before, after = (asked(eq, key, rate_ or 0.0) for eq, rate_ in sides)
    return after if before == after else f"{before} → {after}"


def asked(eq: Equilibrium, key: LaneKey, statutory: float) -> str:
    """Return a lane's statutory duty as shown, or that the lane is closed."""
    lane = eq.market.lane_by_key.get(key)
    if lane is not None and lane.closed_by:
        return "banned"
    usual = rate(statutory - _counted_origin_duty(eq, key))
    return f"{usual}{STAR}" if origin_duty(eq.market, key) else usual


def origin_duty(market: Market, key: LaneKey) -> float:
    """Return the duty on a lane that falls only on metal made in a third country (a fraction)."""
    limits = (x.over for x in market.limits if x.in_force and _by_origin(x, key))
    return _by_tracer(market, key) + sum(_full_rate(wedge) for wedge in limits)


def _counted_origin_duty(eq: Equilibrium, key: LaneKey) -> float:
    """Return that part of it which the statutory rate holds: limits that cannot bind are not in."""
    active = eq.state.arrays.limits.active
    limits = (
        x.over
        for x, on in zip(eq.universe.limits, active, strict=True)
        if on and _by_origin(x, key)
    )
    return _by_tracer(eq.market, key) + sum(_full_rate(wedge) for wedge in limits)


def _by_origin(limit: Limit, key: LaneKey) -> bool:
    return limit.clean_supply is not None and limit.over is not None and key in limit.lanes


def _by_tracer(market: Market, key: LaneKey) -> float:
    lane = market.lane_by_key.get(key)
    wedges = () if lane is None else lane.active_wedges
    return sum(_full_rate(w) for w in wedges if w.tracer is not None)


def _full_rate(wedge: Wedge | None) -> float:
    return 0.0 if wedge is None else wedge.ad_valorem * wedge.content


def origin_note(a: Assessment, importer: str) -> tuple[str, ...]:
    """Return the note that explains the star, if there is one."""
    rates: set[float] = set()
    sides: list[str] = []
    for when, eq in (("before", a.effects.before), ("after", a.effects.after)):
        lanes = (x for x in eq.market.lanes if x.destination == importer)
        extra = {origin_duty(eq.market, x.key) for x in lanes if x.good == a.focus.good}
        rates |= extra
        sides += [when] if extra - {0.0} else []
    rates.discard(0.0)
    if not rates:
        return ()
    span = " to ".join(dict.fromkeys((rate(min(rates)), rate(max(rates)))))
    sources = [region(a, code) for t in a.effects.after.market.tracers for code in t.sources]
    makers = " or ".join(dict.fromkeys(sources))
    return (f"{STAR} {span} more on metal made in {makers}, {' and '.join(sides)}.",)


def paid(a: Assessment, trade: Trade) -> str:
    """Return the duty collected on a lane after the deal; a dash where nothing is imported."""
    row = a.row("duty_rate_collected", f"{trade.origin}>{trade.destination}", a.focus.good)
    if trade.after <= 0.0:
        return NONE
    return rate((row.after or 0.0) if row else 0.0)
