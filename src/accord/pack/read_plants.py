"""Reads what is known of single plants and of the users of a good."""

from __future__ import annotations

from dataclasses import replace

from accord.errors import Fault
from accord.pack import schema
from accord.pack.columns import Known
from accord.pack.contents import Plant, UserShare
from accord.pack.reader import Reader, cells_of
from accord.pack.tables import Table

TOLERANCE = 1e-6
"""How far the shares of a region's users may be from 1."""


def read_plants(reader: Reader, known: Known) -> tuple[Plant, ...]:
    """Return what is known of single plants."""
    table = reader.table("plants.csv", schema.PLANTS, known, needed=False)
    if not table.sound or not table.present:
        return ()
    words = ("kind", "region", "plant", "name", "place", "technology", "power_source", "grid")
    figures = zip(table.number["value"], cells_of(table, "source", "status"), strict=True)
    return tuple(
        Plant(
            kind=kind,
            region=region,
            plant=plant,
            name=name,
            place=place,
            technology=technology,
            power_source=power_source,
            grid=grid,
            listed=listed,
            source=source,
            status=status,
            line=line,
        )
        for (
            (kind, region, plant, name, place, technology, power_source, grid),
            (listed, (source, status)),
            line,
        ) in zip(cells_of(table, *words), figures, table.lines, strict=True)
    )


def read_users(reader: Reader, known: Known) -> tuple[UserShare, ...]:
    """Return who uses goods outside the chain; the shares of a region add up to 1."""
    table = reader.table("downstream_users.csv", schema.USERS, known, needed=False)
    if not table.sound or not table.present:
        return ()
    rows = _users(table)
    sums: dict[tuple[str, str], float] = {}
    for row in rows:
        sums[row.good, row.region] = sums.get((row.good, row.region), 0.0) + row.share
    faults = [
        Fault(
            table.file,
            f"shares that add up to {total:.6g}",
            "shares of a region's users that add up to 1",
            "correct them, or add a row for all others",
            term=f"{good} {region}",
        )
        for (good, region), total in sums.items()
        if abs(total - 1.0) > TOLERANCE
    ]
    reader.faults += faults
    if faults:
        return ()
    return tuple(replace(row, share=row.share / sums[row.good, row.region]) for row in rows)


def _users(table: Table) -> list[UserShare]:
    words = ("good", "region", "user", "year", "source", "status")
    return [
        UserShare(good, region, user, share, int(year), source, status)
        for (good, region, user, year, source, status), share in zip(
            cells_of(table, *words), table.number["value"], strict=True
        )
    ]
