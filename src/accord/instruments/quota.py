"""What import and export quotas share: an upper limit on a sum of flows, and who earns its rent."""

from __future__ import annotations

from typing import ClassVar

from accord.instruments.fields import ALL, MassRate, about
from accord.instruments.problem import FieldError, Problem, shown
from accord.instruments.scope import LaneTerm, code_problems, no_more_than_one, regions_named
from accord.market import Limit, Market

RENT_WORDS = ("importer", "exporter", "nobody")


def read_rent_to(value: object) -> str:
    """Return who earns a quota's rent: one of ``RENT_WORDS`` or a region's code."""
    if isinstance(value, str) and (value in RENT_WORDS or (value.isupper() and value.isalnum())):
        return value
    allowed = '"importer", "exporter", "nobody", or a country code'
    raise FieldError(shown(value), allowed, 'write "importer" if the importer hands out licences')


def rent_problems(term: LaneTerm, rent_to: str, market: Market) -> list[Problem]:
    """Return what is wrong with the earner of the rent in this market."""
    if rent_to in {"importer", "exporter"}:
        side = term.importers if rent_to == "importer" else term.exporters
        if len(regions_named(side, market)) == 1 or len(side) == 1 and side != ALL:
            return []
        return no_more_than_one(f"{rent_to}s", side, f'rent_to = "{rent_to}" needs to be one treasury')
    if rent_to == "nobody":
        return []
    return code_problems("rent_to", (rent_to,), market)


def rent_earner(term: LaneTerm, rent_to: str, market: Market) -> str | None:
    """Return the region that earns the rent, or ``None``."""
    if rent_to == "nobody":
        return None
    codes = {"importer": term.importers, "exporter": term.exporters}.get(rent_to, (rent_to,))
    return next(iter(regions_named(codes, market)), None)
