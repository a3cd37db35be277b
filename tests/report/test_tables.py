from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from accord.assessment import Assessment
from accord.errors import InputError
from accord.report.compare import compare
from accord.report.folder import refuse_taken, staged
from accord.report.tables import write_answer, write_comparison


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_effect_is_a_row_in_full_precision(free: Assessment, tmp_path: Path) -> None:
    """C6."""
    write_answer(free, tmp_path / "out", ["accord"])
    written = rows(tmp_path / "out" / "effects.csv")
    assert len(written) == len(free.effects.rows)
    for text, row in zip(written, free.effects.rows, strict=True):
        assert text["measure"] == row.measure
        assert (text["before"] == "") == (row.before is None)
        if row.before is not None:
            assert float(text["before"]) == row.before


def test_the_manifest_lists_every_file_with_its_digest(free: Assessment, tmp_path: Path) -> None:
    """C44."""
    out = tmp_path / "out"
    write_answer(free, out, ["accord", "run", "x"])
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    listed = {x["name"]: x["sha256"] for x in manifest["files"]}
    assert {p.name for p in out.iterdir()} == {*listed, "manifest.json"}
    for name, digest in listed.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert manifest["packs"][0]["sha256"] == free.packs[0].digest
    assert manifest["command"] == ["accord", "run", "x"]
    assert manifest["seed"] is None


def test_exactly_one_page(free: Assessment, banned: Assessment, tmp_path: Path) -> None:
    write_answer(free, tmp_path / "one", [])
    write_comparison(compare(["a", "b"], [free, banned]), tmp_path / "two", [])
    for folder in ("one", "two"):
        assert len(list((tmp_path / folder).glob("*.html"))) == 1


def test_an_earlier_answer_is_replaced_whole(free: Assessment, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_answer(free, out, [])
    write_answer(free, out, [])
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_nothing_else_is_ever_replaced(free: Assessment, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_answer(free, out, [])
    (out / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(InputError, match=r"notes\.txt"):
        write_answer(free, out, [])
    assert (out / "notes.txt").read_text("utf-8") == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", "utf-8")
    with pytest.raises(InputError, match=r"found +a file"):
        refuse_taken(tmp_path / "out")


def test_the_folder_one_is_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="the folder you are in"):
        refuse_taken(Path())


def test_an_empty_folder_is_fine(free: Assessment, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_answer(free, tmp_path / "out", [])
    assert (tmp_path / "out" / "manifest.json").exists()


def fail(folder: Path) -> None:
    (folder / "half").write_text("", "utf-8")
    raise RuntimeError


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), staged(tmp_path / "out") as folder:
        fail(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_the_inputs_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with (
        pytest.raises(InputError, match="a folder that can be made"),
        staged(tmp_path / "file" / "out"),
    ):
        pass
