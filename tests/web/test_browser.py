"""The live page in a real Chromium: moved by keyboard and mouse, shared, taken away, read aloud."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from urllib.parse import urlsplit

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


class Opened:
    """A page, the hosts it asked and what it complained of."""

    def __init__(self, page: Page) -> None:
        page.set_default_timeout(PATIENCE)
        self.page = page
        self.hosts: set[str] = set()
        self.said: list[str] = []
        page.on(
            "request", lambda x: self.hosts.add(urlsplit(x.url).hostname or urlsplit(x.url).scheme)
        )
        page.on(
            "console",
            lambda x: self.said.append(x.text) if x.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda x: self.said.append(str(x)))

    def quiet(self) -> None:
        assert self.hosts <= {"127.0.0.1", "data"}, self.hosts
        assert not self.said, self.said


@pytest.fixture
def opened(browser: Chromium, address: str) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    found = Opened(context.new_page())
    go(found.page, f"{address}/")
    yield found
    found.quiet()
    context.close()


def go(page: Page, url: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(url)
    page.wait_for_selector("body[data-ready]")


def values(page: Page) -> str:
    return page.get_attribute("#gains", "data-values") or ""


def settled(page: Page, before: str) -> str:
    """Wait until the chart shows something else and the certificate is whole."""
    page.wait_for_function(
        "before => document.getElementById('gains').dataset.values !== before", arg=before
    )
    expect(page.locator("#certificate")).to_contain_text("welfare computed twice to")
    return values(page)


def bars(page: Page) -> list[str]:
    return page.eval_on_selector_all("#gains svg path", "all => all.map(x => x.getAttribute('d'))")


def test_the_founding_case_opens(opened: Opened) -> None:
    page = opened.page
    title = "Russia's offer to the United States: aluminium, rare earths, defence budgets"
    expect(page).to_have_title(f"{title} · common-duty · accord")
    expect(page.locator("#headline")).to_contain_text("Russia would sell")
    expect(page.locator("#certificate")).to_contain_text("Certified")
    assert len(bars(page)) >= 9
    assert "…" in values(page)


def test_keys_move_the_chart_its_range_and_the_headline_together(opened: Opened) -> None:
    page = opened.page
    before, drawn, said = values(page), bars(page), page.inner_text("#headline")
    page.focus(DUTY)
    page.keyboard.press("ArrowRight")
    now = settled(page, before)
    assert now != before
    assert bars(page) != drawn
    assert page.inner_text("#headline") != said
    assert "duty=10.5" in page.url
    assert page.get_attribute(DUTY, "aria-valuetext") == "10.5 %"
    view = page.request.get(page.url.replace("/?", "/answer?")).json()
    shown = "; ".join(f"{x['who']} {x['text']} {x['range']}" for x in view["gains"]["rows"])
    assert now == shown
    assert page.inner_text("#headline") == view["headline"]


def test_the_mouse_moves_it_too(opened: Opened) -> None:
    page = opened.page
    before = values(page)
    box = page.locator(DUTY).bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.3, 0.4, 0.5, 0.6):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    settled(page, before)
    place = float(page.input_value(DUTY))
    assert 25.0 < place < 35.0
    page.wait_for_function(
        "v => document.getElementById('moved').textContent.includes(v)", arg=f"{place:.1f} %"
    )


def test_an_assumption_fixes_point_and_draws(opened: Opened) -> None:
    page = opened.page
    before = values(page)
    page.focus("input[name='a.sigma.aluminium']")
    page.keyboard.press("ArrowLeft")
    settled(page, before)
    expect(page.locator("#moved")).to_contain_text("fixed in the point and in every draw")


def test_reload_and_a_copied_address_give_the_same_view(opened: Opened, browser: Chromium) -> None:
    page = opened.page
    before = values(page)
    page.focus(DUTY)
    page.keyboard.press("Home")
    now, said = settled(page, before), page.inner_text("#headline")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert (values(page), page.inner_text("#headline")) == (now, said)
    assert page.input_value(DUTY) == "0"
    other = browser.new_page()
    go(other, page.url)
    assert (values(other), other.inner_text("#headline")) == (now, said)
    other.close()


def test_back_and_forward(opened: Opened) -> None:
    page = opened.page
    home = values(page)
    page.focus(DUTY)
    page.keyboard.press("End")
    far = settled(page, home)
    page.wait_for_timeout(1100)  # another gesture
    page.keyboard.press("Home")
    near = settled(page, far)
    page.go_back()
    assert settled(page, near) == far
    assert page.input_value(DUTY) == "50"
    page.go_back()
    assert settled(page, far) == home
    page.go_forward()
    assert settled(page, home) == far


def test_two_tabs_do_not_disturb_each_other(opened: Opened) -> None:
    one = opened.page
    other = one.context.new_page()
    go(other, one.url)
    home = values(one)
    for page, key in ((one, "PageUp"), (other, "PageDown"), (one, "PageUp"), (other, "PageDown")):
        page.bring_to_front()
        page.focus(DUTY)
        page.keyboard.press(key)
    here, there = settled(one, home), settled(other, home)
    for page in (one, other):
        view = page.request.get(page.url.replace("/?", "/answer?")).json()
        page.wait_for_function("t => document.getElementById('headline').textContent === t",
                               arg=view["headline"])  # fmt: skip
    assert here != there
    other.close()


def test_the_download_is_the_view(opened: Opened) -> None:
    page = opened.page
    before = values(page)
    page.focus(DUTY)
    page.keyboard.press("PageUp")
    settled(page, before)
    with page.expect_download() as waiting:
        page.click("text=This screen as one table")
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8"))))
    cells = page.eval_on_selector_all(
        "#tables tbody tr",
        "rows => rows.map(r => [r.closest('section').querySelector('h2').textContent, "
        "...[...r.children].map(c => c.textContent)])",
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row["table"], row["row"]), []).append(row["value"])
    assert len(cells) > 30
    for heading, name, *values_shown in cells:
        assert found[heading, name] == values_shown
    assert found["Headline", ""] == [page.inner_text("#headline")]


def test_a_place_without_an_answer_says_why_and_lives_on(opened: Opened, address: str) -> None:
    page = opened.page
    go(page, f"{address}/?v=two-million")
    before = values(page)
    slider = "input[name='t.supply.at_least']"
    page.focus(slider)
    page.keyboard.press("End")
    expect(page.locator("#refusal")).to_contain_text("conflicts with")
    expect(page.locator("#refusal")).to_contain_text("What would help")
    assert not page.is_visible("#big")
    page.keyboard.press("Home")
    page.wait_for_function("() => !document.body.classList.contains('refused')")
    assert page.inner_text("#refusal") == ""
    settled(page, before)


def test_the_deal_file_can_be_edited_and_faults_stand_at_their_line(opened: Opened) -> None:
    page = opened.page
    page.click("#editor summary")
    text = page.input_value("#text")
    wrong = text.replace('up_to = "2 Mt/yr"', 'up_to = "2 Mt"', 1)
    line = wrong[: wrong.index('up_to = "2 Mt"')].count("\n") + 1
    page.fill("#text", wrong)
    page.click("#use")
    expect(page.locator("#faults")).to_contain_text(f"Line {line}")
    assert f"▸{line}" in page.inner_text("#lines mark >> nth=0")
    page.click(f"#faults button:text('Line {line}') >> nth=0")
    chosen = page.evaluate(
        "(t => t.value.slice(t.selectionStart, t.selectionEnd))(document.activeElement)"
    )
    assert chosen == 'up_to = "2 Mt"'
    page.fill("#text", text.replace('up_to = "2 Mt/yr"', 'up_to = "60 kt/yr"', 1))
    with page.expect_navigation():
        page.click("#use")
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#headline")).to_contain_text("60 kt")


def test_another_variant_is_a_choice_away(opened: Opened) -> None:
    page = opened.page
    with page.expect_navigation():
        page.select_option("#v", "duty-free")
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("h1")).to_contain_text("duty-free")
    page.go_back()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("h1")).to_contain_text("common-duty")


# ---------------------------------------------------------------------------------- for everyone


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/?duty=3", "/?embed=1", "/?v=two-million&t.supply.at_least=5000"]
)
def test_axe_finds_nothing(browser: Chromium, address: str, scheme: str, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": 1440, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    go(page, address + path)
    page.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true })")
    found = axe.Axe().run(page).response["violations"]
    assert not [(x["id"], [n["html"][:120] for n in x["nodes"][:3]]) for x in found]
    context.close()


def test_focus_goes_from_top_to_bottom_and_every_field_has_words(opened: Opened) -> None:
    page = opened.page
    assert page.get_attribute("html", "lang") == "en"
    for landmark in ("main", "header", "footer"):
        assert page.locator(landmark).count() == 1
    for nav in page.query_selector_all("nav"):
        assert nav.get_attribute("aria-label")
    names: list[str] = []
    for _ in range(8):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert names[:4] == ["skip", "v", "day", "s-t-supply-up_to"]
    assert page.get_attribute("#headline", "aria-live") == "polite"
    for field in page.query_selector_all("input[type=range]"):
        assert page.locator(f"label[for='{field.get_attribute('id')}']").count() == 1
        assert field.get_attribute("aria-valuetext")


def test_without_javascript_it_is_a_readable_page(browser: Chromium, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/?duty=0")
    expect(page.locator("#headline")).to_contain_text("Russia would sell")
    assert page.locator("#tables tbody tr").count() > 30
    says = page.get_attribute("#gains", "aria-label") or ""
    assert "United States +" in says
    assert says in page.inner_html("#gains-figure noscript")
    page.select_option("#v", "duty-free")
    page.click("#choices button")
    expect(page.locator("h1")).to_contain_text("duty-free")
    context.close()


def test_on_paper_there_are_no_sliders(opened: Opened) -> None:
    page = opened.page
    page.emulate_media(media="print")
    assert not page.is_visible("#sliders")
    assert not page.is_visible("#files")
    assert page.is_visible("#headline")
    assert page.is_visible("#tables")
    assert len(page.pdf()) > 20_000


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_sticks_out(browser: Chromium, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    go(page, f"{address}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_nothing_is_missed_when_hands_are_quick(opened: Opened) -> None:
    """The last place wins, however many were passed on the way."""
    page = opened.page
    before = values(page)
    page.focus(DUTY)
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    settled(page, before)
    view = page.request.get(page.url.replace("/?", "/answer?")).json()
    page.wait_for_function("t => document.getElementById('headline').textContent === t",
                           arg=view["headline"])  # fmt: skip
    assert "duty=22.5" in page.url
