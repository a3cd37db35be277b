"""Rebuild packs from their sources: the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from accord.errors import Fault, InputError


def _aluminium(sources: Path, out: Path) -> None:
    from accord.pack.build import aluminium  # noqa: PLC0415 - heavy, and only this pack needs it

    aluminium.build(sources, out)


BUILDERS: dict[str, Callable[[Path, Path], None]] = {"aluminium": _aluminium}


def build(name: str, sources: Path, out: Path) -> None:
    """Rebuild the derived tables of pack ``name`` in the folder ``out`` from ``sources``.

    ``out`` holds the hand-written part of the pack, which stays as it is. Raises ``SourcesAbsent``
    naming each missing source and where to get it, ``InputError`` where a balance cannot close or
    the pack has nothing to rebuild.
    """
    if name not in BUILDERS:
        fault = Fault(
            file=name,
            found="a pack without anything to rebuild",
            allowed=", ".join(sorted(BUILDERS)),
            fix="name one of these packs",
        )
        raise InputError([fault])
    BUILDERS[name](sources, out)
