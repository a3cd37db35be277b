"""Positions side by side: the numbers of `accord compare`, draw by draw, and what is said."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from urllib.parse import quote

import pytest

pytest.importorskip("starlette", reason="needs the extra [page]")
pytest.importorskip("httpx", reason="needs httpx")
pytest.importorskip("vl_convert", reason="needs the extra [page]")

from accord.report import compare as compared_by_report
from accord.report.compare_draws import span
from accord.report.main_numbers import main_numbers
from accord.web import comparing
from accord.web.comparison import Column, Comparison, comparison_of
from accord.web.comparison_html import all_variants, fragment
from accord.web.comparison_view import blocks_of, comparison_view
from accord.web.desk import Desk
from accord.web.figures import Figures, figures_of, read_figures
from accord.web.library import Asked, Library
from accord.web.pins import FILED, NOW, Pins, parted
from accord.web.position import Position, position_of
from inline_worker import Client

PAIR = ("", "duty=3"), ("t.supply.up_to=60", "duty=20"), ("a.sigma.aluminium=6", "duty=3")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait for their comparison, however busy the machine is."""
    monkeypatch.setattr(comparing, "PATIENCE", 300.0)


def figures(library: Library, query: str, text: str = "") -> Figures:
    return read_figures(json.loads(library.answer(Asked("figures", position_of(query), text))))


def column(library: Library, key: str, query: str, text: str = "") -> Column:
    return Column(key, query, figures(library, query, text))


def side_by_side(library: Library, now: str, *kept: str, base: str = "a") -> Comparison:
    pins = Pins(tuple(position_of(x) for x in kept), base)
    columns = [column(library, "abcde"[i], x) for i, x in enumerate(kept)]
    return comparison_of(column(library, NOW, now), column(library, FILED, ""), columns, pins)


# -------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(("one", "other"), PAIR[:2])
def test_differences_are_those_of_accord_compare_draw_by_draw(
    desk: Desk, library: Library, one: str, other: str
) -> None:
    answers = [desk.solve(position_of(x)).answer for x in (one, other)]
    theirs = compared_by_report.compare([one, other], answers)
    assert theirs.draws is not None
    mine = side_by_side(library, other, one).gaps[NOW]
    told = 0
    for result in (*theirs.results, *compared_by_report.welfare_rows(theirs)):
        name = ".".join(x for x in (result.measure, result.region, result.good) if x)
        its = theirs.draws.against_first(result, 1)
        if result.unit == "fraction" or its is None:
            continue
        told += 1
        here = mine[name]
        # A gain is told against no deal; both have the same one, so it drops out but for rounding.
        close = {"rel": 1e-9} if result.measure != "welfare" else {"rel": 1e-6, "abs": 1.0}
        assert here.low == pytest.approx(its.low, **close)
        assert here.high == pytest.approx(its.high, **close)
        assert (here.draws, here.higher, here.lower) == (its.draws, its.higher, its.lower)
        point = compared_by_report.against_first(theirs, result)[1]
        assert here.value == pytest.approx(point, **close)
    assert told > 8


def test_the_range_of_a_difference_is_not_the_difference_of_ranges(library: Library) -> None:
    c = side_by_side(library, "duty=3", "")
    row = next(iter(c.rows))
    one, other = (x.row(row) for x in (c.base, c.columns[0]))
    gap = c.gaps[NOW][row]
    assert gap.low > other["low"] - one["high"]
    assert gap.high < other["high"] - one["low"]
    assert gap.higher == gap.draws == 200


def test_levels_are_those_of_the_page(desk: Desk, library: Library) -> None:
    for query in ("", "duty=3", "a.sigma.aluminium=6"):
        found = figures(library, query)
        answer = desk.solve(position_of(query)).answer
        for x in main_numbers(answer):
            row = found.rows[".".join(y for y in (x.measure, x.region, x.good) if y)]
            assert (row["before"], row["after"]) == (x.before, x.after)
            assert row["low"] == pytest.approx(x.low, rel=1e-12)
            assert row["high"] == pytest.approx(x.high, rel=1e-12)
        gains = answer.effects.change("welfare", "USA")
        assert found.rows["welfare.USA"]["after"] == pytest.approx(gains)


