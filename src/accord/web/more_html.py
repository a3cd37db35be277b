"""What follows the answer on the page, as HTML: other offers, files, the rest of the report."""

from __future__ import annotations

from collections.abc import Iterable

from accord.web.controls import text_of as e
from accord.web.view import View

CONTENTS = (
    ("answer", "Answer"), ("compare", "Compare"), ("gains-figure", "Gains"), ("picture", "Trade"),
    ("tables", "Numbers"), ("parts", "Other offers"), ("certificate", "Certificate"),
    ("files", "Files"), ("editor", "Deal file"),
)  # fmt: skip
"""What is on the page from the start: the id, and the name that leads there; the editor is last."""
SCREEN = (
    ("/screen.csv", "", "This screen as one table (.csv)"),
    ("/screen.zip", "", "This screen, a table a file (.zip)"),
    ("/", "embed=1", "Only headline and chart, to embed"),
)
REPORT = (
    ("/report.html", "", "The full report, a page (.html)"),
    ("/report.xlsx", "", "The full report, a workbook (.xlsx)"),
    ("/report.zip", "", "The full report, its data and how to get it again (.zip)"),
    ("/deal.toml", "", "The deal file with what was moved (.toml)"),
)


def contents(view: View) -> str:
    """Return links to what is on the page; a script adds those of the rest of the report."""
    there = CONTENTS if view.get("parts") else tuple(x for x in CONTENTS if x[0] != "parts")
    links = "".join(f'<li><a href="#{name}">{e(said)}</a></li>' for name, said in there)
    return f'<nav id="contents" aria-label="On this page"><ul>{links}</ul></nav>'


def offers(view: View) -> str:
    """Return what the deal offers beside the market; what is not known at once says so."""
    found = "".join(x["html"] for x in view.get("parts", ()))
    return f'<div id="parts">{found}</div>'


def files(view: View) -> str:
    """Return what can be taken away: the screen, and the report of this very position."""
    query = "&".join(x for x in (view.get("query", ""), view.get("kept", "")) if x)
    return (
        '<nav id="files" aria-label="Take it with you"><h2>Take it with you</h2>'
        f"<h3>What is on this screen</h3>{_links(SCREEN, query)}"
        f"<h3>The full report of this position</h3>{_links(REPORT, query)}"
        '<p class="note">It says which numbers were moved, and how to get it again from the deal '
        "file; the .zip has that file with the tables of facts beside it.</p>"
        '<p class="note">The address of this page is this view: copy it to share it.</p></nav>'
    )


def _links(found: Iterable[tuple[str, str, str]], query: str) -> str:
    return f"<ul>{''.join(_link(*x, query) for x in found)}</ul>"


def _link(to: str, more: str, said: str, query: str) -> str:
    entries = "&".join(x for x in (query, more) if x)
    mark = f' data-more="{more}"' if more else ""
    return f'<li><a data-to="{to}"{mark} href="{to}?{e(entries)}">{e(said)}</a></li>'


def more(view: View, setting: View) -> str:
    """Return what stands in for the rest of the report until a script has fetched it."""
    link = f"/report.html?{view.get('query', '')}"
    return (
        '<p id="more-said" role="status" class="note"></p>'
        f'<div id="more"><section aria-label="The rest of the report">{_notes(setting)}'
        "<noscript><p>Why, claims, what the answer rests on and all else are in "
        f'<a href="{e(link)}">the full report of this position</a>.</p></noscript></section></div>'
    )


def _notes(setting: View) -> str:
    terms = (_item(x["title"], x["reading"], x["marks"]) for x in setting["terms"])
    law = (
        _item(x["title"], "", f"since {x['since']}" if x["since"] else "") for x in setting["law"]
    )
    assumed = (_item(says, matters, where) for where, says, matters in setting["assumptions"])
    left = (_item(what, why, term) for term, what, why in setting["not_modelled"])
    return "".join([
        _list("The deal's terms, as its file has them", terms),
        _list("The law of the day", law),
        _list("What is assumed", assumed),
        _list("What is not modelled", left),
    ])  # fmt: skip


def _item(what: str, why: str, mark: str) -> str:
    reason = f' <span class="why">{e(why)}</span>' if why else ""
    place = f' <span class="mark">{e(mark)}</span>' if mark else ""
    return f"<li>{e(what.rstrip('.'))}.{reason}{place}</li>"


def _list(heading: str, items: Iterable[str]) -> str:
    found = list(items)
    if not found:
        return ""
    head = f"<summary>{e(heading)} ({len(found)})</summary>"
    return f'<details class="notes">{head}<ul>{"".join(found)}</ul></details>'
