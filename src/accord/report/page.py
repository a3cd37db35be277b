"""The answer as one self-contained page: no script, no network, fit for phone and paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path

from accord import __version__
from accord.assessment import Answer, Assessment
from accord.assessment.assessment import TermLine
from accord.assessment.beside import Beside
from accord.report import claims, compare, offers, opening, parts, paths, trust
from accord.report.beside import closures
from accord.report.block import Block, Line
from accord.report.compare import Comparison
from accord.report.destinations import destinations, origin_of_change
from accord.report.gains import gains
from accord.report.main_results import main_results
from accord.report.makers import makers
from accord.report.outputs import outputs
from accord.report.paths_picture import years_picture
from accord.report.picture import picture
from accord.report.premia import premia, who_gets_it
from accord.report.single_plants import plants_block
from accord.report.suppliers import suppliers
from accord.report.users import users

MOST = 16


def page(a: Answer, other: Beside | None = None) -> str:
    """Return the answer as an HTML document, another closure's numbers beside it if given."""
    if not isinstance(a, Assessment):
        return _without_market(a)
    sections = [
        _header(a),
        *_tables(offers.block(a)),
        _table(main_results(a)),
        _figure(a),
        *_tables(suppliers(a, MOST), outputs(a, MOST), destinations(a, MOST)),
        _paragraph(origin_of_change(a)),
        *_tables(
            makers(a), plants_block(a), gains(a, MOST), users(a), premia(a, MOST), who_gets_it(a)
        ),
        *_tables(None if other is None else closures(a, other)),
        *_years(a),
        *_parts(a),
        _certificate(a),
        _terms(a),
        *_tables(_law(a), trust.baseline_block(a)),
        *_notes(a),
        _footer(a),
    ]
    return document(opening.title(a), sections)


def _without_market(a: Answer) -> str:
    lines = [
        f"<h1>{escape(opening.title(a))}</h1>",
        _paragraph(opening.variant(a)),
        _paragraph(f"{opening.standing(a)} {opening.setting(a)}", "quiet"),
    ]
    head = f"<header>{''.join(lines)}</header>"
    sections = [head, *_tables(offers.block(a)), *_parts(a), _terms(a), *_notes(a), _footer(a)]
    return document(opening.title(a), sections)


def _parts(a: Answer) -> list[str]:
    """Return what is not about a market: for each part its sentences, tables and sources."""
    found: list[str] = []
    for part in a.parts:
        reasons = "".join(f"<li>{escape(x)}</li>" for x in part.because)
        body = f"<ul>{reasons}</ul>" if reasons else ""
        head = _paragraph(part.headline, "headline")
        found.append(f"<section><h2>{escape(part.title)}</h2>{head}{body}</section>")
        found += _tables(*(parts.table_block(table) for table in part.tables))
        found.append(_paragraph(parts.checked(part), "certificate"))
        cited = (_item(x.title, x.note, parts.imprint(x)) for x in part.sources)
        found.append(_list(f"Sources: {part.title}", cited))
    return found


def _terms(a: Answer) -> str:
    return _list("The deal's terms", (_term(x) for x in a.terms))


def _notes(a: Answer) -> list[str]:
    """Return what is assumed, what is left out, and what was claimed."""
    return [
        _list("What is assumed", (_item(x.says, x.matters_for, x.where) for x in a.assumptions)),
        _list("What is not modelled", (_item(x.what, x.why, x.term) for x in a.not_modelled)),
        *_tables(claims.wordings_block(a), claims.claims_block(a), claims.ledger_block(a)),
    ]


def comparison_page(c: Comparison) -> str:
    """Return a comparison as an HTML document."""
    first = c.answers[0]
    head = (
        f"<header><h1>{escape(first.deal.title)}</h1>"
        f'<p class="quiet">{len(c.answers)} scenarios. {escape(opening.data(first))}</p></header>'
    )
    parts = [
        head,
        *_tables(compare.levels(c), compare.differences(c)),
        *(_scenario(label, a) for label, a in zip(compare.labels(c), c.answers, strict=True)),
        f'<p class="certificate">{escape(compare.certificates(c))}</p>',
        _footer(first),
    ]
    return document(f"{first.deal.title}: scenarios side by side", parts)


def article(title: str, said: Iterable[str], blocks: Iterable[Block]) -> str:
    """Return an HTML document of a title, sentences and tables."""
    head = f"<header><h1>{escape(title)}</h1>{''.join(_paragraph(x) for x in said)}</header>"
    return document(title, [head, *_tables(*blocks)])


def document(title: str, parts: Iterable[str]) -> str:
    """Return a whole HTML document with the page's style in it."""
    style = Path(__file__).with_name("page.css").read_text("utf-8")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} · accord</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            "<main>",
            *(part for part in parts if part),
            "</main>",
            "</body>",
            "</html>\n",
        ]
    )


