"""The sources of a pack: which files it needs and where the public can get them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from accord.errors import Fault, SourcesAbsent
from accord.pack.build import tables
from accord.pack.build.tables import Row


def require(folder: Path, needed: Sequence[Row]) -> None:
    """Raise ``SourcesAbsent`` naming every missing file and its public origin.

    ``needed`` has rows of file, origin, url.
    """
    faults = [
        Fault(
            file=str(folder / row["file"]),
            found="no such file",
            allowed=f"{row['holds']} ({row['origin']})",
            fix=f"get it from {row['url']}, or name the folder that holds it",
        )
        for row in needed
        if not (folder / row["file"]).is_file()
    ]
    if faults:
        raise SourcesAbsent(faults)


def folder_of(sources: Path, name: str) -> Path:
    """Return the folder with a pack's files: ``sources/name`` where there is one, else itself."""
    inner = sources / name
    return inner if inner.is_dir() else sources


def read(folder: Path, file: str) -> list[Row]:
    """Return the rows of one source file."""
    return tables.read(folder / file)


def value(text: str) -> float | None:
    """Return a figure, or ``None`` where the source is silent, withholds it or has a dash."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
