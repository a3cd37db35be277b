"""Faulty terms about deposits: each file gives one message with all of its faults.

The messages stand beside the files. After a change run `ACCORD_WRITE_EXPECTED=1 pytest
tests/rare_earths`, then read every message that changed as somebody who has never seen accord.
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from accord import deal as deals
from accord import pack as packs
from accord.assessment import parts
from accord.errors import InputError
from accord.market import Market
from accord.pack import Pack

CORPUS = Path(__file__).with_name("bad_input")
CASES = sorted(p.name for p in CORPUS.glob("*.toml"))


def faults_of(path: Path) -> InputError:
    def no_market(pack: str, day: date) -> Market:
        raise AssertionError((pack, day))

    beside = deals.Beside(("rare_earths",), lambda deal: parts.faults(deal, deal.as_of))
    try:
        return InputError(deals.examine(path, (), no_market, beside=beside))
    except InputError as error:
        return error


@pytest.mark.parametrize("name", CASES)
def test_a_faulty_term_gives_its_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
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


# ----------------------------------------------------------------------------------- faulty packs


@pytest.fixture
def copy(pack: Pack, tmp_path: Path) -> Path:
    folder = tmp_path / "rare_earths"
    shutil.copytree(pack.folder, folder)
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> InputError:
    with pytest.raises(InputError) as error:
        packs.load(folder)
    return error.value


def test_the_copy_is_sound(copy: Path) -> None:
    assert packs.load(copy).chain


def test_an_ore_whose_oxides_sum_to_140_percent(copy: Path, pack: Pack) -> None:
    assert pack.chain
    ce = pack.chain.content["loparite", "ce"]
    lines = (copy / "chain/composition.csv").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("loparite,ce,"))
    edit(copy, "chain/composition.csv", row, row.replace(row.split(",")[2], f"{ce + 0.4:.12g}"))
    error = refusal(copy)
    sums = [f for f in error.faults if "sum to" in f.found]
    assert [f.found for f in sums] == ["an ore whose oxides sum to 140 %"]
    assert sums[0].term == "loparite"
    # The plants that separate it no longer give back what they take in: said at once.
    assert any("separation_loparite" in (f.term or "") for f in error.faults)


def test_an_activity_that_makes_an_element_out_of_nothing(copy: Path) -> None:
    file = "benchmark_2024/activities.csv"
    rows = (copy / file).read_text("utf-8").splitlines()
    row = next(x for x in rows if x.startswith("metal_dy,JPN,input:dy_oxide,"))
    cells = row.split(",")
    cells[3] = f"{0.99 * float(cells[3]):.12g}"
    edit(copy, file, row, ",".join(cells))
    assert any("dy going in and coming out differ" in f.found for f in refusal(copy).faults)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("mine,years,3,5,9", "mine,years,-3,5,9", "-3"),
        ("mine,years,3,5,9", "mine,years,3,15,9", "low 3, central 15, high 9"),
        ("0.25,0.45,0.7", "0.25,0.45,1.7", "a probability of 1.7"),
    ],
)
def test_steps_that_cannot_be(copy: Path, old: str, new: str, found: str) -> None:
    edit(copy, "projects/steps.csv", old, new)
    assert found in [f.found for f in refusal(copy).faults]


def test_a_deposit_of_an_ore_nobody_knows(copy: Path) -> None:
    edit(copy, "projects/deposits.csv", "RUS,loparite", "RUS,eudialyte")
    (fault,) = refusal(copy).faults
    assert fault.found == '"eudialyte"'


def test_every_fault_is_in_one_message(copy: Path) -> None:
    edit(copy, "projects/steps.csv", "mine,years,3,5,9", "mine,years,-3,5,9")
    edit(copy, "projects/deposits.csv", "RUS,loparite", "RUS,eudialyte")
    edit(copy, "chain/recoveries.csv", "recycling,0.9,", "recycling,1.9,")
    assert {f.file for f in refusal(copy).faults} == {
        "rare_earths/projects/steps.csv",
        "rare_earths/projects/deposits.csv",
        "rare_earths/chain/recoveries.csv",
    }
