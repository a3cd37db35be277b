"""Charts as Vega-Lite: one function a picture, from its size to its specification.

Data are named and not in the specification: the report puts the rows of ``chart_data`` there and
draws it to SVG (``chart_svg``), the live page sends new rows to the same one. Colours are those of
``PALETTE``, which the page gives by name and not by value, so that dark mode and print work.
Altair is the extra [charts]; it is imported when a chart is asked for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from accord.report.chart_data import ALL_TERMS, ChartData, Rows

if TYPE_CHECKING:
    import altair as alt

Spec = dict[str, Any]

# Each colour by the CSS variable of the page that it stands for; blue and orange are told apart
# by people who do not tell red from green.
PALETTE = {
    "--ink": "#1d2530",
    "--quiet": "#566170",
    "--line": "#dfe4ea",
    "--accent": "#0b5d8f",
    "--loss": "#b4570a",
    "--before": "#aeb8c4",
    "--paper": "#ffffff",
}
INK, QUIET, LINE = PALETTE["--ink"], PALETTE["--quiet"], PALETTE["--line"]
ACCENT, LOSS, BEFORE = PALETTE["--accent"], PALETTE["--loss"], PALETTE["--before"]
SIDES = {"up": ACCENT, "down": LOSS, "none": BEFORE, "total": INK}

WIDE, NARROW = 720, 350
FONT = 13
LINE_HEIGHT = 17
BAR = 14
NUMBERS = 62
RANGES = 126
CONFIG: Spec = {
    "view": {"stroke": None},
    "axis": {"labelColor": INK, "titleColor": QUIET, "gridColor": LINE, "labelFontSize": FONT},
    "legend": {"labelColor": INK},
}
LETTER = 6.7
"""Pixels of a letter of the font, on the generous side."""


def gains_chart(width: int = WIDE, *, rows: int, ranges: bool) -> Spec:
    """Return diverging bars with whiskers, the numbers in columns at the right.

    Data ``gains``: who, value, low, high, text, range, side; ``rows`` is how many there are.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    narrow = width < WIDE
    names = 122 if narrow else 170
    with_ranges = ranges and not narrow
    right = NUMBERS + (RANGES if with_ranges else 0)
    inner = width - names
    base = alt.Chart(alt.NamedData(name="gains")).encode(
        y=alt.Y("who:N", sort=None, title=None, axis=_names_axis(names))
    )
    scale = alt.Scale(range=[0, inner - right - 10], nice=False, zero=True)
    x = alt.X("value:Q", title=None, scale=scale, axis=None)
    layers = [
        base.mark_bar(height=BAR).encode(x=x, color=_sides()),
        base.mark_rule(strokeWidth=1.5, color=INK).encode(
            x=alt.X("low:Q", title=None, scale=scale, axis=None), x2="high:Q"
        ),
        alt.Chart(alt.NamedData(name="gains"))
        .mark_rule(color=QUIET)
        .encode(x=alt.datum(0, scale=scale)),
        _text(base, "text", inner - (RANGES if with_ranges else 0), weight="bold"),
    ]
    if with_ranges:
        layers.append(_text(base, "range", inner, color=QUIET))
    return _finished(alt.layer(*layers), inner, 27 * rows)


