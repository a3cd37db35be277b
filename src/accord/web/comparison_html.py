"""Positions side by side as HTML: what keeps them, their tables and their picture."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from accord.web.controls import text_of as e
from accord.web.pins import FILED, LETTERS, MOST_KEPT, NOW, NUMBER, Pins
from accord.web.position import Position
from accord.web.view import View

NOTHING = (
    "Keep what is on the screen, move on, and both stand side by side here, with their "
    f"differences; up to {MOST_KEPT} at once. The address carries them."
)
WORKED_OUT = "The kept positions are being worked out …"
SHOW = "<noscript><p><button>Show</button></p></noscript>"


def compare_section(
    now: Position, pins: Pins, variants: Sequence[str], compared: View | None
) -> str:
    """Return the section: the buttons, and what is kept beside the present position."""
    heading = "Positions side by side"
    hidden = "" if pins.kept else ' class="unseen"'
    body = f'<p class="note">{e(NOTHING)}</p>'
    if compared is not None:
        body = fragment(compared, now, pins)
    elif pins.kept:
        again = f'<noscript> <a href="{e(pins.address(now.query))}">Look again</a></noscript>'
        body = f'<p class="note" id="compare-later">{WORKED_OUT}{again}</p>'
    return (
        f'<section id="compare" aria-labelledby="compare-title" data-nothing="{e(NOTHING)}">'
        f'<h2 id="compare-title"{hidden}>{heading}</h2>'
        f'<div class="keeping">{_buttons(now, pins, variants)}</div>'
        '<p id="kept-said" class="note" role="status"></p>'
        f'<p id="compare-busy" class="note" hidden>{WORKED_OUT}</p>'
        f'<div id="compared">{body}</div></section>'
    )


def _buttons(now: Position, pins: Pins, variants: Sequence[str]) -> str:
    full = len(pins.kept) == MOST_KEPT
    found = [_form("keep", "Keep this to compare", now.query, pins.with_one_more(now), off=full)]
    if len(variants) > 1:
        found.append(_form("keep-variants", "Compare all variants", now.query,
                           all_variants(now, pins, variants)))  # fmt: skip
    if pins.kept:
        found.append(_form("forget", "Remove all", now.query, Pins()))
    return "".join(found)


def all_variants(now: Position, pins: Pins, variants: Sequence[str]) -> Pins:
    """Return pins of the first variants under the same law and assumptions, terms as filed."""
    assumed = tuple(x for x in now.moved if x[0].startswith("a."))
    kept = tuple(Position(name, now.as_of, now.edited, assumed) for name in variants[:MOST_KEPT])
    return Pins(kept, number=pins.number)


def _form(name: str, label: str, at: str, pins: Pins, *, off: bool = False) -> str:
    mark = " disabled" if off else ""
    return (
        f'<form id="{name}" method="get" action="/">{_hidden(at, pins)}'
        f"<button{mark}>{label}</button></form>"
    )


def _hidden(at: str, pins: Pins, form: str = "") -> str:
    """Return a position and what is kept as entries of a form."""
    of = f' form="{form}"' if form else ""
    return "".join(
        f'<input type="hidden"{of} name="{e(key)}" value="{e(value)}">'
        for key, value in [*parse_qsl(at, keep_blank_values=True), *pins.entries]
    )


# ------------------------------------------------------------------------------------ side by side


def fragment(view: View, now: Position, pins: Pins) -> str:
    """Return the tables and the picture of a comparison."""
    levels, *differences = view["tables"]
    plain = Pins(pins.kept, LETTERS[0])
    # Without a script the page's other forms take along what is kept.
    others = "".join(_hidden("", pins, form) for form in ("choices", "sliders"))
    form = (
        f'<form id="pins" method="get" action="/">{_hidden(now.query, plain)}'
        f"{_numbers(view)}{SHOW}</form><noscript>{others}</noscript>"
    )
    notes = "".join(f"<li>{e(x)}</li>" for x in view["notes"])
    return (
        f"{form}{_picture(view)}"
        f"{_table(view, levels, 'levels', _heads(view, now, pins))}"
        + "".join(_table(view, x, "differences", _letters(view)) for x in differences)
        + (f'<ul class="note" id="compare-notes">{notes}</ul>' if notes else "")
    )


def _heads(view: View, now: Position, pins: Pins) -> str:
    return "".join(_head(x, view["base"], now, pins) for x in view["columns"])


def _head(x: View, base: str, now: Position, pins: Pins) -> str:
    key = x["key"]
    title = f"<b>{e(x['letter'])}</b> "
    name = e(x["name"])
    if key != NOW:
        name = f'<a href="{e(pins.address(x["query"]))}">{name}</a>'
    chosen = " checked" if key == base else ""
    radio = (
        f'<label><input type="radio" form="pins" name="b" id="base-{key}" value="{key}"{chosen}> '
        f'baseline<span class="unseen">: {e(x["letter"])}</span></label>'
    )
    drop = ""
    if key not in {NOW, FILED}:
        without = pins.without(LETTERS.index(key)).address(now.query)
        drop = (
            f'<a class="drop" data-drop="{key}" href="{e(without)}">'
            f'Remove<span class="unseen"> {e(x["letter"])}</span></a>'
        )
    none = '<span class="odds">no answer: why stands below</span>' if x["why"] else ""
    return f'<th scope="col" class="{_kind(x)}">{title}<span>{name}</span>{none}{radio}{drop}</th>'


def _letters(view: View) -> str:
    return "".join(
        f'<th scope="col" class="{_kind(x)}"><b>{e(x["letter"])}</b> <span>{e(x["name"])}</span>'
        "</th>"
        for x in view["columns"]
    )


def _kind(column: View) -> str:
    kind = "now" if column["key"] == NOW else "kept"
    return f"{kind} none" if column["why"] else kind


def _table(view: View, table: View, name: str, heads: str) -> str:
    kinds = [_kind(x) for x in view["columns"]]
    rows = "".join(_row(row, kinds) for row in table["rows"])
    labelled = f"compare-{name}"
    return (
        f'<h3 id="{labelled}">{e(table["heading"])}</h3>'
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{labelled}" '
        f'id="scroll-{name}"><table><thead><tr><th scope="col"><span class="unseen">which</span>'
        f"</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<p class="note">{e(table["note"])}</p>'
    )


def _row(row: View, kinds: Sequence[str]) -> str:
    cells = "".join(
        f'<td class="{kind}">{_cell(x)}</td>' for x, kind in zip(row["cells"], kinds, strict=True)
    )
    return (
        f'<tr><th scope="row">{e(row["name"])} <span class="unit">{e(row["unit"])}</span></th>'
        f"{cells}</tr>"
    )


def _cell(x: dict[str, str]) -> str:
    parts = [f'<span class="{kind}">{e(x[kind])}</span>' for kind in ("value", "range", "odds")
             if x[kind]]  # fmt: skip
    return " ".join(parts)


def _numbers(view: View) -> str:
    options = "".join(
        f'<option value="{e(x["id"])}"{" selected" if x["id"] == view["number"] else ""}>'
        f"{e(x['name'])}</option>"
        for x in view["numbers"]
    )
    if not options:
        return ""
    select = f'<select id="m" name="{NUMBER}">{options}</select>'
    return f'<p><label for="m">Picture of</label> {select}</p>'


def _picture(view: View) -> str:
    found = view["picture"]
    if found is None:
        return ""
    return (
        f'<figure id="compare-figure"><figcaption>{e(found["caption"])}</figcaption>'
        f'{"".join(found["drawn"])}<p class="note">{e(found["note"])}</p></figure>'
    )
