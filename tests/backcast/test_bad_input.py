"""Faulty back-cast tables and laws: one clear message each, and nothing computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accord.backcast import backcast
from accord.backcast.conflict import refuse_conflicts
from accord.backcast.read_evidence import load_evidence
from accord.errors import InputError
from accord.pack import load

Copied = Callable[[str, str, str], Path]
ROW = "us_output,USA,2025,duty-50-2025,660,kt,usgs_mcs2026,reported,false,"


def message(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_evidence(load(folder))
    (fault,) = caught.value.faults
    return str(fault)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("2025,duty", "2035,duty"), "the year 2035"),
        (ROW.replace("2025,duty", "2016,duty"), "2018 to 2025"),
        (ROW.replace("2025,duty", "2025-13-01,duty"), "a day as YYYY-MM-DD"),
        (ROW.replace("us_output", "us_outpt"), '"us_outpt"'),
        (ROW.replace("duty-50-2025", "duty-51"), "an event of events.csv"),
        (ROW.replace("USA", "XXX"), "a region of the pack"),
        (ROW.replace("us_output", "us_import_share"), "a share of 660"),
        (ROW.replace("660", "many"), '"many"'),
        (ROW.replace("usgs_mcs2026", "nowhere"), '"nowhere"'),
    ],
)
def test_a_faulty_observation_is_named(copied: Copied, row: str, said: str) -> None:
    assert said in message(copied("backcast/observed.csv", ROW, row))


def test_a_row_twice_is_named(copied: Copied) -> None:
    assert "second row" in message(copied("backcast/observed.csv", ROW, f"{ROW}\n{ROW}"))


def test_a_gap_is_counted_and_never_filled(copied: Copied) -> None:
    folder = copied("backcast/observed.csv", ROW, ROW.replace("660", ""))
    evidence = load_evidence(load(folder))
    assert [m.why for m in evidence.missing if (m.quantity, m.date) == ("us_output", "2025")] == [
        "no value in observed.csv"
    ]
    assert not [o for o in evidence.observed if (o.quantity, o.date) == ("us_output", "2025")]


def test_a_price_of_a_year_without_a_deflator_is_named(copied: Copied) -> None:
    folder = copied("backcast/deflator.csv", "2024,", "2027,")
    assert "prices of 2024" in message(folder)


def test_a_table_that_is_not_there_is_named(copied: Copied) -> None:
    folder = copied("backcast/signs.csv", "event", "event")
    (folder / "backcast" / "signs.csv").unlink()
    assert "no such file" in message(folder)


def test_a_pack_without_a_back_cast_says_so() -> None:
    with pytest.raises(InputError) as caught:
        backcast("toyland")
    assert "pack with observations" in str(caught.value)


def test_without_the_fit_it_says_how_to_get_it(copied: Copied) -> None:
    folder = copied("backcast/signs.csv", "event", "event")
    (folder / "backcast" / "posterior.csv").unlink()
    with pytest.raises(InputError) as caught:
        backcast(folder)
    assert "accord pack build aluminium" in str(caught.value)


TWO_DUTIES = """
[[measure]]
id = "us.russia_again"
kind = "import_duty"
title = "A second duty in place of the same ones"
goods = ["aluminium"]
exporters = ["RUS"]
importers = ["USA"]
ad_valorem = "70 %"
mode = "replaces"
replaces = ["us.s232_10_2018"]
from = 2023-05-01
until = 2024-05-01
source = "wh_proclamations"
status = "reported"
"""
BAN_AND_QUOTA = """
[[measure]]
id = "us.quota_russia"
kind = "import_quota"
title = "A quota on what is banned"
goods = ["aluminium"]
exporters = ["RUS"]
importers = ["USA"]
quantity = "100 kt/yr"
rent_to = "importer"
from = 2024-06-01
source = "wh_proclamations"
status = "reported"
"""
PLACE = "# ------------------------------------------------------------------------------ European"


@pytest.mark.parametrize(
    ("measure", "first"),
    [(TWO_DUTIES, "us.s232_russia_200"), (BAN_AND_QUOTA, "us.ban_russian_metal")],
)
def test_measures_that_cannot_hold_together_are_refused(
    copied: Copied, measure: str, first: str
) -> None:
    folder = copied("policy.toml", PLACE, f"{measure}\n{PLACE}")
    with pytest.raises(InputError) as caught:
        backcast(folder)
    assert first in str(caught.value)
    assert "policy.toml" in str(caught.value)


def test_a_conflict_outside_the_years_is_nobodys_business(copied: Copied) -> None:
    late = TWO_DUTIES.replace("2023-05-01", "2031-05-01").replace("2024-05-01", "2032-05-01")
    folder = copied("policy.toml", PLACE, f"{late}\n{PLACE}")
    refuse_conflicts(load(folder), 2017, 2025)


def test_the_law_of_the_pack_does_not_contradict_itself() -> None:
    refuse_conflicts(load("aluminium"), 2017, 2026)
