"""A joint project as it is told: the study, and the names that sentences and tables need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

from accord.invest.appraisal import Share
from accord.invest.study import Study


@dataclass(frozen=True)
class ProjectCase:
    """A study with its names. ``quote`` is the world price's; ``regions`` names by code."""

    study: Study
    quote: str
    regions: dict[str, str]
    level_year: int
    as_of: date

    @property
    def metal(self) -> float:
        """Tonnes a year at full load."""
        return float(self.study.base.plan.metal_made)

    @property
    def first_year(self) -> int:
        """The year of the first metal, or of the first power."""
        return self.as_of.year + int(self.study.base.plan.start_up)

    @property
    def full_year(self) -> int:
        """The first year at full load."""
        plan = self.study.base.plan
        return self.as_of.year + ceil(float(plan.start_up + plan.operation.ramp_years))

    @property
    def shown(self) -> tuple[Share, ...]:
        """All capital, each owner and the treasury: those whose worth is told."""
        base = self.study.base
        return (base.capital, *base.owners, base.treasury)

    def sizes(self, kind: str) -> tuple[float, float] | None:
        """Return how large an asset may be, by what comparable plants cost.

        ``None`` where it is not the budget that says how large it is.
        """
        project = self.study.case
        left_open = {a.kind for a in project.term.asset if a.size is None and a.capex is None}
        if project.term.budget is None or kind not in left_open:
            return None
        money = sum(a.capex for a in project.assets if a.kind in left_open)
        if len(left_open) == 1:
            cost = project.cost(kind)
            return money / cost.high, money / cost.low
        bought = [project.buys(money, which) for which in ("low", "high")]
        found = [x.metal if kind == "smelter" else x.hydropower for x in bought]
        return min(found), max(found)

    def name_of(self, share: Share) -> str:
        """Return a party's name as tables have it."""
        if share.role == "owner":
            owners = {o.name: o for o in self.study.case.owners()}
            return f"{share.party}, {owners[share.party].share * 100:.3g} %"
        region = self.regions[self.study.case.region]
        names = {
            "project": "Project, before tax and finance",
            "capital": "All capital, after tax",
            "lenders": "Lenders",
            "treasury": f"Treasury, {region}",
        }
        return names[share.role]
