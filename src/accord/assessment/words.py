"""Numbers in words, the same everywhere: units always, a real minus sign, sensible digits."""

from __future__ import annotations

MINUS = "−"
NONE = "—"


def tonnes(value: float) -> str:
    """Return tonnes a year as Mt, kt or t."""
    size = abs(value)
    if size >= 999_500.0:
        return f"{_signless(value, 1e6, 2)} Mt"
    if size >= 999.5:
        return f"{_signless(value, 1e3, 0)} kt"
    return f"{_signless(value, 1.0, 0)} t"


def dollars(value: float) -> str:
    """Return USD as bn, m or USD."""
    size = abs(value)
    if size >= 999.5e6:
        return f"{_signless(value, 1e9, 2)} bn USD"
    if size >= 0.5e6:
        return f"{_signless(value, 1e6, 0)} m USD"
    if size >= 500.0:
        return f"{_signless(value, 1e3, 0)} thousand USD"
    return f"{_signless(value, 1.0, 0)} USD"


def per_tonne(value: float) -> str:
    """Return USD per tonne; one digit after the point where the number is small."""
    return f"{_signless(value, 1.0, 0 if abs(value) >= 20.0 else 1)} USD/t"


def percent(value: float) -> str:
    """Return a percentage given in per cent, with two digits that matter below 10."""
    size = abs(value)
    digits = 0 if size >= 100.0 else 1 if size >= 9.95 else 2
    return f"{_signless(value, 1.0, digits)} %"


def signed(text: str) -> str:
    """Return the number text with an explicit plus where it has no minus and is not zero."""
    is_zero = not any(c in "123456789" for c in text)
    return text if text.startswith(MINUS) or is_zero else f"+{text}"


def _signless(value: float, unit: float, digits: int) -> str:
    scaled = round(value / unit, digits)
    body = f"{abs(scaled):,.{digits}f}"
    return f"{MINUS}{body}" if scaled < 0.0 else body
