"""TOML values by shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

Row = Mapping[str, object]


def table_of(value: object) -> Row | None:
    """Return the value if it is a table."""
    return cast("Row", value) if isinstance(value, dict) else None


def list_of(value: object) -> list[object] | None:
    """Return the value if it is a list."""
    return cast("list[object]", value) if isinstance(value, list) else None


def tables_in(value: object) -> list[Row]:
    """Return the tables of a list of them; whatever else there is is left out."""
    tables = (table_of(x) for x in list_of(value) or [])
    return [table for table in tables if table is not None]
