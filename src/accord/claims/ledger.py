"""The ledger: every reading judged, every claim summed up, and the rows a program reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from accord.claims.draws import Held
from accord.claims.sizes import said
from accord.claims.together import JudgedTogether
from accord.claims.true_if import TrueIf
from accord.claims.verdict import VERDICTS, Verdict, overall
from accord.deal.tables import Wording
from accord.display import Displayed
from accord.probability.quantiles import Estimate

Threshold = float | tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One reading as programs read it (``--json``, ``claims.csv``).

    ``probability``  the part of draws that meets the middle cut-off, null where nothing is drawn;
    ``probability_low``, ``probability_high``  its error from there being only so many ``draws``
    ``flips_at``     data: the value of the measure; model: of the lever that ``because`` names
    """

    id: str
    says: str
    reading: str
    measure: str | None
    verdict: str
    value: float | None
    unit: str | None
    threshold: Threshold
    probability: float | None
    flips_at: float | None
    because: str
    probability_low: float | None = None
    probability_high: float | None = None
    draws: int = 0


Flip = tuple[float | None, str]
"""Where a verdict flips, and the sentence that says so."""


@dataclass(frozen=True)
class Judged:
    """One reading with its verdict. Values and threshold are in the reading's own ``unit``.

    ``wording``    the wording that it is a reading of, ``None``: that of the source itself
    ``low, high``  the span of values that are as good, ``None`` where there is but one
    ``reason``     why, in a sentence;  ``sources`` where the value is from
    ``chance``  the part of ``draws`` in which it holds, ``None`` where nothing is drawn
    ``held``    whether it holds at the middle cut-off, ``None`` where that was not judged
    ``find_flip``  computes where the verdict flips; it may have to solve the market again
    ``find_true_if``  computes which values of uncertain numbers would flip it, the same way
    """

    reading: str
    asserts: str
    role: str
    wording: str | None
    measure: str | None
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    threshold: Threshold
    reason: str
    sources: tuple[str, ...]
    find_flip: Callable[[], Flip]
    chance: Estimate | None = None
    draws: int = 0
    held: Held | None = None
    find_true_if: Callable[[], TrueIf | None] = lambda: None

    @cached_property
    def flip(self) -> Flip:
        """Where the verdict flips, and the sentence; computed when it is first asked for."""
        return self.find_flip()

    @cached_property
    def true_if(self) -> TrueIf | None:
        """What would have to be true for the verdict to turn; computed when first asked for.

        ``None`` where the reading does not rest on uncertain numbers of the market, or without
        draws.
        """
        return self.find_true_if()

    @property
    def probability(self) -> float | None:
        """The part of draws in which it holds."""
        return None if self.chance is None else self.chance.value

    @property
    def shown(self) -> str:
        """The value with its unit, as people read it; a dash where there is none."""
        if self.value is None or self.unit is None:
            return "—"
        if self.unit == "%":
            return said(self.value / 100.0, "fraction")
        return said(self.value, self.unit)

    @property
    def because(self) -> str:
        """Why, and what would flip it."""
        return " ".join(part for part in (self.reason, self.flip[1]) if part)

    @property
    def full(self) -> str:
        """Why, what would flip it, and where the value is from."""
        names = "; ".join(self.sources)
        return f"{self.because} Source: {names}." if names else self.because


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its readings; only those that it asserts decide on it."""

    id: str
    says: str
    speaker: str
    source: str
    where: str
    figures: str
    wordings: tuple[Wording, ...]
    wording_sources: tuple[str, ...]
    readings: tuple[Judged, ...]

    @property
    def asserted(self) -> tuple[Judged, ...]:
        """The readings that decide; all of them where none is marked so."""
        return tuple(r for r in self.readings if r.role == "asserted") or self.readings

    @property
    def verdict(self) -> Verdict:
        """The verdict on the claim as its source words it."""
        own = self.verdict_as(None)
        return overall([r.verdict for r in self.asserted]) if own is None else own

    @property
    def split(self) -> str:
        """How many of the readings that decide have which verdict, where they differ."""
        found: list[Verdict] = [r.verdict for r in self.asserted if r.wording is None]
        counts = {verdict: found.count(verdict) for verdict in VERDICTS if verdict in found}
        said_so = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        return said_so if len(counts) > 1 else ""

    def verdict_as(self, wording: str | None) -> Verdict | None:
        """Return the verdict on one wording, ``None`` where no reading is of it."""
        found: list[Verdict] = [r.verdict for r in self.asserted if r.wording == wording]
        return overall(found) if found else None

    @property
    def leading(self) -> Judged:
        """The reading whose number is shown first: one with a value, asserted before context."""
        ranked = [*self.asserted, *(r for r in self.readings if r.role != "asserted")]
        return next((r for r in ranked if r.value is not None), ranked[0])


@dataclass(frozen=True)
class Ledger(Displayed):
    """All claims of a deal, judged. Where verdicts flip is computed when it is asked for."""

    claims: tuple[JudgedClaim, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    together: tuple[JudgedTogether, ...] = ()

    @property
    def true_if(self) -> tuple[tuple[JudgedClaim, Judged, TrueIf], ...]:
        """What would have to be true for each reading to turn, where there is anything to say."""
        return tuple(
            (claim, judged, found)
            for claim in self.claims
            for judged in claim.readings
            if (found := judged.true_if) is not None
        )

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every reading as a row, flip points among it."""
        return tuple(
            Row(
                id=claim.id,
                says=claim.says,
                reading=judged.asserts,
                measure=judged.measure,
                verdict=judged.verdict,
                value=judged.value,
                unit=judged.unit,
                threshold=judged.threshold,
                probability=judged.probability,
                flips_at=judged.flip[0],
                because=judged.full,
                probability_low=None if judged.chance is None else judged.chance.low,
                probability_high=None if judged.chance is None else judged.chance.high,
                draws=judged.draws,
            )
            for claim in self.claims
            for judged in claim.readings
        )
