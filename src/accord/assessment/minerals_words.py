"""What joint work on deposits comes to, in sentences made from the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment import words
from accord.assessment.minerals_case import MineralsCase
from accord.instruments.countries import country_names
from accord.instruments.problem import listed
from accord.pack.chain import STEPS

WAYS = {
    "mine": "from a deposit to a running mine",
    "separation": "from ore to separated oxides",
    "metal": "from oxide to metal",
    "magnet": "from metal to magnets",
}


def headline(case: MineralsCase) -> str:
    """Return what is expected at the horizon, its range, and how much that is in the world."""
    study = case.study
    path = study.paths[0]
    mean, low, high = (float(x[-1]) for x in (path.mean, path.low, path.high))
    count = len(study.question.deposits)
    what = f"{count} deposits" if count > 1 else study.question.deposits[0].name
    part = words.percent(100.0 * mean / study.world_output)
    if mean < 1.0:
        return (
            f"Joint work on {what} is expected to add nothing to mine output by {study.last_year}."
        )
    said = (
        f"Joint work on {what} is expected to add {_kt(mean)} of rare-earth oxides a year to mine "
        f"output by {study.last_year} ({_kt(low)} to {_kt(high)}), {part} of world output in "
        f"{study.year}"
    )
    last = study.paths[-1]
    if last.step == "mine":
        return f"{said}."
    end = {"separation": "of NdPr oxide", "metal": "of NdPr metal", "magnet": "of magnets"}
    return f"{said}; {_kt(float(last.mean[-1]))} {end[last.step]} a year."


def because(case: MineralsCase) -> tuple[str, ...]:
    """Return further sentences, the most telling first."""
    return (
        _bottleneck(case),
        *_target(case),
        *_prices(case),
        *_running(case),
        _capital(case),
        *_floors(case),
        *_offtakes(case),
    )


def _kt(tonnes: float) -> str:
    if tonnes <= 0.0:
        return "0"
    return f"{tonnes / 1e3:,.1f} kt" if tonnes >= 1000.0 else f"{tonnes:,.0f} t"  # noqa: PLR2004


def _bottleneck(case: MineralsCase) -> str:
    study = case.study
    step, part = study.bottleneck
    of = "what all deposits would give" if step == "mine" else "what the step before brings"
    rest = [f"{name} {words.percent(100.0 * x)}" for name, x in study.passing() if name != step]
    beside = f"; of what reaches them {listed(rest, 'and')}" if rest else ""
    return (
        f"The narrowest step is {WAYS[step]}: {words.percent(100.0 * part)} of {of} gets through "
        f"it by {study.last_year}{beside}."
    )


def _target(case: MineralsCase) -> Iterator[str]:
    study = case.study
    factor = study.question.target_factor
    if factor is None or study.base_output <= 0.0:
        return
    more = (factor - 1.0) * study.base_output
    part = words.percent(100.0 * factor * study.base_output / study.world_output)
    chance = words.percent(100.0 * study.chance_of(more))
    year = study.first_year_of(more)
    when = f"expected in {year}" if year else f"not expected by {study.last_year}"
    place = words.place(study.bare.region_by_code[study.question.region].name)
    yield (
        f"{factor:g} times the {_kt(study.base_output)} that {place} mined in {study.year} is "
        f"{_kt(factor * study.base_output)}, {part} of world output; it is {when}, and {chance} of "
        f"the draws reach it by {study.last_year}."
    )


def _prices(case: MineralsCase) -> Iterator[str]:
    found = {(x.good, x.region): x for x in case.prices()}
    names = {"ndpr_metal": "NdPr metal", "dy_metal": "Dy metal", "tb_metal": "Tb metal",
             "magnet": "magnets"}  # fmt: skip
    region = case.study.abroad[0]
    changes = [
        f"{name} {_change(found[good, region].expected, found[good, region].before)}"
        for good, name in names.items()
        if (good, region) in found
    ]
    ndpr = found.get(("ndpr_metal", region))
    if changes and ndpr is not None:
        widest = _change(ndpr.low, ndpr.before)
        place = words.place(case.study.bare.region_by_code[region].name)
        yield (
            f"With that in the market of {case.study.year}, prices to buyers in {place} change: "
            f"{', '.join(changes)}; in the best fifth of the draws NdPr metal {widest}."
        )


def _change(after: float, before: float) -> str:
    return words.signed(words.percent(100.0 * (after / before - 1.0)))


def _running(case: MineralsCase) -> Iterator[str]:
    complete = case.study.complete
    if complete is None or STEPS.index(case.study.question.through) < STEPS.index("magnet"):
        return
    could, made = complete.could_make("magnet"), complete.made("magnet")
    if could > 0.0:
        yield (
            f"If every step succeeded, {_kt(could)} of magnets a year could be made, and at the "
            f"costs of makers outside China {_kt(made)} would pay."
        )


def _capital(case: MineralsCase) -> str:
    low, middle, high = (x / 1e9 for x in case.study.capital())
    return (
        f"What is expected by {case.study.last_year} costs {middle:,.1f} bn USD to build "
        f"({low:,.1f} to {high:,.1f} at the unit costs of projects elsewhere)."
    )


def _place(case: MineralsCase, code: str) -> str:
    region = case.study.bare.region_by_code.get(code)
    return words.place(country_names().get(code, code) if region is None else region.name)


def _floors(case: MineralsCase) -> Iterator[str]:
    for floor in case.floors:
        cost = case.floor_cost(floor)
        if cost is not None:
            tonnes, price, paid = cost
            yield (
                f"A floor of {floor.floor / 1e3:,.0f} USD/kg under {floor.good} costs "
                f"{_place(case, floor.payer)} {words.dollars(paid)} a year on {_kt(tonnes)} at a "
                f"price of {price / 1e3:,.0f} USD/kg."
            )


def _offtakes(case: MineralsCase) -> Iterator[str]:
    expected = case.study.expected
    for o in case.offtakes:
        made = 0.0 if expected is None else expected.made(o.good)
        yield (
            f"Of {o.good}, {words.percent(100.0 * o.share)} goes to {_place(case, o.buyer)}: "
            f"{_kt(o.share * made)} a year of what is expected."
        )
