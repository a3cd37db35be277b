"""Duties as written on a command line: IMPORTER:EXPORTER:SECTOR=RATE, * for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from accord.economy.baseline import Shock
from accord.economy.world import WorldTable
from accord.errors import Fault, InputError

FORM = re.compile(r"([^:=]+):([^:=]+):([^:=]+)=(.+)")
EXAMPLE = "USA:CHN:*=10% (importer, exporter, sector, duty on top of what there is)"
ALL = "*"
# A bare number above this is more likely a percentage without its sign (conventions C5).
BARE = 1.0


class Duty(NamedTuple):
    """A duty on top of what there is; ``*`` stands for every region or sector."""

    importer: str
    exporter: str
    sector: str
    rate: float


def read_duties(texts: Sequence[str], table: WorldTable) -> tuple[Duty, ...]:
    """Return duties as written. Raises ``InputError`` with everything wrong with any of them."""
    found: list[Fault] = []
    duties: list[Duty] = []
    for text in texts:
        parts = FORM.fullmatch(text.strip())
        if parts is None:
            found.append(_fault(text, EXAMPLE, "write the three names and a rate"))
            continue
        importer, exporter, sector = (parts[k].strip() for k in (1, 2, 3))
        rate = _rate(parts[4].strip())
        if rate is None:
            allowed = "a percentage as 10%, or a fraction as 0.10, above −100 %"
            found.append(_fault(text, allowed, "write for example 10%"))
        for what, label in (("importer", importer), ("exporter", exporter)):
            if label != ALL and label not in table.regions:
                found.append(_unknown(text, what, label, table.regions, table.name))
        if sector != ALL and sector not in table.sectors:
            found.append(_unknown(text, "sector", sector, table.sectors, table.name))
        if importer == exporter != ALL:
            found.append(_fault(text, "two different regions", "a duty is paid at a border"))
        duties.append(Duty(importer, exporter, sector, rate or 0.0))
    if found:
        raise InputError(found)
    return tuple(duties)


def shock_of_duties(duties: Sequence[Duty], table: WorldTable) -> Shock:
    """Return the shock of duties added to those of the table; home sales bear none.

    Raises ``InputError`` where they would take a duty below 0.
    """
    tariff = table.tariff.copy()
    for duty in duties:
        sectors = _chosen(duty.sector, table.sectors)
        importers = _chosen(duty.importer, table.regions)
        exporters = _chosen(duty.exporter, table.regions)
        tariff[np.ix_(sectors, importers, exporters)] += duty.rate
    place = np.arange(len(table.regions))
    tariff[:, place, place] = 0.0
    low = np.argwhere(tariff < 0.0)
    if len(low):
        j, n, i = (int(k) for k in low[0])
        where = f"{table.regions[n]}:{table.regions[i]}:{table.sectors[j]}"
        found = f"{len(low)} duties below 0, the first {where} at {100.0 * tariff[j, n, i]:g} %"
        fix = "take off no more than the table has; the model has no subsidies to imports"
        raise InputError([_fault(found, "0 or more in all", fix)])
    return Shock(tariff=tariff)


def _chosen(label: str, labels: Sequence[str]) -> list[int]:
    return [k for k, name in enumerate(labels) if label in {ALL, name}]


def _rate(text: str) -> float | None:
    try:
        percent = text.endswith("%")
        rate = float(text.removesuffix("%")) / (100.0 if percent else 1.0)
    except ValueError:
        return None
    if not np.isfinite(rate) or rate <= -1.0 or (rate > BARE and not percent):
        return None
    return rate


def _unknown(text: str, what: str, label: str, labels: Sequence[str], table: str) -> Fault:
    allowed = f"a name of the table {table}, or *: {', '.join(labels)}"
    return _fault(f"{text}: the {what} {label}", allowed, "correct it, or name another --table")


def _fault(found: str, allowed: str, fix: str) -> Fault:
    return Fault("command line", found, allowed, fix, field="duty")
