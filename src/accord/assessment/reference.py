"""From what a user types to a deal file: a path or a shipped name, a variant, a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accord import deal as deals
from accord.deal import shipped_deals
from accord.errors import Fault, InputError

__all__ = ["DealReference", "find", "shipped_deals"]


@dataclass(frozen=True, slots=True)
class DealReference:
    """A deal file, and the variant and day asked for with it (``None``: the file's own)."""

    path: Path
    variant: str | None
    as_of: date | None


def find(text: str) -> DealReference:
    """Read ``path-or-name[:variant][@YYYY-MM-DD]``.

    Raises ``InputError`` for a name that is neither a file nor a shipped deal, or a bad day.
    """
    body, at, day = text.rpartition("@")
    if not at or Path(text).exists():
        body, day = text, ""
    as_of = _day(text, day) if day else None
    path, variant = deals.find(body)
    return DealReference(path, variant, as_of)


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
