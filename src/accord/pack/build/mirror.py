"""Two reports of one flow: what the importer recorded and what the exporter recorded."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LaneName = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A flow as each side reported it, kt; ``None`` where that side reported nothing."""

    good: str
    origin: str
    destination: str
    importer: float | None
    exporter: float | None

    @property
    def lane(self) -> LaneName:
        """(good, origin, destination)."""
        return (self.good, self.origin, self.destination)


@dataclass(frozen=True, slots=True)
class Rule:
    """How two reports become one prior.

    ``importer_weight``  weight of the importer's report where both sides report
    ``floor``            smallest relative standard error of a lane seen from both sides
    ``cap``              largest relative standard error of such a lane
    ``one_sided``        relative standard error of a lane seen from one side only
    ``sentinel``         a report of 0 beside one above this many kt means "not reported"
    """

    importer_weight: float
    floor: float
    cap: float
    one_sided: float
    sentinel: float


@dataclass(frozen=True, slots=True)
class Prior:
    """A lane's prior flow (kt), its relative standard error, and how it was made."""

    value: float
    error: float
    why: str


def combine(mirror: Mirror, rule: Rule) -> Prior:
    """Return the prior of one lane; both reports empty or 0 gives 0."""
    importer, exporter = _heard(mirror, rule.sentinel)
    if importer is None and exporter is None:
        return Prior(0.0, rule.one_sided, "no report")
    if exporter is None:
        return Prior(importer or 0.0, rule.one_sided, "importer's report only")
    if importer is None:
        return Prior(exporter, rule.one_sided, "exporter's report only")
    value = rule.importer_weight * importer + (1.0 - rule.importer_weight) * exporter
    error = min(max(rule.floor, gap(importer, exporter)), rule.cap)
    return Prior(value, error, "both reports")


def _heard(mirror: Mirror, sentinel: float) -> tuple[float | None, float | None]:
    """Return the two reports, a 0 beside a large report being read as silence."""
    importer, exporter = mirror.importer, mirror.exporter
    if importer == 0 and (exporter or 0.0) > sentinel:
        importer = None
    if exporter == 0 and (importer or 0.0) > sentinel:
        exporter = None
    return importer, exporter


def gap(importer: float, exporter: float) -> float:
    """Return the mirror gap: the difference over the larger of the two reports."""
    larger = max(importer, exporter)
    return abs(importer - exporter) / larger if larger > 0 else 0.0


def median_gap(mirrors: Iterable[Mirror], at_least: float = 0.0) -> tuple[float, int]:
    """Return the median gap over lanes that both sides report above 0, and how many there are."""
    gaps = [
        gap(m.importer, m.exporter)
        for m in mirrors
        if m.importer and m.exporter and max(m.importer, m.exporter) >= at_least
    ]
    return (statistics.median(gaps) if gaps else 0.0), len(gaps)


def unallocated(mirrors: Sequence[Mirror], good: str, origin: str, hidden: str) -> float:
    """Return what an exporter sent in all less what named partners say they received, kt.

    An exporter that books its sales under "areas not elsewhere specified" reports a total that is
    good and partners that are not; the rest went to ``hidden``, the region of all others.
    """
    mine = [m for m in mirrors if m.good == good and m.origin == origin]
    reported = sum(m.exporter or 0.0 for m in mine)
    received = sum(m.importer or m.exporter or 0.0 for m in mine if m.destination != hidden)
    return max(reported - received, 0.0)


def shares(flows: Mapping[LaneName, float], good: str, destination: str) -> dict[str, float]:
    """Return each origin's share of a destination's imports of a good (home flow left out)."""
    imports = {
        origin: value
        for (g, origin, j), value in flows.items()
        if g == good and j == destination and origin != destination
    }
    total = sum(imports.values())
    return {origin: value / total for origin, value in imports.items()} if total > 0 else {}
