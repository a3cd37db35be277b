"""Files that users have, and files that are none: a fault, never a traceback, never a guess."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.economy.data.build import FORMS, Wish, build, read_theta
from accord.economy.data.catalogue import catalogue
from accord.economy.data.flows import FlowColumns, read_flows
from accord.economy.data.load import load_table
from accord.economy.data.mapping import read_mapping
from accord.economy.data.plain_folder import HEADERS, TABLE
from accord.economy.data.text import csv_rows, number_in
from accord.economy.data.write_plain import write_plain
from accord.errors import InputError
from world_tables import toy_table

# What is found in files: numbers of every kind, quotes, marks, NUL, and the forms' own words.
CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "-1", "1e308", "1e999", "1e99", "1e-320", "inf", "nan", "0x1", "1_000", '"',
         "\0", "\ufeff", "²", "AAA", "S1", "2020", "USA_C24", "OUT", "VA", "*", "Year", "1,5", "٣"]
    ),
    st.text(max_size=8),
)  # fmt: skip
HEADS = (
    "year,exporter,importer,sector,value",
    "t,i,j,k,v,q",
    "year,exporter_iso3,importer_iso3,industry_id,trade",
    "year,row_country,row_item,col_country,col_item,value",
    "IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,AUT1",
    "V1,AUS_A01,AUT_A01,OUT",
    "kind,from,to",
    "sector,theta,source,status",
    "trade,exporter,importer,year",
)


def _file(head: str, rows: list[list[str]]) -> str:
    return "\n".join([head, *(",".join(row) for row in rows)])


ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=6)
TEXTS = st.builds(_file, st.sampled_from(HEADS), ROWS)
FILES = st.one_of(TEXTS.map(lambda x: x.encode("utf-8", "surrogatepass")), st.binary(max_size=80))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(FILES, st.sampled_from([f for f in FORMS if f != "plain"]))
def test_any_file_as_any_form_is_a_table_or_faults(content: bytes, form: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.csv")
        path.write_bytes(content)
        with suppress(InputError):
            table = build(Wish(form, path, "x", 2020, theta="5")).table
            assert math.isfinite(float(table.trade.sum()))


def _elasticities(path: Path) -> object:
    return read_theta(str(path))


def _flows(path: Path) -> object:
    return read_flows(path, FlowColumns(("log(trade)", "border"), year="year"))


READERS: tuple[Callable[[Path], object], ...] = (read_mapping, _elasticities, catalogue, _flows)


@MANY
@given(FILES)
def test_any_file_as_a_mapping_elasticities_a_catalogue_or_flows(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.csv")
        path.write_bytes(content)
        for read in READERS:
            with suppress(InputError):
                read(path)


@MANY
@given(st.sampled_from([TABLE, *HEADERS]), st.integers(0, 400), CELLS)
def test_a_plain_table_with_anything_put_anywhere(file: str, place: int, what: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "toy")
        path.mkdir()
        write_plain(toy_table(2, 2), path)
        target = path / file
        old = target.read_bytes() if target.exists() else b"good,sector\n"
        put = what.encode("utf-8", "surrogatepass")
        target.write_bytes(old[:place] + put + old[place:])
        with suppress(InputError):
            assert load_table(path).regions


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "codec"),
        (b"a,b\n1,\x00\n", "NUL"),
        (b'a\n"' + b"x" * 200_000 + b'"\n', "field limit"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        list(csv_rows(path))


def test_a_folder_a_dangling_link_and_a_broken_archive_are_told(tmp_path: Path) -> None:
    link, broken = tmp_path / "link.csv", tmp_path / "x.csv.gz"
    link.symlink_to(tmp_path / "nowhere")
    broken.write_bytes(gzip.compress(b"a,b\n" * 10_000)[:60])
    for path in (tmp_path, link, broken):
        with pytest.raises(InputError, match="a CSV file that can be read"):
            list(csv_rows(path))


def test_a_mark_at_the_start_and_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("\ufeffa,b\n".encode())
    assert list(csv_rows(path)) == [["a", "b"]]
    path.write_bytes(b"")
    assert list(csv_rows(path)) == []


@pytest.mark.parametrize(
    "text", ["1_000", "inf", "-Infinity", "nan", "1e999", "1e300", "", "1,5", "0x10"]
)
def test_what_is_no_number(text: str) -> None:
    assert math.isnan(number_in(text))


def test_a_table_head_with_words_in_wrong_places_is_faults_only(tmp_path: Path) -> None:
    folder = tmp_path / "toy"
    folder.mkdir()
    write_plain(toy_table(2, 2), folder)
    head = (folder / TABLE).read_text("utf-8")
    for wrong in ("not_modelled = [{ what = 1 }]", 'assumptions = "x"', "assumptions = [1]"):
        name = wrong.split(" ")[0]
        lines = [x for x in head.splitlines() if not x.startswith(("assumptions", "]", name))]
        (folder / TABLE).write_text("\n".join([wrong, *lines]), "utf-8")
        with pytest.raises(InputError, match=name):
            load_table(folder)


CATALOGUE = "name,title,url,file,bytes,sha256,licence,citation,then\n"


@pytest.mark.parametrize(
    "file", ["../x", "/etc/x", "a/b", "..", ".", "", ".hidden", "x.sha256", "x.part", "C:x", "a\\b"]
)
def test_a_catalogue_may_not_name_files_elsewhere(tmp_path: Path, file: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{CATALOGUE}n,t,https://x.org/x,{file},,,CC0,c,then\n", "utf-8")
    with pytest.raises(InputError, match="the name of a file"):
        catalogue(path)


def test_all_that_is_wrong_with_a_catalogue_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    row = "n,t,file:///etc/passwd,../x,many,abc,CC0,c,then\n"
    path.write_text(CATALOGUE + row + "short,row\n", "utf-8")
    with pytest.raises(InputError) as caught:
        catalogue(path)
    assert len(caught.value.faults) == 5
