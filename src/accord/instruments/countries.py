"""Country codes: ISO 3166-1 alpha-3."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from accord.instruments.problem import nearest


@cache
def country_names() -> dict[str, str]:
    """Return country names by ISO 3166-1 alpha-3 code."""
    table = Path(__file__).with_name("countries.csv").read_text(encoding="utf-8")
    rows = (line.split(",", 1) for line in table.splitlines()[1:])
    return {code: name.strip('"') for code, name in rows}


def code_for(text: str) -> str | None:
    """Return the code most likely meant by a wrong code or a country's name."""
    names = country_names()
    by_name = {name.lower(): code for code, name in names.items()}
    wanted = text.strip().lower()
    if wanted.upper() in names:
        return wanted.upper()
    inside = [code for name, code in by_name.items() if len(wanted) > 3 and wanted in name]  # noqa: PLR2004 - longer than a code
    if len(inside) == 1:
        return inside[0]
    named = nearest(wanted, by_name)
    return by_name[named] if named else nearest(text.upper(), names)
