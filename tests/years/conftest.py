from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from accord import pack
from accord.instruments import Term, read_term
from accord.pack import Pack

GROWTH = """what,item,region,from,until,low,median,high,unit,source,status
demand,metal,*,2021,2030,1,2,3,%,toyland,assumed
demand,metal,CCC,2021,2030,2,4,6,%,toyland,assumed
capacity,smelter,BBB,2021,2030,0,0,1,%,toyland,assumed
"""
PROJECTS = """project,kind,region,capacity,unit,from,ramp_years,counted,year,source,status
Borland's second smelter,smelter,BBB,300,kt/yr,2025,2,true,2020,toyland,assumed
Arvland's dream,smelter,AAA,500,kt/yr,,2,false,2020,toyland,assumed
Reported later,smelter,BBB,900,kt/yr,2024,1,true,2029,toyland,assumed
"""
LAW_KNOWN = """measure,change,known,source,status
ccc.metal_duty_2020,until,2020-09-01,toyland,assumed
ccc.metal_duty_2021,starts,2020-09-01,toyland,assumed
"""


@pytest.fixture(scope="session")
def toyland() -> Pack:
    return pack.load("toyland")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of toyland with an outlook to 2030."""
    copy = tmp_path / "toyland"
    shutil.copytree(pack.load("toyland").folder, copy)
    (copy / "outlook").mkdir()
    (copy / "outlook" / "growth.csv").write_text(GROWTH)
    (copy / "outlook" / "projects.csv").write_text(PROJECTS)
    (copy / "outlook" / "law_known.csv").write_text(LAW_KNOWN)
    return copy


@pytest.fixture
def looking_ahead(folder: Path) -> Pack:
    return pack.load(folder)


MakeTerm = Callable[..., Term]


@pytest.fixture(scope="session")
def term() -> MakeTerm:
    def make(kind: str, **fields: object) -> Term:
        table: Mapping[str, object] = {"id": "deal", "kind": kind, "source": "own"}
        return read_term({**table, **{k.rstrip("_"): v for k, v in fields.items()}})

    return make
