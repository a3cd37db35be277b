"""The rest of the report in a real Chromium: it follows the sliders and never passes for newer."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="needs playwright")
pytest.importorskip("uvicorn", reason="needs the extra [page]")
pytest.importorskip("vl_convert", reason="needs the extra [page]")

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect

from served import chromium

if chromium() is None:
    pytest.skip("needs chromium", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
DUTY = "input[name=duty]"
CUT = "input[name='t.halve-defence-budgets.cut']"
PATIENCE = 120_000
"""ms: on a busy machine what takes seconds may take a minute."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def page(browser: Chromium) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    found = context.new_page()
    found.set_default_timeout(PATIENCE)
    hosts: set[str] = set()
    said: list[str] = []
    found.on("request", lambda x: hosts.add(urlsplit(x.url).hostname or urlsplit(x.url).scheme))
    found.on("console", lambda x: said.append(x.text) if x.type in {"error", "warning"} else None)
    found.on("pageerror", lambda x: said.append(str(x)))
    yield found
    context.close()
    assert hosts <= {"127.0.0.1", "data", "blob"}, hosts
    assert not said, said


def go(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("body[data-ready]")


def settled(page: Page) -> None:
    """Wait until all there is belongs to the place of the sliders."""
    page.wait_for_selector("#more[data-state=here]")


def test_the_rest_of_the_report_follows_the_sliders(page: Page, address: str) -> None:
    go(page, f"{address}/")
    settled(page)
    names = page.eval_on_selector_all("#more > section", "all => all.map(x => x.id)")
    assert {"why", "offers", "part-project", "years", "claims", "rests-on", "sources"} <= set(names)
    assert page.locator("#why svg").count() >= 2
    links = page.eval_on_selector_all("#contents a", "all => all.map(x => x.getAttribute('href'))")
    assert all(page.locator(link).count() == 1 for link in links), links
    assert [f"#{x}" for x in names] == [x for x in links if x[1:] in names]
    before = page.inner_text("#why")
    page.focus(DUTY)
    page.keyboard.press("PageUp")
    expect(page.locator("#why h2")).to_contain_text("of the position before; being worked out")
    expect(page.locator("#more-said")).to_contain_text("of the position before")
    settled(page)
    assert page.locator(".old-said").count() == 0
    assert page.inner_text("#more-said") == ""
    now = page.inner_text("#why")
    assert now != before
    query = urlsplit(page.url).query
    view = page.request.get(f"{address}/more?{query}").json()
    shown = page.inner_text("#headline")
    assert view["headline"] == shown
    # Back where it was, what is there is right again, or is on its way.
    page.go_back()
    settled(page)
    assert page.inner_text("#why") == before


def test_what_comes_late_for_another_place_is_dropped(page: Page, address: str) -> None:
    go(page, f"{address}/")
    settled(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/more?*duty=10.5*", hold)
    page.focus(DUTY)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1_500)
    while not held:
        page.wait_for_timeout(100)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => new URLSearchParams(location.search).get('duty') === '11'")
    settled(page)
    now = page.inner_text("#why")
    assert page.get_attribute("#why", "data-at") == "duty=11"
    assert len(held) == 1
    page.wait_for_timeout(300)
    assert page.inner_text("#why") == now


def test_a_slider_of_a_part_moves_its_part_at_once(page: Page, address: str) -> None:
    go(page, f"{address}/")
    page.click("summary:text('Other offers of the deal')")
    headline = page.inner_text("#headline")
    before = page.inner_text("#offer-budget")
    page.focus(CUT)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#offer-budget")).to_contain_text("A cut of 49 %")
    assert page.inner_text("#offer-budget") != before
    assert page.inner_text("#headline") == headline
    expect(page.locator("#moved")).to_contain_text("49 %, in place of 50 %")
    assert "t.halve-defence-budgets.cut=49" in page.url
    settled(page)
    expect(page.locator("#part-budget")).to_contain_text("A cut of 49 %")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.input_value(CUT) == "49"
    expect(page.locator("#offer-budget")).to_contain_text("A cut of 49 %")


def test_a_part_that_the_market_moves_is_marked_until_it_comes(page: Page, address: str) -> None:
    go(page, f"{address}/")
    settled(page)
    page.route("**/more?*", lambda _: None)  # it never comes
    page.focus(DUTY)
    page.keyboard.press("End")
    expect(page.locator("#offer-project h2")).to_contain_text("of the position before")
    assert page.locator("#offer-budget .old-said").count() == 0
    page.unroute("**/more?*")
    page.keyboard.press("ArrowLeft")
    settled(page)
    assert page.locator("#offer-project .old-said").count() == 0


def test_what_was_open_stays_open_and_focus_where_it_was(page: Page, address: str) -> None:
    go(page, f"{address}/")
    settled(page)
    page.click("#sources summary >> nth=0")
    page.focus(DUTY)
    page.keyboard.press("ArrowRight")
    page.focus("#sources summary >> nth=0")
    settled(page)
    assert page.evaluate("document.querySelector('#sources details').open")
    assert page.evaluate("document.activeElement === document.querySelector('#sources summary')")


def test_the_report_that_is_taken_away_is_of_this_place(page: Page, address: str) -> None:
    go(page, f"{address}/?duty=3&t.halve-defence-budgets.cut=30")
    found: dict[str, bytes] = {}
    for ending in (".toml", ".html", ".zip"):
        with page.expect_download() as waiting:
            page.click(f"#files a:text('({ending})') >> nth=-1")
        found[waiting.value.suggested_filename] = waiting.value.path().read_bytes()
    assert set(found) == {
        "us-russia-2025.toml", "us-russia-2025-moved.html", "us-russia-2025-moved.zip",
    }  # fmt: skip
    deal = tomllib.loads(found["us-russia-2025.toml"].decode())
    assert deal["deal"]["default_variant"] == "moved"
    assert deal["variant"]["moved"]["set"]["halve-defence-budgets"]["cut"] == "30 %"
    assert deal["variant"]["moved"]["term"][-1]["ad_valorem"] == "3 %"
    with zipfile.ZipFile(io.BytesIO(found["us-russia-2025-moved.zip"])) as archive:
        assert archive.read("deal/us-russia-2025.toml") == found["us-russia-2025.toml"]
    said = found["us-russia-2025-moved.html"].decode()
    assert "3.0 %, in place of 10.0 %" in said
    assert page.inner_text("#headline").replace("’", "'") in said.replace("&#x27;", "'")


def test_without_javascript_the_full_report_is_a_link_away(browser: Chromium, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/?duty=3&t.halve-defence-budgets.cut=30")
    expect(page.locator("#offer-budget")).to_contain_text("A cut of 30 %")
    expect(page.locator("#offer-project")).to_contain_text("Being worked out")
    assert page.locator("#more details.notes").count() >= 3
    with page.expect_download() as waiting:
        page.click("#more noscript a")
    assert waiting.value.suggested_filename == "us-russia-2025-moved.html"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_rest(browser: Chromium, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 1440, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    go(page, f"{address}/?duty=3")
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true })")
    found = axe.Axe().run(page).response["violations"]
    assert not [(x["id"], [n["html"][:160] for n in x["nodes"][:3]]) for x in found]
    # And while it is marked as of the position before.
    page.route("**/more?*", lambda _: None)
    page.focus(DUTY)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#why h2")).to_contain_text("of the position before")
    found = axe.Axe().run(page).response["violations"]
    assert not [(x["id"], [n["html"][:160] for n in x["nodes"][:3]]) for x in found]
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_of_the_rest_sticks_out(browser: Chromium, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.set_default_timeout(PATIENCE)
    go(page, f"{address}/?duty=3")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
