"""A joint project in one line, to stand beside other offers."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment.part import Amount, Summary
from accord.assessment.project_case import ProjectCase
from accord.assessment.words import dollars
from accord.claims import Draws

RANGE = "5th to 95th percentile of draws"


def summary(case: ProjectCase) -> Summary:
    """Return what is built, what it is worth to whom, and the metal price it needs."""
    money = tuple(_money(case))
    built = tuple(_built(case))
    return Summary(
        name="Joint project",
        quantities=built,
        money=money,
        money_is=("worth to owners and treasury at signing (NPV)", "NPV"),
        shown=next((x for x in (*built, *money) if x.low is not None), None),
        year=case.full_year,
        when=f"full load from {case.full_year} on",
        needs=tuple(_needs(case)),
    )


def draws(case: ProjectCase) -> tuple[Draws, ...]:
    """Return the worth of all capital over the draws."""
    npv = tuple(case.study.uncertainty.capital.npv.tolist())
    return (Draws("project_npv", case.study.case.region, case.as_of.year, 0.0, npv),)


def _built(case: ProjectCase) -> Iterator[Amount]:
    project = case.study.case
    for kind, what, unit in (("smelter", "smelter", "t/yr"), ("hydropower", "hydropower", "MW")):
        size = project.size(kind)
        if not size:
            continue
        ends = case.sizes(kind)
        if ends is None:
            yield Amount(what, size, unit)
            continue
        low, high = ends
        yield Amount(what, size, unit, low=low, high=high, range_is="costs of comparable plants")


def _money(case: ProjectCase) -> Iterator[Amount]:
    """Yield the worth to each owner at its home, and to the treasury of the place."""
    homes = {owner.party: owner.country for owner in case.study.case.term.share}
    region, base, drawn = case.study.case.region, case.study.base, case.study.uncertainty
    for share in base.owners:
        worth = drawn.of(share.party)
        low, high = (None, None) if worth is None else worth.interval(worth.npv)
        home = homes.get(share.party, region)
        yield Amount("worth", share.npv, "USD", home, share.party, low, high, RANGE)
    yield Amount("worth", base.treasury.npv, "USD", region, "treasury")


def _needs(case: ProjectCase) -> Iterator[str]:
    study = case.study
    yield f"{dollars(study.case.capex)} to build"
    needed, sold = study.world_price(study.base.capital.break_even), study.sold
    if sold is not None and sold.hub is not None:
        yield (
            "no metal price makes it pay"
            if needed is None
            else f"a world price ({case.quote}) of {needed:,.0f} USD/t to pay, not {sold.hub:,.0f}"
        )
