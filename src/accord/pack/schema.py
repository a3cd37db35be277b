"""The form of every file of a pack.

pack.toml             what the pack is, its benchmarks, sources, assumptions, gaps
regions.csv           who trades; members are ISO 3166 alpha-3 codes with spaces between
goods.csv             what is traded
policy.toml           the dated law: [[measure]] tables, each a term as in a deal file
tariff_columns.csv    rates for a good under a status of trade relations (optional)
priors.csv            uncertain parameters as distributions
correlations.csv      which of them vary together (optional; read_uncertain.py)
hub_prices.csv        quoted world prices by year
plants.csv            what is known of single plants: name, place, technology (optional)
downstream_users.csv  who uses a good outside the chain, by region, shares of 1 (optional)
benchmark_YEAR/       a year with everything: flows, prices, freight, activities
    latent_flows.csv, observed.csv, adjustments.csv   (optional)
levels_YEAR.csv       a year with outputs and capacities only (optional)
observed_YEAR.csv     what the world showed in such a year (optional)
backcast/             what happened after the first benchmark (optional; accord.backcast.tables)
outlook/              growth, projects and known law of later years (optional; outlook.py)
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from accord.instruments.fields import LARGEST_RATE, about
from accord.pack.columns import Column
from accord.pack.tables import TableSpec

# Plain constraints: a field with a reader of its own takes ten times as long to prepare.
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$")]


class Part(BaseModel):
    """A table of ``pack.toml`` that accepts no field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Source(Part):
    """Where numbers come from. Rows of the tables name it by ``id``."""

    id: Slug = about("a name: lower-case letters, digits and - _ .", '"usgs-2019"')
    title: Text = about("text: what it is called", '"Minerals Yearbook"')
    publisher: Text = about("text: who published it", '"US Geological Survey"')
    year: int | None = about("the year it appeared", "2019", None)
    licence: str = about("text: its licence", '"public domain"', "")
    url: str = about("text: where to get it", '"https://www.usgs.gov"', "")
    note: str = about("text: a remark", '"table 12"', "")


class Assumption(Part):
    """Something taken to be so: what it says, and which results hang on it."""

    id: Text = about("a name of its own", '"fixed-coefficients"')
    says: Text = about("text: what is assumed", '"a smelter cannot use less alumina"')
    matters_for: Text = about("text: which results hang on it", '"the price of alumina"')


class MissingPiece(Part):
    """Something the pack leaves out, and why."""

    what: Text = about("text: what is left out", '"stocks"')
    why: Text = about("text: why", '"no figures by country"')


class BenchmarkEntry(Part):
    """A benchmark year and the day whose law its flows are calibrated under."""

    year: int = about("the year of a folder benchmark_YEAR", "2017")
    law_date: date = about("a day, as YYYY-MM-DD", "2017-07-01")


class HubEntry(Part):
    """A quoted world price of a good: a mean of exporters' border prices by benchmark flows.

    ``except_origins`` are exporters whose price the quote does not follow.
    """

    good: Text = about("a good of goods.csv", '"aluminium"')
    quote: Text = about("text: the name of the quote", '"LME"')
    except_origins: tuple[Text, ...] = about("a list of regions", '["CHN"]', ())


class TracerEntry(Part):
    """A mark on a good by where it was made: what ``kinds`` of activities in ``sources`` make."""

    name: Text = about("a name of its own", '"russian-metal"')
    good: Text = about("a good of goods.csv", '"aluminium"')
    sources: tuple[Text, ...] = about("a list of regions", '["RUS"]')
    kinds: tuple[Text, ...] = about("a list of kinds of activities", '["smelter"]')


class PackFile(Part):
    """``pack.toml``."""

    name: Slug = about("a name: lower-case letters, digits and - _ .", '"aluminium"')
    kind: Literal["market"] = about('"market"', '"market"', "market")
    title: Text = about("text: what the pack is about", '"World aluminium"')
    version: Text = about("text: the version of the data", '"1"')
    price_year: int = about("the year whose US dollars all prices are in", "2024")
    currency: Literal["USD"] = about('"USD"', '"USD"', "USD")
    summary: str = about("text: a few sentences", '"Mines, refineries, smelters."', "")
    benchmark: tuple[BenchmarkEntry, ...] = about(
        "a [[benchmark]] table for each folder benchmark_YEAR", "..."
    )
    hub: tuple[HubEntry, ...] = about("[[hub]] tables", "...", ())
    tracer: tuple[TracerEntry, ...] = about("[[tracer]] tables", "...", ())
    source: tuple[Source, ...] = about("[[source]] tables", "...", ())
    assumption: tuple[Assumption, ...] = about("[[assumption]] tables", "...", ())
    not_modelled: tuple[MissingPiece, ...] = about("[[not_modelled]] tables", "...", ())


WORLD = "WORLD"
"""The whole market, where a region is asked for."""

_GOOD = Column("good", "good")
_REGION = Column("region", "region")
_LANE = (_GOOD, Column("origin", "region"), Column("destination", "region"))
_YEAR = Column("year", "year")
_ORIGIN = (Column("source", "source"), Column("status", "status"))
_KIND = Column("kind", "word")


