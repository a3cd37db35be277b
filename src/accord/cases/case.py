"""What a published case is: its numbers, what accord computes, and how far apart the two may be."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Data = Mapping[str, Any]
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Quantity:
    """One published number and the computed one; ``tolerance`` is in the number's own unit.

    ``computed`` is ``None`` where the case's published files are not here: see ``published``.
    """

    name: str
    published: float
    computed: float | None
    tolerance: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``accord validate``; ``error`` is |computed − published|.

    ``computed``, ``error`` and ``ok`` are ``None`` where a case needs an extra, or published files,
    that are not there.
    """

    case: str
    quantity: str
    published: float
    computed: float | None
    error: float | None
    tolerance: float
    ok: bool | None
    source: str

    def as_json(self) -> dict[str, object]:
        """Return the row as plain values by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Case:
    """A published case: the name of its data file, and the function that computes it again."""

    name: str
    compute: Callable[[Data], Iterable[Quantity]]

    def rows(self) -> tuple[Row, ...]:
        """Compute the case again. Raises ``NoCertifiedAnswer`` where its problem is not solved."""
        data = read(self.name)
        return tuple(_row(self.name, quantity, data["source"]) for quantity in self.compute(data))


def read(name: str) -> Data:
    """Return a case's data file."""
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def _row(case: str, quantity: Quantity, source: str) -> Row:
    computed = quantity.computed
    error = None if computed is None else abs(computed - quantity.published)
    return Row(
        case=case,
        quantity=quantity.name,
        published=quantity.published,
        computed=computed,
        error=error,
        tolerance=quantity.tolerance,
        ok=None if error is None else bool(error <= quantity.tolerance),
        source=source,
    )
