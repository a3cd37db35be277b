"""The pack of budgets: rebuilt byte for byte, checked, shown."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from accord import pack as packs
from accord.errors import InputError, SourcesAbsent
from accord.pack.budgets import BudgetPack
from accord.pack.build import build
from accord.pack.read_budgets import load_budgets
from accord.report.packs import pack_json, pack_list, pack_text, pack_view

FACTS = Path(os.environ.get("ACCORD_FACTS", Path(__file__).resolve().parents[3] / "shared/facts"))
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the sources are not here")


@needs_facts
def test_it_is_rebuilt_byte_for_byte(pack: BudgetPack, tmp_path: Path) -> None:
    build("budgets", FACTS, tmp_path / "budgets")
    rebuilt = tmp_path / "budgets"
    names = {p.relative_to(pack.folder) for p in pack.folder.rglob("*") if p.is_file()}
    assert {p.relative_to(rebuilt) for p in rebuilt.rglob("*") if p.is_file()} == names
    for name in names:
        assert (rebuilt / name).read_bytes() == (pack.folder / name).read_bytes(), name


def test_absent_sources_are_named_with_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(SourcesAbsent) as error:
        build("budgets", tmp_path / "nowhere", tmp_path / "out")
    assert len(error.value.faults) == 4
    assert all("https://" in fault.fix for fault in error.value.faults)
    assert not (tmp_path / "out").exists()


def test_no_series_of_sipri_ships(pack: BudgetPack) -> None:
    for file in ("figures.csv", "history.csv"):
        text = (pack.folder / file).read_text("utf-8")
        assert "sipri" not in text
    cited = [x for key, several in pack.cited.items() if key[0] == "sipri" for x in several]
    assert len(cited) <= 12


def test_a_recalled_figure_is_an_assumption(pack: BudgetPack) -> None:
    (nato,) = pack.cited["nato", "USA", 2024]
    assert nato.status == "assumed"


def test_it_is_a_pack_of_its_own_kind() -> None:
    assert packs.kind_of("budgets") == "budget"
    assert packs.kind_of("toyland") == "market"
    assert "budgets" in packs.shipped()
    with pytest.raises(InputError, match="a pack of the kind budget"):
        packs.load("budgets")
    with pytest.raises(InputError, match="a pack without budgets"):
        load_budgets("toyland")


def test_it_is_listed_and_shown(pack: BudgetPack) -> None:
    (row,) = (x for x in pack_list() if x["name"] == "budgets")
    assert (row["kind"], row["regions"]) == ("budget", len(pack.names))
    view = pack_view("budgets", None)
    text = pack_text(view, width=100, colour=False)
    assert "983" in text
    assert max(map(len, text.splitlines())) <= 100
    shown = pack_json(view)
    assert len(shown["figures"]) == len(pack.figures)


def test_everything_wrong_with_the_files_is_said_at_once(pack: BudgetPack, tmp_path: Path) -> None:
    folder = tmp_path / "budgets"
    shutil.copytree(pack.folder, folder)
    figures = (folder / "figures.csv").read_text("utf-8").splitlines()
    figures[1] = figures[1].replace("AFG", "AFX")
    figures[2] = figures[2].replace("reported", "guessed")
    (folder / "figures.csv").write_text("\n".join(figures) + "\n", "utf-8")
    rates = (folder / "base_rates.csv").read_text("utf-8").replace(",0.5,", ",1.5,", 1)
    (folder / "base_rates.csv").write_text(rates, "utf-8")
    with pytest.raises(InputError) as error:
        load_budgets(folder)
    said = str(error.value)
    assert len(error.value.faults) == 3
    for words in ('"AFX"', '"guessed"', "at most 1"):
        assert words in said


def test_a_cited_figure_has_a_unit_and_a_definition_that_are_known(
    pack: BudgetPack, tmp_path: Path
) -> None:
    folder = tmp_path / "budgets"
    shutil.copytree(pack.folder, folder)
    with (folder / "cited.csv").open("a", encoding="utf-8") as file:
        file.write("whim,RUS,2023,1,trn EUR,sipri-milex,reported\n")
    with pytest.raises(InputError) as error:
        load_budgets(folder)
    assert [fault.found for fault in error.value.faults] == ['"trn EUR"', '"whim"']


def test_a_cut_of_budgets_is_no_measure_of_the_law_of_a_market(tmp_path: Path) -> None:
    folder = tmp_path / "toyland"
    shutil.copytree(packs.load("toyland").folder, folder)
    with (folder / "policy.toml").open("a", encoding="utf-8") as file:
        file.write(MEASURE.format(source=packs.load("toyland").sources[0].id))
    with pytest.raises(InputError) as error:
        packs.load(folder)
    (fault,) = error.value.faults
    assert (fault.term, fault.field) == ("cut", "kind")


MEASURE = """
[[measure]]
id = "cut"
kind = "budget_cut"
title = "A cut"
countries = ["USA"]
cut = "50 %"
source = "{source}"
status = "assumed"
"""
