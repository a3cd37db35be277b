"""The OECD's inter-country input–output tables: wide CSV, a label CCC_INDUSTRY on both sides."""

from __future__ import annotations

from pathlib import Path

from accord.economy.data.assemble import Labels
from accord.economy.data.mapping import Aggregation
from accord.economy.data.wide import Layout, Node, read_wide
from accord.economy.world import Source, WorldTable

# Categories of final demand, by edition: 2021 and later, 2018 (with P33), 2016 and earlier.
FINAL = frozenset({"HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "INVNT_ADJ", "DPABR", "P33", "DIRPA"})
TOTAL = ("OUT", "TOTAL", "TOT")
NOT_MAKERS = frozenset({"TAXSUB", "VALU", "OUTPUT", *FINAL})
# Parts of a country that the extended tables show apart; final demand is of the whole country.
PARTS = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
SOURCE = Source(
    "oecd-icio",
    "OECD Inter-Country Input-Output Tables",
    "OECD terms and conditions: see the page of the edition",
    "reported",
    "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
)
STATED = ("makers that China and Mexico show apart (CN1, CN2, MX1, MX2) are added up",)


def read_icio(path: Path, mapping: Aggregation, labels: Labels) -> WorldTable:
    """Return the world table of an ICIO file (``2022_SML.csv``), aggregated by a mapping.

    Labels are ``CCC_INDUSTRY`` and ``CCC_HFCE`` and so on; rows of taxes, value added and output
    check the file and are otherwise left out. Raises as ``read_wide``.
    """
    layout = Layout(
        header=1,
        use=_industry,
        final=_final,
        maker=lambda cells: _industry(cells[0].strip()),
        total=TOTAL,
    )
    return read_wide(path, layout, mapping, labels)


def _split(label: str) -> tuple[str, str] | None:
    """Return region and the rest of a label; ``None`` for one without both."""
    region, joint, rest = label.partition("_")
    if not joint or not region or not rest:
        return None
    return PARTS.get(region, region), rest


def _industry(label: str) -> Node | None:
    parts = _split(label)
    return None if parts is None or parts[1] in NOT_MAKERS else Node(*parts)


def _final(label: str) -> str | None:
    parts = _split(label)
    return parts[0] if parts is not None and parts[1] in FINAL else None
