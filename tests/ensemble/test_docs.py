"""What docs/ensembles.md says of tables and constants is what they are."""

from __future__ import annotations

import doctest
from pathlib import Path

from accord.ensemble.closures import read_weights
from accord.ensemble.run import DRAWS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ensembles.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert failed == 0
    assert tried > 0


def test_the_weights_of_closures_are_those_of_the_table() -> None:
    for row in read_weights():
        assert f"{row.closure} {100.0 * row.weight:.0f} %" in TEXT


def test_the_default_number_of_draws_is_stated() -> None:
    assert f"{DRAWS} draws" in TEXT
