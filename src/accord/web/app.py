"""The application: which address is answered by what of the page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.web.answers import Answers
from accord.web.guard import Guard
from accord.web.page import Assets, Page
from accord.web.reports import DEAL_FILE, REPORTS

NAMED = ("answer", "near", "check", "compare", "more", "claims", "years", "charts", "counts")
"""Addresses that are called as what of the page answers them."""


def application(
    answers_of: Callable[[], Answers],
    assets: Assets,
    *,
    hosts: tuple[str, ...],
    token: str,
    ahead: bool,
) -> Starlette:
    """Return the application. ``answers_of`` is called on the event loop that it runs on."""
    held: list[Page] = []

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncGenerator[None]:
        del app
        answers = answers_of()
        held.append(Page(answers, assets, ahead=ahead))
        try:
            yield
        finally:
            held.clear()
            answers.close()

    def to(name: str) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            return await getattr(held[0], name)(request)

        return endpoint

    return Starlette(
        routes=[
            Route("/", to("home")),
            *(Route(f"/{name}", to(name)) for name in NAMED),
            Route("/screen.csv", to("csv")),
            Route("/screen.zip", to("zip")),
            *(Route(f"/{kind}", to("report")) for kind in (*REPORTS, DEAL_FILE)),
            Route("/deal", to("deal"), methods=["POST"]),
            Route("/static/{name}", to("static")),
            Route("/vega.js", to("vega")),
        ],
        middleware=[Middleware(Guard, hosts=hosts, token=token),
                    Middleware(GZipMiddleware, minimum_size=20_000, compresslevel=1)],
        lifespan=life,
    )  # fmt: skip
