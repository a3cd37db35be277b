"""Downloads against a server of our own on 127.0.0.1: whole, broken off, resumed, wrong."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from accord.economy.data.catalogue import CATALOGUE, Entry, catalogue, entry_named
from accord.economy.data.fetch import NotFetched, announcement, fetch, recorded
from accord.errors import InputError

BODY = bytes(range(256)) * 4096
DIGEST = hashlib.sha256(BODY).hexdigest()


@dataclass
class Server:
    """What the server does, and what it was asked."""

    url: str = ""
    body: bytes = BODY
    etag: str = '"one"'
    ranges: bool = True
    break_after: int | None = None
    status: int = 200
    asked: list[str | None] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.asked.append(asked)
            if state.status != 200:
                self.send_error(state.status)
                return
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            same = self.headers.get("If-Range") in {None, state.etag}
            if not (state.ranges and same):
                start = 0
            if asked and start >= len(state.body):
                self.send_error(416)
                return
            part = state.body[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(part)))
            self.send_header("ETag", state.etag)
            self.end_headers()
            sent = part if state.break_after is None else part[: state.break_after]
            self.wfile.write(sent)

        def log_message(self, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{httpd.server_port}/file.zip"
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield state
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def entry(server: Server, sha256: str | None = DIGEST) -> Entry:
    return Entry(
        "toy", "A toy", server.url, "file.zip", len(BODY), sha256, "CC0", "Toy (2020)", "unpack it"
    )


def test_a_whole_file_is_verified(server: Server, tmp_path: Path) -> None:
    said: list[str] = []
    got = fetch(entry(server), tmp_path / "data", said.append)
    assert got.path.read_bytes() == BODY
    assert got.verified
    assert got.sha256 == DIGEST
    assert "as expected" in said[-1]
    assert sorted(p.name for p in got.path.parent.iterdir()) == ["file.zip"]


def test_a_broken_transfer_goes_on_where_it_ended(server: Server, tmp_path: Path) -> None:
    server.break_after = 300_000
    with pytest.raises(NotFetched, match="run the same command again") as caught:
        fetch(entry(server), tmp_path, lambda _: None)
    assert caught.value.exit_status == 1
    assert not (tmp_path / "file.zip").exists()
    assert (tmp_path / "file.zip.part").stat().st_size == 300_000
    server.break_after = None
    said: list[str] = []
    got = fetch(entry(server), tmp_path, said.append)
    assert server.asked == [None, "bytes=300000-"]
    assert "going on after 300,000 bytes" in said
    assert got.path.read_bytes() == BODY


def test_a_server_without_ranges_starts_over(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.zip.part").write_bytes(BODY[:1000])
    server.ranges = False
    said: list[str] = []
    got = fetch(entry(server), tmp_path, said.append)
    assert "the server starts over" in said
    assert got.path.read_bytes() == BODY


def test_a_file_that_changed_in_between_starts_over(server: Server, tmp_path: Path) -> None:
    server.break_after = 1000
    with pytest.raises(NotFetched):
        fetch(entry(server), tmp_path, lambda _: None)
    server.break_after, server.etag = None, '"two"'
    server.body = BODY[::-1]
    want = hashlib.sha256(server.body).hexdigest()
    got = fetch(entry(server, want), tmp_path, lambda _: None)
    assert got.path.read_bytes() == server.body


def test_a_part_that_is_whole_already(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.zip.part").write_bytes(BODY)
    assert fetch(entry(server), tmp_path, lambda _: None).path.read_bytes() == BODY


def test_a_wrong_checksum_keeps_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="SHA-256") as caught:
        fetch(entry(server, "0" * 64), tmp_path, lambda _: None)
    assert caught.value.exit_status == 2
    assert [p.name for p in tmp_path.iterdir() if p.suffix != ".version"] == []


def test_a_file_that_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.zip").write_bytes(BODY)
    said: list[str] = []
    fetch(entry(server), tmp_path, said.append)
    assert server.asked == []
    assert said[0].startswith("already there")


def test_a_file_that_is_there_and_another_is_never_overwritten(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "file.zip").write_bytes(b"mine")
    with pytest.raises(InputError, match="move it away"):
        fetch(entry(server), tmp_path, lambda _: None)
    assert (tmp_path / "file.zip").read_bytes() == b"mine"


def test_without_a_checksum_the_first_is_recorded_and_said(server: Server, tmp_path: Path) -> None:
    unknown = entry(server, None)
    assert "no checksum is known" in announcement(unknown, tmp_path)
    said: list[str] = []
    got = fetch(unknown, tmp_path, said.append)
    assert not got.verified
    assert f"recorded SHA-256 {DIGEST}" in said[-1]
    assert recorded(got.path) == DIGEST
    # From then on it is held to it.
    got.path.unlink()
    server.body = b"something else"
    with pytest.raises(InputError, match=DIGEST):
        fetch(unknown, tmp_path, lambda _: None)


@pytest.mark.parametrize("status", [404, 500])
def test_what_the_server_says(server: Server, tmp_path: Path, status: int) -> None:
    server.status = status
    with pytest.raises(NotFetched, match=str(status)):
        fetch(entry(server), tmp_path, lambda _: None)


def test_a_server_that_is_not_there(tmp_path: Path, server: Server) -> None:
    gone = replace(entry(server), url="http://127.0.0.1:9/file.zip")
    with pytest.raises(NotFetched, match="nothing came"):
        fetch(gone, tmp_path, lambda _: None)


def test_only_http(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an http address"):
        fetch(replace(entry(server), url="file:///etc/passwd"), tmp_path, lambda _: None)


def test_the_announcement_says_it_all(server: Server, tmp_path: Path) -> None:
    said = announcement(entry(server), tmp_path)
    for part in (server.url, "1 MB", "CC0", "Toy (2020)", DIGEST, str(tmp_path / "file.zip")):
        assert part in said, part


def test_the_catalogue_is_complete() -> None:
    entries = catalogue(CATALOGUE)
    assert len({e.name for e in entries}) == len(entries) > 0
    for e in entries:
        assert e.url.startswith("https://")
        assert e.licence
        assert e.citation
        assert e.then
        assert e.sha256 is None or len(e.sha256) == 64
    with pytest.raises(InputError, match=entries[0].name):
        entry_named("nothing")
