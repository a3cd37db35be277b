"""``datapackage.json``: what each table of a bundle holds (Frictionless Data Package 1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accord import __version__
from accord.assessment import Answer
from accord.report import opening
from accord.report.cited import cited
from accord.report.reproduce import origins
from accord.report.table_schema import Field


@dataclass(frozen=True, slots=True)
class Resource:
    """A table in the bundle: where it stands, its bytes, its columns."""

    path: str
    data: bytes
    fields: Sequence[Field]
    rows: int


def data_package(a: Answer, resources: Sequence[Resource]) -> dict[str, Any]:
    """Return the description of a bundle as plain values."""
    variant = [] if a.deal.variant is None else [a.deal.variant]
    return {
        "profile": "tabular-data-package",
        "name": _slug("-".join([a.deal.slug, *variant])),
        "title": opening.title(a),
        "description": a.headline,
        "version": __version__,
        "keywords": ["trade policy", "partial equilibrium", *(p.name for p in a.packs)],
        "origin": {x.what: x.value for x in origins(a)},
        "sources": _sources(a),
        "resources": [_resource(x) for x in resources],
    }


def _sources(a: Answer) -> list[dict[str, str]]:
    """Return every source with its publisher and licence; a path is where to get it."""
    return [
        {
            name: text
            for name, text in (
                ("title", x.title),
                ("path", x.url if x.url.startswith(("http://", "https://")) else ""),
                ("publisher", x.publisher),
                ("year", "" if x.year is None else str(x.year)),
                ("licence", x.licence),
                ("id", x.id),
                ("cited_by", x.cited_by),
            )
            if text
        }
        for x in cited(a)
    ]


def _resource(x: Resource) -> dict[str, Any]:
    return {
        "name": _slug(x.path.rpartition("/")[2].removesuffix(".csv")),
        "path": x.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(x.data),
        "hash": f"sha256:{hashlib.sha256(x.data).hexdigest()}",
        "rows": x.rows,
        "schema": {"fields": [_field(f) for f in x.fields], "missingValues": [""]},
    }


def _field(x: Field) -> dict[str, str]:
    told = {"unit": x.unit, "description": x.description}
    return {"name": x.name, "type": x.type} | {name: text for name, text in told.items() if text}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-")
