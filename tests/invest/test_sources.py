"""The tables against the figures that they restate, where those are at hand."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from accord.invest.tables import ProjectTables

FACTS = Path(os.environ.get("ACCORD_FACTS", Path(__file__).resolve().parents[3] / "shared/facts"))
pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="the figures are not here")


def rows(name: str) -> list[dict[str, str]]:
    path = FACTS / name
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_deflator_is_the_world_banks(book: ProjectTables) -> None:
    growth = {
        int(row["year"]): float(row["value"]) / 100.0
        for row in rows("macro/macro_wdi_long.csv.gz")
        if (row["iso3"], row["indicator"]) == ("USA", "gdp_deflator_pct")
    }
    assert book.deflator[2024] == 1.0
    for year in list(book.deflator)[1:]:
        ratio = book.deflator[year] / book.deflator[year - 1]
        assert ratio == pytest.approx(1.0 + growth[year], abs=1e-5)


def test_country_risk_is_as_cited(book: ProjectTables) -> None:
    names = {"Russia": "RUS", "China": "CHN", "Kazakhstan": "KAZ", "United States": "USA"}
    found = {
        names[row["country"]]: float(row["country_risk_premium"])
        for row in rows("macro/country_risk_damodaran.csv")
        if row["edition"] == "2025-01" and row["country"] in names
    }
    assert len(found) == len(names)
    for region, premium in found.items():
        assert book.range("country_risk", region).median == pytest.approx(premium)


def test_costs_and_outputs_of_plants_are_as_listed(book: ProjectTables) -> None:
    listed = {
        (float(row["capacity_kt"]), float(row["capex_musd"]))
        for row in rows("aluminium/project_costs.csv")
        if row["capacity_kt"] and row["capex_musd"]
    }
    number, text = book.plant_costs.number, book.plant_costs.text
    mine = {
        (number["capacity"][i], number["capex_mn_usd"][i])
        for i, source in enumerate(text["source"])
        if source in {"oreanda_2007", "alcircle_2025", "cru_2026"}
        or text["plant"][i] == "Boguchany, first stage"
    }
    assert len(mine) == 4
    assert mine <= listed
    hydro = {
        (float(row["mw"]), float(row["twh_per_year_typical"]))
        for row in rows("aluminium/siberia_hydro_reference.csv")
    }
    plants = book.hydro_plants.number
    assert set(zip(plants["mw"], plants["twh"], strict=True)) == hydro
