"""``--fix``: the same name and value wherever a deal is answered, said wherever it is shown."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

import accord
from accord.assessment.serialise import to_json
from accord.cli import cli
from accord.cli_options import Asked
from accord.report.notebook import answer_html
from accord.report.reproduce import command

DEAL = "us-russia-2025"
FIX = ("--fix", "sigma.aluminium=6.125", "--fix", "a.access=1.28", "--draws", "40")
SAID = "sigma.aluminium = 6.125"
HEAD = "(σ) = 6.125 in place of 12.4"


def invoke(*words: object) -> Result:
    done = CliRunner().invoke(cli, [str(word) for word in words])
    assert done.exit_code == 0, done.stderr
    return done


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def answer() -> object:
    return accord.run(DEAL, draws=40, fix={"sigma.aluminium": 6.125, "access": 1.28})


def test_the_screen_says_so() -> None:
    text = plain(invoke("run", DEAL, *FIX).stdout)
    assert HEAD in text
    assert f"Assumed (71): {SAID}" in text or f"fixed: {SAID}" in text


def test_json_and_python_are_the_same(answer: object) -> None:
    printed = json.loads(invoke("run", DEAL, *FIX, "--json").stdout)
    assert [(x["name"], x["value"]) for x in printed["fixed"]] == [
        ("sigma.aluminium", 6.125),
        ("access", 1.28),
    ]
    own = json.loads(json.dumps(to_json(answer)))
    for name in ("effects", "headline", "fixed", "assumptions", "claims"):
        assert printed[name] == own[name]
    drawn = {(x["parameter"], x["good"]) for x in printed["ensemble"]["numbers"]}
    assert ("sigma", "aluminium") not in drawn
    assert ("sigma", "alumina") in drawn


def test_the_command_that_repeats_it_does(answer: object) -> None:
    words = command(answer)
    assert words.count("--fix") == 2
    printed = json.loads(invoke(*words[1:], "--json").stdout)
    own = json.loads(json.dumps(to_json(answer)))
    assert printed["effects"] == own["effects"]
    assert printed["fixed"] == own["fixed"]


def test_a_notebook_shows_it(answer: object) -> None:
    assert HEAD in answer_html(answer)
    assert SAID in answer_html(answer)


def test_files_say_so(tmp_path: Path) -> None:
    files = [tmp_path / f"a.{kind}" for kind in ("html", "tex", "zip", "xlsx")]
    to = [word for file in files for word in ("--to", file)]
    invoke("report", DEAL, *FIX, *to)
    page = files[0].read_text("utf-8")
    for said in (HEAD, SAID, "--fix sigma.aluminium=6.125 --fix access=1.28"):
        assert said in page
    assert "6.125" in files[1].read_text("utf-8")
    with ZipFile(files[2]) as held:
        assert SAID in held.read("data/assumptions.csv").decode()
        assert "--fix sigma.aluminium=6.125" in held.read("README.txt").decode()
        manifest = json.loads(held.read("manifest.json"))
        assert manifest["origin"]["fixed sigma.aluminium"] == "6.125"
        assert "sigma.aluminium=6.125" in manifest["command"]
    with ZipFile(files[3]) as held:
        whole = "".join(held.read(x).decode() for x in held.namelist() if x.endswith(".xml"))
        assert SAID in whole
        assert "fixed sigma.aluminium" in whole


def test_a_folder_says_so(tmp_path: Path) -> None:
    out = tmp_path / "out"
    invoke("run", DEAL, *FIX, "--out", out)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert "--fix" in manifest["command"]
    assert SAID in (out / "assumptions.csv").read_text("utf-8")


def test_claims_and_what_it_rests_on_follow() -> None:
    claims = json.loads(invoke("claims", DEAL, *FIX, "--json").stdout)
    free = json.loads(invoke("claims", DEAL, "--draws", "40", "--json").stdout)
    assert claims["rows"] != free["rows"]
    deeper = json.loads(invoke("rests-on", DEAL, "--points", "16", *FIX, "--json").stdout)
    text = json.dumps(deeper["one_at_a_time"], ensure_ascii=False)
    assert "supply_elasticity" in text
    assert "sigma aluminium" not in text
    assert '"access"' not in text


def test_all_sides_of_a_comparison_have_it() -> None:
    found = json.loads(invoke("compare", f"{DEAL}:duty-free", DEAL, *FIX, "--json").stdout)
    for scenario in found["scenarios"]:
        assert [x["name"] for x in scenario["fixed"]] == ["sigma.aluminium", "access"]


def test_draws_kept_are_those_of_the_question(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    invoke("run", DEAL, *FIX, "--resume", kept, "--json")
    done = CliRunner().invoke(
        cli, ["run", DEAL, "--fix", "access=1", "--draws", "40", "--resume", str(kept)]
    )
    assert done.exit_code == 2
    assert "another question" in done.stderr


@pytest.mark.parametrize("words", [("run",), ("claims",), ("rests-on",)])
def test_what_is_wrong_leaves_nothing_on_standard_output(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, [*words, DEAL, "--fix", "sigma=3", "--fix", "access=no"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "2 faults" in done.stderr


def test_a_deal_without_a_market_has_nothing_to_fix() -> None:
    done = CliRunner().invoke(cli, ["run", "halve-defence-2025", "--fix", "access=1"])
    assert done.exit_code == 2
    assert "no term about a market" in done.stderr


def test_the_words_that_ask_again() -> None:
    assert Asked(fix=("a=1", "b=2"), draws=3).words == [
        "--fix", "a=1", "--fix", "b=2", "--draws", "3",
    ]  # fmt: skip
