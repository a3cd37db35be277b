"""Positions side by side in a real Chromium: kept, moved on, compared, shared, taken away."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("uvicorn", reason="needs the extra [page]")
pytest.importorskip("vl_convert", reason="needs the extra [page]")

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from served import chromium

if chromium() is None:
    pytest.skip("needs chromium", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
DUTY = "input[name=duty]"
PATIENCE = 90_000
"""ms: on a busy machine what takes a second may take a minute."""
expect.set_options(timeout=PATIENCE)
TWO = f"duty=3&k={quote('v=duty-free')}&k={quote('duty=20')}"


@pytest.fixture
def page(browser: Chromium, address: str) -> Iterator[Page]:
    """A page that asks nobody else and complains of nothing."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    found = context.new_page()
    hosts: set[str] = set()
    said: list[str] = []
    found.on("request", lambda x: hosts.add(urlsplit(x.url).hostname or urlsplit(x.url).scheme))
    found.on("console", lambda x: said.append(x.text) if x.type in {"error", "warning"} else None)
    found.on("pageerror", lambda x: said.append(str(x)))
    go(found, f"{address}/")
    yield found
    assert hosts <= {"127.0.0.1", "data"}, hosts
    assert not said, said
    context.close()


def go(page: Page, url: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    page.wait_for_selector("body[data-ready]")


def compared(page: Page) -> str:
    """Wait until what stands side by side is of the page's own address, and return it as text."""
    page.wait_for_function(
        "() => { const place = document.getElementById('compared');"
        "  const key = (x) => [...new URLSearchParams(x)].map(String).sort().join('&');"
        "  return !place.classList.contains('older') && !place.hasAttribute('aria-busy')"
        "    && (key(place.dataset.shown) === key(location.search)"
        "      || !new URLSearchParams(location.search).has('k')); }"
    )
    return page.inner_text("#compared")


def heads(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        "#scroll-levels thead th b", "all => all.map(x => x.textContent)"
    )


def column(page: Page, name: str, table: str = "levels") -> list[str]:
    place = heads(page).index(name) + 2
    return page.eval_on_selector_all(
        f"#scroll-{table} tbody tr > :nth-child({place})", "all => all.map(x => x.textContent)"
    )


def keep(page: Page) -> None:
    page.click("text=Keep this to compare")
    compared(page)


def moved(page: Page, key: str) -> None:
    before = page.inner_text("#headline")
    page.focus(DUTY)
    page.keyboard.press(key)
    page.wait_for_function("t => document.getElementById('headline').textContent !== t", arg=before)
    compared(page)


def kept(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True).get("k", [])


def test_a_position_is_kept_and_the_next_one_stands_beside_it(page: Page) -> None:
    keep(page)
    assert kept(page) == [""]
    assert heads(page) == ["Now", "A"]
    assert column(page, "Now") == column(page, "A")
    moved(page, "Home")
    assert column(page, "Now") != column(page, "A")
    assert column(page, "Now", "differences")[0].startswith("+")
    assert "higher in 200 of 200" in column(page, "Now", "differences")[0]
    keep(page)
    assert kept(page) == ["", "duty=0"]
    moved(page, "End")
    assert heads(page) == ["Now", "A", "B"]
    assert column(page, "B") != column(page, "Now")
    shown = column(page, "Now")[0].split()[0]
    big = page.inner_text("#big dd strong >> nth=0").split()[0]
    assert shown == big
    assert page.locator("#compare-figure svg.wide circle.after").count() == 3 + 2


def test_keeping_by_keyboard_alone_and_focus_stays(page: Page) -> None:
    page.focus("#keep button")
    page.keyboard.press("Enter")
    compared(page)
    assert page.evaluate("document.activeElement.textContent") == "Keep this to compare"
    expect(page.locator("#kept-said")).to_contain_text("Kept as A")
    page.keyboard.press("Enter")
    expect(page.locator("#kept-said")).to_contain_text("kept already, as A")
    assert kept(page) == [""]
    moved(page, "Home")
    page.focus("#base-a")
    page.keyboard.press("ArrowLeft")
    compared(page)
    assert "b=now" in page.url
    assert page.evaluate("document.activeElement.id") == "base-now"
    page.focus("[data-drop=a]")
    page.keyboard.press("Enter")
    page.wait_for_function("() => !document.getElementById('scroll-levels')")
    assert kept(page) == []
    assert page.evaluate("document.activeElement !== document.body")


def test_another_baseline_turns_the_differences_round(page: Page, address: str) -> None:
    go(page, f"{address}/?{TWO}")
    compared(page)
    one = column(page, "Now", "differences")[0].split()[0]
    page.check("#base-now")
    compared(page)
    other = column(page, "A", "differences")[0].split()[0]
    assert column(page, "Now", "differences")[0] == "baseline"
    assert {one[0], other[0]} == {"+", "−"}
    assert one[1:] == other[1:]
    page.check("#base-filed")
    compared(page)
    expect(page.locator("#compare-differences")).to_contain_text("as filed")


def test_another_number_has_a_picture(page: Page, address: str) -> None:
    go(page, f"{address}/?{TWO}")
    compared(page)
    page.select_option("#m", "welfare.USA")
    compared(page)
    expect(page.locator("#compare-figure figcaption")).to_have_text(
        "Gain of the United States, mn USD a year"
    )
    assert "m=welfare.USA" in page.url


def test_reload_and_a_copied_address_give_the_same_view(page: Page, browser: Chromium) -> None:
    keep(page)
    moved(page, "End")
    page.check("#base-now")
    text = compared(page)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert compared(page) == text
    assert page.is_checked("#base-now")
    other = browser.new_page()
    go(other, page.url)
    assert compared(other) == text
    other.close()


def test_back_undoes_a_pin_and_forward_brings_it_back(page: Page) -> None:
    keep(page)
    moved(page, "Home")
    keep(page)
    assert kept(page) == ["", "duty=0"]
    page.go_back()
    compared(page)
    assert kept(page) == [""]
    assert heads(page) == ["Now", "A"]
    assert page.input_value(DUTY) == "0"
    page.go_back()
    compared(page)
    assert page.input_value(DUTY) == "10"
    page.go_back()
    page.wait_for_function("() => !document.getElementById('scroll-levels')")
    page.go_forward()
    compared(page)
    assert kept(page) == [""]
    assert heads(page) == ["Now", "A"]


def test_two_tabs_keep_their_own(page: Page) -> None:
    other = page.context.new_page()
    go(other, page.url)
    keep(page)
    moved(other, "Home")
    keep(other)
    page.bring_to_front()
    moved(page, "End")
    assert kept(page) == [""]
    assert kept(other) == ["duty=0"]
    assert column(page, "A") == column(other, "As filed")
    other.close()


def test_all_variants_side_by_side(page: Page) -> None:
    page.focus("input[name='a.access']")
    page.keyboard.press("PageUp")
    page.click("text=Compare all variants")
    compared(page)
    assert heads(page) == ["Now", "A", "B", "C", "D", "As filed"]
    variants = page.eval_on_selector_all("#v option", "all => all.map(x => x.value)")
    assert [parse_qs(x)["v"][0] for x in kept(page)] == variants
    assert all("a.access" in x for x in kept(page))
    page.click("text=Remove all")
    page.wait_for_function("() => !document.getElementById('scroll-levels')")
    assert kept(page) == []


def test_what_is_kept_goes_along_to_another_variant_and_back_to_a_kept_place(page: Page) -> None:
    moved(page, "Home")
    keep(page)
    with page.expect_navigation():
        page.select_option("#v", "duty-free")
    page.wait_for_selector("body[data-ready]")
    compared(page)
    assert kept(page) == ["duty=0"]
    assert heads(page) == ["Now", "A", "As filed"]
    with page.expect_navigation():
        page.click("#scroll-levels thead a >> nth=0")
    page.wait_for_selector("body[data-ready]")
    compared(page)
    assert page.input_value(DUTY) == "0"
    assert column(page, "Now") == column(page, "A")


def test_five_are_room_enough(page: Page, address: str) -> None:
    four = "&".join(f"k={quote(f'duty={i}')}" for i in range(1, 5))
    go(page, f"{address}/?duty=0&{four}")
    compared(page)
    assert page.is_enabled("#keep button")
    keep(page)
    assert len(kept(page)) == 5
    assert page.is_disabled("#keep button")
    page.click("[data-drop=b]")
    compared(page)
    assert kept(page) == ["duty=1", "duty=3", "duty=4", "duty=0"]
    assert page.is_enabled("#keep button")


def test_quick_hands_never_mix_positions(page: Page, address: str) -> None:
    """While sliders move, the column of now is marked; at rest it is the page's own position."""
    go(page, f"{address}/?{TWO}")
    compared(page)
    page.evaluate(
        "() => { window.seen = []; const place = document.getElementById('compared');"
        "  new MutationObserver(() => window.seen.push([place.dataset.shown,"
        "    place.querySelector('#scroll-levels td.now').textContent]))"
        "  .observe(place, { childList: true }); }"
    )
    page.focus(DUTY)
    for i in range(25):
        page.keyboard.press("ArrowRight")
        if i % 8 == 0:
            page.wait_for_timeout(300)
    compared(page)
    assert "duty=15.5" in page.url
    assert column(page, "Now")[0].split()[0] == page.inner_text("#big strong >> nth=0").split()[0]
    seen = page.evaluate("window.seen")
    assert seen
    for at, cell in seen:
        html = page.request.get(f"{address}/compare?{at}").json()["html"]
        first = re.search(r'<td class="now">(.*?)</td>', html)
        assert first
        assert re.sub("<[^>]*>", "", first[1]) == cell


def test_a_place_without_an_answer_says_what_binds_in_its_column(page: Page, address: str) -> None:
    go(page, f"{address}/?v=two-million&k=duty%3D3")
    slider = "input[name='t.supply.at_least']"
    page.focus(slider)
    page.keyboard.press("End")
    expect(page.locator("#refusal")).to_contain_text("conflicts with")
    compared(page)
    expect(page.locator("#compare-notes")).to_contain_text("Now has no answer")
    assert {x.strip() for x in column(page, "Now")} == {"—"}
    assert "—" not in column(page, "A")[0]
    page.keyboard.press("Home")
    page.wait_for_function("() => !document.body.classList.contains('refused')")
    compared(page)
    assert "—" not in column(page, "Now")[0]


def test_the_download_is_the_view(page: Page) -> None:
    keep(page)
    moved(page, "PageUp")
    with page.expect_download() as waiting:
        page.click("text=This screen as one table")
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8"))))
    levels = [x for x in rows if x["table"] == "What each position gives"]
    for name in heads(page):
        place = heads(page).index(name) + 2
        cells = page.eval_on_selector_all(
            f"#scroll-levels tbody tr > :nth-child({place}) span",
            "all => all.map(x => x.textContent)",
        )
        assert cells
        titled = [x["value"] for x in levels if x["column"].startswith(f"{name}: ")]
        assert [x for x in titled if x] == cells
    differences = next(x for x in {y["table"] for y in rows} if x.startswith("Differences"))
    assert differences == page.inner_text("#compare-differences")


def test_without_javascript_it_is_kept_and_compared(browser: Chromium, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/?{TWO}")
    while page.locator("#compare-later").count():  # on a busy machine it is not there at once
        page.click("text=Look again")
    assert heads(page) == ["Now", "A", "B", "As filed"]
    page.click("#keep button")
    assert heads(page) == ["Now", "A", "B", "C", "As filed"]
    page.check("#base-c")
    page.click("#pins button")
    assert "b=c" in page.url
    expect(page.locator("#compare-differences")).to_contain_text("Differences from C")
    page.click("[data-drop=a]")
    assert kept(page) == ["duty=20", "duty=3"]
    page.select_option("#v", "duty-free")
    page.click("#choices button")
    assert kept(page) == ["duty=20", "duty=3"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", [f"/?{TWO}", f"/?duty=3&k={quote('v=two-million&t.supply.at_least=5000')}"]
)
def test_axe_finds_nothing(browser: Chromium, address: str, scheme: str, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 1440, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    go(page, address + path)
    compared(page)
    found = axe.Axe().run(page).response["violations"]
    assert not [(x["id"], [n["html"][:120] for n in x["nodes"][:3]]) for x in found]
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_table_scrolls_in_its_place_and_its_names_stay(
    browser: Chromium, address: str, width: int
) -> None:
    five = "&".join(f"k={quote(f'duty={i}')}" for i in range(1, 6))
    page = browser.new_page(viewport={"width": width, "height": 844})
    go(page, f"{address}/?duty=0&{five}")
    compared(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator("#scroll-levels tbody th >> nth=0")
    before = first.bounding_box()
    page.evaluate("document.getElementById('scroll-levels').scrollLeft = 150")
    after = first.bounding_box()
    assert before
    assert after
    assert after["x"] == pytest.approx(before["x"], abs=1.0)
    page.close()
