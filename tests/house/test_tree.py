"""What the repository holds, and what it must never hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import accord

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")

# Written as patterns, so that this file does not contain what it forbids.
FORBIDDEN = {
    "the folder this repository happens to be in": re.compile(
        rf"(?<![\w.}}]){re.escape(str(ROOT))}(?![\w.-])"
    ),
    "somebody's home folder": re.compile(r"(?<![\w/.])/(?:home|Users|root)/[\w.]"),
    "a temporary folder": re.compile(r"(?<![\w/.$}])/tmp/\w"),
    "the address of a package index": re.compile(r"https?://[^\s\"'<>)]*/simple/?(?![\w/-])"),
    "the address of a package file": re.compile(r"https?://[^\s\"'<>)]*\.whl\b"),
    "a registry by name": re.compile(r"\b(?:files\.python|py)(?:hosted|pi)\.(?:org|io)\b"),
    "an option that names an index": re.compile(r"--(?:extra-)?index-url[ =]+\S*://"),
    "the marks of an unfinished merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def listed_by_git(*options: str) -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--others", "--exclude-standard", *options],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def tracked_files() -> list[Path]:
    return listed_by_git("--cached")


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if (match := FORBIDDEN[what].search(text_of(path)))
    ]
    assert found == []


def test_no_file_of_the_package_is_ignored() -> None:
    ignored = (path.relative_to(ROOT) for path in listed_by_git("--ignored", "--", "src", "docs"))
    assert [str(path) for path in ignored if "__pycache__" not in path.parts] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+==[\w.]+[ \\]", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
        assert not re.search(r"--(?!hash=)", entry), entry.splitlines()[0]


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


def test_the_development_lock_contains_the_other() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    build = project["build-system"]["requires"]
    run_time = {*map(plain_name, [*project["project"]["dependencies"], *build])}
    assert run_time <= locked("requirements.lock").keys()
    assert {*map(plain_name, extras["dev"])} <= locked("requirements-dev.lock").keys()


def plain_name(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return name.group().lower().replace("_", "-")


def test_one_version_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    cited = re.search(r'^version: "(.+)"$', citation, re.MULTILINE)
    assert cited is not None
    assert cited.group(1) == accord.__version__
    assert version("accord") == accord.__version__


def test_one_licence_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "license: Apache-2.0\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert "Apache License\n                           Version 2.0" in text_of(ROOT / "LICENSE")


@pytest.mark.parametrize("heading", ["The answer in one command", "The tests in one command"])
def test_the_readme_prints_each_command_in_one_line(heading: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(rf"^## {heading}\n(?:(?!## ).*\n)*?```sh\n(.+)\n```$", readme, re.MULTILINE)
    assert block is not None
