"""Where everything on the page stands: the part of the address that an answer depends on."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from accord.errors import Fault, InputError
from accord.web.dials import DUTY

LONGEST, MOST = 4_000, 100
"""Characters of an address, and entries in it, beyond which it is nobody's."""
VARIANT, DAY, EDITED = "v", "day", "d"
BESIDE = frozenset({"embed", "token", "c", "n", "full", "slider"})
"""Entries of an address that say how an answer is shown or asked for, not which."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_KEY = re.compile(r"[at]\.[A-Za-z0-9._-]+")
_DIGEST = re.compile(r"[0-9a-f]{16}")
PLACE = "address"


@dataclass(frozen=True)
class Position:
    """A question that the page asks.

    ``variant``, ``as_of``  of the deal; ``None``: the file's own
    ``edited``  the digest of a deal file that was edited in the page; empty: the one served
    ``moved``   values by the key of a dial, in its unit, in the order of keys
    """

    variant: str | None = None
    as_of: date | None = None
    edited: str = ""
    moved: tuple[tuple[str, float], ...] = ()

    @property
    def query(self) -> str:
        """The address of this position: the same for the same question."""
        named = ((VARIANT, self.variant), (DAY, self.as_of), (EDITED, self.edited))
        pairs = [(name, str(value)) for name, value in named if value]
        return urlencode([*pairs, *((key, f"{value:.12g}") for key, value in self.moved)])

    @property
    def scenario(self) -> Position:
        """The deal, variant and day, with nothing moved."""
        return replace(self, moved=())

    def with_moved(self, moved: dict[str, float]) -> Position:
        """Return the position with other values."""
        return replace(self, moved=tuple(sorted(moved.items())))


def position_of(query: str) -> Position:
    """Read an address. Raises ``InputError`` with everything wrong in it."""
    if len(query) > LONGEST:
        raise InputError([_fault("", f"{len(query):,} characters", f"at most {LONGEST:,}")])
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST)
    except ValueError:
        raise InputError([_fault("", f"more than {MOST} entries", f"at most {MOST}")]) from None
    reader = _Reader()
    for key, value in pairs:
        reader.take(key, value)
    if reader.faults:
        raise InputError(reader.faults)
    return reader.position.with_moved(reader.moved)


class _Reader:
    def __init__(self) -> None:
        self.position = Position()
        self.moved: dict[str, float] = {}
        self.faults: list[Fault] = []

    def take(self, key: str, value: str) -> None:
        if key in BESIDE or (key in {VARIANT, DAY, EDITED} and not value):
            return
        if key == VARIANT and _NAME.fullmatch(value):
            self.position = replace(self.position, variant=value)
        elif key == DAY:
            self._day(value)
        elif key == EDITED and _DIGEST.fullmatch(value):
            self.position = replace(self.position, edited=value)
        elif key == DUTY or _KEY.fullmatch(key):
            self._number(key, value)
        else:
            allowed = f"{VARIANT}, {DAY}, {EDITED}, {DUTY}, t.TERM.FIELD or a.NUMBER"
            self.faults.append(_fault(key[:60], _short(value), allowed))

    def _day(self, value: str) -> None:
        try:
            self.position = replace(self.position, as_of=date.fromisoformat(value))
        except ValueError:
            self.faults.append(_fault(DAY, _short(value), "a day as YYYY-MM-DD"))

    def _number(self, key: str, value: str) -> None:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isfinite(number) and key not in self.moved:
            self.moved[key] = number
        else:
            self.faults.append(_fault(key[:60], _short(value), "one finite number"))


def _short(value: str) -> str:
    return f'"{value[:60]}"'


def _fault(field: str, found: str, allowed: str) -> Fault:
    return Fault(PLACE, found, allowed, "open the page anew without it", field=field or None)
