"""What the page's addresses answer: the page, moved sliders, files, edited deals."""

from __future__ import annotations

import hashlib
import json
from asyncio import to_thread
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from accord.deal.text import LARGEST
from accord.errors import InputError
from accord.web.ahead import next_places, places_beside, places_by_halves
from accord.web.answers import Answers, Superseded
from accord.web.comparing import Comparing
from accord.web.comparison_html import compare_section, fragment
from accord.web.comparison_view import blocks_of
from accord.web.downloads import as_csv, as_zip
from accord.web.html import document, refused
from accord.web.latest import Latest
from accord.web.library import Asked
from accord.web.pins import parted
from accord.web.position import Position
from accord.web.reports import MEDIA
from accord.web.view import View, refusal_of
from accord.web.workers import WorkerLost

STATIC = Path(__file__).with_name("static")
FILES = {"page.js": "text/javascript", "editor.js": "text/javascript", "page.css": "text/css",
         "pins.js": "text/javascript", "more.js": "text/javascript"}  # fmt: skip
EDITS = 50
JSON = "application/json"
PLACES = 1_200
"""Places of the first sliders that are worked out while nobody waits."""


@dataclass(frozen=True)
class Assets:
    """What the page is made of beside its answer: charts, as specifications and drawn, and Vega."""

    charts: Callable[[int], View]
    drawn: Callable[[View], str]
    vega: Callable[[], bytes]


