"""The page in a real browser: nothing loaded, nothing that axe finds, on paper too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.report.page import page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not here")
axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not here")
CHROMIUM = shutil.which("chromium")
Browser = Any
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not here")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = 390, 1440


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, drawn: Assessment) -> dict[str, Path]:
    """Pages: the founding case with ranges and years, and a deal without a market."""
    folder = tmp_path_factory.mktemp("pages")
    years = assess_named("us-russia-2025", years=(2025, 2027))
    pages = {"drawn": drawn, "years": years, "defence": assess_named("halve-defence-2025")}
    for name, answer in pages.items():
        (folder / f"{name}.html").write_text(page(answer), "utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def opened(browser: Browser, file: Path, **how: object) -> tuple[Any, list[str]]:
    """Return the page, and all that it asked for or said while it opened."""
    context = browser.new_context(offline=True, **how)
    tab = context.new_page()
    heard: list[str] = []
    tab.on("request", lambda x: heard.append(x.url))
    tab.on("console", lambda x: heard.append(x.text))
    tab.on("pageerror", lambda x: heard.append(str(x)))
    tab.goto(file.as_uri())
    return tab, heard


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("drawn", "light", DESK),
        ("drawn", "dark", PHONE),
        ("years", "light", PHONE),
        ("defence", "dark", DESK),
    ],
)
def test_axe_finds_nothing(
    browser: Browser, files: dict[str, Path], name: str, scheme: str, width: int
) -> None:
    view = {"width": width, "height": 900}
    tab, heard = opened(browser, files[name], viewport=view, color_scheme=scheme)
    assert heard == [files[name].as_uri()]
    tab.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true })")
    tab.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text("utf-8"))
    found = tab.evaluate("axe.run()")
    assert [(x["id"], x["nodes"][0]["html"]) for x in found["violations"]] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.context.close()


def test_it_reads_without_javascript(browser: Browser, files: dict[str, Path]) -> None:
    tab, heard = opened(browser, files["drawn"], java_script_enabled=False)
    assert heard == [files["drawn"].as_uri()]
    assert tab.locator("h1").inner_text().startswith("Russia's offer")
    assert tab.locator("table").count() > 10
    assert tab.locator("main").count() == tab.locator("nav").count() == 1
    tab.context.close()


def test_one_picture_of_each_is_seen(browser: Browser, files: dict[str, Path]) -> None:
    for width, kind in ((DESK, "wide"), (PHONE, "narrow")):
        tab, _ = opened(browser, files["drawn"], viewport={"width": width, "height": 900})
        shown = tab.locator("figure svg:visible")
        assert shown.count() == tab.locator(f"figure svg.{kind}").count() > 0
        for i in range(shown.count()):
            assert shown.nth(i).bounding_box()["width"] <= width
        tab.context.close()


def test_on_paper_everything_is_open(browser: Browser, files: dict[str, Path]) -> None:
    tab, _ = opened(browser, files["defence"], java_script_enabled=False)
    tab.emulate_media(media="print", color_scheme="dark")
    assert not tab.locator("nav").is_visible()
    assert tab.locator("details li").first.is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    tab.context.close()


def test_keys_reach_contents_then_tables(browser: Browser, files: dict[str, Path]) -> None:
    tab, _ = opened(browser, files["drawn"])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#terms"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#terms")
    tab.context.close()
