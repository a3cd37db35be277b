"""The bilateral matrix of 2017 from a BACI download (CEPII), for those without our trade table.

BACI has already reconciled the two sides' reports, so both mirrors are the same figure. Files:
``BACI_HS92_Y2017_V*.csv`` with columns t, i, j, k, v, q (year, exporter, importer, product, value
in thousand USD, quantity in tonnes) and ``country_codes_V*.csv`` with country_code and
country_iso3 (older editions: iso_3digit_alpha).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from accord.errors import Fault, InputError, SourcesAbsent
from accord.pack.build.mirror import Mirror
from accord.pack.build.tables import Row

GOOD_OF_CODE = {"260600": "bauxite", "281820": "alumina", "7601": "aluminium"}
TONNES_PER_KT = 1000.0
ORIGIN = "CEPII, BACI (HS 1992), free after registration"
URL = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
ISO_COLUMNS = ("country_iso3", "iso_3digit_alpha", "iso3")


def mirrors(trade: Path, countries: Path, members: Mapping[str, str], year: int) -> list[Mirror]:
    """Return flows between regions as mirrors whose two sides agree, kt.

    ``members`` maps ISO alpha-3 codes to regions; others are ROW. Raises ``SourcesAbsent`` where a
    file is missing and ``InputError`` where a column is.
    """
    _require(trade, countries)
    iso = _iso_codes(countries)
    totals: dict[tuple[str, str, str], float] = {}
    for row in _rows(trade, ("t", "i", "j", "k", "q")):
        good = _good(row["k"])
        if good is None or row["t"].strip() != str(year):
            continue
        origin, destination = (
            members.get(iso.get(row[side].strip(), ""), "ROW") for side in ("i", "j")
        )
        lane = (good, origin, destination)
        totals[lane] = totals.get(lane, 0.0) + _tonnes(row["q"]) / TONNES_PER_KT
    return [Mirror(*lane, value, value) for lane, value in sorted(totals.items())]


def _good(code: str) -> str | None:
    code = code.strip().zfill(6)
    return GOOD_OF_CODE.get(code) or GOOD_OF_CODE.get(code[:4])


def _tonnes(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0  # BACI writes NA where a quantity is unknown


def _iso_codes(countries: Path) -> dict[str, str]:
    rows = list(_rows(countries, ("country_code",)))
    column = next((name for name in ISO_COLUMNS if rows and name in rows[0]), None)
    if column is None:
        raise _no_column(countries, " or ".join(ISO_COLUMNS))
    return {row["country_code"].strip(): row[column].strip() for row in rows}


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise _no_column(path, ", ".join(missing))
        yield from reader


def _no_column(path: Path, name: str) -> InputError:
    fault = Fault(
        file=str(path),
        found=f"no column {name}",
        allowed="a BACI file as CEPII publishes it",
        fix=f"download it again from {URL}",
        line=1,
    )
    return InputError([fault])


def _require(*paths: Path) -> None:
    faults = [
        Fault(file=str(path), found="no such file", allowed=ORIGIN, fix=f"get it from {URL}")
        for path in paths
        if not path.is_file()
    ]
    if faults:
        raise SourcesAbsent(faults)
