from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from accord.economy.data.build import Wish, build
from accord.errors import InputError

REGIONS, CODES = ("AUS", "CHN", "ROW"), ("A01", "C24", "G46", "O84")
FINALS = 5


def world(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, j = len(REGIONS), len(CODES)
    return rng.lognormal(0.0, 1.0, (n, j, n, j)), rng.lognormal(2.0, 0.5, (n, j, n, FINALS))


def wide(path: Path, years: tuple[int, ...] = (2014,), prefix: str = "") -> Path:
    use, final = world()
    n, j = len(REGIONS), len(CODES)
    titles = [f"{prefix}{r}{k + 1}" for r in REGIONS for k in range(j)]
    titles += [f"{prefix}{r}{j + k + 1}" for r in REGIONS for k in range(FINALS)]
    output = use.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    rows: list[list[object]] = [
        ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year", *titles, "TOT"]
    ]
    for year in years:
        grown = 1.0 + 0.1 * (year - 2014)
        for i in range(n):
            for s, code in enumerate(CODES):
                cells = [*use[i, s].ravel(), *final[i, s].ravel(), output[i, s]]
                values = [f"{grown * x:.6f}" for x in cells]
                rows.append([code, "Some industry", REGIONS[i], s + 1, year, *values])
        made = (output - use.sum(axis=(0, 1))).ravel()
        rest = [0.0] * (n * FINALS + 1)
        rows.append(["VA", "Value added", "TOT", j + 6, year, *made, *rest])
        rows.append(["GO", "Output at basic prices", "TOT", j + 8, year, *output.ravel(), *rest])
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    return path


def long(path: Path) -> Path:
    use, final = world()
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["year", "row_country", "row_item", "col_country", "col_item", "value"])
        for i, a in enumerate(REGIONS):
            for s in range(len(CODES)):
                for n, b in enumerate(REGIONS):
                    for k in range(len(CODES)):
                        writer.writerow([2014, a, s + 1, b, k + 1, f"{use[i, s, n, k]:.6f}"])
                    for k in range(FINALS):
                        at = len(CODES) + k + 1
                        writer.writerow([2014, a, s + 1, b, at, f"{final[i, s, n, k]:.6f}"])
        writer.writerow([2014, "TOT", 65, "AUS", 1, "100"])
    return path


def table_of(path: Path, **changes: object):  # noqa: ANN201
    given = {"what": "wiod", "sources": path, "name": "w", "year": 2014, "theta": "5"} | changes
    return build(Wish(**given)).table  # type: ignore[arg-type]


@pytest.mark.parametrize("prefix", ["", "v"])
def test_wide(tmp_path: Path, prefix: str) -> None:
    use, final = world()
    table = table_of(wide(tmp_path / "w.csv", prefix=prefix))
    assert (table.regions, table.sectors) == (REGIONS, CODES)
    sold = use.sum(axis=3) + final.sum(axis=3)
    np.testing.assert_allclose(table.trade, sold.transpose(1, 2, 0), rtol=1e-6)
    np.testing.assert_allclose(table.final_demand, final.sum(axis=(0, 3)).T, rtol=1e-6)


def test_the_year_asked_for_out_of_several(tmp_path: Path) -> None:
    path = wide(tmp_path / "w.csv", years=(2013, 2014))
    ratio = table_of(path).trade / table_of(path, year=2013).trade
    np.testing.assert_allclose(ratio, 1.0 / 0.9, rtol=1e-5)


def test_long_says_the_same_as_wide(tmp_path: Path) -> None:
    one, other = table_of(long(tmp_path / "l.csv")), table_of(wide(tmp_path / "w.csv"))
    assert one.sectors == ("1", "2", "3", "4")
    for name in ("trade", "io", "value_added", "final_demand"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-6)


def test_a_year_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row of 1999; there are 2014"):
        table_of(wide(tmp_path / "w.csv"), year=1999)
    with pytest.raises(InputError, match="no row of 1999"):
        table_of(long(tmp_path / "l.csv"), year=1999)


def test_columns_that_are_missing(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Country,Year,AUS1\nAUS,2014,1\n", "utf-8")
    with pytest.raises(InputError, match="no column IndustryCode, IndustryDescription, RNr"):
        table_of(tmp_path / "x.csv")


def test_faults_of_a_long_file(tmp_path: Path) -> None:
    path = long(tmp_path / "l.csv")
    with path.open("a", encoding="utf-8") as lines:
        lines.write("2014,AUS,1,AUS,1,many\n2014,AUS,1,QQQ,1,3\n")
    with pytest.raises(InputError) as caught:
        table_of(path)
    said = str(caught.value)
    assert '"many"' in said
    assert "1 buyers without rows: QQQ 1" in said