def test_figures_survive_the_way_to_the_bit(desk: Desk) -> None:
    solved = desk.solve(position_of("duty=3"))
    found = read_figures(json.loads(json.dumps(figures_of(solved))))
    for result in compared_by_report.results(solved.answer):
        ends = span(solved.answer, result)
        row = found.rows[".".join(y for y in (result.measure, result.region, result.good) if y)]
        assert (row["low"], row["high"]) == pytest.approx((ends.low, ends.high), rel=1e-15)


def test_a_number_that_is_fixed_in_one_is_said_so_and_the_range_stays(library: Library) -> None:
    c = side_by_side(library, "duty=3", "a.sigma.aluminium=6&duty=3")
    assert all(x.draws == 200 for x in c.gaps[NOW].values())
    said = " ".join(comparison_view(c)["notes"])
    assert "Now and As filed against A: one side has fixed what the other draws" in said
    assert "(σ)" in said
    both = side_by_side(library, "a.sigma.aluminium=6", "a.sigma.aluminium=6&duty=3")
    said = " ".join(comparison_view(both)["notes"])
    assert "As filed against A: one side has fixed" in said
    assert "Now" not in said


def test_draws_that_are_not_common_give_no_range(library: Library) -> None:
    c = side_by_side(library, "duty=3", "")
    ground = c.base.figures.view["ground"]
    name = next(iter(ground["drawn"]))
    ground["drawn"][name] = "otherwise"
    gap = next(iter(side_by_side_of(c).gaps[NOW].values()))
    assert gap.value
    assert (gap.low, gap.high, gap.draws) == (None, None, 0)
    assert "difference has no range" in " ".join(comparison_view(side_by_side_of(c))["notes"])


def test_other_years_or_closures_are_not_subtracted(library: Library) -> None:
    c = side_by_side(library, "duty=3", "")
    c.base.figures.view["ground"]["years of the levels"] = 1999
    view = comparison_view(side_by_side_of(c))
    assert "different years of the levels: nothing is subtracted" in " ".join(view["notes"])
    place = [x["key"] for x in view["columns"]].index(NOW)
    assert {row["cells"][place]["value"] for row in view["tables"][1]["rows"]} == {"—"}


def side_by_side_of(c: Comparison) -> Comparison:
    return Comparison(c.columns, c.base, c.number)


# ---------------------------------------------------------------------------------------- words


def test_another_good_is_a_dash_with_its_reason_and_never_zero(library: Library) -> None:
    other = column(library, "a", "")
    lane = next(k for k in other.figures.rows if k.startswith("flow."))
    rows = {k.replace("aluminium", "copper"): v | {"id": k.replace("aluminium", "copper")}
            for k, v in other.figures.rows.items()}  # fmt: skip
    draws = {k.replace("aluminium", "copper"): v for k, v in other.figures.draws.items()}
    changed = Column("a", "", Figures({**other.figures.view, "where": None}, rows, draws))
    c = comparison_of(column(library, NOW, "duty=3"), column(library, FILED, ""), [changed],
                      Pins((Position(),)))  # fmt: skip
    view = comparison_view(c)
    at = [x["key"] for x in view["columns"]].index("a")
    row = view["tables"][0]["rows"][list(c.rows).index(lane)]
    assert row["cells"][at]["value"] == "—"
    assert "A has a dash at “Russia → United States" in " ".join(view["notes"])
    assert "It is not zero" in " ".join(view["notes"])


