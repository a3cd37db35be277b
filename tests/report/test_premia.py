"""Premia, incidence and users as they are shown: blocks, sheets and one line on the screen."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from accord.assessment import Assessment
from accord.pack import load
from accord.report.pack_makers import maker_blocks
from accord.report.packs import pack_json, pack_text, pack_view
from accord.report.page import page
from accord.report.premia import (
    PIECES,
    RECIPIENTS,
    incidence_in_focus,
    premia,
    premium_pairs,
    who_gets_it,
)
from accord.report.single_plants import plants_block, single_plants
from accord.report.tables import write_answer
from accord.report.terminal import screen
from accord.report.users import sentence, users


def number(cell: str) -> float:
    return float(cell.replace("−", "-").replace(",", "").replace("%", ""))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_premia_of_the_parties_come_first_and_their_pieces_add_up(founding: Assessment) -> None:
    block = premia(founding, 6)
    assert block is not None
    assert [line.cells[0] for line in block.lines[:2]] == ["United States", "Russia"]
    assert block.lines[-1].weight == "rest"
    for line in block.lines[:-1]:
        _, _, after, _, *pieces = line.cells
        assert sum(number(x) for x in pieces) == pytest.approx(number(after), abs=4.0)


def test_who_bears_what_users_save(founding: Assessment) -> None:
    block = who_gets_it(founding)
    assert block is not None
    assert block.heading.startswith("Who bears what users in the United States save")
    *parts, whole = block.lines
    assert whole.weight == "total"
    assert sum(number(x.cells[1]) for x in parts) == pytest.approx(number(whole.cells[1]), abs=1.0)
    assert whole.cells[2] == "100.0 %"


def test_users_add_up_to_all_users(founding: Assessment) -> None:
    block = users(founding)
    assert block is not None
    *parts, whole = block.lines
    assert sum(number(x.cells[2]) for x in parts) == pytest.approx(number(whole.cells[2]), abs=1.0)


def test_the_screen_names_the_users_in_one_line(founding: Assessment) -> None:
    said = sentence(founding)
    assert said is not None
    assert len(said) <= 100
    assert said in screen(founding)


def test_a_pack_that_does_not_know_its_users_shows_none(free: Assessment) -> None:
    """C14."""
    assert users(free) is None
    assert sentence(free) is None
    assert "Users of" not in screen(free)


def test_nothing_is_said_of_a_deal_that_moves_no_price(nothing: Assessment) -> None:
    assert who_gets_it(nothing) is None
    assert users(nothing) is None


def test_the_page_has_all_three(founding: Assessment) -> None:
    text = page(founding)
    for block in (premia(founding, 16), who_gets_it(founding), users(founding)):
        assert block is not None
        assert block.heading in text


def test_the_sheets_add_up(founding: Assessment, tmp_path: Path) -> None:
    write_answer(founding, tmp_path / "out", [])
    names = [name for name, _ in PIECES]
    premium = rows(tmp_path / "out" / "premium.csv")
    assert len(premium) == 2 * len(premium_pairs(founding))
    for row in premium:
        assert sum(float(row[n]) for n in names) == pytest.approx(float(row["premium"]), abs=1e-6)
    found = incidence_in_focus(founding)
    assert found is not None
    shares = rows(tmp_path / "out" / "incidence.csv")
    value = {row["recipient"]: float(row["value"]) for row in shares}
    parts = [value[name] for name, _ in RECIPIENTS]
    assert sum(parts) == pytest.approx(found.paid, rel=1e-9)
    assert value["paid"] == pytest.approx(found.paid, rel=1e-9)
    beside = ("duty_revenue", "users_loss", "forgone")
    assert [value[n] for n in beside] == pytest.approx([getattr(found, n) for n in beside])
    noted = {row["recipient"]: row["note"] for row in shares}
    assert "its duty too" in noted["mix"]
    assert all(noted[name] for name in beside)
    block = who_gets_it(founding)
    assert block is not None
    assert "duty revenue as a whole changes by" in block.notes[0]
    shown = rows(tmp_path / "out" / "users.csv")
    assert sum(float(row["gain"]) for row in shown) == pytest.approx(-found.users_loss, rel=1e-9)
    assert sum(float(row["share"]) for row in shown) == pytest.approx(1.0)


def test_plants_are_shown_one_by_one(founding: Assessment, tmp_path: Path) -> None:
    block = plants_block(founding)
    assert block is not None
    assert block.heading == "Plants that make unwrought aluminium, kt"
    output = founding.row("output", "RUS", "aluminium")
    assert output is not None
    found = single_plants(founding)
    remelted = founding.effects.after.output("remelting.RUS")
    assert sum(p.after for p in found) + remelted == pytest.approx(output.after, rel=1e-9)
    assert all(0.0 <= p.idle <= p.capacity for p in found)
    named = {f"{p.plant.removeprefix('smelter.RUS.').capitalize()}, Russia" for p in found}
    assert {line.cells[0] for line in block.lines} == named
    write_answer(founding, tmp_path / "out", [])
    assert len(rows(tmp_path / "out" / "plants.csv")) == len(found) == 10


def test_without_plants_there_is_no_table_of_them(free: Assessment) -> None:
    assert plants_block(free) is None


# ------------------------------------------------------------------------------------ pack show


def test_pack_show_has_power_and_carbon_by_region_and_plants_one_by_one() -> None:
    view = pack_view("aluminium", None)
    blocks = {b.heading: b for b in maker_blocks(view.report, 10)}
    smelters = blocks["Makers of aluminium (smelter), 2025, kt"]
    russia = next(line.cells for line in smelters.lines if line.cells[0] == "RUS")
    assert russia == ("RUS", "3,900", "4,080", "180", "15.14", "29", "3.44")
    plants = blocks["Plants, 2025, kt"].lines
    assert len(plants) == 10
    assert sum(number(x.cells[1]) for x in plants) == pytest.approx(3900.0, abs=5.0)
    assert sum(number(x.cells[2]) for x in plants) == pytest.approx(4080.0, abs=5.0)
    text = pack_text(view, width=100, colour=False)
    assert "Krasnoyarskaya HPP" in text
    assert max(map(len, text.splitlines())) <= 100
    shown = pack_json(view)
    assert sum(x["plant"] != "" for x in shown["makers"]) == 10
    assert len(shown["users"]) == 330


def test_a_pack_without_plants_or_users_shows_neither() -> None:
    headings = [b.heading for b in maker_blocks(load("toyland").report(), 10)]
    assert headings == ["Makers of ore (mine), 2021, kt", "Makers of metal (smelter), 2021, kt"]
