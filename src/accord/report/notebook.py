"""Answers in a notebook: small tables that follow the notebook's own colours, light or dark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from accord.assessment import Answer, Assessment, words
from accord.assessment.assess import DEFAULT_CLOSURE, assess_reference
from accord.assessment.paths import Years, parse_years
from accord.assessment.reference import find
from accord.assessment.sampling import Sampling, default_draws
from accord.claims import Ledger
from accord.display import notebook_html
from accord.effects import Effects
from accord.effects.measures import WORLD
from accord.errors import Fault, InputError
from accord.pack import Wished
from accord.report import caveats, compare, compare_tables, offers, opening, parts, trust
from accord.report.block import Block, Line
from accord.report.compare import Comparison
from accord.report.gains import GROUPS, gains
from accord.report.main_results import main_results
from accord.report.numbers import DOLLARS, column, unit_for

MOST = 8
"""Rows of a table in a notebook."""

# No colour but the notebook's own: its text's, paler for what is quiet.
STYLE = """<style>
.accord { max-width: 54rem; line-height: 1.45 }
.accord table { border-collapse: collapse; font-variant-numeric: tabular-nums;
  margin: .3rem 0 .8rem }
.accord th, .accord td { text-align: right; padding: .15rem 0 .15rem 1rem; white-space: nowrap;
  background: none; border: 0; border-bottom: 1px solid rgba(128, 128, 128, .3); color: inherit }
.accord th { font-weight: 500 }
.accord thead th { opacity: .75; white-space: pre-line; vertical-align: bottom }
.accord th:first-child { text-align: left; padding-left: 0 }
.accord .words { text-align: left; white-space: normal }
.accord .focus *, .accord .total * { font-weight: 700 }
.accord .title, .accord caption { font-weight: 600; text-align: left }
.accord .quiet { opacity: .75; font-size: .9em }
.accord p { margin: .3rem 0 }
</style>"""


def answer_of(  # noqa: PLR0913 - the question has as many parts
    deal: str | Path,
    *,
    as_of: date | str | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | str | None = None,
    sampling: Sampling | None = None,
    fixed: Wished = (),
) -> Answer:
    """Return the answer of a deal as the command line would give it.

    ``deal``   a path or a shipped name, with ``:variant`` and ``@YYYY-MM-DD`` if you like; a day
               written there comes before ``as_of``
    ``years``  first and last, as ``(2025, 2035)`` or ``"2025-2035"``
    ``sampling``  the draws behind the ranges (default: as many as ``accord run`` has)
    ``fixed``  uncertain numbers that stand at a value, by name: ``{"sigma.aluminium": 6}``

    Raises ``InputError`` with every fault of the input, ``NoCertifiedAnswer`` where a check fails.
    """
    reference = find(str(deal))
    day = reference.as_of or (_day(as_of) if isinstance(as_of, str) else as_of)
    span = parse_years(years) if isinstance(years, str) else years
    drawn = Sampling(default_draws(closure)) if sampling is None else sampling
    return assess_reference(
        reference, as_of=day, closure=closure, years=span, sampling=drawn, fixed=fixed
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fix = 'write for example as_of="2025-07-01"'
        fault = Fault("run", f'"{text}"', "a day as YYYY-MM-DD", fix, field="as_of")
        raise InputError([fault]) from None


@notebook_html.register
def answer_html(a: Answer) -> str:
    """Return an answer: what it says, its main numbers, how far it can be trusted."""
    return _piece(
        [
            _said(opening.title(a), "title"),
            _said(a.headline),
            _said(opening.setting(a), "quiet"),
            *(_table(block) for block in _blocks(a)),
            *_because(a),
            *_trust(a),
            _folded("Assumed", (f"{x.where}: {x.says}" for x in caveats.assumptions(a))),
            _folded("Not modelled", (x.what for x in caveats.not_modelled(a))),
        ]
    )


def _blocks(a: Answer) -> list[Block]:
    """Return the tables: the market's, the offers side by side, the first of a part alone."""
    side_by_side = offers.block(a)
    found = [main_results(a), gains(a, MOST)] if isinstance(a, Assessment) else []
    if side_by_side is not None:
        return [*found, replace(side_by_side, notes=side_by_side.notes[:1])]
    return [*found, *(parts.table_block(part.tables[0]) for part in a.parts if part.tables)]


