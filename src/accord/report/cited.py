"""Every source an answer cites: the deal's own, its market pack's, those of its parts."""

from __future__ import annotations

from dataclasses import dataclass

from accord.assessment import Answer


@dataclass(frozen=True, slots=True)
class Cited:
    """One source as its file names it; ``cited_by`` is the deal, a pack or a part of the answer."""

    cited_by: str
    id: str
    title: str
    publisher: str
    year: int | None = None
    licence: str = ""
    url: str = ""
    note: str = ""


def cited(a: Answer) -> tuple[Cited, ...]:
    """Return every source once for each that cites it, in the order of deal, pack and parts."""
    return (*_of_deal(a), *_of_pack(a), *_of_parts(a))


def _of_deal(a: Answer) -> list[Cited]:
    return [
        Cited(
            cited_by=f"deal {a.deal.slug}",
            id=x.id,
            title=x.title,
            publisher=x.publisher,
            year=None if x.date is None else x.date.year,
            url=x.url or "",
            note=x.note,
        )
        for x in a.scene.deal.sources
    ]


def _of_pack(a: Answer) -> list[Cited]:
    pack = a.scene.pack
    if pack is None:
        return []
    by = f"pack {pack.name}"
    return [
        Cited(by, x.id, x.title, x.publisher, x.year, x.licence, x.url, x.note)
        for x in pack.sources
    ]


def _of_parts(a: Answer) -> list[Cited]:
    return [
        Cited(f"part {part.id}", x.id, x.title, x.publisher, x.year, x.licence, x.url, x.note)
        for part in a.parts
        for x in part.sources
    ]
