"""How to get an answer again: the command that is printed gives the same numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.assessment import Answer, Assessment
from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling
from accord.assessment.serialise import to_json
from accord.cli import cli
from accord.report.reproduce import command, origins


def again(words: list[str]) -> dict[str, object]:
    done = CliRunner().invoke(cli, [*words[1:], "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def same(printed: dict[str, object], answer: Answer) -> bool:
    expected = json.loads(json.dumps(to_json(answer)))
    kept = ("effects", "claims", "headline", "digests", "draws", "seed")
    return all(printed[name] == expected[name] for name in kept)


def test_the_command_gives_the_same_numbers(drawn: Assessment) -> None:
    """C44."""
    words = command(drawn)
    assert words[2] == "us-russia-2025:common-duty"
    assert words[-4:] == ["--draws", "60", "--seed", "3"]
    assert same(again(words), drawn)


@pytest.mark.parametrize(
    ("deal", "years", "draws"),
    [("us-russia-2025:duty-free", (2025, 2026), 0), ("halve-defence-2025", None, 20)],
)
def test_options_that_mattered_are_in_it(
    deal: str, years: tuple[int, int] | None, draws: int
) -> None:
    answer = assess_named(deal, years=years, sampling=Sampling(draws))
    assert same(again(command(answer)), answer)


def test_a_file_of_ones_own_is_named_without_its_place(
    free: Assessment, deal_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = command(free)
    assert words[2] == "borland.toml:free"
    monkeypatch.chdir(deal_file.parent)
    assert same(again(words), free)


def test_every_digest_is_there_in_full(founding: Answer) -> None:
    values = {x.value for x in origins(founding)}
    assert {p.digest for p in founding.packs} <= values
    assert founding.deal_file.digest in values


def test_draws_under_closures_of_their_own_are_asked_for_again() -> None:
    answer = assess_named("us-russia-2025", closure="mixed", sampling=Sampling(4))
    words = command(answer)
    assert words[words.index("--closure") + 1] == "mixed"


def test_what_was_fixed_is_asked_for_again_to_the_last_digit() -> None:
    fix = {"sigma.aluminium": 6.1, "access": 1.0 / 3.0, "choke_ratio": 5.0}
    answer = assess_named("us-russia-2025", fixed=fix)
    words = command(answer)
    given = [words[i + 1] for i, word in enumerate(words) if word == "--fix"]
    assert {x.partition("=")[0]: float(x.partition("=")[2]) for x in given} == fix
    assert "choke_ratio=5" in given
    assert same(again(words), answer)
