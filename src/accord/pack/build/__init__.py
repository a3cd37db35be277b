"""Rebuild packs from their sources: the same bytes each time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from accord.errors import Fault, InputError
from accord.pack.build import facts, tables


@dataclass(frozen=True, slots=True)
class Builder:
    """How one pack is built.

    ``run``      writes the derived tables, from the folder of the sources into that of the pack
    ``by_hand``  what people write in the pack; the rest is built
    ``folder``   the folder of the sources below that of all facts; "" where they are in several
    """

    run: Callable[[Path, Path], None]
    by_hand: tuple[str, ...]
    folder: str = ""


def _aluminium(sources: Path, out: Path) -> None:
    from accord.pack.build import aluminium  # noqa: PLC0415 - heavy, and only this pack needs it

    aluminium.build(sources, out)


def _budgets(sources: Path, out: Path) -> None:
    from accord.pack.build import budgets  # noqa: PLC0415 - only this pack needs it

    budgets.build(sources, out)


def _rare_earths(sources: Path, out: Path) -> None:
    from accord.pack.build import rare_earths  # noqa: PLC0415 - only this pack needs it

    rare_earths.build(sources, out)


SHIPPED = Path(__file__).parents[2] / "packs"
MARKET = ("pack.toml", "policy.toml", "priors.csv", "goods.csv", "inputs", "outlook", "backcast")
BUDGET = ("pack.toml", "definitions.csv", "multipliers.csv", "reactions.csv", "choices.csv",
          "inputs")  # fmt: skip
RARE_EARTHS = ("pack.toml", "policy.toml", "priors.csv", "goods.csv", "inputs", "projects")

BUILDERS = {
    "aluminium": Builder(_aluminium, MARKET, "aluminium"),
    "budgets": Builder(_budgets, BUDGET),
    "rare_earths": Builder(_rare_earths, RARE_EARTHS, "rare_earths"),
}


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
    _bring(SHIPPED / name, out, BUILDERS[name].by_hand)
    BUILDERS[name].run(sources, out)


def _require(name: str, sources: Path, out: Path) -> None:
    """Refuse before anything is written."""
    own = out / "inputs"
    inputs = own if own.is_dir() else SHIPPED / name / "inputs"
    folder = facts.folder_of(sources, BUILDERS[name].folder)
    facts.require(folder, tables.read(inputs / "sources_needed.csv"))


def _bring(shipped: Path, out: Path, by_hand: tuple[str, ...]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in by_hand:
        if (out / name).exists():
            continue
        if (shipped / name).is_dir():
            shutil.copytree(shipped / name, out / name)
        else:
            shutil.copyfile(shipped / name, out / name)