def why_chart(width: int = WIDE, *, name: str, rows: int, lines: int = 1) -> Spec:
    """Return a waterfall: one step a term from nothing to all terms together.

    Data ``name``: label (a list of lines, see ``wrapped``), start, end, text, side.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    step, top, middle = _places(lines)
    base = alt.Chart(alt.NamedData(name=name)).encode(y=alt.Y("place:O", axis=None, sort=None))
    scale = alt.Scale(range=[2, width - NUMBERS - 14], nice=False, zero=True)
    x = alt.X("start:Q", title=None, scale=scale, axis=None)
    layers = [
        base.mark_bar(height=BAR, yOffset=middle).encode(x=x, x2="end:Q", color=_sides()),
        base.mark_tick(thickness=2, height=BAR, yOffset=middle).encode(
            x=alt.X("end:Q", scale=scale, axis=None), color=_sides()
        ),
        alt.Chart(alt.NamedData(name=name))
        .mark_rule(color=QUIET)
        .encode(x=alt.datum(0, scale=scale)),
        _label(base, top).encode(x=alt.value(6)),
        _text(base, "text", width, weight="bold", down=middle),
    ]
    return _finished(alt.layer(*layers), width, step * rows)


def path_chart(width: int = WIDE, *, name: str, from_zero: bool) -> Spec:
    """Return a number over the years: dashed without the deal, solid with it.

    Data ``name``: year, side ("with the deal", "without the deal"), value.
    """
    import altair as alt  # noqa: PLC0415 - an extra

    sides = ["without the deal", "with the deal"]
    scale = alt.Scale(zero=from_zero, nice=True)
    top = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=300,
                     symbolStrokeWidth=2.5, offset=6, labelFontSize=FONT)  # fmt: skip
    lines = (
        alt.Chart(alt.NamedData(name=name))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("year:O", title=None, axis=_years_axis()),
            y=alt.Y("value:Q", title=None, scale=scale, axis=_values_axis()),
            color=alt.Color("side:N", legend=top, scale=_scale(sides, [QUIET, ACCENT])),
            strokeDash=alt.StrokeDash("side:N", legend=top, scale=_scale(sides, [[5, 4], [1, 0]])),
        )
    )
    return _finished(lines, width - 62, 170)


def rests_on_chart(width: int = WIDE, *, rows: int, lines: int = 1) -> Spec:
    """Return bars: how much of the range comes from which number. Data ``rests-on``."""
    import altair as alt  # noqa: PLC0415 - an extra

    step, top, middle = _places(lines)
    base = alt.Chart(alt.NamedData(name="rests-on")).encode(
        y=alt.Y("place:O", axis=None, sort=None)
    )
    scale = alt.Scale(range=[0, width - NUMBERS], domain=[0, 100], nice=False)
    colours = _scale(["decides", "rest"], [ACCENT, BEFORE])
    layers = [
        base.mark_bar(height=BAR, yOffset=middle).encode(
            x=alt.X("value:Q", title=None, scale=scale, axis=None),
            color=alt.Color("side:N", legend=None, scale=colours),
        ),
        _label(base, top).encode(x=alt.value(0)),
        _text(base, "text", width, weight="bold", down=middle),
    ]
    return _finished(alt.layer(*layers), width, step * rows)


def labelled(data: ChartData, width: int) -> tuple[Rows, int]:
    """Return rows with their place and labels broken into lines, and the most lines there are."""
    letters = int((width - 8) / LETTER)
    broken = [textwrap.wrap(str(row["label"]), letters) or [""] for row in data.rows]
    most = max((len(x) for x in broken), default=1)
    rows = tuple(
        {**row, "label": "\n".join(x), "place": i}
        for i, (row, x) in enumerate(zip(data.rows, broken, strict=True))
    )
    return rows, most


def with_rows(spec: Spec, rows: dict[str, Rows]) -> Spec:
    """Return a specification with the rows of its named data in it."""
    return {**spec, "datasets": {name: list(found) for name, found in rows.items()}}


def _finished(chart: alt.TopLevelMixin, width: int, height: int) -> Spec:
    """Return a chart of a size, in the page's type and colours, as a specification."""
    size = {"width": width, "height": height, "background": "transparent", "padding": 0}
    return {**chart.to_dict(), **size, "config": CONFIG}


def _sides() -> alt.Color:
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Color("side:N", legend=None, scale=_scale(list(SIDES), list(SIDES.values())))


def _scale(domain: Sequence[str], values: Sequence[Any]) -> alt.Scale:
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Scale(domain=list(domain), range=list(values))


def _names_axis(width: int) -> alt.Axis:
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Axis(labelLimit=width - 8, labelPadding=8, ticks=False, domain=False,
                    minExtent=width, maxExtent=width)  # fmt: skip


def _years_axis() -> alt.Axis:
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Axis(ticks=False, domain=False, labelPadding=8, labelAngle=0, labelOverlap=True,
                    grid=False)  # fmt: skip


def _values_axis() -> alt.Axis:
    import altair as alt  # noqa: PLC0415 - an extra

    return alt.Axis(ticks=False, domain=False, labelPadding=8, tickCount=4)


def _places(lines: int) -> tuple[int, float, float]:
    """Return the height of a row with a label above its bar, and where both are in it."""
    step = LINE_HEIGHT * lines + BAR + 12
    top = 3 - step / 2
    return step, top, top + LINE_HEIGHT * lines + 1 + BAR / 2


def _label(base: alt.Chart, top: float) -> alt.Chart:
    """Return the label above a bar, broken into lines where the data are."""
    marked = base.mark_text(
        align="left", baseline="top", fontSize=FONT, lineHeight=LINE_HEIGHT, color=INK,
        yOffset=top, lineBreak="\n",
    )  # fmt: skip
    return marked.encode(text="label:N")


def _text(  # noqa: PLR0913 - a column of text has as many sides
    base: alt.Chart,
    field: str,
    right: float,
    *,
    weight: Literal["normal", "bold"] = "normal",
    color: str = INK,
    down: float = 0.0,
) -> alt.Chart:
    """Return a column of numbers whose right edge is ``right`` pixels from the left."""
    import altair as alt  # noqa: PLC0415 - an extra

    marked = base.mark_text(
        align="right", fontSize=FONT, fontWeight=weight, color=color, yOffset=down
    )
    return marked.encode(text=f"{field}:N", x=alt.value(right))


__all__ = ["ALL_TERMS", "NARROW", "PALETTE", "WIDE", "gains_chart", "labelled", "path_chart",
           "rests_on_chart", "why_chart", "with_rows"]  # fmt: skip
