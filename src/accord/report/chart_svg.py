"""A Vega-Lite specification drawn as SVG that fits the page: its colours, its type, its words."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.util import find_spec

from accord.report.charts import PALETTE, Spec

NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
ARIA = re.compile(r'\s(?:role|aria-[a-z]+|tabindex|pointer-events|font-family)="[^"]*"')
ROOT = re.compile(r"<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>")
TAG = re.compile(r"<[^>]*>")
EMPTY = re.compile(r"<g[^>]*>\s*</g>")


def available() -> bool:
    """Return whether the libraries that draw are installed (accord's extra [charts])."""
    return all(find_spec(name) is not None for name in ("altair", "vl_convert"))


def svg(spec: Spec, *, name: str, title: str, says: str, kind: str) -> str:
    """Return the picture: ``name`` makes its ids its own, ``kind`` is its class on the page."""
    import vl_convert  # noqa: PLC0415 - an extra

    return on_page(
        vl_convert.vegalite_to_svg(json.dumps(spec)), name=name, title=title, says=says, kind=kind
    )


def on_page(drawn: str, *, name: str, title: str, says: str, kind: str) -> str:
    """Return an SVG with the page's colours, ids of its own, and words for who cannot see it."""
    body = TAG.sub(lambda tag: _own(tag[0], name), drawn)
    for _ in range(4):
        body = EMPTY.sub("", body)
    box = ROOT.search(body)
    if box is None:
        raise ValueError("the picture has no size")
    height, width = box[1].split()[3], box[1].split()[2]
    head = (
        f'<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" viewBox="{box[1]}" width="{width}" '
        f'height="{height}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(says)}</desc>'
    )
    return head + body[box.end() :].strip() + "\n"


def _own(tag: str, name: str) -> str:
    """Return a tag with the page's colours and ids of its own; what is written is not touched."""
    tag = ARIA.sub("", tag)
    for variable, colour in PALETTE.items():
        tag = re.sub(f'"{colour}"', f'"var({variable})"', tag, flags=re.IGNORECASE)
    tag = re.sub(r'\bid="', f'id="{name}-', tag).replace("url(#", f"url(#{name}-")
    return NUMBER.sub(lambda found: f"{float(found[0]):.1f}".replace(".0", ""), tag)
