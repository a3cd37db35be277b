"""The deal as the sliders have it: terms with other numbers, a duty of the page's own."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from accord.deal import Deal
from accord.deal.deal import Entry
from accord.errors import Fault, InputError
from accord.instruments import TermError, read_term
from accord.market import LaneKey, Market
from accord.pack import PriorKey
from accord.web.dials import DUTY, Dial
from accord.web.position import PLACE

DUTY_TERM = "duty-set-on-the-page"
Values = Mapping[str, float]
Row = dict[str, Any]
"""A table of a deal's file."""


def values_of(dials: Mapping[str, Dial], moved: tuple[tuple[str, float], ...]) -> dict[str, float]:
    """Return where sliders stand that are not where they began, each on a place of its own.

    Raises ``InputError`` for a number that this deal does not have.
    """
    unknown = [key for key, _ in moved if key not in dials]
    if unknown:
        raise InputError([_unknown(key) for key in unknown])
    placed = {key: dials[key].snapped(value) for key, value in moved}
    return {key: value for key, value in sorted(placed.items()) if not _at_home(dials[key], value)}


def _at_home(dial: Dial, value: float) -> bool:
    return abs(value - dial.snapped(dial.value)) < dial.step / 2.0


def moved_deal(deal: Deal, dials: Mapping[str, Dial], values: Values, lane: LaneKey | None) -> Deal:
    """Return the deal with the numbers of its terms as moved.

    Raises ``InputError`` where terms do not allow them: a minimum above the maximum, say.
    """
    changes = changes_of(deal, dials, values)
    entries = [_changed(deal, x, changes.get(x.term.id)) for x in deal.entries]
    if DUTY in values and lane is not None:
        table = duty_term(dials[DUTY].written(values[DUTY]), lane)
        entries.append(_read(deal, Entry(read_term(table), table, {})))
    return replace(deal, entries=tuple(entries)) if values else deal


def changes_of(deal: Deal, dials: Mapping[str, Dial], values: Values) -> dict[str, Row]:
    """Return the fields that are set anew, by term, as a deal's file would have them."""
    tables = {entry.term.id: entry.table for entry in deal.entries}
    found: dict[str, Row] = {}
    for key, value in values.items():
        dial = dials[key]
        if dial.term:
            change = found.setdefault(dial.term, {})
            _set(change, tables[dial.term], dial.field, dial.written(value))
            if dial.rest:
                _set(change, tables[dial.term], dial.rest, dial.written(_rest(value)))
    return found


def fixed_of(dials: Mapping[str, Dial], values: Values) -> dict[PriorKey, float]:
    """Return the uncertain numbers that are fixed, with their values."""
    numbers = ((dials[key].number, value) for key, value in values.items())
    return {number: value for number, value in numbers if number is not None}


def _rest(value: float) -> float:
    """Return what is left of 100 % for the other holder."""
    return round(100.0 - value, 9)


def _set(change: Row, table: Mapping[str, object], path: str, value: object) -> None:
    """Set a field, or one deep in it: the change then has the whole field, the rest as it was."""
    name, *inside = path.split(".")
    if not inside:
        change[name] = value
        return
    whole: Any = change.setdefault(name, deepcopy(table[name]))
    for part in inside[:-1]:
        whole = whole[int(part)] if part.isdecimal() else whole[part]
    whole[inside[-1]] = value


def _changed(deal: Deal, entry: Entry, change: Row | None) -> Entry:
    if change is None:
        return entry
    return _read(deal, Entry(entry.term, {**entry.table, **change}, entry.lines))


def duty_term(rate: str | float, lane: LaneKey) -> Row:
    """Return the term of a duty that is set on the page, as a deal's file would have it."""
    return {
        "id": DUTY_TERM,
        "kind": "import_duty",
        "title": "The duty set on the page",
        "goods": [lane.good],
        "exporters": [lane.origin],
        "importers": [lane.destination],
        "ad_valorem": rate,
        "mode": "replaces",
        "implied": True,
        "assumed": ["ad_valorem"],
        "reading": "Set on the page, to see what another duty would do.",
    }


def _read(deal: Deal, entry: Entry) -> Entry:
    try:
        return replace(entry, term=read_term(entry.table))
    except TermError as error:
        raise InputError([entry.fault(deal.file, problem) for problem in error.problems]) from None


def result_faults(deal: Deal, before: Market, after: Market) -> list[Fault]:
    """Return what is wrong with the terms of a moved deal in their market."""
    return [
        entry.fault(deal.file, problem)
        for entry in deal.entries
        if entry.term.domain == "market"
        for problem in (*entry.term.faults(before), *entry.term.result_faults(after))
    ]


def _unknown(key: str) -> Fault:
    found = f"the number {key[:60]}"
    allowed = "a number of this deal and variant, or of its pack"
    return Fault(PLACE, found, allowed, "open the page anew without it", field=key[:60])
