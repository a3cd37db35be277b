"""The import contracts cover every room there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "accord"


# The command line is one room in several files.
CLI = {file.stem for file in PACKAGE.glob("cli*.py")}


def contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {c["id"]: c for c in settings["tool"]["importlinter"]["contracts"]}


def rooms_in_layers() -> set[str]:
    return {
        name for layer in contracts()["rooms"]["layers"] for name in re.split(r"\s*[|:]\s*", layer)
    }


def rooms_on_disk() -> set[str]:
    modules = {file.stem for file in PACKAGE.glob("*.py") if file.stem != "__init__"}
    packages = {folder.name for folder in PACKAGE.iterdir() if list(folder.rglob("*.py"))}
    return modules | packages


def named(contract: str) -> set[str]:
    return {module.removeprefix("accord.") for module in contracts()[contract]["source_modules"]}


def test_layers_are_the_rooms_that_exist() -> None:
    assert rooms_in_layers() == rooms_on_disk()


def test_every_folder_of_code_is_a_package() -> None:
    folders = {file.parent for file in PACKAGE.rglob("*.py")}
    assert sorted(str(f) for f in folders if not (f / "__init__.py").is_file()) == []


@pytest.mark.parametrize(
    ("contract", "exempt"),
    [
        ("pydantic", {"instruments", "deal", "pack", "mcp_server"}),
        ("terminal", {"report", "mcp_server", "web", *CLI}),
    ],
)
def test_a_library_is_kept_out_of_every_room_but_its_own(contract: str, exempt: set[str]) -> None:
    assert named(contract) == rooms_in_layers() - exempt
