"""Which world table is meant: one that ships, or one in a folder."""

from __future__ import annotations

from pathlib import Path

from accord.economy.data.checks import refuse
from accord.economy.data.plain import is_plain, read_plain
from accord.economy.data.plain_folder import TABLE
from accord.economy.world import WorldTable
from accord.errors import Fault, InputError

SHIPPED = Path(__file__).parents[2] / "packs" / "world"
DEFAULT = "open-2022"


def shipped_tables() -> tuple[str, ...]:
    """Return the names of the world tables that come with accord."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{TABLE}")))


def load_table(name: str | Path = DEFAULT) -> WorldTable:
    """Return the table of that name, or in that folder, read and checked.

    Raises ``InputError`` with everything that is wrong with it.
    """
    folder = SHIPPED / name if isinstance(name, str) and name in shipped_tables() else Path(name)
    if not is_plain(folder):
        found = f"no {TABLE} in {folder}"
        allowed = f"one that ships ({', '.join(shipped_tables())}), or a folder with {TABLE}"
        fix = "build a folder with `accord economy build`"
        raise InputError([Fault(str(name), found, allowed, fix, field="table")])
    table = read_plain(folder)
    refuse(table, str(folder))
    return table


def refuse_table(out: Path) -> None:
    """Raise ``InputError`` where an answer would take the place of a world table."""
    if is_plain(out):
        fix = "name another folder, or move the table away"
        found = f'"{out}", a world table'
        raise InputError([Fault("command line", found, "a folder without one", fix, field="out")])
