"""Deals that the page may be asked about: the one served, under every variant and day, and edits.

An edited file never touches the disk for longer than it takes to read, and may not name folders.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accord import deal as deals
from accord.assessment import Assessment
from accord.assessment.assess import assess
from accord.assessment.check import faults_of
from accord.assessment.reference import DealReference
from accord.claims import words_of
from accord.deal import Deal
from accord.deal.loader import read
from accord.errors import Fault, InputError, NoCertifiedAnswer
from accord.instruments.fields import is_path
from accord.web.desk import Desk, Latest, checked
from accord.web.ground import Scenario
from accord.web.position import Position
from accord.web.view import View, certificate, fault_of, refusal_of, setting_of, view_of

DESKS, DEALS = 6, 6
"""How many scenarios and edited deals a process keeps ready."""


@dataclass(frozen=True)
class Asked:
    """A question for a process that answers: a position, and the text of an edited deal if one.

    ``kind``  ``view``: what sliders move; ``page``: all of it; ``check``: the certificate with
    welfare computed twice; ``deal``: what is wrong with ``text``
    """

    kind: str
    position: Position
    text: str = ""


class Library:
    """Answers questions; what was prepared once is kept."""

    def __init__(self, served: DealReference) -> None:
        self._served = served
        self._text = served.path.read_text("utf-8-sig")
        self._own = _read(served.path)
        self._deals: Latest[str, Deal] = Latest(DEALS)
        self._desks: Latest[tuple[str, str | None, date], Desk] = Latest(DESKS)

    def answer(self, asked: Asked) -> bytes:
        """Return the answer as JSON, a refusal where there is none."""
        try:
            found = self._answer(asked)
        except (InputError, NoCertifiedAnswer) as error:
            at = asked.position
            # Sliders stay where they are: the way out begins there.
            found = refusal_of(error) | {"query": at.query, "values": dict(at.moved)}
            if asked.kind == "page":
                found["setting"] = self._setting(asked)
        return json.dumps(found, ensure_ascii=False, allow_nan=False).encode()

    def prepare(self, asked: Asked) -> None:
        """Answer a question so that all it needs is there. Raises what ``answer`` puts in words."""
        self._answer(asked)

    def _answer(self, asked: Asked) -> View:
        if asked.kind == "deal":
            return self._faults(asked.text)
        desk = self._desk(asked)
        solved = desk.solve(asked.position)
        if asked.kind == "check":
            check = checked(solved)
            return {"ok": True, "query": solved.position.query, "certificate": certificate(check)}
        view = view_of(solved)
        if asked.kind == "page":
            view["certificate"] = certificate(checked(solved))
            view["setting"] = setting_of(desk.scenario, asked.position, self._text_of(asked))
        return view

    def _setting(self, asked: Asked) -> View | None:
        """Return what stands around the answer where the position itself has none."""
        home = Position(asked.position.variant, asked.position.as_of, asked.position.edited)
        try:
            desk = self._desk(Asked("page", home, asked.text))
        except (InputError, NoCertifiedAnswer):
            return None
        return setting_of(desk.scenario, asked.position, self._text_of(asked))

    def _text_of(self, asked: Asked) -> str:
        return asked.text if asked.position.edited else self._text

    # ------------------------------------------------------------------ desks

    def _desk(self, asked: Asked) -> Desk:
        at = asked.position
        deal = self._edited(at.edited, asked.text) if at.edited else self._own
        chosen = deal.variant(at.variant or (None if at.edited else self._served.variant))
        day = at.as_of or (None if at.edited else self._served.as_of) or chosen.as_of
        key = (at.edited, chosen.active, day)
        desk = self._desks.get(key)
        if desk is None:
            desk = Desk(_scenario(chosen, day))
            self._desks.put(key, desk)
        return desk

    def _edited(self, digest: str, text: str) -> Deal:
        deal = self._deals.get(digest)
        if deal is None:
            with tempfile.TemporaryDirectory() as folder:
                deal = _read(self._beside(Path(folder), text))
            self._deals.put(digest, deal)
        return deal

    def _faults(self, text: str) -> View:
        with tempfile.TemporaryDirectory() as folder:
            path = self._beside(Path(folder), text)
            faults = _all_faults(path)
        return {"ok": not faults, "faults": [fault_of(x) for x in faults]}

    def _beside(self, folder: Path, text: str) -> Path:
        """Write an edited deal where its own tables of facts and words are found beside it."""
        name = self._served.path
        for own in name.parent.glob(f"{name.stem}.*.csv"):
            shutil.copy(own, folder / own.name)
        path = folder / name.name
        path.write_text(text, "utf-8", newline="\n")
        return path


def _read(path: Path) -> Deal:
    return deals.load(path, words_of(path))


def _all_faults(path: Path) -> tuple[Fault, ...]:
    """Return every fault of an edited deal, first that it names a folder of this machine."""
    deal, faults = read(path)
    named = () if deal is None else tuple(name for name in deal.packs if is_path(name))
    if named:
        fix = "serve the file itself to use a pack of its own"
        return (Fault(path.name, named[0], "a pack that ships, in the page", fix, field="packs"),)
    return faults or faults_of(path)


def _scenario(deal: Deal, day: date) -> Scenario:
    answer = assess(deal, variant=deal.active, as_of=day) if deal.has_market else None
    pack = None if answer is None else answer.scene.pack
    if not isinstance(answer, Assessment) or pack is None:
        found = f"{deal.slug}, which has no term about a market"
        fix = "run `accord report` for a page of its other parts"
        raise InputError([Fault(deal.file, found, "a deal about a market: sliders move it", fix)])
    return Scenario(deal, pack, answer)
