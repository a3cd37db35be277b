"""The answer as one .zip: its tables, what they hold, how to cite it, how to get it again."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from accord import __version__
from accord.assessment import Answer, Assessment
from accord.assessment.pieces import Assumption, NotModelled
from accord.assessment.serialise import to_json
from accord.claims.figures import facts_beside
from accord.claims.words import words_beside
from accord.errors import Fault, InputError
from accord.instruments.fields import is_path
from accord.report import caveats, opening, trust
from accord.report.bibliography import bibtex
from accord.report.cited import Cited, cited
from accord.report.claim_review import claim_reviews
from accord.report.data_package import Resource, data_package
from accord.report.folder import MANIFEST
from accord.report.layout import WIDTH, prose, render
from accord.report.reproduce import command, file_of, origins
from accord.report.table_schema import fields_of, known_fields
from accord.report.tables import Sheet, sheets

DEAL, DATA = "deal/", "data/"
FIRST_YEAR, LAST_YEAR = 1980, 2107
"""The years that a .zip can write down."""
MODE = 0o644 << 16


def bundle(a: Answer) -> bytes:
    """Return the answer as ``.zip``, the same bytes for the same answer wherever it is made.

    Raises ``InputError`` where the deal's file is no longer what was answered.
    """
    resources = _resources(a)
    files = {x.path: x.data for x in resources} | _deal_files(a)
    files["assessment.json"] = _json(to_json(a))
    if a.ledger.claims:
        files["claimreview.jsonld"] = _json(claim_reviews(a))
    files["datapackage.json"] = _json(data_package(a, resources))
    files["citation.bib"] = bibtex(a).encode()
    files["README.txt"] = _readme(a, resources).encode()
    files[MANIFEST] = _json(_manifest(a, files))
    return _zipped(a, files)


def _resources(a: Answer) -> list[Resource]:
    """Return every table with its columns; one that has no row is left out."""
    whole = [
        _sheet("sources.csv", Cited, cited(a)),
        _sheet("assumptions.csv", Assumption, caveats.assumptions(a)),
        _sheet("not_modelled.csv", NotModelled, caveats.not_modelled(a)),
    ]
    names = {sheet.name for sheet in whole}
    known = known_fields()
    found: list[Resource] = []
    for given in (*(x for x in sheets(a) if x.name not in names), *whole):
        sheet = Sheet(given.name, given.columns, list(given.rows))
        rows = sum(1 for _ in sheet.rows)
        if rows:
            told = fields_of(sheet, a, known)
            found.append(Resource(f"{DATA}{sheet.name}", sheet.text().encode(), told, rows))
    return found


def _sheet(
    name: str,
    kind: type[Cited | Assumption | NotModelled],
    rows: Iterable[Cited | Assumption | NotModelled],
) -> Sheet:
    return Sheet(name, [f.name for f in fields(kind)], [astuple(x) for x in rows])


def _deal_files(a: Answer) -> dict[str, bytes]:
    """Return the deal's file as it was answered, and the tables that its claims rest on."""
    file = file_of(a)
    try:
        data = file.read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != a.deal_file.digest:
        found = "a file that is gone, or was changed while it was answered"
        allowed = "the file that was answered, to go with the answer"
        raise InputError([Fault(str(file), found, allowed, "ask again")])
    beside = (path(str(file)) for path in (facts_beside, words_beside))
    more = {f"{DEAL}{x.name}": x.read_bytes() for x in beside if a.ledger.claims and x.is_file()}
    return {f"{DEAL}{file.name}": data} | more


def _manifest(a: Answer, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "program": "accord",
        "version": __version__,
        "command": command(a, DEAL),
        "origin": {x.what: x.value for x in origins(a)},
        "files": [
            {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
    }


def _readme(a: Answer, resources: list[Resource]) -> str:
    """Return what a person reads first: the answer, the files, the caveats, how to get it again."""
    title = opening.title(a)
    said = [opening.setting(a), a.headline, *_trust(a)]
    return "\n".join(
        [
            title,
            "=" * len(title),
            *(f"\n{_wrapped(x)}" for x in said),
            "\nFiles\n-----\n",
            *_files(resources),
            "\nHow to read the tables\n----------------------\n",
            _wrapped(READING),
            "\nWhat it rests on\n----------------\n",
            _wrapped(
                f"{len(caveats.assumptions(a))} assumptions and {len(caveats.not_modelled(a))} "
                "effects that are not modelled stand in data/assumptions.csv and "
                "data/not_modelled.csv. They are part of the answer."
            ),
            "\nHow to get it again\n-------------------\n",
            f"With accord {__version__} installed, in the folder of this file:\n",
            f"    {shlex.join(command(a, DEAL))}\n",
            *_own_packs(a),
            *(f"{x.what}: {x.value}" for x in origins(a)[1:]),
            "\nSources and licences\n--------------------\n",
            _wrapped(LICENCES),
            "",
        ]
    )


READING = (
    "datapackage.json says of every column what it holds, of which type and in which unit; "
    "“by row” means the unit that the row names. An empty cell is absent, never zero. Numbers "
    "stand in full; only the sentences above are rounded. “before” is the market under the law of "
    "the day, “after” the same with the deal on top; it is not a forecast."
)
LICENCES = (
    "data/sources.csv names every source with its licence, which stays that of whoever published "
    "it; citation.bib has them as BibTeX. The program is under the Apache License 2.0."
)


def _trust(a: Answer) -> list[str]:
    if not isinstance(a, Assessment):
        return [says for part in a.parts for says in part.because]
    return [x for x in (*a.because, *trust.draws(a), trust.certificate(a), trust.baseline(a)) if x]


def _files(resources: list[Resource]) -> list[str]:
    """Return the files line by line, tables with the number of their rows."""
    width = max(len(x.path) for x in resources) + 2
    rest = [
        ("assessment.json", "the whole answer, for programs"),
        ("citation.bib", "how to cite it"),
        ("datapackage.json", "what every column of every table holds"),
        (DEAL, "the deal as it was answered"),
        (MANIFEST, "every file with its digest"),
    ]
    tables = [(x.path, f"{x.rows:,} {'row' if x.rows == 1 else 'rows'}") for x in resources]
    return [f"{name:<{width}}{what}" for name, what in (*rest, *tables)]


def _own_packs(a: Answer) -> list[str]:
    """Say where a pack that does not ship is needed to ask again."""
    own = [Path(name).name for name in a.scene.deal.packs if is_path(name)]
    names = ", ".join(own)
    return [_wrapped(f"It needs data that do not come with accord: {names}.") + "\n"] if own else []


def _wrapped(text: str) -> str:
    return render(prose(text, WIDTH - 20), colour=False).rstrip("\n")


def _zipped(a: Answer, files: Mapping[str, bytes]) -> bytes:
    """Return files as a .zip in order of their names, all of the day of the law."""
    year = min(max(a.as_of.year, FIRST_YEAR), LAST_YEAR)
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as out:
        for name, data in sorted(files.items()):
            entry = ZipInfo(name, (year, a.as_of.month, a.as_of.day, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, MODE
            out.writestr(entry, data)
    return buffer.getvalue()


def _json(value: object) -> bytes:
    return (json.dumps(value, allow_nan=False, ensure_ascii=False, indent=1) + "\n").encode()
