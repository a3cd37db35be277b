"""The head of a plain world table, ``table.toml``, read and checked."""

from __future__ import annotations

import tomllib
from typing import Any, cast

from accord.economy.data.plain_folder import TABLE, Folder
from accord.economy.origins import JOINT, STATUSES
from accord.economy.world import UNITS, Source
from accord.errors import InputError

FORMAT = 2
OLDER = "build it again: since format 2 every number has unit, year, source and status in its row"
# Of what a fault shows of a wrong value.
LONGEST = 200


def read_head(folder: Folder) -> dict[str, Any]:
    """Return what ``table.toml`` says; faults are the folder's, and raised where it is no TOML."""
    try:
        head = tomllib.loads((folder.path / TABLE).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        folder.fault(TABLE, str(error), "TOML with title, year, unit", "mend the file")
        raise InputError(folder.faults) from None
    kinds = {"format": int, "title": str, "year": int, "unit": str}
    for name, kind in kinds.items():
        if not isinstance(head.get(name), kind):
            folder.fault(
                TABLE, f"{name} = {head.get(name)!r}", kind.__name__, f"write {name} = ..."
            )
    if isinstance(head.get("format"), int) and head["format"] != FORMAT:
        newer = "get a newer accord" if head["format"] > FORMAT else OLDER
        folder.fault(TABLE, f"format = {head['format']!r}", str(FORMAT), newer)
        raise InputError(folder.faults)
    if isinstance(head.get("unit"), str) and head["unit"] not in UNITS:
        fix = "convert the figures, or correct the name of the unit"
        folder.fault(TABLE, f"unit = {head['unit']!r}", ", ".join(UNITS), fix)
    sources = cast("object", head.get("source", []))
    for entry in cast("list[object]", sources if isinstance(sources, list) else [sources]):
        _check_source(folder, entry)
    _check_said(folder, head)
    ids = [source.id for source in sources_of(head)]
    for twice in sorted({x for x in ids if ids.count(x) > 1}):
        folder.fault(TABLE, f'the source "{twice}" twice', "each id once", "rename or remove one")
    if not sources:
        folder.fault(TABLE, "no [[source]]", "where the figures are from", "add a [[source]]")
    return head


def _check_said(folder: Folder, head: dict[str, Any]) -> None:
    """Write down what is wrong with the sentences on what is assumed and not modelled."""
    said: object = head.get("assumptions", [])
    if not all(isinstance(x, str) for x in _items(said)):
        fix = 'write assumptions = ["...", "..."]'
        folder.fault(TABLE, f"assumptions = {said!r}"[:LONGEST], "a list of sentences", fix)
    left: object = head.get("not_modelled", [])
    if not all(_is_reasoned(x) for x in _items(left)):
        fix = 'write [[not_modelled]] with what = "..." and why = "..."'
        folder.fault(TABLE, f"not_modelled = {left!r}"[:LONGEST], "what and why, in words", fix)


def _items(value: object) -> list[object]:
    """Return a list's items; one that is never right for what is no list."""
    return cast("list[object]", value) if isinstance(value, list) else [None]


def _is_reasoned(value: object) -> bool:
    given = cast("dict[str, object]", value if isinstance(value, dict) else {})
    return set(given) == {"what", "why"} and all(isinstance(x, str) for x in given.values())


def _check_source(folder: Folder, entry: object) -> None:
    needed, known = {"id", "title", "licence", "status"}, set(Source.__slots__)
    given = cast("dict[str, object]", entry if isinstance(entry, dict) else {})
    wrong = sorted((needed - set(given)) | (set(given) - known))
    if wrong or not all(isinstance(v, str) for v in given.values()):
        found = f"a [[source]] with {', '.join(given) or 'nothing'}"
        fix = f"write {', '.join(sorted(needed))} and, if you like, url"
        folder.fault(TABLE, found, "text for each", fix)
        return
    if given["status"] not in STATUSES:
        folder.fault(TABLE, f"status = {given['status']!r}", ", ".join(STATUSES), "write one")
    named = str(given["id"])
    if JOINT.strip() in named or named != named.strip() or not named:
        found, allowed = f"id = {named!r}", "a name without ; that starts and ends with no blank"
        folder.fault(TABLE, found, allowed, "rename it here and in the rows")


def sources_of(head: dict[str, Any]) -> tuple[Source, ...]:
    """Return the sources that a head names as it should; what is wrong is told elsewhere."""
    entries = [cast("dict[str, object]", x) for x in _items(head.get("source", []))
               if isinstance(x, dict)]  # fmt: skip
    texts = [
        cast("dict[str, str]", x) for x in entries if all(isinstance(v, str) for v in x.values())
    ]
    needed, known = {"id", "title", "licence", "status"}, set(Source.__slots__)
    return tuple(Source(**x) for x in texts if needed <= set(x) <= known)  # type: ignore[arg-type]
