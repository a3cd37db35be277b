"""Everything accord raises on purpose.

    AccordError
    ├── InputError          the input is at fault: exit status 2, all faults at once
    │   └── SourcesAbsent   a pack cannot be rebuilt because its sources are not here
    └── NoCertifiedAnswer   the model has no answer it can vouch for: exit status 1
        └── Infeasible      a minimum that cannot be met, with the point that shows it

A ``Fault`` is one thing wrong with one place of one file. Faults are gathered and shown together,
because a user who mends them one by one runs the program once for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where, what was found, what is allowed, the likely fix.

    ``line`` counts from 1 and is ``None`` where a fault belongs to a whole file.
    """

    file: str
    found: str
    allowed: str
    fix: str
    line: int | None = None
    term: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = " · ".join(part for part in (place, self.term, self.field) if part)
        parts = (("found", self.found), ("allowed", self.allowed), ("fix", self.fix))
        return "\n".join([where, *(f"    {name:<9}{text}" for name, text in parts)])


class AccordError(Exception):
    """The root of every error that accord raises on purpose."""

    exit_status = 1


class InputError(AccordError):
    """The input is at fault; ``faults`` holds all that was found, never only the first."""

    exit_status = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = "1 fault" if count == 1 else f"{count} faults"
        super().__init__("\n".join([head, *(str(fault) for fault in self.faults)]))


class SourcesAbsent(InputError):
    """A pack's sources are not on this machine; the faults say which and where to get them."""


class NoCertifiedAnswer(AccordError):
    """The model found no answer that passes its own checks.

    ``cause`` says what stopped it, naming the market or limit; ``remedy`` what would help.
    """

    exit_status = 1

    def __init__(self, cause: str, remedy: str) -> None:
        self.cause = cause
        self.remedy = remedy
        super().__init__(f"no certified answer\n    cause    {cause}\n    remedy   {remedy}")


class Infeasible(NoCertifiedAnswer):
    """A minimum that cannot be met; the cause says by how much, and what it conflicts with.

    ``measure``  the minimum's;  ``short`` tonnes a year that it lacks at least
    ``proof``    what the refusal rests on. ``capacity`` (what plants can make), ``linear`` (tonnes:
                 mass balance, limits, closed lanes) and ``demand`` (what users take at the largest
                 rebate) are proved for all prices; ``largest rebate`` means not found: the
                 market solved with the largest rebate the model allows falls short
    ``members``  what is in conflict, the minimums first, each with its kind
    ``certificate_error``  largest violation when the proof was recomputed; ``None`` without one
    ``point``    the solved point that falls short, where there is one
    """

    def __init__(  # noqa: PLR0913 — each is a field that callers read
        self,
        cause: str,
        remedy: str,
        measure: str,
        *,
        proof: str = "largest rebate",
        members: tuple[str, ...] = (),
        short: float = 0.0,
        certificate_error: float | None = None,
        point: object | None = None,
    ) -> None:
        self.measure = measure
        self.proof = proof
        self.members = members
        self.short = short
        self.certificate_error = certificate_error
        self.point = point
        super().__init__(cause, remedy)
