"""docs/claims.md says what the program knows: its measures and its words."""

from __future__ import annotations

import re
from pathlib import Path

from accord.claims.measures import DATA, MODEL, PART
from accord.claims.words import read_words

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text("utf-8")


def test_every_measure_is_listed() -> None:
    tables = PAGE[PAGE.index("On data:") :]
    listed = re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE)
    assert listed == [measure.name for measure in (*DATA, *MODEL, *PART)]


def test_every_word_is_listed_with_its_cut_offs() -> None:
    words, faults = read_words("no-such-deal.toml")
    assert not faults
    rows = re.findall(r"^\| (\w+) \| (\S+ ?%?) \| (\S+ ?%?) \| (\S+ ?%?) \|", PAGE, re.MULTILINE)
    shown = {name: cuts for name, *cuts in rows if name in words}
    assert set(shown) == set(words)
    for name, cuts in shown.items():
        numbers = [_number(cut) for cut in cuts]
        assert numbers == [round(cut, 9) for cut in words[name].cuts], name


def _number(text: str) -> float:
    plain = text.replace("−", "-").replace("±", "")
    value = float(plain.removesuffix("%"))
    return round(value / 100.0 if plain.endswith("%") else value, 9)
