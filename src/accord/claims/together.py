"""Readings that must hold together: whether they do, and in how many of the draws they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.claims.reasons import chance_in_words, whole_percent
from accord.claims.verdict import Verdict
from accord.deal.tables import Together
from accord.instruments.problem import listed
from accord.probability.quantiles import Estimate, probability_with_error

if TYPE_CHECKING:
    from accord.claims.ledger import Judged, JudgedClaim

BOTH = 2


class Member(NamedTuple):
    """One of the readings: ``claim/reading``, its verdict, how often it holds by itself.

    ``alone`` is over the common draws, ``None`` where there are none.
    """

    name: str
    asserts: str
    verdict: Verdict
    alone: float | None


@dataclass(frozen=True)
class JudgedTogether:
    """Readings that must hold together, judged.

    ``chance``      the part of the common ``draws`` in which all hold, ``None`` without any
    ``if_unrelated``  what that would be if they had nothing to do with each other
    """

    id: str
    says: str
    why: str
    members: tuple[Member, ...]
    verdict: Verdict
    chance: Estimate | None
    draws: int
    if_unrelated: float | None
    because: str

    def to_json(self) -> dict[str, Any]:
        """Return it as programs read it; absent values are ``None``."""
        share = self.chance
        return {
            "id": self.id,
            "says": self.says,
            "why": self.why,
            "verdict": self.verdict,
            "probability": None if share is None else share.value,
            "probability_low": None if share is None else share.low,
            "probability_high": None if share is None else share.high,
            "draws": self.draws,
            "if_unrelated": self.if_unrelated,
            "readings": [member._asdict() for member in self.members],
            "because": self.because,
        }


def judge_together(
    tables: Sequence[Together], claims: Sequence[JudgedClaim]
) -> tuple[JudgedTogether, ...]:
    """Return every table judged, from readings that have been."""
    found = {f"{claim.id}/{r.reading}": r for claim in claims for r in claim.readings}
    return tuple(
        _judged(table, [found[name] for name in table.readings])
        for table in tables
        if all(name in found for name in table.readings)
    )


def _judged(table: Together, readings: Sequence[Judged]) -> JudgedTogether:
    numbers, held = in_common(readings)
    alone = [float(row.mean()) for row in held] if numbers.size else [None] * len(readings)
    chance = None
    if numbers.size:
        chance = probability_with_error(int(held.all(axis=0).sum()), numbers.size)
    verdict = conjunction([r.verdict for r in readings])
    apart = None if not numbers.size else float(np.prod([x for x in alone if x is not None]))
    return JudgedTogether(
        id=table.id,
        says=table.says,
        why=table.why,
        members=tuple(
            Member(name, r.asserts, r.verdict, share)
            for name, r, share in zip(table.readings, readings, alone, strict=True)
        ),
        verdict=verdict,
        chance=chance,
        draws=int(numbers.size),
        if_unrelated=apart,
        because=_because(table, readings, chance, int(numbers.size), apart),
    )


def in_common(readings: Sequence[Judged]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the draws that all readings are on (S,), and which readings hold in them (r, S).

    A reading is matched by the draw's number: draws without an answer leave different gaps.
    """
    maps = [_by_number(r) for r in readings]
    shared = sorted(n for n in maps[0] if all(n in other for other in maps[1:]))
    held = np.array([[each[n] for n in shared] for each in maps], dtype=np.bool_)
    return np.array(shared, dtype=np.intp), held.reshape(len(maps), len(shared))


def _by_number(judged: Judged) -> dict[int, bool]:
    """Return in which draws a reading holds, by the draw's number; empty without any."""
    held = judged.held
    return {} if held is None else dict(zip(held.numbers, held.holds, strict=True))


def conjunction(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on several readings at once: one that fails fails them all."""
    found = set(verdicts)
    for decides in ("contradicted", "not checkable", "pending", "depends"):
        if decides in found:
            return decides
    return "supported"


def _because(
    table: Together, readings: Sequence[Judged], chance: Estimate | None, draws: int,
    apart: float | None,
) -> str:  # fmt: skip
    parts = [_central(table, readings)]
    if chance is None or apart is None:
        parts.append("No draws are common to them, so how often they hold together is not known.")
        return " ".join(parts)
    all_of = "both" if len(readings) == BOTH else f"all {len(readings)}"
    parts.append(f"{chance_in_words(chance, draws, f'meet {all_of}')}.")
    if chance.value != apart:
        parts.append(f"Were they unrelated it would be {whole_percent(apart)}.")
    return " ".join(parts)


def _central(table: Together, readings: Sequence[Judged]) -> str:
    """Say which of the readings hold by their own values, at the middle cut-offs."""
    missing = [
        name for name, r in zip(table.readings, readings, strict=True)
        if r.held is None or not r.held.by_value
    ]  # fmt: skip
    if not missing:
        return "By their central values they hold together, read middle."
    fail = "fails" if len(missing) == 1 else "fail"
    return f"By their central values they do not: {listed(missing, 'and')} {fail}, read middle."
