"""What stands on which sheet of the workbook: titles, columns, rows, units of numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date

from accord.assessment import Answer, Assessment
from accord.assessment.part import PartTable
from accord.assessment.serialise import path_rows, row_to_json
from accord.report import caveats, claims, offers, opening, trust
from accord.report.cited import cited
from accord.report.main_numbers import main_numbers
from accord.report.reproduce import origins

Cell = str | float | int | bool | date | None
UNIT = "by row"
"""The unit of a column whose numbers are in the unit that their row names."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in characters, the unit of its numbers ("" for words)."""

    title: str
    width: float = 12
    unit: str = ""


@dataclass(frozen=True)
class Page:
    """One sheet: a table with its title and notes, and the tables that stand ``below`` it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    notes: tuple[str, ...] = ()
    below: tuple[Page, ...] = ()

    def units(self, row: Sequence[Cell]) -> list[str]:
        """Return the unit of each cell of a row."""
        own = next((str(row[i]) for i, x in enumerate(self.columns) if x.title == "unit"), "")
        return [own if column.unit == UNIT else column.unit for column in self.columns]


WORDS = 60.0
NUMBERS = tuple(Column(name, 15, UNIT) for name in ("before", "after", "change"))
PER_CENT = Column("change, %", 10, "%")
RANGE = (Column("low", 15, UNIT), Column("high", 15, UNIT))
RANGE_OF_CHANGE = (Column("change, low", 15, UNIT), Column("change, high", 15, UNIT))


def pages(a: Answer) -> list[Page]:
    """Return every sheet of an answer; one that would be empty of meaning is left out."""
    found = [_answer(a), _offers(a), _terms(a), _effects(a), _claims(a), _assumptions(a),
             _not_modelled(a), *_parts(a), *_diagnostics(a), _sources(a)]  # fmt: skip
    return [page for page in found if page is not None]


def _answer(a: Answer) -> Page:
    said = [opening.setting(a), a.headline, *_because(a)]
    if isinstance(a, Assessment):
        said += [*trust.draws(a), trust.certificate(a)]
    access = "low and high access: “after” if closed trade comes back weakly or strongly"
    ranges = "low and high: “after” in 8 of 10 draws lies between, empty where nothing was drawn"
    columns = (Column("result", 44), Column("unit", 10), *NUMBERS, PER_CENT, *RANGE,
               Column("low access", 15, UNIT), Column("high access", 15, UNIT))  # fmt: skip
    rows = [
        (x.name, x.unit, x.before, x.after, x.change, x.change_pct, x.low, x.high, x.low_access,
         x.high_access)
        for x in main_numbers(a)
    ]  # fmt: skip
    return Page("Answer", opening.title(a), columns, rows, (*said, f"{ranges}; {access}."))


def _because(a: Answer) -> tuple[str, ...]:
    if isinstance(a, Assessment):
        return a.because
    return tuple(says for part in a.parts for says in part.because)


def _offers(a: Answer) -> Page | None:
    rows = [tuple(row) for row in offers.as_rows(a)]
    if not rows:
        return None
    widths = {"what": 30, "range": 26, "when": 30, "money": 26, "needs": WORDS}
    units = {"value": UNIT, "low": UNIT, "high": UNIT, "year": "year"}
    columns = tuple(Column(n, widths.get(n, 14), units.get(n, "")) for n in offers.COLUMNS)
    note = "Money of different kinds is never added up."
    return Page("Offers", offers.HEADING, columns, rows, (note,))  # pyright: ignore[reportArgumentType] - rows of plain cells


def _terms(a: Answer) -> Page:
    columns = (Column("id", 22), Column("kind", 20), Column("title", WORDS), Column("implied", 10),
               Column("assumed", 24), Column("reading", WORDS))  # fmt: skip
    rows = [(t.id, t.kind, t.title, t.implied, ", ".join(t.assumed), t.reading) for t in a.terms]
    note = "implied: not in the deal's text; assumed: the fields of a term that are a guess."
    return Page("Terms", "The deal's terms", columns, rows, (note,))


def _effects(a: Answer) -> Page:
    market = isinstance(a, Assessment)
    rows = (*(a.rows if market else ()), *(path_rows(a) if market else ()), *a.part_rows)
    keys = (Column("measure", 24), Column("region", 16), Column("good", 14))
    columns = (*keys, Column("year", 8, "year"), *NUMBERS, PER_CENT, Column("unit", 12), *RANGE,
               *RANGE_OF_CHANGE)  # fmt: skip
    note = "An empty cell is absent, never zero. ORIGIN>DESTINATION is trade between two regions."
    cells = [tuple(row_to_json(row).values()) for row in rows]
    return Page("Effects", "Every effect, in full precision", columns, cells, (note,))


def _claims(a: Answer) -> Page | None:
    rows = [[_threshold(x) for x in astuple(row)] for row in a.claims]
    if not rows:
        return None
    columns = (Column("id", 24), Column("says", WORDS), Column("reading", WORDS),
               Column("measure", 20), Column("verdict", 15), Column("value", 14, UNIT),
               Column("unit", 10), Column("threshold", 14, UNIT), Column("probability", 11, ""),
               Column("flips at", 14, ""), Column("because", WORDS),
               Column("probability, low", 11, ""), Column("probability, high", 11, ""),
               Column("draws", 8, ""))  # fmt: skip
    return Page("Claims", "What was claimed, reading by reading", columns, rows, (claims.tally(a),))


def _threshold(cell: Cell | tuple[float, float]) -> Cell:
    """Return a range of two ends as words: "0.1 to 0.2"."""
    return f"{cell[0]:g} to {cell[1]:g}" if isinstance(cell, tuple) else cell


def _assumptions(a: Answer) -> Page:
    columns = (Column("where", 28), Column("says", WORDS), Column("matters for", WORDS))
    rows = [(x.where, x.says, x.matters_for) for x in caveats.assumptions(a)]
    return Page("Assumptions", "What is assumed", columns, rows)


def _not_modelled(a: Answer) -> Page:
    columns = (Column("term", 28), Column("what", WORDS), Column("why", WORDS))
    rows = [(x.term, x.what, x.why) for x in caveats.not_modelled(a)]
    note = "Left out is not zero: these are effects that the answer says nothing about."
    return Page("Not modelled", "What is not modelled", columns, rows, (note,))


def _parts(a: Answer) -> list[Page]:
    """Return a sheet for each part that is not about the market: its sentences, all its tables."""
    found: list[Page] = []
    for part in a.parts:
        tables = [_part_table(part.id, table) for table in part.tables]
        checks = [(x.name, x.value, x.tolerance, x.ok) for x in part.checks]
        columns = (Column("check", 44), Column("error", 12, "residual"),
                   Column("allowed", 12, "residual"), Column("holds", 10))  # fmt: skip
        name = part.id.replace("_", " ").capitalize()
        said = (part.headline, *part.because)
        found.append(Page(name, part.title, columns, checks, said, tuple(tables)))
    return found


def _part_table(part: str, table: PartTable) -> Page:
    columns = tuple(
        Column(f"{x.name}, {x.unit}" if x.unit else x.name, 16, x.unit) for x in table.columns
    )
    return Page(part, table.title, columns, table.rows, table.notes)


def _diagnostics(a: Answer) -> list[Page]:
    found: list[Sequence[Cell]] = [("made from", x.what, None, "", x.value) for x in origins(a)]
    if isinstance(a, Assessment):
        found = [*_certificate(a), *_draws(a), *found]
    columns = (Column("of", 20), Column("what", 44), Column("value", 14, UNIT), Column("unit", 12),
               Column("says", WORDS))  # fmt: skip
    says = () if not isinstance(a, Assessment) else (trust.baseline(a) or "",)
    page = Page("Diagnostics", "How far the answer can be trusted", columns, found,
                tuple(x for x in says if x))  # fmt: skip
    return [page, *_drawn(a), *_baseline(a)]


def _certificate(a: Assessment) -> list[Sequence[Cell]]:
    c = a.check
    worst = ("market_clearing", "complementarity", "mass_balance", "welfare_identity")
    rows: list[Sequence[Cell]] = [
        ("certificate", name.replace("_", " "), getattr(c, name), "residual",
         "largest relative error of any market" if name != "welfare_identity" else
         "two computations of the world's gain that share nothing")
        for name in worst
    ]  # fmt: skip
    return [
        ("certificate", "certified", None, "", "yes" if c.ok else "NO"),
        *rows,
        ("certificate", "world's gain by parts", a.effects.welfare_by_parts, "USD/yr", ""),
        ("certificate", "world's gain along the path", a.effects.path.total, "USD/yr", ""),
        ("certificate", "steps of the solver", c.steps, "", ""),
    ]


def _draws(a: Assessment) -> list[Sequence[Cell]]:
    """Return how many draws the ranges rest on, and what those without an answer died of."""
    e = a.ensemble
    if e is None:
        return [("draws", "asked for", 0, "", "no ranges were asked for")]
    counts = (("asked for", e.wanted), ("tried", e.done), ("with a certified answer", e.solved),
              ("without an answer", e.failed), ("seed", e.seed))  # fmt: skip
    causes = Counter(failure.cause for failure in e.failures)
    return [
        *(("draws", what, count, "", "") for what, count in counts),
        *(("failed draws", cause, count, "", "") for cause, count in causes.most_common()),
    ]


def _drawn(a: Answer) -> list[Page]:
    """Return the numbers that were drawn, and what the main result rests on."""
    if not isinstance(a, Assessment) or a.ensemble is None:
        return []
    columns = (Column("number", 44), Column("parameter", 26), Column("good", 14),
               Column("region", 12), Column("distribution", 16), Column("low", 12),
               Column("median", 12), Column("high", 12), Column("told by", 12),
               Column("status", 12), Column("source", 34))  # fmt: skip
    rows = [
        (x.name, x.key.parameter, x.key.good, x.key.region, x.distribution.family,
         x.distribution.low, x.distribution.median, x.distribution.high, x.told, x.status, x.source)
        for x in a.ensemble.numbers
    ]  # fmt: skip
    says = () if a.rests_on is None else (a.rests_on.sentence,)
    return [Page("Drawn", "What is uncertain and was drawn", columns, rows, says)]


def _baseline(a: Answer) -> list[Page]:
    if not isinstance(a, Assessment) or not a.baseline:
        return []
    columns = (Column("quantity", 22), Column("region", 16), Column("year", 8, "year"),
               Column("observed", 15, UNIT), Column("model", 15, UNIT), Column("unit", 10),
               Column("error, %", 10, "%"), Column("fitted", 10), Column("source", 24))  # fmt: skip
    rows = [
        (x.quantity, x.region, x.year, x.observed, x.model, x.unit, trust.error_of(x), x.fitted,
         x.source)
        for x in a.baseline
    ]  # fmt: skip
    note = "fitted: used to set the model, so that its error proves nothing."
    return [Page("Baseline", "The model beside what the world showed", columns, rows, (note,))]


def _sources(a: Answer) -> Page:
    columns = (Column("cited by", 20), Column("id", 22), Column("title", WORDS),
               Column("publisher", 34), Column("year", 8, "year"), Column("licence", 30),
               Column("url", 44), Column("note", WORDS))  # fmt: skip
    return Page("Sources", "Where the numbers come from", columns, [astuple(x) for x in cited(a)])
