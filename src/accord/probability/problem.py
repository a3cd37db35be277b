"""What is wrong with a description of uncertainty; whoever read it adds file, line and term."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: the field it stands in, what was found, what is allowed, the likely fix."""

    field: str
    found: str
    allowed: str
    fix: str
