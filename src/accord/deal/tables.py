"""The tables of deal file v1 that are not terms."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, cast

from pydantic import PlainValidator

from accord.deal.values import list_of
from accord.instruments.fields import Code, Count, Day, Packs, Slug, Slugs, Text, about
from accord.instruments.problem import FieldError, Problem, shown
from accord.instruments.table import Table
from accord.instruments.term import Where

DealStatus = Literal["offer", "draft", "signed", "in_force", "hypothetical"]
Comparator = Literal["at_least", "at_most", "more_than", "less_than", "within", "between", "about"]
Form = Literal["before", "after", "change", "change_pct"]
Role = Literal["asserted", "context"]


def _digest(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"sha256:[0-9a-f]{64}", value):
        return value
    allowed = '"sha256:" and 64 hexadecimal digits'
    raise FieldError(shown(value), allowed, "compute it with `sha256sum FILE`")


def _format(value: object) -> int:
    if value == 1 and not isinstance(value, bool):
        return 1
    raise FieldError(shown(value), "1, the format this accord reads", "write format = 1")


def _years(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and re.fullmatch(r"[a-z_]+", value):
        return value
    allowed = "a number of years, or a word with cut-offs in years such as used_to"
    raise FieldError(shown(value), allowed, "write for example last_years = 5")


def _threshold(value: object) -> float | str | tuple[float, float]:
    several = list_of(value)
    values = [value] if several is None else several
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if isinstance(value, str) and re.fullmatch(r"[a-z_]+", value):
        return value
    if len(numbers) == len(values) == 1 and several is None:
        return numbers[0]
    if len(numbers) == len(values) == 2 and numbers[0] <= numbers[1]:  # noqa: PLR2004 - a range
        return numbers[0], numbers[1]
    allowed = "a number, [low, high], or a word with cut-offs such as significant"
    raise FieldError(
        shown(several or value), allowed, "write for example threshold = 0.15 and unit = ..."
    )


def _readings(value: object) -> tuple[str, ...]:
    names = list_of(value) or []
    good = [x for x in names if isinstance(x, str) and x.count("/") == 1]
    if len(good) == len(names) >= 2:  # noqa: PLR2004 - together takes two
        return tuple(good)
    allowed = 'a list of two readings or more, each as "claim/reading"'
    fix = 'write for example readings = ["cheap/price", "calm/world-price"]'
    raise FieldError(shown(value), allowed, fix)


class Header(Table):
    """``[deal]``: what the deal is."""

    title: Text = about("text: what the deal is called", '"Aluminium for the United States"')
    date: Day = about("the day of the deal, as YYYY-MM-DD", "2025-02-24")
    status: DealStatus = about("how far the deal has come", '"offer"')
    pack: Packs = about("the name of a data pack, or a list of them", '["aluminium"]')
    format: Annotated[int, PlainValidator(_format)] = about("1", "1", 1)
    slug: Slug | None = about("a short name", '"us-russia-2025"', None)
    default_variant: Slug | None = about("the name of a variant", '"common-duty"', None)
    summary: Text = about("text: the deal in a sentence or two", '"..."', "")


class Source(Table):
    """``[[source]]``: where the deal's text and numbers come from."""

    id: Slug = about("a name of its own: lower-case letters, digits and - _ .", '"report"')
    title: Text = about("text: the title", '"Proclamation 10522"')
    publisher: Text = about("text: who published it", '"The White House"')
    date: Day | None = about("the day it was published, as YYYY-MM-DD", "2025-02-24", None)
    url: Text | None = about("text: where to find it", '"https://..."', None)
    digest: Annotated[str, PlainValidator(_digest)] | None = about(
        'the digest of the text cited: "sha256:..."', '"sha256:..."', None
    )
    note: Text = about("text", '"..."', "")


