"""The founding case, prepared once, and a server of our own on 127.0.0.1 where one is needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accord.assessment.reference import find
from accord.web.desk import Desk
from accord.web.library import Asked, Library
from accord.web.position import position_of
from inline_worker import Inline, client_of
from served import FLAGS, chromium, served

DEAL = "us-russia-2025"


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(find(DEAL))


@pytest.fixture(scope="session")
def desk(library: Library) -> Desk:
    return library._desk(Asked("view", position_of("")))


@pytest.fixture(scope="session")
def client(library: Library) -> Iterator[object]:
    """A client of the application, which answers in this process."""
    pytest.importorskip("starlette", reason="needs the extra [page]")
    pytest.importorskip("httpx", reason="needs httpx")
    pytest.importorskip("vl_convert", reason="needs the extra [page]")
    from accord.web.server import page_of

    with client_of(page_of([Inline(library)], ahead=False), base_url="http://127.0.0.1") as found:
        yield found


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the page, served in processes of its own."""
    with served() as (found, _):
        yield found.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Debian's Chromium, driven by Playwright; modules that use it skip where it is not."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield found
        found.close()
