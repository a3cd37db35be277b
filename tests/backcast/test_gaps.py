"""Figures that are not there: skipped and counted, never a crash and never a perfect score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accord.backcast import Backcast, backcast
from accord.backcast.fit import Problem
from accord.backcast.fit_tables import Trials
from accord.backcast.score import SHARE
from accord.report.backcast import excerpts, text
from accord.report.backcast_files import sheets

Copied = Callable[[str, str, str], Path]


def without(copied: Copied, *starts: str) -> Path:
    """Return a copy of the pack without the observations that start so."""
    folder = copied("backcast/signs.csv", "event", "event")
    path = folder / "backcast" / "observed.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(starts)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), "utf-8")
    return folder


def shown(found: Backcast) -> str:
    assert sheets(found)
    return " ".join(text(found, width=100, colour=False).split())


def shares_of(year: int, found: Backcast) -> tuple[str, ...]:
    rows = [r for r in found.run("prior") if (r.quantity, r.year) == (SHARE, year)]
    return tuple(f"{SHARE},{r.region},{year}," for r in rows)


@pytest.mark.parametrize("year", [2019, 2023, 2024])
def test_a_judged_year_without_shares_is_left_out_and_counted(
    copied: Copied, found: Backcast, year: int
) -> None:
    less = backcast(without(copied, *shares_of(year, found)))
    assert year not in {y.year for y in less.years}
    said = shown(less)
    assert "2 of 2 years" in said
    assert f"44 cases of {year} cannot be compared" in said
    assert not less.fit_is_current


def test_without_any_share_nothing_is_said_of_shares(copied: Copied) -> None:
    less = backcast(without(copied, SHARE))
    assert less.years == ()
    assert "No year has import shares of three or more origins" in shown(less)


def test_without_the_premium_its_signs_are_counted_as_unchecked(
    copied: Copied, found: Backcast
) -> None:
    less = backcast(without(copied, "us_premium"))
    assert len(less.signs) == len(found.signs) - 2
    assert less.unchecked == 2
    said = shown(less)
    assert "2 directions cannot be checked" in said
    assert "The US premium is not observed" in said


def test_an_undefined_error_is_a_dash_and_no_perfect_score(copied: Copied) -> None:
    row = "us_import_share,RUS,2025,duty-50-2025,0,fraction,reuters_2023,derived,false,"
    more = backcast(copied("backcast/observed.csv", "us_imports,", f"{row}\nus_imports,"))
    (year,) = [y for y in more.years if y.year == 2025]
    assert year.drift is None
    assert set(year.by_run.values()) == {None}
    lines = excerpts(more)["years"].splitlines()
    (line,) = [x for x in lines if x.startswith("2025 ")]
    assert line.split() == ["2025", "1", "—", "—", "—", "—", "—"]


def test_only_a_share_of_zero_in_single_years_has_no_verdict(copied: Copied) -> None:
    rest = (f"{SHARE},RUS,2018,", f"{SHARE},RUS,2022,")
    without(copied, *rest)
    row = "us_import_share,RUS,2025,duty-50-2025,0,fraction,reuters_2023,derived,false,"
    more = backcast(copied("backcast/observed.csv", "us_imports,", f"{row}\nus_imports,"))
    (single,) = [c for c in more.contests if not c.judged]
    assert single.beats("prior", "naive_unchanged") is None
    (line,) = [x for x in excerpts(more)["contests"].splitlines() if "single" in x]
    assert line.split()[-6:] == ["—"] * 6


def test_a_trial_without_an_error_is_an_empty_cell_and_a_dash(copied: Copied) -> None:
    folder = copied("backcast/choices.csv", "0.01887,0.01029,0.04969,149.8", "0.01887,,0.04969,")
    held = backcast(folder)
    assert held.posterior.choices[0].years == (0.01887, None, 0.04969)
    assert held.posterior.choices[0].premium is None
    line = next(x for x in excerpts(held)["choices"].splitlines() if "policy alone" in x)
    assert line.split()[-6:] == ["1.89", "—", "4.97", "—", "11.4", "%"]


def test_a_trial_over_no_rows_has_no_error(found: Backcast) -> None:
    names = ("us_premium", SHARE)
    kept = tuple(o for o in found.evidence.observed if o.quantity not in names)
    trials = Trials(Problem(found.pack, replace(found.evidence, observed=kept)))
    line = trials._errors(("x", "low", "1"), trials.world.replay([2018, 2024]).at)
    assert line[3:7] == ("", "", "", "")
    assert float(line[7]) > 0.0
