"""Makers in ``pack show``: power price and carbon per tonne by region, plants one by one, users."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from accord.pack import PackReport
from accord.pack.contents import UserShare
from accord.pack.makers import MakerRow
from accord.report.block import Block, Line, Weight, more
from accord.report.numbers import NONE, TONNES, Unit, amount, percent

KILOTONNES = TONNES[1]
PLAIN = Unit("", 1.0)
SHOWN_USERS = 6
OTHERS = "all-others"
WORTH_SHOWING = 0.1
"""Kinds that take less than this of power (MWh/t) and emit less (t CO2/t) are left to --json."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """Rows of one kind in one region together: tonnes a year, and means by output."""

    name: str
    output: float
    capacity: float
    power: float
    power_price: float
    emissions: float


def maker_blocks(report: PackReport, most: int) -> list[Block]:
    """Return makers that use power by kind, then single plants, then the users of each good."""
    by_kind: defaultdict[str, list[MakerRow]] = defaultdict(list)
    for row in report.makers:
        by_kind[row.kind].append(row)
    blocks = [
        _by_region(kind, rows, report.year, most)
        for kind, rows in by_kind.items()
        if any(max(row.power, row.emissions) >= WORTH_SHOWING for row in rows)
    ]
    plants = sorted((row for row in report.makers if row.plant), key=lambda r: -r.capacity)
    if plants:
        blocks += [_plants(plants, report.year), _places(plants)]
    return blocks + _users(report.users, most)


def _by_region(kind: str, rows: list[MakerRow], year: int, most: int) -> Block:
    places: defaultdict[str, list[MakerRow]] = defaultdict(list)
    for row in rows:
        places[row.region].append(row)
    sums = sorted((_sum(r, x) for r, x in places.items()), key=lambda s: -s.output)
    lines = [_sum_line(s) for s in sums[:most]]
    if len(sums) > most:
        lines.append(Line((more(len(sums) - most, "more with --json"), *[""] * 6), "rest"))
    lines.append(_sum_line(_sum("WORLD", rows), "total"))
    good = rows[0].good
    heading = f"Makers of {good} ({kind}), {year}, kt"
    columns = ("", "output", "capacity", "idle", "MWh/t", "USD/MWh", "t CO2/t")
    return Block(heading, columns, tuple(lines))


def _sum(name: str, rows: Sequence[MakerRow]) -> _Sum:
    output, capacity = sum(r.output for r in rows), sum(r.capacity for r in rows)
    base = output or capacity or 1.0
    weight = [(r.output if output else r.capacity) / base for r in rows]
    power = sum(w * r.power for w, r in zip(weight, rows, strict=True))
    paid = sum(w * r.power * r.power_price for w, r in zip(weight, rows, strict=True))
    carbon = sum(w * r.emissions for w, r in zip(weight, rows, strict=True))
    return _Sum(name, output, capacity, power, paid / power if power else 0.0, carbon)


def _sum_line(s: _Sum | MakerRow, weight: Weight = "plain") -> Line:
    name = s.name if isinstance(s, _Sum) else s.plant
    idle = max(s.capacity - s.output, 0.0)
    tonnes = (amount(v, KILOTONNES, 0) for v in (s.output, s.capacity, idle))
    price = amount(s.power_price, PLAIN, 0) if s.power else NONE
    rates = (amount(s.power, PLAIN, 2), price, amount(s.emissions, PLAIN, 2))
    return Line((name, *tonnes, *rates), weight)


def _plants(rows: Sequence[MakerRow], year: int) -> Block:
    columns = ("", "output", "capacity", "idle", "MWh/t", "USD/MWh", "t CO2/t")
    note = "Outputs are the country's in proportion to capacity."
    return Block(f"Plants, {year}, kt", columns, tuple(map(_sum_line, rows)), (note,))


def _places(rows: Sequence[MakerRow]) -> Block:
    lines = tuple(Line((r.plant, r.place, r.technology, r.power_source)) for r in rows)
    words = ("place", "technology", "power from")
    return Block("Where the plants stand", ("", *words), lines, words=words)


def _users(rows: Sequence[UserShare], most: int) -> list[Block]:
    goods = dict.fromkeys(row.good for row in rows)
    return [_users_of(good, [r for r in rows if r.good == good], most) for good in goods]


def _users_of(good: str, rows: Sequence[UserShare], most: int) -> Block:
    share = {(r.region, r.user): r.share for r in rows}
    regions = list(dict.fromkeys(r.region for r in rows))
    mean = {u: sum(share.get((r, u), 0.0) for r in regions) for u in {r.user for r in rows}}
    named = sorted(mean.keys() - {OTHERS}, key=lambda u: (-mean[u], u))
    users = named[:SHOWN_USERS]
    lines = [
        Line((region, *(percent(100.0 * share.get((region, u), 0.0), digits=0) for u in users)))
        for region in regions[:most]
    ]
    if len(regions) > most:
        rest = more(len(regions) - most, "more with --json")
        lines.append(Line((rest, *("" for _ in users)), "rest"))
    titles = tuple(user.replace("-", " ") for user in users)
    heading = f"Who uses {good} outside the chain, {rows[0].year}, largest groups"
    return Block(heading, ("", *titles), tuple(lines))
