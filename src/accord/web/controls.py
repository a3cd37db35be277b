"""What moves the answer, as HTML: choices, sliders, the deal file; they work without a script."""

from __future__ import annotations

import math
from html import escape
from urllib.parse import urlencode

from accord.web.view import View


def text_of(text: object) -> str:
    """Return text as it may stand in HTML."""
    return escape(str(text))


e = text_of  # strings of HTML are full of it


def home_of(setting: View) -> dict[str, str]:
    """Return the entries of the address that no slider moves."""
    return {k: setting[n] for k, n in (("v", "variant"), ("day", "day"), ("d", "edited"))}


def choices(setting: View) -> str:
    """Return the form of variants and days of the law."""
    variants = "".join(
        _option(x["name"], x["title"], chosen=x["name"] == setting["variant"])
        for x in setting["variants"]
    )
    days = "".join(
        _option(
            x["day"],
            f"{x['day']}{', ' + x['why'] if x['why'] else ''}",
            chosen=x["day"] == setting["day"],
        )
        for x in setting["days"]
    )
    kept = "".join(
        f'<input type="hidden" name="{e(k)}" value="{e(x)}">'
        for k, x in (("d", setting["edited"]),)
        if x
    )
    chosen = (
        '<p><label for="v">Variant of the deal</label>'
        f'<select id="v" name="v">{variants}</select></p>'
        if variants
        else ""
    )
    return (
        f'<form id="choices" method="get" action="/">{kept}'
        f"<h2>Which deal, under which law</h2>{chosen}"
        f'<p><label for="day">Law as of</label><select id="day" name="day">{days}</select></p>'
        "<noscript><p><button>Show</button></p></noscript></form>"
    )


def _option(value: str, text: str, *, chosen: bool) -> str:
    mark = " selected" if chosen else ""
    return f'<option value="{e(value)}"{mark}>{e(text)}</option>'


def sliders(setting: View, view: View) -> str:
    """Return the form of sliders, each where the view has it."""
    values = view.get("values", {})
    kept = "".join(
        f'<input type="hidden" name="{e(k)}" value="{e(x)}">'
        for k, x in home_of(setting).items()
        if x
    )
    groups = {
        "terms": [x for x in setting["dials"] if x["group"] == "terms"],
        "offers": [x for x in setting["dials"] if x["group"] == "offers"],
        "first": [x for x in setting["dials"] if x["group"] == "assumptions" and x["first"]],
        "rest": [x for x in setting["dials"] if x["group"] == "assumptions" and not x["first"]],
    }
    shown = {name: "".join(_slider(x, values) for x in dials) for name, dials in groups.items()}
    terms = (
        f"<fieldset><legend>The deal</legend>{shown['terms']}</fieldset>" if shown["terms"] else ""
    )
    offers = _folded("Other offers of the deal", shown["offers"], groups["offers"], values)
    count = f"{len(groups['rest'])} more assumptions"
    more = _folded(count, shown["rest"], groups["rest"], values)
    back = urlencode({key: x for key, x in home_of(setting).items() if x})
    return (
        f'<form id="sliders" method="get" action="/">{kept}'
        f'<h2 class="unseen">Numbers to move</h2>{terms}{offers}'
        "<fieldset><legend>What is assumed</legend>"
        '<p class="note">Moved, a number is fixed, in the point and in every draw; the others '
        f"keep their draws.</p>{shown['first']}{more}</fieldset>"
        f'<p><a id="reset" href="/?{e(back)}">Put everything back</a></p>'
        "<noscript><p><button>Show</button></p></noscript></form>"
    )


def _folded(summary: str, shown: str, dials: list[View], values: View) -> str:
    """Return sliders under a summary, open where one of them was moved; nothing for none."""
    opened = " open" if any(x["key"] in values for x in dials) else ""
    return f"<details{opened}><summary>{summary}</summary>{shown}</details>" if shown else ""


def _slider(dial: View, values: View) -> str:
    key = dial["key"]
    name = "s-" + key.replace(".", "-")
    value = values.get(key, dial["value"])
    digits = max(0, -math.floor(math.log10(dial["step"]) + 1e-9))
    shown = e(f"{value:,.{digits}f} {dial['unit']}".strip().replace("-", "−"))
    where = "at the centre" if dial["group"] == "assumptions" else "under the deal"
    hint = f"{dial['home']} {where}."
    note = f" {dial['note']}." if dial["note"] else ""
    return (
        f'<div class="dial"><label for="{name}">{e(dial["label"])}</label>'
        f'<output id="{name}-o" for="{name}">{shown}</output>'
        f'<input type="range" id="{name}" name="{e(key)}" min="{dial["least"]:.10g}" '
        f'max="{dial["most"]:.10g}" step="{dial["step"]:.10g}" value="{value:.10g}" '
        f'aria-valuetext="{shown}" aria-describedby="{name}-h">'
        f'<small id="{name}-h">{e(hint)}{e(note)}</small></div>'
    )


def editor(setting: View) -> str:
    """Return the deal file to edit, with room for its faults."""
    return (
        '<details id="editor"><summary>Edit the deal file</summary>'
        '<p class="note" id="editor-note">What you change here stays in the memory of this server '
        "until it ends. Faults are shown at their line.</p>"
        '<div class="edit"><pre id="lines" aria-hidden="true"></pre>'
        '<textarea id="text" rows="24" spellcheck="false" autocomplete="off" wrap="off" '
        'aria-label="The deal file" aria-describedby="editor-note">'
        f"{e(setting['text'])}</textarea></div>"
        '<div id="faults" role="alert"></div>'
        '<p><button type="button" id="use" disabled>Check it and use it</button></p></details>'
    )
