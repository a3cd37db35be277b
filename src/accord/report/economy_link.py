"""A deal's market with the economy's wages and spending: on a screen, as values, as tables."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from accord.assessment.economy_link import ON_DEMAND, LinkAnswer
from accord.report import html
from accord.report.block import Block, Line, more
from accord.report.economy import known_said, pairs_said, setting
from accord.report.economy_blocks import name, pct, signed
from accord.report.layout import HEADING, QUIET, itemised, prose, render, table
from accord.report.main_results import Result, change_of, results
from accord.report.numbers import NONE, UNITS, Number, amount, digits_for, small, unit_for

MOST, NAMED, LINES = 10, 2, 4
Row = dict[str, object]


def link_text(a: LinkAnswer, *, width: int, colour: bool) -> str:
    """Return what the economy hands to the market, and the market with it beside without."""
    lines = prose(title(a), width, HEADING)
    lines += prose(setting(a.wide), width, QUIET)
    for said in pairs_said(a.wide.table):
        lines += prose(said, width, "bold yellow")
    lines += prose(headline(a), width, "bold")
    for block in link_blocks(a):
        lines += [Text(), *table(block, width, notes=True)]
    lines += [Text(), *prose(certified(a), width, "green")]
    for heading, items in link_lists(a):
        if items:
            lines += prose(itemised(heading, items, width * LINES), width, indent="  ")
    return render(lines, colour=colour)


def link_page(a: LinkAnswer) -> str:
    """Return the answer as one self-contained HTML document."""
    said = [setting(a.wide), *pairs_said(a.wide.table), headline(a), certified(a)]
    parts = [
        f"<header>{html.title(title(a))}{''.join(html.paragraph(x) for x in said)}</header>",
        *html.tables(*link_blocks(a), level=2),
    ]
    for name_, items in link_lists(a):
        parts += [html.heading(name_), html.bullets(items)] if items else []
    return html.document(title(a), parts)


def title(a: LinkAnswer) -> str:
    """Return what the answer is of."""
    return f"{a.wide.title}: its market, with the economy's wages and spending"


def headline(a: LinkAnswer) -> str:
    """Return what the economy adds to the deal's own effect, and how much that is at most."""
    rows = [r for r in _numbers(a) if r.added is not None]
    told = [
        f"“{r.of.name}” moves by {_pct(r.own)} with the deal alone, and the economy adds "
        f"{_pct(r.added)}"
        for r in [r for r in rows if r.own is not None][:NAMED]
    ]
    if not rows:
        return "No result of the market can be compared."
    worst = max(rows, key=lambda r: abs(r.added or 0.0))
    most = f"The most that it adds is {_pct(worst.added)}, to “{worst.of.name}”."
    return ". ".join([*(["; ".join(told)] if told else []), most])


class _Number:
    """One main result: before, with the deal alone, with the economy too; changes in per cent."""

    def __init__(self, of: Result, a: LinkAnswer) -> None:
        self.of = of
        self.before, self.alone = of.read(a.alone)
        _, self.linked = of.read(a.linked)
        self.own = change_of(self.before, self.alone)[1]
        self.added = change_of(self.alone, self.linked)[1]


def _numbers(a: LinkAnswer) -> list[_Number]:
    return [_Number(r, a) for r in results(a.market) if r.measure not in ON_DEMAND]


def link_blocks(a: LinkAnswer) -> list[Block]:
    """Return the tables."""
    return [market_block(a), shifts_block(a)]


def market_block(a: LinkAnswer) -> Block:
    """Return the main results of the market before the deal, with it, and with the economy too."""
    lines = [Line(_cells(number)) for number in _numbers(a)]
    columns = (
        "", "unit", "before", "with the\ndeal", "and the\neconomy", "change by\nthe deal",
        "more by the\neconomy",
    )  # fmt: skip
    note = "The last column is over the deal at given wages and spending."
    return Block("The market", columns, tuple(lines), (note,), ("unit",))


