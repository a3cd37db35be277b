"""docs/backcast.md and the screen say what the engine says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from accord.backcast import Backcast
from accord.backcast.likelihood import evidence_rows
from accord.backcast.quantities import FromModel
from accord.backcast.replay import World, world_of
from accord.backcast.score import RUNS, SHARE
from accord.report.backcast import excerpts, text
from accord.report.backcast import page as as_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "backcast.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())
PIECE = re.compile(r"<!-- backcast (\w+) -->\n```text\n(.*?)```\n<!-- /backcast -->", re.DOTALL)


def test_the_tables_on_the_page_are_the_programs(found: Backcast) -> None:
    assert dict(PIECE.findall(PAGE)) == excerpts(found), "run `python docs/refresh.py`"


def test_the_page_says_how_the_verdict_on_shares_hangs_on_what_is_counted(found: Backcast) -> None:
    mean = {r: sum(y.by_run[r] or 0.0 for y in found.years) / len(found.years) for r in RUNS}
    prior, rival = 100.0 * mean["prior"], 100.0 * mean["naive_full_pass_through"]
    assert all(y.by_run[r] is not None for y in found.years for r in RUNS)
    assert f"off by {prior:.1f} points and full pass-through's by {rival:.1f}: a loss" in WORDS


def test_the_readme_says_what_the_program_says(found: Backcast) -> None:
    shown = dict(PIECE.findall(README))
    assert shown == {"answer": excerpts(found)["answer"]}, "run `python docs/refresh.py`"


def predicted(found: Backcast, run: str, quantity: str, region: str, date: str) -> float:
    rows = [r for r in found.run(run) if (r.quantity, r.region, r.date) == (quantity, region, date)]
    return rows[0].predicted


def error(found: Backcast, run: str, year: int) -> float:
    value = next(y.by_run[run] for y in found.years if y.year == year)
    assert value is not None
    return value


def test_numbers_in_the_text_are_the_programs(found: Backcast) -> None:
    assert "18 figures marked `calibration`" in WORDS
    assert len(evidence_rows(found.evidence)) == 18
    assert "1.5 Mt in 2024, when the model says 16 kt" in WORDS
    china = predicted(found, "prior", "russia_exports", "CHN", "2024")
    assert round(china / 1e3) in range(14, 19)
    assert "wandered by about 30 % a year" in WORDS
    assert 0.28 < found.evidence.panel["drift_us"].value < 0.32
    assert "moves the world price by less than 2 %" in WORDS
    for year in range(2018, 2026):
        base = predicted(found, "naive_unchanged", "hub_price", "WORLD", str(year))
        moved = 1.0 - predicted(found, "prior", "hub_price", "WORLD", str(year)) / base
        assert 0.0 < moved < 0.02
    assert "seven small producers and the Gulf in 2022" in WORDS
    assert "for ten to twelve regions and the world from 2023" in WORDS
    assert [len(found.inputs[y]) - 1 for y in (2023, 2024, 2025)] == [10, 12, 12]
    rows = [(r.quantity, r.calibration) for r in found.evidence.observed]
    assert rows.count((SHARE, True)) == 5
    assert rows.count(("us_imports", True)) == 3
    assert set(found.inputs[2022]) - {"USA", "GLF"} == {
        "ARG", "IDN", "IRN", "KAZ", "MOZ", "TUR", "ZAF"
    }  # fmt: skip
    assert "26 origins of 2023" in WORDS
    assert sum((r.quantity, r.date) == (SHARE, "2023") for r in found.run(RUNS[0])) == 26


def test_what_the_text_claims_of_the_errors_holds(found: Backcast) -> None:
    """Each sentence of the page that compares, as a comparison."""
    choices = {t.name: t for t in found.posterior.choices}
    alone = choices["as run: prior, policy alone"]
    given = choices["observed outputs put in"]
    assert "to more than three times that of the law alone" in WORDS
    assert given.years[1] > 3.0 * alone.years[1]
    carried = choices["drift of 2019 carried on, origin by origin"]
    assert carried.years[0] < 0.5 * alone.years[0]
    assert carried.years[1] > alone.years[1]
    assert carried.years[2] > alone.years[2]
    without = choices["updated without the panel's supply slope"]
    updated = choices["as run: updated"]
    assert without.years[2] < updated.years[2]
    assert without.years[1] > updated.years[1]
    naive = "naive_full_pass_through"
    for c in found.contests:
        if c.quantity == SHARE:
            assert c.beats("prior", naive) is c.judged  # "wins over the three judged years"
    for year in (2018, 2022, 2024):
        assert error(found, naive, year) < error(found, "prior", year)
    assert 1.7 < error(found, naive, 2019) / error(found, "prior", 2019) < 2.5
    assert 3.5 < error(found, naive, 2023) / error(found, "prior", 2023) < 5.0
    assert error(found, "prior", 2024) > 0.04
    assert all(error(found, "updated", year) < 0.04 for year in (2019, 2023, 2024))
    assert "in 2024 only just" in WORDS
    assert error(found, "updated", 2024) > 0.037
    for year in (2023, 2024):
        row = next(y for y in found.years if y.year == year)
        assert error(found, "prior", year) < 0.5 * (row.drift or 0.0)


def test_what_the_text_claims_of_canada_in_2024_holds(found: Backcast) -> None:
    rows = [r for r in found.run("prior") if (r.quantity, r.date) == (SHARE, "2024")]
    canada = next(r for r in rows if r.region == "CAN")
    assert "under-predicted by six points, is nine tenths of that year's error" in WORDS
    assert -0.065 < canada.error < -0.055
    whole = sum(r.observed * abs(r.error) for r in rows)
    assert 0.85 < canada.observed * abs(canada.error) / whole < 0.96


def test_what_the_text_claims_of_the_premium_holds(found: Backcast) -> None:
    """Rise of the premium over that of the median origin's duty."""

    def rise(run: str, date: str) -> float:
        then = predicted(found, run, "us_premium", "USA", date)
        return then - predicted(found, "naive_unchanged", "us_premium", "USA", date)

    assert "by half of the duty" in WORDS
    assert "by three quarters and all" in WORDS
    full = "naive_full_pass_through"
    for date, low, high in (("2018-04-06", 0.4, 0.6), ("2019-01-15", 0.7, 0.82)):
        assert low < rise("prior", date) / rise(full, date) < high
        seen = next(
            r.observed for r in found.run("prior") if (r.quantity, r.date) == ("us_premium", date)
        )
        flat = predicted(found, "naive_unchanged", "us_premium", "USA", date)
        assert 0.9 < (seen - flat) / rise(full, date) < 1.1


