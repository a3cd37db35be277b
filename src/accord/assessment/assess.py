"""From a deal and a date to an answer: the one place where all rooms meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from accord import deal as deals
from accord.assessment import parts as domains
from accord.assessment.assessment import Answer
from accord.assessment.certificate import IDENTITY_TOLERANCE, certified
from accord.assessment.market_answer import MarketAnswer
from accord.assessment.market_question import question_of
from accord.assessment.part import Part
from accord.assessment.paths import Years
from accord.assessment.reference import DealReference, find
from accord.assessment.sampling import POINT, Sampling
from accord.assessment.without_market import answer_without_market
from accord.claims import words_of
from accord.deal import Deal
from accord.ensemble.ask import MIXED
from accord.errors import Fault, InputError
from accord.pack import Wished

__all__ = ["DEFAULT_CLOSURE", "IDENTITY_TOLERANCE", "assess", "assess_named", "assess_reference"]

DEFAULT_CLOSURE = "share"


def assess_named(  # noqa: PLR0913 - the question has as many parts
    text: str,
    *,
    as_of: date | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | None = None,
    sampling: Sampling = POINT,
    fixed: Wished = (),
) -> Answer:
    """Return the answer of ``path-or-name[:variant]``. Raises as ``assess``."""
    return assess_reference(
        find(text), as_of=as_of, closure=closure, years=years, sampling=sampling, fixed=fixed
    )


def assess_reference(  # noqa: PLR0913 - the question has as many parts
    reference: DealReference,
    *,
    as_of: date | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | None = None,
    sampling: Sampling = POINT,
    fixed: Wished = (),
) -> Answer:
    """Return the answer of a deal file that has been found. Raises as ``assess``."""
    deal = deals.load(reference.path, words_of(reference.path))
    return assess(
        deal,
        variant=reference.variant,
        as_of=as_of or reference.as_of,
        closure=closure,
        years=years,
        sampling=sampling,
        fixed=fixed,
    )


def assess(  # noqa: PLR0913 - the question has as many parts
    deal: Deal,
    *,
    variant: str | None = None,
    as_of: date | None = None,
    closure: str = DEFAULT_CLOSURE,
    years: Years | None = None,
    sampling: Sampling = POINT,
    fixed: Wished = (),
) -> Answer:
    """Answer a deal as of a day: before is the law of that day, after has the deal on top.

    Without ``as_of`` it is the day of the variant, else of the deal. With ``years``, first and
    last, their path is answered too; with draws in ``sampling`` every effect has its range. Numbers
    of the pack that are ``fixed``, by key or by a name like ``sigma.aluminium``, stand at their
    value in the point and in every draw. A deal about a market has an ``Assessment``, any other an
    ``Answer`` that is all parts. Raises ``InputError`` where the deal does not fit the pack,
    ``NoCertifiedAnswer`` where a check fails.
    """
    chosen = deal.variant(variant)
    day = as_of or chosen.as_of
    if not chosen.has_market:
        asked = {"years": years, "closure": closure != DEFAULT_CLOSURE, "fix": fixed}
        return answer_without_market(chosen, day, [name for name, given in asked.items() if given])
    if closure == MIXED and sampling.draws == 0:
        raise InputError([_no_draws()])
    question = question_of(chosen, day, DEFAULT_CLOSURE if closure == MIXED else closure, fixed)
    path = question.path(years)
    cases = question.access_cases()
    central = next(case for case in cases if case.weights == "central")
    check = certified(central.effects)
    # What is not about the market needs nothing of the draws: one waits for the other, or neither.
    parts: list[Part] = []

    def others() -> None:
        parts.extend(domains.answers(chosen, day, question.pack))

    ensemble = question.ensemble(central.effects, sampling, closure, others)
    answer = MarketAnswer(question, central, cases, check, tuple(parts), ensemble).assessment()
    if path is None:
        return answer
    return replace(answer, paths=path.answer(), because=(*path.never_begun(), *answer.because))


def _no_draws() -> Fault:
    return Fault(
        file="command line",
        field="closure",
        found=f"{MIXED}, in an answer without draws",
        allowed=f"{MIXED} with draws: it gives each draw a closure of its own",
        fix="ask for draws, or name one closure",
    )
