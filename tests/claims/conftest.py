from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from accord.assessment.assess import assess_named
from accord.claims import Ledger, pack_figures
from accord.deal import shipped_deals
from accord.pack.load import SHIPPED as PACKS

SHIPPED = shipped_deals()["us-russia-2025"]
Changed = Callable[..., Ledger]


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    return assess_named("us-russia-2025").ledger


@pytest.fixture
def changed_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let claims read their figures from a copy of a pack with some text of a table replaced."""

    def change(table: str, old: str, new: str) -> None:
        folder = tmp_path / "packs"
        if not folder.exists():
            shutil.copytree(PACKS, folder)
        text = (folder / table).read_text("utf-8")
        assert old in text, old
        (folder / table).write_text(text.replace(old, new), "utf-8")
        monkeypatch.setattr(pack_figures, "SHIPPED", folder)

    return change


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Judge a copy of the founding deal with some text of it, or of its figures, replaced."""

    def judged(*changes: tuple[str, str], words: str = "", variant: str = "") -> Ledger:
        deal = tmp_path / "changed.toml"
        facts = deal.with_suffix(".facts.csv")
        shutil.copy(SHIPPED, deal)
        shutil.copy(SHIPPED.with_suffix(".facts.csv"), facts)
        for old, new in changes:
            path = deal if old in deal.read_text("utf-8") else facts
            text = path.read_text("utf-8")
            assert old in text, old
            path.write_text(text.replace(old, new), "utf-8")
        if words:
            deal.with_suffix(".words.csv").write_text(words, "utf-8")
        return assess_named(f"{deal}{variant and f':{variant}'}").ledger

    return judged
