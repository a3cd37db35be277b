"""Terms of one deal that cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from accord.deal.deal import Entry
from accord.instruments.ban import Ban
from accord.instruments.duty import Duty
from accord.instruments.export_tax import ExportTax
from accord.instruments.fields import ALL
from accord.instruments.problem import Problem
from accord.instruments.quota import Quota
from accord.instruments.scope import LaneTerm
from accord.instruments.supply_commitment import SupplyCommitment
from accord.instruments.tariff_rate_quota import TariffRateQuota
from accord.instruments.term import Term
from accord.instruments.trade_relations import TradeRelations

_APART = "drop one of the two, or give them dates that do not overlap"


def contradictions(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Problem]]:
    """Yield each term that an earlier one contradicts, and how."""
    for first, second in combinations(entries, 2):
        if first.faulty or second.faulty or not first.term.overlaps(second.term):
            continue
        for rule in _RULES:
            problem = rule(first.term, second.term)
            if problem is not None:
                yield second, problem
                break


def conflict(first: Term, second: Term) -> Problem | None:
    """Return how two measures of one law, in force on the same day, contradict each other.

    Naming each other (an exemption and the duty it is from) is what measures of a law do.
    """
    rules = (rule for rule in _RULES if rule is not _ends_its_own)
    return next((p for rule in rules if (p := rule(first, second)) is not None), None)


def _banned_and_counted(a: Term, b: Term) -> Problem | None:
    ban, counted = (a, b) if isinstance(a, Ban) else (b, a)
    if not isinstance(ban, Ban) or not isinstance(counted, LaneTerm) or not covers(ban, counted):
        return None
    if not _quantity(counted):
        return None
    found = f'trade that "{ban.id}" forbids and "{counted.id}" counts on'
    return Problem((), found, "terms that can hold together", _APART)


def _quantity(term: Term) -> float:
    if isinstance(term, Quota | TariffRateQuota):
        return term.quantity
    if isinstance(term, SupplyCommitment):
        return term.at_least or term.up_to or 0.0
    return 0.0


def _same_duty(a: Term, b: Term) -> Problem | None:
    if not isinstance(a, LaneTerm) or not isinstance(b, LaneTerm):
        return None
    twice = type(a) is type(b) and isinstance(a, Duty | ExportTax | Quota | Ban) and _same(a, b)
    if not twice and not _both_replace(a, b):
        return None
    what = "ban" if isinstance(b, Ban) else "quota" if isinstance(b, Quota) else "duty"
    found = f'a {what} on {b.trade()}, which "{a.id}" sets too'
    fix = "drop one of the two, or name different goods or countries"
    return Problem((), found, f"one {what} for the same trade at a time", fix)


def _both_replace(a: LaneTerm, b: LaneTerm) -> bool:
    if not isinstance(a, Duty) or not isinstance(b, Duty) or not meets(a, b):
        return False
    if a.mode == "adds" or b.mode == "adds":
        return False
    return not a.replaces or not b.replaces or bool(set(a.replaces) & set(b.replaces))


def _more_than_allowed(a: Term, b: Term) -> Problem | None:
    return _above(a, b, b) or _above(b, a, b)


def _above(limit: Term, commitment: Term, place: Term) -> Problem | None:
    if not isinstance(commitment, SupplyCommitment) or not commitment.at_least:
        return None
    top = limit.quantity if isinstance(limit, Quota) else None
    top = limit.up_to if isinstance(limit, SupplyCommitment) else top
    if top is None or not isinstance(limit, LaneTerm) or not covers(limit, commitment):
        return None
    if commitment.at_least <= top:
        return None
    least, most = f"{commitment.at_least / 1e3:g} kt/yr", f"{top / 1e3:g} kt/yr"
    found = f'at least {least} in "{commitment.id}", at most {most} in "{limit.id}"'
    field = "at_least" if place is commitment else "quantity"
    field = "up_to" if place is limit and isinstance(limit, SupplyCommitment) else field
    fix = f"commit to at most {most}, or allow {least}"
    return Problem((field,), found, "a commitment within what the deal allows", fix)


def _suspended_and_normal(a: Term, b: Term) -> Problem | None:
    if not isinstance(a, TradeRelations) or not isinstance(b, TradeRelations):
        return None
    if a.relations == b.relations or not meets(a, b):
        return None
    found = f'"{b.relations}", where "{a.id}" says "{a.relations}" for the same partners'
    return Problem(("relations",), found, "one status for the same partners", _APART)


def _ends_its_own(a: Term, b: Term) -> Problem | None:
    for one, other in ((a, b), (b, a)):
        for name in one.names_measures:
            if other.id in getattr(one, name):
                found = f'"{other.id}" in {name} of "{one.id}": a term of this deal'
                allowed = "measures of the law before the deal"
                fix = f'drop "{other.id}", or give it an end with until'
                return Problem((name,) if one is b else (), found, allowed, fix)
    return None


_RULES: tuple[Callable[[Term, Term], Problem | None], ...] = (
    _banned_and_counted,
    _same_duty,
    _more_than_allowed,
    _suspended_and_normal,
    _ends_its_own,
)


def covers(a: LaneTerm, b: LaneTerm) -> bool:
    """Return whether all trade of ``b`` is trade of ``a``, as far as the codes tell."""
    goods = a.goods == ALL or (b.goods != ALL and set(b.goods) <= set(a.goods))
    pairs = ((a.exporters, b.exporters), (a.importers, b.importers))
    return goods and all(_holds(x, a.excluded, y, b.excluded) for x, y in pairs)


def meets(a: LaneTerm, b: LaneTerm) -> bool:
    """Return whether some trade is in both terms, as far as the codes tell."""
    goods = ALL in (a.goods, b.goods) or bool(set(a.goods) & set(b.goods))
    pairs = ((a.exporters, b.exporters), (a.importers, b.importers))
    return goods and all(_share(x, a.excluded, y, b.excluded) for x, y in pairs)


Codes = tuple[str, ...]


def _holds(a: Codes, not_a: Codes, b: Codes, not_b: Codes) -> bool:
    if a == ALL:
        return set(not_a) <= set(not_b) if b == ALL else not set(not_a) & set(b)
    return b != ALL and set(b) <= set(a)


def _share(a: Codes, not_a: Codes, b: Codes, not_b: Codes) -> bool:
    if ALL not in (a, b):
        return bool(set(a) & set(b))
    named = (set(a) | set(b)) - set(ALL)
    out = set(not_a if a == ALL else ()) | set(not_b if b == ALL else ())
    return not named or bool(named - out)


def _same(a: LaneTerm, b: LaneTerm) -> bool:
    return covers(a, b) and covers(b, a)