def test_a_position_without_an_answer_says_what_binds_and_the_rest_lives_on(
    library: Library,
) -> None:
    stuck = "v=two-million&t.supply.at_least=5000"
    view = comparison_view(side_by_side(library, "duty=3", stuck, "", base="b"))
    refused = next(x for x in view["columns"] if x["key"] == "a")
    assert "Not drawn: A, without that number." in view["picture"]["note"]
    assert refused["name"] == "two million · at least 5,000 kt/yr"
    assert "capacity" in refused["why"]
    assert any("A has no answer" in x and "capacity" in x for x in view["notes"])
    for table in view["tables"]:
        for row in table["rows"]:
            cells = dict(zip([x["key"] for x in view["columns"]], row["cells"], strict=True))
            assert cells["a"]["value"] == "—"
            assert cells[NOW]["value"] != "—"
    based = comparison_view(side_by_side(library, "duty=3", stuck, ""))
    assert len(based["tables"]) == 1
    assert "choose another" in based["notes"][-1]


def test_names_tell_positions_apart(library: Library) -> None:
    for query, name in (
        ("", "common duty"),
        ("duty=3", "common duty · duty 3.0 %"),
        ("a.sigma.aluminium=6&duty=3", "common duty · duty 3.0 %, σ 6.0"),
        ("v=duty-free&day=2025-03-12", "duty free · law of 2025-03-12"),
        ("a.sigma.alumina=3", "common duty · σ alumina 3.00"),
    ):
        assert figures(library, query).view["name"] == name
    many = figures(library, "duty=3&a.sigma.aluminium=6&a.access=1.28&a.sigma.scrap=6").view
    assert many["name"].endswith(", 1 more")
    assert "σ scrap 6.0" in many["whole"]


def test_the_deal_as_filed_stands_once(library: Library) -> None:
    c = side_by_side(library, "duty=3", "v=common-duty", base=FILED)
    assert [x.key for x in c.columns] == [NOW, "a"]
    assert c.base.key == "a"
    assert [x.key for x in side_by_side(library, "", "duty=3").columns] == [NOW, "a", FILED]


def test_all_variants_are_kept_with_the_assumptions_and_terms_as_filed() -> None:
    now = position_of("v=two&a.access=1.28&t.supply.up_to=60&day=2025-03-12")
    pins = all_variants(now, Pins((position_of("duty=3"),)), ["one", "two"])
    assert [x.query for x in pins.kept] == [
        "v=one&day=2025-03-12&a.access=1.28",
        "v=two&day=2025-03-12&a.access=1.28",
    ]
    assert len(all_variants(now, Pins(), [f"v{i}" for i in range(9)]).kept) == 5


def test_what_a_deal_says_is_escaped(library: Library) -> None:
    c = side_by_side(library, "duty=3", "")
    for x in c.columns:
        x.figures.view["name"] = x.figures.view["whole"] = "<script>alert(1)</script>"
        for row in x.figures.rows.values():
            row["name"] = "<img src=x>"
    html = fragment(comparison_view(c), position_of("duty=3"), Pins((Position(),)))
    assert "<script" not in html
    assert "<img" not in html


# ---------------------------------------------------------------------------------------- pages

KEPT = f"duty=3&k={quote('v=duty-free')}&k={quote('duty=20')}&b=now&m=hub_price.WORLD.aluminium"


def test_the_page_has_the_comparison_without_a_script(client: Client) -> None:
    page = client.get(f"/?{KEPT}")
    assert page.status_code == 200
    view = client.get(f"/compare?{KEPT}").json()
    assert view["ok"]
    whole = view["html"] in page.text
    assert whole
    assert "World price (LME), USD/t" in view["html"]
    assert 'id="base-now" value="now" checked' in view["html"]
    assert 'value="hub_price.WORLD.aluminium" selected' in view["html"]
    assert "<style" not in view["html"]
    assert ' style="' not in view["html"]
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    # The page's other forms take along what is kept.
    for form in ("choices", "sliders"):
        assert f'form="{form}" name="k" value="v=duty-free"' in page.text
    assert "/screen.csv?duty=3&amp;k=v%3Dduty-free" in page.text


