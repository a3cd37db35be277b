"""What ``accord pack show`` tells: the pack's own report, and the model beside the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accord import pack as packs
from accord.assessment.baseline import BaselineObject, baseline_objects
from accord.pack import PackReport


@dataclass(frozen=True)
class PackShown:
    """A pack's report for one year and day, with every labelled comparison with the world."""

    report: PackReport
    baselines: tuple[BaselineObject, ...]


def pack_report(
    name: str | Path, *, year: int | None = None, as_of: date | None = None
) -> PackShown:
    """Return what there is to say about a pack. Raises ``InputError`` for a faulty one."""
    pack = packs.load(name)
    return PackShown(pack.report(year, as_of), baseline_objects(pack))
