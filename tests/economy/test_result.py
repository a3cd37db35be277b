"""The result type: tidy rows, and no result without a certificate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from economy_worlds import made_up

from accord.economy.baseline import Shock
from accord.economy.hat import ExactHat
from accord.economy.result import Certificate
from accord.errors import NoCertifiedAnswer

BASE = made_up(1)
ANSWER = ExactHat(BASE, "made up").counterfactual(Shock(tariff=0.0 * BASE.tariff))


def test_rows_are_tidy_and_say_their_unit() -> None:
    rows = ANSWER.table()
    keys = [(row.region, row.sector, row.measure) for row in rows]
    assert len(set(keys)) == len(keys)
    by_key = dict(zip(keys, rows, strict=True))
    welfare = by_key["R2", "all", "welfare"]
    assert (welfare.before, welfare.after) == (1.0, ANSWER.welfare[2])
    assert welfare.change_pct == pytest.approx(100.0 * (ANSWER.welfare[2] - 1.0))
    assert by_key["R0", "all", "tariff revenue"].after == 0.0
    assert by_key["R0", "all", "tariff revenue"].unit == BASE.unit
    imports = by_key["R1", "S0", "imports"]
    assert imports.after == pytest.approx(ANSWER.after.imports[0, 1])


def test_trade_rows_are_the_pairs_that_trade() -> None:
    rows = list(ANSWER.trade_table())
    assert len(rows) == np.count_nonzero(BASE.trade)
    first = rows[0]
    assert (first.exporter, first.importer, first.sector) == ("R0", "R0", "S0")


def test_the_answer_comes_first() -> None:
    assert repr(ANSWER).startswith("<made up: welfare R")


@pytest.mark.parametrize("field", ["market_clearing", "budget", "numeraire"])
@pytest.mark.parametrize("error", [1e-3, -1e-3, float("nan")])
def test_what_is_not_certified_cannot_be_made(field: str, error: float) -> None:
    bad = replace(ANSWER.certificate, **{field: error})
    assert not bad.ok
    with pytest.raises(NoCertifiedAnswer):
        replace(ANSWER, certificate=bad)


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="welfare"):
        replace(ANSWER, welfare=ANSWER.welfare * np.nan)
    with pytest.raises(ValueError, match="trade"):
        replace(ANSWER, sectors=("one",))


def test_a_certificate_is_as_good_as_its_worst_error() -> None:
    assert Certificate(1e-12, 2e-10, 0.0, 3, 0.1).worst == 2e-10
