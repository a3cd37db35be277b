"""The answer of a deal whose terms are all about something else than a market."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accord import deal as deals
from accord.assessment import parts as domains
from accord.assessment.assessment import Answer
from accord.assessment.deal_lines import (
    deal_file,
    deal_shown,
    own_assumptions,
    own_not_modelled,
    term_lines,
    versions,
)
from accord.assessment.part import packs_of
from accord.assessment.part_results import results_of
from accord.claims import Scene
from accord.deal import Deal
from accord.errors import Fault, InputError


def answer_without_market(deal: Deal, day: date, options: Iterable[str]) -> Answer:
    """Return the answer, which is all parts.

    ``options``  those given that only a market has. Raises ``InputError`` for them, and where the
    deal is at fault.
    """
    _refuse_market_options(deal, options)
    wrong = [*deals.check_parties(deal), *domains.faults(deal, day)]
    if wrong:
        raise InputError(wrong)
    parts = domains.answers(deal, day)
    return Answer(
        deal=deal_shown(deal),
        deal_file=deal_file(deal),
        packs=packs_of(parts),
        as_of=day,
        headline=" ".join(part.headline for part in parts),
        terms=term_lines(deal),
        assumptions=(*own_assumptions(deal), *(x for p in parts for x in p.assumptions)),
        not_modelled=(*own_not_modelled(deal), *(x for p in parts for x in p.not_modelled)),
        scene=Scene(deal, day, parts=results_of(parts)),
        versions=versions(),
        parts=parts,
    )


def _refuse_market_options(deal: Deal, options: Iterable[str]) -> None:
    faults = [
        Fault(
            "command line",
            f"--{name} with {deal.slug}, which has no term about a market",
            f"--{name} for a deal about a market",
            f"leave --{name} out",
            field=name,
        )
        for name in options
    ]
    if faults:
        raise InputError(faults)