def _cells(x: _Number) -> tuple[str, ...]:
    values = x.before, x.alone, x.linked
    unit = unit_for(values, UNITS[x.of.unit])
    digits = digits_for(values, unit)
    shown = (amount(value, unit, digits) for value in values)
    per_year = "/yr" if x.of.unit.endswith("/yr") else ""
    return (x.of.name, unit.name + per_year, *shown, _pct(x.own), _pct(x.added))


def shifts_block(a: LinkAnswer) -> Block:
    """Return what moves in the market, by region: those that move most."""
    by = a.by
    order = sorted(by.demand, key=lambda r: -max(abs(by.demand[r] - 1.0), abs(by.cost[r] - 1.0)))
    named = [r for r in a.market.parties if r in by.demand]
    chosen = [*named, *(r for r in order if r not in named)][:MOST]
    lines = [
        Line(
            (a.market.region_names.get(r, name(a.wide, r)), pct(by.demand[r]), pct(by.cost[r])),
            "focus" if r in named else "plain",
        )
        for r in chosen
    ]
    if len(order) > len(chosen):
        lines.append(Line((more(len(order) - len(chosen)), NONE, NONE), "rest"))
    return Block(
        "What the economy hands to the market",
        ("", "final\ndemand", "other\ncosts"),
        tuple(lines),
        (f"{by.said[0].upper()}{by.said[1:]}.",),
    )


def _pct(change: Number) -> str:
    return NONE if change is None else signed(change)


def certified(a: LinkAnswer) -> str:
    """Return what both answers were checked for."""
    c, m = a.wide.result.certificate, a.linked.after.certificate
    return (
        f"Certified: in the economy markets clear to {small(c.market_clearing)} and budgets hold "
        f"to {small(c.budget)}; in the market, solved again, markets clear to "
        f"{small(m.market_clearing)}."
    )


def link_lists(a: LinkAnswer) -> tuple[tuple[str, list[str]], ...]:
    """Return how the question was put, what is assumed, and what is left out."""
    wide = a.wide
    return (
        ("How it was put", list(wide.notes)),
        ("Numbers of the table", known_said(wide.table)),
        ("Assumed", [a.by.said, *wide.table.assumptions]),
        ("Not modelled", [f"{x.what} ({x.why})" for x in a.not_modelled]),
    )


def link_json(a: LinkAnswer) -> dict[str, object]:
    """Return everything as plain values; ``null`` where a number is absent."""
    c, m = a.wide.result.certificate, a.linked.after.certificate
    return {
        "title": title(a),
        "headline": headline(a),
        "model": a.wide.model,
        "table": a.wide.table.name,
        "pairs": a.wide.table.pairs,
        "deflator": a.by.deflator,
        "left_as_they_are": list(a.by.apart),
        "shifts": list(shift_rows(a)),
        "market": list(market_rows(a)),
        "certificates": {
            "economy": {"ok": c.ok, "market_clearing": c.market_clearing, "budget": c.budget},
            "market": {"ok": m.ok, "market_clearing": m.market_clearing},
        },
        "notes": list(a.wide.notes),
        "assumptions": [a.by.said, *a.wide.table.assumptions],
        "not_modelled": [x._asdict() for x in a.not_modelled],
    }


def shift_rows(a: LinkAnswer) -> Iterator[Row]:
    """Yield the factors on final demand and on other costs, by region of the market."""
    for region in a.by.demand:
        demand, cost = a.by.demand[region], a.by.cost[region]
        yield {"region": region, "final_demand": demand, "other_costs": cost, "unit": "ratio"}


def market_rows(a: LinkAnswer) -> Iterator[Row]:
    """Yield every effect of the market that reads no gain off a demand curve, three ways."""
    linked = {(r.measure, r.region, r.good): r.after for r in a.linked.rows}
    for row in a.alone.rows:
        if row.measure not in ON_DEMAND:
            yield {
                "measure": row.measure, "region": row.region, "good": row.good,
                "before": row.before, "deal_alone": row.after,
                "with_economy": linked.get((row.measure, row.region, row.good)),
                "unit": row.unit,
            }  # fmt: skip
