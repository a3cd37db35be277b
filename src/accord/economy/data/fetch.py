"""Fetches one file of the catalogue: only when asked, resumed where it broke off, verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from accord.economy.data.catalogue import SCHEMES, Entry
from accord.errors import AccordError, Fault, InputError

CHUNK = 1 << 18
PATIENCE = 60.0
PARTIAL, WHOLE, BEYOND_THE_END = 206, 200, 416
RECORD = ".sha256"
PART = ".part"
VERSION = ".version"
Say = Callable[[str], None]


class NotFetched(AccordError):
    """A file that could not be fetched whole; what came is kept and resumed. Exit status 1."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is there: where, its SHA-256, whether that was known beforehand."""

    path: Path
    sha256: str
    verified: bool
    size: int


def announcement(entry: Entry, folder: Path) -> str:
    """Return what will be fetched, from where, how much, under which licence, checked by what."""
    size = "size not known" if entry.size is None else f"{entry.size / 1e6:,.0f} MB"
    known = recorded(folder / entry.file) if entry.sha256 is None else entry.sha256
    if entry.sha256 is not None:
        check = f"SHA-256 {entry.sha256}"
    elif known is not None:
        check = f"SHA-256 {known}, recorded when it was first fetched"
    else:
        check = "no checksum is known: the one it turns out to have is recorded for the next time"
    return "\n".join([
        f"{entry.name}: {entry.title}",
        f"    from     {entry.url}",
        f"    size     {size}",
        f"    licence  {entry.licence}",
        f"    cite     {entry.citation}",
        f"    check    {check}",
        f"    to       {folder / entry.file}",
        f"    then     {entry.then}",
    ])  # fmt: skip


def fetch(entry: Entry, folder: Path, say: Say) -> Fetched:
    """Return the file, fetched into a folder that is made where it is not there.

    A file that is there and has the checksum is left alone; one that has another is a fault and
    is never overwritten. A transfer that broke off goes on where it ended, if the server can. A
    file whose checksum is not known beforehand is trusted once and its checksum recorded, which
    is said. Raises ``InputError`` and ``NotFetched``.
    """
    if not entry.url.startswith(SCHEMES):
        raise InputError([Fault("catalogue", entry.url, "an http address", "correct it")])
    target = _place(folder, entry.file)
    known = entry.sha256 or recorded(target)
    if target.exists():
        return _there(target, known, say)
    part = target.with_name(target.name + PART)
    _transfer(entry, part, say)
    if known is None:
        _check_size(entry, part)
    digest = sha256_of(part)
    if known is not None and digest != known:
        part.unlink()
        found = f"SHA-256 {digest}"
        fix = "fetch again; if it stays so, the file at the source has changed: see its page"
        raise InputError([Fault(entry.url, found, f"SHA-256 {known}", fix)])
    part.replace(target)
    part.with_name(part.name + VERSION).unlink(missing_ok=True)
    return _kept(target, digest, verified=known is not None, say=say)


def _place(folder: Path, file: str) -> Path:
    """Return where a file goes, its folder made. Raises ``InputError`` where it cannot be there."""
    fix = "name another folder with --to"
    target = folder / file
    if target.parent != folder or file in {"", ".", ".."}:
        raise InputError([Fault("catalogue", file, "the name of a file", "take the folders off")])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Fault(str(folder), found, "a folder to write into", fix)]) from None
    part = target.with_name(target.name + PART)
    for path in (target, part):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            what = "a link" if path.is_symlink() else "no file"
            raise InputError([Fault(str(path), what, "a file, or nothing", fix)])
    return target


def _check_size(entry: Entry, part: Path) -> None:
    """Refuse a file whose size is known and another, where nothing else can tell."""
    size = part.stat().st_size
    if entry.size is not None and size > entry.size:
        part.unlink()
        found, fix = f"{size:,} bytes", "the file at the source has changed: see its page"
        raise InputError([Fault(entry.url, found, f"{entry.size:,} bytes", fix)])
    if entry.size is not None and size < entry.size:
        raise _broken(entry, part, f"{size:,} of {entry.size:,} bytes came")


def _there(target: Path, known: str | None, say: Say) -> Fetched:
    digest = sha256_of(target)
    if known is not None and digest != known:
        fix = "move it away and fetch again"
        raise InputError([Fault(str(target), f"SHA-256 {digest}", f"SHA-256 {known}", fix)])
    say(f"already there: {target}")
    return _kept(target, digest, verified=known is not None, say=say)


def _kept(target: Path, digest: str, *, verified: bool, say: Say) -> Fetched:
    if not verified:
        record = target.with_name(target.name + RECORD)
        record.write_text(json.dumps({"file": target.name, "sha256": digest}) + "\n", "utf-8")
        say(f"nothing to check it by; recorded SHA-256 {digest} in {record.name}")
    else:
        say(f"SHA-256 {digest} as expected")
    return Fetched(target, digest, verified, target.stat().st_size)


def recorded(target: Path) -> str | None:
    """Return the checksum that a file had when it was first fetched; ``None`` without a record."""
    try:
        found = json.loads(target.with_name(target.name + RECORD).read_text("utf-8"))
        return str(found["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _transfer(entry: Entry, part: Path, say: Say) -> None:
    """Write the rest of a file after what a part has of it, or all of it from the start."""
    have = part.stat().st_size if part.exists() else 0
    try:
        with _asked(entry.url, have, _version(part)) as answer:
            go_on = have > 0 and answer.status == PARTIAL
            if have > 0:
                say(f"going on after {have:,} bytes" if go_on else "the server starts over")
            _note_version(part, answer)
            due = int(answer.headers.get("Content-Length") or 0)
            came = 0
            with part.open("ab" if go_on else "wb") as file:
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
                    came += len(chunk)
            if came < due:
                raise _broken(entry, part, f"{came:,} of {due:,} bytes came")
    except HTTPError as error:
        if error.code == BEYOND_THE_END and have > 0:
            return
        raise _broken(entry, part, f"the server says {error.code} {error.reason}") from None
    except (URLError, HTTPException, OSError) as error:
        raise _broken(entry, part, str(getattr(error, "reason", error))) from None


def _asked(url: str, have: int, version: str | None) -> HTTPResponse:
    """Ask for the rest of a file, or for all of it where it is not what it was."""
    headers = {"User-Agent": "accord", "Accept-Encoding": "identity"}
    if have > 0:
        headers["Range"] = f"bytes={have}-"
        if version is not None:
            headers["If-Range"] = version
    # The address is one of the catalogue's, and http or https.
    request = Request(url, headers=headers)  # noqa: S310
    return cast("HTTPResponse", urlopen(request, timeout=PATIENCE))  # noqa: S310


def _version(part: Path) -> str | None:
    """Return what the server called the version that a part is of; ``None`` without it."""
    try:
        return part.with_name(part.name + VERSION).read_text("utf-8").strip() or None
    except OSError:
        return None


def _note_version(part: Path, answer: HTTPResponse) -> None:
    version = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
    if version is not None and not version.startswith("W/"):
        part.with_name(part.name + VERSION).write_text(version, "utf-8")


def _broken(entry: Entry, part: Path, why: str) -> NotFetched:
    kept = f"{part.stat().st_size:,} bytes are kept in {part}" if part.exists() else "nothing came"
    return NotFetched(
        f"{entry.name} could not be fetched from {entry.url}\n    cause    {why}\n"
        f"    remedy   run the same command again to go on; {kept}"
    )
