"""What the address keeps beside the page's own position: positions to compare it with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from accord.errors import Fault, InputError
from accord.web.position import MOST, PLACE, Position, position_of

MOST_KEPT = 5
LONGEST_ADDRESS = 16_000
"""Characters of an address with all it keeps; each position in it has the limit of its own."""
KEPT, BASE, NUMBER = "k", "b", "m"
NOW, FILED = "now", "filed"
LETTERS = "abcde"
_NUMBER = re.compile(r"[a-z0-9_]{1,40}(\.[A-Za-z0-9_>-]{1,60}){0,2}")


@dataclass(frozen=True)
class Pins:
    """Positions that are kept to compare, in the order in which they were.

    ``base``    what differences are taken from: ``now``, ``filed`` or the letter of a kept one
    ``number``  the row that there is a picture of; empty: the first
    """

    kept: tuple[Position, ...] = ()
    base: str = LETTERS[0]
    number: str = ""

    @property
    def entries(self) -> list[tuple[str, str]]:
        """The entries of the address that say this; none where nothing is kept."""
        if not self.kept:
            return []
        found = [(KEPT, position.query) for position in self.kept]
        chosen = [(BASE, self.base)] if self.base != LETTERS[0] else []
        shown = [(NUMBER, self.number)] if self.number else []
        return [*found, *chosen, *shown]

    def address(self, at: str) -> str:
        """Return the address of a position, given as its query, with all that is kept."""
        query = "&".join(x for x in (at, urlencode(self.entries)) if x)
        return f"/?{query}" if query else "/"

    def with_one_more(self, position: Position) -> Pins:
        """Return the pins and this position; as they are where there is no room or need."""
        if position in self.kept or len(self.kept) == MOST_KEPT:
            return self
        return replace(self, kept=(*self.kept, position))

    def without(self, i: int) -> Pins:
        """Return the pins without one; its place as the baseline goes to the first."""
        kept = (*self.kept[:i], *self.kept[i + 1 :])
        if self.base not in LETTERS:
            return replace(self, kept=kept)
        at = LETTERS.index(self.base)
        moved = 0 if at == i else at - (at > i)
        return replace(self, kept=kept, base=LETTERS[moved])


def parted(query: str) -> tuple[Position, Pins]:
    """Read an address: where it stands, and what it keeps beside that.

    Raises ``InputError`` with everything wrong in it.
    """
    if len(query) > LONGEST_ADDRESS:
        allowed = f"at most {LONGEST_ADDRESS:,}"
        raise InputError([_fault("", f"{len(query):,} characters", allowed)])
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST)
    except ValueError:
        raise InputError([_fault("", f"more than {MOST} entries", f"at most {MOST}")]) from None
    beside = [x for x in pairs if x[0] in {KEPT, BASE, NUMBER}]
    rest = query if not beside else urlencode([x for x in pairs if x not in beside])
    faults: list[Fault] = []
    position = _position(rest, "", faults)
    pins = _pins(beside, faults)
    if faults:
        raise InputError(faults)
    return position, pins


def _position(query: str, where: str, faults: list[Fault]) -> Position:
    try:
        return position_of(query)
    except InputError as error:
        faults += [
            replace(x, field=" ".join(y for y in (where, x.field) if y) or None)
            for x in error.faults
        ]
        return Position()


def _pins(beside: Sequence[tuple[str, str]], faults: list[Fault]) -> Pins:
    kept = [value for key, value in beside if key == KEPT]
    if len(kept) > MOST_KEPT:
        faults.append(_fault(KEPT, f"{len(kept)} kept positions", f"at most {MOST_KEPT}"))
        return Pins()
    positions = [_position(value, f"{KEPT} {i + 1}", faults) for i, value in enumerate(kept)]
    if len(set(positions)) < len(positions) and not faults:
        faults.append(_fault(KEPT, "a position that is kept twice", "each once"))
    letters = LETTERS[: len(kept)]
    base = _one(beside, BASE, faults)
    if base and base not in {NOW, FILED, *letters}:
        allowed = ", ".join([NOW, FILED, *letters])
        faults.append(_fault(BASE, _short(base), f"one of {allowed}"))
    number = _one(beside, NUMBER, faults)
    if number and not _NUMBER.fullmatch(number):
        faults.append(_fault(NUMBER, _short(number), "MEASURE.REGION.GOOD of a row"))
    return Pins(tuple(positions), base or LETTERS[0], number)


def _one(beside: Sequence[tuple[str, str]], key: str, faults: list[Fault]) -> str:
    found = [value for name, value in beside if name == key and value]
    if len(found) > 1:
        faults.append(_fault(key, f"{len(found)} of it", "one"))
    return found[0] if found else ""


def _short(value: str) -> str:
    return f'"{value[:60]}"'


def _fault(field: str, found: str, allowed: str) -> Fault:
    return Fault(PLACE, found, allowed, "open the page anew without it", field=field or None)
