from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Accord = Callable[..., "subprocess.CompletedProcess[str]"]

DEAL = """
[deal]
title = "Borland's metal free of duty"
date = 2020-07-01
status = "hypothetical"
pack = ["toyland"]

[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"

[[party]]
code = "NOR"
name = "Norway"

[[term]]
id = "end-duty"
kind = "lift"
title = "Cormark ends its duty on Borland's metal"
measures = ["ccc.metal_duty_2020"]
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
source = "own"

[variant.too-much]
title = "More than there is"

[[variant.too-much.term]]
id = "supply"
kind = "supply_commitment"
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
at_least = "900 Mt/yr"
payer = "BBB"
source = "own"
"""


@pytest.fixture
def deal(tmp_path: Path) -> Path:
    path = tmp_path / "borland.toml"
    path.write_text(DEAL, "utf-8")
    return path


@pytest.fixture
def accord(tmp_path: Path) -> Accord:
    """Run the program as a process of its own, in an empty folder."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        here = tmp_path / "here"
        here.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", "from accord.cli import main; main()"]
            + [str(a) for a in arguments],
            cwd=here,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env=_environment() | environment,
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def _environment() -> dict[str, str]:
    mine = {k: v for k, v in os.environ.items() if not k.startswith("ACCORD_")}
    mine.pop("NO_COLOR", None)
    if "PYTHONPATH" in mine:
        folders = mine["PYTHONPATH"].split(os.pathsep)
        mine["PYTHONPATH"] = os.pathsep.join(str(Path(f).resolve()) for f in folders)
    return mine | {"PYTHONIOENCODING": "utf-8"}
