"""The workbook, read back from its XML: numbers are numbers, units have formats, text is text."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from accord.assessment import Answer, Assessment
from accord.assessment.assess import assess_named
from accord.errors import InputError
from accord.report import caveats
from accord.report.cited import cited
from accord.report.main_numbers import main_numbers
from accord.report.workbook import CUT, LONGEST, workbook

pytest.importorskip("xlsxwriter", reason="needs the extra [tables]")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cells = dict[str, Any]


class Read:
    """A workbook as read back: cells by sheet and place, formats of numbers, raw parts."""

    def __init__(self, data: bytes) -> None:
        with ZipFile(BytesIO(data)) as file:
            self.parts = {name: file.read(name) for name in file.namelist()}
        names = ET.fromstring(self.parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")  # noqa: S314
        self.names = [sheet.attrib["name"] for sheet in names]
        shared = ET.fromstring(self.parts["xl/sharedStrings.xml"])  # noqa: S314
        self._words = ["".join(t.text or "" for t in x.iter(f"{MAIN}t")) for x in shared]
        self._formats = self._read_formats()

    def _read_formats(self) -> list[str]:
        styles = ET.fromstring(self.parts["xl/styles.xml"])  # noqa: S314
        codes = {x.attrib["numFmtId"]: x.attrib["formatCode"] for x in styles.iter(f"{MAIN}numFmt")}
        cells = styles.find(f"{MAIN}cellXfs")
        assert cells is not None
        return [codes.get(x.attrib["numFmtId"], x.attrib["numFmtId"]) for x in cells]

    def sheet(self, name: str) -> tuple[Cells, dict[str, str]]:
        """Return the cells of a sheet by place, and the format codes of those with a number."""
        number = self.names.index(name) + 1
        root = ET.fromstring(self.parts[f"xl/worksheets/sheet{number}.xml"])  # noqa: S314
        cells: Cells = {}
        formats: dict[str, str] = {}
        for cell in root.iter(f"{MAIN}c"):
            assert cell.find(f"{MAIN}f") is None
            value = cell.find(f"{MAIN}v")
            if value is None or value.text is None:
                continue
            kind = cell.attrib.get("t", "n")
            place = cell.attrib["r"]
            if kind == "s":
                cells[place] = self._words[int(value.text)]
            elif kind == "b":
                cells[place] = value.text == "1"
            else:
                cells[place] = float(value.text)
                formats[place] = self._formats[int(cell.attrib.get("s", "0"))]
        return cells, formats

    def rows(self, name: str, header: str) -> list[Cells]:
        """Return the rows of a sheet below the row whose first cell is ``header``."""
        cells, _ = self.sheet(name)
        top = next(int(p[1:]) for p, v in cells.items() if p[0] == "A" and v == header)
        table: dict[int, Cells] = {}
        for place, value in cells.items():
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # pyright: ignore[reportOptionalMemberAccess]
            if int(row) >= top:
                table.setdefault(int(row), {})[column] = value
        titles = table.pop(top)
        return [{titles[c]: v for c, v in row.items()} for row in table.values()]


@pytest.fixture(scope="module")
def whole(founding: Assessment) -> Read:
    return Read(workbook(founding))


def test_there_is_a_sheet_for_everything(whole: Read) -> None:
    assert whole.names[:7] == [
        "Answer", "Offers", "Terms", "Effects", "Claims", "Assumptions", "Not modelled",
    ]  # fmt: skip
    assert whole.names[-3:] == ["Diagnostics", "Baseline", "Sources"]


def test_every_effect_is_a_row_of_numbers(whole: Read, founding: Assessment) -> None:
    """C6, C14."""
    expected = (*founding.effects.rows, *founding.part_rows)
    found = whole.rows("Effects", "measure")
    assert len(found) == len(expected)
    for cells, row in zip(found, expected, strict=True):
        assert (cells["measure"], cells["region"], cells["unit"]) == (
            row.measure, row.region, row.unit
        )  # fmt: skip
        for name in ("before", "after", "change", "low", "high"):
            value = getattr(row, name)
            # A cell holds 16 digits; absent stays empty.
            assert cells.get(name) == (None if value is None else pytest.approx(value, rel=1e-15))


def test_main_numbers_are_those_of_the_answer(whole: Read, founding: Assessment) -> None:
    found = whole.rows("Answer", "result")
    assert [x["result"] for x in found] == [x.name for x in main_numbers(founding)]
    assert found[0]["low access"] < found[0]["after"] < found[0]["high access"]


def test_numbers_are_shown_by_their_unit(whole: Read) -> None:
    cells, formats = whole.sheet("Effects")
    shown = {
        cells[f"I{place[1:]}"]: code for place, code in formats.items() if place.startswith("F")
    }
    assert shown["t/yr"] == "#,##0"
    assert shown["USD/t"] == "#,##0.0"
    assert shown["fraction"] == "0.0%"


def test_what_is_assumed_left_out_and_cited_is_all_there(whole: Read, founding: Assessment) -> None:
    """C17."""
    assert len(whole.rows("Assumptions", "where")) == len(caveats.assumptions(founding))
    assert len(whole.rows("Not modelled", "term")) == len(caveats.not_modelled(founding))
    assert len(whole.rows("Sources", "cited by")) == len(cited(founding))
    assert len(whole.rows("Claims", "id")) == len(founding.claims)
    diagnostics = whole.rows("Diagnostics", "of")
    assert any(x["what"] == "welfare identity" for x in diagnostics)
    assert any(x.get("says") == founding.packs[0].digest for x in diagnostics)


def test_headers_stay_in_view(whole: Read) -> None:
    sheet = whole.parts[f"xl/worksheets/sheet{whole.names.index('Effects') + 1}.xml"]
    assert b'state="frozen"' in sheet
    assert b"<autoFilter" in sheet
    assert b"<cols>" in sheet


def test_the_same_answer_is_the_same_bytes(free: Assessment) -> None:
    """C44."""
    assert workbook(free) == workbook(free)
    core = Read(workbook(free)).parts["docProps/core.xml"].decode()
    assert f"{free.as_of.isoformat()}T00:00:00Z</dcterms:created>" in core


def test_ranges_over_draws_are_shown_where_they_are(deal_file: Any) -> None:  # noqa: ANN401 - a path
    answer = assess_named(str(deal_file))
    assert isinstance(answer, Assessment)
    rows = tuple(replace(r, low=1.0, high=2.0) for r in answer.effects.rows)
    vars(answer.effects)["rows"] = rows
    found = Read(workbook(answer)).rows("Effects", "measure")
    assert all((x["low"], x["high"]) == (1.0, 2.0) for x in found)


def test_draws_are_counted_and_what_was_drawn_is_listed(drawn: Assessment) -> None:
    """C45."""
    read = Read(workbook(drawn))
    ensemble = drawn.ensemble
    assert ensemble is not None
    told = {x["what"]: x.get("value") for x in read.rows("Diagnostics", "of")}
    assert told["with a certified answer"] == ensemble.solved
    assert told["without an answer"] == ensemble.failed
    assert len(read.rows("Drawn", "number")) == len(ensemble.numbers)
    main = read.rows("Answer", "result")
    assert main[0]["low"] < main[0]["after"] < main[0]["high"]


def test_text_is_never_a_formula_or_a_link(free: Assessment) -> None:
    hostile = '=HYPERLINK("http://x","click")'
    terms = tuple(replace(t, title=hostile, reading="http://example.org") for t in free.terms)
    read = Read(workbook(replace(free, terms=terms)))
    cells, _ = read.sheet("Terms")
    assert hostile in cells.values()
    assert not any("hyperlink" in name.lower() for name in read.parts)


def test_text_too_long_for_a_cell_says_that_it_is_cut(free: Assessment) -> None:
    terms = tuple(replace(t, reading="x" * (LONGEST + 1)) for t in free.terms)
    cells, _ = Read(workbook(replace(free, terms=terms))).sheet("Terms")
    cut = [x for x in cells.values() if isinstance(x, str) and x.endswith(CUT)]
    assert cut
    assert all(len(x) == LONGEST for x in cut)


def test_an_answer_without_a_market_has_its_parts() -> None:
    answer = assess_named("halve-defence-2025")
    assert isinstance(answer, Answer)
    read = Read(workbook(answer))
    assert "Budget" in read.names
    assert "Baseline" not in read.names


def test_a_missing_library_is_told_with_how_to_install_it(
    free: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(InputError, match=r"pip install XlsxWriter"):
        workbook(free)
