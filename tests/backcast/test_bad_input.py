"""Faulty back-cast tables and laws: one clear message each, and nothing computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accord.backcast import backcast
from accord.backcast.conflict import refuse_conflicts
from accord.backcast.posterior import load_posterior
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


def test_a_parameter_that_the_likelihood_needs_is_named(copied: Copied) -> None:
    folder = copied("backcast/parameters.csv", "freight_level,", "freight_lvl,")
    with pytest.raises(InputError) as caught:
        load_evidence(load(folder))
    lacking, unknown = map(str, caught.value.faults)
    assert "a row freight_level with a value" in lacking
    assert "found    freight_lvl" in unknown


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("2025,duty", "2035,duty"), "the year 2035"),
        (ROW.replace("2025,duty", "2016,duty"), "2018 to 2025"),
        (ROW.replace("2025,duty", "2025-13-01,duty"), "a day as YYYY-MM-DD"),
        (ROW.replace("us_output", "us_outpt"), '"us_outpt"'),
        (ROW.replace("duty-50-2025", "duty-51"), "an event of events.csv"),
        (ROW.replace("USA", "XXX"), "a region of the pack"),
        (ROW.replace("us_output", "us_import_share").replace("kt", "fraction"), "a share of 660"),
        (ROW.replace("660", "many"), '"many"'),
        (ROW.replace("usgs_mcs2026", "nowhere"), '"nowhere"'),
        (ROW.replace("kt", "t"), '"t"'),
        (ROW.replace("kt", "USD/t"), "kt for us_output"),
        (ROW.replace("kt", "EUR"), '"EUR"'),
        (ROW.replace("660", "-660"), "-660"),
        (ROW.replace("us_output", "us_premium"), "USD/t for us_premium"),
        (ROW.replace("false", "true"), "figures up to 2022"),
    ],
)
def test_a_faulty_observation_is_named(copied: Copied, row: str, said: str) -> None:
    assert said in message(copied("backcast/observed.csv", ROW, row))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("events", "2018-03-23,", "23 March,", '"23 March"'),
        ("events", "2018-03-23,2018,", "2018-03-23,soon,", '"soon"'),
        ("panel", "drift_us,", "drift_usa,", "a row drift_us"),
        ("error_model", "us_premium_2021,200,", "us_premium_2021,,", "us_premium_2021"),
        ("parameters", "sigma,aluminium,*", "sygma,aluminium,*", "sygma aluminium"),
        ("signs", "2018-04-06", "2018-04-07", "us_premium USA 2018-04-07"),
        ("origins", "CAN,CAN,", "NZL2,CAN,", "no row CAN"),
        ("origins", "BEL,EUN,", "LUX,EUN,", "no row BEL"),
    ],
)
def test_a_faulty_table_beside_them_is_named(
    copied: Copied, file: str, old: str, new: str, said: str
) -> None:
    assert said in message(copied(f"backcast/{file}.csv", old, new))


def test_a_country_that_sent_nothing_in_the_base_year_needs_no_origin(copied: Copied) -> None:
    """Turkey sold the United States metal in 2023 and none in 2017."""
    folder = copied("backcast/origins.csv", "country", "country")
    evidence = load_evidence(load(folder))
    assert "TUR" not in evidence.origins
    assert any((o.quantity, o.region) == ("us_import_share", "TUR") for o in evidence.observed)


def test_a_zero_in_the_evidence_is_named(copied: Copied) -> None:
    row = "us_imports,USA,2018,duty-2018,4080,"
    folder = copied("backcast/observed.csv", row, row.replace("4080", "0"))
    assert "above 0" in message(folder)


def test_no_figure_at_all_is_named(copied: Copied) -> None:
    folder = copied("backcast/observed.csv", "quantity", "quantity")
    path = folder / "backcast" / "observed.csv"
    head, *_ = path.read_text("utf-8").splitlines()
    path.write_text(f"{head}\n{ROW.replace('660', '')}\n", "utf-8")
    assert "a figure" in message(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sigma,aluminium,*,", "sygma,aluminium,*,", "sygma aluminium"),
        ("8,4,30,12.4,6.654,", "8,4,30,0.9,0.654,", "above 1"),
        ("8,4,30,12.4,6.654,19.98,", "8,4,30,1240,665.4,1998,", "1240"),
        ("8,4,30,12.4,6.654,19.98,", "8,4,30,12.4,13,19.98,", "low < median < high"),
    ],
)
def test_a_faulty_fit_is_named(copied: Copied, old: str, new: str, said: str) -> None:
    folder = copied("backcast/posterior.csv", old, new)
    pack = load(folder)
    with pytest.raises(InputError) as caught:
        load_posterior(pack, load_evidence(pack))
    assert said in str(caught.value)


def test_a_fit_that_lacks_a_parameter_is_named(copied: Copied) -> None:
    folder = copied("backcast/posterior.csv", "parameter", "parameter")
    path = folder / "backcast" / "posterior.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("freight")), "utf-8")
    pack = load(folder)
    with pytest.raises(InputError) as caught:
        load_posterior(pack, load_evidence(pack))
    assert "no row freight_level" in str(caught.value)


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
    said = str(caught.value)
    assert f'accord.backcast.fit_tables.refit("{folder}", force=True)' in said
    assert "pack build" not in said  # it would build the shipped pack, not this one


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
