"""A plain run imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("scipy", "pandas", "altair")

IMPORT_CLI = "import accord.cli"
RUN = """
import sys
from accord.cli import main
sys.argv = ["accord", "run", "us-russia-2025", *{options!r}]
try:
    main()
except SystemExit as stop:
    if stop.code not in (None, 0):
        raise
"""
REPORT_MODULES = "import sys; print('\\n' + ' '.join(sorted(sys.modules)))"


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}\n{REPORT_MODULES}"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(IMPORT_CLI, id="import"),
        pytest.param(RUN.format(options=[]), id="run"),
        pytest.param(RUN.format(options=["--json"]), id="run --json"),
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    assert modules_after(code).isdisjoint(HEAVY)


def test_the_command_line_starts_without_numbers_or_models() -> None:
    assert modules_after(IMPORT_CLI).isdisjoint({"numpy", "pydantic"})
