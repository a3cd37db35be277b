"""The .zip: whole, described column by column, the same bytes again, able to be asked again."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.errors import InputError
from accord.report import caveats
from accord.report.bibliography import bibtex
from accord.report.bundle import bundle
from accord.report.cited import cited
from accord.report.table_schema import known_fields, type_of
from accord.report.tables import sheets

Files = dict[str, bytes]


def unzipped(data: bytes) -> Files:
    with ZipFile(BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def whole(founding: Assessment) -> Files:
    return unzipped(bundle(founding))


def described(files: Files) -> list[dict[str, Any]]:
    return json.loads(files["datapackage.json"])["resources"]


def test_what_is_in_it(whole: Files) -> None:
    assert {
        "README.txt", "assessment.json", "citation.bib", "datapackage.json", "manifest.json",
        "claimreview.jsonld", "deal/us-russia-2025.toml", "deal/us-russia-2025.facts.csv",
        "data/effects.csv", "data/sources.csv", "data/not_modelled.csv",
    } <= whole.keys()  # fmt: skip


def test_the_same_answer_is_the_same_bytes(deal_file: Path) -> None:
    """C44."""
    first, second = (bundle(assess_named(str(deal_file))) for _ in range(2))
    assert first == second


def test_it_is_the_same_wherever_the_deal_stands(deal_file: Path, tmp_path: Path) -> None:
    other = tmp_path / deal_file.name
    other.write_bytes(deal_file.read_bytes())
    one, two = (bundle(assess_named(str(path))) for path in (deal_file, other))
    assert one == two
    assert str(tmp_path).encode() not in b"".join(unzipped(two).values())


def test_the_manifest_lists_every_file_with_its_digest(whole: Files) -> None:
    manifest = json.loads(whole["manifest.json"])
    listed = {x["name"]: x["sha256"] for x in manifest["files"]}
    assert listed.keys() == whole.keys() - {"manifest.json"}
    assert all(hashlib.sha256(whole[n]).hexdigest() == digest for n, digest in listed.items())


def test_every_table_is_described_and_only_tables(whole: Files) -> None:
    resources = described(whole)
    assert {x["path"] for x in resources} == {n for n in whole if n.startswith("data/")}
    for x in resources:
        assert x["hash"] == f"sha256:{hashlib.sha256(whole[x['path']]).hexdigest()}"
        assert re.fullmatch(r"[a-z0-9._-]+", x["name"])
    assert len({x["name"] for x in resources}) == len(resources)


def holds(text: str, kind: str) -> bool:
    """Return whether a cell is of a type of Frictionless Table Schema; an empty one is missing."""
    if not text or kind in {"string", "any"}:
        return True
    if kind == "boolean":
        return text in {"true", "false"}
    try:
        {"number": float, "integer": int, "date": date.fromisoformat}[kind](text)
    except ValueError:
        return False
    return True


def test_every_cell_is_what_its_column_says(whole: Files) -> None:
    for resource in described(whole):
        rows = list(csv.DictReader(StringIO(whole[resource["path"]].decode(), newline="")))
        fields = resource["schema"]["fields"]
        assert list(rows[0]) == [x["name"] for x in fields]
        assert len(rows) == resource["rows"]
        for field in fields:
            wrong = [r[field["name"]] for r in rows if not holds(r[field["name"]], field["type"])]
            assert wrong == [], (resource["path"], field)


def test_every_column_of_a_market_is_described_with_words(founding: Assessment) -> None:
    known = known_fields()
    for sheet in sheets(replace(founding, parts=())):
        for column in sheet.columns:
            assert (sheet.name, column) in known or ("", column) in known, (sheet.name, column)


def test_numbers_have_units_or_say_that_the_row_has(whole: Files) -> None:
    effects = next(x for x in described(whole) if x["path"] == "data/effects.csv")
    units = {f["name"]: f.get("unit") for f in effects["schema"]["fields"]}
    assert units["after"] == units["low"] == "by row"
    assert units["change_pct"] == "%"
    flow = next(x for x in described(whole) if x["path"] == "data/project_cash_flow.csv")
    assert "mn USD" in {f.get("unit") for f in flow["schema"]["fields"]}


def test_counts_in_the_readme_are_those_of_the_tables(whole: Files, founding: Assessment) -> None:
    readme = whole["README.txt"].decode()
    assumed = len(caveats.assumptions(founding))
    assert f"{assumed} assumptions" in " ".join(readme.split())
    rows = csv.DictReader(StringIO(whole["data/assumptions.csv"].decode()))
    assert len(list(rows)) == assumed
    assert founding.headline in " ".join(readme.split()).replace("\N{NO-BREAK SPACE}", " ")


def test_the_deal_in_it_gives_the_same_answer(founding: Assessment, tmp_path: Path) -> None:
    with ZipFile(BytesIO(bundle(founding))) as file:
        file.extractall(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    asked = manifest["command"][2]
    again = assess_named(str(tmp_path / asked))
    assert again.headline == founding.headline
    assert again.deal_file.digest == founding.deal_file.digest


def test_sources_keep_their_licences(whole: Files, founding: Assessment) -> None:
    told = json.loads(whole["datapackage.json"])["sources"]
    assert [x["title"] for x in told] == [x.title for x in cited(founding)]
    assert any("CC BY" in x.get("licence", "") for x in told)


def test_no_time_and_no_place_is_in_it(whole: Files) -> None:
    solver = json.loads(whole["assessment.json"])["certificate"]["solver"]
    assert set(solver) == {"steps"}


def test_a_deal_that_was_changed_meanwhile_is_refused(deal_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(deal_file.read_bytes())
    answer = assess_named(str(path))
    path.write_text("changed", "utf-8")
    with pytest.raises(InputError, match="ask again"):
        bundle(answer)


def test_keys_of_the_bibliography_are_unlike_each_other(founding: Assessment) -> None:
    text = bibtex(founding)
    keys = re.findall(r"^@\w+\{([A-Za-z0-9:-]+),$", text, re.MULTILINE)
    assert keys[0] == "accord"
    assert len(set(keys)) == len(keys) == text.count("@software{") + text.count("@misc{")
    assert sum(key.startswith("accord-pack-") for key in keys) == len(founding.packs)


def test_hostile_titles_stay_within_their_fields(free: Assessment) -> None:
    deal = free.scene.deal
    source = deal.sources[0].model_copy(update={"title": "a} , x = {b}\\input{c}\n@misc{d,"})
    scene = replace(free.scene, deal=replace(deal, sources=(source,)))
    text = bibtex(replace(free, scene=scene))
    assert r"a\} , x = \{b\}\textbackslash{}input\{c\} @misc\{d," in text
    assert not re.search(r"^@misc\{d,", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, 2.0, None], "number"), ([1, None], "integer"), (["a", 1], "any"), ([True], "boolean"),
        ([None], "any"), (["a"], "string"),
    ],
)  # fmt: skip
def test_types_are_read_off_cells(cells: list[object], kind: str) -> None:
    assert type_of(cells) == kind
