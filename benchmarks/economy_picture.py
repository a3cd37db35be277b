"""The picture of docs/economy.md: time against regions, a line for each number of sectors.

Plain SVG, both axes in powers of ten; the limit of bandwidth is drawn thin in the line's colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 40, 48
# Okabe and Ito's colours, told apart by the colour-blind; dashes besides.
LINES = (("#0072b2", ""), ("#d55e00", "7 4"), ("#009e73", "2 3"), ("#8a5a83", "10 3 2 3"))
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1d2530 }
.head { font-size: 14px; font-weight: 600 }
.quiet { fill: #5b6675 }
line { stroke: #d5dbe2 }
polyline { fill: none; stroke-width: 2.5 }
.limit { stroke-width: 1 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6eaef } .quiet { fill: #a3adba } line { stroke: #3a4450 }
}
"""
APART = 15.0
Point = tuple[int, int, float, float]


def picture(points: Sequence[Point]) -> str:
    """Return the SVG of (sectors, regions, milliseconds, limit in milliseconds)."""
    lines = {count: sorted(p for p in points if p[0] == count) for count in (10, 40)}
    lone = [p for p in points if p[0] not in lines]
    low = 10.0 ** np.floor(np.log10(min(p[3] for p in points)))
    high = 10.0 ** np.ceil(np.log10(max(p[2] for p in points)))
    regions = sorted({p[1] for p in points})

    def at(n: float, ms: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * _part(n, regions[0], regions[-1])
        return x, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _part(ms, low, high)

    parts = ['<text class="head" x="0" y="16">Time of a certified counterfactual, ms</text>']
    for k in range(round(np.log10(low)), round(np.log10(high)) + 1):
        _, y = at(regions[0], 10.0**k)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**k:,.10g}", "end"))
    parts += [_text(at(n, low)[0], HEIGHT - BOTTOM + 18, str(n), "middle") for n in regions]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "regions", "middle"))
    ends: list[tuple[float, str]] = []
    for (count, mine), (colour, dash) in zip(lines.items(), LINES, strict=False):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        for column, css in ((2, ""), (3, ' class="limit"')):
            path = " ".join("{:.1f},{:.1f}".format(*at(p[1], p[column])) for p in mine)
            parts.append(f'<polyline{css} stroke="{colour}"{dashes} points="{path}"/>')
        for column, words in ((2, f"{count} sectors"), (3, f"limit, {count} sectors")):
            ends.append((at(mine[-1][1], mine[-1][column])[1], words))
    parts += [f'<text x="{WIDTH - RIGHT + 10}" y="{y + 4:.1f}">{w}</text>' for y, w in _apart(ends)]
    for sectors, n, ms, limit in lone:
        x, y = at(n, ms)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{LINES[2][0]}"/>')
        parts.append(_text(x - 8, y - 6, f"{sectors} × {n}", "end"))
        x, y = at(n, limit)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="none" stroke="{LINES[2][0]}"/>'
        )
    root = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}">'
    title = "<title>Time of a counterfactual against regions, with the limit of bandwidth</title>"
    return "\n".join([root, title, f"<style>{STYLE}</style>", *parts, "</svg>\n"])


def _apart(ends: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return names moved down where they would overlap."""
    found: list[tuple[float, str]] = []
    for y, words in sorted(ends):
        found.append((max(y, found[-1][0] + APART) if found else y, words))
    return found


def _part(value: float, low: float, high: float) -> float:
    return float(np.log(value / low) / np.log(high / low))


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="quiet" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