class Party(Table):
    """``[[party]]``: a country or region of the pack, or a company that belongs to one."""

    code: Code | None = about("a country or region code", '"USA"', None)
    name: Text | None = about("text: the name of the party", '"United States"', None)
    company: Text | None = about("text: the name of a company", '"Rusal"', None)
    country: Code | None = about("the country the company belongs to", '"RUS"', None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the party's own fields."""
        if self.code is not None and self.company is not None:
            fix = 'write country = "..." for the country a company belongs to'
            return [Problem(("code",), "code and company", "one of them", fix)]
        if self.company is not None and self.country is None:
            allowed = "the country the company belongs to"
            return [Problem(("country",), "nothing", allowed, 'add country = "RUS"')]
        if self.company is None and self.country is not None:
            fix = f'write code = "{self.country}", or add company = "..."'
            return [Problem(("country",), "country without company", "a company's country", fix)]
        if self.code is None and self.company is None:
            fix = 'add code = "USA", or company = "..." and country = "..."'
            return [Problem(("code",), "nothing", "a country or a company", fix)]
        return []


class Reading(Table):
    """``[[claim.reading]]``: one thing a claim may mean, and what would test it."""

    id: Slug = about("a name of its own: lower-case letters, digits and - _ .", '"world-price"')
    asserts: Text = about("text: what exactly is asserted", '"the LME price stays within 5 %"')
    measure: Slug | None = about("what is measured", '"hub_price"', None)
    region: Code | None = about("a country or region code", '"USA"', None)
    partner: Code | None = about("a country or region code", '"RUS"', None)
    good: Slug | None = about("a good of the pack", '"aluminium"', None)
    year: Count | None = about("a year", "2017", None)
    base_year: Count | None = about("the year it is compared with", "2024", None)
    last_years: Annotated[Any, PlainValidator(_years)] = about(
        "how many years before the year count: a number, or a word", "5", None
    )
    day: Day | None = about("a day, as YYYY-MM-DD", "2023-12-31", None)
    edition: Text | None = about("text: which of several figures", '"USGS 2026"', None)
    law: Slug | None = about("a measure of the pack's law", '"us.s232_50_2025"', None)
    variant: Slug | None = about("a variant of this deal", '"duty-free"', None)
    form: Form | None = about("what of the measure is compared", '"change_pct"', None)
    comparator: Comparator | None = about("how it is compared", '"at_most"', None)
    threshold: Annotated[Any, PlainValidator(_threshold)] = about("a number", "0.05", None)
    unit: Text | None = about("text: the unit of the threshold", '"%"', None)
    not_checkable: Text | None = about("text: why no number can test it", '"an attitude"', None)
    role: Role = about("asserted, which decides, or context, shown", '"context"', "asserted")
    wording: Slug | None = about("a wording of this claim", '"others"', None)
    pending: Text | None = about("text: why it is too early to tell", '"a plan"', None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the reading's own fields."""
        test = {
            "measure": self.measure,
            "comparator": self.comparator,
            "threshold": self.threshold,
            "unit": self.unit,
        }
        given = [name for name, value in test.items() if value is not None]
        if self.not_checkable is not None:
            allowed = "not_checkable alone, or measure, comparator, threshold and unit"
            return [
                Problem((name,), f"{name} beside not_checkable", allowed, "take one of them out")
                for name in given
            ]
        missing = [name for name in test if name not in given]
        allowed = "measure, comparator, threshold and unit together, or not_checkable"
        fixes = {name: f"add {name} = ..." for name in missing}
        problems = [Problem((n,), "nothing", allowed, fixes[n]) for n in missing]
        return problems + self._threshold_problems()

    def _threshold_problems(self) -> list[Problem]:
        if self.threshold is None or self.comparator is None:
            return []
        if self.comparator == "about" and isinstance(self.threshold, str):
            fix = 'write the number that it is about, or comparator = "at_least"'
            return [Problem(("threshold",), shown(self.threshold), "a number", fix)]
        if isinstance(self.threshold, tuple) == (self.comparator == "between"):
            return []
        if self.comparator == "between":
            fix = "write threshold = [low, high]"
            return [Problem(("threshold",), shown(self.threshold), "two numbers", fix)]
        found = shown(list(cast("tuple[float, float]", self.threshold)))
        fix = 'write comparator = "between", or one number'
        return [Problem(("threshold",), found, f'one number with "{self.comparator}"', fix)]


class Wording(Table):
    """``[[claim.wording]]``: how somebody else reports the claim, in other words than theirs."""

    id: Slug = about("a name of its own: lower-case letters, digits and - _ .", '"others"')
    says: Text = about("text: what differs", '"about 2 Mt, not up to 2 Mt"')
    source: Slug = about("the id of a source of this file", '"report"')


class Claim(Table):
    """``[[claim]]``: what somebody said the deal would do, in other words than theirs."""

    id: Slug = about(
        "a name of its own: lower-case letters, digits and - _ .", '"restrains-prices"'
    )
    speaker: Text = about("text: who said it", '"president of Russia"')
    says: Text = about("text: what was said, in your own words", '"the supply holds prices down"')
    source: Slug = about("the id of a source of this file", '"report"')
    where: Where | None = about(
        "the place in the source: { offset = 1371 } in characters", "{ offset = 1371 }", None
    )
    figures: Text = about("text: what figures say beside it", '"..."', "")


class Together(Table):
    """``[[together]]``: readings, of one claim or of several, that must hold together."""

    id: Slug = about("a name of its own: lower-case letters, digits and - _ .", '"both"')
    says: Text = about("text: what is said when all of them hold", '"it is calm and restrains"')
    readings: Annotated[tuple[str, ...], PlainValidator(_readings)] = about(
        'a list of two readings or more, each as "claim/reading"', '["a/price", "b/price"]'
    )
    why: Text = about("text: why they must hold together", '"said in one breath"')


class Variant(Table):
    """``[variant.NAME]``: the deal with some terms dropped, added or set differently."""

    title: Text = about("text: what differs", '"Russia pays no section 232 duty"')
    drop: Slugs = about("ids of terms left out", '["lift-ban"]', ())
    as_of: Day | None = about("the day whose law holds, as YYYY-MM-DD", "2025-07-01", None)
