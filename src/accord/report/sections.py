"""The sections of the page of an answer, in the order of reading; one function a section."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from html import escape

from accord.assessment import Answer, Assessment
from accord.assessment.assessment import TermLine
from accord.assessment.beside import Beside
from accord.report import caveats, claims, html, offers, opening, parts, paths, trust
from accord.report.beside import closures
from accord.report.block import Block, Line
from accord.report.cited import Cited, cited
from accord.report.destinations import destinations, origin_of_change
from accord.report.figures import Figures
from accord.report.gains import gains
from accord.report.html import Section
from accord.report.main_results import main_results
from accord.report.makers import makers
from accord.report.outputs import outputs
from accord.report.premia import premia, who_gets_it
from accord.report.replayed import replayed_block
from accord.report.reproduce import command, origins
from accord.report.rests_on import rests_on_block
from accord.report.single_plants import plants_block
from accord.report.suppliers import suppliers
from accord.report.tiles import tiles, tiles_html
from accord.report.users import users
from accord.report.why import asked, why, why_block

MOST = 16
IMPLIED = "implied, not in the text"
UNMODELLED = "unmodelled"


def sections(a: Answer, other: Beside | None, pictures: Figures) -> list[Section]:
    """Return the sections; those without content are empty."""
    market = [] if not isinstance(a, Assessment) else [*_market(a, other, pictures)]
    return [
        terms(a),
        Section("The numbers to remember", "Numbers", (tiles_html(tiles(a)), *_main(a))),
        *market,
        offered(a),
        *of_parts(a),
        *([years(a, pictures)] if isinstance(a, Assessment) else []),
        claimed(a),
        *how_sure(a, pictures),
        *([law(a)] if isinstance(a, Assessment) else []),
        assumed(a),
        not_modelled(a),
        sources(a),
        reproduce(a),
    ]


def terms(a: Answer) -> Section:
    """Return the deal's terms, each with a mark where it is implied or partly assumed."""
    body = "".join(_term(x) for x in a.terms)
    readings = html.items(html.item(x.title or x.id, x.reading) for x in a.terms if x.reading)
    pieces = (
        f'<ol class="terms">{body}</ol>' if body else "",
        html.folded("Why the terms are read so", readings),
    )
    return Section("The deal’s terms", "Terms", pieces)


def _term(x: TermLine) -> str:
    marks = [IMPLIED] if x.implied else []
    marks += [f"assumed: {', '.join(x.assumed)}"] if x.assumed else []
    marks += ["not modelled"] if x.kind == UNMODELLED else []
    shown = "".join(f' <span class="badge">{escape(mark)}</span>' for mark in marks)
    return f"<li>{escape(x.title or x.id)}{shown}</li>"


def law(a: Assessment) -> Section:
    """Return the measures in force before the deal."""
    lines = tuple(Line((x.title or x.id, _since(x.since), x.id)) for x in a.law)
    heading = f"The law in force on {opening.day(a.as_of)}"
    titles = ("since", "name")
    block = Block(heading, ("", *titles), lines, words=titles) if lines else None
    count = "1 measure" if len(lines) == 1 else f"{len(lines):,} measures"
    return Section("The law before the deal", "Law", (html.folded(count, *html.tables(block)),))


def _since(day: date | None) -> str:
    return "—" if day is None else opening.day(day)


def _main(a: Answer) -> list[str]:
    return html.tables(main_results(a)) if isinstance(a, Assessment) else []


def _market(a: Assessment, other: Beside | None, pictures: Figures) -> Iterator[Section]:
    yield Section(
        "Where the goods go",
        "Trade",
        (
            pictures.flows(a),
            *html.tables(suppliers(a, MOST)),
            html.paragraph(origin_of_change(a)),
            *_more(
                "Where the seller sells, and who makes the good",
                destinations(a, MOST),
                makers(a),
                outputs(a, MOST),
                plants_block(a),
            ),
        ),
    )
    yield Section(
        "Who gains and who pays",
        "Gains",
        (
            pictures.gains(a),
            *html.tables(gains(a, MOST)),
            *_more(
                "Users, prices over the quote, and who bears the change",
                users(a),
                premia(a, MOST),
                who_gets_it(a),
            ),
        ),
    )
    yield because(a, pictures)
    yield all_alike(a, other)


def all_alike(a: Assessment, other: Beside | None) -> Section:
    """Return the main numbers where origins are all alike beside the answer's own."""
    beside = html.tables(None if other is None else closures(a, other))
    return Section("If metal of all origins were alike", "All alike", tuple(beside))


def because(a: Assessment, pictures: Figures) -> Section:
    """Return why: the change of each number shared out among the deal's terms."""
    numbers = asked(a)
    found = why(a, numbers)
    if found is None:
        said = "No number changes, or the terms have no answer one by one: nothing to share out."
        return Section("Why: what each term does", "Why", (html.paragraph(said),))
    shared = why_block(numbers, found)
    pieces = (pictures.why(a, numbers, found), *html.tables(shared))
    return Section("Why: what each term does", "Why", pieces)


