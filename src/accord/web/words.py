"""Where sliders stand, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from accord.web.dial import Dial


def number(dial: Dial, value: float) -> str:
    """Return a slider's value with its unit."""
    digits = max(0, -math.floor(math.log10(dial.step) + 1e-9))
    return f"{value:,.{digits}f} {dial.unit}".strip().replace("-", "−")


def moved_in_words(dials: Mapping[str, Dial], values: Mapping[str, float]) -> list[str]:
    """Return in words what stands elsewhere than in the deal's file and the pack."""
    found: list[str] = []
    for key, value in values.items():
        dial = dials[key]
        how = "fixed in the point and in every draw" if dial.number else "in place of"
        base = "" if dial.number else f" {number(dial, dial.value)}"
        found.append(f"{dial.label}: {number(dial, value)}, {how}{base}.")
    return found
