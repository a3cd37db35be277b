"""The bands of the flow picture: as thick as the tonnes, in their frame, labels apart."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from accord.assessment import Assessment
from accord.report.flow_picture import (
    NARROW,
    WIDE,
    Frame,
    caption,
    flow_picture,
    suppliers_shown,
)

RECT = re.compile(r'<rect x="(\d+)" y="([\d.]+)" width="\d+" height="([\d.]+)"/>')
FRAMES = pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])


def drawn(a: Assessment, frame: Frame) -> str:
    found = flow_picture(a, frame)
    assert found is not None
    return found


@FRAMES
def test_a_band_is_as_thick_as_its_tonnes(free: Assessment, frame: Frame) -> None:
    found = suppliers_shown(free)
    heights = [float(h) for _, _, h in RECT.findall(drawn(free, frame))]
    tonnes = [t for x in found for t in (x.before, x.after)]
    scale = max(heights) / max(tonnes)
    for height, amount in zip(heights, tonnes, strict=True):
        assert height == pytest.approx(scale * amount, abs=0.8)


@FRAMES
def test_all_tonnes_are_in_it(founding: Assessment, frame: Frame) -> None:
    found = suppliers_shown(founding)
    buyer = founding.focus.importer
    flows = [r for r in founding.effects.rows if r.measure == "flow"]
    rows = [r for r in flows if r.good == founding.focus.good and r.region.endswith(f">{buyer}")]
    assert sum(x.after for x in found) == pytest.approx(sum(r.after or 0.0 for r in rows))
    assert sum(x.kind == "focus" for x in found) == 1
    assert "<title" in drawn(founding, frame)


@FRAMES
def test_everything_is_inside_the_frame(founding: Assessment, frame: Frame) -> None:
    text = drawn(founding, frame)
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', text)
    assert box is not None
    bottom = max(float(y) for y in re.findall(r'<text[^>]* y="([\d.]+)"', text))
    assert bottom <= float(box[2])
    assert max(float(y) + float(h) for _, y, h in RECT.findall(text)) <= float(box[2])


@FRAMES
def test_labels_do_not_touch(founding: Assessment, frame: Frame) -> None:
    text = drawn(founding, frame)
    sides: dict[str, list[float]] = {}
    for x, y, anchor in re.findall(
        r'<text[^>]* x="(\d+)" y="([\d.]+)"(?: text-anchor="(\w+)")?', text
    ):
        sides.setdefault((x, anchor), []).append(float(y))
    for places in sides.values():
        assert all(b - a >= 15.0 for a, b in pairwise(sorted(places)))


def test_the_caption_has_the_unit(free: Assessment) -> None:
    assert caption(free) == "Who supplies Cormark with metal, kt a year"
