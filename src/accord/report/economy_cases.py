"""Which published cases are about the whole economy."""

from __future__ import annotations

from collections.abc import Sequence

from accord.cases import CASES
from accord.errors import Fault, InputError

ECONOMY_WIDE = (
    "ge_gravity_eu",
    "gegravity_sample",
    "caliendo_parro_2015",
    "ignatenko_2025",
    "agtpa_ch2",
    "log_of_gravity",
)


def named(names: Sequence[str]) -> tuple[str, ...]:
    """Return the economy-wide cases of these names, all of them without a name.

    Raises ``InputError`` for names that are none.
    """
    there = tuple(case.name for case in CASES if case.name in ECONOMY_WIDE)
    strange = [name for name in names if name not in there]
    if strange:
        fix = "name one of them; `accord validate` has all cases"
        allowed = ", ".join(there)
        raise InputError([Fault("command line", f'the case "{x}"', allowed, fix) for x in strange])
    return tuple(names) or there
