"""A joint project in rows of effects."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment.part import RangeNote
from accord.assessment.project_case import ProjectCase
from accord.effects import Row
from accord.effects.measures import USER, WORLD

Ends = tuple[float | None, float | None]
PLANTS = "what the budget buys at the low and high cost of comparable plants"


def rows(case: ProjectCase) -> tuple[Row, ...]:
    """Return a project's effects. Before is without it, where that is something."""
    return (*_built(case), *_worth(case), *_market(case))


def range_notes(case: ProjectCase) -> tuple[RangeNote, ...]:
    """Return what the ranges of these rows are, and why rows have none."""
    drawn = case.study.uncertainty
    of_draws = f"5th to 95th percentile of {drawn.draws:,} draws of the project's numbers"
    told = "draws tell worth, return and price needed of all capital, and the worth of owners"
    stated = "not drawn: the deal states it, or it follows from what the deal states"
    central = "not drawn: the market with the project is solved at central values alone"
    notes = {
        "project_capex": (None, stated),
        "project_output": (PLANTS, stated),
        "project_power": (PLANTS, stated),
        "project_part_of_imports": (PLANTS, stated),
        "project_npv": (of_draws, f"not drawn: {told}"),
        "project_rate_of_return": (of_draws, f"not drawn: {told}"),
        "project_break_even_price": (of_draws, f"not drawn: {told}"),
        "project_payback": (None, "not drawn: it is told of the base case alone"),
        "project_discounted_payback": (None, "not drawn: it is told of the base case alone"),
    }
    market = {row.measure: (None, central) for row in _market(case)}
    return tuple(
        RangeNote(measure, says, ranged)
        for measure, pair in (notes | market).items()
        for ranged, says in zip((True, False), pair, strict=True)
        if says is not None
    )


def _built(case: ProjectCase) -> Iterator[Row]:
    study, plan = case.study, case.study.base.plan
    region, year = study.case.region, case.full_year
    yield Row("project_capex", region, None, case.as_of.year, 0.0, study.case.capex, "USD")
    if study.case.technique is not None:
        ends = _of_plants(case, "smelter", case.metal)
        metal = study.case.technique.metal
        yield Row("project_output", region, metal, year, 0.0, case.metal, "t/yr", *ends)
    if study.case.size("hydropower"):
        power = float(plan.operation.power_made)
        ends = _of_plants(case, "hydropower", power)
        yield Row("project_power", region, None, year, 0.0, power, "MWh/yr", *ends)
    if study.feedback is not None and study.partner is not None:
        part = case.metal / study.feedback.before_deal.imports
        good = None if study.case.technique is None else study.case.technique.metal
        ends, unit = _of_plants(case, "smelter", part), "fraction"
        yield Row("project_part_of_imports", study.partner, good, year, 0.0, part, unit, *ends)


def _of_plants(case: ProjectCase, kind: str, value: float) -> Ends:
    """Return what goes with the size of an asset at the low and high cost of comparable plants.

    None where the deal states the size.
    """
    size, ends = case.study.case.size(kind), case.sizes(kind)
    return (None, None) if ends is None else (value * ends[0] / size, value * ends[1] / size)


def _worth(case: ProjectCase) -> Iterator[Row]:
    """Yield what the project is worth: all capital under the region, each party beneath it."""
    region, year = case.study.case.region, case.as_of.year
    drawn = case.study.uncertainty
    for share in case.shown:
        of = region if share.role == "capital" else f"{region}{USER}{share.party}"
        worth = drawn.of(share.party)
        none = (None, None)
        npv = none if worth is None else worth.interval(worth.npv)
        rate = none if worth is None else worth.interval(worth.rate)
        price = none if worth is None else worth.interval(worth.break_even)
        yield Row("project_npv", of, None, year, None, share.npv, "USD", *npv)
        if share.rates.only is not None:
            yield Row(
                "project_rate_of_return", of, None, year, None, share.rates.only, "fraction", *rate
            )
        if share.payback is not None and share.role != "treasury":
            yield Row("project_payback", of, None, year, None, share.payback, "yr")
        if share.discounted_payback is not None and share.role != "treasury":
            later = share.discounted_payback
            yield Row("project_discounted_payback", of, None, year, None, later, "yr")
        needed = case.study.world_price(share.break_even)
        if needed is not None and case.study.case.technique is not None:
            metal = case.study.case.technique.metal
            low, high = (case.study.world_price(x) for x in price)
            yield Row("project_break_even_price", of, metal, year, None, needed, "USD/t", low, high)


def _market(case: ProjectCase) -> Iterator[Row]:
    study = case.study
    if study.feedback is None or study.case.technique is None:
        return
    before, after = study.feedback.without, study.feedback.with_project
    region, metal, ore = study.case.region, study.case.technique.metal, study.case.technique.ore
    places = [
        ("hub_price", WORLD, metal, "hub", "USD/t"),
        ("producer_price", region, metal, "gate", "USD/t"),
        ("buyer_price", region, ore, "ore", "USD/t"),
        ("output", region, metal, "output", "t/yr"),
    ]
    if study.partner is not None:
        places += [
            ("buyer_price", study.partner, metal, "buyers", "USD/t"),
            ("flow", f"{region}>{study.partner}", metal, "from_region", "t/yr"),
        ]
    for measure, at, good, field, unit in places:
        pair = getattr(before, field), getattr(after, field)
        yield Row(f"with_project_{measure}", at, good, case.level_year, *pair, unit)
