"""What a pack of public budgets holds: on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from accord.assessment import words
from accord.budget import levels_of
from accord.pack.budgets import BudgetPack, CountedCuts
from accord.report.block import Block, Line, more
from accord.report.layout import HEADING, QUIET, Lines, prose, render, table
from accord.report.numbers import NONE

MOST = 10
BN = 1e9


def listed(pack: BudgetPack) -> dict[str, Any]:
    """Return the pack as the list of packs has it."""
    return {
        "name": pack.name,
        "kind": "budget",
        "version": pack.version,
        "title": pack.title,
        "goods": [],
        "regions": len(pack.names),
        "years": list(pack.years),
        "price_year": None,
        "digest": pack.digest,
    }


def text(pack: BudgetPack, *, width: int, colour: bool) -> str:
    """Return the pack as text; long tables are cut, ``--json`` has them in full."""
    setting = (
        f"{len(pack.names)} countries; {pack.years[0]} to {pack.years[-1]}; SHA-256 {pack.digest}."
    )
    parts: Lines = [
        *prose(f"{pack.title} ({pack.name} {pack.version})", width, HEADING),
        *prose(setting, width, QUIET),
    ]
    for block in (_largest(pack), _cited(pack), _base_rates(pack), _multipliers(pack)):
        parts += [Text(), *table(block, width, notes=True)]
    parts += _list("What is assumed", [f"{x.says} (matters for {x.matters_for})"
                                       for x in pack.assumptions], width)  # fmt: skip
    parts += _list("What is not modelled", [f"{x.what}: {x.why}" for x in pack.not_modelled], width)
    sources = [f"{x.id}: {x.title}, {x.publisher}" for x in pack.sources]
    return render([*parts, *_list("Sources", sources, width)], colour=colour)


def _list(heading: str, items: Sequence[str], width: int) -> Lines:
    lines = [line for item in items for line in prose(f"· {item}", width, indent="  ")]
    return [Text(), Text(f"{heading} ({len(items)})", HEADING), *lines] if items else []


def _bn(dollars: float | None) -> str:
    return NONE if dollars is None else f"{words.half_up(dollars / BN, 1):,.1f}"


def _largest(pack: BudgetPack) -> Block:
    year = pack.years[-1]
    found = [x for c in pack.names for x in levels_of(pack, c, year) if x.definition == "wdi"]
    ordered = sorted(found, key=lambda x: -x.dollars)
    lines = [Line((pack.names[x.country], _bn(x.dollars), _bn(x.ppp), x.currency))
             for x in ordered[:MOST]]  # fmt: skip
    if len(ordered) > MOST:
        lines.append(Line((more(len(ordered) - MOST, "more with --json"), "", "", ""), "rest"))
    heading = f"Military spending of {year}, share of GDP × GDP, bn USD"
    columns = ("", "in dollars", "at PPP", "currency")
    return Block(heading, columns, tuple(lines), words=("currency",))


def _cited(pack: BudgetPack) -> Block:
    rows = [
        (country, year, definition, figure)
        for (definition, country, year), figures in pack.cited.items()
        for figure in figures
    ]
    lines = tuple(
        Line((f"{pack.names[c]} {year}", pack.definitions[d].title, f"{x.value / BN:,.1f}",
              f"bn {x.unit}", x.status))
        for c, year, d, x in sorted(rows, key=lambda row: (row[0], row[1], row[2]))
    )  # fmt: skip
    columns = ("", "definition", "value", "unit", "status")
    return Block("Single figures, cited", columns, lines, words=("definition", "unit", "status"))


def _base_rates(pack: BudgetPack) -> Block:
    lines = tuple(
        Line(_counted(x)) for x in sorted(pack.base_rates, key=lambda x: (x.horizon, x.minimum))
    )
    columns = ("", "over, bn USD", "country-years", "of them", "share")
    heading = "How often spending fell by half (SIPRI, constant dollars of 2023, cited)"
    return Block(heading, columns, lines, words=())


def _counted(x: CountedCuts) -> tuple[str, ...]:
    share = f"{100.0 * x.cuts / x.observed:.2f} %"
    years = "within a year" if x.horizon == 1 else f"within {x.horizon} years"
    return (years, f"{x.minimum:g}", f"{x.observed:,}", f"{x.cuts:,}", share)


def _multipliers(pack: BudgetPack) -> Block:
    lines = tuple(
        Line((x.study, x.concept, f"{x.low:g} … {x.high:g}", x.status)) for x in pack.multipliers
    )
    columns = ("", "concept", "dollars of GDP for one", "status")
    return Block("Multipliers", columns, lines, words=("concept", "status"))


def as_json(pack: BudgetPack) -> dict[str, Any]:
    """Return the object that ``pack show --json`` prints."""
    figures = [
        {"region": region, "year": year, "item": item} | asdict(x)
        for (region, year, item), x in pack.figures.items()
    ]
    cited = [
        {"definition": definition, "region": region, "year": year} | asdict(x)
        for (definition, region, year), several in pack.cited.items()
        for x in several
    ]
    return listed(pack) | {
        "regions": [
            {"code": code, "name": name, "currency": pack.currencies[code]}
            for code, name in pack.names.items()
        ],
        "definitions": [asdict(x) for x in pack.definitions.values()],
        "figures": figures,
        "cited": cited,
        "base_rates": [asdict(x) for x in pack.base_rates],
        "multipliers": [asdict(x) for x in pack.multipliers],
        "reactions": [asdict(x) for x in pack.reactions],
        "choices": {name: asdict(x) for name, x in pack.choices.items()},
        "assumptions": [x.model_dump() for x in pack.assumptions],
        "not_modelled": [x.model_dump() for x in pack.not_modelled],
        "sources": [x.model_dump() for x in pack.sources],
    }
