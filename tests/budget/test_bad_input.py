"""Faulty cuts of budgets: each file gives one message with all of its faults.

The messages stand beside the files. After a change run `ACCORD_WRITE_EXPECTED=1 pytest
tests/budget`, then read every message that changed as somebody who has never seen accord.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from accord import deal as deals
from accord.assessment import parts
from accord.errors import InputError
from accord.market import Market

CORPUS = Path(__file__).with_name("bad_input")
CASES = sorted(p.name for p in CORPUS.glob("*.toml"))


def faults_of(path: Path) -> InputError:
    def no_market(pack: str, day: date) -> Market:
        raise AssertionError((pack, day))

    beside = deals.Beside(("budgets",), lambda deal: parts.faults(deal, deal.as_of))
    return InputError(deals.examine(path, (), no_market, beside=beside))


@pytest.mark.parametrize("name", CASES)
def test_a_faulty_cut_gives_its_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)
    error = faults_of(Path(name))
    expected = CORPUS / f"{Path(name).stem}.expected"
    if os.environ.get("ACCORD_WRITE_EXPECTED"):
        expected.write_text(f"{error}\n", encoding="utf-8")
    assert f"{error}\n" == expected.read_text("utf-8")
    assert error.exit_status == 2
    assert error.faults
    assert all(f.found and f.allowed and f.fix for f in error.faults)


def test_the_corpus_has_no_orphans() -> None:
    assert len(CASES) >= 10
    assert {Path(n).stem for n in CASES} == {p.stem for p in CORPUS.glob("*.expected")}
