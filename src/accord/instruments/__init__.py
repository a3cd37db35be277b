"""The kinds of terms: each turns a Market into a Market, in a file of its own.

The same kinds make up a deal and the dated law of a pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from accord.instruments.ban import Ban
from accord.instruments.capacity import NewCapacity
from accord.instruments.closure import Closure
from accord.instruments.exemption import Exemption
from accord.instruments.export_quota import ExportQuota
from accord.instruments.export_tax import ExportTax
from accord.instruments.import_duty import ImportDuty
from accord.instruments.import_quota import ImportQuota
from accord.instruments.lift import Lift
from accord.instruments.problem import Problem, TermError, listed, nearest, problems_of, shown
from accord.instruments.smelt_origin_duty import SmeltOriginDuty
from accord.instruments.subsidy import Subsidy
from accord.instruments.supply_commitment import SupplyCommitment
from accord.instruments.tariff_rate_quota import TariffRateQuota
from accord.instruments.term import Term
from accord.instruments.trade_relations import ORDINARY_TARIFF, TradeRelations, ordinary_tariff
from accord.instruments.unmodelled import Unmodelled
from accord.market import Market

KINDS: dict[str, type[Term]] = {
    "import_duty": ImportDuty,
    "exemption": Exemption,
    "export_tax": ExportTax,
    "ban": Ban,
    "lift": Lift,
    "import_quota": ImportQuota,
    "export_quota": ExportQuota,
    "tariff_rate_quota": TariffRateQuota,
    "supply_commitment": SupplyCommitment,
    "smelt_origin_duty": SmeltOriginDuty,
    "subsidy": Subsidy,
    "capacity": NewCapacity,
    "closure": Closure,
    "trade_relations": TradeRelations,
    "unmodelled": Unmodelled,
}

__all__ = [
    "KINDS",
    "ORDINARY_TARIFF",
    "Problem",
    "Term",
    "TermError",
    "enact",
    "ordinary_tariff",
    "read_term",
]


def read_term(table: Mapping[str, object]) -> Term:
    """Return the term that a table of a file describes.

    Raises ``TermError`` with everything wrong with it, in itself: what needs the market is left to
    ``Term.faults``.
    """
    kind = _kind(table)
    try:
        term = kind.model_validate(dict(table))
    except ValidationError as error:
        problems = problems_of(error, kind)
        raise TermError([*problems, *_further(table, problems, kind)]) from None
    problems = term.disagreements()
    if problems:
        raise TermError(problems)
    return term


def enact(market: Market, terms: Iterable[Term]) -> Market:
    """Return the market with terms put into effect together.

    Terms of one stage keep their order. Measures end before others begin; a duty in place of
    others finds them all there; exemptions come after what they exempt from.
    """
    for term in sorted(terms, key=lambda t: t.stage):
        market = term.apply(market)
    return market


def _kind(table: Mapping[str, object]) -> type[Term]:
    name = table.get("kind")
    if isinstance(name, str) and name in KINDS:
        return KINDS[name]
    likely = nearest(name, KINDS) if isinstance(name, str) else None
    found = "nothing" if name is None else f"the unknown kind {shown(name)}"
    verb = "add kind =" if name is None else "write"
    fix = f'{verb} "{likely or "import_duty"}"'
    raise TermError([Problem(("kind",), found, listed(KINDS), fix)])


def _further(
    table: Mapping[str, object], problems: list[Problem], kind: type[Term]
) -> list[Problem]:
    """Return what else is wrong once the faulty fields are left out, as far as can be told."""
    faulty = {str(p.path[0]) for p in problems if p.path}
    rest = {k: v for k, v in table.items() if k not in faulty}
    try:
        further = kind.model_validate(rest).disagreements()
    except ValidationError:
        return []
    return [p for p in further if not faulty.intersection(map(str, p.path))]
