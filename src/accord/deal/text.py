"""From a path to the text of a deal file, or one fault that says why there is none."""

from __future__ import annotations

import hashlib
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.errors import Fault, InputError

LARGEST = 1_000_000
"""Bytes; larger deal files are refused unread."""

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_BARE_VALUE = re.compile(r"\s*[\w.-]+\s*=\s*(?P<value>[^\"'\[{#\n][^\"'\[{#\n]*?)\s*(?:#.*)?")
_UNCLOSED = re.compile(r"\s*[\w.-]+\s*=\s*(?P<value>\"[^\"]*|[^\"\s][^\"]*\")\s*")
_START = "run `accord new` for a deal file to start from"


@dataclass(frozen=True, slots=True)
class DealText:
    """A deal file as read: its name for messages, its text, the digest of its bytes."""

    file: str
    text: str
    digest: str


def read_text(path: Path) -> DealText:
    """Return a deal file's text. Raises ``InputError`` where there is none to read."""
    data = _bytes(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(path, "UTF-16 text", "a text file in UTF-8", "save the file as UTF-8")
    if b"\x00" in data:
        raise _refused(path, "binary data", "a text file in UTF-8", _START)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{byte:02X}, which is no UTF-8 text"
        fix = "save the file as UTF-8"
        raise _refused(path, found, "a text file in UTF-8", fix, line) from None
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.split("\n")):
        found = "an empty file" if not text.strip() else "nothing but comments"
        raise _refused(path, found, "a deal file", _START)
    return DealText(str(path), text, hashlib.sha256(data).hexdigest())


def parse(source: DealText) -> dict[str, Any]:
    """Return the file's TOML tables. Raises ``InputError`` for what is no TOML."""
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax(source, str(error))]) from None
    except RecursionError:
        found = "lists or tables nested too deeply to read"
        fault = Fault(source.file, found, "a few levels", "write the tables one below the other")
        raise InputError([fault]) from None
    except ValueError as error:
        # tomllib lets Python's own complaints about giant numbers and odd dates through.
        fault = Fault(source.file, str(error), "numbers and dates of usual size", "shorten it")
        raise InputError([fault]) from None


def _bytes(path: Path) -> bytes:
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise _refused(path, "a folder", "a deal file", _inside(path))
        if not stat.S_ISREG(info.st_mode):
            raise _refused(path, "a device or pipe", "a deal file", "save it as a file first")
        if info.st_size > LARGEST:
            found = f"a file of {info.st_size / 1e6:.1f} MB, left unread"
            fix = "check that it is a deal file; data belong in a pack"
            raise _refused(path, found, f"at most {LARGEST / 1e6:g} MB", fix)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _refused(path, "no such file", "a deal file", "check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        found = f"a file that cannot be read: {reason}"
        raise _refused(path, found, "a deal file", "check the path and its permissions") from None


def _inside(path: Path) -> str:
    files = sorted(p.name for p in path.glob("*.toml"))
    return f"name a file in it: {path / files[0]}" if files else "name a file, not its folder"


def _refused(path: Path, found: str, allowed: str, fix: str, line: int | None = None) -> InputError:
    return InputError([Fault(str(path), found, allowed, fix, line)])


def _syntax(source: DealText, message: str) -> Fault:
    """Return tomllib's complaint with its line, the line's text, and the usual cause."""
    place = _PLACE.search(message)
    lines = source.text.split("\n")
    line = len(lines) if place is None or place["line"] is None else int(place["line"])
    while line > 1 and not lines[line - 1].strip():
        line -= 1
    text = lines[line - 1].strip()
    complaint = _PLACE.sub("", message)
    if complaint == r"Illegal character '\n'":
        complaint = "Quotes that do not close"
    found = f"{complaint}: {text}" if text else complaint
    fix = _syntax_fix(text, complaint)
    if line == 1 and not text.startswith("[") and "=" not in text:
        fix = _START
    return Fault(source.file, found, "TOML 1.0", fix, line)


def _syntax_fix(text: str, complaint: str) -> str:
    key = text.partition("=")[0].strip()
    bare, unclosed = _BARE_VALUE.fullmatch(text), _UNCLOSED.fullmatch(text)
    value = bare["value"].strip() if bare else ""
    quoted = unclosed["value"].strip().strip('"') if unclosed else ""
    opens = text.count("[") > text.count("]")
    cases = (
        (complaint.startswith("Cannot overwrite"), f"give {key} once"),
        (complaint.startswith("Invalid date"), f"write a day that there is: {key} = 2025-02-24"),
        (value in {"True", "False"}, f"write {key} = {value.lower()}"),
        (bool(value.strip("0123456789.+-")), f'put the value in quotes: {key} = "{value}"'),
        (bool(unclosed), f'close the quotes: {key} = "{quoted}"'),
        (text.startswith("["), "close the brackets: [deal] is one table, [[term]] one of many"),
        (opens, "close the list with ]"),
    )
    default = "write one field = value to a line, text in quotes"
    return next((fix for holds, fix in cases if holds), default)
