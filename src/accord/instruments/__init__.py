"""The kinds of terms: each turns a Market into a Market, in a file of its own.

The same kinds make up a deal and the dated law of a pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accord.instruments.ban import Ban
from accord.instruments.budget_cut import BudgetCut
from accord.instruments.capacity import NewCapacity
from accord.instruments.closure import Closure
from accord.instruments.exemption import Exemption
from accord.instruments.export_quota import ExportQuota
from accord.instruments.export_tax import ExportTax
from accord.instruments.import_duty import ImportDuty
from accord.instruments.import_quota import ImportQuota
from accord.instruments.joint_exploration import JointExploration
from accord.instruments.joint_project import JointProject
from accord.instruments.lift import Lift
from accord.instruments.offtake import Offtake
from accord.instruments.price_floor import PriceFloor
from accord.instruments.problem import (
    Problem,
    TermError,
    field_names,
    listed,
    nearest,
    shown,
)
from accord.instruments.smelt_origin_duty import SmeltOriginDuty
from accord.instruments.subsidy import Subsidy
from accord.instruments.supply_commitment import SupplyCommitment
from accord.instruments.table import read_table
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
    "joint_project": JointProject,
    "joint_exploration": JointExploration,
    "offtake": Offtake,
    "price_floor": PriceFloor,
    "trade_relations": TradeRelations,
    "budget_cut": BudgetCut,
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
    name = table.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise _unknown_kind(table)
    term, problems = read_table(KINDS[name], table)
    if term is None or problems:
        raise TermError(problems, term)
    return term


def enact(market: Market, terms: Iterable[Term]) -> Market:
    """Return the market with terms put into effect together.

    Terms of one stage keep their order. Measures end before others begin; a duty in place of
    others finds them all there; exemptions come after what they exempt from.
    """
    for term in sorted(terms, key=lambda t: t.stage):
        market = term.apply(market)
    return market


def _unknown_kind(table: Mapping[str, object]) -> TermError:
    """Return what is wrong with a term of no known kind: that, and what any term may have wrong."""
    name = table.get("kind")
    likely = nearest(name, KINDS) if isinstance(name, str) else None
    found = "nothing" if name is None else f"the unknown kind {shown(name)}"
    fix = f'write "{likely}"' if likely else "`accord new` lists the kinds and what each needs"
    common = {k: v for k, v in table.items() if k != "kind" and k in field_names(Term)}
    blank = {"kind": "unmodelled", "what": "?", "why": "?"}
    stand_in, problems = read_table(Unmodelled, {**common, **blank})
    return TermError([Problem(("kind",), found, listed(KINDS), fix), *problems], stand_in)
