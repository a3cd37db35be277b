"""Measures on data: figures as they are, or over a partner's, the world's, or another year's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import cast

from accord.claims.figures import WORLD, Figure, Figures
from accord.claims.found import Basis, Found, nothing
from accord.claims.measures import DataMeasure
from accord.claims.sizes import in_base, said, said_best
from accord.claims.verdict import CUTS, SHARP
from accord.claims.words import Word
from accord.deal.tables import Reading


def measured(
    measure: DataMeasure, reading: Reading, figures: Figures, words: Mapping[str, Word]
) -> Found:
    """Return what the figures say of a reading; editions of one thing stand side by side."""
    if reading.last_years is not None:
        return _in_a_window(measure, reading, figures, words)
    region = reading.region or WORLD
    own = _chosen(figures, measure.quantity, region, reading, reading.year)
    if not own:
        return nothing(_no_figure(measure.quantity, region, reading.year, reading.edition))
    if measure.how == "level":
        return Found(
            measure.scale * own[0].value,
            tuple(measure.scale * f.value for f in own[1:]),
            of=_level_of(figures, measure, own[0]),
            sources=_sources(figures, own),
        )
    return _ratio(measure, reading, figures, own)


def _ratio(
    measure: DataMeasure, reading: Reading, figures: Figures, own: Sequence[Figure]
) -> Found:
    """Return a figure over that of a partner, the world, another year or all cases."""
    region, year, quantity = reading.region or WORLD, reading.year, measure.quantity
    if measure.how == "of_partner":
        region = reading.partner or WORLD
    elif measure.how == "of_world":
        region = WORLD
    elif measure.how == "of_year":
        year = reading.base_year
    else:
        quantity = measure.over
    below = _chosen(figures, quantity, region, reading, year)
    if not below:
        return nothing(_no_figure(quantity, region, year, reading.edition))
    pairs = _of_one_edition(own, below)
    values = [one.value / other.value for one, other in pairs]
    over = pairs[0][1]
    return Found(
        values[0],
        tuple(values[1:]),
        of=f"{_with_value(figures, pairs[0][0])} over {_with_value(figures, over)}".rstrip(","),
        sources=_sources(figures, [figure for pair in pairs for figure in pair]),
        basis=Basis(_described(figures, pairs[0][0]), pairs[0][0].value, over.unit, over.value),
    )


def _of_one_edition(own: Sequence[Figure], below: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """Return pairs of one edition, which must not be spliced; all pairs where none has both."""
    pairs = list(product(own, below))
    alike = [(a, b) for a, b in pairs if a.edition == b.edition]
    return alike or pairs


def _in_a_window(
    measure: DataMeasure, reading: Reading, figures: Figures, words: Mapping[str, Word]
) -> Found:
    """Return, by cut-off, the figure of the years before one that comes nearest the threshold."""
    spans = _spans(reading.last_years, words)
    target = in_base(_middle_of(reading.threshold), reading.unit or "")
    region, last = reading.region or WORLD, (reading.year or 0) - 1
    rows = _chosen(figures, measure.quantity, region, reading, None)
    nearest: dict[str, Figure] = {}
    for cut, years in spans.items():
        inside = [f for f in rows if last - years < f.year <= last]
        if inside:
            nearest[cut] = min(inside, key=lambda f: abs(f.value - target))
    if len(nearest) < len(spans):
        return nothing(_no_figure(measure.quantity, region, last, reading.edition))
    shown = nearest.get("middle") or nearest[SHARP[0]]
    which = ", ".join(
        f"{figure.year} in the last {'year' if spans[cut] == 1 else f'{spans[cut]:.0f}'}"
        for cut, figure in nearest.items()
    )
    return Found(
        shown.value,
        by_cut={cut: (figure.value,) for cut, figure in nearest.items()},
        of=f"{_described(figures, shown)}, the nearest to it in the years looked at ({which})",
        sources=_sources(figures, list(nearest.values())),
    )


def _spans(asked: int | str | None, words: Mapping[str, Word]) -> dict[str, float]:
    """Return how many years count, by cut-off of the word that says so."""
    if isinstance(asked, str):
        return dict(zip(CUTS, words[asked].cuts, strict=True))
    return dict.fromkeys(SHARP, float(asked or 0))


def _middle_of(threshold: object) -> float:
    if isinstance(threshold, tuple):
        low, high = cast("tuple[float, float]", threshold)
        return (low + high) / 2.0
    return float(threshold) if isinstance(threshold, int | float) else 0.0


def _chosen(
    figures: Figures, quantity: str, region: str, reading: Reading, year: int | None
) -> list[Figure]:
    """Return the figures that a reading is about, newest year first if it names none."""
    partner = reading.partner or "" if quantity in {"imports", "exports"} else ""
    rows = [
        f
        for f in figures.of(quantity, region, partner)
        if reading.good in (None, f.good) or not f.good
    ]
    if reading.edition is not None and any(f.edition == reading.edition for f in rows):
        rows = [f for f in rows if f.edition == reading.edition]
    return rows if year is None else [f for f in rows if f.year == year]


NAMES = {
    "us_import_share": "share of US imports from",
    "refining_share": "share of the world's refining in",
    "halvings": "halved defence budgets in",
    "halving_observations": "cases looked at in",
}


def _described(figures: Figures, figure: Figure) -> str:
    what = NAMES.get(figure.quantity) or f"{figure.quantity.replace('_', ' ')} of"
    edition = f" ({figure.edition})" if figure.edition else ""
    return f"{what} {figures.region(figure.region)}, {figure.year}{edition}"


def _with_value(figures: Figures, figure: Figure) -> str:
    return f"{_described(figures, figure)}, {said_best(figure.value, figure.unit)},"


def _level_of(figures: Figures, measure: DataMeasure, figure: Figure) -> str:
    part = "" if measure.scale == 1.0 else f"{said(measure.scale, 'fraction')} of "
    return f"{part}{_described(figures, figure)}"


def _sources(figures: Figures, rows: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figures.title(figure) for figure in rows))


def _no_figure(quantity: str, region: str, year: int | None, edition: str | None) -> str:
    when = "" if year is None else f" in {year}"
    which = "" if edition is None else f" ({edition})"
    return f"no figure for {quantity.replace('_', ' ')} of {region}{when}{which}"
