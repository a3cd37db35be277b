"""Numbers of a pack that somebody fixes for an answer: what they may be called, what they may be.

A fixed number stands at its value in the point and in every draw; all others are drawn as ever,
draw by draw the same (conventions C113, C117).
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.errors import Fault, InputError
from accord.pack.contents import Contents
from accord.pack.number_names import ACCESS, dotted_name, name_in_words
from accord.pack.priors import PriorKey, bounds_of
from accord.pack.uncertain import Uncertainty

Name = PriorKey | str
Pairs = Sequence[tuple[Name, float | str]]
Wished = Mapping[PriorKey, float] | Mapping[str, float] | Pairs
"""What is to be fixed: numbers by key or by name, with their values."""

ON_PAGE = "a."
"""What the live page puts before the names of these numbers in its address."""
FURTHEST = 6.0
"""Normal score up to which a number may be fixed: a billionth of its draws lies beyond."""
FAR = 100.0
"""By what a number that the pack does not draw may be multiplied or divided at most."""
MOST_NEAR, ALIKE = 5, 0.4
PLACE = "command line"


@dataclass(frozen=True, slots=True)
class FixedNumber:
    """A number that stands at a chosen value.

    ``name``   by which it is fixed;  ``words`` what it is
    ``median``, ``low``, ``high``  what the pack has in its place: 50, 10 and 90 % points
    ``unit``   of all of these;  ``drawn`` whether it differs between draws where it is not fixed
    """

    key: PriorKey
    name: str
    words: str
    value: float
    median: float
    low: float
    high: float
    drawn: bool

    @property
    def said(self) -> str:
        """It with its value, as on the command line."""
        return f"{self.name} = {self.value:g}"

    @property
    def otherwise(self) -> str:
        """What stands in its place where it is not fixed."""
        spread = f" ({self.low:.4g} to {self.high:.4g})" if self.drawn else ""
        return f"{self.median:.4g}{spread}"


def fixed_numbers(
    contents: Contents, known: Uncertainty, wished: Wished
) -> tuple[FixedNumber, ...]:
    """Return what is fixed, in the pack's order.

    ``known``  what is uncertain in the pack's market while nothing is fixed
    Raises ``InputError`` with every name that is not known or comes twice, and every value that is
    no finite number or not one that its number can have.
    """
    reader = _Reader(contents, known)
    for name, value in _pairs(wished):
        reader.take(name, value)
    if reader.faults:
        raise InputError(reader.faults)
    return tuple(reader.found[key] for key in reader.keys if key in reader.found)


def pairs_of(texts: Sequence[str]) -> tuple[tuple[Name, str], ...]:
    """Return names and values of ``NAME=VALUE``; what is missing is empty, and found out later."""
    parted = (text.partition("=") for text in texts)
    return tuple((name.strip(), value.strip()) for name, _, value in parted)


def _pairs(wished: Wished) -> Pairs:
    if not isinstance(wished, Mapping):
        return wished
    return [(name, value) for name, value in wished.items()]


class _Reader:
    def __init__(self, contents: Contents, known: Uncertainty) -> None:
        self._contents = contents
        self._uncertain = {number.key: number for number in known.numbers}
        self.keys = [*contents.priors.by_key, *([ACCESS] if ACCESS in self._uncertain else [])]
        self._by_name = {dotted_name(key): key for key in self.keys}
        self.found: dict[PriorKey, FixedNumber] = {}
        self.faults: list[Fault] = []

    def take(self, name: Name, value: float | str) -> None:
        """Take one number in, or write down what is wrong with it."""
        key = self._key(name)
        if key is None:
            self._unknown(name)
            return
        if key in self.found:
            found = f"{dotted_name(key)} a second time"
            self._fault(found, "each number once", "leave one of the two out")
            return
        number = _number(value)
        if number is None:
            found = f'{dotted_name(key)} = "{value}"'
            fix = f"write for example {dotted_name(key)}={self._median(key):g}"
            self._fault(found, "one finite number", fix)
            number = self._median(key)
        elif not self._allows(key, number):
            found = f"{dotted_name(key)} = {number:g}"
            fix = f"the pack has {self._made(key, number).otherwise}: write a number nearer to it"
            self._fault(found, self._allowed(key), fix)
        self.found[key] = self._made(key, number)

    def _key(self, name: Name) -> PriorKey | None:
        if isinstance(name, PriorKey):
            return name if name in self.keys else None
        plain = name.strip().removeprefix(ON_PAGE)
        return self._by_name.get(".".join(plain.split()).replace(":", "-"))

    def _made(self, key: PriorKey, value: float) -> FixedNumber:
        number, row = self._uncertain.get(key), self._contents.priors.by_key.get(key)
        if number is not None:
            spread = number.distribution
            points = spread.median, spread.low, spread.high
            return FixedNumber(key, dotted_name(key), number.name, value, *points, drawn=True)
        assert row is not None  # noqa: S101 - a key is of one or of the other
        goods = {good.code: good.name for good in self._contents.goods}
        regions = {region.code: region.name for region in self._contents.regions}
        words = name_in_words(key, goods, regions, self.keys)
        points = row.median, row.low, row.high
        return FixedNumber(key, dotted_name(key), words, value, *points, drawn=False)

    def _median(self, key: PriorKey) -> float:
        return self._made(key, 0.0).median

    # ------------------------------------------------------------------ what is allowed

    def _bounds(self, key: PriorKey) -> tuple[float, float]:
        """Return between which values a number may be fixed: as far as its draws could ever go."""
        number, row = self._uncertain.get(key), self._contents.priors.by_key.get(key)
        if number is None:
            assert row is not None  # noqa: S101 - a key is of one or of the other
            least, most = bounds_of(key.parameter)
            return max(row.median / FAR, least), min(row.median * FAR, most)
        # Evidence may have narrowed what was thought before; it may be doubted.
        known = [number.distribution, *([] if row is None else [row.distribution])]
        ends = np.array([d.at_score(np.array([-FURTHEST, FURTHEST])) for d in known])
        return _round(ends[:, 0].min()), _round(ends[:, 1].max())

    def _ends(self, key: PriorKey) -> tuple[bool, bool]:
        """Return whether the ends count: not where the number loses its sense there."""
        least, most = self._bounds(key)
        none, whole = (-math.inf, math.inf) if key == ACCESS else bounds_of(key.parameter)
        return least > none, most < whole

    def _allows(self, key: PriorKey, value: float) -> bool:
        least, most = self._bounds(key)
        with_least, with_most = self._ends(key)
        above = least <= value if with_least else least < value
        return above and (value <= most if with_most else value < most)

    def _allowed(self, key: PriorKey) -> str:
        least, most = self._bounds(key)
        with_least, with_most = self._ends(key)
        if with_least and with_most:
            return f"from {least:,g} to {most:,g}"
        low = f"from {least:,g} on" if with_least else f"above {least:,g}"
        return f"{low} and {f'up to {most:,g}' if with_most else f'below {most:,g}'}"

    # ------------------------------------------------------------------ faults

    def _unknown(self, name: Name) -> None:
        text = dotted_name(name) if isinstance(name, PriorKey) else name.removeprefix(ON_PAGE)
        names = list(self._by_name)
        near = difflib.get_close_matches(text, names, n=MOST_NEAR, cutoff=ALIKE)
        more = f", … ({len(names)} in all)" if 0 < len(near) < len(names) else ""
        allowed = f"a number of the pack {self._contents.name}: {', '.join(near or names)}{more}"
        self._fault(f'"{text[:80]}"', allowed, f"write {near[0]}" if near else "name one of them")

    def _fault(self, found: str, allowed: str, fix: str) -> None:
        self.faults.append(Fault(PLACE, found, allowed, fix, field="fix"))


def _round(value: float) -> float:
    """Return two digits of a number, as a message shows it."""
    return float(f"{value:.2g}")


def _number(value: float | str) -> float | None:
    """Return a finite number; ``None`` for what is none."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
