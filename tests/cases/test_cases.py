"""Published results, computed again from the data that ships."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from accord.cases import CASES, Row, case, numerics, validate
from accord.cases.hosoe import Base, solve_model
from accord.cli import cli
from accord.errors import InputError, NoCertifiedAnswer

SHARED = Path(os.environ.get("ACCORD_CASES", Path(__file__).parents[3] / "shared" / "cases"))
NAMES = tuple(c.name for c in CASES)


@pytest.mark.parametrize("published", CASES, ids=NAMES)
def test_every_number_is_within_tolerance(published: case.Case) -> None:
    rows = published.rows()
    assert rows
    assert [row for row in rows if row.ok is False] == []
    assert any(row.ok for row in rows)  # each case checks something in a clean checkout


def test_data_files_and_cases_are_the_same() -> None:
    assert {file.stem for file in case.HERE.glob("*.toml")} == set(NAMES)


def test_rows_come_in_the_order_of_the_cases() -> None:
    rows = validate(("transmcp", "takayama_judge_1964"))
    assert list(dict.fromkeys(row.case for row in rows)) == ["takayama_judge_1964", "transmcp"]


def test_all_unknown_cases_are_refused_at_once() -> None:
    with pytest.raises(InputError) as refused:
        validate(("transmcp", "atlantis", "hydra"))
    assert len(refused.value.faults) == 2


def test_the_tariff_abolition_of_hosoe_in_detail() -> None:
    """Against an independent program's answer, printed to six digits."""
    base = Base(case.read("hosoe"))
    after = solve_model(base, 0.0 * base.tariff)
    assert after.exchange_rate == pytest.approx([1.062824], abs=1e-6)
    assert after.capital_price == pytest.approx([1.000888], abs=1e-6)
    assert after.household == pytest.approx([20.392192, 30.752985], abs=1e-6)
    assert after.exports == pytest.approx([9.43432, 4.498324], abs=1e-6)
    assert after.imports == pytest.approx([12.859343, 13.073301], abs=1e-6)
    assert after.volume * base.output == pytest.approx([74.583294, 71.00624], abs=1e-6)
    assert after.price == pytest.approx([0.981252, 0.975996], abs=1e-6)


def test_the_base_of_hosoe_is_an_equilibrium() -> None:
    base = Base(case.read("hosoe"))
    assert solve_model(base, base.tariff).price == pytest.approx([1.0, 1.0], abs=1e-9)


def test_the_complex_step_is_exact() -> None:
    at = np.array([0.3, 1.7])
    found = numerics.complex_step(lambda z: np.array([z[0] ** 2.5 * z[1], z[1] ** -1.2]), at)
    expected = [[2.5 * 0.3**1.5 * 1.7, 0.3**2.5], [0.0, -1.2 * 1.7**-2.2]]
    assert found == pytest.approx(np.array(expected), rel=1e-14)


def test_a_problem_without_a_solution_is_said() -> None:
    one = np.ones(1)
    with pytest.raises(NoCertifiedAnswer):
        numerics.solve(lambda z: -1.0 - z * z, one, lower=0.0 * one, scale=one, size=one)


def test_the_command_prints_json() -> None:
    done = CliRunner().invoke(cli, ["validate", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)["rows"]
    assert {row["case"] for row in rows} == set(NAMES)
    assert set(rows[0]) == {
        "case", "quantity", "published", "computed", "error", "tolerance", "ok", "source",
    }  # fmt: skip


def test_the_command_prints_a_table() -> None:
    done = CliRunner().invoke(cli, ["validate", "transmcp"])
    assert done.exit_code == 0
    assert "14 of 14 published numbers in 1 case are within tolerance." in done.stdout


def test_a_number_out_of_tolerance_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Row("c", "q", 1.0, 2.0, 1.0, 1e-6, ok=False, source="nowhere")
    monkeypatch.setattr("accord.cases.validate", lambda _names: (wrong,))
    done = CliRunner().invoke(cli, ["validate"])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "c, q: published 1, computed 2" in done.stderr


def shared(*parts: str) -> Any:  # noqa: ANN401 - whatever the file holds
    file = SHARED.joinpath(*parts)
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    return json.loads(file.read_text("utf-8"))


def test_hansmcp_is_restated_exactly() -> None:
    given, own = shared("mcp", "hansmcp.json"), case.read("hansmcp")
    table = np.zeros((14, 26))
    for activity, good, amount in own["net_output"]:
        table[own["commodities"].index(good), activity - 1] = amount
    np.testing.assert_array_equal(table, given["A"])
    assert own["published"]["income"] == list(given["published_income"].values())


def test_takayama_judge_is_restated_exactly() -> None:
    given, own = shared("mcp", "takayama_judge_1964.json"), case.read("takayama_judge_1964")
    for i, region in enumerate(own["regions"]):
        for j, good in enumerate(own["goods"]):
            for table, letter in (("demand", "D"), ("supply", "S")):
                numbers = given["parameters"]
                assert own[table]["constant"][i][j] == numbers[f"Alpha{letter}"][f"{region}|{good}"]
                for k, other in enumerate(own["goods"]):
                    slope = numbers[f"Beta{letter}"][f"{region}|{good}|{other}"]
                    assert own[table]["slope"][i][j][k] == slope
