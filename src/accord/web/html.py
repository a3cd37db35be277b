"""The page as HTML: whole and readable without a script, which only makes it move."""

from __future__ import annotations

import json

from accord import __version__
from accord.web.controls import choices, editor, home_of, sliders
from accord.web.controls import text_of as e
from accord.web.more_html import contents, files, more, offers
from accord.web.view import View

NO_ANSWER = "There is no answer here."


def document(found: View, charts: View, drawn: str, beside: str, *, embedded: bool) -> str:
    """Return the page of an answer, or of a refusal with its sliders still there.

    ``beside``  the section of positions that are compared
    """
    setting: View = found["setting"]
    view = {key: value for key, value in found.items() if key != "setting"}
    if embedded:
        heading = f'<h1 class="small">{e(setting["title"])}</h1>'
        body = f'<main class="embedded">{heading}{_top(view)}{_gains(view, drawn)}</main>'
    else:
        body = "\n".join([
            '<a class="skip" href="#answer">To the answer</a>',
            _header(setting),
            f'<main><div class="controls">{choices(setting)}{sliders(setting, view)}</div>',
            f'<div class="answer">{_top(view)}{contents(view)}{beside}',
            f"{_gains(view, drawn)}{_picture(view)}{_tables(view)}{offers(view)}{_trust(view)}",
            f"{files(view)}{more(view, setting)}{editor(setting)}</div></main>",
            _footer(setting),
        ])  # fmt: skip
    view = {key: value for key, value in view.items() if key != "parts"}
    first = {"view": view, "charts": charts, "dials": setting["dials"], "embedded": embedded,
             "home": home_of(setting)}  # fmt: skip
    data = json.dumps(first, ensure_ascii=False).replace("<", "\\u003c")
    return _whole(setting["title"], body, data, refused=not view["ok"])


def refused(found: View) -> str:
    """Return a page that says why an address has no answer."""
    body = (
        '<main class="embedded"><h1>There is no answer at this address</h1>'
        f'{_refusal(found)}<p><a href="/">Open the page anew</a></p></main>'
    )
    return _whole("No answer", body, None)


def _whole(title: str, body: str, data: str | None, *, refused: bool = False) -> str:
    scripts, mark = "", ' class="refused"' if refused else ""
    if data is not None:
        scripts = (
            f'<script type="application/json" id="first">{data}</script>'
            '<link rel="modulepreload" href="/static/editor.js">'
            '<script src="/vega.js" defer></script>'
            '<script type="module" src="/static/page.js"></script>'
        )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{e(title)} · accord</title>\n"
        '<link rel="icon" href="data:,">\n'
        f'<link rel="stylesheet" href="/static/page.css">\n{scripts}\n</head>\n'
        f"<body{mark}>\n{body}\n</body>\n</html>\n"
    )


def _header(setting: View) -> str:
    says = f"<p>{e(setting['says'])}</p>" if setting["says"] else ""
    return (
        f"<header><h1>{e(setting['title'])}</h1>{says}"
        f'<p class="quiet">{e(setting["standing"])}</p></header>'
    )


# -------------------------------------------------------------------------------------- answer


def _top(view: View) -> str:
    ok = view["ok"]
    refusal = "" if ok else _refusal(view)
    said = view["headline"] if ok else NO_ANSWER
    because = "".join(f"<li>{e(x)}</li>" for x in view.get("because", ()))
    moved = "".join(f"<li>{e(x)}</li>" for x in view.get("moved", ()))
    big = "".join(_big(x) for x in view.get("big", ()))
    return (
        '<section id="answer" aria-label="The answer" tabindex="-1">'
        f'<p id="headline" class="headline" role="status" aria-live="polite">{e(said)}</p>'
        f'<div id="refusal" role="alert">{refusal}</div>'
        f'<ul id="because">{because}</ul><dl id="big" class="big">{big}</dl>'
        f'<ul id="moved" class="quiet">{moved}</ul></section>'
    )


def _big(x: View) -> str:
    span = f"{x['span']} · {x['span_is']}" if x["span"] else "no range computed"
    was = f'<span class="was">{e(x["was"])}</span>' if x["was"] else ""
    return (
        f"<div><dt>{e(x['name'])}</dt>"
        f"<dd><strong>{e(x['value'])} <span>{e(x['unit'])}</span></strong>"
        f'<span class="range">{e(span)}</span>{was}</dd></div>'
    )


def _refusal(view: View) -> str:
    faults = "".join(
        f"<li>{e(x['where'])}: found {e(x['found'])}; allowed {e(x['allowed'])}. "
        f"{e(x['fix'])}.</li>"
        for x in view.get("faults", ())
    )
    if faults:
        return f"<p><strong>These numbers do not go together.</strong></p><ul>{faults}</ul>"
    return (
        "<p><strong>The market has no answer at this place.</strong> "
        f"{e(view.get('cause', ''))}.</p>"
        f"<p>What would help: {e(view.get('remedy', ''))}.</p>"
    )


def _gains(view: View, drawn: str) -> str:
    says = view["gains"]["says"] if view["ok"] else ""
    title = view["gains"]["title"] if view["ok"] else "Who gains and who pays"
    return (
        f'<figure id="gains-figure"><figcaption id="gains-title">{e(title)}</figcaption>'
        f'<div id="gains" role="img" aria-label="{e(says or NO_ANSWER)}">{drawn}</div>'
        f'<noscript><p class="note">{e(says)}</p></noscript></figure>'
    )


def _picture(view: View) -> str:
    said = 'role="group" tabindex="0" aria-label="Suppliers before and after"'
    return f'<figure id="picture" {said}>{view.get("picture", "")}</figure>'


def _tables(view: View) -> str:
    found = "".join(_table(x, i) for i, x in enumerate(view.get("blocks", ())))
    return f'<div id="tables">{found}</div>'


def _table(block: View, number: int) -> str:
    kinds = [' class="text"' if is_text and i else "" for i, is_text in enumerate(block["text"])]
    head = "".join(
        f'<th scope="col"{kind}>{e(title) or _unseen("which")}</th>'
        for kind, title in zip(kinds, block["columns"], strict=True)
    )
    rows = "".join(_row(line, kinds) for line in block["lines"])
    notes = "".join(f'<p class="note">{e(x)}</p>' for x in block["notes"])
    return (
        f'<section><h2 id="table-{number}">{e(block["heading"])}</h2>'
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="table-{number}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{notes}</section>"
    )


def _unseen(text: str) -> str:
    return f'<span class="unseen">{text}</span>'


def _row(line: View, kinds: list[str]) -> str:
    first, *rest = line["cells"]
    cells = "".join(f"<td{kind}>{e(x)}</td>" for kind, x in zip(kinds[1:], rest, strict=True))
    return f'<tr class="{e(line["weight"])}"><th scope="row">{e(first)}</th>{cells}</tr>'


def _trust(view: View) -> str:
    return (
        '<section aria-label="How far to trust it">'
        f'<p class="certificate" id="certificate">{e(view.get("certificate", ""))}</p>'
        f'<p class="note" id="draws">{e(view.get("draws", ""))}</p></section>'
    )


def _footer(setting: View) -> str:
    packs = "; ".join(setting["packs"])
    return (
        f"<footer><p>accord {e(__version__)}; packs {e(packs)}. Nothing on this page comes from "
        "or goes to another machine than the one that serves it.</p></footer>"
    )
