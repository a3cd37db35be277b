"""The picture of docs/speed.md: time and memory against regions, a line for each length of chain.

Plain SVG, both axes in powers of ten. Lines differ in colour, in dashes and by their names at the
ends, so that none has to be told by its colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 92, 40, 44
# Okabe and Ito's colours, told apart by the colour-blind; dashes besides.
LINES = (("#0072b2", ""), ("#d55e00", "7 4"), ("#009e73", "2 3"), ("#8a5a83", "10 3 2 3"))
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1d2530 }
.head { font-size: 14px; font-weight: 600 }
.quiet { fill: #5b6675 }
line { stroke: #d5dbe2 }
polyline { fill: none; stroke-width: 2.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6eaef } .quiet { fill: #a3adba } line { stroke: #3a4450 }
}
"""
# Names at the ends of lines keep this far apart.
APART = 15.0

Point = tuple[int, int, float, float]


def picture(points: Sequence[Point]) -> str:
    """Return the SVG of (stages, regions, milliseconds, megabytes)."""
    time = _panel("Time of a solve from a cold start, ms", points, 0, lambda p: p[2])
    memory = _panel("Peak memory of the process, MB", points, HEIGHT, lambda p: p[3])
    size = f'viewBox="0 0 {WIDTH} {2 * HEIGHT}"'
    root = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>'
    title = "<title>Time and memory against regions, for chains of 1 to 10 stages</title>"
    return "\n".join([root, title, f"<style>{STYLE}</style>", time, memory, "</svg>\n"])


def _panel(head: str, points: Sequence[Point], base: float, value: Callable[[Point], float]) -> str:
    regions = sorted({p[1] for p in points})
    low = 10.0 ** np.floor(np.log10(min(map(value, points))))
    high = 10.0 ** np.ceil(np.log10(max(map(value, points))))

    def x(region: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * _part(region, regions[0], regions[-1])

    def y(amount: float) -> float:
        return base + HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _part(amount, low, high)

    parts = [f'<text class="head" x="0" y="{base + 16}">{escape(head)}</text>']
    for k in range(round(np.log10(low)), round(np.log10(high)) + 1):
        at = y(10.0**k)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{10.0**k:,.10g}", "end"))
    parts += [_text(x(r), base + HEIGHT - BOTTOM + 18, str(r), "middle") for r in regions]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text(middle, base + HEIGHT - BOTTOM + 36, "regions", "middle"))
    stages = sorted({p[0] for p in points})
    ends: list[tuple[float, str]] = []
    for count, (colour, dash) in zip(stages, LINES, strict=True):
        mine = sorted((p for p in points if p[0] == count), key=lambda p: p[1])
        path = " ".join(f"{x(p[1]):.1f},{y(value(p)):.1f}" for p in mine)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<polyline stroke="{colour}"{dashes} points="{path}"/>')
        ends.append((y(value(mine[-1])), f"{count} stage{'s' if count > 1 else ''}"))
    parts += [
        f'<text x="{WIDTH - RIGHT + 8}" y="{at + 4:.1f}">{name}</text>'
        for at, name in _spread(sorted(ends))
    ]
    return "\n".join(parts)


def _part(value: float, low: float, high: float) -> float:
    return float(np.log(value / low) / np.log(high / low))


def _spread(ends: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Move names down where they would overlap."""
    found: list[tuple[float, str]] = []
    for at, name in ends:
        lowest = found[-1][0] + APART if found else at
        found.append((max(at, lowest), name))
    return found


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="quiet" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
