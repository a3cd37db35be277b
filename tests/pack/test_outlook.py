"""The tables of a pack's outlook: what they say, and everything that is wrong with them at once."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from accord import pack
from accord.errors import InputError
from accord.pack import Pack
from accord.pack.columns import STATUSES

HEADS = {
    "growth.csv": "what,item,region,from,until,low,median,high,unit,source,status",
    "projects.csv": "project,kind,region,capacity,unit,from,ramp_years,counted,year,source,status",
    "law_known.csv": "measure,change,known,source,status",
    "reserves.csv": "good,region,value,unit,year,source,status",
}
SOUND = "demand,metal,*,2021,2030,1,2,3,%,toyland,assumed"


def load(tmp_path: Path, **tables: list[str]) -> Pack:
    folder = tmp_path / "toyland"
    shutil.copytree(pack.load("toyland").folder, folder)
    (folder / "outlook").mkdir()
    for name, rows in ({"growth": [SOUND]} | tables).items():
        file = f"{name}.csv"
        (folder / "outlook" / file).write_text("\n".join([HEADS[file], *rows]) + "\n")
    return pack.load(folder)


def faults(tmp_path: Path, **tables: list[str]) -> list[tuple[int | None, str | None, str, str]]:
    with pytest.raises(InputError) as caught:
        load(tmp_path, **tables)
    return [(f.line, f.field, f.found, f.fix) for f in caught.value.faults]


def test_a_pack_need_not_have_one() -> None:
    assert pack.load("toyland").outlook is None


def test_growth_is_read_in_its_unit_a_regions_own_rows_first(tmp_path: Path) -> None:
    outlook = load(
        tmp_path,
        growth=[
            "demand,metal,*,2021,2024,1,2,3,%,toyland,assumed",
            "demand,metal,*,2025,2030,0,0.01,0.02,fraction,toyland,assumed",
            "demand,metal,CCC,2021,2030,-5,-4,-3,%,toyland,assumed",
        ],
    ).outlook
    assert outlook is not None
    assert (outlook.first, outlook.horizon) == (2021, 2030)
    assert outlook.factor("demand", "metal", "AAA", (2022, 2026)) == pytest.approx(
        1.02**2 * 1.01**2
    )
    assert outlook.factor("demand", "metal", "CCC", (2022, 2024)) == pytest.approx(0.96**2)
    assert outlook.factor("demand", "metal", "CCC", (2022, 2024), case="high") == pytest.approx(
        0.97**2
    )
    assert outlook.factor("demand", "ore", "AAA", (2022, 2024)) is None


GROWTH = {
    "an-unknown-good": (
        ["demand,metl,*,2021,2030,1,2,3,%,toyland,assumed"],
        ["item", '"metl"', 'write "metal", or remove the row'],
    ),
    "an-unknown-kind": (
        [SOUND, "capacity,smelters,AAA,2021,2030,1,2,3,%,toyland,assumed"],
        ["item", '"smelters"', 'write "smelter", or remove the row'],
    ),
    "per-cent-for-a-fraction": (
        ["demand,metal,*,2021,2030,1,2,3,fraction,toyland,assumed"],
        ["low", "1", "write 2 % as 0.02, or as 2 with the unit %"],
        ["median", "2", "write 2 % as 0.02, or as 2 with the unit %"],
        ["high", "3", "write 2 % as 0.02, or as 2 with the unit %"],
    ),
    "out-of-order": (
        ["demand,metal,*,2021,2030,3,2,1,%,toyland,assumed"],
        ["median", "low 0.03, median 0.02, high 0.01", "put the three in order"],
    ),
    "backwards": (
        ["demand,metal,*,2030,2021,1,2,3,%,toyland,assumed"],
        ["until", "2021, before from = 2030", "exchange the two"],
    ),
    "a-gap": (
        [
            "demand,metal,*,2021,2024,1,2,3,%,toyland,assumed",
            "demand,metal,*,2026,2030,1,2,3,%,toyland,assumed",
        ],
        ["from", "a row from 2026", "let it start in 2025"],
    ),
    "an-overlap": (
        [
            "demand,metal,*,2021,2025,1,2,3,%,toyland,assumed",
            "demand,metal,*,2025,2030,1,2,3,%,toyland,assumed",
        ],
        ["from", "a row from 2025", "let it start in 2026"],
    ),
    "too-short": (
        [SOUND, "demand,metal,CCC,2021,2025,1,2,3,%,toyland,assumed"],
        ["until", "no growth after 2025", "let it end in 2030"],
    ),
    "no-demand": (
        ["capacity,smelter,AAA,2021,2030,1,2,3,%,toyland,assumed"],
        [None, "no row for demand",
         "add a row for the demand of ore, metal, for every region (*)"],
    ),
    "twice": (
        [SOUND, SOUND],
        ["from", "a second row for it; the first is on line 2",
         "remove one of the two, or correct the one that is misnamed"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GROWTH)
def test_what_is_wrong_with_growth(tmp_path: Path, name: str) -> None:
    rows, *expected = GROWTH[name]
    found = faults(tmp_path, growth=rows)
    assert [list(f[1:]) for f in found] == expected


def test_what_is_wrong_with_projects(tmp_path: Path) -> None:
    rows = [
        "One,smelter,CCC,100,kt/yr,2025,1,true,2020,toyland,assumed",
        "Two,smelter,AAA,100,kt/yr,,1,true,2020,toyland,assumed",
        "Three,smelter,AAA,-5,kt/yr,2025,0,maybe,2020,toyland,assumed",
    ]
    found = faults(tmp_path, projects=rows)
    assert {(line, field) for line, field, _, _ in found} == {
        (4, "capacity"), (4, "ramp_years"), (4, "counted"),
    }  # fmt: skip
    found = faults(tmp_path / "again", projects=rows[:2])
    assert [(line, field) for line, field, _, _ in found] == [(2, "kind"), (3, "from")]


def test_what_is_wrong_with_the_days_of_law(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        law_known=[
            "ccc.metal_duty_2121,starts,2020-01-01,toyland,assumed",
            "ccc.metal_duty_2021,starts,last spring,toyland,assumed",
        ],
    )
    assert [(line, field) for line, field, _, _ in found] == [(2, "measure"), (3, "known")]
    assert found[0][3] == 'write "ccc.metal_duty_2021", or remove the row'


def test_reserves_are_tonnes(tmp_path: Path) -> None:
    outlook = load(tmp_path, reserves=["ore,CCC,20,Mt,2020,toyland,assumed"]).outlook
    assert outlook is not None
    assert outlook.reserves == {("ore", "CCC"): 20e6}


# ---------------------------------------------------------------------------- law known on a day


def ids(pack: Pack, day: date) -> list[str]:
    return [m.id for m in pack.law(day)]


@pytest.mark.parametrize(
    ("known", "asked", "day", "law"),
    [
        ("2020-09-01", date(2020, 8, 1), date(2022, 1, 1), ["ccc.metal_duty_2020"]),
        ("2020-09-01", date(2020, 9, 1), date(2022, 1, 1), ["ccc.metal_duty_2021"]),
        ("2020-09-01", date(2020, 9, 1), date(2020, 12, 31), ["ccc.metal_duty_2020"]),
    ],
)
def test_law_counts_from_the_day_it_was_enacted(
    tmp_path: Path, known: str, asked: date, day: date, law: list[str]
) -> None:
    rows = [
        f"ccc.metal_duty_2020,until,{known},toyland,assumed",
        f"ccc.metal_duty_2021,starts,{known},toyland,assumed",
    ]
    assert ids(load(tmp_path, law_known=rows).as_known_on(asked), day) == law


def test_a_change_without_a_day_counts_from_the_day_it_takes_effect() -> None:
    toyland = pack.load("toyland")
    day = date(2022, 1, 1)
    assert ids(toyland.as_known_on(date(2020, 12, 31)), day) == ["ccc.metal_duty_2020"]
    assert ids(toyland.as_known_on(date(2021, 1, 1)), day) == ["ccc.metal_duty_2021"]


def test_what_was_known_of_aluminium_on_the_day_of_the_offer() -> None:
    aluminium = pack.load("aluminium")
    law = ids(aluminium.as_known_on(date(2025, 2, 24)), date(2027, 1, 1))
    assert "us.s232_25_2025" in law  # enacted on 10 February, for 12 March
    assert "us.s232_50_2025" not in law  # enacted on 3 June
    assert "us.s232_2026" not in law
    assert "eu.ban_russian_aluminium" in law  # enacted on that day, for 26 February 2026
    later = ids(aluminium.as_known_on(date(2026, 5, 1)), date(2027, 1, 1))
    assert "us.s232_2026" in later
    assert "us.s232_25_2025" not in later


def test_every_row_of_aluminiums_outlook_has_a_status() -> None:
    outlook = pack.load("aluminium").outlook
    assert outlook is not None
    assert {row.status for row in outlook.growth} <= set(STATUSES)
    counted = [p for p in outlook.projects if p.counted]
    assert [(p.activity, p.starts) for p in counted] == [("smelter.RUS.boguchany", 2030)]
    assert all(p.starts is None for p in outlook.projects if not p.counted)
