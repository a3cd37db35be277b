"""The specifications of the page's charts: the report's own, with the page's colours by name."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from accord.report.chart_svg import on_page
from accord.report.charts import PALETTE, gains_chart
from accord.web.view import View

WIDTHS = {"wide": 720, "narrow": 350}


@lru_cache(maxsize=64)
def charts(rows: int) -> View:
    """Return the chart of gains with so many rows, for wide and narrow windows, as Vega.

    The browser gets what Vega-Lite stands for: it has less to work out before the first chart.
    """
    return {name: _coloured(spec) for name, spec in _specs(rows).items()}


@lru_cache(maxsize=64)
def _specs(rows: int) -> dict[str, dict[str, Any]]:
    import vl_convert  # noqa: PLC0415 - an extra, and slow

    return {
        name: vl_convert.vegalite_to_vega(gains_chart(width, rows=rows, ranges=True))
        for name, width in WIDTHS.items()
    }


def drawn(gains: View) -> str:
    """Return the chart of gains as pictures, wide and narrow, to see before any script has run."""
    import vl_convert  # noqa: PLC0415 - an extra, and slow

    pictures: list[str] = []
    for name, spec in _specs(len(gains["rows"])).items():
        data = [x | {"values": gains["rows"]} if x["name"] == "gains" else x for x in spec["data"]]
        svg = vl_convert.vega_to_svg(spec | {"data": data})
        says = {"title": gains["title"], "says": gains["says"]}
        svg = on_page(svg, name=f"gains-{name}", kind=f"drawn {name}", **says)
        # What holds it says what it shows.
        pictures.append(svg.replace('role="img"', 'aria-hidden="true"', 1))
    return "".join(pictures)


def _coloured(spec: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return a specification whose colours follow the page's: light, dark, on paper."""
    text = json.dumps(spec)
    for name, colour in PALETTE.items():
        text = text.replace(f'"{colour}"', f'"var({name})"')
    return json.loads(text)
