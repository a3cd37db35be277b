"""The answer as one Excel workbook: numbers as numbers, with units; the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib import import_module
from io import BytesIO
from typing import Any, Protocol

from accord.assessment import Answer
from accord.report import opening
from accord.report.extra import needs
from accord.report.workbook_sheets import Cell, Page, pages


class Format(Protocol):
    """How cells look; the library's own, made by the workbook."""


class Worksheet(Protocol):
    """What is used of a sheet of XlsxWriter, which has no types of its own."""

    write_string: Any
    write_number: Any
    write_boolean: Any
    write_datetime: Any
    merge_range: Any
    set_column: Any
    set_row: Any
    freeze_panes: Any
    repeat_rows: Any
    autofilter: Any
    set_landscape: Any
    fit_to_pages: Any


class Workbook(Protocol):
    """What is used of a workbook of XlsxWriter."""

    def set_properties(self, properties: Mapping[str, object], /) -> None:
        """Say what it is and when it was made."""
        ...

    def add_format(self, properties: Mapping[str, object], /) -> Format:
        """Return a new format."""
        ...

    def add_worksheet(self, name: str, /) -> Worksheet:
        """Return a new sheet."""
        ...

    def close(self) -> None:
        """Write it."""
        ...


LONGEST = 32_767
"""Characters that a cell of a workbook can hold."""
CUT = " … (cut here: a cell holds no more)"

LINE, NOTE_WIDTH = 15, 100
"""Height of a line in points, and about how many characters of a note stand on one."""

# How the numbers of a unit are shown; the cells hold them in full.
FORMATS = {
    "fraction": "0.0%",
    "%": "0.00",
    "USD/t": "#,##0.0",
    "USD/MWh": "#,##0.0",
    "t CO2/t": "0.00",
    "residual": "0.0E+00",
    "year": "0",
}
LARGE = "#,##0"
LARGE_UNITS = ("t/yr", "USD/yr", "USD", "MWh/yr", "t CO2/yr", "MW", "t")
ANY = "General"


def workbook(a: Answer) -> bytes:
    """Return the answer as ``.xlsx``; the day of the law stands as the day it was made.

    Raises ``InputError`` where XlsxWriter is not installed.
    """
    buffer = BytesIO()
    book = _new(buffer)
    book.set_properties(
        {
            "title": opening.title(a),
            "comments": a.headline[:255],
            "created": datetime.combine(a.as_of, time(), UTC).replace(tzinfo=None),
        }
    )
    style = _Styles(book)
    for page in pages(a):
        _write(book.add_worksheet(page.name), page, style)
    book.close()
    return buffer.getvalue()


def _new(buffer: BytesIO) -> Workbook:
    with needs("tables", "XlsxWriter", "an .xlsx workbook"):
        xlsxwriter = import_module("xlsxwriter")
    # Text stays text: a title that begins with "=" or "http" is neither formula nor link.
    asis = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(buffer, {"in_memory": True, **asis})


class _Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#5B6675"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})

    def number(self, unit: str) -> Format:
        """Return the format of numbers in a unit."""
        shown = FORMATS.get(unit, LARGE if unit in LARGE_UNITS else ANY)
        if shown not in self._numbers:
            made = self._book.add_format({"num_format": shown, "valign": "top"})
            self._numbers[shown] = made
        return self._numbers[shown]


def _write(sheet: Worksheet, page: Page, style: _Styles) -> None:
    """Write a sheet: its table under a header that stays in view, then the tables below it."""
    for i in range(max(len(p.columns) for p in (page, *page.below))):
        widths = [p.columns[i].width for p in (page, *page.below) if i < len(p.columns)]
        sheet.set_column(i, i, max(widths))
    head, end = _table(sheet, page, 0, style)
    for further in page.below:
        _, end = _table(sheet, further, end + 1, style)
    if not page.below:
        sheet.freeze_panes(head + 1, 1)
        sheet.repeat_rows(head)
        if page.rows:
            sheet.autofilter(head, 0, head + len(page.rows), len(page.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _table(sheet: Worksheet, page: Page, top: int, style: _Styles) -> tuple[int, int]:
    """Write a table from the row ``top`` on; return the row of its header, and the first free."""
    sheet.write_string(top, 0, page.title, style.title)
    for place, note in enumerate(page.notes, start=top + 1):
        _note(sheet, place, max(len(page.columns) - 1, 1), _fitting(note), style.note)
    head = top + 1 + len(page.notes)
    for i, column in enumerate(page.columns):
        sheet.write_string(head, i, column.title, style.head)
    for place, row in enumerate(page.rows, start=head + 1):
        for i, (cell, unit) in enumerate(zip(row, page.units(row), strict=True)):
            _cell(sheet, (place, i), cell, unit, style)
    return head, head + 1 + len(page.rows)


def _note(sheet: Worksheet, place: int, last: int, note: str, style: Format) -> None:
    """Write a sentence over the whole width of a table, on as many lines as it is long."""
    sheet.merge_range(place, 0, place, last, "", style)
    sheet.write_string(place, 0, note, style)
    sheet.set_row(place, LINE * (1 + len(note) // NOTE_WIDTH))


def _cell(sheet: Worksheet, place: tuple[int, int], cell: Cell, unit: str, style: _Styles) -> None:
    """Write one cell; what is absent stays empty, never zero (conventions C14)."""
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(*place, cell, style.words)
    elif isinstance(cell, int | float):
        sheet.write_number(*place, cell, style.number(unit))
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, style.day)
    else:
        sheet.write_string(*place, _fitting(cell), style.words)


def _fitting(text: str) -> str:
    """Return text that a cell can hold: cut where it is too long, and saying so."""
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
