"""A picture of the years: one number without the deal and with it, as two lines. Plain SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from accord.assessment import Assessment
from accord.report.numbers import UNITS, Unit, amount, digits_for, unit_for
from accord.report.paths import Series, series

WIDTH = 720
HEIGHT = 190
LEFT = 76
RIGHT = 16
TOP = 34
BOTTOM = 26
SHOWN = ("flow", "output", "buyer_price")

STYLE = """
.years text { font: 13px system-ui, sans-serif; fill: var(--ink, #1d2530) }
.years .head { font-size: 14px; font-weight: 600 }
.years .quiet { fill: var(--quiet, #5b6675) }
.years line { stroke: var(--line, #d5dbe2) }
.years polyline { fill: none; stroke-width: 2.5 }
.years .before { stroke: var(--quiet, #5b6675); stroke-dasharray: 5 4 }
.years .after { stroke: var(--accent, #0b5d8f) }
"""


def years_picture(a: Assessment) -> str | None:
    """Return an SVG of the trade and the price that the deal is about, year by year.

    ``None`` where no years were asked for, or only one: a line needs two.
    """
    answer = a.paths
    if answer is None or len(answer.paths.years) < 2:  # noqa: PLR2004 - a line
        return None
    years = [year.year for year in answer.paths.years]
    chosen = [s for s in series(a, answer) if s.result.measure in SHOWN and None not in s.before]
    if not chosen:
        return None
    title = f"{'; '.join(s.result.name for s in chosen)}, {years[0]}-{years[-1]}"
    panels = [_panel(one, years, i) for i, one in enumerate(chosen)]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT * len(chosen)}"'
    root = f'<svg class="years" xmlns="http://www.w3.org/2000/svg" role="img" {size}>'
    return "\n".join(
        [root, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *panels, "</svg>\n"]
    )


def _panel(one: Series, years: Sequence[int], place: int) -> str:
    base = HEIGHT * place
    both = [v for v in (*one.before, *one.after) if v is not None]
    unit = unit_for(both, UNITS[one.result.unit])
    low, high = _range(both, from_zero=one.result.measure != "buyer_price")
    head = f"{one.result.name}, {unit.name}; dashed: without the deal"
    parts = [f'<text class="head" x="0" y="{base + 16}">{escape(head)}</text>']
    parts += [_mark(value, low, high, base, unit) for value in (low, 0.5 * (low + high), high)]
    parts += [_year(year, years, base) for year in _some(years)]
    for kind, values in (("before", one.before), ("after", one.after)):
        points = " ".join(
            f"{_x(year, years):.1f},{base + _y(value, low, high):.1f}"
            for year, value in zip(years, values, strict=True)
            if value is not None
        )
        parts.append(f'<polyline class="{kind}" points="{points}"/>')
    return "\n".join(parts)


def _range(values: Sequence[float], *, from_zero: bool) -> tuple[float, float]:
    """Return the ends of the axis: from nothing where amounts are shown, else with some air."""
    low, high = min(values), max(values)
    air = 0.1 * (high - low) or 0.05 * abs(high) or 1.0
    return (min(low, 0.0) if from_zero else low - air), high + air


def _x(year: int, years: Sequence[int]) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (year - years[0]) / (years[-1] - years[0])


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)


def _mark(value: float, low: float, high: float, base: int, unit: Unit) -> str:
    y = base + _y(value, low, high)
    text = amount(value, unit, digits_for((low, high), unit))
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="quiet" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    )


def _year(year: int, years: Sequence[int], base: int) -> str:
    return (
        f'<text class="quiet" x="{_x(year, years):.1f}" y="{base + HEIGHT - 8}" '
        f'text-anchor="middle">{year}</text>'
    )


def _some(years: Sequence[int]) -> Iterable[int]:
    """Return the years that are named below the lines: at most about eight."""
    step = max(1, (len(years) + 6) // 7)
    return years[::step]
