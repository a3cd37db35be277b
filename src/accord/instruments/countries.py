"""Country codes: ISO 3166-1 alpha-3, and EUE, which that standard reserves for the EU."""

from __future__ import annotations

import csv
import difflib
from functools import cache
from operator import eq
from pathlib import Path
from typing import NamedTuple

from accord.instruments.problem import nearest

_SHORTEST_NAME = 4
"""Letters; shorter words are codes, and comparing them with names finds anything."""

_OTHER_NAMES = {
    "uk": "GBR",
    "great britain": "GBR",
    "england": "GBR",
    "uae": "ARE",
    "holland": "NLD",
    "turkey": "TUR",
    "ivory coast": "CIV",
    "burma": "MMR",
}


class _Country(NamedTuple):
    code: str
    short: str
    name: str


@cache
def _countries() -> tuple[_Country, ...]:
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_Country(*row) for row in csv.reader(file))[1:]


@cache
def country_names() -> dict[str, str]:
    """Return country names by alpha-3 code."""
    return {country.code: country.name for country in _countries()}


def code_for(text: str) -> str | None:
    """Return the code most likely meant by a wrong code or a country's name."""
    word = text.strip().lower()
    known = {x.short.lower(): x.code for x in _countries()} | _OTHER_NAMES
    if word.upper() in country_names():
        return word.upper()
    if word in known:
        return known[word]
    return _code_like(word.upper()) if len(word) < _SHORTEST_NAME else _code_named(word)


def _code_like(word: str) -> str | None:
    close = difflib.get_close_matches(word, country_names(), n=9, cutoff=0.6)
    # Of anagrams the one with most letters in place is the likelier slip.
    return max(close, key=lambda code: sum(map(eq, code, word)), default=None)


def _code_named(word: str) -> str | None:
    names = {x.name.lower(): x.code for x in _countries()}
    holding = [name for name in names if word in name]
    likely = min(holding, key=len) if holding else nearest(word, names, cutoff=0.8)
    return names[likely] if likely else None
