"""The addresses of the rest of the report and of its files: what they answer, what they refuse."""

from __future__ import annotations

import tomllib

import pytest

pytest.importorskip("starlette", reason="needs the extra [page]")
pytest.importorskip("httpx", reason="needs httpx")
pytest.importorskip("vl_convert", reason="needs the extra [page]")

from accord.web.library import SLOW, Library
from accord.web.reports import DEAL_FILE, MEDIA, REPORTS
from inline_worker import Client

PATHS = ("/more", "/claims", "/years", *(f"/{x}" for x in (*REPORTS, DEAL_FILE)))


def test_files_have_the_name_of_the_deal_and_their_kind(client: Client) -> None:
    found = client.get("/deal.toml?duty=3&t.halve-defence-budgets.cut=30")
    assert found.status_code == 200
    assert found.headers["content-type"] == MEDIA[".toml"]
    said = found.headers["content-disposition"]
    assert said == 'attachment; filename="us-russia-2025.toml"'
    deal = tomllib.loads(found.text)
    assert deal["deal"]["default_variant"] == "moved"
    assert "30 %, in place of 50 %" in deal["variant"]["moved"]["title"]


def test_an_edited_deal_is_moved_as_it_was_edited(client: Client, library: Library) -> None:
    text = library._text.replace(
        "title = \"Russia's offer", 'title = "\\u0022;<b>x</b>\\n offer', 1
    )
    headers = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    told = client.post("/deal", content=text, headers=headers).json()
    assert told["ok"], told
    found = client.get(f"/deal.toml?d={told['id']}&t.supply.up_to=50")
    deal = tomllib.loads(found.text)
    assert deal["deal"]["title"].startswith('";<b>x</b>\n offer')
    assert deal["variant"]["moved"]["set"]["supply"]["up_to"] == "50 kt/yr"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query", ["duty=nan", "v=../../etc/passwd", "day=yesterday", "x=1", "t.nothing.at_all=1"]
)
def test_a_hostile_address_is_refused(client: Client, path: str, query: str) -> None:
    found = client.get(f"{path}?{query}")
    assert found.status_code in {200, 400, 409}
    if found.status_code == 200:
        assert not found.json()["ok"]
    assert "content-disposition" not in found.headers
    assert "Traceback" not in found.text


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_method_is_refused(client: Client, path: str) -> None:
    assert client.post(path, headers={"sec-fetch-site": "same-origin"}).status_code == 405


def test_a_place_without_an_answer_has_no_files(client: Client) -> None:
    query = "v=two-million&t.supply.at_least=5000"
    found = client.get(f"/report.html?{query}")
    assert found.status_code == 409
    assert "capacity" in found.text
    assert not client.get(f"/more?{query}").json()["ok"]


def test_what_takes_seconds_is_known_as_such() -> None:
    assert {x.lstrip("/") for x in PATHS} - {DEAL_FILE} == SLOW
