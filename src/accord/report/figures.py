"""The pictures of the page: charts where the libraries for them are there, own SVG elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accord.assessment import Assessment
from accord.effects.by_term import ByTerm
from accord.report import chart_svg, charts, flow_picture, html
from accord.report.chart_data import (
    MONEY,
    ChartData,
    gains_data,
    paths_data,
    rests_on_data,
    who_pays_sentence,
    why_data,
)
from accord.report.charts import NARROW, WIDE, Spec
from accord.report.paths_picture import years_picture
from accord.report.why import Asked

WIDTHS = (("wide", WIDE), ("narrow", NARROW))
WHISKERS = (
    "Bars: the central answer. Thin lines: from the 10 % to the 90 % point of the draws of what is "
    "uncertain."
)
YEARS = "The trade and the price that the deal is about, year by year"
NOT_FROM_ZERO = "The axis does not begin at 0."
BANDS = "A band is as thick as what a supplier sends; at the right, after the deal, its change."


@dataclass(frozen=True, slots=True)
class Figures:
    """Draws what the page shows; ``charts`` is whether accord's extra [charts] is there.

    Without it pictures that only charts can draw are left out; their tables never are.
    """

    charts: bool

    def flows(self, a: Assessment) -> str:
        """Return who supplies the buyer, before and after."""
        title = flow_picture.caption(a)
        if title is None:
            return ""
        frames = (flow_picture.WIDE, flow_picture.NARROW)
        drawn = [flow_picture.flow_picture(a, frame) or "" for frame in frames]
        return html.figure(title, drawn, BANDS)

    def gains(self, a: Assessment) -> str:
        """Return who gains and who pays, with what it ranges over."""
        said = html.paragraph(who_pays_sentence(a))
        data = gains_data(a)
        if not self.charts or not any(row["value"] for row in data.rows):
            return said
        ranged = any(row["range"] for row in data.rows)
        drawn = [
            _drawn(data, kind, charts.gains_chart(width, rows=len(data.rows), ranges=ranged))
            for kind, width in WIDTHS
        ]
        return said + html.figure(data.title, drawn, WHISKERS if ranged else "")

    def why(self, a: Assessment, numbers: tuple[Asked, ...], found: ByTerm) -> str:
        """Return the first number and the first gain as sums of what each term adds."""
        if not self.charts or len(found.terms) < 2:  # noqa: PLR2004 - a sum
            return ""
        first = (*numbers[:1], *(x for x in numbers[1:] if x.key[0] == MONEY))[:2]
        return "\n".join(self._waterfall(why_data(a, x, found)) for x in first)

    def _waterfall(self, data: ChartData) -> str:
        drawn: list[str] = []
        for kind, width in WIDTHS:
            rows, lines = charts.labelled(data, width)
            spec = charts.why_chart(width, name=data.name, rows=len(rows), lines=lines)
            drawn.append(
                _drawn(ChartData(data.name, data.title, data.says, data.unit, rows), kind, spec)
            )
        return html.figure(data.title, drawn)

    def years(self, a: Assessment) -> str:
        """Return the numbers of the deal over the years."""
        if not self.charts:
            plain = years_picture(a)
            return "" if plain is None else html.figure(YEARS, [html.scrolling(YEARS, plain)])
        return "\n".join(
            html.figure(data.title, list(_path(data)), "" if _from_zero(data) else NOT_FROM_ZERO)
            for data in paths_data(a)
        )

    def rests_on(self, a: Assessment) -> str:
        """Return which uncertain numbers the range comes from."""
        data = rests_on_data(a)
        if data is None or not self.charts:
            return ""
        drawn: list[str] = []
        for kind, width in WIDTHS:
            rows, lines = charts.labelled(data, width)
            spec = charts.rests_on_chart(width, rows=len(rows), lines=lines)
            drawn.append(
                _drawn(ChartData(data.name, data.title, data.says, data.unit, rows), kind, spec)
            )
        return html.figure(data.title, drawn)


def _path(data: ChartData) -> Iterator[str]:
    for kind, width in WIDTHS:
        spec = charts.path_chart(width, name=data.name, from_zero=_from_zero(data))
        yield _drawn(data, kind, spec)


def _from_zero(data: ChartData) -> bool:
    """Whether the axis begins at nothing: that of amounts does, that of prices does not."""
    return not data.name.endswith("price")


def _drawn(data: ChartData, kind: str, spec: Spec) -> str:
    return chart_svg.svg(
        charts.with_rows(spec, {data.name: data.rows}),
        name=f"{data.name}-{kind}",
        title=data.title,
        says=data.says,
        kind=f"chart {kind}",
    )
