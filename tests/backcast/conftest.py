from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from accord.backcast import Backcast, backcast
from accord.pack import Pack, load
from accord.pack.build import SHIPPED


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load("aluminium")


@pytest.fixture(scope="session")
def found(pack: Pack) -> Backcast:
    return backcast(pack)


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Return a copy of the pack in which a piece of one file is replaced."""

    def copy(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "aluminium"
        if not folder.exists():
            shutil.copytree(SHIPPED / "aluminium", folder)
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return copy
