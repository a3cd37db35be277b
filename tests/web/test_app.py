"""The page's addresses: what they answer, what they refuse, and that nothing stops them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="needs the extra [page]")
pytest.importorskip("httpx", reason="needs httpx")
pytest.importorskip("vl_convert", reason="needs the extra [page]")

from accord.web.guard import host_of
from accord.web.library import Library
from accord.web.server import page_of
from inline_worker import Client, Inline, client_of

SAME = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}


class Outline(HTMLParser):
    """Tags and ids of a page, and the text of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name.startswith("on") or name == "style":
                self.inline.append(f"{tag} {name}")


def test_the_page_is_whole_without_a_script(client: Client) -> None:
    page = client.get("/?duty=12")
    assert page.status_code == 200
    view = client.get("/answer?duty=12").json()
    for text in (
        view["headline"].split("(")[0],
        view["big"][0]["value"],
        "Who gains and who loses",
    ):
        assert text in page.text
    outline = Outline()
    outline.feed(page.text)
    assert not outline.inline
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.tags.count("h1") == 1
    assert {"main", "header", "footer", "nav", "form"} <= set(outline.tags)
    sliders = re.findall(r'<input type="range" id="([^"]+)" name="([^"]+)"', page.text)
    assert len(sliders) > 10
    for name, _ in sliders:
        assert f'<label for="{name}">' in page.text


