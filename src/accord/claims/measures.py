"""The closed list of what a reading of a claim can measure, on data and on effects."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from accord.claims.sizes import units_like
from accord.claims.words import Word
from accord.deal import Measurable, Vocabulary
from accord.effects.measures import MEASURES as EFFECTS
from accord.pack.load import SHIPPED

How = Literal["level", "of_partner", "of_world", "of_year", "of_cases"]
PERCENT = units_like("fraction")


@dataclass(frozen=True, slots=True)
class DataMeasure:
    """A measure on figures.

    ``quantity``  the figures' own name;  ``over`` that of what they are divided by, if another
    ``how``       the figure itself, or its ratio to a partner's, the world's, a year's, all cases'
    ``scale``     what part of the figure is meant
    """

    name: str
    unit: str
    quantity: str
    says: str
    how: How = "level"
    needs: tuple[str, ...] = ("region", "year")
    takes: tuple[str, ...] = ("good", "edition")
    over: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class ModelMeasure:
    """A measure on the law of a day or on the model's market before the deal."""

    name: str
    unit: str
    says: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartMeasure:
    """A measure on what the deal does beside the market.

    ``row``  the effect it is made of;  ``how`` that itself, over what it was, or how far it falls
    """

    name: str
    unit: str
    row: str
    says: str
    how: Literal["level", "ratio", "fall"] = "level"
    needs: tuple[str, ...] = ("region",)
    takes: tuple[str, ...] = ("year",)


DATA = (
    DataMeasure("us_import_share", "fraction", "us_import_share", "share of US imports by origin",
                takes=("good", "edition", "last_years")),
    DataMeasure("observed_output", "t/yr", "output", "output"),
    DataMeasure("observed_imports", "t/yr", "imports", "imports",
                takes=("good", "edition", "partner")),
    DataMeasure("observed_exports", "t/yr", "exports", "exports",
                takes=("good", "edition", "partner")),
    DataMeasure("reserves", "t REO", "reserves", "reserves", needs=("region",),
                takes=("good", "edition", "year")),
    DataMeasure("reserves_ratio", "ratio", "reserves", "reserves over those of a partner",
                how="of_partner", needs=("region", "partner"), takes=("good", "edition", "year")),
    DataMeasure("mine_output", "t REO/yr", "mine_output", "mine output"),
    DataMeasure("mine_output_share", "fraction", "mine_output", "share of the world's mine output",
                how="of_world"),
    DataMeasure("mine_output_ratio", "ratio", "mine_output", "mine output over that of a year",
                how="of_year", needs=("region", "year", "base_year")),
    DataMeasure("refining_share", "fraction", "refining_share", "share of the world's refining"),
    DataMeasure("military_spending", "USD/yr", "military_spending", "military spending"),
    DataMeasure("military_spending_half", "USD/yr", "military_spending",
                "half of military spending", scale=0.5),
    DataMeasure("military_spending_ratio", "ratio", "military_spending",
                "military spending over that of a partner", how="of_partner",
                needs=("region", "partner", "year"), takes=("edition",)),
    DataMeasure("halving_precedents", "country-years", "halvings",
                "country-years in which a defence budget was halved", needs=("region",),
                takes=("edition", "year")),
    DataMeasure("halving_base_rate", "fraction", "halvings",
                "share of country-years in which a defence budget was halved", how="of_cases",
                needs=("region",), takes=("edition", "year"), over="halving_observations"),
    DataMeasure("project_cost", "USD", "project_cost", "cost of a project", needs=("good",),
                takes=("region", "edition", "year")),
)  # fmt: skip

MODEL = (
    ModelMeasure("duty_rate", "fraction", "duty by law on a lane on a day",
                 ("region", "partner", "good"), ("year", "day")),
    ModelMeasure("law_from_year", "year", "year in which a measure of the law began", ("law",)),
    ModelMeasure("capacity", "t/yr", "capacity to make a good", ("region", "good")),
    ModelMeasure("idle_capacity", "t/yr", "capacity that stands idle before the deal",
                 ("region", "good")),
)  # fmt: skip

PART = (
    PartMeasure("expected_mine_output_ratio", "ratio", "mine_output",
                "expected mine output over that of today", "ratio"),
    PartMeasure("expected_magnet_output_ratio", "ratio", "magnet_output",
                "expected output of magnets over that of today", "ratio"),
    PartMeasure("expected_part_of_world_mining", "fraction", "mine_output_part_of_world",
                "expected mine output over the world's of today"),
    PartMeasure("project_npv", "USD", "project_npv",
                "net present value of all of a project's capital"),
    PartMeasure("project_part_of_imports", "fraction", "project_part_of_imports",
                "output of the project over the imports"),
    PartMeasure("budget_freed", "USD/yr", "military_spending", "budget freed a year", "fall"),
)  # fmt: skip

DATA_BY_NAME = {measure.name: measure for measure in DATA}
MODEL_BY_NAME = {measure.name: measure for measure in MODEL}
PART_BY_NAME = {measure.name: measure for measure in PART}
EFFECT_BY_NAME = {measure.name: measure for measure in EFFECTS}
NO_REGION = ("hub_price",)
QUANTITIES = tuple(dict.fromkeys([q for m in DATA for q in (m.quantity, m.over) if q]))


def is_measure(name: str) -> bool:
    """Return whether there is a measure of that name."""
    return any(name in x for x in (DATA_BY_NAME, MODEL_BY_NAME, PART_BY_NAME, EFFECT_BY_NAME))


def vocabulary(words: Iterable[Word]) -> Vocabulary:
    """Return what a deal file's readings may say."""
    measures = {
        m.name: Measurable(m.name, m.needs, m.takes, units_like(m.unit))
        for m in (*DATA, *MODEL, *PART)
    }
    for effect in EFFECTS:
        needs = ("form",) if effect.name in NO_REGION else ("form", "region")
        units = units_like(effect.unit)
        takes = ("good", "partner", "variant")
        measures[effect.name] = Measurable(effect.name, needs, takes, units, PERCENT)
    known = list(words)
    kinds = {word.name: word.kind for word in known}
    sizes = {word.name: word.unit for word in known if word.kind == "size"}
    return Vocabulary(measures, kinds, sizes, pack_regions)


@cache
def pack_regions() -> tuple[str, ...]:
    """Return the codes of the regions of every pack that ships."""
    found: dict[str, None] = {}
    for path in sorted(SHIPPED.glob("*/regions.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            found |= dict.fromkeys(code for row in rows if (code := row.get("region")))
    return tuple(found)
