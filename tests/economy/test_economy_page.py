"""docs/economy.md: what it prints is what the program gives."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from accord.cases.caliendo_parro_2015 import nafta
from accord.cases.published import published_folder
from accord.economy.baseline import Shock
from accord.economy.caliendo_parro import EXACT, LOGS, PRINTED, TERMS, VOLUME

PAGE = Path(__file__).parents[2] / "docs" / "economy.md"


def test_examples_print_what_they_say() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


def test_the_table_of_nafta() -> None:
    folder = published_folder("caliendo_parro_2015")
    if folder is None:
        pytest.skip("the published files of caliendo_parro_2015 are not here")
    world, cut = nafta(folder / "inputs.npz")
    answer = world.counterfactual(Shock(tariff=cut))
    parts = answer.decomposition
    names = (
        f"{TERMS}, {PRINTED}", f"{VOLUME}, {PRINTED}", f"welfare, {PRINTED}", f"welfare, {LOGS}",
        EXACT, "real wage, exact, %",
    )  # fmt: skip
    for code, country in (("MEX", "Mexico"), ("CAN", "Canada"), ("USA", "United States")):
        n = answer.regions.index(code)
        shown = [f"{parts[name][n]:.{3 if name == EXACT else 2}f}" for name in names]
        row = f"| {country} | {' | '.join(shown)} |".replace("-", "−")
        assert row in PAGE.read_text("utf-8")
