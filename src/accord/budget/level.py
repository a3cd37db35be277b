"""The size of a military budget in a year: in dollars, local currency and purchasing power."""

from __future__ import annotations

from dataclasses import dataclass

from accord.pack.budgets import WDI, BudgetPack, Figure


@dataclass(frozen=True, slots=True)
class Level:
    """A budget of one country, year and definition; ``None`` where a rate is not known.

    ``dollars`` USD/yr at the year's exchange rate;  ``local`` in ``currency``/yr
    ``ppp``     USD/yr at the purchasing power of GDP: what it would buy at US prices
    """

    country: str
    year: int
    definition: str
    dollars: float
    local: float | None
    currency: str
    ppp: float | None
    source: str
    status: str


class NoLevel(LookupError):
    """A budget that is not known: ``what`` is missing (country, definition, year or rate)."""

    def __init__(self, what: str, says: str) -> None:
        self.what = what
        super().__init__(says)


def years_known(pack: BudgetPack, definition: str, country: str) -> tuple[int, ...]:
    """Return the years with a figure under a definition, whether or not there is a rate for it."""
    if definition == WDI:
        years = {y for c, y, item in pack.figures if c == country and item == "military_share"}
        return tuple(sorted(y for y in years if pack.value(country, y, "gdp") is not None))
    return tuple(sorted(y for d, c, y in pack.cited if (d, c) == (definition, country)))


def level_of(pack: BudgetPack, definition: str, country: str, year: int) -> Level:
    """Return a budget. Raises ``NoLevel`` where figure or exchange rate are missing."""
    if country not in pack.names:
        raise NoLevel("country", f"no military spending of {country} in the pack {pack.name}")
    if year not in years_known(pack, definition, country):
        raise NoLevel("year", f"no figure of {country} under {definition} for {year}")
    if definition == WDI:
        return _share_of_gdp(pack, country, year)
    return _cited(pack, definition, country, year)


def levels_of(pack: BudgetPack, country: str, year: int) -> tuple[Level, ...]:
    """Return a country's budget of a year under every definition that can be told in dollars."""
    found: list[Level] = []
    for definition in pack.definitions:
        try:
            found.append(level_of(pack, definition, country, year))
        except NoLevel:
            continue
    return tuple(found)


def _share_of_gdp(pack: BudgetPack, country: str, year: int) -> Level:
    share = pack.figures[country, year, "military_share"]
    dollars = share.value * pack.figures[country, year, "gdp"].value
    rate = pack.value(country, year, "exchange_rate")
    local = None if rate is None else dollars * rate
    figure = Figure(dollars, "USD/yr", share.source, "derived")
    return _level(pack, (WDI, country, year), figure, local)


def _cited(pack: BudgetPack, definition: str, country: str, year: int) -> Level:
    place = (definition, country, year)
    figures = {figure.unit: figure for figure in pack.cited[place]}
    currency, rate = pack.currencies[country], pack.value(country, year, "exchange_rate")
    own = figures.get(f"{currency}/yr")
    dollars = figures.get("USD/yr")
    if dollars is not None:
        return _level(pack, place, dollars, None if rate is None else dollars.value * rate)
    if own is None or rate is None:
        says = f"{definition} gives {country} in {currency}, without a rate for {year}"
        raise NoLevel("rate", says)
    turned = Figure(own.value / rate, "USD/yr", own.source, own.status)
    return _level(pack, place, turned, own.value)


def _level(
    pack: BudgetPack, place: tuple[str, str, int], dollars: Figure, local: float | None
) -> Level:
    definition, country, year = place
    price_level = pack.value(country, year, "price_level")
    return Level(
        country=country,
        year=year,
        definition=definition,
        dollars=dollars.value,
        local=local,
        currency=pack.currencies[country],
        ppp=None if price_level is None else dollars.value / price_level,
        source=dollars.source,
        status=dollars.status,
    )
