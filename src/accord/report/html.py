"""Pieces of a page: paragraphs, lists, tables, sections, pictures. All text is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from accord.report.block import Block, Line

NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
FITS = 14
"""Lines up to which a table is kept on one page of paper."""
WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a place of its own: heading, and pieces of HTML below it.

    ``short``  its name in the list of contents;  ``anchor`` what it is linked by, where two
    sections might have one short name
    """

    heading: str
    short: str
    pieces: tuple[str, ...]
    anchor: str = ""

    @property
    def name(self) -> str:
        """What it is linked by."""
        return NOT_IN_A_NAME.sub("-", (self.anchor or self.short).lower()).strip("-")

    @property
    def html(self) -> str:
        """The section, or nothing where it has no pieces."""
        body = "\n".join(piece for piece in self.pieces if piece)
        if not body:
            return ""
        head = f'<h2 id="{self.name}-heading">{escape(self.heading)}</h2>'
        return (
            f'<section id="{self.name}" aria-labelledby="{self.name}-heading">{head}\n'
            f"{body}\n</section>"
        )


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
            '<meta name="color-scheme" content="light dark">',
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


def contents(sections: Sequence[Section]) -> str:
    """Return links to the sections that there are."""
    items = "".join(
        f'<li><a href="#{x.name}">{escape(x.short)}</a></li>' for x in sections if x.html
    )
    return f'<nav aria-label="On this page"><ul>{items}</ul></nav>' if items else ""


def paragraph(text: str | None, kind: str = "") -> str:
    """Return a paragraph of a class; nothing for no text."""
    if not text:
        return ""
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(text)}</p>"


def title(text: str) -> str:
    """Return the heading of the page."""
    return f"<h1>{escape(text)}</h1>"


def heading(text: str) -> str:
    """Return the heading of a section that nothing leads to."""
    return f"<h2>{escape(text)}</h2>"


def bullets(said: Iterable[str]) -> str:
    """Return sentences as a list."""
    return items(f"<li>{escape(x)}</li>" for x in said)


def items(found: Iterable[str]) -> str:
    """Return a list of items that are HTML already; nothing for none."""
    body = "\n".join(found)
    return f"<ul>{body}</ul>" if body else ""


def item(what: str, why: str = "", mark: str = "") -> str:
    """Return an item: what, why in a quieter voice, and whose."""
    reason = f' <span class="why">{escape(_ended(why))}</span>' if why else ""
    place = f' <span class="mark">{escape(mark)}</span>' if mark else ""
    return f"<li>{escape(_ended(what))}{reason}{place}</li>"


def _ended(text: str) -> str:
    return f"{text.rstrip('.')}."


def folded(summary: str, *pieces: str) -> str:
    """Return pieces that open on a click, and on paper; nothing for none."""
    body = "\n".join(piece for piece in pieces if piece)
    return f"<details><summary>{escape(summary)}</summary>\n{body}</details>" if body else ""


def linked(text: str, address: str) -> str:
    """Return text that leads to a page of the web; text alone for any other kind of address."""
    if not address.lower().startswith(WEB):
        return escape(text)
    return f'<a href="{escape(address)}" rel="noreferrer">{escape(text)}</a>'


def figure(caption: str, drawn: Iterable[str], note: str = "") -> str:
    """Return pictures of one thing (for wide and for narrow pages) under its title."""
    body = "\n".join(drawn)
    if not body:
        return ""
    below = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<figure><figcaption>{escape(caption)}</figcaption>\n{body}{below}</figure>"


def tables(*blocks: Block | None, level: int = 3) -> list[str]:
    """Return each table that there is, under headings of a level."""
    return [table(block, level) for block in blocks if block is not None]


def table(block: Block, level: int = 3) -> str:
    """Return a table under its heading, its notes below it."""
    head = "".join(_head(block, i) for i in range(len(block.columns)))
    rows = "\n".join(_row(block, line) for line in block.lines)
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in block.notes)
    name = escape(block.heading)
    kind = "table whole" if len(block.lines) <= FITS else "table"
    body = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    return (
        f'<div class="{kind}"><h{level}>{name}</h{level}>\n'
        f"{scrolling(block.heading, body)}{notes}</div>"
    )


def scrolling(name: str, body: str) -> str:
    """Return something wide in a frame of its own, which keys can scroll too."""
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(name)}">{body}</div>'


def _head(block: Block, column: int) -> str:
    """Return the title of a column; above names of rows there may be none, which heads nothing."""
    text = escape(block.columns[column])
    return f'<th scope="col"{_kind(block, column)}>{text}</th>' if text else "<td></td>"


def _row(block: Block, line: Line) -> str:
    mark = f' class="{line.weight}"' if line.weight != "plain" else ""
    first, *rest = line.cells
    cells = "".join(f"<td{_kind(block, i)}>{escape(c)}</td>" for i, c in enumerate(rest, start=1))
    name = f'<th scope="row">{escape(first)}</th>' if first else "<td></td>"
    return f"<tr{mark}>{name}{cells}</tr>"


def _kind(block: Block, column: int) -> str:
    if column and block.is_text(column):
        return ' class="text wrap"' if block.is_long(column) else ' class="text"'
    return ""
