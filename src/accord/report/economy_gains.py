"""Gains from trade and costs of trade, from shares: on a screen, as values, as tables."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from rich.text import Text

from accord.assessment.economy_gains import GainsAnswer
from accord.assessment.words import dollars, place
from accord.economy.known import statuses
from accord.economy.origins import weaker
from accord.report.block import Block, Line
from accord.report.economy import known_said, pairs_said
from accord.report.layout import HEADING, QUIET, itemised, prose, render, table
from accord.report.numbers import DOLLARS, NONE, column, percent, unit_for

GAINS = "Gains from trade: real income lost if trade across borders ended"
LINES = 4
# Costs of trade of more sectors than this are in the files, not on the screen.
MOST_SECTORS = 6
Row = dict[str, object]


def gains_text(a: GainsAnswer, region: str | None, *, width: int, colour: bool) -> str:
    """Return the gains of every region, and the costs of trade of one if asked for."""
    t = a.table
    lines = prose(GAINS, width, HEADING)
    setting = f"World table {t.name} ({t.year}, {len(t.regions)} regions, {len(t.sectors)} sectors)"
    lines += prose(f"{setting}: {t.title}.", width, QUIET)
    for said in pairs_said(t) if region is not None else ():
        lines += prose(said, width, "bold yellow")
    lines += prose(_headline(a, region), width, "bold")
    for block in gains_blocks(a, region):
        lines += [Text(), *table(block, width, notes=True)]
    lists = (
        ("Numbers of the table", known_said(t)),
        ("Assumed", list(t.assumptions)),
        ("Not modelled", list(a.notes)),
    )
    for heading, items in lists:
        lines += prose(itemised(heading, items, width * LINES), width, indent="  ")
    return render(lines, colour=colour)


def gains_blocks(a: GainsAnswer, region: str | None) -> list[Block]:
    """Return the tables: gains of all, and costs of trade of one if asked for."""
    return [gains_block(a), *([] if region is None else [costs_block(a, region)])]


def _headline(a: GainsAnswer, region: str | None) -> str:
    if region is not None:
        chosen = [a.place(region)]
    else:
        chosen = [int(np.argmax(a.with_inputs)), int(np.argmin(a.with_inputs))]
    told = [
        f"Trade is worth {percent(100.0 * float(a.with_inputs[n]))} of real income in "
        f"{place(a.table.region_names.get(a.table.regions[n], a.table.regions[n]))} "
        f"({dollars(float(a.worth[n]))} a year)"
        for n in chosen
    ]
    return "; ".join(told).replace("; Trade is worth", ", and") + ", with links between sectors."


def gains_block(a: GainsAnswer) -> Block:
    """Return home shares and gains by the three formulas, the largest gain first."""
    worth = [float(x) for x in a.worth]
    unit = unit_for(worth, DOLLARS)
    money = column(worth, unit)
    lines = [
        Line((
            a.table.region_names.get(a.table.regions[n], a.table.regions[n]),
            percent(100.0 * float(a.home[n])), percent(100.0 * float(a.one_sector[n])),
            percent(100.0 * float(a.by_sector[n])), percent(100.0 * float(a.with_inputs[n])),
            money[n],
        ))
        for n in (int(k) for k in np.argsort(-a.with_inputs))
    ]  # fmt: skip
    columns = (
        "",
        "spent\nat home",
        "one\nsector",
        "by\nsector",
        "with\ninputs",
        f"the last,\n{unit.name}",
    )
    note = "Formulas of Arkolakis, Costinot and Rodríguez-Clare, from home shares and elasticities."
    return Block("Gains from trade, of real income", columns, tuple(lines), (note,))


def costs_block(a: GainsAnswer, region: str) -> Block:
    """Return what trade with each partner must cost, by sector, the nearest partner first."""
    n = a.place(region)
    costs = a.trade_costs[:, n, :]
    shown = list(range(min(len(a.table.sectors), MOST_SECTORS)))
    order = [int(i) for i in np.argsort(costs[0], kind="stable") if i != n]
    lines = [
        Line((
            a.table.region_names.get(a.table.regions[i], a.table.regions[i]),
            *(_cost(float(costs[j, i])) for j in shown),
        ))
        for i in order
    ]  # fmt: skip
    sectors = [a.table.sector_names.get(a.table.sectors[j], a.table.sectors[j]) for j in shown]
    said = (
        "The mean of both ways (the root of their product) over trade at home, as a duty would be: "
        "100 % doubles the price. One way alone is between 0 and the whole round trip."
    )
    notes = [said]
    if len(a.table.sectors) > MOST_SECTORS:
        notes.append(f"{len(a.table.sectors) - MOST_SECTORS} more sectors with --out.")
    where = place(a.table.region_names.get(region, region))
    heading = f"What trade with {where} costs, by its shares"
    return Block(heading, ("", *sectors), tuple(lines), tuple(notes))


def _cost(ratio: float) -> str:
    return percent(100.0 * (ratio - 1.0), digits=0) if math.isfinite(ratio) else NONE


def gains_json(a: GainsAnswer, region: str | None) -> dict[str, object]:
    """Return everything as plain values; ``null`` where there is no trade."""
    return {
        "table": a.table.name,
        "pairs": a.table.pairs,
        "statuses": statuses(a.table),
        "gains": list(gains_rows(a)),
        "trade_costs": [] if region is None else list(cost_rows(a, a.place(region))),
        "assumptions": list(a.table.assumptions),
        "not_modelled": list(a.notes),
    }


def gains_rows(a: GainsAnswer) -> Iterator[Row]:
    """Yield each region's gains as fractions, and their worth."""
    for n, region in enumerate(a.table.regions):
        yield {
            "region": region, "home_share": float(a.home[n]), "one_sector": float(a.one_sector[n]),
            "by_sector": float(a.by_sector[n]), "with_inputs": float(a.with_inputs[n]),
            "worth": float(a.worth[n]), "unit": "USD/yr",
        }  # fmt: skip


def cost_rows(a: GainsAnswer, n: int) -> Iterator[Row]:
    """Yield one region's costs of trade by sector and partner: ratios, 1 free."""
    region = a.table.regions[n]
    for j, sector in enumerate(a.table.sectors):
        for i, partner in enumerate(a.table.regions):
            cost = float(a.trade_costs[j, n, i])
            if i != n:
                ways = (sector, region, partner), (sector, partner, region)
                status = weaker([a.table.pair_status(*way) for way in ways])
                yield {
                    "region": region, "partner": partner, "sector": sector,
                    "round_trip_mean": cost if math.isfinite(cost) else None, "status": status,
                }  # fmt: skip
