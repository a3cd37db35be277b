"""The rest of the report on the page: the report's own sections, of the position shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from accord.assessment import Assessment
from accord.assessment.beside import beside
from accord.errors import InputError, NoCertifiedAnswer
from accord.report import chart_svg, html
from accord.report import sections as of_report
from accord.report.destinations import origin_of_change
from accord.report.figures import Figures
from accord.report.html import Section
from accord.report.main_numbers import main_numbers
from accord.report.makers import makers
from accord.report.outputs import outputs
from accord.report.premia import premia, who_gets_it
from accord.report.sections import MOST
from accord.report.single_plants import plants_block
from accord.report.users import users
from accord.web.part_views import part_views
from accord.web.whole import Whole, WholeAnswers

View = dict[str, Any]
ON_THE_PAGE = frozenset({"certificate"})
"""Names of sections that the page has above, kept up with the sliders."""


def more_of(a: Assessment) -> View:
    """Return the sections of a position, and its parts, as the page takes them."""
    return {
        "sections": _shown(x for x in _sections(a) if x.name not in ON_THE_PAGE),
        "parts": part_views(a.parts),
        "headline": a.headline,
        "numbers": [asdict(x) for x in main_numbers(a)],
    }


def claims_of(a: Assessment) -> View:
    """Return the section of claims, which solves markets of its own for what would flip them."""
    return {"sections": _shown([of_report.claimed(a)])}


def years_of(wholes: WholeAnswers, whole: Whole) -> View:
    """Return the section of the years of a position; why there is none where it has none."""
    try:
        with wholes.open(whole, years=True) as a:
            return {"sections": _shown([of_report.years(a, _pictures())])}
    except (InputError, NoCertifiedAnswer) as error:
        first, last = whole.years
        said = f"There is no path over the years {first} to {last} here: {error}"
        return {"sections": _shown([Section("Year by year", "Years", (html.paragraph(said),))])}


def _sections(a: Assessment) -> Iterator[Section]:
    """Yield the sections of the report that the page has not above, in the report's order."""
    pictures = _pictures()
    yield _who_makes_it(a)
    yield _who_pays(a)
    yield of_report.because(a, pictures)
    yield of_report.all_alike(a, beside(a))
    yield of_report.offered(a)
    yield from of_report.of_parts(a)
    yield from of_report.how_sure(a, pictures)
    yield of_report.terms(a)
    yield of_report.law(a)
    yield of_report.assumed(a)
    yield of_report.not_modelled(a)
    yield of_report.sources(a)
    yield of_report.reproduce(a)


def _who_makes_it(a: Assessment) -> Section:
    blocks = html.tables(makers(a), outputs(a, MOST), plants_block(a))
    pieces = (html.paragraph(origin_of_change(a)), *blocks)
    return Section("Where the change comes from, and who makes the good", "Makers", pieces)


def _who_pays(a: Assessment) -> Section:
    pieces = tuple(html.tables(users(a), premia(a, MOST), who_gets_it(a)))
    return Section("Users, prices over the quote, and who bears the change", "Users", pieces)


def _pictures() -> Figures:
    return Figures(chart_svg.available())


def _shown(found: Iterable[Section]) -> list[View]:
    return [{"name": x.name, "short": x.short, "html": x.html} for x in found if x.html]
