"""A joint project as a term: everything that is wrong with one, told at once."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from accord import deal as deals
from accord import pack as packs
from accord.assessment import parts
from accord.errors import InputError
from accord.instruments import TermError, read_term
from accord.instruments.joint_project import JointProject
from accord.instruments.problem import Problem
from accord.market import Market

CORPUS = Path(__file__).with_name("bad_input")
CASES = sorted(p.name for p in CORPUS.glob("*.toml"))
Table = dict[str, object]
SMELTER: Table = {"kind": "smelter", "size": "600 kt/yr"}
HOME: Table = {"party": "Home", "country": "RUS", "share": "60 %"}
AWAY: Table = {"party": "Away", "country": "USA", "share": "40 %"}


def project(**fields: object) -> Table:
    common = {"id": "t", "kind": "joint_project", "region": "RUS"}
    return common | {"asset": [SMELTER], "share": [HOME, AWAY]} | fields


def problems(**fields: object) -> list[Problem]:
    with pytest.raises(TermError) as error:
        read_term(project(**fields))
    return list(error.value.problems)


def test_a_sound_project_is_read() -> None:
    term = read_term(project())
    assert isinstance(term, JointProject)
    (asset,) = term.asset
    assert asset.size is not None
    assert asset.size.amount == 6e5
    assert term.domain == "project"


@pytest.mark.parametrize(
    ("fields", "place", "found"),
    [
        ({"share": [HOME, HOME | {"party": "B"}]}, "share", "shares that sum to 120 %"),
        ({"share": [HOME]}, "share", "shares that sum to 60 %"),
        ({"share": []}, "share", "no party"),
        ({"share": [HOME, AWAY | {"party": "Home"}]}, "share[1].party", '"Home" twice'),
        ({"lead_years": -2}, "lead_years", "-2"),
        ({"asset": [SMELTER | {"build_years": -3}]}, "asset[0].build_years", "-3"),
        ({"asset": [SMELTER | {"build_years": 0}]}, "asset[0].build_years", "0"),
        ({"asset": [{"kind": "smelter"}]}, "asset[0]", "a smelter without size and capex"),
        ({"asset": [{"kind": "hydropower"}]}, "asset[0]", "a hydropower without size and capex"),
        ({"asset": [SMELTER, {"kind": "line"}]}, "asset[1]", "a line without capex"),
        ({"asset": []}, "asset", "nothing to build"),
        ({"asset": [SMELTER, SMELTER]}, "asset[1].kind", '"smelter" twice'),
        ({"asset": [SMELTER | {"size": "3000 MW"}]}, "asset[0].size", "the size of a power plant"),
        ({"asset": [SMELTER | {"size": "0 kt/yr"}]}, "asset[0].size", '"0 kt/yr"'),
        ({"asset": [SMELTER | {"size": "600"}]}, "asset[0].size", '"600"'),
        ({"asset": [SMELTER | {"capex": "3 EUR"}]}, "asset[0].capex", '"3 EUR"'),
        ({"asset": [{"kind": "line", "capex": "1 bn USD"}]}, "asset", "a line alone"),
        ({"financing": {"debt_share": "120 %"}}, "financing.debt_share", '"120 %"'),
        ({"financing": {"loan_years": 0}}, "financing.loan_years", "0"),
        (
            {"asset": [SMELTER | {"capex": "3 bn USD"}], "budget": "2 bn USD"},
            "budget",
            "2 bn USD, while the assets cost 3 bn USD",
        ),
    ],
)
def test_faults_of_a_project(fields: Table, place: str, found: str) -> None:
    said = problems(**fields)
    assert any(p.field == place and p.found.startswith(found) for p in said), said


def test_a_power_plant_has_a_size_and_not_energy() -> None:
    (said,) = problems(asset=[{"kind": "hydropower", "size": "15 TWh/yr"}])
    assert said.field == "asset[0].size"
    read = read_term(project(asset=[{"kind": "hydropower", "size": "3 GW"}]))
    assert isinstance(read, JointProject)
    assert read.asset[0].size is not None
    assert read.asset[0].size.amount == 3000.0


@pytest.mark.parametrize("name", CASES)
def test_a_faulty_project_gives_its_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)

    def market_of(pack: str, day: date) -> Market:
        found = packs.load(pack)
        return found.under_law(found.calibration(found.default_year(day)).market, day)

    beside = deals.Beside(("aluminium",), lambda deal: parts.faults(deal, deal.as_of))
    faults = deals.examine(Path(name), ["aluminium"], market_of, beside=beside)
    error = InputError(faults)
    assert faults
    expected = CORPUS / f"{Path(name).stem}.expected"
    if os.environ.get("ACCORD_WRITE_EXPECTED"):
        expected.write_text(f"{error}\n", encoding="utf-8")
    assert f"{error}\n" == expected.read_text("utf-8")
    assert error.exit_status == 2
