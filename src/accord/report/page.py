"""The answer as one self-contained page: no script, no network, fit for phone and paper."""

from __future__ import annotations

from collections.abc import Iterable

from accord import __version__
from accord.assessment import Answer, Assessment
from accord.assessment.beside import Beside
from accord.report import chart_svg, html, opening
from accord.report.block import Block
from accord.report.figures import Figures
from accord.report.html import document
from accord.report.sections import sections


def page(a: Answer, other: Beside | None = None) -> str:
    """Return the answer as an HTML document, another closure's numbers beside it if given."""
    return page_with(a, Figures(chart_svg.available()), other)


def page_with(a: Answer, pictures: Figures, other: Beside | None = None) -> str:
    """Return the same with pictures of one's own choice."""
    found = sections(a, other, pictures)
    body = [_header(a), html.contents(found), *(section.html for section in found), _footer(a)]
    return document(opening.title(a), body)


def article(title: str, said: Iterable[str], blocks: Iterable[Block]) -> str:
    """Return an HTML document of a title, sentences and tables."""
    head = f"<header>{html.title(title)}{''.join(html.paragraph(x) for x in said)}</header>"
    return document(title, [head, *html.tables(*blocks, level=2)])


def _header(a: Answer) -> str:
    reasons = html.bullets(a.because) if isinstance(a, Assessment) else ""
    lines = [
        html.title(opening.title(a)),
        html.paragraph(opening.variant(a)),
        html.paragraph(f"{opening.standing(a)} {opening.setting(a)}", "quiet"),
        html.paragraph(a.headline, "headline"),
        reasons,
    ]
    return f"<header>{''.join(lines)}</header>"


def _footer(a: Answer) -> str:
    packs = "; ".join(f"pack {p.name} {p.version} {p.digest[:12]}" for p in a.packs)
    made = f"accord {__version__}; deal file {a.deal_file.digest[:12]}; {packs}."
    whose = "the model's certified answer" if isinstance(a, Assessment) else "the answer's tables"
    full = f"Every number is from {whose}; the digests stand in full under “How to get this again”."
    return f"<footer>{html.paragraph(made)}{html.paragraph(full)}</footer>"
