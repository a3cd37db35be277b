"""What an answer shows of the deal's own file, whatever its terms are about."""

from __future__ import annotations

import sys

import numpy as np

import accord
from accord.assessment.assessment import Deal as DealShown
from accord.assessment.assessment import TermLine
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.deal import Deal


def deal_shown(deal: Deal) -> DealShown:
    """Return the deal as it is shown, its active variant among it."""
    active = deal.variants.get(deal.active) if deal.active else None
    return DealShown(
        slug=deal.slug,
        title=deal.title,
        date=deal.date,
        status=deal.status,
        summary=deal.summary,
        variant=deal.active,
        variant_title=None if active is None else active.variant.title,
        variants=tuple(deal.variants),
    )


def deal_file(deal: Deal) -> Reference:
    """Return which file was read."""
    return Reference(deal.file, deal.date.isoformat(), deal.digest)


def term_lines(deal: Deal) -> tuple[TermLine, ...]:
    """Return the terms as they are shown."""
    return tuple(
        TermLine(t.id, t.kind, t.title, t.implied, t.assumed, t.reading) for t in deal.terms
    )


def own_assumptions(deal: Deal) -> tuple[Assumption, ...]:
    """Return what the deal's terms assume."""
    return tuple(
        Assumption(row.term, f"{row.field} = {row.value}", row.reading) for row in deal.assumed
    )


def own_not_modelled(deal: Deal) -> tuple[NotModelled, ...]:
    """Return what the deal's terms do and no model here shows."""
    return tuple(NotModelled(row.term, row.what, row.why) for row in deal.not_modelled)


def versions() -> tuple[tuple[str, str], ...]:
    """Return the versions that an answer depends on."""
    return (
        ("accord", accord.__version__),
        ("numpy", np.__version__),
        ("python", sys.version.partition(" ")[0]),
    )
