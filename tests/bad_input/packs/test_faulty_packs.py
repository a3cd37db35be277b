"""Every faulty pack gives one message with all its faults, word for word."""

import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from accord import pack
from accord.errors import InputError

FAULTY = tomllib.loads(Path(__file__).with_name("faulty_packs.toml").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in FAULTY["case"]}


def edit(folder: Path, change: dict) -> None:
    file = folder / change["file"]
    if "remove" in change:
        file.unlink()
    elif "folder" in change:
        file.unlink()
        file.mkdir()
    elif "rename" in change:
        file.rename(folder / change["rename"])
    elif "text" in change:
        file.write_text(change["text"], encoding="utf-8")
    elif "hex" in change:
        file.write_bytes(bytes.fromhex(change["hex"]))
    else:
        text = file.read_text(encoding="utf-8")
        assert change["old"] in text
        file.write_text(text.replace(change["old"], change["new"]), encoding="utf-8")


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "toyland"
    shutil.copytree(pack.load("toyland").folder, folder)
    return folder


@pytest.mark.parametrize("name", CASES)
def test_the_message(name: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for change in CASES[name]["edits"]:
        edit(folder, change)
    with pytest.raises(InputError) as error:
        pack.load(folder).market(2020, date(2020, 7, 1))
    assert str(error.value) == CASES[name]["message"]


def test_the_copy_without_edits_is_sound(tmp_path: Path) -> None:
    assert pack.load(copied(tmp_path)).market(2020, date(2020, 7, 1))


def test_a_misspelt_name() -> None:
    with pytest.raises(InputError) as error:
        pack.load("toylnd")
    names = ", ".join(pack.shipped())
    assert str(error.value) == (
        "1 fault\n"
        "toylnd\n"
        "    found    no such pack\n"
        f"    allowed  a pack that ships ({names}) or a folder with a pack.toml\n"
        '    fix      write "toyland"'
    )


@pytest.mark.parametrize(
    ("make", "found"),
    [(Path.mkdir, "a folder without pack.toml"), (Path.touch, "a file")],
)
def test_a_path_that_is_no_pack(make: object, found: str, tmp_path: Path) -> None:
    path = tmp_path / "mine"
    make(path)
    with pytest.raises(InputError) as error:
        pack.load(path)
    (fault,) = error.value.faults
    assert (fault.file, fault.found) == (str(path), found)


def test_a_file_without_permission_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path)
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "goods.csv":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(InputError) as error:
        pack.load(folder)
    (fault,) = error.value.faults
    assert fault.found == "a file that cannot be read (Permission denied)"
