"""Reads a pack of public budgets, and says everything that is wrong with it at once.

pack.toml        what the pack is (``kind = "budget"``), sources, assumptions, gaps
regions.csv      countries with their currency ("LCU" where the code is not told)
figures.csv      share of GDP, GDP, exchange rate, price level, public balance and debt by year
cited.csv        single figures of budgets under other definitions
history.csv      military spending in constant dollars
definitions.csv, base_rates.csv, multipliers.csv, reactions.csv, choices.csv
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from accord.errors import Fault, InputError
from accord.instruments.fields import about
from accord.instruments.problem import problems_of
from accord.pack import schema
from accord.pack.budgets import (
    WDI,
    BudgetPack,
    Choice,
    CountedCuts,
    Definition,
    Figure,
    Multiplier,
    Reaction,
)
from accord.pack.columns import Column, Known
from accord.pack.load import SHIPPED, kind_of
from accord.pack.provenance import digest
from accord.pack.reader import Reader, cells_of
from accord.pack.tables import Table, TableSpec, read_text
from accord.pack.toml import read_toml

KIND = "budget"
ITEMS = (
    "military_share", "gdp", "exchange_rate", "price_level", "revenue", "expense", "debt",
)  # fmt: skip
UNITS = {"bn USD": 1e9, "mn USD": 1e6}
LOCAL = {"trn": 1e12, "bn": 1e9}


class BudgetFile(schema.Part):
    """``pack.toml`` of a pack of budgets."""

    name: schema.Slug = about("a name: lower-case letters, digits and - _ .", '"budgets"')
    kind: Literal["budget"] = about('"budget"', '"budget"')
    title: schema.Text = about("text: what the pack is about", '"Public budgets"')
    version: schema.Text = about("text: the version of the data", '"1"')
    currency: Literal["USD"] = about('"USD"', '"USD"', "USD")
    summary: str = about("text: a few sentences", '"Military spending by country."', "")
    source: tuple[schema.Source, ...] = about("[[source]] tables", "...", ())
    assumption: tuple[schema.Assumption, ...] = about("[[assumption]] tables", "...", ())
    not_modelled: tuple[schema.MissingPiece, ...] = about("[[not_modelled]] tables", "...", ())


_REGION = Column("region", "region")
_YEAR = Column("year", "year")
_UNIT = Column("unit", "unit", dimension="any")
_ORIGIN = (Column("source", "source"), Column("status", "status"))
_NOTE = Column("note", "text", needed=False, filled=False)


def _number(name: str, least: float | None = None, most: float | None = None) -> Column:
    return Column(name, "number", least=least, most=most)


REGIONS = TableSpec(
    (Column("region", "word"), Column("name", "word"), Column("currency", "word")), ("region",)
)
FIGURES = TableSpec(
    (_REGION, _YEAR, Column("item", "word", words=ITEMS), _number("value", 0.0), _UNIT, *_ORIGIN),
    ("region", "year", "item"),
)
HISTORY = TableSpec((_REGION, _YEAR, _number("value", 0.0), _UNIT, *_ORIGIN), ("region", "year"))
CITED = TableSpec(
    (Column("definition", "word"), _REGION, _YEAR, _number("value", 0.0), _UNIT, *_ORIGIN),
    ("definition", "region", "year", "unit"),
)
DEFINITIONS = TableSpec(
    (Column("definition", "word"), Column("title", "word"), Column("says", "word"), *_ORIGIN),
    ("definition",),
)
BASE_RATES = TableSpec(
    (_number("horizon", 1), _number("minimum", 0.0), _number("cut", 0.0, 1.0),
     _number("observed", 1), _number("cuts", 0), _number("largest", -1.0, 0.0),
     Column("where", "word"), Column("first", "year"), Column("last", "year"), _UNIT, *_ORIGIN),
    ("horizon", "minimum", "cut"),
)  # fmt: skip
MULTIPLIERS = TableSpec(
    (Column("study", "word"), Column("concept", "word"), _number("low"), _number("high"), _UNIT,
     _number("horizon", 0), Column("national", "word", words=("true", "false")), *_ORIGIN, _NOTE),
    ("study", "concept"),
)  # fmt: skip
REACTIONS = TableSpec(
    (Column("subject", "region"), Column("rival", "region"), Column("kind", "word"),
     _number("value"), _number("standard_error", 0.0), _UNIT, *_ORIGIN, _NOTE),
    ("subject", "rival"),
)  # fmt: skip
CHOICES = TableSpec(
    (Column("parameter", "word"), _number("value"), _number("low"), _number("high"), _UNIT,
     *_ORIGIN, _NOTE),
    ("parameter",),
)  # fmt: skip


def load_budgets(pack: str | Path = "budgets") -> BudgetPack:
    """Return the pack of budgets of that name, or in that folder.

    Raises ``InputError`` with everything that is wrong with the pack's files.
    """
    folder = SHIPPED / pack if isinstance(pack, str) and (SHIPPED / pack).is_dir() else Path(pack)
    if kind_of(str(folder.resolve())) != KIND:
        found = "a pack without budgets, or no pack"
        fix = 'name a pack with kind = "budget" in its pack.toml'
        raise InputError([Fault(str(pack), found, "a pack of budgets", fix)])
    reader = Reader(folder.resolve())
    found = _read(reader)
    if found is None or reader.faults:
        raise InputError(sorted(reader.faults, key=lambda fault: (fault.file, fault.line or 0)))
    return found


def _head(reader: Reader) -> BudgetFile | None:
    file = reader.name("pack.toml")
    text, faults = read_text(reader.folder / "pack.toml", file)
    document, wrong = read_toml(text, file)
    reader.faults += [*faults, *wrong]
    if faults or wrong:
        return None
    try:
        return BudgetFile.model_validate(dict(document.tables))
    except ValidationError as error:
        reader.faults += [document.fault(x) for x in problems_of(error, BudgetFile)]
        return None


def _read(reader: Reader) -> BudgetPack | None:
    head = _head(reader)
    regions = reader.table("regions.csv", REGIONS, Known())
    known = Known(
        regions=frozenset(regions.text["region"]) if regions.sound else None,
        sources=None if head is None else frozenset(x.id for x in head.source),
    )
    specs = {
        "figures": FIGURES, "history": HISTORY, "cited": CITED, "definitions": DEFINITIONS,
        "base_rates": BASE_RATES, "multipliers": MULTIPLIERS, "reactions": REACTIONS,
        "choices": CHOICES,
    }  # fmt: skip
    tables = {name: reader.table(f"{name}.csv", spec, known) for name, spec in specs.items()}
    if head is None or reader.faults:
        return None
    currencies = _pairs(regions, "region", "currency")
    cited = _cited(reader, tables["cited"], currencies, tables["definitions"])
    return BudgetPack(
        name=head.name,
        title=head.title,
        version=head.version,
        summary=head.summary,
        digest=digest(reader.folder),
        folder=reader.folder,
        names=_pairs(regions, "region", "name"),
        currencies=currencies,
        figures=_figures(tables["figures"]),
        cited=cited,
        history=_history(tables["history"]),
        definitions=_definitions(tables["definitions"]),
        base_rates=_base_rates(tables["base_rates"]),
        multipliers=_multipliers(tables["multipliers"]),
        reactions=_reactions(tables["reactions"]),
        choices=_choices(tables["choices"]),
        sources=head.source,
        assumptions=head.assumption,
        not_modelled=head.not_modelled,
    )


def _pairs(table: Table, key: str, value: str) -> dict[str, str]:
    return {cells[0]: cells[1] for cells in cells_of(table, key, value)}


def _rows(table: Table, *names: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    return enumerate(cells_of(table, *names))


def _figures(table: Table) -> dict[tuple[str, int, str], Figure]:
    values = table.number["value"]
    return {
        (region, int(year), item): Figure(values[i], unit, source, status)
        for i, (region, year, item, unit, source, status) in _rows(
            table, "region", "year", "item", "unit", "source", "status"
        )
    }


def _history(table: Table) -> dict[str, dict[int, float]]:
    values = table.number["value"]
    found: dict[str, dict[int, float]] = {}
    for i, (region, year) in _rows(table, "region", "year"):
        found.setdefault(region, {})[int(year)] = values[i]
    return found


def _cited(
    reader: Reader, table: Table, currencies: dict[str, str], definitions: Table
) -> dict[tuple[str, str, int], tuple[Figure, ...]]:
    """Return cited figures in dollars or whole units of local currency."""
    known = [x for x in definitions.text["definition"] if x != WDI]
    found: dict[tuple[str, str, int], tuple[Figure, ...]] = {}
    names = ("definition", "region", "year", "unit", "source", "status")
    for i, (definition, region, year, unit, source, status) in _rows(table, *names):
        own = currencies[region]
        sizes = UNITS | {f"{word} {own}": size for word, size in LOCAL.items()}
        for column, cell, allowed in (("unit", unit, [*sizes]), ("definition", definition, known)):
            if cell not in allowed:
                fix = f'write "{allowed[0]}", or add it to definitions.csv or regions.csv'
                fault = Fault(
                    table.file, f'"{cell}"', ", ".join(allowed), fix, table.lines[i], None, column
                )
                reader.faults.append(fault)
        value = table.number["value"][i] * sizes.get(unit, 1.0)
        currency = "USD" if unit in UNITS else own
        figure = Figure(value, f"{currency}/yr", source, status)
        place = (definition, region, int(year))
        found[place] = (*found.get(place, ()), figure)
    return found


def _definitions(table: Table) -> dict[str, Definition]:
    names = ("definition", "title", "says", "source", "status")
    return {cells[0]: Definition(*cells) for _, cells in _rows(table, *names)}


def _base_rates(table: Table) -> tuple[CountedCuts, ...]:
    n = table.number
    return tuple(
        CountedCuts(int(n["horizon"][i]), n["minimum"][i], n["cut"][i], int(n["observed"][i]),
                    int(n["cuts"][i]), n["largest"][i], where, int(first), int(last), source)
        for i, (where, first, last, source) in _rows(table, "where", "first", "last", "source")
    )  # fmt: skip


def _multipliers(table: Table) -> tuple[Multiplier, ...]:
    low, high = table.number["low"], table.number["high"]
    names = ("study", "concept", "national", "source", "status", "note")
    return tuple(
        Multiplier(study, concept, low[i], high[i], national == "true", source, status, note)
        for i, (study, concept, national, source, status, note) in _rows(table, *names)
    )


def _reactions(table: Table) -> tuple[Reaction, ...]:
    n = table.number
    names = ("subject", "rival", "source", "status")
    return tuple(
        Reaction(subject, rival, n["value"][i], n["standard_error"][i], source, status)
        for i, (subject, rival, source, status) in _rows(table, *names)
    )


def _choices(table: Table) -> dict[str, Choice]:
    n = table.number
    return {
        parameter: Choice(n["value"][i], n["low"][i], n["high"][i], unit, source, note)
        for i, (parameter, unit, source, note) in _rows(
            table, "parameter", "unit", "source", "note"
        )
    }
