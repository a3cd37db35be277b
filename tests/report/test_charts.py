"""Charts: data that add up, specifications without an address in them, SVG that fits the page."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.assessment import Assessment
from accord.report import chart_svg, charts
from accord.report.chart_data import ALL_TERMS, gains_data, rests_on_data, why_data
from accord.report.figures import Figures
from accord.report.numbers import Unit, digits_for
from accord.report.page import page_with
from accord.report.why import added_up, asked, how, why, why_block

HEX = re.compile(r'"#[0-9a-fA-F]{6}"')
drawing = pytest.mark.skipif(
    not chart_svg.available(), reason="altair and vl-convert (accord's extra [charts]) are not here"
)
WIDTHS = (charts.WIDE, charts.NARROW)


def number(text: object) -> float:
    return float(str(text).replace("−", "-").replace("+", "").replace(",", ""))


def test_the_gains_shown_are_those_of_the_table(drawn: Assessment) -> None:
    data = gains_data(drawn)
    first, last = data.rows[0], data.rows[-1]
    assert (first["who"], last["who"]) == ("United States", "World")
    total = drawn.effects.change("welfare", "WORLD") / 1e6
    assert last["value"] == pytest.approx(total)
    assert sum(float(row["value"] or 0.0) for row in data.rows[:-1]) == pytest.approx(total)
    for row in data.rows:
        if row["low"] is not None:
            assert float(row["low"]) <= float(row["high"] or 0.0)
            assert row["range"]
    assert all(number(row["text"]) == pytest.approx(row["value"], abs=0.51) for row in data.rows)


def test_without_draws_no_range_is_shown(founding: Assessment) -> None:
    data = gains_data(founding)
    assert all(row["low"] is None and row["range"] == "" for row in data.rows)
    assert rests_on_data(founding) is None


def test_a_waterfall_adds_up_step_by_step(founding: Assessment) -> None:
    numbers = asked(founding)
    found = why(founding, numbers)
    assert found is not None
    for x in numbers:
        *steps, whole = why_data(founding, x, found).rows
        assert whole["label"] == ALL_TERMS
        assert steps[0]["start"] == 0.0
        assert all(a["end"] == b["start"] for a, b in pairwise(steps))
        assert steps[-1]["end"] == pytest.approx(whole["end"], rel=1e-12)


def test_the_line_of_a_number_adds_up_to_its_change(founding: Assessment) -> None:
    numbers = asked(founding)
    found = why(founding, numbers)
    assert found is not None
    for x, line in zip(numbers, why_block(numbers, found).lines, strict=True):
        _, _, *shares, total = line.cells
        assert sum(map(number, shares)) == pytest.approx(number(total), abs=1e-9)
        if x.key[2] is not None:
            change = founding.effects.change(*x.key)
            assert sum(found.of(x.key)) == pytest.approx(change, rel=1e-9)
    assert "Shapley" in how(found)


@given(st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=8))
def test_what_is_shown_of_shares_adds_up(shares: list[float]) -> None:
    *shown, total = map(number, added_up(shares, Unit("kt", 1e3)))
    assert sum(shown) == pytest.approx(total, abs=1e-6)
    places = 10.0 ** -digits_for((*shares, sum(shares)), Unit("kt", 1e3))
    for x, share in zip(shown, shares, strict=True):
        assert abs(x - share / 1e3) <= places * (1.0 + 1e-6)


def test_a_sum_over_goods_is_shared_out_too(founding: Assessment) -> None:
    numbers = [x for x in asked(founding) if x.key[0] == "duty_revenue"]
    found = why(founding, tuple(numbers))
    assert found is not None
    goods = {g.code for g in founding.effects.before.market.goods} | {None}
    change = sum(founding.effects.change("duty_revenue", "USA", g) for g in goods)
    assert sum(found.of(numbers[0].key)) == pytest.approx(change, rel=1e-9)


def test_nothing_is_shared_out_where_nothing_changes(nothing: Assessment) -> None:
    assert asked(nothing) == ()
    assert why(nothing, ()) is None


def test_what_it_rests_on_is_that_of_the_answer(drawn: Assessment) -> None:
    data = rests_on_data(drawn)
    assert data is not None
    assert drawn.rests_on is not None
    assert [row["label"] for row in data.rows] == [x.name for x in drawn.rests_on.pillars]


def test_labels_are_broken_where_there_is_little_room(founding: Assessment) -> None:
    numbers = asked(founding)
    found = why(founding, numbers)
    assert found is not None
    data = why_data(founding, numbers[0], found)
    wide, one = charts.labelled(data, charts.WIDE)
    narrow, more = charts.labelled(data, charts.NARROW)
    assert (one, more) == (1, 2)
    assert [str(r["label"]).replace("\n", " ") for r in narrow] == [r["label"] for r in wide]


def specs(width: int) -> dict[str, dict[str, Any]]:
    return {
        "gains": charts.gains_chart(width, rows=4, ranges=True),
        "why-flow": charts.why_chart(width, name="why-flow", rows=3),
        "path-flow": charts.path_chart(width, name="path-flow", from_zero=True),
        "rests-on": charts.rests_on_chart(width, rows=3),
    }


@drawing
@pytest.mark.parametrize("width", WIDTHS)
def test_a_specification_names_its_data_and_leads_nowhere(width: int) -> None:
    for name, spec in specs(width).items():
        text = json.dumps(spec)
        assert f'"name": "{name}"' in text
        assert "datasets" not in spec
        assert "http" not in text.replace(spec["$schema"], "")


@drawing
def test_every_colour_is_one_of_the_page() -> None:
    for spec in specs(charts.WIDE).values():
        found = {x.strip('"').lower() for x in HEX.findall(json.dumps(spec))}
        assert found <= {x.lower() for x in charts.PALETTE.values()}


@drawing
def test_the_pictures_fit_the_page(drawn: Assessment) -> None:
    text = page_with(drawn, Figures(charts=True))
    pictures = re.findall(r"<svg class=\"chart.*?</svg>", text, flags=re.DOTALL)
    assert len(pictures) == 2 * 4  # gains, two sums by term, what it rests on; wide and narrow
    for one in pictures:
        root = ET.fromstring(one)  # noqa: S314 - our own
        assert root.attrib["role"] == "img"
        assert HEX.findall(one) == []
        assert "var(--" in one
        assert "<text" in one
        assert "aria-roledescription" not in one


@drawing
def test_words_in_a_chart_are_escaped() -> None:
    rows: Any = ({"who": "<b>&", "value": 1.0, "low": None, "high": None, "text": "+1", "range": "",
                  "side": "up"},)  # fmt: skip
    spec = charts.with_rows(charts.gains_chart(rows=1, ranges=False), {"gains": rows})
    found = chart_svg.svg(spec, name="x", title="<i>", says="a & b", kind="chart")
    assert "<b>" not in found
    assert "<i>" not in found
    ET.fromstring(found)  # noqa: S314 - our own


@drawing
def test_what_is_written_in_a_chart_is_not_touched() -> None:
    said = '+1.257 id="x" url(#a) role="b" "#0b5d8f"'
    rows: Any = ({"who": "x", "value": 1.0, "low": None, "high": None, "text": said, "range": "",
                  "side": "up"},)  # fmt: skip
    spec = charts.with_rows(charts.gains_chart(rows=1, ranges=False), {"gains": rows})
    root = ET.fromstring(chart_svg.svg(spec, name="x", title="t", says="s", kind="chart"))  # noqa: S314
    assert said in [x.text for x in root.iter("{http://www.w3.org/2000/svg}text")]
