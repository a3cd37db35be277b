"""Files of results: written whole or not at all, and over another file only when told to."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from accord.errors import Fault, InputError


def refuse_taken(paths: Sequence[Path], *, force: bool = False) -> None:
    """Raise ``InputError`` for every path that cannot be written to; ``force`` allows files.

    A folder in the way, a folder that is not there and a path named twice are refused anyhow.
    """
    faults = [fault for path in paths for fault in _taken(path, force=force)]
    places = [path.resolve() for path in paths]
    twice = [path for i, path in enumerate(paths) if places[i] in places[:i]]
    faults += [_fault(f"{path} twice", "each file once", "leave one of them out") for path in twice]
    if faults:
        raise InputError(faults)


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write every file or none: each is complete beside its place before any takes it.

    Raises ``InputError`` where one cannot be written.
    """
    fresh = {path: path.with_name(f".{path.name}.{secrets.token_hex(4)}") for path in files}
    try:
        for path, data in files.items():
            with _faults_of(path):
                fresh[path].write_bytes(data)
        for path in files:
            with _faults_of(path):
                fresh[path].replace(path)
    finally:
        for left in fresh.values():
            with suppress(OSError):
                left.unlink()


@contextmanager
def _faults_of(path: Path) -> Generator[None]:
    """Turn what the system refuses into a fault of the command line."""
    try:
        yield
    except OSError as error:
        found = f"{path}: {error.strerror or error}"
        fix = "name a file that can be written"
        raise InputError([_fault(found, "a file that can be made", fix)]) from None


def _taken(path: Path, *, force: bool) -> list[Fault]:
    if path.is_dir():
        return [_fault(f"{path}, a folder", "a file", f"name a file in it: {path / 'answer.zip'}")]
    if not path.resolve().parent.is_dir():
        folder = path.parent
        return [_fault(f"{path}: no folder {folder}", "a folder that is there", "make it first")]
    if path.exists() and not force:
        fix = "name another file, or add --force to replace it"
        return [_fault(f"{path}, which exists", "a new file", fix)]
    return []


def _fault(found: str, allowed: str, fix: str) -> Fault:
    return Fault("command line", found, allowed, fix, field="to")
