"""What an assistant may ask about: deals that ship, files of one folder, or a deal's own text.

An assistant reads what strangers wrote and may be talked into asking for anything; so no path
leads out of the folder that was named when the server was started, and no text reaches a file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from accord.assessment.reference import DealReference, find, shipped_deals
from accord.deal.loader import read
from accord.deal.text import LARGEST
from accord.errors import Fault, InputError
from accord.instruments.fields import is_path
from accord.instruments.problem import listed, nearest

TEXT = "deal.toml"
"""What a deal that was given as text is called in messages."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a tool was asked about: a name or a text, one of the two.

    ``deal``    ``name[:variant][@YYYY-MM-DD]`` of a deal that ships or of a file in the folder
    ``text``    a whole deal file in TOML;  ``variant`` one of its variants
    """

    deal: str | None = None
    text: str | None = None
    variant: str | None = None


@contextmanager
def located(asked: Asked, folder: Path | None) -> Generator[DealReference]:
    """Yield the deal file that is asked about; a text becomes one for the time being.

    Raises ``InputError``, naming files by their names alone, for what may not be read.
    """
    with tempfile.TemporaryDirectory(prefix="accord-") as place:
        try:
            yield _found(asked, folder, Path(place))
        except InputError as error:
            raise InputError([_without_place(fault) for fault in error.faults]) from None


def _found(asked: Asked, folder: Path | None, place: Path) -> DealReference:
    if (asked.deal is None) == (asked.text is None):
        raise _fault(
            "both" if asked.deal else "neither", "deal or text, one of the two", "give one"
        )
    if asked.text is not None:
        return DealReference(_written(asked.text, place), asked.variant, None)
    reference = _named(asked.deal or "", folder)
    if asked.variant is None:
        return reference
    return replace(reference, variant=asked.variant)


def _written(text: str, place: Path) -> Path:
    """Return a file with the text, if it is no longer than a deal file may be."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > LARGEST:
        found = f"a text of {len(data) / 1e6:.1f} MB, left unread"
        fix = "check that it is a deal file; data belong in a pack"
        raise _fault(found, f"at most {LARGEST / 1e6:g} MB", fix)
    path = place / TEXT
    path.write_bytes(data)
    _refuse_own_packs(path)
    return path


def _refuse_own_packs(path: Path) -> None:
    """Raise ``InputError`` where a text names folders of this machine as its packs."""
    deal, faults = read(path)
    if deal is None:
        raise InputError(faults)
    if any(is_path(name) for name in deal.packs):
        fix = "name packs that list_packs shows"
        raise _fault("a path to a pack", "packs that ship with accord", fix, field="pack")


def _named(deal: str, folder: Path | None) -> DealReference:
    """Return a deal that ships, or a file in the folder that was named at the start."""
    name = deal.partition("@")[0].partition(":")[0]
    if name in shipped_deals():
        return find(deal)
    here = _files(folder)
    if folder is not None and name in here:
        return find(f"{here[name]}{deal[len(name) :]}")
    known = [*shipped_deals(), *here]
    likely = nearest(name, known)
    fix = f"write {likely}, or give the deal as text" if likely else "give the deal as text"
    raise _fault(f'"{name[:80]}"', f"a deal by name: {listed(known)}", fix)


def _files(folder: Path | None) -> dict[str, Path]:
    """Return the deal files of the folder by name; what a link leads out of it does not count."""
    if folder is None:
        return {}
    root = folder.resolve()
    found = (path for path in sorted(root.glob("*.toml")) if path.is_file())
    return {path.name: path for path in found if path.resolve().parent == root}


def names_in(folder: Path | None) -> list[str]:
    """Return the names of the deal files that may be asked about beside those that ship."""
    return list(_files(folder))


def _without_place(fault: Fault) -> Fault:
    return replace(fault, file=Path(fault.file).name) if "/" in fault.file else fault


def _fault(found: str, allowed: str, fix: str, field: str = "deal") -> InputError:
    return InputError([Fault("tool", found, allowed, fix, field=field)])
