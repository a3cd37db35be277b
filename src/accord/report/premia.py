"""What a tonne costs above the world price, region by region, and who gets what users pay more."""

from __future__ import annotations

from collections.abc import Sequence

from accord.assessment import Assessment
from accord.effects.incidence import Incidence, incidence
from accord.effects.premium import Premium, premium
from accord.report.block import Block, Line, more
from accord.report.main_results import change_of
from accord.report.names import good, place, quote, region
from accord.report.numbers import DOLLARS, Unit, amount, column, percent, unit_for

PIECES = (
    ("freight", "freight"),
    ("duty", "duty"),
    ("limit_rent", "rents"),
    ("other_taxes", "taxes"),
    ("home_makers", "home makers"),
    ("foreign_makers", "foreign makers"),
    ("matching", "matching"),
)
RECIPIENTS = (
    ("treasury", "Treasury: duty on what still comes"),
    ("home_makers", "Makers at home"),
    ("foreign_taxed", "Makers abroad whose metal pays more duty"),
    ("foreign_untaxed", "Makers abroad whose metal does not"),
    ("foreign_treasuries", "Treasuries abroad: export taxes"),
    ("rents", "Holders of quotas"),
    ("freight", "Freight"),
    ("other_taxes", "Other taxes"),
    ("mix", "Another mix of origins, new ones among them"),
)
INCIDENCE_NOTES = {
    "treasury": "duty on lanes that carried something before: now less before, on tonnes after",
    "mix": "all that an origin changes which sent nothing before is here, its duty too",
}
INCIDENCE = ("region", "good", "recipient", "value", "unit", "note")
BESIDE_SHARES = (
    ("paid", "the sum of the rows above: what users pay more for the tonnes that arrive after"),
    ("duty_revenue", "the change of duty revenue on all tonnes; not a part of the sum"),
    ("users_loss", "the fall of consumer surplus of final users; not a part of the sum"),
    ("forgone", "its part that nobody gets: tonnes no longer bought, or bought anew"),
)
PER_TONNE = Unit("USD/t", 1.0)
NOTHING = 0.5
"""Pieces that are below this everywhere, in USD per tonne, have no column."""

Pair = tuple[Premium, Premium]


def premium_pairs(a: Assessment) -> tuple[Pair, ...]:
    """Return the premium of the good in focus before and after, where there is one in both."""
    code = a.focus.good
    found = (
        (premium(a.effects.before, r, code), premium(a.effects.after, r, code))
        for r in a.effects.before.universe.regions
    )
    return tuple((one, other) for one, other in found if one is not None and other is not None)


def premia(a: Assessment, most: int) -> Block | None:
    """Return premia over the quote: the deal's own buyer and seller first, then the largest use."""
    pairs = premium_pairs(a)
    if not pairs:
        return None
    code = a.focus.good
    named = [a.focus.importer, a.focus.exporter, *a.parties]

    def rank(pair: Pair) -> tuple[int, float]:
        where = pair[0].region
        row = a.row("use", where, code)
        return (named.index(where) if where in named else len(named), -(row.before or 0.0)
                if row else 0.0)  # fmt: skip

    ordered = sorted(pairs, key=rank)
    shown = ordered[:most]
    kept = [(n, t) for n, t in PIECES if any(_is_seen(pair, n) for pair in shown)]
    lines = [_premium_line(a, pair, [n for n, _ in kept]) for pair in shown]
    if len(ordered) > len(shown):
        rest = more(len(ordered) - len(shown))
        lines.append(Line((rest, *("" for _ in range(3 + len(kept)))), "rest"))
    name = quote(a, code)
    note = (
        f"What buyers pay less the {name} quote, a tonne; the pieces are those of the premium "
        "after, and add up to it. Makers: what they get above the quote, by their part of what "
        "arrives. Matching: what it costs that origins differ."
    )
    columns = ("", "before", "after", "change", *(title for _, title in kept))
    heading = f"Premium over the {name} price of {good(a, code)}, USD/t"
    return Block(heading, columns, tuple(lines), (note,))


def _is_seen(pair: Pair, piece: str) -> bool:
    return any(abs(float(getattr(p.pieces, piece))) >= NOTHING for p in pair)


def _premium_line(a: Assessment, pair: Pair, pieces: Sequence[str]) -> Line:
    before, after = pair
    change, _ = change_of(before.premium, after.premium)
    values = (before.premium, after.premium)
    cells = [amount(v, PER_TONNE, 0) for v in values]
    cells.append(amount(change, PER_TONNE, 1, signed=True))
    cells += [amount(getattr(after.pieces, piece), PER_TONNE, 0) for piece in pieces]
    focus = before.region in (a.focus.importer, a.focus.exporter)
    return Line((region(a, before.region), *cells), "focus" if focus else "plain")


def incidence_in_focus(a: Assessment) -> Incidence | None:
    """Return the incidence on the users of the buying region in focus, if the deal has one."""
    buyer = a.focus.importer
    return None if buyer is None else incidence(a.effects, buyer, a.focus.good)


def incidence_rows(a: Assessment) -> list[tuple[object, ...]]:
    """Return the incidence as rows: region, good, recipient, value, unit, note."""
    found = incidence_in_focus(a)
    if found is None:
        return []
    rows = [
        (name, float(getattr(found.shares, name)), INCIDENCE_NOTES.get(name, ""))
        for name, _ in RECIPIENTS
    ]
    rows += [(name, float(getattr(found, name)), note) for name, note in BESIDE_SHARES]
    return [(found.region, found.good, name, value, "USD/yr", note) for name, value, note in rows]


def who_gets_it(a: Assessment) -> Block | None:
    """Return who gets what users of the buyer in focus pay more, or bears what they save."""
    found = incidence_in_focus(a)
    if found is None or found.paid == 0.0:
        return None
    rows = [(title, float(getattr(found.shares, name))) for name, title in RECIPIENTS]
    unit = unit_for((value for _, value in rows), DOLLARS[1:])
    rows = [(title, v) for title, v in rows if abs(v) >= 0.005 * unit.size]
    verb = "pay more" if found.paid > 0.0 else "save"
    every = [*rows, (f"All that users {verb}", found.paid)]
    shown = column((v for _, v in every), unit, signed=True)
    last = len(every) - 1
    lines = tuple(
        Line((title, cell, percent(100.0 * v / found.paid)), "total" if i == last else "plain")
        for i, ((title, v), cell) in enumerate(zip(every, shown, strict=True))
    )
    who = "Who gets" if found.paid > 0.0 else "Who bears"
    heading = f"{who} what users in {place(a, found.region)} {verb}, {unit.name} a year"
    return Block(heading, ("", "amount", "share"), lines, (_incidence_note(found, unit),))


def _incidence_note(found: Incidence, unit: Unit) -> str:
    text = (
        "On the tonnes that arrive after the deal; an origin that sent nothing before is in the "
        "mix with all it changes, its duty too: duty revenue as a whole changes by "
        f"{amount(found.duty_revenue, unit, 1, signed=True)} {unit.name}. "
        f"Users' own gain is {amount(-found.users_loss, unit, 1, signed=True)} {unit.name}, "
        f"of it {amount(-found.forgone, unit, 1, signed=True)} on tonnes bought anew or no more."
    )
    if found.pass_through is None:
        return text
    size = f"{found.pass_through:.2f}"
    return f"{text} A dollar of duty moves the price of the metal that pays it by {size}."
