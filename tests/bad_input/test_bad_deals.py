"""Faulty deal files: each gives one message with all of its faults, and nothing else.

The messages stand beside the files. After a change run `ACCORD_WRITE_EXPECTED=1 pytest
tests/bad_input`, then read every message that changed as somebody who has never seen accord.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from accord import deal
from accord.errors import InputError
from accord.instruments import enact, read_term
from accord.market import Market

CORPUS = Path(__file__).with_name("deals")
CASES = sorted(p.name for p in CORPUS.glob("*.toml"))
TRADE = {"goods": "aluminium", "exporters": "RUS", "importers": "USA"}
LAW = (
    {"id": "law.ban", "kind": "ban", **TRADE},
    {"id": "law.duty", "kind": "import_duty", **TRADE, "exporters": "all", "ad_valorem": "25 %"},
    {
        "id": "law.quota",
        "kind": "import_quota",
        **TRADE,
        "exporters": ["CAN", "CHN"],
        "quantity": "9 kt/yr",
    },
)


def refused(path: Path, market: Market) -> InputError:
    """Return the error that a deal file ends in, read as the command line reads it."""

    def market_of(pack: str, day: date) -> Market:
        assert (pack, type(day)) == ("small", date)
        return enact(market, [read_term(measure) for measure in LAW])

    law = [str(measure["id"]) for measure in LAW]
    try:
        faults = deal.examine(path, ["small"], market_of, lambda _: law)
    except InputError as error:
        return error
    assert faults
    return InputError(faults)


@pytest.mark.parametrize("name", CASES)
def test_a_faulty_deal_gives_its_message(
    name: str, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CORPUS)
    error = refused(Path(name), market)
    expected = CORPUS / f"{Path(name).stem}.expected"
    if os.environ.get("ACCORD_WRITE_EXPECTED"):
        expected.write_text(f"{error}\n", encoding="utf-8")
    assert f"{error}\n" == expected.read_text(encoding="utf-8")
    assert error.exit_status == 2
    assert all(f.found and f.allowed and f.fix for f in error.faults)


def test_the_corpus_is_large_and_has_no_orphans() -> None:
    assert len(CASES) >= 60
    assert {Path(n).stem for n in CASES} == {p.stem for p in CORPUS.glob("*.expected")}


# --------------------------------------------------------------- files that git should not hold


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def utf16(path: Path) -> None:
    path.write_text('[deal]\ntitle = "T"\n', encoding="utf-16")


def latin1(path: Path) -> None:
    path.write_bytes('[deal]\ntitle = "Aluminium für Amerika"\n'.encode("latin-1"))


def oversized(path: Path) -> None:
    path.write_bytes(b"#" * 1_000_001)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def blank(path: Path) -> None:
    path.write_text("\n  \n# nothing but a comment\n", encoding="utf-8")


def folder(path: Path) -> None:
    path.mkdir()


def folder_with_a_deal(path: Path) -> None:
    path.mkdir()
    (path / "mine.toml").write_text("", encoding="utf-8")


def missing(path: Path) -> None:
    assert not path.exists()


def device(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def nested(path: Path) -> None:
    path.write_text("x = " + "[" * 20_000, encoding="utf-8")


def giant_number(path: Path) -> None:
    path.write_text("x = " + "9" * 10_000, encoding="utf-8")


NOT_READ: dict[Callable[[Path], None], str] = {
    binary: "found    binary data",
    utf16: "found    UTF-16 text",
    latin1: "deal.toml:2\n    found    the byte 0xFC, which is no UTF-8 text",
    oversized: "found    a file of 1.0 MB, left unread\n    allowed  at most 1 MB",
    empty: "found    an empty file",
    blank: "found    nothing but comments",
    folder: "found    a folder",
    folder_with_a_deal: "fix      name a file in it: deal.toml/mine.toml",
    missing: "found    no such file",
    device: "found    a device or pipe",
    nested: "found    lists or tables nested too deeply to read",
    giant_number: "Exceeds the limit",
}


@pytest.mark.parametrize("make", NOT_READ, ids=[make.__name__ for make in NOT_READ])
def test_what_is_no_deal_file_is_refused(
    make: Callable[[Path], None], market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("deal.toml"))
    error = refused(Path("deal.toml"), market)
    assert str(error).startswith("1 fault\ndeal.toml")
    assert NOT_READ[make] in str(error)


@pytest.mark.parametrize("cut", range(0, 3000, 97))
def test_a_file_cut_short_is_refused_or_read(cut: int, market: Market, tmp_path: Path) -> None:
    whole = deal.template()
    path = tmp_path / "cut.toml"
    path.write_text(whole[:cut], encoding="utf-8")
    assert refused(path, market).faults


def test_names_that_are_no_path() -> None:
    for name in ("", "no-such-deal", "us-russia-2024", "nul\0.toml", "x" * 5000, "a:b:c"):
        with pytest.raises(InputError):
            deal.find(name)
