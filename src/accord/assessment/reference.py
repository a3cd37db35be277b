"""From what a user types to a deal file: a path or a shipped name, a variant, a day."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accord.errors import Fault, InputError

SHIPPED = Path(__file__).parent.parent / "deals"


@dataclass(frozen=True, slots=True)
class DealReference:
    """A deal file, and the variant and day asked for with it (``None``: the file's own)."""

    path: Path
    variant: str | None
    as_of: date | None


def shipped_deals() -> tuple[str, ...]:
    """Return the names of the deals that come with accord."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def find(text: str) -> DealReference:
    """Read ``path-or-name[:variant][@YYYY-MM-DD]``.

    Raises ``InputError`` for a name that is neither a file nor a shipped deal, or a bad day.
    """
    if Path(text).exists():
        return DealReference(Path(text), None, None)
    body, at, day = text.rpartition("@")
    if not at:
        body, day = text, ""
    as_of = _day(text, day) if at else None
    name, colon, variant = body.rpartition(":")
    # A colon may belong to a path (C:\\deals\\a.toml); a variant never has a separator or a dot.
    if not colon or any(c in variant for c in "/\\\\."):
        name, variant = body, ""
    return DealReference(_path_of(name), variant or None, as_of)


def _path_of(name: str) -> Path:
    if name in shipped_deals():
        return SHIPPED / f"{name}.toml"
    path = Path(name)
    if path.exists() or path.suffix == ".toml" or len(path.parts) > 1:
        return path
    likely = difflib.get_close_matches(name, shipped_deals(), n=1)
    fix = f'write "{likely[0]}"' if likely else "give the path of a .toml file"
    allowed = f"a path, or a deal that ships: {', '.join(shipped_deals())}"
    raise InputError([Fault("command line", f'the unknown deal "{name}"', allowed, fix)])


def _day(text: str, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        fault = Fault(
            "command line",
            f'the day "{day}" in "{text}"',
            "a day as YYYY-MM-DD",
            "write for example @2025-07-01",
        )
        raise InputError([fault]) from None