def test_every_response_forbids_what_is_not_the_pages_own(client: Client) -> None:
    for path in ("/", "/answer", "/static/page.js", "/vega.js", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_a_page_that_is_framed_has_headline_and_chart_only(client: Client) -> None:
    page = client.get("/?embed=1&duty=3")
    assert 'id="headline"' in page.text
    assert 'id="gains"' in page.text
    assert 'type="range"' not in page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in client.get("/").headers["content-security-policy"]


def test_files_are_what_is_on_the_screen(client: Client) -> None:
    view = client.get("/answer?duty=3").json()
    rows = list(csv.DictReader(io.StringIO(client.get("/screen.csv?duty=3").text)))
    cells = {(x["table"], x["row"], x["column"]): x["value"] for x in rows}
    for block in view["blocks"]:
        for line in block["lines"]:
            for column, cell in zip(block["columns"][1:], line["cells"][1:], strict=True):
                if block["columns"].count(column) == 1:
                    assert cells[block["heading"], line["cells"][0], column] == cell
    packed = zipfile.ZipFile(io.BytesIO(client.get("/screen.zip?duty=3").content))
    screen = json.loads(packed.read("screen.json"))
    assert screen["blocks"] == view["blocks"]
    assert screen["headline"] == view["headline"]
    assert "welfare computed twice" in screen["certificate"]
    assert len([x for x in packed.namelist() if x.endswith(".csv")]) == len(view["blocks"]) + 1


def test_an_edited_deal_is_checked_and_can_be_asked_about(client: Client, library: Library) -> None:
    wrong = client.post("/deal", content="[deal]\ntitle = 5\n", headers=SAME).json()
    assert not wrong["ok"]
    assert any(x["line"] for x in wrong["faults"])
    text = library._text.replace(
        "title = \"Russia's offer", 'title = "<script>alert(1)</script>', 1
    )
    right = client.post("/deal", content=text, headers=SAME).json()
    assert right["ok"], right
    page = client.get(f"/?d={right['id']}")
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert(1)" not in page.text


# ---------------------------------------------------------------------------------- bad input


def test_a_deal_of_20_mb_is_refused_unread(client: Client) -> None:
    read = 0

    def parts() -> Iterator[bytes]:
        nonlocal read
        for _ in range(20):
            read += 1
            yield b"#" * 1_000_000

    said = client.post("/deal", content=b"#" * 20_000_000, headers=SAME)
    assert said.status_code == 413
    streamed = client.post("/deal", content=parts(), headers=SAME)
    assert streamed.status_code == 413


@pytest.mark.parametrize("path", [
    "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/%2e%2e/cli.py",
    "/static//etc/passwd",
    "/static/", "/static/page.js/..", "/../../etc/passwd", "/static/page.py", "/vega.js/../x",
])  # fmt: skip
def test_there_is_no_way_out_of_the_own_files(client: Client, path: str) -> None:
    found = client.get(path, follow_redirects=False)
    assert found.status_code in {404, 307, 200}
    if found.status_code == 200:
        assert "root:" not in found.text
        assert "import" not in found.text[:200] or path.endswith("/..")
    assert "from __future__" not in found.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_refused(client: Client, method: str) -> None:
    for path in ("/", "/answer", "/check", "/static/page.js"):
        assert client.request(method, path, headers=SAME).status_code == 405
    assert client.get("/deal").status_code == 405


def test_another_page_cannot_post(client: Client) -> None:
    for headers in (
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
    ):
        assert client.post("/deal", content="x", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::", "localhost.x"]
)
def test_another_name_is_not_served(client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


def test_own_names_are_served(client: Client) -> None:
    for host in ("127.0.0.1:8765", "localhost", "[::1]:9"):
        assert client.get("/counts", headers={"host": host}).status_code == 200
    assert host_of("[::1]:9") == "::1"


def test_beyond_this_machine_it_takes_a_token(library: Library) -> None:
    app = page_of([Inline(library)], hosts=(), token="s3cret", ahead=False)  # noqa: S106
    with client_of(app, base_url="http://192.0.2.7", follow_redirects=False) as outside:
        assert outside.get("/").status_code == 403
        assert outside.get("/?token=wrong").status_code == 403
        assert outside.get("/answer").status_code == 403
        assert outside.post("/deal?token=s3cret", content="x").status_code == 403
        moved = outside.get("/?token=s3cret&duty=3")
        assert moved.status_code == 303
        assert moved.headers["location"] == "/?duty=3"
        assert "HttpOnly" in moved.headers["set-cookie"]
        assert "samesite=strict" in moved.headers["set-cookie"].lower()
        assert outside.get("/counts").status_code == 200


def test_an_infeasible_place_says_what_binds_and_the_page_lives_on(client: Client) -> None:
    query = "v=two-million&t.supply.at_least=5000"
    page = client.get(f"/?{query}")
    assert page.status_code == 200
    assert "conflicts with" in page.text
    assert 'type="range"' in page.text
    assert 'value="5000"' in page.text
    assert '<body class="refused">' in page.text
    assert not client.get(f"/answer?{query}").json()["ok"]
    assert client.get(f"/screen.csv?{query}").status_code == 409
    assert client.get("/answer?v=two-million").json()["ok"]


def test_an_edit_that_is_gone_falls_back_to_the_deal_served(client: Client) -> None:
    assert client.get("/answer?d=0123456789abcdef").json()["ok"]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEYS = st.sampled_from(
    [
        "v",
        "day",
        "d",
        "k",
        "b",
        "m",
        "duty",
        "t.supply.up_to",
        "a.sigma.aluminium",
        "embed",
        "c",
        "n",
        "rows",
        "token",
    ]
)
PATHS = st.sampled_from(
    ["/", "/answer", "/check", "/compare", "/screen.csv", "/screen.zip", "/charts", "/static/x"]
)


@settings(max_examples=120, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(path=PATHS, pairs=st.lists(st.tuples(KEYS | TEXT, TEXT), max_size=6))
@example(path="/", pairs=[("v", "<script>alert(1)</script>")])
@example(path="/answer", pairs=[("duty", "1e308"), ("n", "9" * 30)])
@example(path="/charts", pairs=[("rows", "²")])
@example(path="/answer", pairs=[("day", "0001-01-01")])
@example(path="/", pairs=[("day", "9999-12-31")])
@example(path="/", pairs=[("k", "v=<script>alert(1)</script>"), ("b", "now")])
@example(path="/", pairs=[("k", "k=k%3Dk"), ("k", ""), ("m", "\x00")])
@example(path="/screen.zip", pairs=[("k", "duty=3"), ("k", "day=0001-01-01"), ("b", "b")])
def test_no_address_breaks_it(client: Client, path: str, pairs: list[tuple[str, str]]) -> None:
    found = client.get(path, params=pairs)
    assert found.status_code in {200, 204, 400, 404, 409}
    assert "Traceback" not in found.text
    assert "<script>alert" not in found.text


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_deal_breaks_it(client: Client, body: bytes) -> None:
    found = client.post("/deal", content=body, headers=SAME)
    assert found.status_code in {200, 413}
    assert not found.json()["ok"]


def test_the_page_takes_nothing_from_elsewhere() -> None:
    static = Path(__file__).parents[2] / "src" / "accord" / "web" / "static"
    for path in static.iterdir():
        found = set(re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}", path.read_text()))
        assert not found, path
