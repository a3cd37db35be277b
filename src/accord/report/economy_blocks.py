"""Tables of an economy-wide answer."""

from __future__ import annotations

import math

import numpy as np

from accord.assessment.economy_answer import EconomyAnswer
from accord.assessment.words import dollars, place
from accord.assessment.words import signed as with_sign
from accord.economy.caliendo_parro import EXACT, LOGS, PRINTED, TERMS, VOLUME
from accord.economy.origins import weaker
from accord.report.block import Block, Line, more
from accord.report.numbers import DOLLARS, NONE, amount, column, digits_for, unit_for
from accord.report.numbers import percent as per_cent

# Changes below this part are rounding: neither gain nor loss.
NOTHING = 1e-9
# From this many per cent on, two digits after the point are enough.
FEW = 0.01
MOST_DIGITS = 5
# Statuses of flows that need no word beside them.
OBSERVED = {"measured", "reported"}
# What a result must have for its first-order parts to be shown.
PARTS = {f"{TERMS}, {PRINTED}", f"{VOLUME}, {PRINTED}", f"welfare, {LOGS}", EXACT}


def gains_block(a: EconomyAnswer, most: int = 10) -> Block:
    """Return real income, wages, prices, duties and trade by region; those it is about first."""
    result, chosen = a.result, order(a, most)
    gain = [float(a.gain[n]) * a.usd for n in chosen]
    revenue = [float(result.after.revenue[n] - result.before.revenue[n]) * a.usd for n in chosen]
    unit, money = unit_for(gain, DOLLARS), unit_for(revenue, DOLLARS)
    gains = column(gain, unit, signed=True)
    collected = column(revenue, money, signed=True)
    trade = [_changes(a, n) for n in chosen]
    lines = [
        Line(
            (
                name(a, result.regions[n]),
                pct(result.welfare[n]),
                gains[k],
                pct(result.real_wage[n]),
                pct(result.price_index[n] / result.wage[n]),
                collected[k],
                *trade[k],
            ),
            "focus" if result.regions[n] in a.regions else "plain",
        )
        for k, n in enumerate(chosen)
    ]
    left = len(result.regions) - len(chosen)
    if left > 0:
        lines.append(Line((more(left), *(NONE for _ in range(7))), "rest"))
    lines.append(_world(a, unit.name, money.name))
    columns = (
        "", "real\nincome", f"the same,\n{unit.name}", "real\nwage", "prices\nover wage",
        f"duties,\n{money.name}", "exports", "imports",
    )  # fmt: skip
    note = (
        "Money is the change of real income on the table's final spending. Exports and imports are "
        "values at the numeraire, the world's wages together."
    )
    return Block("Who gains, who loses", columns, tuple(lines), (note,))


def _world(a: EconomyAnswer, unit: str, money: str) -> Line:
    sizes = {u.name: u for u in DOLLARS}
    gain = float(a.gain.sum()) * a.usd
    revenue = float((a.result.after.revenue - a.result.before.revenue).sum()) * a.usd
    cells = (
        "World",
        signed(a.world_percent),
        amount(gain, sizes[unit], digits_for([gain], sizes[unit]), signed=True),
        NONE,
        NONE,
        amount(revenue, sizes[money], digits_for([revenue], sizes[money]), signed=True),
        NONE,
        NONE,
    )
    return Line(cells, "total")


def _changes(a: EconomyAnswer, n: int) -> tuple[str, str]:
    before, after = a.result.before, a.result.after
    pairs = (before.exports, after.exports), (before.imports, after.imports)
    out = [pct(float(y.sum(axis=0)[n]) / float(x.sum(axis=0)[n])) for x, y in pairs]
    return out[0], out[1]


def order(a: EconomyAnswer, most: int) -> list[int]:
    """Return those the change is about, then whoever gains or loses most by part of income."""
    named = [a.result.regions.index(code) for code in a.regions][:most]
    rest = [n for n in np.argsort(-np.abs(a.result.welfare - 1.0)) if n not in named]
    chosen = [*named, *(int(n) for n in rest[: most - len(named)])]
    others = sorted(chosen[len(named) :], key=lambda n: -float(a.result.welfare[n]))
    return [*named, *others]


def shock_block(a: EconomyAnswer, most: int = 8) -> Block:
    """Return what the deal is to the economy: each lane, its share of the sector, its rates."""
    links = [] if a.both is None else list(a.both.shock.links)
    links.sort(key=lambda x: -abs(x.share * (x.rate_after - x.rate_before)) - abs(x.cost - 1.0))
    words = {"duty": "duty or quota", "ban": "ban", "opened": "trade begins"}
    lines = [
        Line((
            x.lane, x.sector, words[x.kind], per_cent(100.0 * x.share),
            per_cent(100.0 * x.rate_before), per_cent(100.0 * x.rate_after), pct(x.cost),
        ))
        for x in links[:most]
    ]  # fmt: skip
    if len(links) > most:
        lines.append(Line((more(len(links) - most), "", "", NONE, NONE, NONE, NONE), "rest"))
    columns = (
        "",
        "sector",
        "what",
        "share of\nassumed flow" if a.table.pairs == "assumed" else "share of\nits flow",
        "duty\nbefore",
        "duty\nafter",
        "real cost\nof flow",
    )
    return Block("The deal as the economy sees it", columns, tuple(lines), (), ("sector", "what"))


def both_block(a: EconomyAnswer) -> Block:
    """Return each measure by the market's model and by the economy's, and whether they agree."""
    sides = () if a.both is None else a.both.sides
    words = {True: "yes", False: "NO", None: NONE}
    lines = [
        Line((
            f"{s.what}, {s.region}", s.market_of, _in_unit(s.market, s.unit), s.economy_of,
            _in_unit(s.economy, s.unit), words[s.agree],
        ))
        for s in sides
    ]  # fmt: skip
    columns = ("", "in the market", "change", "in the economy", "change ", "same sign")
    texts = ("in the market", "in the economy", "same sign")
    return Block("Both engines", columns, tuple(lines), (), texts)


