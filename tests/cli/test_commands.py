from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from click.testing import CliRunner, Result

import accord as package
from accord import cli, cli_run
from accord.cli_command import ELSEWHERE
from accord.effects import MEASURES

Accord = Callable[..., "CompletedProcess[str]"]


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli.cli, [str(a) for a in arguments])


def answer(*arguments: object) -> Any:  # noqa: ANN401 - whatever the JSON holds
    done = invoke(*arguments)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_version() -> None:
    assert invoke("--version").stdout == f"accord {package.__version__}\n"


def test_help_names_every_command() -> None:
    text = invoke("--help").stdout
    for name in ("run", "check", "new", "compare", "packs", "pack"):
        assert f"\n  {name} " in text


def test_an_option_that_other_commands_have_is_said_to_be_theirs() -> None:
    for option, where in ELSEWHERE.items():
        done = invoke("backcast", "aluminium", option, "1")
        assert done.exit_code == 2
        assert f"{option} is for {where} only" in done.stderr


def test_the_json_of_run_is_as_promised(deal: Path) -> None:
    value = answer("run", deal, "--json")
    assert set(value) >= {
        "deal", "variant", "packs", "as_of", "closure", "seed", "draws", "versions", "digests",
        "certificate", "effects", "claims", "not_modelled",
    }  # fmt: skip
    assert value["packs"] == ["toyland"]
    assert value["as_of"] == "2020-07-01"
    assert value["certificate"]["ok"] is True
    assert set(value["certificate"]) >= {
        "market_clearing", "complementarity", "mass_balance", "welfare_identity",
        "baseline_error", "solver", "markets",
    }  # fmt: skip
    rows = value["effects"]
    assert {row["measure"] for row in rows} <= {m.name for m in MEASURES}
    assert value["draws"] == 500
    ranged = [row for row in rows if row["low"] is not None]
    assert ranged
    assert all(row["low"] <= row["high"] for row in ranged)  # C45


def test_without_draws_there_are_no_ranges(deal: Path) -> None:
    value = answer("run", deal, "--draws", "0", "--json")
    assert (value["draws"], value["seed"]) == (0, None)
    assert all(row["low"] is None and row["high"] is None for row in value["effects"])


def test_json_is_one_object_and_nothing_else(deal: Path) -> None:
    done = invoke("run", deal, "--json")
    assert json.loads(done.stdout)
    assert done.stderr == ""
    assert "NaN" not in done.stdout
    assert "Infinity" not in done.stdout


def test_a_day_on_the_command_line_comes_before_the_deals(deal: Path) -> None:
    assert answer("run", deal, "--as-of", "2020-09-01", "--json")["as_of"] == "2020-09-01"


def test_a_day_in_the_reference_comes_first_of_all(deal: Path) -> None:
    both = answer("compare", deal, f"{deal}@2020-10-01", "--as-of", "2020-09-01", "--json")
    assert [s["as_of"] for s in both["scenarios"]] == ["2020-09-01", "2020-10-01"]


def test_compare_takes_any_number(deal: Path) -> None:
    value = answer("compare", *[deal] * 5, "--json")
    assert len(value["scenarios"]) == 5
    assert all(len(row["after"]) == 5 for row in value["rows"])
    assert "Side by side" in invoke("compare", deal, deal).stdout


def test_out_writes_a_folder_and_says_where_on_stderr(deal: Path, tmp_path: Path) -> None:
    done = invoke("run", deal, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "written: " in done.stderr
    assert "Main results" in done.stdout
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["command"][:3] == ["accord", "run", str(deal)]


def test_compare_out(deal: Path, tmp_path: Path) -> None:
    done = invoke("compare", deal, deal, "--out", tmp_path / "out", "--json")
    assert json.loads(done.stdout)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "comparison.csv", "comparison.html", "comparison.json", "effects.csv", "manifest.json",
    }  # fmt: skip


def test_a_taken_folder_is_refused_before_anything_is_worked_out(
    deal: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("", "utf-8")
    done = invoke("run", deal, "--out", tmp_path)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_check_finds_no_fault(deal: Path) -> None:
    done = invoke("check", deal)
    assert done.exit_code == 0
    assert "no fault" in done.stdout
    assert answer("check", deal, "--json") == {
        "deal": "borland", "ok": True, "variants": ["too-much"], "faults": [],
    }  # fmt: skip


def test_check_shows_all_faults_at_once(deal: Path) -> None:
    text = deal.read_text("utf-8")
    deal.write_text(text.replace('"BBB"', '"XXX"').replace('"900 Mt/yr"', "900"), "utf-8")
    for options in ([], ["--json"]):
        done = invoke("check", deal, *options)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert done.stderr.count("found") >= 2


def test_new_passes_its_own_check(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert invoke("new", path).exit_code == 0
    assert path.read_text("utf-8") == invoke("new").stdout
    assert invoke("check", path).exit_code == 0


def test_new_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious", "utf-8")
    assert invoke("new", path).exit_code == 2
    assert path.read_text("utf-8") == "precious"
    assert invoke("new", tmp_path / "no" / "such" / "folder.toml").exit_code == 2


def test_packs() -> None:
    names = [row["name"] for row in answer("packs", "--json")["packs"]]
    assert "toyland" in names
    assert all(f"{name} " in invoke("packs").stdout for name in names)


def test_pack_show() -> None:
    value = answer("pack", "show", "toyland", "--json")
    assert {"balances", "adjustments", "law", "priors", "baselines", "assumptions"} <= set(value)
    text = invoke("pack", "show", "toyland").stdout
    for part in ("Balance of metal", "The law in force on", "Uncertain parameters", "Sources"):
        assert part in text


def test_pack_show_as_of_has_the_law_of_that_day() -> None:
    value = answer("pack", "show", "toyland", "--as-of", "2021-06-01", "--json")
    assert [m["id"] for m in value["law"]] == ["ccc.metal_duty_2021"]


def test_unexpected_errors_are_told_in_one_message(
    deal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.delenv("ACCORD_TRACEBACK", raising=False)
    monkeypatch.setattr(cli_run, "answered", fail)
    done = invoke("run", deal)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "an error of the program" in done.stderr
    monkeypatch.setenv("ACCORD_TRACEBACK", "1")
    assert isinstance(invoke("run", deal).exception, ZeroDivisionError)


@pytest.mark.parametrize("closure", ["share", "armington", "homogeneous"])
def test_run_answers_under_every_closure_that_certifies_welfare(deal: Path, closure: str) -> None:
    value = answer("run", deal, "--closure", closure, "--json")
    assert value["closure"] == closure
    assert value["certificate"]["ok"] is True
    assert value["certificate"]["welfare_identity"] < 1e-8


def test_homogeneous_trade_is_not_said_to_be_fitted(deal: Path) -> None:
    """C42: α has no say in it."""
    value = answer("run", deal, "--closure", "homogeneous", "--json")
    assert not any(row["fitted"] for row in value["certificate"]["baseline_error"])


def test_gsim_has_no_welfare_to_certify(deal: Path) -> None:
    done = invoke("run", deal, "--closure", "gsim")
    assert done.exit_code == 2
    assert "share, armington, homogeneous" in done.stderr
