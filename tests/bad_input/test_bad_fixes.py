"""Numbers fixed at fault: each file, one ``--fix`` a line, gives one message with all its faults.

After a change run `ACCORD_WRITE_EXPECTED=1 pytest tests/bad_input`, then read every message that
changed as somebody who has never seen accord.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.cli import cli

CORPUS = Path(__file__).with_name("fixes")
CASES = sorted(p.stem for p in CORPUS.glob("*.txt"))


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_at_once(name: str) -> None:
    lines = (CORPUS / f"{name}.txt").read_text("utf-8").splitlines()
    words = [word for line in lines for word in ("--fix", line)]
    done = CliRunner().invoke(cli, ["run", "us-russia-2025", *words])
    assert done.exit_code == 2
    assert done.stdout == ""
    expected = CORPUS / f"{name}.expected"
    if os.environ.get("ACCORD_WRITE_EXPECTED"):
        expected.write_text(done.stderr, "utf-8")
    assert done.stderr == expected.read_text("utf-8")
    assert done.stderr.count("\n    found") == done.stderr.count("\n    fix") > 0


def test_the_corpus_has_no_orphans() -> None:
    assert set(CASES) == {p.stem for p in CORPUS.glob("*.expected")}


def test_faults_of_the_deal_are_said_with_them(tmp_path: Path) -> None:
    from accord.deal import shipped_deals

    text = shipped_deals()["us-russia-2025"].read_text("utf-8")
    path = tmp_path / "deal.toml"
    path.write_text(text.replace('goods = ["aluminium"]', 'goods = ["gold"]'), "utf-8")
    done = CliRunner().invoke(cli, ["run", str(path), "--fix", "sigma.gold=1"])
    assert done.exit_code == 2
    assert '"gold"' in done.stderr
    assert '"sigma.gold"' in done.stderr