def _in_unit(value: float, unit: str) -> str:
    return signed(value) if unit == "%" else with_sign(dollars(value))


def trade_block(a: EconomyAnswer, most: int = 8) -> Block:
    """Return the trade across borders that changes most, by pair and sector, before duties."""
    before, after = a.result.before.trade, a.result.after.trade
    change = np.abs(after - before)
    np.einsum("jnn->jn", change)[:] = 0.0
    top = np.argsort(-change, axis=None)[:most]
    at = list(zip(*(x.tolist() for x in np.unravel_index(top, change.shape)), strict=True))
    pairs = [(float(before[p]) * a.usd, float(after[p]) * a.usd) for p in at]
    # In the unit of the changes, so that a small one on a large flow is seen.
    unit = unit_for((y - x for x, y in pairs), DOLLARS)
    digits = digits_for((v for pair in pairs for v in pair), unit)
    sectors, regions = a.result.sectors, a.result.regions
    lines = [
        Line((
            f"{regions[i]}→{regions[n]} {sectors[j]}",
            amount(x, unit, digits), amount(y, unit, digits),
            amount(y - x, unit, digits, signed=True), pct(y / x) if x > 0.0 else NONE,
        ))
        for (j, n, i), (x, y) in zip(at, pairs, strict=True)
    ]  # fmt: skip
    flows = [(sectors[int(j)], regions[int(i)], regions[int(n)]) for j, n, i in at]
    status = weaker([a.table.pair_status(*flow) for flow in flows])
    known = "" if status in OBSERVED else f",\n{status}"
    columns = ("", f"before{known}", f"after{known}", f"change{known}", "%")
    note = "Values at the border, without duties, at the numeraire."
    return Block(f"Trade that changes most, {unit.name}", columns, tuple(lines), (note,))


def sector_block(a: EconomyAnswer, most: int = 8) -> Block:
    """Return prices to buyers and output by sector in the first region the change is about."""
    result = a.result
    code = a.regions[-1] if a.both is not None and a.regions else (a.regions or result.regions)[0]
    if a.both is not None and a.both.answer.focus.importer is not None:
        code = a.table.region_of(a.both.answer.focus.importer) or code
    n = result.regions.index(code)
    price = np.ones(len(result.sectors)) if result.price is None else result.price[:, n]
    made = result.before.output[:, n] > 0.0
    old = np.where(made, result.before.output[:, n], 1.0)
    grown = np.where(made, result.after.output[:, n] / old / result.wage[n], 1.0)
    order = [int(j) for j in np.argsort(-np.abs(price / result.price_index[n] - 1.0))][:most]
    lines = [
        Line((
            a.table.sector_names.get(result.sectors[j], result.sectors[j]),
            pct(price[j] / result.price_index[n]),
            pct(grown[j]) if made[j] else NONE,
            _share(result.before.imports[j, n], result.before.trade[j, n].sum()),
            _share(result.after.imports[j, n], result.after.trade[j, n].sum()),
        ))
        for j in order
    ]  # fmt: skip
    left = len(result.sectors) - len(order)
    if left > 0:
        lines.append(Line((more(left), NONE, NONE, NONE, NONE), "rest"))
    columns = (
        "",
        "price over\nall prices",
        "output\nover wage",
        "imported\nbefore",
        "imported\nafter",
    )
    heading = f"Sectors in {place(name(a, code))}"
    return Block(
        heading, columns, tuple(lines), ("Prices are those that buyers pay, duties in them.",)
    )


def _share(part: float, whole: float) -> str:
    return per_cent(100.0 * float(part) / float(whole)) if whole > 0.0 else NONE


def parts_block(a: EconomyAnswer, most: int = 4) -> Block:
    """Return the exact change of real income beside its first-order parts, two ways."""
    found = a.result.decomposition
    columns = (
        (TERMS, f"{TERMS}, {PRINTED}"), (VOLUME, f"{VOLUME}, {PRINTED}"),
        ("sum", f"welfare, {PRINTED}"), ("sum, in logs", f"welfare, {LOGS}"), ("exact", EXACT),
    )  # fmt: skip
    lines = [
        Line((name(a, a.result.regions[n]), *(signed(float(found[key][n])) for _, key in columns)))
        for n in order(a, max(most, len(a.regions)))
    ]
    note = (
        "The first four are first-order parts as Caliendo and Parro print them, of duties and "
        "costs of making; changes of the real cost of trade and of duties that were 0 are not "
        "in them. The last is the exact change of real income."
    )
    titles = tuple(title.replace(" of ", "\nof ").replace(", ", ",\n") for title, _ in columns)
    return Block("Real income, first order beside exact", ("", *titles), tuple(lines), (note,))


def name(a: EconomyAnswer, code: str) -> str:
    """Return a region's name, its code where it has none."""
    return a.table.region_names.get(code, code)


def pct(ratio: float) -> str:
    """Return a ratio new/old as a change in per cent."""
    return signed(100.0 * (float(ratio) - 1.0))


def signed(change: float) -> str:
    """Return a change in per cent with the digits it needs; 0 where it is rounding."""
    if abs(change) <= 100.0 * NOTHING:
        return "0 %"
    if abs(change) >= FEW:
        return per_cent(change, signed=True, digits=2)
    digits = min(1 - math.floor(math.log10(abs(change))), MOST_DIGITS)
    text = per_cent(change, signed=True, digits=digits)
    return text if any(c in text for c in "123456789") else "0 %"
