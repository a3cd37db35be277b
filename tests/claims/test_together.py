"""Readings that must hold together: over the draws they share, whatever gaps each has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from accord.claims.draws import Held
from accord.claims.ledger import Judged
from accord.claims.together import conjunction, in_common, judge_together
from accord.claims.verdict import VERDICTS, Verdict
from accord.cli import cli
from accord.deal import shipped_deals
from accord.deal.tables import Together

SHIPPED = shipped_deals()["us-russia-2025"]


def judged(name: str, held: Held | None, verdict: Verdict = "depends") -> Judged:
    return Judged(
        reading=name, asserts=name, role="asserted", wording=None, measure="hub_price",
        verdict=verdict, value=1.0, low=None, high=None, unit="%", threshold=0.0, reason="",
        sources=(), find_flip=lambda: (None, ""), held=held,
    )  # fmt: skip


class Claim:
    """As much of a claim as is looked at."""

    def __init__(self, name: str, readings: Sequence[Judged]) -> None:
        self.id = name
        self.readings = tuple(readings)


def together(*readings: str) -> Together:
    """Return the table as a file would have it."""
    return Together.model_validate(
        {"id": "both", "says": "both", "readings": list(readings), "why": "a test"}
    )


DRAWN = st.dictionaries(st.integers(0, 30), st.booleans(), max_size=25)


def held(drawn: dict[int, bool]) -> Held:
    return Held(by_value=True, numbers=tuple(drawn), holds=tuple(drawn.values()))


@given(DRAWN, DRAWN, DRAWN)
def test_draws_are_matched_by_their_number(
    a: dict[int, bool], b: dict[int, bool], c: dict[int, bool]
) -> None:
    readings = [judged(name, held(x)) for name, x in (("a", a), ("b", b), ("c", c))]
    numbers, holds = in_common(readings)
    assert numbers.tolist() == sorted(set(a) & set(b) & set(c))
    for place, number in enumerate(numbers.tolist()):
        assert holds[:, place].tolist() == [a[number], b[number], c[number]]


def test_gaps_do_not_shift_draws() -> None:
    """Draw 1 has no answer for the first reading: the second's draw 1 is not draw 2's partner."""
    one = held({0: True, 2: True, 3: False})
    other = held({0: False, 1: True, 2: True, 3: True})
    claims = [Claim("a", [judged("x", one)]), Claim("b", [judged("y", other)])]
    table = together("a/x", "b/y")
    (found,) = judge_together([table], claims)  # pyright: ignore[reportArgumentType]
    assert found.draws == 3
    assert found.chance is not None
    assert found.chance.value == pytest.approx(1 / 3)
    assert [member.alone for member in found.members] == pytest.approx([2 / 3, 2 / 3])
    assert found.if_unrelated == pytest.approx(4 / 9)


@pytest.mark.parametrize("other", [None, held({}), held({9: True})])
def test_without_common_draws_no_probability(other: Held | None) -> None:
    claims = [Claim("a", [judged("x", held({0: True})), judged("y", other)])]
    table = together("a/x", "a/y")
    (found,) = judge_together([table], claims)  # pyright: ignore[reportArgumentType]
    assert (found.chance, found.draws, found.if_unrelated) == (None, 0, None)
    assert "not known" in found.because


@given(st.lists(st.sampled_from(VERDICTS), min_size=2))
def test_one_that_fails_fails_them_all(verdicts: list[Verdict]) -> None:
    found = conjunction(verdicts)
    assert (found == "supported") == (set(verdicts) == {"supported"})
    if "contradicted" in verdicts:
        assert found == "contradicted"


FAULTY = """
[[together]]
id = "one"
says = "nothing"
readings = ["no-significant-effect/us-prise", "two-million-tonnes/possible"]

[[together]]
id = "one"
says = "a single one"
readings = ["restrains-prices/us-price"]
why = "a test"

[[together]]
id = "twice"
says = "the same twice, and one that nothing tests"
readings = ["restrains-prices/us-price", "restrains-prices/us-price", "krasnoyarsk/proposal"]
why = "a test"
more = 1
"""


@pytest.mark.parametrize("command", ["claims", "run", "check"])
def test_all_faults_at_once(tmp_path: Path, command: str) -> None:
    deal = tmp_path / "deal.toml"
    deal.write_text(SHIPPED.read_text("utf-8") + FAULTY, "utf-8")
    done = CliRunner().invoke(cli, [command, str(deal)])
    assert done.exit_code == 2
    assert done.stdout == ""
    for found in (
        'unknown reading "no-significant-effect/us-prise"',
        'write "no-significant-effect/us-price"',
        "together one · why",
        '"one" again',
        'two readings or more, each as "claim/reading"',
        '"restrains-prices/us-price" again',
        '"krasnoyarsk/proposal", which is not_checkable',
        "together twice · more",
    ):
        assert found in done.stderr, found
