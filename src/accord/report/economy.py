"""An economy-wide answer on one screen of text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.text import Text

from accord.assessment.economy_answer import EconomyAnswer
from accord.assessment.words import dollars, percent, place
from accord.economy.known import known
from accord.economy.models import MODELS
from accord.economy.origins import counted
from accord.economy.world import WorldTable
from accord.instruments.problem import listed
from accord.report import html
from accord.report.block import Block
from accord.report.economy_best import best_block
from accord.report.economy_blocks import (
    FEW,
    NOTHING,
    PARTS,
    both_block,
    gains_block,
    name,
    parts_block,
    sector_block,
    shock_block,
    signed,
    trade_block,
)
from accord.report.economy_choice import choice_block
from accord.report.layout import (
    HEADING,
    NARROWEST,
    QUIET,
    WIDTH,
    Lines,
    itemised,
    prose,
    render,
    table,
)
from accord.report.numbers import small

# Regions that the headline names, and lines that a list may take.
NAMED, LINES = 3, 4
HALF_A_DOLLAR = 0.5
DIGITS_END = 1e-5
PAIRS = {
    "assumed": "Trade between pairs of regions is assumed in this table, not observed{part}: what "
    "follows for a single pair is a size, not a figure.",
    "derived": "Trade between pairs of regions is estimated in part in this table{part}.",
}


def screen(a: EconomyAnswer, *, width: int = WIDTH, colour: bool = False) -> str:
    """Return the answer as text, between 80 and 100 characters wide."""
    width = min(max(width, NARROWEST), WIDTH)
    lines = _opening(a, width)
    for block in blocks(a):
        lines += [Text(), *table(block, width, notes=True)]
    return render([*lines, Text(), *_trust(a, width)], colour=colour)


def blocks(a: EconomyAnswer) -> list[Block]:
    """Return the tables of an answer, in the order in which they are read."""
    found = [] if a.choice is None else [choice_block(a, a.choice)]
    found += [] if a.best is None else [best_block(a, a.best)]
    found.append(gains_block(a))
    if a.both is not None:
        found += [shock_block(a), *([both_block(a)] if a.both.sides else [])]
    found.append(trade_block(a))
    found += [sector_block(a)] if len(a.result.sectors) > 1 else []
    return [*found, *([parts_block(a)] if a.result.decomposition.keys() >= PARTS else [])]


def page(a: EconomyAnswer) -> str:
    """Return the answer as one self-contained HTML document."""
    said = [setting(a), *pairs_said(a.table), headline(a), *reasons(a), certified(a)]
    parts = [
        f"<header>{html.title(a.title)}{''.join(html.paragraph(x) for x in said)}</header>",
        *html.tables(*blocks(a), level=2),
    ]
    for name_, items in lists(a):
        parts += [html.heading(name_), html.bullets(items)] if items else []
    return html.document(a.title, parts)


def _opening(a: EconomyAnswer, width: int) -> Lines:
    lines = prose(a.title, width, HEADING)
    lines += prose(setting(a), width, QUIET)
    for said in pairs_said(a.table):
        lines += prose(said, width, "bold yellow")
    lines += prose(headline(a), width, "bold")
    for said in reasons(a):
        lines += prose(f"· {said}", width, indent="  ")
    return lines


def setting(a: EconomyAnswer) -> str:
    """Return by which model and on which table the answer is."""
    return (
        f"Model {a.model}: {MODELS[a.model]}. World table {a.table.name} ({a.table.year}, "
        f"{len(a.table.regions)} regions, {len(a.table.sectors)} sectors): {a.table.title}."
    )


def pairs_said(table: WorldTable) -> tuple[str, ...]:
    """Return what a reader must know of single flows before any number; nothing if observed."""
    weakest = table.pairs
    if weakest not in PAIRS:
        return ()
    counts = table.origins_of("trade").counts(table.across)
    return (PAIRS[weakest].format(part=f" (flows: {counted(counts)})"),)


def known_said(table: WorldTable) -> list[str]:
    """Return how many numbers of a table have which status, kind by kind, from their rows."""
    return [x.said for x in known(table) if x.said]


def headline(a: EconomyAnswer) -> str:
    """Return who gains and who loses most of those the change is about, and the world."""
    shown = [a.result.regions.index(code) for code in a.regions[:NAMED]]
    chosen = shown or [int(np.argmax(a.gain)), int(np.argmin(a.gain))]
    told = [_gain_of(a, n) for n in dict.fromkeys(chosen)]
    up = int(np.count_nonzero(a.result.welfare - 1.0 > NOTHING))
    down = int(np.count_nonzero(a.result.welfare - 1.0 < -NOTHING))
    world = _moved(a.world_percent, "the world's real income", plural=False)
    return (
        f"Real income {listed(told, 'and')}. {up} of {len(a.result.regions)} regions "
        f"{'gains' if up == 1 else 'gain'} and {down} {'loses' if down == 1 else 'lose'}; {world}."
    )


def _gain_of(a: EconomyAnswer, n: int) -> str:
    change = 100.0 * float(a.result.welfare[n] - 1.0)
    where = place(name(a, a.result.regions[n]))
    if abs(change) <= 100.0 * NOTHING:
        return f"in {where} does not change"
    money = dollars(abs(float(a.gain[n])) * a.usd)
    verb = "rises" if change > 0.0 else "falls"
    return f"in {where} {verb} by {_fine(abs(change))} ({money} a year)"


def _moved(change: float, what: str, *, plural: bool = True) -> str:
    if abs(change) <= 100.0 * NOTHING:
        return f"{what} {'do' if plural else 'does'} not change"
    verb = "rise" if change > 0.0 else "fall"
    return f"{what} {verb}{'' if plural else 's'} by {_fine(abs(change))}"


def _fine(change: float) -> str:
    """Return a percentage with the digits that small changes need."""
    if change >= FEW:
        return percent(change)
    return signed(change).lstrip("+") if change >= DIGITS_END else f"less than {DIGITS_END:.5f} %"


def reasons(a: EconomyAnswer) -> Iterator[str]:
    """Yield what lies behind it, from the numbers: revenue, wages, trade; where engines agree."""
    for code in a.regions[:NAMED]:
        n = a.result.regions.index(code)
        parts = [*_revenue(a, n)]
        parts.append(_moved(100.0 * (float(a.result.real_wage[n]) - 1.0), "real wages"))
        old, new = (float(x.imports[:, n].sum()) for x in (a.result.before, a.result.after))
        parts += [_moved(100.0 * (new / old - 1.0), "imports")] if old > 0.0 else []
        yield f"In {place(name(a, code))} {listed(parts, 'and')}."
    if a.both is not None:
        yield agreement(a)


def _revenue(a: EconomyAnswer, n: int) -> Iterator[str]:
    old, new = (float(x.revenue[n]) * a.usd for x in (a.result.before, a.result.after))
    if abs(new - old) > HALF_A_DOLLAR:
        word = "more" if new > old else "less"
        yield f"the treasury takes {dollars(abs(new - old))} {word} in duties"


def agreement(a: EconomyAnswer) -> str:
    """Return where the market's model and the economy's agree, and where not."""
    sides = () if a.both is None else a.both.sides
    same = [f"{s.what} in {s.region}" for s in sides if s.agree]
    other = [f"{s.what} in {s.region}" for s in sides if s.agree is False]
    if not sides:
        return "The two engines have no measure in common for this deal."
    if not other:
        return f"Both engines give the same sign on {listed(same, 'and')}."
    agreed = f"the same sign on {listed(same, 'and')}" if same else "no sign in common"
    return (
        f"The two engines give {agreed}, and opposite ones on {listed(other, 'and')}: the market "
        "has plants and the good's own price, the economy has wages, duties spent and the whole "
        "sector."
    )


def _trust(a: EconomyAnswer, width: int) -> Lines:
    lines = prose(certified(a), width, "green")
    for heading, items in lists(a):
        if items:
            lines += prose(itemised(heading, items, width * LINES), width, indent="  ")
    return lines


def certified(a: EconomyAnswer) -> str:
    """Return what the answer was checked for."""
    c = a.result.certificate
    return (
        f"Certified: markets clear to {small(c.market_clearing)}, budgets hold to "
        f"{small(c.budget)}, the numeraire to {small(c.numeraire)}; {c.steps} steps, "
        f"{1e3 * c.seconds:.1f} ms."
    )


def lists(a: EconomyAnswer) -> tuple[tuple[str, list[str]], ...]:
    """Return how the question was put, what is assumed, what is left out, and the data."""
    sources = [f"{s.title} ({s.licence}; {s.status})" for s in a.table.sources]
    left_out = [f"{x.what} ({x.why})" for x in a.not_modelled]
    return (
        ("How it was put", list(a.notes)),
        ("Numbers of the table", known_said(a.table)),
        ("Assumed", list(a.table.assumptions)),
        ("Not modelled", left_out),
        ("Data", sources),
    )
