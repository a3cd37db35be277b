"""docs/rare-earths.md shows what the program computes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accord.minerals.replay import ReplayRow, eve, replay
from accord.pack import Pack

PAGE = Path(__file__).resolve().parents[2] / "docs/rare-earths.md"
OXIDES = {"Ce": "ce_oxide", "La": "la_oxide", "Nd": "ndpr_oxide", "Dy": "dy_oxide",
          "Tb": "tb_oxide"}  # fmt: skip


def by_good(rows: tuple[ReplayRow, ...]) -> dict[str, ReplayRow]:
    return {row.good: row for row in rows}


def test_the_replay_is_the_one_on_the_page(pack: Pack) -> None:
    small = eve(pack)
    low = {row.key: row.low for row in small.priors.rows if row.key[0] == "demand_elasticity"}
    central, stiff = replay(pack), replay(pack, priors=low)
    weight, stiff_weight = by_good(central.by_weight), by_good(stiff.by_weight)
    each = by_good(central.by_good)
    text = PAGE.read_text("utf-8")
    for element, good in OXIDES.items():
        (line,) = re.findall(rf"^\| {element} \|(.*)\|$", text, re.MULTILINE)
        shown = [float(cell) for cell in line.split("|")]
        computed = [
            weight[good].abroad,
            stiff_weight[good].abroad,
            weight[good].at_home,
            each[good].abroad,
        ]
        assert shown[:4] == pytest.approx(computed, abs=0.006)
    assert f"ships {sum(central.exports.values()) / 1e3:.0f} kt" in text
