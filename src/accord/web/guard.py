"""Who may ask: hosts, a token, the same page; and what every response says to the browser."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "accord_token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *"
)
# Nobody but an embedding page may frame the answer, and a frame has no editor to be tricked into.
POLICY_ALONE = POLICY.replace("frame-ancestors *", "frame-ancestors 'self'")


@dataclass(frozen=True)
class Guard:
    """Lets through what may be asked.

    ``hosts``  names that the page may be asked for by; none: any, which takes a token
    ``token``  what a reader has to show once; empty: nothing
    """

    app: ASGIApp
    hosts: tuple[str, ...]
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        dressed = _dressed(send, embedded="embed=1" in scope["query_string"].decode("latin-1"))
        await (refusal or self.app)(scope, receive, dressed)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if self.hosts and host_of(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("accord: this page is not served under that name\n", 421)
        if scope["method"] not in {"GET", "HEAD"} and not _same_page(headers):
            return PlainTextResponse("accord: only this page itself may send that\n", 403)
        if not self.token or self._shown(headers):
            return None
        return self._welcome(scope)

    def _shown(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and _same(cookie.value, self.token)

    def _welcome(self, scope: Scope) -> Response:
        """Take a token from the address into a cookie, so that addresses to share have none."""
        try:
            query = parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=100)
        except ValueError:
            query = []
        given = next((value for key, value in query if key == "token"), "")
        if not _same(given, self.token) or scope["method"] != "GET":
            return PlainTextResponse(
                "accord: open the address that `accord serve` printed; it has a token\n", 403
            )
        rest = urlencode([(key, value) for key, value in query if key != "token"])
        found = RedirectResponse(f"/?{rest}" if rest else "/", 303)
        found.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
        return found


def host_of(header: str) -> str:
    """Return the name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


def _same_page(headers: Headers) -> bool:
    """Return whether a request comes from a page of this server, or from no browser's page."""
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin")
    if site not in {"same-origin", "none"}:
        return False
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _dressed(send: Send, *, embedded: bool) -> Send:
    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = POLICY if embedded else POLICY_ALONE
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
            headers["cross-origin-resource-policy"] = "same-origin"
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return dressed
