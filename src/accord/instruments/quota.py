"""What import and export quotas share: an upper limit on a sum of flows, and who earns its rent."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import PlainValidator

from accord.instruments.fields import ALL, MassRate, about
from accord.instruments.problem import FieldError, Problem, shown
from accord.instruments.scope import LaneTerm, code_problems, regions_named
from accord.market import Limit, Market


def read_rent_to(value: object) -> str:
    """Return who earns a rent: "importer", "exporter", "nobody" or a region's code."""
    words = {"importer", "exporter", "nobody"}
    if isinstance(value, str) and (value in words or (value.isupper() and value.isalnum())):
        return value
    allowed = '"importer", "exporter", "nobody", or a country code'
    raise FieldError(shown(value), allowed, 'write "importer" if the importer hands out licences')


RentTo = Annotated[str, PlainValidator(read_rent_to)]


def rent_problems(term: LaneTerm, rent_to: str, market: Market) -> list[Problem]:
    """Return what is wrong with the earner of a rent in this market."""
    if rent_to == "nobody":
        return []
    if rent_to not in {"importer", "exporter"}:
        return code_problems("rent_to", (rent_to,), market)
    side = term.importers if rent_to == "importer" else term.exporters
    if side != ALL and len(regions_named(side, market)) == 1:
        return []
    found = f'rent_to = "{rent_to}" with more than one {rent_to}'
    fix = 'write a term for each, or name one treasury, or rent_to = "nobody"'
    return [Problem(("rent_to",), found, f"one {rent_to}, who earns the rent", fix)]


def rent_earner(term: LaneTerm, rent_to: str, market: Market) -> str | None:
    """Return the region that earns a rent, or ``None`` where it is a real cost."""
    if rent_to == "nobody":
        return None
    codes = {"importer": term.importers, "exporter": term.exporters}.get(rent_to, (rent_to,))
    return next(iter(regions_named(codes, market)), None)


class Quota(LaneTerm):
    """An upper limit on the sum of the flows of the term's lanes, in tonnes a year.

    Several exporters or importers share one limit; for a limit each, write a term each. A quota of
    0 is a ban.
    """

    ramped: ClassVar[tuple[str, ...]] = ("quantity",)

    quantity: MassRate = about("0 t/yr or more", '"275 kt/yr"')
    rent_to: RentTo = about(
        'who earns the scarcity rent: "importer", "exporter", "nobody" or a country',
        '"importer"',
        "importer",
    )

    def apply(self, market: Market) -> Market:
        """Return the market with the limit."""
        return market.with_limit(
            Limit(
                measure=self.id,
                sense="at_most",
                lanes=self.lanes(market),
                bound=self.quantity,
                rent_to=rent_earner(self, self.rent_to, market),
            )
        )

    def faults(self, market: Market) -> list[Problem]:
        """Return what is wrong with the term in this market."""
        return super().faults(market) or rent_problems(self, self.rent_to, market)
