"""The OECD's form: fixtures are made from toy worlds, so that what is read is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from accord.economy.data.build import Wish, build
from accord.economy.data.icio import FINAL
from accord.errors import InputError

REGIONS, SECTORS = ("USA", "CHN", "ROW"), ("A01", "C24B", "SVC_X")
CATEGORIES = ("HFCE", "GFCF", "INVNT")


def node_world(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return use (node, node) and final (node, region, category), node = region-major."""
    rng = np.random.default_rng(seed)
    size = len(REGIONS) * len(SECTORS)
    use = rng.lognormal(0.0, 1.0, (size, size))
    final = rng.lognormal(3.0, 0.5, (size, len(REGIONS), len(CATEGORIES)))
    final[:, :, 2] = rng.normal(0.0, 0.3, (size, len(REGIONS)))
    return use, final


def rows_of(use: np.ndarray, final: np.ndarray) -> list[list[object]]:
    nodes = [f"{r}_{s}" for r in REGIONS for s in SECTORS]
    buyers = [f"{r}_{c}" for r in REGIONS for c in CATEGORIES]
    output = use.sum(axis=1) + final.sum(axis=(1, 2))
    rows: list[list[object]] = [["V1", *nodes, *buyers, "OUT"]]
    for k, node in enumerate(nodes):
        cells = [*use[k], *final[k].ravel(), output[k]]
        rows.append([node, *(f"{x:.6f}" for x in cells)])
    blank = [0.0] * (len(buyers) + 1)
    rows.append(["TLS", *([0.0] * len(nodes)), *blank])
    rows.append(["VA", *(output - use.sum(axis=0)), *blank])
    rows.append(["OUT", *output, *blank])
    return rows


def write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    return path


def wish(path: Path, **changes: object) -> Wish:
    given = {"what": "icio", "sources": path, "name": "toy", "year": 2022, "theta": "5"} | changes
    return Wish(**given)  # type: ignore[arg-type]


def test_a_table_is_what_its_file_says(tmp_path: Path) -> None:
    use, final = node_world()
    table = build(wish(write(tmp_path / "2022_SML.csv", rows_of(use, final)))).table
    assert (table.regions, table.sectors) == (REGIONS, SECTORS)
    n, j = len(REGIONS), len(SECTORS)
    sold = use.reshape(n, j, n, j).sum(axis=3) + final.sum(axis=2).reshape(n, j, n)
    np.testing.assert_allclose(table.trade, sold.transpose(1, 2, 0), rtol=1e-6)
    np.testing.assert_allclose(table.io[1], use.reshape(n, j, n, j)[:, :, 1].sum(axis=0), rtol=1e-6)
    assert table.sources[0].id == "oecd-icio"
    assert (table.tariff == 0.0).all()


def test_aggregated_while_it_is_read(tmp_path: Path) -> None:
    use, final = node_world()
    path = write(tmp_path / "icio.csv", rows_of(use, final))
    text = "kind,from,to\nregion,USA,USA\nregion,CHN,REST\nregion,ROW,REST\n"
    (tmp_path / "map.csv").write_text(text, "utf-8")
    table = build(wish(path, mapping=tmp_path / "map.csv")).table
    assert table.regions == ("USA", "REST")
    whole = build(wish(path)).table
    np.testing.assert_allclose(table.trade.sum(), whole.trade.sum(), rtol=1e-12)
    np.testing.assert_allclose(table.exports[0], whole.exports[0], rtol=1e-12)


def test_parts_of_china_and_mexico_are_added_up(tmp_path: Path) -> None:
    """CN1 and CN2 make, CHN buys: one region."""
    use, final = node_world()
    rows = rows_of(use, final)
    split: list[list[object]] = []
    for row in rows[1:]:
        if str(row[0]).startswith("CHN_"):
            tail = str(row[0])[3:]
            parts = [[f"{float(str(x)) / 2:.6f}" for x in row[1:]] for _ in range(2)]
            split += [[f"CN{k + 1}{tail}", *part] for k, part in enumerate(parts)]
        else:
            split.append(row)
    path = write(tmp_path / "extended.csv", [rows[0], *split])
    table = build(wish(path)).table
    whole = build(wish(write(tmp_path / "icio.csv", rows))).table
    assert table.regions == REGIONS
    np.testing.assert_allclose(table.trade, whole.trade, rtol=1e-5)


def test_gzipped_is_read_too(tmp_path: Path) -> None:
    import gzip

    plain = write(tmp_path / "icio.csv", rows_of(*node_world()))
    packed = tmp_path / "icio.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    np.testing.assert_array_equal(build(wish(packed)).table.trade, build(wish(plain)).table.trade)


def test_all_faults_of_a_file_at_once(tmp_path: Path) -> None:
    rows = rows_of(*node_world())
    rows[1][3] = "n/a"
    rows[2] = rows[2][:-3]
    rows[3][-1] = "1.0"
    rows[4][0] = "QQQ_A01"
    rows.append(rows[5])
    with pytest.raises(InputError) as caught:
        build(wish(write(tmp_path / "bad.csv", rows)))
    said = str(caught.value)
    assert 'found    "n/a"' in said
    assert "figures" in said
    assert "1 rows whose sales are not their output" in said
    assert "rows without a column: QQQ A01" in said
    assert "columns without a row" in said
    assert "a second row; the first is on line 6" in said


def test_negative_final_demand_is_refused_unless_asked_to_mend(tmp_path: Path) -> None:
    use, final = node_world()
    n, j = len(REGIONS), len(SECTORS)
    # Stocks of good 1 in CHN are drawn down by more than is bought of it for final use.
    bought = final.reshape(n, j, n, -1)[:, 1, 1].sum()
    final.reshape(n, j, n, -1)[1, 1, 1, 2] -= bought + 1.0
    use.reshape(n, j, n, j)[1, 1, 1, :] += 100.0
    final.reshape(n, j, n, -1)[1, :, 1, 0] += 400.0
    final.reshape(n, j, n, -1)[1, 1, 1, 0] -= 400.0
    path = write(tmp_path / "icio.csv", rows_of(use, final))
    with pytest.raises(InputError, match=r"below 0, together .*CHN C24B"):
        build(wish(path))
    built = build(wish(path, repair=True))
    assert [a.sector for a in built.adjustments if "final demand" in a.what] == ["C24B"]
    assert "negative final demand set to 0" in " ".join(built.table.assumptions)


def test_a_file_of_another_form(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b,c\n1,2,3\n", "utf-8")
    with pytest.raises(InputError, match="a column for each industry"):
        build(wish(tmp_path / "x.csv"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="accord data list"):
        build(wish(tmp_path / "nowhere.csv"))


def test_a_theta_for_every_sector_or_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path / "icio.csv", rows_of(*node_world()))
    thetas = tmp_path / "theta.csv"
    thetas.write_text(
        "sector,theta,source,status\nA01,8.1,cp,reported\nC24B,0.5,cp,reported\n", "utf-8"
    )
    with pytest.raises(InputError, match="1 values that are no numbers"):
        build(wish(path, theta=str(thetas)))
    with thetas.open("a", encoding="utf-8") as lines:
        lines.write("*,5,guess,assumed\n")
    with pytest.raises(InputError, match=r"C24B 0\.5"):
        build(wish(path, theta=str(thetas)))


def test_year_and_theta_have_to_be_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no --year and no --theta"):
        build(wish(tmp_path / "x.csv", year=None, theta=None))


def test_the_categories_of_all_editions_are_known() -> None:
    assert set(CATEGORIES) <= FINAL
