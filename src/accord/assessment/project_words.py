"""What a joint project comes to, in sentences made from its numbers."""

from __future__ import annotations

from accord.assessment.project_case import ProjectCase
from accord.assessment.words import dollars, percent, place, signed, tonnes
from accord.instruments.problem import listed
from accord.invest.appraisal import Share
from accord.invest.tables import Range

NAMES = {
    "metal_factor": "world price",
    "alumina_factor": "price of alumina",
    "power_price_factor": "price of power",
    "other_cost_factor": "other cost of metal",
    "capex_factor": "cost of building, against what the deal says",
    "capex.smelter": "cost of the smelter",
    "capex.hydropower": "cost of the hydropower",
    "capex.line": "cost of the line",
    "capacity_factor": "output of hydropower",
    "delay_factor": "years of building",
    "lead_years": "years until building begins",
    "operating_years": "years counted",
    "ramp_years": "years to full load",
    "debt_share": "debt in what is built",
    "loan_rate": "interest on loans",
    "risk_free_rate": "rate without risk",
    "equity_premium": "premium of shares",
    "beta": "risk of the sector against all shares",
    "country_risk": "country risk",
    "profit_tax": "profit tax",
    "property_tax": "property tax",
    "royalty": "water tax",
    "withholding_tax": "tax on dividends abroad",
    "loss_use_limit": "use of old losses",
    "loan_years": "years of repayment",
    "public_discount_rate": "the treasury's rate",
}
_ITEMS = {
    "life": "years over which {} is written off",
    "fixed_cost": "upkeep of {}",
    "build_years": "years of building {}",
}
_KINDS = {"hydropower": "hydropower", "smelter": "the smelter", "line": "the line"}


def name_of(parameter: str) -> str:
    """Return what a number of the tables is, in words."""
    kind, _, item = parameter.partition(".")
    if item in _ITEMS:
        return _ITEMS[item].format(_KINDS[kind])
    return NAMES.get(parameter, parameter.replace("_", " "))


def range_in_words(parameter: str, found: Range) -> str:
    """Return a number and its range: ``interest on loans = 7 % (4 to 12 %)``."""
    values = [_value(x, found.unit) for x in (found.median, found.low, found.high)]
    unit = {"fraction": " %", "1": ""}.get(found.unit, f" {found.unit}")
    said = f"{name_of(parameter)} = {values[0]}{unit}"
    return said if found.low == found.high else f"{said} ({values[1]} to {values[2]}{unit})"


def _value(value: float, unit: str) -> str:
    return f"{value * 100.0:.3g}" if unit == "fraction" else f"{value:.4g}"


def headline(case: ProjectCase) -> str:
    """Return what the project is, what it costs, and what it earns of that."""
    return f"{_what(case)} {_worth(case)}"


def _what(case: ProjectCase) -> str:
    project = case.study.case
    plants: list[str] = []
    if project.size("smelter"):
        plants.append(f"a smelter of {tonnes(project.size('smelter'))} a year")
    if project.size("hydropower"):
        plants.append(f"{project.size('hydropower'):,.0f} MW of hydropower")
    if case.study.case.term.asset_of("line") is not None:
        plants.append("a line")
    things = listed(plants, "and")
    if project.term.budget is None:
        return f"{things[:1].upper()}{things[1:]} would cost about {dollars(project.capex)}."
    return f"At what comparable plants cost, {dollars(project.capex)} buys {things}."


def _worth(case: ProjectCase) -> str:
    capital = case.study.base.capital
    rate = capital.rates.only
    earns = "has no rate of return" if rate is None else f"earns {_percent(rate)} a year"
    needs = f"its capital {earns} and needs {_percent(capital.rate)}, above inflation"
    verdict = "pays" if capital.npv > 0.0 else "does not pay"
    hub = case.study.sold.hub if case.study.sold else None
    price = "" if hub is None else f" at a world price of {hub:,.0f} USD/t"
    worth = f"it is worth {dollars(capital.npv)} on the day of signing"
    return f"It {verdict}{price}: {needs}; {worth}."


def because(case: ProjectCase) -> tuple[str, ...]:
    """Return what stands behind it, most telling first."""
    return tuple(
        said
        for said in (
            _metal_needed(case),
            _power_needed(case),
            _gap(case),
            _feedback(case),
            _draws(case),
            _drivers(case),
            _treasury(case),
            _timing(case),
        )
        if said
    )


