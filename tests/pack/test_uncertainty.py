"""What a pack says of its uncertain numbers: which, from what, and how they vary together."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from accord import pack
from accord.errors import InputError
from accord.pack import Pack, PriorKey
from accord.probability.normal import NINETIETH

Copied = Callable[[str], Path]
SIGMA = PriorKey("sigma", "aluminium", "*")
ACCESS = PriorKey("access", "*", "*")


@pytest.fixture(scope="module")
def aluminium() -> Pack:
    return pack.load("aluminium")


@pytest.fixture
def copied(tmp_path: Path) -> Copied:
    def copy(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(pack.load(name).folder, folder)
        return folder

    return copy


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), "utf-8")


def correlate(folder: Path, *rows: str) -> None:
    lines = ["one,other,value,source,status", *(f"{row},toyland,assumed" for row in rows)]
    (folder / "correlations.csv").write_text("\n".join(lines) + "\n", "utf-8")


def message(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        pack.load(folder).uncertainty(2020)
    return str(caught.value)


# ------------------------------------------------------------------------------------ what varies


def test_every_row_that_is_not_fixed_varies_and_no_other() -> None:
    toyland = pack.load("toyland")
    found = toyland.uncertainty(2020)
    assert [n.key for n in found.numbers] == [
        row.key for row in toyland.priors.rows if row.family != "fixed"
    ]
    assert list(found.central) == [0.5, 0.625]
    assert found.left_out == ()
    assert {n.told for n in found.numbers} == {"prior"}


@pytest.mark.parametrize("name", ["toyland", "aluminium", "rare_earths"])
def test_draws_hit_the_three_points_of_every_number(name: str) -> None:
    of = pack.load(name)
    found = of.uncertainty(of.years[-1])
    draws = found.draws(4096, seed=1)
    assert draws.shape == (4096, len(found.numbers))
    for level, points in ((0.1, found.low), (0.5, found.central), (0.9, found.high)):
        below = (draws <= points).mean(axis=0)
        assert below == pytest.approx(level, abs=0.01), name


def test_a_draw_is_the_same_however_many_are_asked_for(aluminium: Pack) -> None:
    found = aluminium.uncertainty(2024)
    whole = found.draws(300, seed=7)
    parts = [found.draws(100, seed=7, start=start) for start in (0, 100, 200)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert not np.array_equal(found.draws(300, seed=8), whole)


def test_a_pack_in_which_nothing_varies(copied: Copied) -> None:
    folder = copied("toyland")
    path = folder / "priors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"family": "fixed", "low": row["median"], "high": row["median"]}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = pack.load(folder).uncertainty(2020)
    assert found.numbers == ()
    assert found.draws(5, seed=0).shape == (5, 0)
    assert found.groups == ()


# ------------------------------------------------------------------------------------ posterior


def test_what_the_back_cast_updated_replaces_the_prior(aluminium: Pack) -> None:
    path = aluminium.folder / "backcast" / "posterior.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {(r["parameter"], r["good"], r["region"]): r for r in csv.DictReader(file)}
    found = aluminium.uncertainty(2024)
    told = {tuple(n.key) for n in found.numbers if n.told == "posterior"}
    assert told == {key for key in rows if PriorKey(*key) in aluminium.priors.by_key}
    assert told
    for number in found.numbers:
        if number.told == "posterior":
            row, d = rows[tuple(number.key)], number.distribution
            assert (d.low, d.median, d.high) == tuple(
                float(row[name]) for name in ("low", "median", "high")
            )
            assert number.source == "backcast"


def test_what_is_no_number_of_the_market_is_left_out_and_said_so(aluminium: Pack) -> None:
    left_out = aluminium.uncertainty(2024).left_out
    assert [line.partition(":")[0] for line in left_out] == ["freight_level", "drift aluminium USA"]


def test_updated_numbers_have_the_correlations_of_the_fit(aluminium: Pack) -> None:
    found = aluminium.uncertainty(2024)
    keys = [n.key for n in found.numbers]
    smelter = keys.index(PriorKey("supply_elasticity:smelter", "*", "*"))
    assert found.correlation[keys.index(SIGMA), smelter] == -0.18
    draws = found.draws(8192, seed=0)
    rank = spearmanr(draws[:, keys.index(SIGMA)], draws[:, smelter])[0]
    assert rank == pytest.approx(6.0 / np.pi * np.arcsin(-0.09), abs=0.02)
    group = next(group for group in found.groups if len(group) > 1)
    assert {found.numbers[i].told for i in group} == {"posterior"}


def test_a_prior_that_changed_since_the_fit_holds(copied: Copied) -> None:
    folder = copied("aluminium")
    edit(
        folder,
        "priors.csv",
        "sigma,aluminium,*,lognormal,8,4,30",
        "sigma,aluminium,*,lognormal,9,4,30",
    )
    changed = pack.load(folder)
    found = changed.uncertainty(2024)
    number = next(n for n in found.numbers if n.key == SIGMA)
    assert (number.told, number.distribution.median) == ("prior", 9.0)
    assert any("sigma aluminium: its prior has changed" in line for line in found.left_out)
    assert SIGMA not in changed.central_values()
    assert found.correlation[0, 1:].any() == 0.0


def test_medians_in_use(aluminium: Pack) -> None:
    found = aluminium.central_values()
    assert found[SIGMA] == 12.4
    uncertainty = aluminium.uncertainty(2024)
    updated = {n.key: n.distribution.median for n in uncertainty.numbers if n.told == "posterior"}
    assert dict(found) == updated
    assert pack.load("toyland").central_values() == {}


def test_faults_of_the_fit_are_named(copied: Copied) -> None:
    folder = copied("aluminium")
    edit(folder, "backcast/posterior.csv", "8,4,30,12.4,6.654,", "8,4,30,12.4,13,")
    edit(
        folder,
        "backcast/correlations.csv",
        "sigma alumina,sigma aluminium,",
        "sigma alumin,sigma aluminium,",
    )
    with pytest.raises(InputError) as caught:
        pack.load(folder).uncertainty(2024)
    said = str(caught.value)
    assert "aluminium/backcast/posterior.csv:2 · sigma aluminium · median" in said
    assert "aluminium/backcast/correlations.csv:2 · sigma alumin, sigma aluminium · one" in said
    assert 'write "sigma alumina"' in said


# ------------------------------------------------------------------------------------ access


def test_access_is_there_where_lanes_are_closed(aluminium: Pack) -> None:
    assert ACCESS not in [n.key for n in aluminium.uncertainty(2017).numbers]
    for year in (2024, 2025):
        number = aluminium.uncertainty(year).numbers[-1]
        assert number.key == ACCESS
        assert number.source == "comtrade; carried"
        scores = np.array([-NINETIETH, 0.0, NINETIETH, 2.5])
        assert number.distribution.at_score(scores) == pytest.approx(scores)


# ------------------------------------------------------------------------------------ correlations


def test_correlations_of_the_pack_are_rank_correlations(copied: Copied) -> None:
    folder = copied("toyland")
    correlate(folder, "demand_elasticity metal,demand_elasticity metal CCC,0.8")
    found = pack.load(folder).uncertainty(2020)
    assert spearmanr(found.draws(4096, seed=0))[0] == pytest.approx(0.8, abs=0.01)
    assert found.groups == ((0, 1),)


def test_a_correlation_among_updated_numbers_is_the_fit_s(copied: Copied) -> None:
    folder = copied("aluminium")
    lines = [
        "one,other,value,source,status",
        "sigma aluminium,sigma alumina,0.6,judgement,assumed",
        "sigma aluminium,sigma bauxite,0.5,judgement,assumed",
        "access,sigma aluminium,0.3,judgement,assumed",
    ]
    (folder / "correlations.csv").write_text("\n".join(lines) + "\n", "utf-8")
    found = pack.load(folder).uncertainty(2024).correlation
    assert found[0, 1] == 0.0
    assert found[0, 2] == pytest.approx(2.0 * np.sin(np.pi * 0.5 / 6.0))
    assert found[0, -1] == pytest.approx(2.0 * np.sin(np.pi * 0.3 / 6.0))


def vary(folder: Path) -> None:
    """Let three rows of toyland vary."""
    edit(folder, "priors.csv", "sigma,metal,*,fixed,8,8,8", "sigma,metal,*,lognormal,8,4,16")


def test_correlations_that_do_not_fit_together(copied: Copied) -> None:
    folder = copied("toyland")
    vary(folder)
    correlate(
        folder,
        "demand_elasticity metal,demand_elasticity metal CCC,0.9",
        "demand_elasticity metal,sigma metal,0.9",
        "demand_elasticity metal CCC,sigma metal,-0.9",
    )
    said = message(folder)
    assert "toyland/correlations.csv · value" in said
    assert "least eigenvalue -0.8" in said
    assert "positive semidefinite" in said
    assert "sigma metal with demand_elasticity metal 0.500" in said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("demand_elasticity metal,demand_elasticity mettal,0.5", 'write "demand_elasticity metal"'),
        ("demand_elasticity metal,sigma ore,0.5", "sigma ore, which is fixed"),
        ("demand_elasticity metal,access,0.5", '"access"'),
        ("demand_elasticity metal,demand_elasticity metal CCC,1.2", "at least -1 and at most 1"),
        ("demand_elasticity metal,demand_elasticity metal CCC,-1.2", "at least -1 and at most 1"),
        ("demand_elasticity metal,demand_elasticity metal,1", "with itself"),
    ],
)
def test_a_faulty_correlation_is_named(copied: Copied, row: str, said: str) -> None:
    folder = copied("toyland")
    correlate(folder, row)
    found = message(folder)
    assert "toyland/correlations.csv:2" in found
    assert said in found


def test_a_pair_twice_is_named(copied: Copied) -> None:
    folder = copied("toyland")
    pair = "demand_elasticity metal", "demand_elasticity metal CCC"
    correlate(folder, f"{pair[0]},{pair[1]},0.5", f"{pair[1]},{pair[0]},0.4")
    assert "the pair a second time; the first is on line 2" in message(folder)


# ------------------------------------------------------------------------------------ bounds


def test_bounds_of_the_table_hold(copied: Copied) -> None:
    folder = copied("toyland")
    path = folder / "priors.csv"
    lines = path.read_text("utf-8").splitlines()
    lines = [f"{lines[0]},least,most"] + [
        f"{line},0.2,1.1" if line.startswith("demand_elasticity,metal,*") else f"{line},,"
        for line in lines[1:]
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = pack.load(folder).uncertainty(2020)
    draws = found.draws(2000, seed=0)
    assert draws[:, 0].min() > 0.2
    assert draws[:, 0].max() < 1.1
    assert draws[:, 1].max() > 1.5
    assert (draws[:, 0] <= 0.25).mean() == pytest.approx(0.1, abs=0.01)


def test_a_choke_price_is_never_below_the_price(copied: Copied) -> None:
    folder = copied("toyland")
    edit(
        folder,
        "priors.csv",
        "choke_ratio,metal,*,fixed,3,3,3",
        "choke_ratio,metal,*,normal,3,1.2,6",
    )
    found = pack.load(folder).uncertainty(2020)
    place = [n.key.parameter for n in found.numbers].index("choke_ratio")
    assert found.draws(4096, seed=0)[:, place].min() > 1.0


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("lognormal,0.5,0.5,0.5", "no spread: low 0.5, median 0.5, high 0.5"),
        ("lognormal,0.5,0.25,0.5", "low < median < high"),
        ("normal,0.5,1,0.25", "low ≤ median ≤ high"),
        ("fixed,0.5,0.25,1", "a fixed number with low 0.25, median 0.5, high 1"),
        ("beta,0.5,0.25,1", "a share of 1"),
        ("lognormal,0.5,-0.25,1", "above 0"),
    ],
)
def test_a_faulty_prior_is_named(copied: Copied, new: str, said: str) -> None:
    folder = copied("toyland")
    edit(folder, "priors.csv", "metal,*,lognormal,0.5,0.25,1,", f"metal,*,{new},")
    found = message(folder)
    assert "toyland/priors.csv:5 · demand_elasticity metal *" in found
    assert said in found


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        ("0.3", "", "above the bound 0.3"),
        ("", "0.8", "below the bound 0.8"),
        ("2", "1", "bounds 2 to 1"),
        ("x", "", '"x"'),
    ],
)
def test_impossible_bounds_are_named(copied: Copied, least: str, most: str, said: str) -> None:
    folder = copied("toyland")
    path = folder / "priors.csv"
    lines = path.read_text("utf-8").splitlines()
    lines = [f"{lines[0]},least,most"] + [
        f"{line},{least},{most}" if line.startswith("demand_elasticity,metal,*") else f"{line},,"
        for line in lines[1:]
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = message(folder)
    assert "toyland/priors.csv:5 · demand_elasticity metal *" in found
    assert said in found


def test_all_faults_come_at_once(copied: Copied) -> None:
    folder = copied("toyland")
    edit(folder, "priors.csv", "metal,*,lognormal,0.5,0.25,1,", "metal,*,lognormal,0.5,0.5,1,")
    correlate(folder, "sigma gold,sigma ore,0.5")
    said = message(folder)
    assert "priors.csv:5" in said
    assert "correlations.csv:2" in said
    assert "sigma gold" in said


def test_a_year_that_the_pack_has_not() -> None:
    with pytest.raises(InputError, match="the year 1999"):
        pack.load("toyland").uncertainty(1999)


# ------------------------------------------------------------------------------------ names


@pytest.mark.parametrize("name", ["toyland", "aluminium", "rare_earths"])
def test_every_number_has_a_name_of_its_own_in_words(name: str) -> None:
    of = pack.load(name)
    names = [n.name for n in of.uncertainty(of.years[-1]).numbers]
    assert len(set(names)) == len(names)
    assert all(len(each.split()) >= 5 and "*" not in each for each in names)


def test_names_say_what_it_is(aluminium: Pack) -> None:
    names = {n.key: n.name for n in aluminium.uncertainty(2024).numbers}
    assert names[SIGMA] == ("how readily buyers switch between origins of unwrought aluminium (σ)")
    usa = PriorKey("supply_elasticity:smelter", "aluminium", "USA")
    assert (
        names[usa] == "how readily output follows price: smelter, United States (supply elasticity)"
    )
    rest = PriorKey("supply_elasticity:smelter", "*", "*")
    assert "other regions" in names[rest]
    assert "closed" in names[ACCESS]
