"""What a pack answers: years, law of a day, observations, report, digest."""

import shutil
import time
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from accord import pack
from accord.errors import InputError
from accord.instruments import Term
from accord.pack import Pack, PriorKey


@pytest.fixture(scope="module")
def toyland() -> Pack:
    return pack.load("toyland")


def test_packs_that_ship() -> None:
    assert {"aluminium", "toyland"} <= set(pack.shipped())


def test_a_pack_can_be_loaded_from_a_folder(toyland: Pack, tmp_path: Path) -> None:
    shutil.copytree(toyland.folder, tmp_path / "mine")
    mine = pack.load(tmp_path / "mine")
    assert mine.market(2020, date(2020, 7, 1)) == toyland.market(2020, date(2020, 7, 1))
    assert mine.digest == toyland.digest


def test_a_pack_is_a_value(toyland: Pack) -> None:
    assert repr(toyland) == "<Pack toyland 1: 2 goods, 3 regions, 2020, 2021>"
    with pytest.raises(FrozenInstanceError):
        toyland.name = "other"


@pytest.mark.parametrize(
    ("as_of", "year"),
    [
        (date(2019, 6, 1), 2020),  # nothing before: the first there is
        (date(2020, 12, 31), 2020),
        (date(2021, 1, 1), 2020),
        (date(2021, 12, 31), 2020),
        (date(2022, 1, 1), 2021),
        (date(2030, 1, 1), 2021),
    ],
)
def test_the_default_year_is_the_last_full_year(toyland: Pack, as_of: date, year: int) -> None:
    assert toyland.default_year(as_of) == year


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2014, 12, 31), []),
        (date(2015, 1, 1), ["ccc.metal_duty_2020"]),
        (date(2020, 12, 31), ["ccc.metal_duty_2020"]),
        (date(2021, 1, 1), ["ccc.metal_duty_2021"]),
    ],
)
def test_the_law_of_a_day(toyland: Pack, day: date, names: list[str]) -> None:
    assert [measure.id for measure in toyland.law(day)] == names
    assert toyland.market(2020, day).measures == frozenset(names)


def test_the_law_comes_in_order_of_its_dates(toyland: Pack) -> None:
    titles = [measure.title for measure in toyland.law(date(2020, 7, 1))]
    assert titles == ["Cormark's duty of 100 USD/t on metal"]
    assert all(isinstance(measure.term, Term) for measure in toyland.measures)


def test_a_year_that_is_not_there(toyland: Pack) -> None:
    with pytest.raises(InputError) as error:
        toyland.market(2025, date(2025, 1, 1))
    (fault,) = error.value.faults
    assert fault.found == "the year 2025"
    assert fault.allowed == "a year of the pack: 2020, 2021"
    assert fault.fix == "choose 2021"


def test_observations_come_by_year(toyland: Pack) -> None:
    rows = toyland.observed(2021)
    assert [(row.quantity, row.region, row.value, row.fitted) for row in rows] == [
        ("hub_price", "WORLD", 2079.0, True),
        ("imports", "CCC", 418.0, False),
    ]


def test_the_report_has_balances_that_add_up(toyland: Pack) -> None:
    report = toyland.report()
    assert (report.year, report.benchmark_year, report.law_date) == (2021, 2020, date(2020, 7, 1))
    assert [(row.good, row.region) for row in report.balances] == [
        ("ore", "AAA"),
        ("ore", "BBB"),
        ("ore", "CCC"),
        ("metal", "AAA"),
        ("metal", "BBB"),
        ("metal", "CCC"),
    ]
    for row in report.balances:
        assert row.output == pytest.approx(row.exports + row.home)
        assert row.imports + row.home == pytest.approx(row.input_use + row.final_use)


def test_the_report_lists_adjustments_largest_first(toyland: Pack) -> None:
    report = toyland.report(2020)
    changes = [(row.subject, row.before, row.after) for row in report.flow_changes]
    assert changes == [
        ("metal BBB>CCC", 187e3, 190e3),
        ("metal AAA>CCC", 192e3, 190e3),
    ]
    assert report.adjustments == ()
    assert [source.id for source in report.sources] == ["toyland"]
    assert [entry.what for entry in report.not_modelled] == ["scrap"]


def test_the_digest_follows_the_data_and_nothing_else(toyland: Pack, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(toyland.folder, folder)
    (folder / ".hidden.csv").write_text("x", encoding="utf-8")
    assert pack.load(folder).digest == toyland.digest
    goods = folder / "goods.csv"
    goods.write_text(goods.read_text(encoding="utf-8").replace("Ore", "Ores"), encoding="utf-8")
    assert pack.load(folder).digest != toyland.digest


def test_loading_twice_gives_the_same_markets(toyland: Pack) -> None:
    again = pack.load("toyland")
    for year in toyland.years:
        day = date(year, 7, 1)
        assert again.market(year, day) == toyland.market(year, day)


def test_a_calibration_does_not_depend_on_those_before_it() -> None:
    """What calibrations of a benchmark have in common is worked out once."""
    used, fresh = pack.load("aluminium"), pack.load("aluminium")
    year, sigma = used.years[-1], PriorKey("sigma", "aluminium", "*")
    for value in (5.0, 20.0):
        used.calibration(year, priors={sigma: value})
    priors = {sigma: 9.0}
    assert used.calibration(year, priors=priors) == fresh.calibration(year, priors=priors)
    assert used.calibration(year) == fresh.calibration(year)


def test_loading_and_calibrating_is_fast() -> None:
    """The best of five: another process may be busy on the machine."""
    pack.load("aluminium")
    taken: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        loaded = pack.load("aluminium")
        loaded.market(loaded.years[0], date(2018, 1, 1))
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.15
