"""Rebuild packs from their sources: the same bytes each time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from accord.errors import Fault, InputError
from accord.pack.build import facts, tables


def _aluminium(sources: Path, out: Path) -> None:
    from accord.pack.build import aluminium  # noqa: PLC0415 - heavy, and only this pack needs it

    aluminium.build(sources, out)


SHIPPED = Path(__file__).parents[2] / "packs"
BY_HAND = ("pack.toml", "policy.toml", "priors.csv", "goods.csv", "inputs", "outlook", "backcast")
"""What people write in a pack; the rest is built."""

BUILDERS: dict[str, Callable[[Path, Path], None]] = {"aluminium": _aluminium}


def build(name: str, sources: Path, out: Path) -> None:
    """Rebuild the derived tables of pack ``name`` in the folder ``out`` from ``sources``.

    The hand-written part of the pack in ``out`` stays as it is; what of it is missing there is
    copied from the pack that ships. Raises ``SourcesAbsent``
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
    _require(name, sources, out)
    _bring(SHIPPED / name, out)
    BUILDERS[name](sources, out)


def _require(name: str, sources: Path, out: Path) -> None:
    """Refuse before anything is written."""
    own = out / "inputs"
    inputs = own if own.is_dir() else SHIPPED / name / "inputs"
    facts.require(facts.folder_of(sources, name), tables.read(inputs / "sources_needed.csv"))


def _bring(shipped: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in BY_HAND:
        if (out / name).exists():
            continue
        if (shipped / name).is_dir():
            shutil.copytree(shipped / name, out / name)
        else:
            shutil.copyfile(shipped / name, out / name)
