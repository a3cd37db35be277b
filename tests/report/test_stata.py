"""The Stata data set, read back by a reader of its own, and by pandas where that is installed."""

from __future__ import annotations

import struct
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from accord.assessment import Assessment
from accord.report.stata import MISSING, stata

SECTIONS = (
    "<stata_dta>", "<map>", "<variable_types>", "<varnames>", "<sortlist>", "<formats>",
    "<value_label_names>", "<variable_labels>", "<characteristics>", "<data>", "<strls>",
    "<value_labels>", "</stata_dta>",
)  # fmt: skip


class Read:
    """A data set of format 118, read by the offsets that its map gives."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        start = data.index(b"<map>") + 5
        self.map = struct.unpack("<14Q", data[start : start + 112])
        count = struct.unpack("<H", self._between("<K>", "</K>"))[0]
        self.rows = struct.unpack("<Q", self._between("<N>", "</N>"))[0]
        self.types = struct.unpack(f"<{count}H", self._section(2))
        self.names = self._texts(3, 129)
        self.labelled = self._texts(6, 129)
        self.labels = self._texts(7, 321)

    def _between(self, start: str, end: str) -> bytes:
        first = self._data.index(start.encode()) + len(start)
        return self._data[first : self._data.index(end.encode(), first)]

    def _section(self, place: int) -> bytes:
        tag = SECTIONS[place]
        whole = self._data[self.map[place] : self.map[place + 1]]
        assert whole.startswith(tag.encode())
        assert whole.endswith(f"</{tag[1:]}".encode())
        return whole[len(tag) : -len(tag) - 1]

    def _texts(self, place: int, width: int) -> list[str]:
        data = self._section(place)
        cells = [data[i : i + width] for i in range(0, len(data), width)]
        return [cell.partition(b"\0")[0].decode() for cell in cells]

    def records(self) -> list[dict[str, Any]]:
        data, place = self._section(9), 0
        found: list[dict[str, Any]] = []
        for _ in range(self.rows):
            row: dict[str, Any] = {}
            for name, kind in zip(self.names, self.types, strict=True):
                size = {65526: 8, 65528: 4}.get(kind, kind)
                cell = data[place : place + size]
                place += size
                row[name] = (
                    (None if cell == MISSING else struct.unpack("<d", cell)[0]) if kind == 65526
                    else struct.unpack("<i", cell)[0] if kind == 65528
                    else cell.partition(b"\0")[0].decode()
                )  # fmt: skip
            found.append(row)
        assert place == len(data)
        return found

    def notes(self) -> list[str]:
        data, place, found = self._section(8), 0, []
        while place < len(data):
            assert data[place : place + 4] == b"<ch>"
            size = struct.unpack("<I", data[place + 4 : place + 8])[0]
            body = data[place + 8 : place + 8 + size]
            found.append(body[258:-1].decode())
            place += 8 + size + 5
        return found


def test_every_part_stands_where_the_map_says(free: Assessment) -> None:
    data = stata(free)
    read = Read(data)
    for place, tag in zip(read.map, SECTIONS, strict=False):
        assert data[place:].startswith(tag.encode())
    assert read.map[13] == len(data)


def test_every_effect_is_a_record_in_full_precision(free: Assessment) -> None:
    """C6, C14."""
    read = Read(stata(free))
    found = read.records()
    assert len(found) == len(free.effects.rows)
    for record, row in zip(found, free.effects.rows, strict=True):
        assert record["region"] == row.region
        assert record["good"] == (row.good or "")
        for name in ("before", "after", "change", "change_pct", "low", "high"):
            assert record[name] == getattr(row, name)


def test_ranges_over_draws_are_there_where_they_are(free: Assessment) -> None:
    rows = tuple(replace(r, low=1.5, high=2.5) for r in free.effects.rows)
    effects = replace(free.effects)
    vars(effects)["rows"] = rows
    found = Read(stata(replace(free, effects=effects))).records()
    assert all((x["low"], x["high"]) == (1.5, 2.5) for x in found)


def test_ranges_of_a_drawn_answer_are_those_of_its_rows(drawn: Assessment) -> None:
    records = Read(stata(drawn)).records()[: len(drawn.rows)]
    assert [(x["low"], x["high"]) for x in records] == [(r.low, r.high) for r in drawn.rows]
    assert any(r.low is not None for r in drawn.rows)


def test_every_variable_has_a_label_of_its_own(free: Assessment) -> None:
    read = Read(stata(free))
    assert all(read.labels)
    assert len(set(read.labels)) == len(read.labels)
    assert max(map(len, read.labels)) <= 80
    assert read.labelled[read.names.index("measure")] == "measure"


def test_the_notes_say_what_it_is_and_how_sure(free: Assessment) -> None:
    count, *notes = Read(stata(free)).notes()
    assert int(count) == len(notes)
    assert notes[0] == free.headline
    assert any(x.startswith("Certified") for x in notes)
    assert any("festival" in x for x in notes)


def test_the_same_answer_is_the_same_bytes(free: Assessment) -> None:
    assert stata(free) == stata(free)


def test_text_that_is_too_long_is_clipped_between_characters(free: Assessment) -> None:
    deal = replace(free.deal, title="ü" * 200)
    names = dict.fromkeys(free.region_names, "é" * 3000)
    read = Read(stata(replace(free, deal=deal, region_names=names)))
    assert max(t for t in read.types if t < 60000) == 2045
    assert read.records()


def test_pandas_reads_the_same(founding: Assessment) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed; the own reader ran")
    with pandas.io.stata.StataReader(BytesIO(stata(founding))) as reader:
        table, labels = reader.read(), reader.variable_labels()
    rows = (*founding.effects.rows, *founding.part_rows)
    assert list(table["measure"]) == [row.measure for row in rows]
    assert list(table["unit"]) == [row.unit for row in rows]
    expected = [float("nan") if row.after is None else row.after for row in rows]
    assert table["after"].to_numpy() == pytest.approx(expected, rel=0, abs=0, nan_ok=True)
    assert labels["before"] == "Value before, in the row's unit"