def _metal_needed(case: ProjectCase) -> str | None:
    capital, sold = case.study.base.capital, case.study.sold
    needed = case.study.world_price(capital.break_even)
    if sold is None or sold.hub is None:
        return None
    if needed is None:
        return "No metal price makes it pay."
    above = percent(100.0 * (needed / sold.hub - 1.0))
    owners = [_owner_needs(case, share) for share in case.study.base.owners]
    each = f" ({listed([x for x in owners if x], 'and')})" if any(owners) else ""
    return (
        f"It pays from a world price ({case.quote}) of {needed:,.0f} USD/t on, "
        f"{signed(above)} against {sold.hub:,.0f}{each}."
    )


def _owner_needs(case: ProjectCase, share: Share) -> str:
    needed = case.study.world_price(share.break_even)
    return "" if needed is None else f"{share.party} {needed:,.0f}"


def _power_needed(case: ProjectCase) -> str | None:
    study = case.study
    price = study.case.power_price
    said: list[str] = []
    if study.power_needed is not None:
        said.append(
            f"New hydropower must earn {study.power_needed:,.0f} USD/MWh, where smelters of the "
            f"region pay {price:,.0f}"
        )
    if study.case.size("smelter"):
        affordable = study.power_affordable
        if affordable is None:
            said.append("a smelter that buys its power would not pay here with power for nothing")
        else:
            said.append(f"a smelter that buys its power can pay up to {affordable:,.0f} USD/MWh")
    joined = "; ".join(said)
    return f"{joined[:1].upper()}{joined[1:]}." if joined else None


def _gap(case: ProjectCase) -> str | None:
    study = case.study
    if study.feedback is None or study.partner is None:
        return None
    before, without, sold = (
        study.feedback.before_deal,
        study.feedback.without,
        study.feedback.with_project,
    )
    region, partner = (place(case.regions[c]) for c in (study.case.region, study.partner))
    share = percent(100.0 * case.metal / before.imports)
    return (
        f"Its output would be {share} of what {partner} imports ({tonnes(before.imports)} a year); "
        f"in the market, purchases from {region} go from {tonnes(without.from_region)} to "
        f"{tonnes(sold.from_region)} a year with it."
    )


def _feedback(case: ProjectCase) -> str | None:
    study = case.study
    if study.feedback is None:
        return None
    without, sold = study.feedback.without, study.feedback.with_project
    lost = study.without_feedback.capital.npv - study.base.capital.npv
    return (
        f"Its own output costs it {dollars(lost)}: with it in the market makers in "
        f"{place(case.regions[study.case.region])} get {sold.gate:,.0f} USD/t and not "
        f"{without.gate:,.0f}, pay {sold.ore:,.0f} for alumina and not {without.ore:,.0f}, and "
        f"{percent(100.0 * float(study.base.plan.utilisation))} of it runs."
    )


def _draws(case: ProjectCase) -> str:
    drawn = case.study.uncertainty
    low, high = (
        dollars(x) if x is not None else "—" for x in drawn.capital.interval(drawn.capital.npv)
    )
    part = drawn.capital.pays
    pays = "never pays" if part == 0.0 else f"pays in {percent(100.0 * part)}"
    return f"Over {drawn.draws} draws it {pays}; 9 of 10 are worth between {low} and {high}."


def _drivers(case: ProjectCase) -> str:
    names = [name_of(name) for name, _ in case.study.uncertainty.drivers[:3]]
    return f"What moves its worth most: {listed(names, 'and')}."


def _treasury(case: ProjectCase) -> str:
    got = case.study.base.treasury.npv
    return (
        f"The treasury of {place(case.regions[case.study.case.region])} gets taxes worth "
        f"{dollars(got)} on that day and puts nothing in."
    )


def _timing(case: ProjectCase) -> str:
    base = case.study.base
    back = base.capital.payback
    what = "metal" if case.study.case.size("smelter") else "power"
    paid = f"it pays back {back:,.0f} years after signing" if back else "it never pays back"
    if back is not None and back > base.plan.years - 2:
        paid = "only what the plants are worth in the end pays it back"
    return f"First {what} in {case.first_year}, full load from {case.full_year} on; {paid}."


def _percent(rate: float) -> str:
    return percent(100.0 * rate)
