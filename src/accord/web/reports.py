"""The full report of a position as a file, as `accord report` writes it for the deal as moved."""

from __future__ import annotations

import base64
import re
from pathlib import PurePath
from typing import Any

from accord.errors import InputError, NoCertifiedAnswer
from accord.report.export import MAKERS
from accord.web.whole import Whole, WholeAnswers

View = dict[str, Any]
REPORT = "report"
"""What the name of such a question begins with; the rest is that of the file: ``report.html``."""
DEAL_FILE = "deal.toml"
MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".toml": "application/toml",
}
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
REPORTS = tuple(f"{REPORT}{ending}" for ending in MEDIA if ending in MAKERS)


def report_of(wholes: WholeAnswers, whole: Whole, kind: str) -> View:
    """Return a report as a file: its name, and its bytes in base 64; with years if they are."""
    ending = PurePath(kind).suffix
    name = f"{_name(whole)}{ending}"
    try:
        with wholes.open(whole, years=True) as a:
            return _file(name, MAKERS[ending](a))
    except (InputError, NoCertifiedAnswer):
        with wholes.open(whole) as a:
            return _file(name, MAKERS[ending](a))


def deal_file_of(whole: Whole) -> View:
    """Return the deal's file with what was moved."""
    return _file(whole.served.name, whole.file.text.encode())


def _name(whole: Whole) -> str:
    """Return what a file is called: the deal, and the variant of it."""
    variant = whole.file.variant
    return whole.served.stem if variant is None else f"{whole.served.stem}-{variant}"


def _file(name: str, data: bytes) -> View:
    safe = NOT_IN_A_NAME.sub("-", name).strip("-")
    return {"name": safe or "deal", "data": base64.b64encode(data).decode()}
