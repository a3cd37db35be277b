"""What answers the terms that are not about the market: one entry for each domain.

To add a domain: a kind of term with that ``domain`` (``instruments``), a module here with
``answer`` and ``faults``, and an entry in ``DOMAINS``. The room itself is imported when it is
needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accord.assessment.part import Part
from accord.deal import Deal
from accord.errors import Fault, NoCertifiedAnswer
from accord.instruments import Term
from accord.instruments.problem import Problem, concerning, listed
from accord.pack import Pack

Wrong = tuple[str, Problem]
"""The id of a term, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Domain:
    """How the terms of one domain are answered.

    ``answer``  the part, from the terms, the deal, the day of the question and the pack of the
                deal's market, with what is fixed in it; ``None`` where the deal has no market
    ``faults``  what is wrong with the terms beyond what each shows in itself
    ``packs``   packs that the deal must name
    """

    answer: Callable[[Sequence[Term], Deal, date, Pack | None], Part]
    faults: Callable[[Sequence[Term], Deal, date], Sequence[Wrong]]
    packs: tuple[str, ...] = ()


def _budget() -> Domain:
    from accord.assessment import budget_part  # noqa: PLC0415 - only where it is asked for

    return Domain(budget_part.answer, budget_part.faults, ("budgets",))


def _project() -> Domain:
    from accord.assessment import project_part  # noqa: PLC0415 - only where it is asked for

    return Domain(project_part.answer, project_part.faults, ("aluminium",))


def _minerals() -> Domain:
    from accord.assessment import minerals_part  # noqa: PLC0415 - only where it is asked for

    return Domain(minerals_part.answer, minerals_part.faults, (minerals_part.PACK,))


DOMAINS: dict[str, Callable[[], Domain]] = {
    "budget": _budget,
    "project": _project,
    "minerals": _minerals,
}


def faults(deal: Deal, as_of: date) -> tuple[Fault, ...]:
    """Return what is wrong with the terms of a deal that are not about the market."""
    return tuple(fault for name in _asked(deal) for fault in faults_in(name, deal, as_of))


def answers(deal: Deal, as_of: date, market: Pack | None = None) -> tuple[Part, ...]:
    """Return a part for each domain of the deal but the market, in the order of its file.

    ``market``  the pack of the deal's market, if it has one. The deal has no ``faults``. Raises
    ``NoCertifiedAnswer`` where a check fails.
    """
    return tuple(answer(name, deal, as_of, market) for name in _asked(deal))


def answer(name: str, deal: Deal, as_of: date, market: Pack | None = None) -> Part:
    """Return the part of one domain of a deal. Raises as ``answers``."""
    part = DOMAINS[name]().answer(_terms(name, deal), deal, as_of, market)
    _refuse_failed(part)
    return part


def _asked(deal: Deal) -> tuple[str, ...]:
    return tuple(name for name in deal.domains if name != "market")


def _terms(name: str, deal: Deal) -> tuple[Term, ...]:
    return tuple(term for term in deal.terms if term.domain == name)


def faults_in(name: str, deal: Deal, as_of: date) -> Iterator[Fault]:
    """Yield what is wrong with the terms of one domain."""
    domain = DOMAINS[name]()
    missing = [pack for pack in domain.packs if pack not in deal.packs]
    if missing:
        terms = listed([term.id for term in _terms(name, deal)], "and")
        allowed = f"the pack {listed(missing, 'and')} among them, which {terms} needs"
        fix = f"write pack = {[*deal.packs, *missing]}".replace("'", '"')
        yield Fault(deal.file, listed(deal.packs, "and"), allowed, fix, term="deal", field="pack")
    entries = {entry.term.id: entry for entry in deal.entries}
    for term, problem in domain.faults(_terms(name, deal), deal, as_of):
        if not concerning(problem, entries[term].faulty):
            yield entries[term].fault(deal.file, problem, deal.active)


def _refuse_failed(part: Part) -> None:
    failed = [check for check in part.checks if not check.ok]
    if failed:
        said = "; ".join(
            f"{x.name}: off by {x.value:.1e} (allowed {x.tolerance:.0e})" for x in failed
        )
        remedy = "report this with the deal file: the part's own sums do not agree"
        raise NoCertifiedAnswer(f"{part.title}: {said}", remedy)
