"""The page as HTML: whole and readable without a script, which only makes it move."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

from accord import __version__
from accord.web.view import View

NO_ANSWER = "There is no answer here."


def document(found: View, charts: View, *, embedded: bool) -> str:
    """Return the page of an answer, or of a refusal with its sliders still there."""
    setting: View = found["setting"]
    view = {key: value for key, value in found.items() if key != "setting"}
    if embedded:
        body = f'<main class="embedded"><h1 class="small">{_e(setting["title"])}</h1>{_top(view)}{_gains(view)}</main>'
    else:
        body = "\n".join([
            '<a class="skip" href="#answer">To the answer</a>',
            _header(setting),
            f'<main><div class="controls">{_choices(setting, view)}{_sliders(setting, view)}</div>',
            f'<div class="answer">{_top(view)}{_gains(view)}{_picture(view)}{_tables(view)}'
            f"{_trust(view)}{_files(view)}{_notes(setting)}{_editor(setting)}</div></main>",
            _footer(setting),
        ])  # fmt: skip
    first = {"view": view, "charts": charts, "dials": setting["dials"], "embedded": embedded,
             "home": _home(setting)}  # fmt: skip
    data = json.dumps(first, ensure_ascii=False).replace("<", "\\u003c")
    return _whole(setting["title"], body, data)


def refused(found: View) -> str:
    """Return a page that says why an address has no answer."""
    body = (
        '<main class="embedded"><h1>There is no answer at this address</h1>'
        f'{_refusal(found)}<p><a href="/">Open the page anew</a></p></main>'
    )
    return _whole("No answer", body, None)


def _whole(title: str, body: str, data: str | None) -> str:
    scripts = ""
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
        f"<title>{_e(title)} · accord</title>\n"
        '<link rel="icon" href="data:,">\n'
        f'<link rel="stylesheet" href="/static/page.css">\n{scripts}\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _e(text: object) -> str:
    return escape(str(text))


def _home(setting: View) -> dict[str, str]:
    """Return the entries of the address that no slider moves."""
    return {k: setting[n] for k, n in (("v", "variant"), ("day", "day"), ("d", "edited"))}


def _header(setting: View) -> str:
    says = f"<p>{_e(setting['says'])}</p>" if setting["says"] else ""
    return (
        f"<header><h1>{_e(setting['title'])}</h1>{says}"
        f'<p class="quiet">{_e(setting["standing"])}</p></header>'
    )


# -------------------------------------------------------------------------------------- controls


def _choices(setting: View, view: View) -> str:
    variants = "".join(
        _option(x["name"], x["title"], chosen=x["name"] == setting["variant"])
        for x in setting["variants"]
    )
    days = "".join(
        _option(x["day"], f"{x['day']}{', ' + x['why'] if x['why'] else ''}", chosen=x["day"] == setting["day"])
        for x in setting["days"]
    )
    kept = "".join(
        f'<input type="hidden" name="{_e(k)}" value="{_e(x)}">'
        for k, x in (("d", setting["edited"]),)
        if x
    )
    chosen = (
        f'<p><label for="v">Variant of the deal</label><select id="v" name="v">{variants}</select></p>'
        if variants
        else ""
    )
    del view
    return (
        f'<form id="choices" method="get" action="/">{kept}<h2>Which deal, under which law</h2>{chosen}'
        f'<p><label for="day">Law as of</label><select id="day" name="day">{days}</select></p>'
        "<noscript><p><button>Show</button></p></noscript></form>"
    )


def _option(value: str, text: str, *, chosen: bool) -> str:
    mark = " selected" if chosen else ""
    return f'<option value="{_e(value)}"{mark}>{_e(text)}</option>'


def _sliders(setting: View, view: View) -> str:
    values = view.get("values", {})
    kept = "".join(
        f'<input type="hidden" name="{_e(k)}" value="{_e(x)}">' for k, x in _home(setting).items() if x
    )
    groups = {
        "terms": [x for x in setting["dials"] if x["group"] == "terms"],
        "first": [x for x in setting["dials"] if x["group"] != "terms" and x["first"]],
        "rest": [x for x in setting["dials"] if x["group"] != "terms" and not x["first"]],
    }
    shown = {name: "".join(_slider(x, values) for x in dials) for name, dials in groups.items()}
    terms = f"<fieldset><legend>The deal</legend>{shown['terms']}</fieldset>" if shown["terms"] else ""
    opened = " open" if any(x["key"] in values for x in groups["rest"]) else ""
    more = (
        f"<details{opened}><summary>{len(groups['rest'])} more assumptions</summary>{shown['rest']}</details>"
        if shown["rest"]
        else ""
    )
    return (
        f'<form id="sliders" method="get" action="/">{kept}<h2 class="unseen">Numbers to move</h2>{terms}'
        "<fieldset><legend>What is assumed</legend>"
        '<p class="note">Moved, a number is fixed, in the point and in every draw; the others keep '
        f"their draws.</p>{shown['first']}{more}</fieldset>"
        '<p><a id="reset" href="/?v={v}&amp;day={day}{d}">Put everything back</a></p>'
        "<noscript><p><button>Show</button></p></noscript></form>"
    ).replace("{v}", _e(setting["variant"])).replace("{day}", _e(setting["day"])).replace(
        "{d}", f"&amp;d={_e(setting['edited'])}" if setting["edited"] else ""
    )


def _slider(dial: View, values: View) -> str:
    key = dial["key"]
    name = "s-" + key.replace(".", "-")
    value = values.get(key, dial["value"])
    unit = f" {dial['unit']}" if dial["unit"] else ""
    hint = f"{dial['home']} {'under the deal' if dial['group'] == 'terms' else 'at the centre'}."
    note = f" {dial['note']}." if dial["note"] else ""
    return (
        f'<div class="dial"><label for="{name}">{_e(dial["label"])}</label>'
        f'<output id="{name}-o" for="{name}">{_e(f"{value:,.10g}")}{_e(unit)}</output>'
        f'<input type="range" id="{name}" name="{_e(key)}" min="{dial["least"]:.10g}" '
        f'max="{dial["most"]:.10g}" step="{dial["step"]:.10g}" value="{value:.10g}" '
        f'aria-valuetext="{_e(f"{value:,.10g}")}{_e(unit)}" aria-describedby="{name}-h">'
        f'<small id="{name}-h">{_e(hint)}{_e(note)}</small></div>'
    )


# -------------------------------------------------------------------------------------- answer


def _top(view: View) -> str:
    ok = view["ok"]
    refusal = "" if ok else _refusal(view)
    said = view["headline"] if ok else NO_ANSWER
    because = "".join(f"<li>{_e(x)}</li>" for x in view.get("because", ()))
    moved = "".join(f"<li>{_e(x)}</li>" for x in view.get("moved", ()))
    big = "".join(_big(x) for x in view.get("big", ()))
    return (
        '<section id="answer" aria-label="The answer" tabindex="-1">'
        f'<p id="headline" class="headline" role="status" aria-live="polite">{_e(said)}</p>'
        f'<div id="refusal" role="alert">{refusal}</div>'
        f'<ul id="because">{because}</ul><dl id="big" class="big">{big}</dl>'
        f'<ul id="moved" class="quiet">{moved}</ul></section>'
    )


def _big(x: View) -> str:
    ranged = f"10 … 90 %: {x['range']}" if x["range"] else "the same in all draws"
    return (
        f'<div><dt>{_e(x["name"])}</dt><dd><strong>{_e(x["after"])} <span>{_e(x["unit"])}</span></strong>'
        f'<span class="range">{_e(ranged)}</span><span class="was">before {_e(x["before"])}; {_e(x["change"])}</span>'
        "</dd></div>"
    )


def _refusal(view: View) -> str:
    faults = "".join(
        f"<li>{_e(x['where'])}: found {_e(x['found'])}; allowed {_e(x['allowed'])}. {_e(x['fix'])}.</li>"
        for x in view.get("faults", ())
    )
    if faults:
        return f"<p><strong>These numbers do not go together.</strong></p><ul>{faults}</ul>"
    return (
        f"<p><strong>The market has no answer at this place.</strong> {_e(view.get('cause', ''))}.</p>"
        f"<p>What would help: {_e(view.get('remedy', ''))}.</p>"
    )


def _gains(view: View) -> str:
    says = view["gains"]["says"] if view["ok"] else ""
    title = view["gains"]["title"] if view["ok"] else "Who gains and who pays"
    return (
        f'<figure id="gains-figure"><figcaption id="gains-title">{_e(title)}</figcaption>'
        f'<div id="gains" role="img" aria-label="{_e(says or NO_ANSWER)}"></div>'
        f'<noscript><p class="note">{_e(says)}</p></noscript></figure>'
    )


def _picture(view: View) -> str:
    return f'<figure id="picture" role="group" tabindex="0" aria-label="Suppliers before and after">{view.get("picture", "")}</figure>'


def _tables(view: View) -> str:
    return f'<div id="tables">{"".join(_table(x, i) for i, x in enumerate(view.get("blocks", ())))}</div>'


def _table(block: View, number: int) -> str:
    kinds = [' class="text"' if is_text and i else "" for i, is_text in enumerate(block["text"])]
    head = "".join(
        f'<th scope="col"{kind}>{_e(title) or _unseen("which")}</th>'
        for kind, title in zip(kinds, block["columns"], strict=True)
    )
    rows = "".join(_row(line, kinds) for line in block["lines"])
    notes = "".join(f'<p class="note">{_e(x)}</p>' for x in block["notes"])
    return (
        f'<section><h2 id="table-{number}">{_e(block["heading"])}</h2>'
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="table-{number}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{notes}</section>"
    )


def _unseen(text: str) -> str:
    return f'<span class="unseen">{text}</span>'


def _row(line: View, kinds: list[str]) -> str:
    first, *rest = line["cells"]
    cells = "".join(f"<td{kind}>{_e(x)}</td>" for kind, x in zip(kinds[1:], rest, strict=True))
    return f'<tr class="{_e(line["weight"])}"><th scope="row">{_e(first)}</th>{cells}</tr>'


def _trust(view: View) -> str:
    return (
        '<section aria-label="How far to trust it">'
        f'<p class="certificate" id="certificate">{_e(view.get("certificate", ""))}</p>'
        f'<p class="note" id="draws">{_e(view.get("draws", ""))}</p></section>'
    )


def _files(view: View) -> str:
    query = _e(view.get("query", ""))
    return (
        '<nav id="files" aria-label="Take it with you"><h2>Take it with you</h2><ul>'
        f'<li><a data-to="/screen.csv" href="/screen.csv?{query}">This screen as one table (.csv)</a></li>'
        f'<li><a data-to="/screen.zip" href="/screen.zip?{query}">This screen, a table a file (.zip)</a></li>'
        f'<li><a data-to="/" data-more="embed=1" href="/?{query}&amp;embed=1">Only headline and chart, to embed</a></li>'
        "</ul><p class=\"note\">The address of this page is this view: copy it to share it.</p></nav>"
    )


# -------------------------------------------------------------------------------------- what stays


def _notes(setting: View) -> str:
    terms = (_item(x["title"], x["reading"], x["marks"]) for x in setting["terms"])
    parts = (_item(x["title"], x["headline"], "") for x in setting["parts"])
    law = (_item(x["title"], "", f"since {x['since']}" if x["since"] else "") for x in setting["law"])
    assumed = (_item(says, matters, where) for where, says, matters in setting["assumptions"])
    left = (_item(what, why, term) for term, what, why in setting["not_modelled"])
    return "".join([
        _list("The deal's terms, as its file has them", terms),
        _list("The deal's other offers, which no slider here moves", parts),
        _list("The law of the day", law),
        _list("What is assumed", assumed),
        _list("What is not modelled", left),
    ])  # fmt: skip


def _item(what: str, why: str, mark: str) -> str:
    reason = f' <span class="why">{_e(why)}</span>' if why else ""
    place = f' <span class="mark">{_e(mark)}</span>' if mark else ""
    return f"<li>{_e(what.rstrip('.'))}.{reason}{place}</li>"


def _list(heading: str, items: Iterable[str]) -> str:
    found = list(items)
    if not found:
        return ""
    return (
        f"<details class=\"notes\"><summary>{_e(heading)} ({len(found)})</summary><ul>{''.join(found)}</ul></details>"
    )


def _editor(setting: View) -> str:
    return (
        '<details id="editor"><summary>Edit the deal file</summary>'
        '<p class="note" id="editor-note">What you change here stays on this machine, in this server\'s '
        "memory, until it ends. Faults are shown at their line.</p>"
        '<div class="edit"><pre id="lines" aria-hidden="true"></pre>'
        '<textarea id="text" rows="24" spellcheck="false" autocomplete="off" wrap="off" '
        f'aria-label="The deal file" aria-describedby="editor-note">{_e(setting["text"])}</textarea></div>'
        '<div id="faults" role="alert"></div>'
        '<p><button type="button" id="use" disabled>Check it and use it</button></p></details>'
    )


def _footer(setting: View) -> str:
    packs = "; ".join(setting["packs"])
    return (
        f"<footer><p>accord {_e(__version__)}; packs {_e(packs)}. Nothing on this page comes from or goes to "
        "another machine than the one that serves it.</p></footer>"
    )