def _because(a: Answer) -> list[str]:
    if isinstance(a, Assessment):
        return [_said(x) for x in a.because]
    return [_said(x) for part in a.parts for x in part.because[:1]]


def _trust(a: Answer) -> list[str]:
    if not isinstance(a, Assessment):
        return [_said(said, "quiet") for part in a.parts if (said := parts.checked(part))]
    found = (*trust.draws(a), trust.certificate(a), trust.baseline(a))
    return [_said(said, "quiet") for said in found if said]


@notebook_html.register
def effects_html(e: Effects) -> str:
    """Return effects: how many, and whose welfare changes most, by groups."""
    total = words.signed(words.dollars(e.welfare_by_parts))
    said = f"{len(e.rows):,} effects; the world gains {total} a year. Every one: .rows"
    return _piece([_said(said, "title"), _table(_welfare(e))])


def _welfare(e: Effects) -> Block:
    """Return the regions whose welfare changes most, and the world, with the groups' shares."""
    regions = sorted(e.before.universe.regions, key=lambda r: -abs(e.change("welfare", r)))
    shown = [*regions[:MOST], WORLD]
    rows = [[_of(e, region, group) for _, group in GROUPS] for region in shown]
    unit = unit_for((sum(row) for row in rows), DOLLARS[1:])
    flat = column((x for row in rows for x in (sum(row), *row)), unit, signed=True)
    width = 1 + len(GROUPS)
    cells = [flat[i * width : (i + 1) * width] for i in range(len(rows))]
    world = f"World, {len(regions)} regions"
    *named, last = zip([*regions[:MOST], world], cells, strict=True)
    lines = (*(Line((x, *row)) for x, row in named), Line((last[0], *last[1]), "total"))
    heading = f"Change of welfare, {unit.name} a year"
    return Block(heading, ("", "total", *(name for name, _ in GROUPS)), lines)


def _of(e: Effects, region: str, group: tuple[str, ...]) -> float:
    changes = e.welfare_parts(region)
    return sum(changes[part] for part in group)


@notebook_html.register
def ledger_html(ledger: Ledger) -> str:
    """Return what was claimed, each with its verdict and the number that tells most."""
    lines = tuple(Line((x.says, x.verdict, x.leading.shown)) for x in ledger.claims)
    titles = ("verdict", "number")
    block = Block(f"{len(lines)} claims", ("", *titles), lines, words=titles[:1])
    return _piece([_table(block)])


@notebook_html.register
def comparison_html(c: Comparison) -> str:
    """Return answers side by side."""
    said = [_said(compare.certificates(c), "quiet")]
    tables = (compare_tables.levels(c), compare_tables.differences(c))
    return _piece([*(_table(x) for x in tables if x), *said])


def _piece(pieces: Iterable[str]) -> str:
    return f'{STYLE}<div class="accord">{"".join(pieces)}</div>'


def _said(text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(text)}</p>"


def _table(block: Block) -> str:
    """Return a table with its heading as a caption; notes below it."""
    head = "".join(
        f'<th scope="col"{_kind(block, i)}>{escape(title)}</th>'
        for i, title in enumerate(block.columns)
    )
    rows = "".join(_row(block, line) for line in block.lines)
    notes = "".join(_said(note, "quiet") for note in block.notes)
    caption = f"<caption>{escape(block.heading)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}"


def _row(block: Block, line: Line) -> str:
    first, *rest = (escape(cell) for cell in line.cells)
    cells = "".join(f"<td{_kind(block, i)}>{cell}</td>" for i, cell in enumerate(rest, start=1))
    return f'<tr class="{line.weight}"><th scope="row"{_kind(block, 0)}>{first}</th>{cells}</tr>'


def _kind(block: Block, place: int) -> str:
    return ' class="words"' if block.is_text(place) else ""


def _folded(name: str, items: Iterable[str]) -> str:
    """Return a list that opens on a click; nothing where it is empty."""
    found = list(items)
    body = "".join(f"<li>{escape(item)}</li>" for item in found)
    head = f"<summary>{name} ({len(found)})</summary>"
    return f'<details class="quiet">{head}<ul>{body}</ul></details>' if found else ""
