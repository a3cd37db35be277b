"""Numbers in words, the same everywhere: units always, a real minus sign, sensible digits."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
ASIDE = re.compile(r"\s*\([^)]*\)")
WITH_ARTICLE = (
    "United ", "Netherlands", "Philippines", "Czech ", "Dominican ", "Republic of", "Rest of",
    "Other ", "European ", "Gulf ",
)  # fmt: skip


def plain(name: str) -> str:
    """Return a name without what stands in brackets after it."""
    return ASIDE.sub("", name)


def place(name: str) -> str:
    """Return a region's name as a sentence has it: "the United States"."""
    name = plain(name)
    if not name.startswith(WITH_ARTICLE):
        return name
    lower_first = name.startswith(("Rest of", "Other "))
    return f"the {name[0].lower()}{name[1:]}" if lower_first else f"the {name}"


def good(name: str) -> str:
    """Return a good's name as a sentence has it: "unwrought aluminium"."""
    name = plain(name)
    return name if name.isupper() else f"{name[:1].lower()}{name[1:]}"


# From which size on a number is shown in which unit and with how many digits after the point. The
# limits are half a last digit below the round number, so that 999.6 t is 1 kt and not 1,000 t.
TONNES = ((999_500.0, 1e6, 2, "Mt"), (999.5, 1e3, 0, "kt"), (0.0, 1.0, 0, "t"))
DOLLARS = (
    (999.5e6, 1e9, 2, "bn USD"),
    (0.5e6, 1e6, 0, "mn USD"),
    (500.0, 1e3, 0, "thousand USD"),
    (0.0, 1.0, 0, "USD"),
)
PER_TONNE = ((19.95, 1.0, 0, "USD/t"), (0.95, 1.0, 1, "USD/t"), (0.0, 1.0, 3, "USD/t"))
PERCENT = ((99.95, 1.0, 0, "%"), (9.995, 1.0, 1, "%"), (0.0, 1.0, 2, "%"))
Scale = tuple[tuple[float, float, int, str], ...]


def half_up(value: float, digits: int) -> float:
    """Return a number rounded as people round its decimals: 498.65 to 498.7, never to 498.6."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(value)).quantize(step, ROUND_HALF_UP))


def tonnes(value: float) -> str:
    """Return tonnes as Mt, kt or t."""
    return _shown(value, TONNES)


def dollars(value: float) -> str:
    """Return USD as bn, m, thousand or USD."""
    return _shown(value, DOLLARS)


def per_tonne(value: float) -> str:
    """Return USD per tonne; one digit after the point where the number is small."""
    return _shown(value, PER_TONNE)


def percent(value: float) -> str:
    """Return a number given in per cent, with the digits that matter."""
    return _shown(value, PERCENT)


def signed(text: str) -> str:
    """Return the number text with an explicit plus where it has no minus and is not zero."""
    is_zero = not any(c in "123456789" for c in text)
    return text if text.startswith(MINUS) or is_zero else f"+{text}"


def _shown(value: float, scale: Scale) -> str:
    _, unit, digits, name = next(step for step in scale if abs(value) >= step[0])
    scaled = round(value / unit, digits)
    minus = MINUS if scaled < 0.0 else ""
    return f"{minus}{abs(scaled):,.{digits}f} {name}"
