"""One picture of an answer: who supplies the buyer, before and after. Plain SVG, nothing else."""

from __future__ import annotations

from html import escape

from accord.assessment import Assessment
from accord.report.block import more
from accord.report.names import good, place, region
from accord.report.numbers import TONNES, Unit, amount, digits_for, unit_for
from accord.report.suppliers import Trade, chosen, trades

WIDTH = 720
NAMES = 176
NUMBERS = 64
ROW = 40
BAR = 12
TOP = 62
MOST = 7

STYLE = """
.suppliers text { font: 14px system-ui, sans-serif; fill: var(--ink, #1d2530) }
.suppliers .head { font-weight: 600 }
.suppliers .quiet { fill: var(--quiet, #5b6675) }
.suppliers .before { fill: var(--before, #aeb8c4) }
.suppliers .after { fill: var(--accent, #0b5d8f) }
.suppliers text.before { fill: var(--quiet, #5b6675) }
.suppliers text.after { fill: var(--ink, #1d2530) }
"""
DARK = """
@media (prefers-color-scheme: dark) {
  .suppliers text, .suppliers text.after { fill: #e6eaef }
  .suppliers .quiet, .suppliers text.before { fill: #a3adba }
  .suppliers .before { fill: #5d6875 }
  .suppliers .after { fill: #6db6e3 }
}
"""


def picture(a: Assessment, *, standalone: bool = False) -> str | None:
    """Return an SVG of the importer's suppliers before and after; ``None`` without an importer.

    ``standalone`` makes it a file of its own that follows the reader's light or dark setting;
    otherwise it takes the colours of the page that it is put into.
    """
    importer = a.focus.importer
    if importer is None:
        return None
    rows = _rows(a, importer)
    largest = max(max(t.before, t.after) for _, t in rows)
    if largest <= 0.0:
        return None
    unit = unit_for((t.after for _, t in rows), TONNES)
    body = [_bars(name, trade, i, largest, unit) for i, (name, trade) in enumerate(rows)]
    height = TOP + ROW * len(rows)
    title = f"Who supplies {place(a, importer)} with {good(a, a.focus.good)}, {unit.name} a year"
    style = STYLE + (DARK if standalone else "")
    size = f'viewBox="0 0 {WIDTH} {height}"'
    root = f'<svg class="suppliers" xmlns="http://www.w3.org/2000/svg" role="img" {size}>'
    return "\n".join(
        [
            root,
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style>",
            f'<text class="head" x="0" y="16">{escape(title)}</text>',
            _legend(a),
            *body,
            "</svg>\n",
        ]
    )


def _rows(a: Assessment, importer: str) -> list[tuple[str, Trade]]:
    found = trades(a, destination=importer)
    found.sort(key=lambda t: (-t.after, -t.before))
    shown = chosen(found, a.focus.exporter, MOST)
    rows = [(region(a, t.origin) + (", home" if t.home else ""), t) for t in shown]
    rest = [t for t in found if t not in shown]
    if rest:
        sums = sum(t.before for t in rest), sum(t.after for t in rest)
        rows.append((more(len(rest)), Trade("", importer, *sums)))
    return rows


def _legend(a: Assessment) -> str:
    after = f"after: {a.deal.variant or a.deal.title}"
    return (
        f'<rect class="before" x="0" y="30" width="{BAR}" height="{BAR}"/>'
        f'<text class="quiet" x="18" y="41">before</text>'
        f'<rect class="after" x="80" y="30" width="{BAR}" height="{BAR}"/>'
        f'<text class="quiet" x="98" y="41">{escape(_cut(after, 76))}</text>'
    )


def _bars(name: str, trade: Trade, place_in_list: int, largest: float, unit: Unit) -> str:
    y = TOP + ROW * place_in_list
    digits = digits_for((largest,), unit)
    bars = [
        _bar(kind, value, largest, y + offset, amount(value, unit, digits))
        for kind, value, offset in (("before", trade.before, 0), ("after", trade.after, BAR + 2))
    ]
    label = f'<text x="0" y="{y + BAR + 5}">{escape(_cut(name, 24))}</text>'
    return "\n".join([label, *bars])


def _bar(kind: str, value: float, largest: float, y: int, text: str) -> str:
    length = round((WIDTH - NAMES - NUMBERS) * value / largest, 1)
    return (
        f'<rect class="{kind}" x="{NAMES}" y="{y}" width="{length}" height="{BAR}"/>'
        f'<text class="{kind}" x="{NAMES + length + 6:g}" y="{y + BAR - 1}">{text}</text>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
