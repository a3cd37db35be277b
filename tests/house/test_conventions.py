"""docs/conventions.md: numbered without gaps, cited rightly, its list of measures the program's."""

from __future__ import annotations

import re
from pathlib import Path

from accord.effects import MEASURES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "conventions.md").read_text("utf-8")
RULES = [int(number) for number in re.findall(r"^- \*\*C(\d+) · ", PAGE, re.MULTILINE)]
ROWS = [
    tuple(cell.strip() for cell in row.strip("|").split("|"))
    for row in re.findall(r"^\| `.*\|$", PAGE, re.MULTILINE)
]
CITATION = re.compile(r"\bC(\d{1,3})\b")


def test_rules_are_numbered_from_one_without_gaps() -> None:
    assert list(range(1, len(RULES) + 1)) == RULES


def test_only_rules_that_exist_are_cited() -> None:
    pages = [PAGE, *(f.read_text("utf-8") for f in (ROOT / "tests").rglob("*.py"))]
    cited = {int(number) for page in pages for number in CITATION.findall(page)}
    assert cited <= set(RULES)


def test_the_list_of_measures_is_closed() -> None:
    """C47."""
    assert [row[0].strip("`") for row in ROWS] == [measure.name for measure in MEASURES]


def test_every_measure_has_a_unit_a_place_and_a_definition() -> None:
    """C47."""
    for name, unit, region, good, definition in ROWS:
        assert unit in {
            "USD/t",
            "USD/yr",
            "t/yr",
            "MWh/yr",
            "t CO2/yr",
            "fraction",
            "USD/MWh",
            "t CO2/t",
        }, name
        assert set(region.split(", ")) <= {"L", "R", "U", "W"}, name
        assert good in {"yes", "no"}, name
        assert definition, name