def test_without_pins_there_are_buttons_only(client: Client) -> None:
    page = client.get("/?duty=3").text
    assert "Keep this to compare" in page
    assert 'id="scroll-levels"' not in page
    assert client.get("/compare?duty=3").json() == {"ok": True, "html": ""}
    assert 'id="compare"' not in client.get(f"/?{KEPT}&embed=1").text


def test_buttons_and_links_do_without_a_script_what_they_say(client: Client) -> None:
    page = client.get(f"/?{KEPT}").text
    dropped = re.search(r'data-drop="a" href="([^"]+)"', page)
    assert dropped
    _, pins = parted(dropped[1].replace("&amp;", "&").removeprefix("/?"))
    assert [x.query for x in pins.kept] == ["duty=20"]
    form = re.search(r'<form id="keep" .*?</form>', page)
    assert form
    entries = re.findall(r'name="([^"]+)" value="([^"]*)"', form[0].replace("&amp;", "&"))
    assert [x for k, x in entries if k == "k"] == ["v=duty-free", "duty=20", "duty=3"]


def test_a_page_does_not_wait_long_for_its_comparison(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "PATIENCE", 0.0)
    page = client.get(f"/?{KEPT}")
    assert page.status_code == 200
    assert "The kept positions are being worked out" in page.text
    assert 'id="scroll-levels"' not in page.text
    monkeypatch.setattr(comparing, "PATIENCE", 300.0)
    assert 'id="scroll-levels"' in client.get(f"/?{KEPT}").text


def test_files_have_what_is_compared(client: Client, library: Library) -> None:
    pins = parted(KEPT)[1]
    c = side_by_side(library, "duty=3", *(x.query for x in pins.kept), base=NOW)
    blocks = blocks_of(comparison_view(c))
    rows = list(csv.DictReader(io.StringIO(client.get(f"/screen.csv?{KEPT}").text)))
    cells = {(x["table"], x["row"], x["column"]): x["value"] for x in rows}
    for block in blocks:
        for line in block["lines"]:
            for name, cell in zip(block["columns"][1:], line["cells"][1:], strict=True):
                assert cells[block["heading"], line["cells"][0], name] == cell
    assert next(x["value"] for x in rows if x["table"] == "Address") == f"/?{KEPT}"
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"/screen.zip?{KEPT}").content))
    assert "what-each-position-gives.csv" in packed.namelist()
    assert any(x.startswith("differences-from-now") for x in packed.namelist())
    assert "A: duty free  /?v=duty-free" in packed.read("README.txt").decode()
    assert (
        "what-each-position-gives.csv"
        not in zipfile.ZipFile(io.BytesIO(client.get("/screen.zip?duty=3").content)).namelist()
    )


def test_an_edited_deal_that_is_gone_is_not_taken_for_another(client: Client) -> None:
    found = client.get(f"/compare?duty=3&k={quote('d=0123456789abcdef&duty=5')}").json()
    assert found["ok"]
    assert "no longer in the memory of this server" in found["html"]


@pytest.mark.parametrize("path", ["/", "/compare", "/answer", "/check", "/screen.csv"])
@pytest.mark.parametrize("bad", [
    "k=zz%3D1", "k=&k=", "k=&b=e", "k=&m=%3Cscript%3E", "k=%3Cscript%3Ealert(1)%3D1",
    "k=" + "x" * 17_000, "k=duty%3D1e999", "k=&k=duty%3D1&k=duty%3D2&k=duty%3D3&k=duty%3D4&k=v%3Da",
])  # fmt: skip
def test_hostile_addresses_are_refused(client: Client, path: str, bad: str) -> None:
    found = client.get(f"{path}?{bad}")
    assert found.status_code == 400
    assert "json" in found.headers["content-type"] or "<script>alert" not in found.text


def test_a_number_this_deal_does_not_have_is_told_in_its_column(client: Client) -> None:
    found = client.get("/compare?k=a.nothing%3D5").json()
    assert found["ok"]
    assert "a.nothing" in found["html"]
    assert "A has no answer" in found["html"]