def _value(dimension: str, least: float | None = 0.0, above: float | None = None) -> list[Column]:
    return [
        Column("value", "number", least=least, above=above),
        Column("unit", "unit", dimension=dimension),
        _YEAR,
        *_ORIGIN,
    ]


REGIONS = TableSpec(
    (
        Column("region", "word"),
        Column("name", "word"),
        Column("members", "text", filled=False),
        Column("customs_basis", "word", words=("fob", "cif")),
    ),
    key=("region",),
)
GOODS = TableSpec((Column("good", "word"), Column("name", "word")), key=("good",))
TARIFF_COLUMNS = TableSpec(
    (
        Column("importer", "region"),
        _GOOD,
        Column("column", "word"),
        Column("ad_valorem", "number", least=0.0, most=LARGEST_RATE, hint="write 0.15 for 15 %"),
        Column("specific", "number", least=0.0),
        Column("unit", "unit", dimension="price"),
        _YEAR,
        *_ORIGIN,
    ),
    key=("importer", "good", "column"),
    values=("specific",),
    rows=False,
)
PRIORS = TableSpec(
    (
        Column("parameter", "word"),
        Column("good", "good", wildcard=True),
        Column("region", "region", wildcard=True),
        Column(
            "family",
            "word",
            words=("lognormal", "normal", "logitnormal", "beta", "triangular", "uniform", "fixed"),
        ),
        Column("median", "number", above=0.0),
        Column("low", "number", above=0.0),
        Column("high", "number", above=0.0),
        Column("least", "number", needed=False, filled=False),
        Column("most", "number", needed=False, filled=False),
        Column("unit", "unit", dimension="number"),
        *_ORIGIN,
    ),
    key=("parameter", "good", "region"),
    values=("median", "low", "high", "least", "most"),
)
HUB_PRICES = TableSpec(
    (Column("quote", "word"), *_value("price", above=0.0, least=None)),
    key=("quote", "year"),
    values=("value",),
)
FLOWS = TableSpec((*_LANE, *_value("mass a year")), ("good", "origin", "destination"), ("value",))
LATENT = TableSpec(
    (
        *_LANE,
        Column("low", "number", above=0.0),
        Column("central", "number", above=0.0),
        Column("high", "number", above=0.0),
        Column("unit", "unit", dimension="mass a year"),
        _YEAR,
        *_ORIGIN,
    ),
    key=("good", "origin", "destination"),
    values=("low", "central", "high"),
    rows=False,
)
PRICES = TableSpec(
    (_GOOD, _REGION, *_value("price", above=0.0, least=None)), ("good", "region"), ("value",)
)
FREIGHT = TableSpec((*_LANE, *_value("price")), ("good", "origin", "destination"), ("value",))
_PLANT = Column("plant", "text", needed=False, filled=False)
ACTIVITIES = TableSpec(
    (_KIND, _REGION, _PLANT, Column("item", "word"), *_value("any")),
    ("kind", "region", "plant", "item"),
)
PLANTS = TableSpec(
    (
        _KIND,
        _REGION,
        Column("plant", "word"),
        Column("name", "word"),
        Column("place", "word"),
        Column("technology", "word"),
        Column("power_source", "word"),
        Column("grid", "word"),
        *_value("mass a year"),
    ),
    key=("kind", "region", "plant"),
    values=("value",),
    rows=False,
)
USERS = TableSpec(
    (
        _GOOD,
        _REGION,
        Column("user", "word"),
        Column("value", "number", least=0.0, most=1.0, hint="write the share as a fraction"),
        Column("unit", "unit", dimension="number"),
        _YEAR,
        *_ORIGIN,
    ),
    key=("good", "region", "user"),
    rows=False,
)
LEVELS = TableSpec(
    (
        _KIND,
        _REGION,
        Column("item", "word", words=("output", "capacity")),
        *_value("mass a year"),
    ),
    key=("kind", "region", "item"),
    values=("value",),
)
OBSERVED = TableSpec(
    (
        Column("quantity", "word"),
        Column("region", "region", words=(WORLD,)),
        Column("partner", "region", words=(WORLD,), filled=False),
        Column("value", "number"),
        Column("unit", "unit", dimension="any"),
        _YEAR,
        *_ORIGIN,
        Column("fitted", "word", words=("true", "false")),
    ),
    key=("quantity", "region", "partner", "year"),
    rows=False,
)
ADJUSTMENTS = TableSpec(
    (
        *_LANE,
        Column("before", "number", filled=False),
        Column("after", "number"),
        Column("unit", "unit", dimension="mass a year"),
        *_ORIGIN,
        Column("why", "word"),
    ),
    key=("good", "origin", "destination"),
    values=("before", "after"),
    rows=False,
)

ITEMS = {
    "capacity": "mass a year",
    "output": "mass a year",
    "power": "power per tonne",
    "power_price": "price of power",
    "emissions": "emissions per tonne",
    "other_cost": "price",
    "input:": "number",
    "output:": "number",
}
