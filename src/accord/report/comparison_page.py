"""A comparison as one self-contained page: sentences, pictures, the tables under them."""

from __future__ import annotations

from accord import __version__
from accord.assessment import Assessment
from accord.report import html, opening
from accord.report.compare import Comparison, certificates, counts, labels
from accord.report.compare_picture import compared, pictures
from accord.report.compare_tables import difference_grid, level_grid, on_paper
from accord.report.compare_words import sentences
from accord.report.html import document

PICTURE_NOTE = "Filled dot: the central answer. Ring: without the deal."
RANGE_NOTE = "Thick line, and numbers in brackets: from the 10 % to the 90 % point of the draws."


def comparison_page(c: Comparison) -> str:
    """Return a comparison as an HTML document; at most eight scenarios stand side by side."""
    first, shown = c.answers[0], c.shown
    parts = [
        _header(c, first),
        _pictures(shown),
        "<section>",
        html.heading("In numbers"),
        *html.tables(*on_paper(level_grid(shown)), *on_paper(difference_grid(shown))),
        "</section>",
        *(_scenario(name, a) for name, a in zip(labels(shown), shown.answers, strict=True)),
        html.paragraph(certificates(c), "certificate"),
        _footer(c),
    ]
    return document(f"{first.deal.title}: scenarios side by side", parts)


def _header(c: Comparison, first: Assessment) -> str:
    said = [f"{len(c.answers)} scenarios. {opening.data(first)}", *counts(c)]
    lines = [
        html.title(first.deal.title),
        *(html.paragraph(x, "quiet") for x in said),
        html.bullets(sentences(c.shown)),
    ]
    return f"<header>{''.join(lines)}</header>"


def _pictures(c: Comparison) -> str:
    found = compared(c)
    if not found:
        return ""
    key = f"{PICTURE_NOTE} {RANGE_NOTE}" if c.ranged else PICTURE_NOTE
    drawn = "\n".join(html.figure(one.caption, pictures(one), one.note) for one in found)
    return f"<section>{html.heading('Side by side')}{html.paragraph(key, 'note')}{drawn}</section>"


def _scenario(label: str, a: Assessment) -> str:
    head = html.heading(f"{label}, law of {opening.day(a.as_of)}")
    return f"<section>{head}{html.paragraph(a.headline)}{html.bullets(a.because)}</section>"


def _footer(c: Comparison) -> str:
    packs = "; ".join(
        f"pack {p.name} {p.version} {p.digest[:12]}"
        for p in dict.fromkeys(p for a in c.answers for p in a.packs)
    )
    files = ", ".join(dict.fromkeys(a.deal_file.digest[:12] for a in c.answers))
    made = f"accord {__version__}; deal {'file' if ',' not in files else 'files'} {files}; {packs}."
    full = "The digests stand in full in manifest.json, with the command that gives this again."
    return f"<footer>{html.paragraph(made)}{html.paragraph(full)}</footer>"
