"""One answer, one file: what the end of a file's name asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from accord.assessment import Answer, Assessment
from accord.assessment.beside import beside
from accord.errors import Fault, InputError
from accord.instruments.problem import listed
from accord.report.bibliography import bibtex
from accord.report.bundle import bundle
from accord.report.latex import latex
from accord.report.page import page
from accord.report.stata import stata
from accord.report.workbook import workbook


def export(a: Answer, path: Path) -> bytes:
    """Return the bytes of the file that ``path`` names. Raises ``InputError`` for no such kind."""
    refuse_unknown([path])
    return MAKERS[path.suffix.lower()](a)


def refuse_unknown(paths: Iterable[Path]) -> None:
    """Raise ``InputError`` for every path whose name does not end as one of the kinds there are."""
    allowed = f"a name that ends in {listed(list(MAKERS), 'or')}"
    faults = [
        Fault(
            "command line", f'"{path}"', allowed, f"write {path.stem or 'answer'}.html", field="to"
        )
        for path in paths
        if path.suffix.lower() not in MAKERS
    ]
    if faults:
        raise InputError(faults)


def _page(a: Answer) -> bytes:
    return page(a, beside(a) if isinstance(a, Assessment) else None).encode()


def _bibtex(a: Answer) -> bytes:
    return bibtex(a).encode()


MAKERS: dict[str, Callable[[Answer], bytes]] = {
    ".html": _page,
    ".xlsx": workbook,
    ".tex": latex,
    ".dta": stata,
    ".bib": _bibtex,
    ".zip": bundle,
}