def _header(a: Assessment) -> str:
    reasons = "".join(f"<li>{escape(x)}</li>" for x in a.because)
    lines = [
        f"<h1>{escape(opening.title(a))}</h1>",
        _paragraph(opening.variant(a)),
        _paragraph(f"{opening.standing(a)} {opening.setting(a)}", "quiet"),
        _paragraph(a.headline, "headline"),
        f"<ul>{reasons}</ul>" if reasons else "",
    ]
    return f"<header>{''.join(lines)}</header>"


def _figure(a: Assessment) -> str:
    drawn = picture(a)
    return "" if drawn is None else f"<figure>\n{drawn}</figure>"


def _years(a: Assessment) -> list[str]:
    """Return the path over years: a picture, its numbers, and what they rest on."""
    if a.paths is None:
        return []
    drawn = years_picture(a)
    return [
        "" if drawn is None else f"<figure>\n{drawn}</figure>",
        *_tables(paths.paths(a), paths.long_run(a), paths.plants(a)),
        _paragraph(paths.certificate(a), "certificate"),
        _list("What the path assumes", (_item(*x, "") for x in a.paths.assumptions)),
        _list("What the path leaves out", (_item(*x, "") for x in a.paths.not_modelled)),
    ]


def _paragraph(text: str | None, kind: str = "") -> str:
    if not text:
        return ""
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(text)}</p>"


def _tables(*blocks: Block | None) -> list[str]:
    return [_table(block) for block in blocks if block is not None]


def _table(block: Block) -> str:
    head = "".join(
        f'<th scope="col"{_kind(block, i)}>{escape(title)}</th>'
        for i, title in enumerate(block.columns)
    )
    rows = "\n".join(_row(block, line) for line in block.lines)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in block.notes)
    name = escape(block.heading)
    return (
        f"<section><h2>{name}</h2>\n"
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>{notes}</section>"
    )


def _row(block: Block, line: Line) -> str:
    mark = f' class="{line.weight}"' if line.weight != "plain" else ""
    first, *rest = line.cells
    cells = "".join(f"<td{_kind(block, i)}>{escape(c)}</td>" for i, c in enumerate(rest, start=1))
    return f'<tr{mark}><th scope="row">{escape(first)}</th>{cells}</tr>'


def _kind(block: Block, column: int) -> str:
    if column and block.is_text(column):
        return ' class="text wrap"' if block.is_long(column) else ' class="text"'
    return ""


def _certificate(a: Assessment) -> str:
    said = " ".join(x for x in (trust.certificate(a), trust.baseline(a)) if x)
    return f'<p class="certificate">{escape(said)}</p>'


def _term(x: TermLine) -> str:
    """Return a term as an item: what it does, whose words it is, why these numbers."""
    marks = ["implied, not in the text"] if x.implied else []
    marks += [f"assumed: {', '.join(x.assumed)}"] if x.assumed else []
    return _item(x.title or x.id, x.reading, "; ".join(marks))


def _law(a: Assessment) -> Block | None:
    lines = tuple(Line((x.title or x.id, _since(x.since), x.id)) for x in a.law)
    heading = f"The law in force on {opening.day(a.as_of)}"
    titles = ("since", "name")
    return Block(heading, ("", *titles), lines, words=titles) if lines else None


def _since(day: date | None) -> str:
    return "—" if day is None else opening.day(day)


def _item(what: str, why: str, mark: str) -> str:
    sentences = f"{escape(what.rstrip('.'))}."
    reason = f' <span class="why">{escape(why.rstrip("."))}.</span>' if why else ""
    place = f' <span class="mark">{escape(mark)}</span>' if mark else ""
    return f"<li>{sentences}{reason}{place}</li>"


def _list(heading: str, items: Iterable[str]) -> str:
    body = "\n".join(items)
    return f"<section><h2>{escape(heading)}</h2>\n<ul>{body}</ul></section>" if body else ""


def _scenario(label: str, a: Assessment) -> str:
    reasons = "".join(f"<li>{escape(x)}</li>" for x in a.because)
    body = f"<ul>{reasons}</ul>" if reasons else ""
    heading = f"{label}, law of {opening.day(a.as_of)}"
    return f"<section><h2>{escape(heading)}</h2>{_paragraph(a.headline)}{body}</section>"


def _footer(a: Answer) -> str:
    packs = "; ".join(f"pack {p.name} {p.version} {p.digest[:12]}" for p in a.packs)
    made = f"accord {__version__}; deal file {a.deal_file.digest[:12]}; {packs}."
    whose = "the model's certified answer" if isinstance(a, Assessment) else "the answer's tables"
    full = (
        f"Every number is from {whose}; manifest.json beside this page holds the digests in full."
    )
    return f"<footer>{_paragraph(made)}{_paragraph(full)}</footer>"
