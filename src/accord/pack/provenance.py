"""The digest that says which data a result came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

DATA = frozenset({".csv", ".toml", ".md", ".txt", ".json"})


def data_files(folder: Path) -> list[Path]:
    """Return the data files of a pack in order of their names; hidden files do not count."""
    found = (path for path in folder.rglob("*") if path.suffix in DATA and path.is_file())
    visible = (path for path in found if not _hidden(path.relative_to(folder).parts))
    return sorted(visible, key=lambda path: path.relative_to(folder).as_posix())


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith((".", "__")) for part in parts)


def digest(folder: Path) -> str:
    """Return the SHA-256 over names, lengths and bytes of a pack's data files, as hexadecimal."""
    total = hashlib.sha256()
    for path in data_files(folder):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()
