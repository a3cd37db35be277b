"""The deals that ship with accord, and what a person may call a deal."""

from __future__ import annotations

from pathlib import Path

from accord.errors import Fault, InputError
from accord.instruments.problem import listed, nearest

_FOLDER = Path(__file__).resolve().parent.parent / "deals"


def shipped_deals() -> dict[str, Path]:
    """Return the files of the deals that ship, by name."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}


def find(name: str) -> tuple[Path, str | None]:
    """Return the file and the variant that ``PATH``, ``NAME`` or either with ``:VARIANT`` means.

    Raises ``InputError`` where there is no such file and no such deal.
    """
    for candidate, variant in ((name, None), name.rpartition(":")[::2]):
        if candidate and _exists(candidate):
            return Path(candidate), variant or None
        if candidate in shipped_deals():
            return shipped_deals()[candidate], variant or None
    raise InputError([_unknown(name)])


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _unknown(name: str) -> Fault:
    names = list(shipped_deals())
    likely = nearest(name.partition(":")[0], names)
    fix = f"write {likely}" if likely else "check the path, or name a deal that ships"
    found = "no such file, and no deal of that name"
    return Fault(name, found, f"a path, or a deal that ships: {listed(names)}", fix)
