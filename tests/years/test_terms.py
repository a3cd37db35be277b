"""New capacity takes its years; docs/years.md shows how to say so."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from accord import pack
from accord.assessment.assess import assess_named
from accord.errors import InputError
from accord.instruments import Term, TermError, read_term
from accord.years import Question, solve_paths

MakeTerm = Callable[..., Term]
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "years.md").read_text("utf-8")


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found.group(1)


def plant(term: MakeTerm, **more: object) -> Term:
    return term("capacity", region="RUS", activity="smelter", level="600 kt/yr", **more)


def test_a_plant_comes_after_its_years_of_building_in_equal_steps(term: MakeTerm) -> None:
    found = plant(term, from_=date(2026, 3, 1), build_years=2, ramp_years=4)
    assert not found.in_force(date(2028, 2, 29))
    assert found.in_force(date(2028, 3, 1))
    shares = [found.share_on(date(year, 6, 1)) for year in range(2028, 2034)]
    assert shares == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    assert found.share_on(date(2029, 2, 28)) == 0.25


def test_without_years_all_of_it_is_there_at_once(term: MakeTerm) -> None:
    found = plant(term, from_=date(2026, 3, 1))
    assert found.begins == date(2026, 3, 1)
    assert found.share_on(date(2026, 3, 1)) == 1.0
    undated = plant(term, build_years=3)
    assert undated.begins is None
    assert undated.in_force(date(1990, 1, 1))


@pytest.mark.parametrize(
    ("fields", "field", "fix"),
    [
        ({"build_years": -1}, "build_years", "write for example 1371"),
        ({"build_years": 2.5}, "build_years", "write for example 1371"),
        ({"ramp_years": 400}, "ramp_years", "check the number: it is in years"),
        (
            {"ramp_years": 2, "ramp": ["50 %", "100 %"], "from_": date(2026, 1, 1)},
            "ramp_years",
            "take one of the two out",
        ),
    ],
)
def test_what_is_wrong_with_its_years(
    term: MakeTerm, fields: dict[str, object], field: str, fix: str
) -> None:
    with pytest.raises(TermError) as caught:
        plant(term, **fields)
    (problem,) = caught.value.problems
    assert (problem.path, problem.fix) == ((field,), fix)


# ---------------------------------------------------------------------------------- docs/years.md


def test_the_term_of_the_page_comes_as_the_page_says() -> None:
    (table,) = tomllib.loads(block("toml"))["term"]
    found = read_term(table)
    assert found.begins == date(2031, 1, 1)
    shares = [found.share_on(date(year, 7, 1)) for year in (2031, 2032, 2033)]
    assert shares == [1 / 3, 2 / 3, 1.0]
    assert found.faults(pack.load("aluminium").market(2024, date(2025, 2, 24))) == []


def test_the_lines_of_the_page_run() -> None:
    lines = block("python")
    exec(compile(lines, "docs/years.md", "exec"), {})  # noqa: S102 - the page's own code


def rates(day: date, year: int) -> list[float]:
    found = solve_paths(Question(pack.load("aluminium"), day, year, year)).years[0]
    rows = [
        p.equilibrium.market.lane_by_key["aluminium", "ARE", "USA"]  # type: ignore[index]
        for p in found.before.parts
    ]
    return [sum(w.ad_valorem for w in lane.active_wedges) for lane in rows]


def test_the_law_of_later_years_is_what_the_page_says() -> None:
    offer, july = date(2025, 2, 24), date(2025, 7, 1)
    assert rates(offer, 2025) == pytest.approx([0.10, 0.10, 0.25])
    assert rates(offer, 2026) == pytest.approx([0.25, 0.25])
    assert rates(july, 2026)[-1] == pytest.approx(0.50)


def test_more_bauxite_comes_out_of_china_than_its_reserves_by_2035() -> None:
    a = assess_named("us-russia-2025", years=(2025, 2035))
    assert a.paths is not None
    (mines,) = [what for what, _ in a.paths.not_modelled if what.startswith("mines")]
    assert "come out of China 2025-2035, more than its reserves of 710" in mines


# ------------------------------------------------------------------- terms outside of what is asked

ENDED = """
[deal]
title = "A quota"
date = 2025-02-24
status = "offer"
pack = "aluminium"

[[source]]
id = "report"
title = "A report"
publisher = "A paper"

[[party]]
code = "USA"

[[term]]
id = "quota"
kind = "import_quota"
goods = "aluminium"
exporters = "CAN"
importers = "USA"
quantity = "1000 kt/yr"
source = "report"
"""


def dated(folder: Path, line: str) -> str:
    path = folder / "quota.toml"
    path.write_text(ENDED + line, encoding="utf-8")
    return str(path)


def test_a_term_that_has_ended_by_the_day_asked_is_refused(tmp_path: Path) -> None:
    deal = dated(tmp_path, "until = 2025-06-01\n")
    assert assess_named(deal).headline
    with pytest.raises(InputError) as error:
        assess_named(deal, as_of=date(2025, 6, 1))
    (fault,) = error.value.faults
    assert (fault.term, fault.field) == ("quota", "until")
    assert fault.found.startswith("2025-06-01, and the day asked about is 2025-06-01")
    assert "--as-of" in fault.fix


def test_a_term_that_begins_after_the_last_year_is_named_in_front(tmp_path: Path) -> None:
    deal = dated(tmp_path, "from = 2028-01-01\n")
    found = assess_named(deal, years=(2026, 2026)).because
    assert found[0].startswith("quota begins on 2028-01-01, after 2026")
    assert not assess_named(deal).because[0].startswith("quota begins")


def test_a_term_that_has_begun_by_the_day_asked_is_not_said_to_start_later(tmp_path: Path) -> None:
    deal = dated(tmp_path, "from = 2025-04-01\n")
    assert any("starts on" in line for line in assess_named(deal).because)
    later = assess_named(deal, as_of=date(2025, 5, 1)).because
    assert not any("starts on" in line for line in later)