def test_the_table_beside_the_published_estimate_is_the_engines(found: Backcast) -> None:
    p = found.posterior
    worlds = (
        world_of(found.pack, 2017),
        world_of(found.pack, 2017, p.values(found.pack), p.freight),
    )
    columns = [_mean_effects(world) for world in worlds]
    for name, *cells in zip(
        ("price that US buyers pay", "US imports", "US smelter output"), *columns, strict=True
    ):
        row = re.search(rf"^\| {name} \| (\S+) \| (\S+) \|", PAGE, re.MULTILINE)
        assert row is not None
        shown = [float(x.replace("−", "-")) for x in row.groups()]
        assert shown == pytest.approx([100.0 * x for x in cells], abs=0.06)


def _mean_effects(world: World) -> list[float]:
    """Changes of price, imports and output, means of 2018-21 against the base year."""
    replay = world.replay(range(2018, 2022))
    states = [replay.year(year) for year in replay.years]
    readings: tuple[Callable[[FromModel], float], ...] = (
        lambda s: s.price,
        lambda s: sum(s.imports("USA").values()),
        lambda s: s.output("smelter", "USA"),
    )
    return [sum(map(f, states)) / len(states) / f(replay.at_base) - 1.0 for f in readings]


def test_what_the_text_claims_of_levels_holds(found: Backcast) -> None:
    imports = [r for r in found.run("prior") if r.quantity == "us_imports"]
    assert all(r.error > 0.0 for r in imports)
    output = [r for r in found.run("prior") if r.quantity == "us_output" and r.year >= 2023]
    base = predicted(found, "naive_unchanged", "us_output", "USA", "2025")
    assert all(r.predicted > base for r in output)
    assert all(r.observed < base for r in output if r.year >= 2024)


def test_what_the_text_claims_of_the_evidence_holds(found: Backcast) -> None:
    told = {u.name: u for u in found.posterior.updates}
    sigma = told["sigma aluminium"]
    assert sigma.median > sigma.prior[0]
    supply = told["supply_elasticity:smelter"]
    assert supply.median < supply.prior[0]
    assert told["freight_level"].median > 1.0
    drift = told["drift aluminium USA"]
    assert abs(drift.median / drift.prior[0] - 1.0) < 0.1
    untold = ("demand_elasticity aluminium", "sigma alumina")
    for silent in (*untold, "supply_elasticity:smelter aluminium USA"):
        assert told[silent].told < 0.1


def test_the_screen_is_never_too_wide_and_names_what_is_not_modelled(found: Backcast) -> None:
    shown = text(found, width=100, colour=False)
    assert max(map(len, shown.splitlines())) <= 100
    assert "Sanctions on RUSAL" in shown
    assert "Not modelled" in shown
    assert "Scored: 74 observed figures" in shown
    assert "2 more, of an event that is not modelled" in " ".join(shown.split())
    assert shown.count("mean error, ") > 8


def test_the_page_is_one_document(found: Backcast) -> None:
    html = as_page(found)
    assert html.count("<!doctype html>") == 1
    assert html.count("<table>") == shown_tables(found)


def shown_tables(found: Backcast) -> int:
    events = {r.event for r in found.run("prior")}
    return 7 + len(events)