class Page:
    """Answers requests. ``edits`` are deal files that were edited in the page, by their digest."""

    def __init__(self, answers: Answers, assets: Assets, *, ahead: bool) -> None:
        self._answers = answers
        self._assets = assets
        self._edits: Latest[str, str] = Latest(EDITS)
        self._comparing = Comparing(answers, self._edits.get)
        self._dials: Latest[Position, list[View]] = Latest(EDITS)
        self._last: Latest[str, Position] = Latest(1_000)
        self._ready = not ahead

    async def home(self, request: Request) -> Response:
        """Return the page at a position, readable as it is."""
        try:
            asked = self._asked("page", request)
        except InputError as error:
            return HTMLResponse(refused(refusal_of(error)), 400)
        found = await self._found(asked)
        setting = found.get("setting")
        if setting is None:
            return HTMLResponse(refused(found), 400)
        self._dials.put(asked.position.scenario, setting["dials"])
        self._prepare(asked, setting)
        charts = await to_thread(
            self._assets.charts, len(found["gains"]["rows"]) if found["ok"] else 1
        )
        drawn = await to_thread(self._assets.drawn, found["gains"]) if found["ok"] else ""
        embedded = request.query_params.get("embed") == "1"
        beside = "" if embedded else await self._beside(request, asked.position, setting)
        found["kept"] = urlencode(parted(request.url.query)[1].entries)
        return HTMLResponse(document(found, charts, drawn, beside, embedded=embedded))

    async def _beside(self, request: Request, at: Position, setting: View) -> str:
        """Return what is compared on the page, with the buttons that keep a position."""
        pins = parted(request.url.query)[1]
        compared = await self._comparing.soon(at, pins) if pins.kept else None
        return compare_section(at, pins, [x["name"] for x in setting["variants"]], compared)

    async def compare(self, request: Request) -> Response:
        """Return the position and those that are kept side by side, as HTML in JSON."""
        try:
            asked, pins = self._asked("figures", request), parted(request.url.query)[1]
        except InputError as error:
            return JSONResponse(refusal_of(error), 400)
        if not pins.kept:
            return JSONResponse({"ok": True, "html": ""})
        try:
            found = await self._comparing.view(asked.position, pins, *_reader(request))
        except Superseded:
            return Response(status_code=204)
        return JSONResponse({"ok": True, "html": fragment(found, asked.position, pins)})

    def _prepare(self, asked: Asked, setting: View) -> None:
        """Have the sliders' places and the other variants made ready, while nobody waits."""
        if self._ready or asked.position.edited:
            return
        self._ready = True
        home, dials = asked.position.scenario, setting["dials"]
        names = [x["name"] for x in setting["variants"] if x["name"] != setting["variant"]]
        others = [Position(name, date.fromisoformat(setting["day"])) for name in names]
        views = [home, *places_by_halves(home, dials, PLACES)]
        pages = [Asked("page", x) for x in others]
        self._answers.prepare([*pages, *(Asked("view", x) for x in views)])

    async def answer(self, request: Request) -> Response:
        """Return what the page shows at a position, as JSON."""
        return await self._json("view", request)

    async def near(self, request: Request) -> Response:
        """Have the places beside a slider worked out that a hand has come to."""
        try:
            asked = self._asked("view", request)
        except InputError as error:
            return JSONResponse(refusal_of(error), 400)
        dials = self._dials.get(asked.position.scenario) or []
        for dial in dials:
            if dial["key"] == request.query_params.get("slider"):
                places = places_beside(asked.position, dial)
                self._answers.look_ahead([replace(asked, position=x) for x in places])
        return Response(status_code=204)

    async def check(self, request: Request) -> Response:
        """Return the certificate of a position with welfare computed twice."""
        return await self._json("check", request)

    async def more(self, request: Request) -> Response:
        """Return the rest of the report at a position, as JSON with HTML in it."""
        return await self._json("more", request)

    async def claims(self, request: Request) -> Response:
        """Return the claims of a position, likewise."""
        return await self._json("claims", request)

    async def years(self, request: Request) -> Response:
        """Return the years of a position, likewise."""
        return await self._json("years", request)

    async def report(self, request: Request) -> Response:
        """Return the full report of a position, or its deal file, as a file."""
        kind = request.url.path.lstrip("/")
        try:
            found = await self._found(self._asked(kind, request))
        except InputError as error:
            return HTMLResponse(refused(refusal_of(error)), 400)
        if not found["ok"]:
            return HTMLResponse(refused(found), 409)
        headers = {"content-disposition": f'attachment; filename="{found["name"]}"'}
        data = b64decode(found["data"])
        return Response(data, media_type=MEDIA[Path(kind).suffix], headers=headers)

    async def csv(self, request: Request) -> Response:
        """Return the screen as one table."""
        return await self._file(request, as_csv, "csv", "text/csv; charset=utf-8")

    async def zip(self, request: Request) -> Response:
        """Return the screen as a .zip."""
        return await self._file(request, as_zip, "zip", "application/zip")

    async def deal(self, request: Request) -> Response:
        """Take an edited deal: return its faults, or the name by which to ask about it."""
        text = await _text_of(request)
        if text is None:
            found = f"more than {LARGEST:,} bytes, or no text"
            return JSONResponse(_unreadable(found), 413, headers={"connection": "close"})
        found = await self._found(Asked("deal", Position(), text))
        if found["ok"]:
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            self._edits.put(digest, text)
            found["id"] = digest
        return JSONResponse(found)

    async def charts(self, request: Request) -> Response:
        """Return the specifications of charts with so many rows."""
        rows = request.query_params.get("rows", "")
        if not (rows.isdecimal() and len(rows) < 3 and 0 < int(rows) <= 40):  # noqa: PLR2004
            return JSONResponse(_unreadable("rows"), 400)
        return JSONResponse(await to_thread(self._assets.charts, int(rows)))

    async def static(self, request: Request) -> Response:
        """Return one of the page's own files; there are no others."""
        name = request.path_params["name"]
        if name not in FILES:
            return Response(status_code=404)
        data = (STATIC / name).read_bytes()
        if name == "page.css":
            data = _report_style() + data
        return Response(data, media_type=FILES[name], headers={"cache-control": "no-cache"})

    async def vega(self, request: Request) -> Response:
        """Return Vega; browsers may keep it."""
        data = await to_thread(self._assets.vega)
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        headers = {"cache-control": "max-age=86400", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type="text/javascript", headers=headers)

    async def counts(self, request: Request) -> Response:
        """Return how questions were answered since the start."""
        del request
        return JSONResponse({**vars(self._answers.counts), "waiting": self._answers.waiting})

    # ------------------------------------------------------------------ parts of it

    def _asked(self, kind: str, request: Request) -> Asked:
        at = parted(request.url.query)[0]
        text = self._edits.get(at.edited) if at.edited else ""
        if text is None:
            at, text = replace(at, edited=""), ""
        return Asked(kind, at, text)

    async def _found(self, asked: Asked) -> View:
        """Return an answer, read; a refusal where the process that answered has died over it."""
        try:
            return json.loads(await self._answers.get(asked))
        except WorkerLost as error:
            return _lost(error)

    async def _json(self, kind: str, request: Request) -> Response:
        try:
            asked = self._asked(kind, request)
        except InputError as error:
            return JSONResponse(refusal_of(error), 400)
        reader, number = _reader(request)
        try:
            found = await self._answers.get(asked, _asker(kind, reader), number)
        except Superseded:
            return Response(status_code=204)
        except WorkerLost as error:
            return JSONResponse(_lost(error), 503)
        if kind == "view":
            self._look_ahead(reader, asked)
        return Response(found, media_type=JSON)

    def _look_ahead(self, reader: str, asked: Asked) -> None:
        before = self._last.get(reader)
        if reader:
            self._last.put(reader, asked.position)
        dials = self._dials.get(asked.position.scenario)
        if before is not None and dials is not None:
            places = next_places(before, asked.position, dials)
            self._answers.look_ahead([replace(asked, position=x) for x in places])

    async def _file(
        self, request: Request, made: Callable[[View], bytes], kind: str, media: str
    ) -> Response:
        try:
            asked, pins = self._asked("view", request), parted(request.url.query)[1]
        except InputError as error:
            return HTMLResponse(refused(refusal_of(error)), 400)
        view = await self._found(asked)
        if not view["ok"]:
            return HTMLResponse(refused(view), 409)
        view |= {"certificate": await self._certified(asked)}
        view |= {"address": pins.address(view["query"])}
        if pins.kept:
            compared = await self._comparing.view(asked.position, pins)
            view |= {"compared": compared, "beside": blocks_of(compared)}
        headers = {"content-disposition": f'attachment; filename="accord-screen.{kind}"'}
        return Response(made(view), media_type=media, headers=headers)

    async def _certified(self, asked: Asked) -> str:
        found = await self._found(replace(asked, kind="check"))
        return str(found.get("certificate") or f"NOT certified: {found.get('cause', '')}")


def _asker(kind: str, reader: str) -> str:
    """Return whose older questions a new one makes void: those of a kind are apart from others."""
    if not reader or kind == "check":
        return ""
    return reader if kind == "view" else f"{reader}/{kind}"


def _lost(error: WorkerLost) -> View:
    return {"ok": False, "faults": [], "cause": str(error), "remedy": "try again"}


def _reader(request: Request) -> tuple[str, int]:
    reader, number = request.query_params.get("c", "")[:40], request.query_params.get("n", "")
    return reader, int(number) if number.isdecimal() and len(number) < 12 else 0  # noqa: PLR2004


async def _text_of(request: Request) -> str | None:
    """Return the text that was sent; ``None`` for more than a deal may have, without reading it."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:12]) > LARGEST:
        return None
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > LARGEST:
            return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _unreadable(found: str) -> View:
    fault = {"line": None, "where": "", "found": found, "allowed": f"text, {LARGEST:,} bytes",
             "fix": "shorten it"}  # fmt: skip
    return {"ok": False, "faults": [fault]}


def _report_style() -> bytes:
    from accord import report  # noqa: PLC0415 - its folder only

    return Path(str(report.__file__)).with_name("page.css").read_bytes()
