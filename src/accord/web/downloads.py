"""What is on the screen as files: one table of all, or a .zip with one for each."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from accord import __version__
from accord.web.view import View

EPOCH = (1980, 1, 1, 0, 0, 0)
FORMULA = ("=", "@", "\t", "\r")


def as_csv(view: View) -> bytes:
    """Return every table of the screen in one: table, row, column, value as shown."""
    rows = [
        (block["heading"], line["cells"][0], column, cell)
        for block in _blocks(view)
        for line in block["lines"]
        for column, cell in zip(block["columns"][1:], line["cells"][1:], strict=True)
    ]
    said = [("Headline", "", "", view["headline"]), ("Address", "", "", view["address"])]
    return _csv(("table", "row", "column", "value"), [*said, *rows])


def as_zip(view: View) -> bytes:
    """Return the tables as shown, the main results in base units, and all of it as JSON."""
    files = {f"{_slug(x['heading'])}.csv": _csv(x["columns"], _cells(x)) for x in _blocks(view)}
    numbers: list[dict[str, Any]] = view["numbers"]
    if numbers:
        files["main-results-in-base-units.csv"] = _csv(
            tuple(numbers[0]), (tuple(x.values()) for x in numbers)
        )
    files["screen.json"] = json.dumps(view, ensure_ascii=False, indent=1).encode()
    files["README.txt"] = _readme(view).encode()
    into = io.BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(ZipInfo(name, EPOCH), data, ZIP_DEFLATED)
    return into.getvalue()


def _readme(view: View) -> str:
    moved = [f"  {line}" for line in view["moved"]] or ["  nothing"]
    return "\n".join([
        view["title"], "", view["headline"], *view["because"], "",
        "What was moved:", *moved, "",
        f"The same view: accord serve, then {view['address']}",
        *_beside(view),
        view["certificate"], view["draws"],
        f"Made by accord {__version__}. Cells are as on the screen.", "",
    ])  # fmt: skip


def _blocks(view: View) -> list[View]:
    """Return the tables of the screen, those of what is compared first."""
    return [*view.get("beside", ()), *view["blocks"]]


def _beside(view: View) -> list[str]:
    """Return which positions stand side by side, and what must be known of them."""
    if "compared" not in view:
        return []
    columns = view["compared"]["columns"]
    said = [f"  {x['letter']}: {x['whole']}  /?{x['query']}" for x in columns]
    notes = [f"  {x}" for block in view["beside"] for x in block["notes"]]
    return ["", "Side by side:", *said, *notes, ""]


def _cells(block: View) -> Iterable[Sequence[str]]:
    return (line["cells"] for line in block["lines"])


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return into.getvalue().encode()


def _plain(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")[:60] or "table"
