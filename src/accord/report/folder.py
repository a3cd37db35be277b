"""Folders of results: written whole or not at all, and never over anything else."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from accord.errors import Fault, InputError

MANIFEST = "manifest.json"


@contextmanager
def staged(target: Path) -> Generator[Path]:
    """Yield an empty folder that takes the place of ``target`` if the block ends without an error.

    Whatever stands at ``target`` is replaced: call ``refuse_taken`` first where that must not be.
    Raises ``InputError`` where the folder cannot be made.
    """
    place = target.resolve()
    fresh = place.parent / f".{place.name}.{secrets.token_hex(4)}"
    try:
        fresh.mkdir(parents=True)
    except OSError as error:
        raise _cannot(target, error) from None
    try:
        yield fresh
        _swap(fresh, place)
    except OSError as error:
        raise _cannot(target, error) from None
    finally:
        with suppress(OSError):
            shutil.rmtree(fresh)


def _swap(fresh: Path, place: Path) -> None:
    if not place.exists():
        fresh.rename(place)
        return
    old = fresh.with_name(f"{fresh.name}.old")
    place.rename(old)
    try:
        fresh.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old)


def refuse_taken(target: Path) -> None:
    """Raise ``InputError`` unless ``target`` is free, empty, or holds an earlier answer only."""
    place = target.resolve()
    if not place.exists():
        return
    if not place.is_dir():
        raise _taken("a file")
    if place == Path.cwd():
        raise _taken("the folder you are in")
    files = {p.relative_to(place).as_posix() for p in place.rglob("*") if not p.is_dir()}
    strangers = sorted(files - _ours(place))
    if strangers:
        shown = ", ".join(strangers[:3]) + (", …" if len(strangers) > 3 else "")  # noqa: PLR2004
        raise _taken(f"a folder that holds other files: {shown}")


def _ours(place: Path) -> set[str]:
    """Return the files that the manifest in a folder lists, itself among them."""
    try:
        manifest = json.loads((place / MANIFEST).read_text("utf-8"))
        if manifest["program"] != "accord":
            return set()
        files = cast("list[dict[str, str]]", manifest["files"])
        return {MANIFEST, *(entry["name"] for entry in files)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _taken(found: str) -> InputError:
    allowed = "a new or empty folder, or one that holds only an earlier answer"
    return InputError([Fault("command line", found, allowed, "name another folder", field="out")])


def _cannot(target: Path, error: OSError) -> InputError:
    found = f"{target}: {error.strerror or error}"
    fix = "name a folder that can be written"
    return InputError([Fault("command line", found, "a folder that can be made", fix, field="out")])