def offered(a: Answer) -> Section:
    """Return the offers of the deal side by side."""
    pieces = tuple(html.tables(offers.block(a)))
    return Section("What each part of the deal offers", "Offers", pieces)


def of_parts(a: Answer) -> Iterator[Section]:
    """Yield what is not about a market: for each part its sentences and tables."""
    for part in a.parts:
        first, *rest = (*(parts.table_block(x) for x in part.tables), None)
        yield Section(
            part.title,
            part.title,
            (
                html.paragraph(part.headline, "lead"),
                html.bullets(part.because),
                *html.tables(first),
                *_more("All tables of this part", *rest),
                html.paragraph(parts.checked(part), "certificate"),
            ),
            f"part-{part.id}",
        )


def _more(summary: str, *blocks: Block | None) -> list[str]:
    """Return tables that open on a click, and on paper."""
    return [html.folded(summary, *html.tables(*blocks))]


def years(a: Assessment, pictures: Figures) -> Section:
    """Return the path over years: pictures, their numbers, and what they rest on."""
    if a.paths is None:
        return Section("Year by year", "Years", ())
    pieces = (
        pictures.years(a),
        *html.tables(paths.paths(a), paths.long_run(a)),
        *_more("How much of their capacity plants use", paths.plants(a)),
        html.paragraph(paths.certificate(a), "certificate"),
    )
    return Section("Year by year", "Years", pieces)


def claimed(a: Answer) -> Section:
    """Return the ledger of claims: a line each, then every reading."""
    pieces = (
        *html.tables(claims.claims_block(a)),
        *_more("Where reports differ in their words", claims.wordings_block(a)),
        *_more(
            "What would have to be true for verdicts to turn, and claims taken together",
            claims.true_if_block(a),
            claims.together_block(a),
        ),
        *_more("Every reading, and what would flip its verdict", claims.ledger_block(a)),
    )
    return Section("What was claimed, and what holds", "Claims", pieces)


def how_sure(a: Answer, pictures: Figures) -> Iterator[Section]:
    """Yield what the answer rests on, how well the model has done, and the certificate."""
    if not isinstance(a, Assessment):
        return
    rests = (
        pictures.rests_on(a),
        *html.tables(rests_on_block(a)),
        *(html.paragraph(x, "note") for x in trust.draws(a)),
    )
    yield Section("What the answer rests on", "Rests on", rests)
    world = (
        *html.tables(replayed_block(a)),
        html.paragraph(trust.baseline(a)),
        html.folded("The model of the year of the levels, row by row",
                    *html.tables(trust.baseline_block(a))),
    )  # fmt: skip
    yield Section("How well the model has done", "Accuracy", world)
    sure = html.paragraph(trust.certificate(a), "certificate")
    yield Section("Certificate", "Certificate", (sure,))


def assumed(a: Answer) -> Section:
    """Return every assumption and what it matters for."""
    found = caveats.assumptions(a)
    listed = html.items(html.item(x.says, x.matters_for, x.where) for x in found)
    count = f"{len(found):,} assumptions, and what each matters for"
    return Section("What is assumed", "Assumed", (html.folded(count, listed),))


def not_modelled(a: Answer) -> Section:
    """Return what is left out, and why."""
    found = caveats.not_modelled(a)
    listed = html.items(html.item(x.what, x.why, x.term) for x in found)
    count = f"{len(found):,} things left out, and why"
    return Section("What is not modelled", "Not modelled", (html.folded(count, listed),))


def sources(a: Answer) -> Section:
    """Return every source that the answer cites, by who cites it."""
    found = cited(a)
    pieces: list[str] = []
    for by in dict.fromkeys(x.cited_by for x in found):
        mine = [x for x in found if x.cited_by == by]
        count = "1 source" if len(mine) == 1 else f"{len(mine)} sources"
        pieces.append(html.folded(f"{by}: {count}", html.items(_source(x) for x in mine)))
    return Section("Sources", "Sources", tuple(pieces))


def _source(x: Cited) -> str:
    year = None if x.year is None else str(x.year)
    who = ", ".join(y for y in (x.publisher, year, x.licence) if y)
    note = f' <span class="why">{escape(x.note)}</span>' if x.note else ""
    return f"<li>{html.linked(x.title, x.url)}. {escape(who)}.{note}</li>"


def reproduce(a: Answer) -> Section:
    """Return how to get the answer again: the command, then versions and digests."""
    lines = tuple(Line((x.what, x.value)) for x in origins(a)[1:])
    origin = Block("What it was made from", ("", "value"), lines, words=("value",))
    return Section(
        "How to get this again",
        "Reproduce",
        (f"<pre><code>{escape(shlex.join(command(a)))}</code></pre>", *html.tables(origin)),
    )
