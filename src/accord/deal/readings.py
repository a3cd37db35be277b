"""What is wrong with a reading of a claim in words: measures, vague words, regions, units."""

from __future__ import annotations

from collections.abc import Iterable

from accord.deal.values import Row
from accord.deal.vocabulary import Measurable, Vocabulary
from accord.instruments.countries import code_for, country_names
from accord.instruments.problem import Problem, listed, nearest

# Fields that say what is measured; a measure has its own list of those it needs and takes.
PLACES = (
    "region", "partner", "good", "year", "base_year", "last_years", "day", "edition", "law",
    "variant", "form",
)  # fmt: skip
WORLD = "WORLD"
MOST_SHOWN = 12


def reading_problems(row: Row, vocabulary: Vocabulary) -> list[Problem]:
    """Return what a reading's table says that the vocabulary does not know, all of it at once."""
    return [
        *_measure_problems(row, vocabulary),
        *_word_problems(row, vocabulary),
        *_region_problems(row, vocabulary),
    ]


def _measure_problems(row: Row, vocabulary: Vocabulary) -> Iterable[Problem]:
    name = row.get("measure")
    if not isinstance(name, str):
        return
    measure = vocabulary.measures.get(name)
    if measure is None:
        likely = nearest(name, vocabulary.measures)
        fix = f'write "{likely}"' if likely else "name one of the list in docs/claims.md"
        yield Problem(("measure",), f'the unknown measure "{name}"', _some(vocabulary), fix)
        return
    for field in measure.needs:
        if field not in row:
            yield Problem((field,), "nothing", f"what {name} is measured at", f"add {field} = ...")
    for field in PLACES:
        if field in row and field not in (*measure.needs, *measure.takes):
            allowed = listed([*measure.needs, *measure.takes], "and") or "no such field"
            yield Problem((field,), f"{field} with {name}", allowed, "take it out")
    yield from _unit_problems(row, measure, vocabulary)


def _some(vocabulary: Vocabulary) -> str:
    names = list(vocabulary.measures)
    return f"a measure: {', '.join(names[:MOST_SHOWN])}, … ({len(names)} in all: docs/claims.md)"


def _unit_problems(row: Row, measure: Measurable, vocabulary: Vocabulary) -> Iterable[Problem]:
    unit, word = row.get("unit"), row.get("threshold")
    units = measure.pct_units if row.get("form") == "change_pct" else measure.units
    if isinstance(unit, str) and unit not in units:
        likely = nearest(unit, units) or units[0]
        found = f'"{unit}", for {measure.name}'
        yield Problem(("unit",), found, listed(list(units)), f'write "{likely}"')
    size = vocabulary.sizes.get(word) if isinstance(word, str) else None
    if size is not None and size != units[0]:
        fitting = [name for name, kind in vocabulary.sizes.items() if kind == units[0]]
        found = f'"{word}", whose cut-offs are in {size}'
        allowed = f"a number, or a word for {units[0]}: {listed(fitting) or 'none'}"
        yield Problem(("threshold",), found, allowed, "write a number, or another word")


def _word_problems(row: Row, vocabulary: Vocabulary) -> Iterable[Problem]:
    for field, kinds in (("threshold", {"size"}), ("last_years", {"years"})):
        word = row.get(field)
        if not isinstance(word, str) or vocabulary.words.get(word) in kinds:
            continue
        names = [name for name, kind in vocabulary.words.items() if kind in kinds]
        likely = nearest(word, names)
        fix = f'write "{likely}"' if likely else "give a number, or add the word to the table"
        allowed = f"a number, or a word of the table of words: {listed(names)}"
        yield Problem((field,), f'the unknown word "{word}"', allowed, fix)


def _region_problems(row: Row, vocabulary: Vocabulary) -> Iterable[Problem]:
    names = country_names()
    for field in ("region", "partner"):
        code = row.get(field)
        if not isinstance(code, str) or code in names or code == WORLD:
            continue
        others = vocabulary.regions()
        if code in others:
            continue
        likely = code_for(code) or nearest(code, [*names, *others])
        fix = f'write "{likely}" ({names.get(likely, likely)})' if likely else 'write "USA"'
        allowed = f"a country code of ISO 3166 alpha-3, a region of a pack, or {WORLD}"
        yield Problem((field,), f'the unknown region "{code}"', allowed, fix)
